//! With an https address: what the world reads of us, and what somebody else makes of it.

use std::collections::BTreeSet;

use badgeons::fetch::{Failure, FixedFetch};
use badgeons::ids::StatusListId;
use badgeons::openbadges::did::document::{Purpose, find_method};
use badgeons::openbadges::proof::vc_jwt;
use badgeons::openbadges::status::PublishedList;
use badgeons::openbadges::verify::{CheckId, Outcome, Verdict};
use badgeons::services::Error;
use badgeons::services::presenting::Format;
use badgeons::services::standing::StatusChange;
use serde_json::Value;
use time::Duration;

use crate::harness::app::{App, ISSUER, NOW, on_each_local, on_each_public};
use crate::harness::judging::{assert_fails, assert_unknown, assert_valid, check};
use crate::harness::outside::{did_json, judged_elsewhere, keys_of, list_of, published};
use crate::harness::rows::{enora, person};
use crate::store::achievements::tamper;

const BADGE: &str = "participant-fresque-climat";

fn index(badge: &Value) -> u64 {
    badge["credentialStatus"]["statusListIndex"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

/// A badge's status list, and whether the badge's bit is set in it.
async fn listed(app: &App, badge: &Value) -> (Value, bool) {
    let (url, id) = list_of(badge);
    let list: Value = serde_json::from_slice(&app.status_list(id).await.unwrap().document).unwrap();
    let read = PublishedList::read(&list, url.as_str()).unwrap();
    let bit = read.bits.get(index(badge), 1).unwrap();
    (list, bit == 1)
}

#[test]
fn a_badge_names_a_place_in_our_status_list() {
    on_each_public(|app| async move {
        let badge = app.document(app.badge(BADGE, enora()).await).await;
        let status = &badge["credentialStatus"];
        assert_eq!(status["type"], "BitstringStatusListEntry");
        assert_eq!(status["statusPurpose"], "revocation");
        assert!(
            list_of(&badge)
                .0
                .as_str()
                .starts_with("https://badges.example.org/status/")
        );
    });
}

#[test]
fn elsewhere_the_list_is_read_as_a_jwt_too() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let bytes = app.presented(id, Format::Json).await;
        let badge = app.document(id).await;
        let (url, list) = list_of(&badge);
        let as_jwt = async || {
            let jwt = app.status_list(list).await.unwrap().jwt.to_vec();
            keys_of(&app).await.with(&url, "application/vc+jwt", jwt)
        };
        assert_valid(&judged_elsewhere(&bytes, NOW, as_jwt().await).await);
        app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        let report = judged_elsewhere(&bytes, NOW, as_jwt().await).await;
        assert_fails(&report, CheckId::Status);
    });
}

#[test]
fn places_are_drawn_at_random() {
    on_each_public(|app| async move {
        let mut places = Vec::new();
        for number in 0..6 {
            let somebody = person("Enora", &format!("person{number}@example.org"));
            places.push(index(&app.document(app.badge(BADGE, somebody).await).await));
        }
        assert_eq!(
            places.iter().collect::<BTreeSet<_>>().len(),
            6,
            "{places:?}"
        );
        let neighbours = places
            .windows(2)
            .filter(|pair| pair[0].abs_diff(pair[1]) == 1)
            .count();
        assert_eq!(neighbours, 0, "{places:?}");
        assert!(places.iter().any(|place| *place > 1000), "{places:?}");
    });
}

#[test]
fn a_badge_is_valid_for_whoever_reads_what_we_publish() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let badge = app.document(id).await;
        for format in Format::ALL {
            let bytes = app.presented(id, format).await;
            let report = judged_elsewhere(&bytes, NOW, published(&app, &badge).await).await;
            assert_valid(&report);
            assert_eq!(
                check(&report, CheckId::Issuer).title,
                "The issuer signed the badge"
            );
        }
    });
}

