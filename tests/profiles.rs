//! What an issuer says of itself, and changes.

use badgeons::services::Error;
use badgeons::services::presenting::Format;
use badgeons::services::profiles::{Edit, Names, ProfileEdit};
use serde_json::{Value, json};

use crate::harness::app::{App, ISSUER, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::rows::{enora, person};

const BADGE: &str = "participant-fresque-climat";

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#147"/></svg>"##;

fn to(text: &str) -> Edit<String> {
    Edit::To(text.into())
}

fn names(pairs: &[(&str, &str)]) -> Edit<Names> {
    let of = |(language, name): &(&str, &str)| ((*language).to_owned(), (*name).to_owned());
    Edit::To(Names::Several(pairs.iter().map(of).collect()))
}

fn whole() -> ProfileEdit {
    ProfileEdit {
        name: names(&[("br", "Bro Gwened"), ("fr", "Pays de Vannes")]),
        url: to("https://vannes.example.org"),
        email: to("Bonjour@Vannes.example.org"),
        country: to("BE"),
        region: Edit::Clear,
        locality: to("Vannes"),
        postal_code: to("56000"),
        street: to("1 rue de l’Exemple"),
        siret: to("732 829 320 00074"),
        linkedin: to("1234567"),
        logo: Edit::To(LOGO.into()),
    }
}

async fn edit(app: &App, edit: ProfileEdit) -> Result<Value, Error> {
    app.edit_issuer(ISSUER, edit).await
}

async fn issuer_in_a_new_badge(app: &App, name: &str) -> Value {
    let entry = person(name, &format!("{name}@example.org"));
    let id = app.badge(BADGE, entry).await;
    assert_valid(&app.judged(id).await);
    app.document(id).await["issuer"].clone()
}

#[test]
fn badges_issued_later_carry_what_was_changed_and_earlier_ones_do_not() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let old = app.badge(BADGE, enora()).await;
            let before = app.presented(old, Format::Json).await;
            let told = edit(&app, whole()).await.unwrap();
            let in_badge = issuer_in_a_new_badge(&app, "mael").await;
            assert_eq!(in_badge["name"], "Pays de Vannes");
            assert_eq!(in_badge["url"], "https://vannes.example.org");
            assert_eq!(in_badge["email"], "bonjour@vannes.example.org");
            assert_eq!(
                in_badge["address"],
                json!({
                    "type": ["Address"], "addressCountryCode": "BE", "addressLocality": "Vannes",
                    "postalCode": "56000", "streetAddress": "1 rue de l’Exemple"
                })
            );
            let number = &in_badge["otherIdentifier"][0];
            assert_eq!(number["identifier"], "73282932000074");
            // Told whole: the same, with the name in each language.
            assert_eq!(
                told["name"],
                json!({ "br": "Bro Gwened", "fr": "Pays de Vannes" })
            );
            assert_eq!(told["image"], in_badge["image"]);
            assert_eq!(app.issuer_told(ISSUER).await.unwrap(), told);
            assert_eq!(app.presented(old, Format::Json).await, before);
            assert_valid(&app.judged(old).await);
            let entry = &app.audit_log(None, 2).await.unwrap()[1];
            assert_eq!(entry.action, "issuer.update");
        });
    }
}

#[test]
fn the_logo_is_at_our_address_where_there_is_one_and_in_the_badge_elsewhere() {
    on_each_public(|app| async move {
        let none = app.issuer_logo(ISSUER).await;
        assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
        let told = edit(&app, whole()).await.unwrap();
        let address = "https://badges.example.org/issuers/pays-de-vannes/image";
        assert_eq!(told["image"]["id"], address);
        let (bytes, media_type) = app.issuer_logo(ISSUER).await.unwrap();
        assert_eq!(
            (bytes.as_slice(), media_type.as_str()),
            (LOGO.as_bytes(), "image/svg+xml")
        );
        let gone = ProfileEdit {
            logo: Edit::Clear,
            ..ProfileEdit::default()
        };
        assert!(edit(&app, gone).await.unwrap().get("image").is_none());
        assert!(app.issuer_logo(ISSUER).await.is_err());
    });
    on_each_local(|app| async move {
        let told = edit(&app, whole()).await.unwrap();
        let uri = told["image"]["id"].as_str().unwrap();
        assert!(uri.starts_with("data:image/svg+xml;base64,"), "{uri}");
    });
}

