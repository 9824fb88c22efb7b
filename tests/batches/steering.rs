//! A batch as a whole: paused, resumed, cancelled; waiting for what it needs; revoked.

use badgeons::services::Error;
use badgeons::services::batches::rows::RowOutcome;
use badgeons::services::batches::{FRESQUES, Roster, Withdrawn};

use super::{extract, foreseen, import, imported, registered, report, roster};
use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use badgeons::openbadges::verify::Verdict;

const BADGE: &str = "participant-fresque-climat";
const TWO: &str = "Nom;Courriel\nEnora;enora@example.org\nGwenn;gwenn@example.org\n";

/// A roster that is kept, and not worked on.
async fn received(app: &App, achievement: &str, text: &str) -> String {
    let roster = roster(achievement, text.as_bytes());
    app.receive_roster(None, roster).await.unwrap().to_string()
}

#[track_caller]
fn assert_conflict<T: std::fmt::Debug>(outcome: Result<T, Error>, because: &str) {
    match outcome {
        Err(Error::Conflict(told)) => assert!(told.contains(because), "{told}"),
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn a_batch_that_is_paused_waits_until_it_is_resumed() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        assert_conflict(app.resume_batch(&id).await, "running");
        assert_eq!(app.pause_batch(&id).await.unwrap().state, "paused");
        assert_conflict(app.pause_batch(&id).await, "paused");
        let working = tokio::spawn({
            let app = app.clone();
            async move { app.work_on_batches().await }
        });
        // Whoever works is woken by another batch, and leaves this one alone.
        let other = received(&app, FRESQUES, &extract()).await;
        while app.batch(&other).await.unwrap().state != "done" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(
            (
                app.batch(&id).await.unwrap().rows_done,
                registered(&app).await
            ),
            (0, 2)
        );
        assert_eq!(app.resume_batch(&id).await.unwrap().state, "running");
        while app.batch(&id).await.unwrap().state != "done" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        working.abort();
        assert_eq!(registered(&app).await, 4);
    });
}

#[test]
fn whoever_imports_a_paused_roster_again_resumes_it() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        app.pause_batch(&id).await.unwrap();
        let told = report(&app, BADGE, TWO.as_bytes()).await;
        assert_eq!((told.batch.to_string(), told.state), (id, "done"));
        assert_eq!(told.dealt.counts.issued, 2);
    });
}

#[test]
fn a_batch_that_is_cancelled_issues_nothing_and_the_same_file_issues_the_rest() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        let cancelled = app.cancel_batch(&id).await.unwrap();
        assert_eq!(cancelled.state, "cancelled");
        assert!(cancelled.finished_at.is_some());
        for again in [
            app.cancel_batch(&id).await,
            app.resume_batch(&id).await,
            app.pause_batch(&id).await,
        ] {
            assert_conflict(again, "cancelled");
        }
        let rows = app.batch_rows(&id, None, None, 9).await.unwrap().rows;
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.outcome == RowOutcome::Cancelled));
        assert_eq!(registered(&app).await, 0);
        let told = report(&app, BADGE, TWO.as_bytes()).await;
        assert_ne!(told.batch.to_string(), id);
        assert_eq!(told.dealt.counts.issued, 2);
        assert_conflict(app.cancel_batch(&told.batch.to_string()).await, "done");
    });
}

#[test]
fn steering_is_in_the_audit_log() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        app.pause_batch(&id).await.unwrap();
        app.resume_batch(&id).await.unwrap();
        app.cancel_batch(&id).await.unwrap();
        app.cancel_batch(&id).await.unwrap_err();
        let parsed: badgeons::ids::BatchId = id.parse().unwrap();
        let mut tx = app.store().await.read().await.unwrap();
        let entries = tx.audit_of(parsed.0).await.unwrap();
        let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(
            actions,
            ["batch.begin", "batch.pause", "batch.resume", "batch.cancel"]
        );
    });
}

#[test]
fn a_batch_that_is_not_there_is_not_found() {
    on_each_local(|app| async move {
        for id in ["6ba7b810-9dad-41d1-80b4-00c04fd430c8", "nonsense"] {
            for outcome in [
                app.batch(id).await.map(drop),
                app.pause_batch(id).await.map(drop),
                app.cancel_batch(id).await.map(drop),
                app.batch_rows(id, None, None, 9).await.map(drop),
                app.revoke_batch(id, "x", |_| ()).await.map(drop),
                app.erase_batch(id, |_| ()).await.map(drop),
            ] {
                assert!(
                    matches!(outcome, Err(Error::NotFound { what: "batch", .. })),
                    "{outcome:?}"
                );
            }
        }
    });
}

#[test]
fn the_same_file_for_the_same_badges_is_one_batch_while_it_is_on_its_way() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        assert_eq!(received(&app, BADGE, TWO).await, id);
        app.pause_batch(&id).await.unwrap();
        assert_eq!(received(&app, BADGE, TWO).await, id, "also while it waits");
        let dry = Roster {
            dry_run: true,
            ..roster(BADGE, TWO.as_bytes())
        };
        let dry = app.receive_roster(None, dry).await.unwrap().to_string();
        let others = [
            dry,
            received(&app, "participant-fresque-oceane", TWO).await,
            received(&app, BADGE, &TWO.replace("Gwenn", "Gwen")).await,
        ];
        assert!(others.iter().all(|other| *other != id), "{others:?}");
        let told = report(&app, BADGE, TWO.as_bytes()).await;
        assert_eq!(told.batch.to_string(), id);
        assert_ne!(received(&app, BADGE, TWO).await, id, "it is done");
    });
}