#[test]
fn the_jwt_is_signed_with_es256_and_a_key_of_did_json() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let jwt = String::from_utf8(app.presented(id, Format::Jwt).await).unwrap();
        let read = vc_jwt::read(&jwt).unwrap();
        assert_eq!(read.header.algorithm.name(), "ES256");
        let document = app.issuer_document(ISSUER).await.unwrap();
        let kid = read.header.kid.as_deref().unwrap();
        let method = find_method(&document, kid, Purpose::AssertionMethod).unwrap();
        vc_jwt::verify(&read, &method.key).unwrap();
    });
}

#[test]
fn a_revoked_badge_is_invalid_elsewhere_as_soon_as_the_list_is_read_again() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let (bytes, badge) = (
            app.presented(id, Format::Json).await,
            app.document(id).await,
        );
        let old = published(&app, &badge).await;
        app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        assert_valid(&judged_elsewhere(&bytes, NOW, old).await);
        let report = judged_elsewhere(&bytes, NOW, published(&app, &badge).await).await;
        assert_fails(&report, CheckId::Status);
        assert_eq!(
            check(&report, CheckId::Status).title,
            "The badge was revoked"
        );
    });
}

#[test]
fn the_status_list_is_a_signed_credential_and_its_bit_follows_the_badge() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let badge = app.document(id).await;
        let (list, set) = listed(&app, &badge).await;
        assert!(!set);
        assert_eq!(list["proof"]["cryptosuite"], "eddsa-rdfc-2022");
        assert_eq!(list["issuer"], badge["issuer"]["id"]);
        assert_eq!(list["credentialSubject"]["ttl"], 300_000);
        for (change, expected) in [
            (StatusChange::Suspend, true),
            (StatusChange::Reinstate, false),
            (StatusChange::Revoke, true),
        ] {
            app.change_status(&id.to_string(), change, "a trial")
                .await
                .unwrap();
            assert_eq!(listed(&app, &badge).await.1, expected, "{change:?}");
        }
    });
}

#[test]
fn another_badge_s_bit_stays_clear() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let other = app.badge(BADGE, person("Mael", "mael@example.org")).await;
        app.change_status(&other.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        let (bytes, badge) = (
            app.presented(id, Format::Json).await,
            app.document(id).await,
        );
        assert_valid(&judged_elsewhere(&bytes, NOW, published(&app, &badge).await).await);
    });
}

#[test]
fn an_altered_status_list_does_not_pass_for_ours() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let badge = app.document(id).await;
        let clear = listed(&app, &badge).await.0["credentialSubject"]["encodedList"].clone();
        app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        let mut forged = listed(&app, &badge).await.0;
        forged["credentialSubject"]["encodedList"] = clear;
        let web =
            keys_of(&app)
                .await
                .with(&list_of(&badge).0, "application/vc", forged.to_string());
        let report = judged_elsewhere(&app.presented(id, Format::Json).await, NOW, web).await;
        assert_unknown(&report, &[CheckId::Status]);
    });
}

#[test]
fn a_status_list_from_long_ago_does_not_vouch_for_today() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let (bytes, badge) = (
            app.presented(id, Format::Json).await,
            app.document(id).await,
        );
        for (days, expected) in [(1, Verdict::Valid), (3, Verdict::Undetermined)] {
            let web = published(&app, &badge).await;
            let report = judged_elsewhere(&bytes, NOW + Duration::days(days), web).await;
            assert_eq!(report.verdict, expected, "{report:#?}");
        }
    });
}

#[test]
fn when_the_status_list_can_not_be_had_nobody_can_tell() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let (bytes, badge) = (
            app.presented(id, Format::Json).await,
            app.document(id).await,
        );
        let web = keys_of(&app)
            .await
            .with_failure(&list_of(&badge).0, Failure::Status(503));
        let report = judged_elsewhere(&bytes, NOW, web).await;
        assert_unknown(&report, &[CheckId::Status]);
        assert!(
            check(&report, CheckId::Status).detail.contains("503"),
            "{report:#?}"
        );
        assert_eq!(check(&report, CheckId::Proof).outcome, Outcome::Pass);
    });
}

