//! The life of the keys an issuer signs with: active, retired, stolen.

use badgeons::config::Database;
use badgeons::ids::{CredentialId, KeyId};
use badgeons::keystore::{KeyLabel, Keystore};
use badgeons::openbadges::model::Timestamp;
use badgeons::openbadges::verify::CheckId;
use badgeons::openbadges::verify::Verdict;
use badgeons::services::Error;
use badgeons::services::keys::{KeySummary, State};
use badgeons::services::presenting::Format;
use badgeons::services::standing::StatusChange;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use time::{Duration, OffsetDateTime};

use crate::harness::app::{App, ISSUER, NOW, on_each_local, on_each_public};
use crate::harness::databases::on_disk;
use crate::harness::judging::{assert_fails, assert_valid};
use crate::harness::outside::{judged_elsewhere, list_of, published};
use crate::harness::rows::{enora, person};

const BADGE: &str = "participant-fresque-climat";

fn later(hours: i64) -> OffsetDateTime {
    NOW + Duration::hours(hours)
}

fn states(keys: &[KeySummary]) -> Vec<(&str, &'static str)> {
    let state = |key: &KeySummary| match key.state {
        State::Active => "active",
        State::Retired { .. } => "retired",
        State::Compromised { .. } => "compromised",
    };
    keys.iter()
        .map(|key| (key.algorithm.as_str(), state(key)))
        .collect()
}

/// The key that signs Data Integrity proofs now.
async fn signing_key(app: &App) -> KeyId {
    let keys = app.keys(None).await.unwrap();
    let active = |key: &&KeySummary| key.algorithm == "EdDSA" && matches!(key.state, State::Active);
    keys.iter().find(active).unwrap().id
}

