use badgeons::ids::BatchId;
use badgeons::store::{BatchState, NewBatch, NewPart};

use super::*;

/// A roster to be entered.
pub(super) fn new_batch(id: BatchId, issuer: IssuerId) -> NewBatch<'static> {
    NewBatch {
        id,
        issuer,
        digest: [5; 32],
        name: "fresquathon.csv",
        dry_run: false,
        asked: r#"{"achievement":"fresques"}"#,
        actor: "cli",
        request: Some("r-1"),
        at: NOW,
    }
}

/// Enters a roster in a transaction of its own.
pub(super) async fn entered(world: &World) -> BatchId {
    let id = BatchId::mint(&SystemEntropy).unwrap();
    let mut tx = world.store.write().await.unwrap();
    tx.insert_batch(&new_batch(id, world.issuer)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[test]
fn a_batch_reads_back_as_it_was_asked_for() {
    in_each_world(|world| async move {
        let id = entered(&world).await;
        let mut tx = world.store.read().await.unwrap();
        let batch = tx.batch(id).await.unwrap().unwrap();
        assert_eq!(
            (batch.digest, batch.name.as_str(), batch.issuer_id),
            ([5; 32], "fresquathon.csv", world.issuer)
        );
        assert_eq!((batch.state, batch.dry_run), (BatchState::Receiving, false));
        assert_eq!(
            batch.asked.as_deref(),
            Some(r#"{"achievement":"fresques"}"#)
        );
        assert_eq!(
            (batch.actor.as_deref(), batch.request.as_deref()),
            (Some("cli"), Some("r-1"))
        );
        assert_eq!((batch.reading, batch.trouble), (None, None));
        assert_eq!((batch.started_at, batch.finished_at), (NOW, None));
        let nothing = BatchId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.batch(nothing).await.unwrap(), None);
    });
}

#[test]
fn a_batch_starts_once_and_only_when_it_is_being_received() {
    in_each_world(|world| async move {
        let id = entered(&world).await;
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.start_batch(id, "{}").await.unwrap());
        assert!(!tx.start_batch(id, "other").await.unwrap());
        let batch = tx.batch(id).await.unwrap().unwrap();
        assert_eq!(
            (batch.state, batch.reading.as_deref()),
            (BatchState::Running, Some("{}"))
        );
    });
}

#[test]
fn a_batch_comes_only_from_the_states_it_can_come_from_and_ends_once() {
    in_each_world(|world| async move {
        let id = entered(&world).await;
        let (running, paused) = (BatchState::Running, BatchState::Paused);
        let mut tx = world.store.write().await.unwrap();
        assert!(
            !tx.move_batch(id, &[running, paused], BatchState::Done, LATER)
                .await
                .unwrap()
        );
        assert!(tx.start_batch(id, "{}").await.unwrap());
        assert!(tx.move_batch(id, &[running], paused, LATER).await.unwrap());
        assert!(!tx.move_batch(id, &[running], paused, LATER).await.unwrap());
        let batch = tx.batch(id).await.unwrap().unwrap();
        assert_eq!((batch.state, batch.finished_at), (paused, None));
        assert!(
            tx.move_batch(id, &[running, paused], BatchState::Cancelled, LATER)
                .await
                .unwrap()
        );
        let batch = tx.batch(id).await.unwrap().unwrap();
        assert_eq!(
            (batch.state, batch.finished_at),
            (BatchState::Cancelled, Some(LATER))
        );
        assert!(
            !tx.move_batch(id, &[running, paused], BatchState::Done, NOW)
                .await
                .unwrap()
        );
    });
}

#[test]
fn trouble_is_told_until_it_is_over() {
    in_each_world(|world| async move {
        let id = entered(&world).await;
        let mut tx = world.store.write().await.unwrap();
        for trouble in [Some("no key"), Some("no key"), Some("no badge"), None, None] {
            tx.trouble_batch(id, trouble).await.unwrap();
            let batch = tx.batch(id).await.unwrap().unwrap();
            assert_eq!(batch.trouble.as_deref(), trouble);
        }
        tx.start_batch(id, "{}").await.unwrap();
        tx.trouble_batch(id, Some("no key")).await.unwrap();
        let running = [BatchState::Running];
        tx.move_batch(id, &running, BatchState::Cancelled, NOW)
            .await
            .unwrap();
        assert_eq!(tx.batch(id).await.unwrap().unwrap().trouble, None);
    });
}

#[test]
fn the_latest_batch_comes_first_and_each_issuer_has_its_own() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(entered(&world).await);
        }
        let theirs = entered(&other).await;
        let mut tx = world.store.read().await.unwrap();
        let first = tx.batches(Some(world.issuer), None, 2).await.unwrap();
        assert_eq!(
            first.iter().map(|it| it.id).collect::<Vec<_>>(),
            [ids[2], ids[1]]
        );
        let before = Some(first[1].position);
        let rest = tx.batches(Some(world.issuer), before, 2).await.unwrap();
        assert_eq!(rest.iter().map(|it| it.id).collect::<Vec<_>>(), [ids[0]]);
        let all = tx.batches(None, None, 10).await.unwrap();
        assert_eq!((all.len(), all[0].id), (4, theirs));
    });
}

