//! Withdrawn for good, withdrawn for a time, and standing again; and who learns of it.

use badgeons::ids::CredentialId;
use badgeons::openbadges::verify::{CheckId, Outcome, Report};
use badgeons::services::Error;
use badgeons::services::batches::{Dealt, Fate, How};
use badgeons::services::presenting::Format;
use badgeons::services::standing::{StatusChange, StatusChanged};

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::judging::{assert_fails, assert_valid};
use crate::harness::rows::enora;

const BADGE: &str = "participant-fresque-climat";

async fn change(app: &App, id: CredentialId, change: StatusChange) -> Result<StatusChanged, Error> {
    app.change_status(&id.to_string(), change, "a trial").await
}

/// Runs `test` with one badge, on an installation of each kind and each database.
fn with_a_badge<F, T>(test: F)
where
    F: Fn(App, CredentialId) -> T,
    T: Future<Output = ()>,
{
    let test = &test;
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let id = app.badge(BADGE, enora()).await;
            test(app, id).await;
        });
    }
}

#[track_caller]
fn assert_withdrawn(report: &Report, title: &str) {
    assert_fails(report, CheckId::Status);
    let found = report
        .checks
        .iter()
        .find(|check| check.outcome == Outcome::Fail)
        .unwrap();
    assert_eq!(found.title, title);
}

#[test]
fn a_revoked_badge_is_invalid_here_in_every_form() {
    with_a_badge(|app, id| async move {
        assert_valid(&app.judged(id).await);
        let changed = change(&app, id, StatusChange::Revoke).await.unwrap();
        assert!(!changed.was_so_already);
        assert_eq!(changed.achievement, BADGE);
        for format in Format::ALL {
            let bytes = app.presented(id, format).await;
            let report = app.verifier().verify(&bytes, None).await.unwrap();
            assert_withdrawn(&report, "The badge is revoked");
        }
    });
}

#[test]
fn a_suspended_badge_is_invalid_until_it_is_reinstated() {
    with_a_badge(|app, id| async move {
        change(&app, id, StatusChange::Suspend).await.unwrap();
        assert_fails(&app.judged(id).await, CheckId::Status);
        change(&app, id, StatusChange::Reinstate).await.unwrap();
        assert_valid(&app.judged(id).await);
    });
}

#[test]
fn a_revoked_badge_stays_revoked() {
    with_a_badge(|app, id| async move {
        change(&app, id, StatusChange::Revoke).await.unwrap();
        for later in [StatusChange::Suspend, StatusChange::Reinstate] {
            let refused = change(&app, id, later).await.unwrap_err();
            assert!(
                matches!(&refused, Error::Conflict(text) if text.contains("for good")),
                "{refused}"
            );
        }
        assert_fails(&app.judged(id).await, CheckId::Status);
    });
}

#[test]
fn a_suspended_badge_can_be_revoked() {
    with_a_badge(|app, id| async move {
        change(&app, id, StatusChange::Suspend).await.unwrap();
        assert!(
            !change(&app, id, StatusChange::Revoke)
                .await
                .unwrap()
                .was_so_already
        );
        assert_withdrawn(&app.judged(id).await, "The badge is revoked");
    });
}

#[test]
fn what_is_so_already_is_said_and_changes_nothing() {
    with_a_badge(|app, id| async move {
        assert!(
            change(&app, id, StatusChange::Reinstate)
                .await
                .unwrap()
                .was_so_already
        );
        change(&app, id, StatusChange::Suspend).await.unwrap();
        assert!(
            change(&app, id, StatusChange::Suspend)
                .await
                .unwrap()
                .was_so_already
        );
        change(&app, id, StatusChange::Revoke).await.unwrap();
        assert!(
            change(&app, id, StatusChange::Revoke)
                .await
                .unwrap()
                .was_so_already
        );
        let mut tx = app.store().await.read().await.unwrap();
        let actions: Vec<_> = tx
            .audit_of(id.0)
            .await
            .unwrap()
            .into_iter()
            .map(|entry| entry.action)
            .collect();
        assert_eq!(
            actions,
            [
                "credential.issue",
                "credential.suspend",
                "credential.revoke"
            ]
        );
    });
}