#[test]
fn what_is_left_out_stays() {
    on_each_local(|app| async move {
        edit(&app, whole()).await.unwrap();
        let before = app.issuer_told(ISSUER).await.unwrap();
        assert_eq!(edit(&app, ProfileEdit::default()).await.unwrap(), before);
        let cleared = ProfileEdit {
            name: Edit::To(Names::One("Pays d’Auray".into())),
            url: Edit::Clear,
            email: Edit::Clear,
            country: Edit::Clear,
            locality: Edit::Clear,
            postal_code: Edit::Clear,
            street: Edit::Clear,
            siret: Edit::Clear,
            ..ProfileEdit::default()
        };
        let told = edit(&app, cleared).await.unwrap();
        let expected = json!({
            "id": before["id"], "type": ["Profile"], "name": "Pays d’Auray",
            "image": before["image"]
        });
        assert_eq!(told, expected);
    });
}

#[test]
fn what_no_badge_could_carry_is_refused_and_changes_nothing() {
    on_each_local(|app| async move {
        let before = app.issuer_told(ISSUER).await.unwrap();
        let none = ProfileEdit::default;
        let too_large = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>",
            " ".repeat(256 * 1024)
        );
        for wrong in [
            ProfileEdit {
                name: Edit::Clear,
                ..none()
            },
            ProfileEdit {
                name: Edit::To(Names::One(" ".into())),
                ..none()
            },
            ProfileEdit {
                name: names(&[("FR", "Pays")]),
                ..none()
            },
            ProfileEdit {
                name: names(&[]),
                ..none()
            },
            ProfileEdit {
                url: to("vannes"),
                ..none()
            },
            ProfileEdit {
                email: to("vannes"),
                ..none()
            },
            ProfileEdit {
                country: to("France"),
                ..none()
            },
            ProfileEdit {
                country: to("ZZ"),
                ..none()
            },
            ProfileEdit {
                region: to(""),
                ..none()
            },
            ProfileEdit {
                locality: to(&"a".repeat(201)),
                ..none()
            },
            ProfileEdit {
                street: to("a\nb"),
                ..none()
            },
            ProfileEdit {
                siret: to("73282932000075"),
                ..none()
            },
            ProfileEdit {
                logo: Edit::To(b"GIF89a".to_vec()),
                ..none()
            },
            ProfileEdit {
                logo: Edit::To(too_large.clone().into()),
                ..none()
            },
        ] {
            let mended = ProfileEdit {
                postal_code: to("56000"),
                ..wrong
            };
            let refused = edit(&app, mended).await;
            assert!(
                matches!(refused, Err(Error::Refused(_) | Error::Invalid { .. })),
                "{refused:?}"
            );
            assert_eq!(app.issuer_told(ISSUER).await.unwrap(), before);
        }
        let nobody = app.edit_issuer("nobody", none()).await;
        assert!(matches!(nobody, Err(Error::NotFound { .. })), "{nobody:?}");
    });
}

#[test]
fn an_issuer_s_country_makes_a_micro_credential_possible() {
    on_each_local(|app| async move {
        let away = ProfileEdit {
            country: Edit::Clear,
            ..ProfileEdit::default()
        };
        edit(&app, away).await.unwrap();
        let missing = async || {
            let told = app
                .micro_credential(None, "confirme-fresque")
                .await
                .unwrap();
            let numbers: Vec<_> = told.report.missing().map(|it| it.number).collect();
            numbers.contains(&3)
        };
        assert!(missing().await);
        let back = ProfileEdit {
            country: to("FR"),
            ..ProfileEdit::default()
        };
        edit(&app, back).await.unwrap();
        assert!(!missing().await);
    });
}

#[test]
fn two_changes_at_once_are_both_made() {
    on_each_local(|app| async move {
        let one = ProfileEdit {
            locality: to("Vannes"),
            ..ProfileEdit::default()
        };
        let two = ProfileEdit {
            postal_code: to("56000"),
            ..ProfileEdit::default()
        };
        let (one, two) = tokio::join!(edit(&app, one), edit(&app, two));
        one.unwrap();
        two.unwrap();
        let address = &app.issuer_told(ISSUER).await.unwrap()["address"];
        assert_eq!(
            (&address["addressLocality"], &address["postalCode"]),
            (&json!("Vannes"), &json!("56000"))
        );
    });
}
