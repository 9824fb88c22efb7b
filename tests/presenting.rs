//! A badge in each form it is handed out in, from the very bytes that were signed.

use badgeons::ids::CredentialId;
use badgeons::openbadges::baking::{self, Baked};
use badgeons::openbadges::proof::vc_jwt;
use badgeons::recognition::levels::Level;
use badgeons::recognition::templates::{RecipientKind, Validity};
use badgeons::services::Error;
use badgeons::services::achievements::ImportAchievement;
use badgeons::services::presenting::{Form, Format, Pictures};
use badgeons::store::JwtAlgorithm;

use crate::harness::app::{App, NOW, on_each_local, on_each_public};
use crate::harness::judging::{assert_valid, check};
use crate::harness::rows::enora;
use badgeons::openbadges::verify::{CheckId, Verdict};

const BADGE: &str = "participant-fresque-climat";

async fn signed(app: &App, id: CredentialId) -> badgeons::store::Signed {
    app.store()
        .await
        .read()
        .await
        .unwrap()
        .signed(id)
        .await
        .unwrap()
        .unwrap()
}

fn carried(picture: &[u8]) -> String {
    match baking::unbake(picture).unwrap() {
        Some(Baked::Credential(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// The pixels of a PNG, as they are decoded.
fn pixels(file: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

/// A badge of our own making with that picture.
async fn with_picture(app: &App, image: Option<Vec<u8>>) -> CredentialId {
    let achievement = serde_json::json!({
        "name": "Accueil", "description": "A accueilli.", "criteria": { "narrative": "Être là." },
        "achievementType": "Badge",
    });
    let given = ImportAchievement {
        achievement: achievement.to_string().into_bytes(),
        slug: Some("accueil".into()),
        image,
        level: Level::R2,
        recipient: RecipientKind::Person,
        validity: Validity::Unlimited,
    };
    app.import_achievement(None, given).await.unwrap();
    app.badge("accueil", enora()).await
}

fn small_png() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    let colours = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&colours)
        .unwrap();
    file
}

#[test]
fn every_form_is_valid() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        for format in Format::ALL {
            let bytes = app.presented(id, format).await;
            let report = app
                .verifier()
                .verify(&bytes, Some("enora@example.org"))
                .await
                .unwrap();
            assert_valid(&report);
            assert_eq!(
                check(&report, CheckId::Issuer).title,
                "The badge was issued here"
            );
        }
    });
}

#[test]
fn what_was_signed_is_stored_and_handed_out_byte_for_byte() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let signed = signed(&app, id).await;
        assert_eq!(app.presented(id, Format::Json).await, signed.document);
        for format in [Format::Png, Format::Svg] {
            assert_eq!(
                carried(&app.presented(id, format).await).as_bytes(),
                signed.document
            );
        }
    });
}

/// The JWTs of a badge that are kept.
async fn kept(app: &App, id: CredentialId) -> Vec<badgeons::store::Jwt> {
    let mut tx = app.store().await.read().await.unwrap();
    tx.jwts(id).await.unwrap()
}

/// How often a JWT was signed for a badge, as the audit log tells.
async fn times_signed(app: &App, id: CredentialId) -> usize {
    let mut tx = app.store().await.read().await.unwrap();
    let entries = tx.audit_of(id.0).await.unwrap();
    entries
        .iter()
        .filter(|entry| entry.action == "credential.jwt")
        .count()
}

#[test]
fn a_jwt_is_made_when_it_is_first_asked_for_kept_and_the_same_for_everyone() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        assert_eq!(kept(&app, id).await, []);
        let jwt = app.presented(id, Format::Jwt).await;
        // Asked for at another time, and by another process.
        let later = app.at(NOW + time::Duration::DAY).await;
        assert_eq!(later.presented(id, Format::Jwt).await, jwt);
        let [ref one] = kept(&app, id).await[..] else {
            panic!("not one JWT")
        };
        assert_eq!(
            (one.jwt.as_bytes(), one.algorithm),
            (&*jwt, JwtAlgorithm::Es256)
        );
        assert_eq!(times_signed(&app, id).await, 1);
    });
}

#[test]
fn a_jwt_that_eight_ask_for_at_once_is_one() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let app = app.clone();
            asking.spawn(async move { app.presented(id, Format::Jwt).await });
        }
        let all = asking.join_all().await;
        let [ref one] = kept(&app, id).await[..] else {
            panic!("not one JWT")
        };
        assert!(all.iter().all(|jwt| *jwt == one.jwt.as_bytes()));
        assert_eq!(times_signed(&app, id).await, 1);
        let report = app.verifier().verify(&all[0], None).await.unwrap();
        assert_valid(&report);
    });
}

#[test]
fn a_jwt_says_what_was_signed_and_is_in_the_register() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let jwt = app.presented(id, Format::Jwt).await;
        let report = app.verifier().verify(&jwt, None).await.unwrap();
        assert_valid(&report);
        let issuer = check(&report, CheckId::Issuer);
        assert_eq!(issuer.title, "The badge was issued here");
        let compact = String::from_utf8(jwt).unwrap();
        let read = vc_jwt::read(&compact).unwrap();
        let told = vc_jwt::credential(&read.payload).unwrap();
        let mut document = app.document(id).await;
        document.as_object_mut().unwrap().remove("proof");
        assert_eq!(serde_json::to_value(&told).unwrap(), document);
        // Nobody else's signature is in the register, however well it is made.
        let (signed, _) = compact.rsplit_once('.').unwrap();
        let forged = format!("{signed}.{}", "A".repeat(86));
        let report = app
            .verifier()
            .verify(forged.as_bytes(), None)
            .await
            .unwrap();
        assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
    });
}