async fn method_of(app: &App, id: CredentialId) -> String {
    app.document(id).await["proof"]["verificationMethod"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What somebody elsewhere says of a badge, now.
async fn elsewhere(
    app: &App,
    id: CredentialId,
    format: Format,
) -> badgeons::openbadges::verify::Report {
    let badge = app.document(id).await;
    let now = app.world.clock.now();
    judged_elsewhere(
        &app.presented(id, format).await,
        now,
        published(app, &badge).await,
    )
    .await
}

#[test]
fn an_issuer_begins_with_a_key_of_each_kind() {
    on_each_local(|app| async move {
        let keys = app.keys(Some(ISSUER)).await.unwrap();
        assert_eq!(states(&keys), [("EdDSA", "active"), ("ES256", "active")]);
        assert!(keys[0].public.starts_with("z6Mk") && keys[1].public.starts_with("zDn"));
        assert_eq!(keys[0].created_at, Timestamp::from(NOW));
    });
}

/// The ways in which bytes are written down, as they are first.
fn spellings(bytes: &[u8]) -> [Vec<u8>; 5] {
    let hex = bytes
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let list = format!("{bytes:?}");
    [
        bytes.to_vec(),
        hex.into_bytes(),
        list.trim_matches(['[', ']']).into(),
        BASE64.encode(bytes).into_bytes(),
        bs58::encode(bytes).into_vec(),
    ]
}

fn holds(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

#[test]
fn private_keys_are_sealed_and_shown_nowhere() {
    on_each_local(|app| async move {
        let keystore = Keystore::open(&app.settings.keys_dir, None).unwrap();
        let told = app.keys(None).await.unwrap();
        let mut tx = app.store().await.read().await.unwrap();
        for key in &told {
            let row = tx.key(key.id).await.unwrap().unwrap();
            let label = KeyLabel {
                issuer: row.issuer_id,
                key: row.id,
                algorithm: row.algorithm.as_str(),
            };
            let secret = keystore.unseal(&label, &row.sealed).unwrap();
            assert_eq!((secret.len(), row.sealed.len()), (32, 1 + 24 + 32 + 16));

            let disk = on_disk(&app.settings.database);
            assert_eq!(disk.is_empty(), !holds(&disk, &row.sealed));
            let shown = format!("{row:?} {told:?} {}", serde_json::to_string(&told).unwrap());
            let everywhere = [disk, row.sealed, shown.into_bytes()].concat();
            for spelling in spellings(&secret) {
                assert!(!holds(&everywhere, &spelling), "{spelling:?}");
            }
        }
    });
}

#[test]
fn after_a_rotation_old_badges_hold_and_new_ones_have_the_new_key() {
    on_each_public(|app| async move {
        let old = app.badge(BADGE, enora()).await;
        let app = app.at(later(1)).await;
        let keys = app.rotate_keys(None).await.unwrap();
        let expected = [
            ("EdDSA", "retired"),
            ("ES256", "retired"),
            ("EdDSA", "active"),
            ("ES256", "active"),
        ];
        assert_eq!(states(&keys), expected);
        let new = app.badge(BADGE, person("Mael", "mael@example.org")).await;
        assert_ne!(method_of(&app, old).await, method_of(&app, new).await);
        assert!(
            method_of(&app, new)
                .await
                .ends_with(&format!("#{}", keys[2].public))
        );
        for id in [old, new] {
            for format in [Format::Json, Format::Jwt] {
                assert_valid(&elsewhere(&app, id, format).await);
            }
            assert_valid(&app.judged(id).await);
        }
    });
}

#[test]
fn an_issuer_that_is_its_key_can_not_rotate_it() {
    on_each_local(|app| async move {
        let refused = app.rotate_keys(None).await.unwrap_err();
        let Error::Conflict(said) = &refused else {
            panic!("{refused:?}")
        };
        assert!(
            said.contains("its identity is its key") && said.contains("--public-url"),
            "{said}"
        );
        assert_eq!(
            states(&app.keys(None).await.unwrap()),
            [("EdDSA", "active"), ("ES256", "active")]
        );
    });
}

#[test]
fn with_a_retired_key_nothing_is_issued_and_old_badges_hold() {
    on_each_local(|app| async move {
        let old = app.badge(BADGE, enora()).await;
        let key = signing_key(&app).await;
        let app = app.at(later(1)).await;
        app.retire_key(&key.to_string()).await.unwrap();
        let refused = app
            .ask(BADGE, person("Mael", "mael@example.org"))
            .await
            .unwrap_err();
        let Error::Conflict(said) = &refused else {
            panic!("{refused:?}")
        };
        assert!(said.contains("no key that signs"), "{said}");
        assert_valid(&app.judged(old).await);
    });
}

#[test]
fn the_key_of_the_status_lists_is_rotated_and_never_merely_retired() {
    on_each_public(|app| async move {
        let old = app.badge(BADGE, enora()).await;
        let key = signing_key(&app).await.to_string();
        let refused = app.retire_key(&key).await.unwrap_err();
        let Error::Conflict(said) = &refused else {
            panic!("{refused:?}")
        };
        assert!(said.contains("badgeons keys rotate"), "{said}");
        let app = app.at(later(1)).await;
        app.rotate_keys(None).await.unwrap();
        app.change_status(&old.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        let report = elsewhere(&app, old, Format::Json).await;
        assert_fails(&report, CheckId::Status);
    });
}

#[test]
fn a_key_is_retired_once() {
    on_each_public(|app| async move {
        let key = app.keys(None).await.unwrap()[1].id.to_string();
        let keys = app.retire_key(&key).await.unwrap();
        assert_eq!(states(&keys), [("EdDSA", "active"), ("ES256", "retired")]);
        let refused = app.retire_key(&key).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    });
}

#[test]
fn what_a_stolen_key_signed_before_stands_and_after_does_not() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let before = app.badge(BADGE, enora()).await;
            let later_app = app.at(later(2)).await;
            let after = later_app
                .badge(BADGE, person("Mael", "mael@example.org"))
                .await;
            let app = app.at(later(3)).await;
            let key = signing_key(&app).await;
            let keys = app
                .key_compromised(&key.to_string(), later(1).into())
                .await
                .unwrap();
            assert_eq!(states(&keys)[0], ("EdDSA", "compromised"));
            assert_valid(&app.judged(before).await);
            assert_fails(&app.judged(after).await, CheckId::Issuer);
        });
    }
}

#[test]
fn what_a_thief_dates_back_is_not_in_the_register() {
    on_each_local(|app| async move {
        // The thief has the keys and our program: an installation with the same randomness.
        let theirs = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(theirs.path().join("db"));
        let thief = App::new(database, None).await;
        assert_eq!(
            thief.keys(None).await.unwrap()[0].public,
            app.keys(None).await.unwrap()[0].public
        );
        let forged = thief
            .badge("terdeskin", crate::harness::rows::organisation("Thieves"))
            .await;
        let app = app.at(later(3)).await;
        let key = signing_key(&app).await;
        app.key_compromised(&key.to_string(), later(1).into())
            .await
            .unwrap();
        let bytes = thief.presented(forged, Format::Json).await;
        let report = app.verifier().verify(&bytes, None).await.unwrap();
        assert_fails(&report, CheckId::Issuer);
    });
}

