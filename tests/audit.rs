//! The audit log: every change is in it, and whoever touches it is found out.

use badgeons::services::access::{NewToken, Scope};
use badgeons::services::audit::{AuditReport, Broken, Entry, Noted};
use badgeons::services::standing::StatusChange;
use badgeons::services::{Actor, Error};
use badgeons::store::Store;

use crate::harness::app::{App, ISSUER, on_each_local};
use crate::harness::binary::Badgeons;
use crate::harness::rows::enora;
use crate::store::achievements::tamper;

async fn verified(app: &App) -> AuditReport {
    app.verify_audit(None).await.unwrap()
}

/// The same installation, in the hands of somebody who may write to its database and has not its
/// master key.
async fn opened_to_tampering(app: &App) -> Store {
    let store = app.store().await;
    let triggers: &[&'static str] = match store {
        Store::Sqlite { .. } => &[
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
            "DROP TRIGGER audit_head_no_delete",
        ],
        Store::Postgres(_) => &[
            "DROP TRIGGER audit_no_change ON audit",
            "DROP TRIGGER audit_head_no_delete ON audit_head",
        ],
    };
    for trigger in triggers {
        tamper(&store, trigger).await.unwrap();
    }
    store
}

async fn broken(app: &App) -> Broken {
    let report = verified(app).await;
    assert!(!report.whole);
    report.broken.unwrap()
}

fn actions(entries: &[Entry]) -> Vec<&str> {
    let mut actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    actions.reverse();
    actions
}

#[test]
fn every_change_is_noted_with_who_and_in_which_request() {
    on_each_local(|app| async move {
        let begun = verified(&app).await.entries;
        let actor = Actor {
            name: "token Inscriptions".into(),
            issuer: None,
            request: Some("req-12345678".into()),
        };
        let partner = app.acting_as(actor);
        let id = app.badge("participant-fresque-climat", enora()).await;
        for change in [
            StatusChange::Suspend,
            StatusChange::Reinstate,
            StatusChange::Revoke,
        ] {
            partner
                .change_status(&id.to_string(), change, "because")
                .await
                .unwrap();
        }
        partner.erase_credential(&id.to_string()).await.unwrap();
        let token = NewToken {
            name: "Atelier".into(),
            scopes: vec![Scope::CredentialsIssue],
            expires_at: None,
        };
        let made = partner.create_token(Some(ISSUER), token).await.unwrap();
        partner
            .revoke_token(&made.summary.id.to_string())
            .await
            .unwrap();
        let entries = app.audit_log(None, 7).await.unwrap();
        assert_eq!(
            actions(&entries),
            [
                "credential.issue",
                "credential.suspend",
                "credential.reinstate",
                "credential.revoke",
                "credential.erase",
                "token.create",
                "token.revoke",
            ]
        );
        assert_eq!(entries[0].actor, "token Inscriptions");
        assert_eq!(entries[0].request.as_deref(), Some("req-12345678"));
        assert_eq!(
            (entries[6].actor.as_str(), &entries[6].request),
            ("cli", &None)
        );
        assert!(!format!("{entries:?}").contains("nora"));
        let report = verified(&app).await;
        assert!(report.whole, "{report:?}");
        assert_eq!(report.entries, begun + 7);
    });
}

#[test]
fn the_log_reads_page_by_page() {
    on_each_local(|app| async move {
        let first = app.audit_log(None, 2).await.unwrap();
        let next = app.audit_log(Some(first[1].number), 2).await.unwrap();
        let numbers: Vec<_> = first.iter().chain(&next).map(|e| e.number).collect();
        let last = numbers[0];
        assert_eq!(numbers, [last, last - 1, last - 2, last - 3]);
    });
}

#[test]
fn the_log_is_not_for_those_who_act_for_one_issuer() {
    on_each_local(|app| async move {
        let actor = Actor {
            name: "token".into(),
            issuer: Some(app.issuer(None).await.unwrap().id),
            request: None,
        };
        let partner = app.acting_as(actor);
        for refused in [
            partner.audit_log(None, 1).await.map(drop),
            partner.verify_audit(None).await.map(drop),
        ] {
            assert!(
                matches!(
                    refused,
                    Err(Error::Forbidden {
                        scope: Scope::Operator
                    })
                ),
                "{refused:?}"
            );
        }
    });
}