#[test]
fn each_algorithm_has_a_jwt_of_its_own_and_an_unknown_one_has_none() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        for algorithm in ["EdDSA", "ES256"] {
            let jwt = app.hand_out(id, Form::Jwt(algorithm), None).await.unwrap();
            let read = vc_jwt::read(std::str::from_utf8(&jwt).unwrap()).unwrap();
            assert_eq!(read.header.algorithm.name(), algorithm);
            assert_valid(&app.verifier().verify(&jwt, None).await.unwrap());
        }
        assert_eq!(kept(&app, id).await.len(), 2);
        for algorithm in ["HS256", "none", "es256", ""] {
            let refused = app
                .hand_out(id, Form::Jwt(algorithm), None)
                .await
                .unwrap_err();
            assert!(
                matches!(&refused, Error::Conflict(text) if text.contains("no JWT form")),
                "{refused}"
            );
        }
        assert_eq!(kept(&app, id).await.len(), 2);
    });
}

#[test]
fn an_identity_that_is_one_key_has_no_jwt_of_another() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let refused = app
            .hand_out(id, Form::Jwt("ES256"), None)
            .await
            .unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused}");
        let jwt = app.hand_out(id, Form::Jwt("EdDSA"), None).await.unwrap();
        assert_eq!(app.presented(id, Format::Jwt).await, jwt);
    });
}

#[test]
fn a_jwt_is_erased_with_its_badge() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        app.presented(id, Format::Jwt).await;
        assert!(app.erase_credential(&id.to_string()).await.unwrap());
        assert_eq!(kept(&app, id).await, []);
        for format in [Format::Json, Format::Jwt] {
            let refused = app.present(id, format, &mut Pictures::default()).await;
            assert!(matches!(refused, Err(Error::Gone { .. })), "{refused:?}");
        }
        assert_eq!(kept(&app, id).await, []);
    });
}

#[test]
fn a_changed_byte_in_any_form_is_noticed() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let json = String::from_utf8(app.presented(id, Format::Json).await).unwrap();
        let forged = json.replace("Enora Le Spécimen", "Enora La Spécimen");
        assert_ne!(forged, json);
        let svg = app.presented(id, Format::Svg).await;
        let forged_picture = baking::bake(&svg, &forged).unwrap();
        for bytes in [forged.into_bytes(), forged_picture] {
            let report = app.verifier().verify(&bytes, None).await.unwrap();
            assert_eq!(report.verdict, Verdict::Invalid, "{report:#?}");
        }
    });
}

#[test]
fn the_picture_that_carries_a_badge_shows_what_it_showed() {
    on_each_local(|app| async move {
        let image = small_png();
        let id = with_picture(&app, Some(image.clone())).await;
        let baked = app.presented(id, Format::Png).await;
        assert_eq!(pixels(&baked), pixels(&image));
        assert_ne!(baked, image);
    });
}

#[test]
fn a_png_has_no_svg_form() {
    on_each_local(|app| async move {
        let id = with_picture(&app, Some(small_png())).await;
        let refused = app
            .present(id, Format::Svg, &mut Pictures::default())
            .await
            .unwrap_err();
        assert!(
            matches!(&refused, Error::Conflict(text) if text.contains("no SVG form")),
            "{refused}"
        );
    });
}

#[test]
fn a_badge_without_picture_has_json_and_jwt_and_says_so() {
    on_each_local(|app| async move {
        let id = with_picture(&app, None).await;
        for format in [Format::Json, Format::Jwt] {
            let bytes = app.presented(id, format).await;
            assert_valid(&app.verifier().verify(&bytes, None).await.unwrap());
        }
        for format in [Format::Png, Format::Svg] {
            let refused = app
                .present(id, format, &mut Pictures::default())
                .await
                .unwrap_err();
            assert!(
                matches!(&refused, Error::Conflict(text) if text.contains("--image")),
                "{refused}"
            );
        }
    });
}

#[test]
fn an_unknown_form_is_refused_with_those_there_are() {
    let refused = "pdf".parse::<Format>().unwrap_err().to_string();
    assert!(refused.contains("json, jwt, png and svg"), "{refused}");
    assert_eq!("PNG".parse::<Format>().unwrap(), Format::Png);
}

#[test]
fn an_unknown_badge_has_no_form() {
    on_each_local(|app| async move {
        let id: CredentialId = "6ba7b810-9dad-41d1-80b4-00c04fd430c8".parse().unwrap();
        for format in Format::ALL {
            let refused = app
                .present(id, format, &mut Pictures::default())
                .await
                .unwrap_err();
            assert!(
                matches!(refused, Error::NotFound { what: "badge", .. }),
                "{refused:?}"
            );
        }
    });
}