#[test]
fn elsewhere_too_what_a_stolen_key_signed_after_does_not_hold() {
    on_each_public(|app| async move {
        let before = app.badge(BADGE, enora()).await;
        let late = app.at(later(2)).await;
        let after = late.badge(BADGE, person("Mael", "mael@example.org")).await;
        let app = app.at(later(3)).await;
        let key = signing_key(&app).await;
        app.rotate_keys(None).await.unwrap();
        app.key_compromised(&key.to_string(), later(1).into())
            .await
            .unwrap();
        let report = elsewhere(&app, after, Format::Json).await;
        assert_fails(&report, CheckId::Issuer);
        let report = elsewhere(&app, before, Format::Json).await;
        // Elsewhere the date of a withdrawn key's signature is the signer's own word.
        assert_eq!(report.verdict, Verdict::ValidWithWarnings, "{report:#?}");
    });
}

#[test]
fn a_key_can_not_be_stolen_tomorrow() {
    on_each_public(|app| async move {
        let key = signing_key(&app).await.to_string();
        let refused = app
            .key_compromised(&key, later(1).into())
            .await
            .unwrap_err();
        assert!(
            matches!(&refused, Error::Refused(text) if text.contains("still to come")),
            "{refused}"
        );
        app.key_compromised(&key, NOW.into()).await.unwrap();
    });
}

#[test]
fn the_day_a_key_was_stolen_only_moves_earlier() {
    on_each_public(|app| async move {
        let app = app.at(later(5)).await;
        let key = signing_key(&app).await.to_string();
        app.key_compromised(&key, later(2).into()).await.unwrap();
        let refused = app
            .key_compromised(&key, later(3).into())
            .await
            .unwrap_err();
        assert!(
            matches!(&refused, Error::Conflict(text) if text.contains("earlier")),
            "{refused}"
        );
        let keys = app.key_compromised(&key, later(1).into()).await.unwrap();
        let State::Compromised { from } = keys[0].state else {
            panic!("{keys:?}")
        };
        assert_eq!(from, Timestamp::from(later(1)));
    });
}

#[test]
fn a_stolen_key_signs_no_more_and_a_new_one_takes_its_place() {
    on_each_public(|app| async move {
        let before = app.badge(BADGE, enora()).await;
        let app = app.at(later(1)).await;
        let key = signing_key(&app).await.to_string();
        let (_, list) = list_of(&app.document(before).await);
        let signer = async || {
            let list = app.status_list(list).await.unwrap().document;
            let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
            list["proof"]["verificationMethod"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let with_the_old_key = signer().await;
        let keys = app.key_compromised(&key, later(1).into()).await.unwrap();
        let expected = [
            ("EdDSA", "compromised"),
            ("ES256", "active"),
            ("EdDSA", "active"),
        ];
        assert_eq!(states(&keys), expected);
        assert!(with_the_old_key.ends_with(&keys[0].public));
        assert!(
            signer().await.ends_with(&keys[2].public),
            "the list is signed anew"
        );
        let id = app.badge(BADGE, person("Mael", "mael@example.org")).await;
        assert!(
            method_of(&app, id)
                .await
                .ends_with(&format!("#{}", keys[2].public))
        );
        assert_valid(&elsewhere(&app, id, Format::Json).await);
        // Its status list is signed with the new key, and read.
        let change = StatusChange::Revoke;
        app.change_status(&before.to_string(), change, "a trial")
            .await
            .unwrap();
        assert_fails(&app.judged(before).await, CheckId::Status);
    });
}

#[test]
fn an_issuer_that_is_its_key_issues_no_more_once_it_is_stolen() {
    on_each_local(|app| async move {
        let key = signing_key(&app).await.to_string();
        app.key_compromised(&key, NOW.into()).await.unwrap();
        let refused = app.ask(BADGE, enora()).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    });
}

#[test]
fn an_unknown_key_is_not_found() {
    on_each_public(|app| async move {
        for key in ["6ba7b810-9dad-41d1-80b4-00c04fd430c8", "key-1"] {
            for refused in [
                app.retire_key(key).await,
                app.key_compromised(key, NOW.into()).await,
            ] {
                assert!(
                    matches!(refused, Err(Error::NotFound { what: "key", .. })),
                    "{refused:?}"
                );
            }
        }
    });
}