#[test]
fn an_altered_entry_is_found_whatever_was_altered() {
    on_each_local(|app| async move {
        let store = opened_to_tampering(&app).await;
        // Each leaves a break before the one it made earlier.
        for (number, statement) in [
            (9, "UPDATE audit SET actor = 'nobody' WHERE number = 9"),
            (8, "UPDATE audit SET action = 'key.retire' WHERE number = 8"),
            (7, "UPDATE audit SET object_kind = 'key' WHERE number = 7"),
            (6, "UPDATE audit SET object_id = NULL WHERE number = 6"),
            (5, "UPDATE audit SET request = 'r' WHERE number = 5"),
            (
                4,
                "UPDATE audit SET at = (SELECT MAX(at) FROM audit a WHERE a.number <> 4), \
                 id = (SELECT object_id FROM audit a WHERE a.number = 3) WHERE number = 4",
            ),
            (
                3,
                "UPDATE audit SET hash = (SELECT hash FROM audit a WHERE a.number = 1) \
                 WHERE number = 3",
            ),
        ] {
            assert_eq!(tamper(&store, statement).await.unwrap(), 1, "{statement}");
            let broken = broken(&app).await;
            assert_eq!(broken.number, number, "{statement}");
            assert!(broken.reason.contains("altered"), "{broken:?}");
        }
        assert_eq!(verified(&app).await.entries, 2);
    });
}

#[test]
fn a_removed_entry_is_found() {
    on_each_local(|app| async move {
        let store = opened_to_tampering(&app).await;
        tamper(&store, "DELETE FROM audit WHERE number = 5")
            .await
            .unwrap();
        let found = broken(&app).await;
        assert_eq!((found.number, found.reason), (5, "it was removed"));
        // Numbered anew, the chain does not hold.
        tamper(&store, "UPDATE audit SET number = 5 WHERE number = 6")
            .await
            .unwrap();
        let found = broken(&app).await;
        assert_eq!(found.number, 5);
        assert!(found.reason.contains("altered"), "{found:?}");
    });
}

#[test]
fn entries_cut_off_at_the_end_are_found() {
    on_each_local(|app| async move {
        let store = opened_to_tampering(&app).await;
        let last = verified(&app).await.entries;
        assert_eq!(last, 49, "the issuer, its two keys and its 46 badges");
        tamper(&store, "DELETE FROM audit WHERE number > 40")
            .await
            .unwrap();
        let found = broken(&app).await;
        assert_eq!(found.number, 41);
        assert!(found.reason.contains("removed"), "{found:?}");
        // The head put back to what is left: the number and the hash are right, the seal can't be.
        tamper(
            &store,
            "UPDATE audit_head SET number = 40, \
             hash = (SELECT hash FROM audit WHERE number = 40)",
        )
        .await
        .unwrap();
        let found = broken(&app).await;
        assert_eq!(found.number, 41);
        assert!(found.reason.contains("head was altered"), "{found:?}");
        // Work goes on, and does not make it good.
        app.badge("participant-fresque-climat", enora()).await;
        let found = broken(&app).await;
        assert_eq!(found.number, 42);
        assert!(found.reason.contains("head was altered"), "{found:?}");
    });
}

#[test]
fn a_log_wiped_whole_is_found() {
    on_each_local(|app| async move {
        let store = opened_to_tampering(&app).await;
        tamper(&store, "DELETE FROM audit").await.unwrap();
        assert_eq!(broken(&app).await.number, 1);
        tamper(&store, "DELETE FROM audit_head").await.unwrap();
        let found = broken(&app).await;
        assert!(found.reason.contains("head was removed"), "{found:?}");
    });
}

#[test]
fn what_was_noted_elsewhere_must_still_be_there() {
    on_each_local(|app| async move {
        let last = verified(&app).await.last;
        app.badge("participant-fresque-climat", enora()).await;
        let report = app.verify_audit(Some(last)).await.unwrap();
        assert!(report.whole, "{report:?}");
        // A database put back to an earlier day is whole, and lacks what was noted later.
        let later: Noted = last.to_string().replacen("49:", "60:", 1).parse().unwrap();
        let other: Noted = last.to_string().replacen("49:", "48:", 1).parse().unwrap();
        for (noted, number) in [(later, 51), (other, 48)] {
            let report = app.verify_audit(Some(noted)).await.unwrap();
            assert_eq!(report.broken.unwrap().number, number);
        }
    });
}

#[test]
fn the_command_tells_by_its_exit_code() {
    let badgeons = Badgeons::initialised();
    let whole = badgeons.run(&["audit", "verify", "--json"]).succeeded();
    assert_eq!(whole.json()["whole"], true);
    let listed = badgeons.run(&["audit", "list", "--limit", "1", "--json"]);
    assert_eq!(
        listed.succeeded().json()[0]["action"],
        "achievement.publish"
    );
    let noted = whole.json()["last"]
        .as_str()
        .unwrap()
        .replacen("49:", "50:", 1);
    let ran = badgeons.run(&["audit", "verify", "--noted", &noted]);
    let told = String::from_utf8(ran.exits(3).stdout).unwrap();
    assert!(told.contains("Broken at entry 50"), "{told}");
}