#[test]
fn when_did_json_can_not_be_had_nobody_can_tell() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let bytes = app.presented(id, Format::Json).await;
        let web = FixedFetch::new().with_failure(&did_json(), Failure::CannotConnect);
        let report = judged_elsewhere(&bytes, NOW, web).await;
        assert_unknown(&report, &[CheckId::Proof, CheckId::Issuer, CheckId::Status]);
    });
}

#[test]
fn somebody_else_s_did_json_does_not_make_our_badge_theirs() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let bytes = app.presented(id, Format::Json).await;
        let web = FixedFetch::new();
        let mut document = app.issuer_document(ISSUER).await.unwrap();
        document["id"] = "did:web:elsewhere.example".into();
        let web = web.with(&did_json(), "application/did+json", document.to_string());
        let report = judged_elsewhere(&bytes, NOW, web).await;
        assert_fails(&report, CheckId::Issuer);
    });
}

#[test]
fn this_installation_asks_nobody_for_its_own_badges() {
    on_each_public(|app| async move {
        // Nothing is prepared on the network: whatever was asked for would leave a doubt.
        let id = app.badge(BADGE, enora()).await;
        assert_valid(&app.judged(id).await);
    });
}

#[test]
fn without_an_address_a_badge_has_no_status_and_an_eddsa_jwt() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        let badge = app.document(id).await;
        assert!(
            badge["issuer"]["id"]
                .as_str()
                .unwrap()
                .starts_with("did:key:z6Mk")
        );
        assert!(badge.get("credentialStatus").is_none());
        let jwt = String::from_utf8(app.presented(id, Format::Jwt).await).unwrap();
        assert_eq!(vc_jwt::read(&jwt).unwrap().header.algorithm.name(), "EdDSA");
        for format in Format::ALL {
            let bytes = app.presented(id, format).await;
            let report = judged_elsewhere(&bytes, NOW, FixedFetch::new()).await;
            assert_eq!(report.verdict, Verdict::ValidWithWarnings, "{report:#?}");
            assert_eq!(
                check(&report, CheckId::Issuer).title,
                "The issuer is not known here"
            );
        }
    });
}

#[test]
fn what_we_do_not_publish_is_not_found() {
    on_each_public(|app| async move {
        let list: StatusListId = "6ba7b810-9dad-41d1-80b4-00c04fd430c8".parse().unwrap();
        let error = app.status_list(list).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::NotFound {
                    what: "status list",
                    ..
                }
            ),
            "{error:?}"
        );
        let error = app.issuer_document("nobody").await.unwrap_err();
        assert!(
            matches!(error, Error::NotFound { what: "issuer", .. }),
            "{error:?}"
        );
    });
}

#[test]
fn a_place_that_a_badge_has_is_given_to_no_other_when_the_database_went_back() {
    on_each_public(|app| async move {
        let issued = async |app: &App, number: u32| {
            let email = format!("personne{number}@example.org");
            app.ask(BADGE, person("Enora", &email)).await
        };
        // With the fourth, two places are taken in advance; then their taking is lost.
        for number in 0..4 {
            issued(&app, number).await.unwrap();
        }
        let forgotten = "UPDATE status_lists SET taken = taken - 2";
        assert_eq!(tamper(&app.store().await, forgotten).await.unwrap(), 1);
        let other = app.at(NOW).await;
        for number in 4..6 {
            issued(&other, number).await.unwrap();
        }
        match issued(&app, 6).await {
            Err(Error::Busy(why)) => assert!(why.contains("ask again"), "{why}"),
            other => panic!("not refused: {other:?}"),
        }
        issued(&app, 6).await.unwrap();
        issued(&other, 7).await.unwrap();
    });
}
