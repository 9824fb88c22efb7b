//! Whose word a database is: one that was named knows its issuers, one that was only found may have
//! come with the badge.

use std::sync::Arc;

use badgeons::fetch::FixedFetch;
use badgeons::ids::CredentialId;
use badgeons::openbadges::verify::{CheckId, Report};
use badgeons::services::presenting::Format;
use badgeons::services::standing::StatusChange;
use badgeons::services::verifying::{Trust, Verifier};

use crate::harness::app::{App, NOW, on_each_local, on_each_public, world};
use crate::harness::judging::{assert_fails, assert_unknown, assert_valid};
use crate::harness::rows::person;

const BADGE: &str = "animateur-fresque";

async fn judged(app: &App, id: CredentialId, trust: Trust) -> Report {
    let bytes = app.presented(id, Format::Json).await;
    let world = world(NOW, Arc::new(FixedFetch::new()));
    let verifier = Verifier::open(&app.settings, world, trust).await.unwrap();
    verifier.verify(&bytes, None).await.unwrap()
}

#[test]
fn a_database_that_was_named_knows_its_issuers() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, person("Enora", "enora@example.org")).await;
        assert_valid(&judged(&app, id, Trust::Named).await);
    });
}

#[test]
fn a_database_that_was_found_does_not_say_who_an_issuer_is() {
    on_each_public(|app| async move {
        let id = app.badge(BADGE, person("Enora", "enora@example.org")).await;
        assert_unknown(
            &judged(&app, id, Trust::Found).await,
            &[CheckId::Proof, CheckId::Issuer, CheckId::Status],
        );
    });
}

#[test]
fn a_database_that_was_found_still_knows_what_was_revoked() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, person("Enora", "enora@example.org")).await;
        assert_valid(&judged(&app, id, Trust::Found).await);
        app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        assert_fails(&judged(&app, id, Trust::Found).await, CheckId::Status);
    });
}

#[test]
fn what_was_erased_stays_valid_for_whoever_holds_it_unless_it_was_revoked() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let id = app.badge(BADGE, person("Enora", "enora@example.org")).await;
            let copy = app.presented(id, Format::Json).await;
            let verify = async || app.verifier().verify(&copy, None).await.unwrap();
            assert!(app.erase_credential(&id.to_string()).await.unwrap());
            assert_valid(&verify().await);
            app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
                .await
                .unwrap();
            assert_fails(&verify().await, CheckId::Status);
        });
    }
}
