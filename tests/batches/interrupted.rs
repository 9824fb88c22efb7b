//! A batch is kept: whoever dies over it, another brings it to its end, and each badge is made once.

use std::collections::BTreeSet;
use std::time::Duration as Wait;

use badgeons::ids::BatchId;
use badgeons::services::Error;
use badgeons::services::batches::FRESQUES;
use badgeons::services::batches::rows::RowOutcome;
use badgeons::store::CredentialFilter;
use time::Duration;

use super::across_parts::two_parts;
use super::{extract, import, registered, report, roster};
use crate::harness::app::{App, NOW, on_each_local, on_each_public};
use crate::issuing::RunsOut;

const ENORA: &str = "Enora;Du Prototype;enora@example.org;Fresque du Climat;participante;oui";
const GWENN: &str = "Gwenn;Le Gabarit;gwenn@example.org;Fresque du Climat;participant;oui";

/// Somebody takes up a part and is never seen again.
async fn hold_and_die(app: &App, batch: BatchId) {
    let mut tx = app.store().await.write().await.unwrap();
    let held = tx
        .hold_parts(batch, 1, NOW, NOW + Duration::seconds(30))
        .await
        .unwrap();
    assert_eq!(held[0].number, 0);
    tx.commit().await.unwrap();
}

#[test]
fn a_part_of_a_dead_worker_is_taken_up_after_its_time_and_not_before() {
    on_each_public(|app| async move {
        let text = two_parts(&[ENORA], &[GWENN]);
        let received = app
            .receive_roster(None, roster(FRESQUES, text.as_bytes()))
            .await
            .unwrap();
        hold_and_die(&app, received).await;
        let waiting = import(&app, roster(FRESQUES, text.as_bytes()));
        let waiting = tokio::time::timeout(Wait::from_secs(3), waiting).await;
        assert!(waiting.is_err(), "somebody else has a part of it");
        assert_eq!(
            registered(&app).await,
            1,
            "the other part is issued meanwhile"
        );

        let later = app.at(NOW + Duration::seconds(31)).await;
        let told = report(&later, FRESQUES, text.as_bytes()).await;
        assert_eq!((told.batch, told.state), (received, "done"));
        assert_eq!(told.dealt.counts.issued, 2);
        assert_eq!(registered(&app).await, 2);
    });
}

#[test]
fn wherever_a_batch_stops_it_goes_on_and_each_badge_is_made_once() {
    on_each_public(|app| async move {
        let text = extract();
        let mut stops = BTreeSet::new();
        for draws in 0.. {
            // What is held by a worker that stopped is nobody's after a while.
            let minutes = Duration::minutes(i64::try_from(draws).unwrap());
            let later = app.at(NOW + minutes).await;
            let stopped = later.with_entropy(RunsOut::after(draws)).await;
            let Err(error) = import(&stopped, roster(FRESQUES, text.as_bytes())).await else {
                break;
            };
            match error {
                // While it was read: nothing is on its way then.
                Error::Internal(_) => stops.insert("reading"),
                Error::Conflict(told) => {
                    assert!(told.contains("tried again every few seconds"), "{told}");
                    stops.insert("issuing")
                }
                other => panic!("{other:?}"),
            };
            assert_eq!(registered(&app).await, 0, "nothing is half stored");
            assert!(draws < 50, "it never comes to its end");
        }
        assert!(stops.into_iter().eq(["issuing", "reading"]));
        assert_eq!(registered(&app).await, 2);
        let mut tx = app.store().await.read().await.unwrap();
        let mut places = BTreeSet::new();
        for badge in tx
            .credentials(&CredentialFilter::default(), None, 9)
            .await
            .unwrap()
        {
            let slots = tx.status_slots(badge.id).await.unwrap();
            assert_eq!(slots.len(), 1);
            places.extend(slots);
        }
        assert_eq!(places.len(), 2);
    });
}

#[test]
fn what_stopped_goes_on_as_the_same_batch() {
    on_each_local(|app| async move {
        let text = extract();
        let received = app
            .receive_roster(None, roster(FRESQUES, text.as_bytes()))
            .await
            .unwrap();
        let stopped = app.with_entropy(RunsOut::after(0)).await;
        let id = received.to_string();
        import(&stopped, roster(FRESQUES, text.as_bytes()))
            .await
            .unwrap_err();
        let batch = app.batch(&id).await.unwrap();
        assert_eq!((batch.state, batch.rows_done), ("running", 0));
        assert!(batch.trouble.is_some());
        let waiting = app
            .batch_rows(&id, Some(RowOutcome::Waiting), None, 9)
            .await
            .unwrap();
        assert_eq!(waiting.rows.len(), 5);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!((told.batch, told.state), (received, "done"));
        assert_eq!(app.batch(&id).await.unwrap().trouble, None);
    });
}

#[test]
fn eight_who_import_the_same_roster_at_once_make_each_badge_once() {
    on_each_public(|app| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let app = app.clone();
            tasks.spawn(async move { report(&app, FRESQUES, extract().as_bytes()).await });
        }
        let all = tasks.join_all().await;
        let batches: BTreeSet<_> = all.iter().map(|told| told.batch).collect();
        let issued: usize = batches
            .iter()
            .filter_map(|batch| all.iter().find(|told| told.batch == *batch))
            .map(|told| told.dealt.counts.issued)
            .sum();
        assert_eq!(issued, 2, "of all batches together");
        let made: BTreeSet<_> = all
            .iter()
            .flat_map(|told| told.dealt.awards.iter().map(|award| award.fate.id()))
            .collect();
        assert_eq!((made.len(), registered(&app).await), (2, 2));
    });
}

#[test]
fn whoever_works_on_batches_brings_them_to_their_end() {
    on_each_local(|app| async move {
        let working = tokio::spawn({
            let app = app.clone();
            async move { app.work_on_batches().await }
        });
        for text in [extract(), two_parts(&[ENORA], &[GWENN])] {
            let roster = roster(FRESQUES, text.as_bytes());
            let id = app.receive_roster(None, roster).await.unwrap().to_string();
            let done = async {
                while app.batch(&id).await.unwrap().state != "done" {
                    tokio::time::sleep(Wait::from_millis(50)).await;
                }
            };
            tokio::time::timeout(Wait::from_mins(1), done)
                .await
                .unwrap();
        }
        working.abort();
        assert_eq!(registered(&app).await, 4);
    });
}