#[test]
fn a_badge_that_is_put_away_in_mid_batch_has_it_wait_and_it_goes_on_after() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        app.archive_achievement(None, BADGE, true).await.unwrap();
        let refused = import(&app, roster(BADGE, TWO.as_bytes())).await;
        let told = app.batch(&id).await.unwrap();
        assert_eq!((told.state, told.rows_done), ("running", 0));
        let trouble = told.trouble.unwrap();
        assert!(
            trouble.contains(BADGE) || trouble.contains("archived"),
            "{trouble}"
        );
        assert_conflict(refused, &trouble);
        assert_eq!(registered(&app).await, 0);
        app.archive_achievement(None, BADGE, false).await.unwrap();
        let report = report(&app, BADGE, TWO.as_bytes()).await;
        assert_eq!(
            (report.batch.to_string(), report.state),
            (id.clone(), "done")
        );
        assert_eq!(report.dealt.counts.issued, 2);
        assert_eq!(app.batch(&id).await.unwrap().trouble, None);
    });
}

#[test]
fn one_batch_with_trouble_keeps_no_other_waiting() {
    on_each_local(|app| async move {
        let stuck = received(&app, BADGE, TWO).await;
        app.archive_achievement(None, BADGE, true).await.unwrap();
        let other = "participant-fresque-oceane";
        assert_eq!(imported(&app, other, TWO.as_bytes()).await.counts.issued, 2);
        assert_eq!(app.batch(&stuck).await.unwrap().state, "running");
    });
}

#[test]
fn every_badge_that_a_batch_issued_is_revoked_and_no_other() {
    on_each_public(|app| async move {
        let before = "Nom;Courriel\nEnora;enora@example.org\n";
        let kept = imported(&app, BADGE, before.as_bytes()).await.awards[0]
            .fate
            .id()
            .unwrap();
        let told = report(&app, BADGE, TWO.as_bytes()).await;
        assert_eq!(
            (told.dealt.counts.issued, told.dealt.counts.already_issued),
            (1, 1)
        );
        let id = told.batch.to_string();
        let done = std::cell::Cell::new(0);
        let withdrawn = app
            .revoke_batch(&id, "a trial", |n| done.set(n))
            .await
            .unwrap();
        let expected = Withdrawn {
            changed: 1,
            were_so_already: 0,
        };
        assert_eq!((withdrawn, done.get()), (expected, 1));
        let revoked = told.dealt.awards[1].fate.id().unwrap();
        assert_eq!(app.judged(revoked).await.verdict, Verdict::Invalid);
        assert_valid(&app.judged(kept).await);
        let again = app.revoke_batch(&id, "a trial", |_| ()).await.unwrap();
        assert_eq!((again.changed, again.were_so_already), (0, 1));
        let mut tx = app.store().await.read().await.unwrap();
        let entries = tx.audit_of(revoked.0).await.unwrap();
        assert_eq!(entries.last().unwrap().action, "credential.revoke");
        let changes = tx.standing_changes(revoked).await.unwrap();
        assert_eq!(changes[0].reason.as_deref(), Some("a trial"));
    });
}

#[test]
fn what_has_not_ended_is_neither_revoked_nor_erased() {
    on_each_local(|app| async move {
        let id = received(&app, BADGE, TWO).await;
        assert_conflict(app.revoke_batch(&id, "x", |_| ()).await, "has not ended");
        assert_conflict(app.erase_batch(&id, |_| ()).await, "has not ended");
        app.cancel_batch(&id).await.unwrap();
        assert_eq!(
            app.revoke_batch(&id, "x", |_| ()).await.unwrap(),
            Withdrawn::default()
        );
    });
}

#[test]
fn batches_are_listed_the_latest_first_with_what_became_of_them() {
    on_each_local(|app| async move {
        report(&app, BADGE, TWO.as_bytes()).await;
        foreseen(&app, FRESQUES, extract().as_bytes()).await;
        let id = received(&app, FRESQUES, &extract()).await;
        let all = app.batches(None, None, 9).await.unwrap();
        let told: Vec<_> = all
            .iter()
            .map(|it| {
                (
                    it.achievement.as_str(),
                    it.state,
                    it.dry_run,
                    it.rows_done,
                    it.counts.issued,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (FRESQUES, "running", false, 0, 0),
                (FRESQUES, "done", true, 5, 2),
                (BADGE, "done", false, 2, 2),
            ]
        );
        assert_eq!(all[0].id.to_string(), id);
        let page = app.batches(None, Some(all[0].position), 1).await.unwrap();
        assert_eq!(page.iter().map(|it| it.id).collect::<Vec<_>>(), [all[1].id]);
    });
}