#[test]
fn batches_are_found_by_their_state_the_first_first() {
    in_each_world(|world| async move {
        let (one, two) = (entered(&world).await, entered(&world).await);
        let mut tx = world.store.write().await.unwrap();
        let ids = |found: Vec<badgeons::store::Batch>| -> Vec<_> {
            found.iter().map(|batch| batch.id).collect()
        };
        let receiving = BatchState::Receiving;
        assert_eq!(ids(tx.batches_in(receiving).await.unwrap()), [one, two]);
        tx.start_batch(one, "{}").await.unwrap();
        assert_eq!(ids(tx.batches_in(receiving).await.unwrap()), [two]);
        assert_eq!(
            ids(tx.batches_in(BatchState::Running).await.unwrap()),
            [one]
        );
    });
}

#[test]
fn a_batch_of_nobody_is_refused() {
    in_each_world(|world| async move {
        let id = BatchId::mint(&SystemEntropy).unwrap();
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx.insert_batch(&new_batch(id, nobody)).await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}

#[test]
fn rows_are_to_be_forgotten_of_what_ended_before_an_instant_and_still_has_some() {
    in_each_world(|world| async move {
        let (early, late, open, empty) = (
            entered(&world).await,
            entered(&world).await,
            entered(&world).await,
            entered(&world).await,
        );
        let mut tx = world.store.write().await.unwrap();
        for (id, ended) in [(early, Some(NOW)), (late, Some(LATER)), (open, None)] {
            let part = NewPart {
                number: 0,
                first_row: 2,
                row_count: 1,
                rows: b"rows".to_vec(),
            };
            tx.insert_part(id, &part).await.unwrap();
            if let Some(at) = ended {
                let from = [BatchState::Receiving];
                tx.move_batch(id, &from, BatchState::Cancelled, at)
                    .await
                    .unwrap();
            }
        }
        let from = [BatchState::Receiving];
        tx.move_batch(empty, &from, BatchState::Cancelled, NOW)
            .await
            .unwrap();
        assert_eq!(tx.batches_to_forget(NOW).await.unwrap(), []);
        assert_eq!(tx.batches_to_forget(LATER).await.unwrap(), [early]);
        let long_after = LATER + time::Duration::days(1);
        assert_eq!(
            tx.batches_to_forget(long_after).await.unwrap(),
            [early, late]
        );
        assert_eq!(tx.forget_parts(early).await.unwrap(), 1);
        assert_eq!(tx.batches_to_forget(long_after).await.unwrap(), [late]);
    });
}

#[test]
fn the_badges_of_a_batch_are_read_a_few_at_a_time() {
    in_each_world(|world| async move {
        let batch = entered(&world).await;
        let of = |key, batch| NewAward {
            batch,
            ..world.award(key)
        };
        let awards = [
            of(1, Some(batch)),
            of(2, None),
            of(3, Some(batch)),
            of(4, Some(batch)),
        ];
        let ids = world.issue(awards).await;
        let mut tx = world.store.write().await.unwrap();
        let first = tx.badges_of_batch(batch, 0, 2).await.unwrap();
        assert_eq!(
            first.iter().map(|(_, id)| *id).collect::<Vec<_>>(),
            [ids[0], ids[2]]
        );
        let rest = tx.badges_of_batch(batch, first[1].0, 2).await.unwrap();
        assert_eq!(rest.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [ids[3]]);
        assert!(tx.erase(ids[3], NOW).await.unwrap());
        let rest = tx.badges_of_batch(batch, first[1].0, 2).await.unwrap();
        assert_eq!(rest, [], "what is erased is of no batch");
    });
}
