//! What became of each row, by outcome and page by page.

use badgeons::services::Error;
use badgeons::services::batches::rows::{RowOutcome, RowTold};
use badgeons::services::batches::{FRESQUES, Fate};

use super::across_parts::two_parts;
use super::{extract, foreseen, report};
use crate::harness::app::{App, on_each_local};

async fn rows(app: &App, batch: &str, outcome: Option<RowOutcome>) -> Vec<RowTold> {
    let page = app.batch_rows(batch, outcome, None, 10_000).await.unwrap();
    assert_eq!(page.next, None);
    page.rows
}

fn numbers(rows: &[RowTold]) -> Vec<u32> {
    rows.iter().map(|row| row.row).collect()
}

#[test]
fn each_row_is_told_with_its_badge_or_with_what_is_to_be_corrected() {
    on_each_local(|app| async move {
        let told = report(&app, FRESQUES, extract().as_bytes()).await;
        let batch = told.batch.to_string();
        let all = rows(&app, &batch, None).await;
        assert_eq!(numbers(&all), [2, 3, 4, 5, 6], "in the order of the file");
        let issued = rows(&app, &batch, Some(RowOutcome::Issued)).await;
        let ids: Vec<_> = issued.iter().map(|row| row.badges[0].id).collect();
        let expected: Vec<_> = told
            .dealt
            .awards
            .iter()
            .map(|award| award.fate.id())
            .collect();
        assert_eq!(ids, expected);
        assert_eq!(issued[0].badges[0].achievement, "animateur-fresque");
        assert_eq!(
            &issued[0].cells[..3],
            ["Enora", "Du Prototype", "personne001@example.org"]
        );
        let wrong = rows(&app, &batch, Some(RowOutcome::ToCorrect)).await;
        let rules: Vec<_> = wrong
            .iter()
            .map(|row| row.corrections[0].rule.as_str())
            .collect();
        assert_eq!(rules, ["email.missing", "email.syntax", "workshop.unknown"]);
        assert!(wrong.iter().all(|row| row.badges.is_empty()));
        for none in [
            RowOutcome::SetAside,
            RowOutcome::Refused,
            RowOutcome::Waiting,
        ] {
            assert_eq!(numbers(&rows(&app, &batch, Some(none)).await), [0; 0]);
        }
    });
}

#[test]
fn rows_that_were_issued_before_tell_the_standing_of_their_badges() {
    on_each_local(|app| async move {
        let first = report(&app, FRESQUES, extract().as_bytes()).await;
        app.revoke_batch(&first.batch.to_string(), "x", |_| ())
            .await
            .unwrap();
        let again = report(&app, FRESQUES, extract().as_bytes()).await;
        let batch = again.batch.to_string();
        let before = rows(&app, &batch, Some(RowOutcome::AlreadyIssued)).await;
        assert_eq!(before.len(), 2);
        assert!(
            before
                .iter()
                .all(|row| row.badges[0].standing == Some("revoked"))
        );
        assert!(
            rows(&app, &batch, Some(RowOutcome::Issued))
                .await
                .is_empty()
        );
    });
}

#[test]
fn a_dry_run_tells_which_rows_would_be_issued() {
    on_each_local(|app| async move {
        let told = foreseen(&app, FRESQUES, extract().as_bytes()).await;
        assert!(
            told.dealt
                .awards
                .iter()
                .all(|award| award.fate == Fate::WouldIssue)
        );
        let would = rows(&app, &told.batch.to_string(), Some(RowOutcome::WouldIssue)).await;
        assert_eq!(would.len(), 2);
        assert!(would.iter().all(|row| row.badges[0].id.is_none()));
    });
}

#[test]
fn rows_are_read_page_by_page_without_gaps_over_the_end_of_a_part() {
    on_each_local(|app| async move {
        let last = "Enora;Du Prototype;enora@example.org;Fresque du Climat;participante;oui";
        let text = two_parts(&[], &[last, last, last]);
        let batch = report(&app, FRESQUES, text.as_bytes())
            .await
            .batch
            .to_string();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = app.batch_rows(&batch, None, after, 90).await.unwrap();
            assert!(page.rows.len() <= 90);
            all.extend(numbers(&page.rows));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        assert!(all.into_iter().eq(2..=504));
        let late = app
            .batch_rows(&batch, Some(RowOutcome::SetAside), Some(500), 9)
            .await
            .unwrap();
        assert_eq!(numbers(&late.rows), [501, 503, 504]);
        assert!(late.rows[1].reason.as_ref().unwrap().contains("row 502"));
        let one = app
            .batch_rows(&batch, Some(RowOutcome::Issued), None, 1)
            .await
            .unwrap();
        assert_eq!((numbers(&one.rows), one.next), (vec![502], None));
        let past = app.batch_rows(&batch, None, Some(9_000), 9).await.unwrap();
        assert_eq!((numbers(&past.rows), past.next), (vec![], None));
    });
}

#[test]
fn an_unknown_outcome_is_answered_with_those_there_are() {
    let refused = "issue".parse::<RowOutcome>().unwrap_err();
    assert!(matches!(&refused, Error::Refused(told) if told.contains("already_issued")));
    let known = "to_correct".parse::<RowOutcome>().unwrap();
    assert_eq!(known, RowOutcome::ToCorrect);
}
