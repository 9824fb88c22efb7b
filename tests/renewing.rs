//! A badge that holds for a time is renewed.

use badgeons::ids::CredentialId;
use badgeons::openbadges::model::identity::{Recognition, recognise};
use badgeons::recognition::levels::Level;
use badgeons::recognition::templates::Validity;
use badgeons::services::achievements::NewAchievement;
use badgeons::services::credentials::Wanted;
use badgeons::services::holders::Visibility;
use badgeons::services::presenting::Format;
use badgeons::services::profiles::{Edit, Names, ProfileEdit};
use badgeons::services::standing::StatusChange;
use badgeons::services::{Actor, Error};
use badgeons::store::Store;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::harness::app::{App, ISSUER, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::outside::{judged_elsewhere, published};
use crate::harness::rows::{enora, organisation, person};

/// A month before it ends.
const LATER: OffsetDateTime = datetime!(2028-10-23 09:00 UTC);

/// A badge that holds for two years, issued to a person.
async fn badge(app: &App) -> CredentialId {
    let achievement = json!({
        "name": "Secouriste", "description": "Sait secourir.", "achievementType": "Badge",
        "criteria": { "narrative": "Avoir suivi la formation." }
    });
    let new = NewAchievement {
        achievement: Some(achievement.to_string().into_bytes()),
        level: Some(Level::R3),
        validity: Some(Validity::Months(24)),
        ..NewAchievement::default()
    };
    app.new_achievement(None, new).await.unwrap();
    app.badge("secouriste", enora()).await
}

async fn renew(app: &App, id: CredentialId) -> Result<CredentialId, Error> {
    let renewed = app.renew_credential(&id.to_string()).await;
    renewed.map(|renewed| renewed.id)
}

async fn change(app: &App, id: CredentialId, change: StatusChange) {
    let id = id.to_string();
    app.change_status(&id, change, "because").await.unwrap();
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(outcome: Result<T, Error>, word: &str) {
    match outcome {
        Err(Error::Conflict(text)) => assert!(text.contains(word), "{text}"),
        other => panic!("no conflict: {other:?}"),
    }
}

fn without(document: &Value, members: &[&str]) -> Value {
    let mut rest = document.clone();
    for member in members {
        let (place, name) = member.rsplit_once('/').unwrap();
        if let Some(members) = rest.pointer_mut(place).and_then(Value::as_object_mut) {
            members.remove(name);
        }
    }
    rest
}

#[test]
fn a_renewal_is_the_same_award_for_the_time_that_follows() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let old = badge(&app).await;
            let bytes = app.presented(old, Format::Json).await;
            let later = app.at(LATER).await;
            let new = renew(&later, old).await.unwrap();
            assert_ne!(new, old);
            let (was, is) = (app.document(old).await, later.document(new).await);
            assert_eq!(was["validUntil"], "2028-11-23T10:00:00Z");
            assert_eq!(is["validFrom"], "2028-10-23T09:00:00Z");
            assert_eq!(is["validUntil"], "2030-10-23T09:00:00Z");
            let digest = format!("sha384-{}", STANDARD.encode(Sha384::digest(&bytes)));
            let named = json!([
                { "id": was["id"], "mediaType": "application/vc", "digestSRI": digest }
            ]);
            assert_eq!(is["relatedResource"], named);
            let changed = [
                "/id",
                "/validFrom",
                "/validUntil",
                "/relatedResource",
                "/credentialStatus",
                "/proof",
                "/credentialSubject/id",
                "/credentialSubject/identifier/1/identityHash",
                "/credentialSubject/identifier/1/salt",
            ];
            assert_eq!(without(&is, &changed), without(&was, &changed));
            assert_eq!(app.presented(old, Format::Json).await, bytes);
            for id in [old, new] {
                assert_valid(&later.judged(id).await);
                let document = later.document(id).await;
                if document.get("credentialStatus").is_some() {
                    let elsewhere = published(&later, &document).await;
                    let bytes = later.presented(id, Format::Json).await;
                    assert_valid(&judged_elsewhere(&bytes, LATER, elsewhere).await);
                }
            }
            let jwt = later.presented(new, Format::Jwt).await;
            assert_valid(&later.verifier().verify(&jwt, None).await.unwrap());
        });
    }
}

#[test]
fn the_two_are_of_one_person_and_do_not_tell() {
    on_each_public(|app| async move {
        let old = badge(&app).await;
        let new = renew(&app, old).await.unwrap();
        let [was, is] = [app.document(old).await, app.document(new).await]
            .map(|document| document["credentialSubject"].clone());
        assert_ne!(was["id"], is["id"]);
        assert_ne!(was["identifier"][1]["salt"], is["identifier"][1]["salt"]);
        for subject in [&was, &is] {
            let found = recognise(subject, "emailAddress", "enora@example.org");
            assert_eq!(found, Recognition::Theirs);
        }
        // Found by the address, and with a place of its own in the status list.
        let wanted = Wanted {
            email: Some("enora@example.org".into()),
            limit: 10,
            ..Wanted::default()
        };
        let page = app.credentials(None, &wanted).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|item| item.id).collect();
        assert_eq!(found, [new, old]);
        change(&app, old, StatusChange::Revoke).await;
        assert_valid(&app.judged(new).await);
    });
}

