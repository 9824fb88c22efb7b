//! What the rows of a batch say of people goes when it should, and their badges stay as they are.

use badgeons::ids::BatchId;
use badgeons::services::Error;
use badgeons::services::batches::FRESQUES;
use badgeons::services::batches::rows::RowTold;
use badgeons::store::{BatchState, CredentialState, NewBatch, NewPart};
use time::Duration;

use super::across_parts::two_parts;
use super::{registered, report};
use crate::harness::app::{App, NOW, on_each_local};
use crate::harness::databases::on_disk;
use crate::harness::judging::assert_valid;

const ENORA: &str = "Enora;Du Prototype;enora@example.org;Fresque du Climat;animatrice;oui";
const AGAIN: &str = "Enora;Du Prototype;enora@example.org;Fresque Océane;animatrice;oui";
const GWENN: &str = "Gwenn;Le Gabarit;gwenn@example.org;Fresque du Climat;participant;oui";
const SHARED: &str = "Awen;Le Spécimen;enora@example.org;Fresque Océane;participant;oui";

async fn row(app: &App, batch: &str, number: u32) -> RowTold {
    let page = app
        .batch_rows(batch, None, Some(number - 1), 1)
        .await
        .unwrap();
    assert_eq!(page.rows[0].row, number);
    page.rows[0].clone()
}

#[track_caller]
fn assert_gone<T: std::fmt::Debug>(outcome: &Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::Gone { .. })), "{outcome:?}");
}

#[test]
fn of_an_erased_batch_nothing_of_the_rows_is_left() {
    on_each_local(|app| async move {
        let text =
            two_parts(&[ENORA, GWENN], &[AGAIN]).replace("Du Prototype", "Xanthippe-Never-Was");
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        let batch = told.batch.to_string();
        let done = std::cell::Cell::new(0);
        let withdrawn = app.erase_batch(&batch, |n| done.set(n)).await.unwrap();
        assert_eq!(
            (withdrawn.changed, withdrawn.were_so_already, done.get()),
            (2, 0, 2)
        );
        assert_gone(&app.batch_rows(&batch, None, None, 9).await);
        let mut tx = app.store().await.read().await.unwrap();
        for award in &told.dealt.awards {
            let id = award.fate.id().unwrap();
            let stone = tx.credential(id).await.unwrap().unwrap();
            assert_eq!(
                (stone.state, stone.batch_id),
                (CredentialState::Erased, None)
            );
            assert_eq!(tx.recipient(id).await.unwrap(), None);
        }
        let kept = tx.batch(told.batch).await.unwrap().unwrap();
        assert_eq!(kept.state, BatchState::Done);
        drop(tx);
        let left = on_disk(&app.settings.database);
        assert!(!left.windows(9).any(|window| window == b"Xanthippe"));
        assert_eq!(app.erase_batch(&batch, |_| ()).await.unwrap().changed, 0);
    });
}

#[test]
fn whoever_is_erased_is_erased_from_the_rows_that_speak_of_them_and_nobody_else_is() {
    on_each_local(|app| async move {
        let text = two_parts(&[ENORA, GWENN, ENORA], &[AGAIN, ENORA, SHARED, GWENN]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        let batch = told.batch.to_string();
        let about = [2, 4, 502, 503, 504];
        for number in about.into_iter().chain([3, 505]) {
            assert!(
                !row(&app, &batch, number).await.cells.is_empty(),
                "{number}"
            );
        }
        let enora = told.dealt.awards[0].fate.id().unwrap();
        assert!(app.erase_credential(&enora.to_string()).await.unwrap());
        for number in about {
            let row = row(&app, &batch, number).await;
            assert!(
                row.cells.is_empty(),
                "row {number} still says {:?}",
                row.cells
            );
            assert!(!format!("{row:?}").contains("example.org"), "{row:?}");
        }
        for number in [3, 505] {
            assert!(
                !row(&app, &batch, number).await.cells.is_empty(),
                "{number}"
            );
        }
        let again = app.roster_report(&batch).await.unwrap();
        assert_eq!(again.dealt.awards[0].recipient, "");
        assert_eq!(again.dealt.awards[1].recipient, "Gwenn Le Gabarit");
        assert!(!format!("{again:?}").contains("enora"));
    });
}

#[test]
fn the_rows_of_a_batch_that_ended_long_ago_are_forgotten_and_its_badges_stay() {
    on_each_local(|app| async move {
        let text = two_parts(&[ENORA, GWENN], &[]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        let batch = told.batch.to_string();
        let soon = app.at(NOW + Duration::days(89)).await;
        soon.forget_old_batches().await.unwrap();
        assert_eq!(row(&app, &batch, 2).await.cells[0], "Enora");
        let late = app.at(NOW + Duration::days(91)).await;
        late.forget_old_batches().await.unwrap();
        assert_gone(&app.batch_rows(&batch, None, None, 9).await);
        assert_eq!(registered(&app).await, 2);
        for award in &told.dealt.awards {
            assert_valid(&app.judged(award.fate.id().unwrap()).await);
        }
        assert_eq!(app.batch(&batch).await.unwrap().state, "done");
    });
}

#[test]
fn what_was_received_by_somebody_who_died_over_it_is_cancelled_and_forgotten() {
    on_each_local(|app| async move {
        let mut tx = app.store().await.write().await.unwrap();
        let batch = NewBatch {
            id: BatchId::mint(&badgeons::entropy::SystemEntropy).unwrap(),
            issuer: tx.issuers().await.unwrap()[0].id,
            digest: [0; 32],
            name: "x.csv",
            dry_run: false,
            asked: r#"{"achievement":"fresques","activity":null,"mapping":[]}"#,
            actor: "cli",
            request: None,
            at: NOW,
        };
        tx.insert_batch(&batch).await.unwrap();
        let part = NewPart {
            number: 0,
            first_row: 2,
            row_count: 1,
            rows: vec![0],
        };
        tx.insert_part(batch.id, &part).await.unwrap();
        tx.commit().await.unwrap();
        for (minutes, state, kept) in [(59, "receiving", true), (61, "cancelled", false)] {
            let then = app.at(NOW + Duration::minutes(minutes)).await;
            then.forget_old_batches().await.unwrap();
            assert_eq!(app.batch(&batch.id.to_string()).await.unwrap().state, state);
            let mut tx = app.store().await.read().await.unwrap();
            assert_eq!(tx.part_with(batch.id, 2).await.unwrap().is_some(), kept);
        }
    });
}