#[test]
fn whether_others_see_it_is_said() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        assert!(
            !change(&app, id, StatusChange::Revoke)
                .await
                .unwrap()
                .seen_by_others
        );
    });
    on_each_public(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        assert!(
            change(&app, id, StatusChange::Revoke)
                .await
                .unwrap()
                .seen_by_others
        );
    });
}

#[test]
fn a_revoked_award_is_not_issued_again_by_the_same_roster() {
    with_a_badge(|app, id| async move {
        change(&app, id, StatusChange::Revoke).await.unwrap();
        let dealt = app.ask(BADGE, enora()).await.unwrap();
        assert_eq!(
            dealt.awards[0].fate,
            Fate::AlreadyIssued {
                id,
                standing: "revoked"
            }
        );
    });
}

#[test]
fn a_reason_is_needed() {
    with_a_badge(|app, id| async move {
        for reason in ["", "  ", &"x".repeat(501)] {
            let refused = app
                .change_status(&id.to_string(), StatusChange::Revoke, reason)
                .await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        assert_valid(&app.judged(id).await);
        app.change_status(&id.to_string(), StatusChange::Revoke, &"x".repeat(500))
            .await
            .unwrap();
    });
}

#[test]
fn the_reason_is_kept_beside_the_badge_and_in_no_log() {
    on_each_local(|app| async move {
        let id = app.badge(BADGE, enora()).await;
        app.change_status(&id.to_string(), StatusChange::Revoke, "Wrong Enora")
            .await
            .unwrap();
        let mut tx = app.store().await.read().await.unwrap();
        let changes = tx.standing_changes(id).await.unwrap();
        assert_eq!(changes[0].reason.as_deref(), Some("Wrong Enora"));
        assert!(!format!("{:?}", tx.audit_of(id.0).await.unwrap()).contains("Enora"));
    });
}

#[test]
fn an_identifier_may_be_written_as_the_badge_writes_it() {
    with_a_badge(|app, id| async move {
        let changed = app
            .change_status(&id.urn(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        assert_eq!(changed.credential, id);
    });
}

#[test]
fn an_unknown_badge_is_not_found() {
    on_each_local(|app| async move {
        for id in ["6ba7b810-9dad-41d1-80b4-00c04fd430c8", "badge-1", ""] {
            let refused = app.change_status(id, StatusChange::Revoke, "a trial").await;
            assert!(
                matches!(refused, Err(Error::NotFound { what: "badge", .. })),
                "{refused:?}"
            );
        }
    });
}

/// What this installation says of a revoked badge from which somebody took the status.
async fn judged_without_status(app: &App) -> Report {
    let id = app.badge(BADGE, enora()).await;
    change(app, id, StatusChange::Revoke).await.unwrap();
    let mut forged = app.document(id).await;
    forged.as_object_mut().unwrap().remove("credentialStatus");
    let bytes = forged.to_string().into_bytes();
    app.verifier().verify(&bytes, None).await.unwrap()
}

#[test]
fn a_revoked_badge_whose_status_was_taken_away_is_no_longer_as_it_was_signed() {
    on_each_public(|app| async move {
        assert_fails(&judged_without_status(&app).await, CheckId::Proof);
    });
}

#[test]
fn a_revoked_badge_that_never_had_a_status_is_known_to_be_revoked() {
    on_each_local(|app| async move {
        assert_withdrawn(&judged_without_status(&app).await, "The badge is revoked");
    });
}

#[test]
fn what_was_revoked_is_issued_anew_only_when_that_is_asked_for() {
    with_a_badge(|app, id| async move {
        let ask = |how| app.issue_entry(None, BADGE, enora(), None, how);
        let fate = |dealt: &Dealt| dealt.awards[0].fate.clone();
        let again = ask(How::Again).await.unwrap();
        assert_eq!(fate(&again).id(), Some(id), "it still stands");
        change(&app, id, StatusChange::Revoke).await.unwrap();
        let once = ask(How::Once).await.unwrap();
        assert_eq!(fate(&once).id(), Some(id));
        let again = ask(How::Again).await.unwrap();
        let Fate::Issued { id: anew } = fate(&again) else {
            panic!("{again:?}")
        };
        assert_ne!(anew, id);
        assert_valid(&app.judged(anew).await);
        assert_withdrawn(&app.judged(id).await, "The badge is revoked");
    });
}