#[test]
fn renewed_again_it_is_the_same_badge() {
    on_each_local(|app| async move {
        let old = badge(&app).await;
        let (one, two) = tokio::join!(renew(&app, old), renew(&app, old));
        let new = one.unwrap();
        assert_eq!(two.unwrap(), new);
        let again = app.renew_credential(&old.to_string()).await.unwrap();
        assert!(again.was_so_already && again.id == new);
        assert_eq!(again.achievement, "secouriste");
        // What is renewed next is the renewal, which names the badge before it alone.
        let next = renew(&app, new).await.unwrap();
        let named = app.document(next).await["relatedResource"].clone();
        assert_eq!(named[0]["id"], app.document(new).await["id"]);
        assert_eq!(named.as_array().unwrap().len(), 1);
        let entries = app.audit_log(None, 2).await.unwrap();
        assert_eq!(entries[0].action, "credential.renew");
        assert_eq!(entries[0].object_id, Some(next.0));
        assert_eq!(entries[1].object_id, Some(new.0));
    });
}

#[test]
fn what_does_not_stand_or_holds_for_good_is_not_renewed() {
    on_each_public(|app| async move {
        let old = badge(&app).await;
        change(&app, old, StatusChange::Suspend).await;
        conflict(renew(&app, old).await, "suspended");
        change(&app, old, StatusChange::Reinstate).await;
        app.archive_achievement(None, "secouriste", true)
            .await
            .unwrap();
        conflict(renew(&app, old).await, "archived");
        app.archive_achievement(None, "secouriste", false)
            .await
            .unwrap();
        let new = renew(&app, old).await.unwrap();
        change(&app, new, StatusChange::Revoke).await;
        conflict(renew(&app, old).await, "renewed before");
        change(&app, old, StatusChange::Revoke).await;
        conflict(renew(&app, old).await, "revoked");

        let erased = app
            .badge("secouriste", person("Mael", "mael@example.org"))
            .await;
        app.erase_credential(&erased.to_string()).await.unwrap();
        let gone = renew(&app, erased).await;
        assert!(matches!(gone, Err(Error::Gone { .. })), "{gone:?}");

        let for_good = app.badge("participant-fresque-climat", enora()).await;
        conflict(renew(&app, for_good).await, "for good");
        for id in ["nothing", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"] {
            let nothing = app.renew_credential(id).await;
            assert!(
                matches!(nothing, Err(Error::NotFound { .. })),
                "{nothing:?}"
            );
        }
    });
}

#[test]
fn another_issuer_s_badge_is_not_found() {
    on_each_local(|app| async move {
        let old = badge(&app).await;
        let stranger = app.acting_as(Actor {
            name: "token".into(),
            issuer: Some(badgeons::ids::IssuerId::mint(app.world.entropy.as_ref()).unwrap()),
            request: None,
        });
        let refused = stranger.renew_credential(&old.to_string()).await;
        assert!(
            matches!(refused, Err(Error::NotFound { .. })),
            "{refused:?}"
        );
    });
}

#[test]
fn a_renewal_says_who_issues_today_and_what_was_awarded_then() {
    on_each_local(|app| async move {
        let old = badge(&app).await;
        let renamed = ProfileEdit {
            name: Edit::To(Names::One("Nouveau nom".into())),
            ..ProfileEdit::default()
        };
        app.edit_issuer(ISSUER, renamed).await.unwrap();
        let changed = NewAchievement {
            achievement: Some(
                json!({
                    "name": "Secouriste", "description": "Autre chose.",
                    "criteria": { "narrative": "…" }
                })
                .to_string()
                .into_bytes(),
            ),
            level: Some(Level::R3),
            ..NewAchievement::default()
        };
        app.new_achievement(None, changed).await.unwrap();
        let is = app.document(renew(&app, old).await.unwrap()).await;
        assert_eq!(is["issuer"]["name"], "Nouveau nom");
        let said = &is["credentialSubject"]["achievement"]["description"];
        assert_eq!(said, "Sait secourir.");
    });
}

#[test]
fn a_label_of_an_organisation_is_renewed() {
    on_each_public(|app| async move {
        let old = app.badge("terdeskin", organisation("Exemple SARL")).await;
        let new = renew(&app, old).await.unwrap();
        assert_valid(&app.judged(new).await);
        let store: Store = app.store().await;
        let mut tx = store.read().await.unwrap();
        let [one, two] = [
            tx.recipient_key(old).await.unwrap(),
            tx.recipient_key(new).await.unwrap(),
        ];
        assert!(one.is_some() && one == two);
    });
}

#[test]
fn a_renewed_badge_is_seen_by_no_more_people_than_the_old_one() {
    on_each_public(|app| async move {
        let old = badge(&app).await;
        let link = app.first_holder_link(old);
        app.decide(&link, Visibility::Private, Some("br"))
            .await
            .unwrap();
        let app = app.at(LATER).await;
        let new = renew(&app, old).await.unwrap();
        let shown = app.badge_shown(new, None).await;
        assert!(matches!(shown, Err(Error::Private)), "{shown:?}");
        let desk = app.holder_desk(&app.first_holder_link(new)).await.unwrap();
        assert_eq!(
            (desk.visibility, desk.language.as_deref()),
            (Visibility::Private, Some("br"))
        );
        // What is decided about the new one stays decided, also when it is asked for again.
        app.decide(&app.first_holder_link(new), Visibility::Link, None)
            .await
            .unwrap();
        assert_eq!(renew(&app, old).await.unwrap(), new);
        app.badge_shown(new, None).await.unwrap();
    });
}
