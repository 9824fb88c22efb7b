use badgeons::ids::BatchId;
use badgeons::store::{HeldPart, NewPart, PartCounts, Progress, RowsThat};
use time::Duration;

use super::batches::entered;
use super::*;

const HELD: Duration = Duration::seconds(30);

/// A batch of three parts, of two rows each.
async fn with_parts(world: &World) -> BatchId {
    let batch = entered(world).await;
    let mut tx = world.store.write().await.unwrap();
    for number in 0..3_u8 {
        let part = NewPart {
            number: number.into(),
            first_row: 2 + 2 * u32::from(number),
            row_count: 2,
            rows: vec![number; 3],
        };
        tx.insert_part(batch, &part).await.unwrap();
    }
    tx.commit().await.unwrap();
    batch
}

async fn hold(world: &World, batch: BatchId, limit: u32, now: OffsetDateTime) -> Vec<HeldPart> {
    let mut tx = world.store.write().await.unwrap();
    let held = tx.hold_parts(batch, limit, now, now + HELD).await.unwrap();
    tx.commit().await.unwrap();
    held
}

async fn complete(world: &World, batch: BatchId, part: &HeldPart, counts: PartCounts) -> bool {
    let mut tx = world.store.write().await.unwrap();
    let done = tx
        .complete_part(batch, part, &counts, b"report")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    done
}

fn numbers(held: &[HeldPart]) -> Vec<i64> {
    let mut numbers: Vec<_> = held.iter().map(|part| part.number).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn parts_are_held_by_one_for_a_time_and_then_by_whoever_takes_them_up() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let first = hold(&world, batch, 2, NOW).await;
        assert_eq!(numbers(&first), [0, 1], "the first first");
        assert!(first.iter().all(|part| part.attempt == 1));
        assert!(
            first
                .iter()
                .all(|part| i64::from(part.rows[0]) == part.number)
        );
        assert_eq!(numbers(&hold(&world, batch, 9, NOW).await), [2]);
        assert_eq!(
            hold(&world, batch, 9, NOW + HELD).await,
            [],
            "their time is not over"
        );
        let again = hold(&world, batch, 9, NOW + HELD + Duration::SECOND).await;
        assert_eq!(numbers(&again), [0, 1, 2]);
        assert!(again.iter().all(|part| part.attempt == 2));
        // Whoever was slow has lost it.
        assert!(!complete(&world, batch, &first[0], PartCounts::default()).await);
        let taken = again
            .iter()
            .find(|part| part.number == first[0].number)
            .unwrap();
        assert!(complete(&world, batch, taken, PartCounts::default()).await);
        assert!(
            !complete(&world, batch, taken, PartCounts::default()).await,
            "once"
        );
    });
}

#[test]
fn of_many_who_take_parts_at_once_each_gets_its_own() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let world = world.clone();
            tasks.spawn(async move { hold(&world, batch, 1, NOW).await });
        }
        let all = tasks.join_all().await.concat();
        assert_eq!(numbers(&all), [0, 1, 2]);
    });
}

#[test]
fn a_part_that_is_let_go_is_taken_up_at_once() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let first = hold(&world, batch, 2, NOW).await;
        let without: Vec<_> = first.iter().map(HeldPart::without_rows).collect();
        assert!(without.iter().all(|part| part.rows.is_empty()));
        let mut tx = world.store.write().await.unwrap();
        tx.hold_until(batch, &without[..1], None).await.unwrap();
        tx.hold_until(batch, &[], None).await.unwrap();
        tx.commit().await.unwrap();
        let released = without[0].number;
        assert_eq!(numbers(&hold(&world, batch, 9, NOW).await), [released, 2]);
        // Who let it go lets nobody else's go.
        let mut tx = world.store.write().await.unwrap();
        tx.hold_until(batch, &without[..1], None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(hold(&world, batch, 9, NOW).await, []);
    });
}

#[test]
fn nobody_takes_more_parts_than_asked_for_however_many_there_are() {
    in_each_world(|world| async move {
        let batch = entered(&world).await;
        let mut tx = world.store.write().await.unwrap();
        for number in 0..120_u8 {
            let part = NewPart {
                number: number.into(),
                first_row: 2 + u32::from(number),
                row_count: 1,
                rows: vec![number; 3_000],
            };
            tx.insert_part(batch, &part).await.unwrap();
        }
        tx.commit().await.unwrap();
        for first in [0, 3, 6] {
            let held = hold(&world, batch, 3, NOW).await;
            assert_eq!(numbers(&held), [first, first + 1, first + 2]);
        }
    });
}

#[test]
fn parts_that_nobody_holds_are_counted() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let waiting = async |now| {
            let mut tx = world.store.write().await.unwrap();
            tx.waiting_parts(batch, now).await.unwrap()
        };
        assert_eq!(waiting(NOW).await, 3);
        let held = hold(&world, batch, 2, NOW).await;
        assert_eq!(waiting(NOW).await, 1);
        assert!(complete(&world, batch, &held[0], PartCounts::default()).await);
        assert_eq!(waiting(NOW + HELD + Duration::SECOND).await, 2);
    });
}

#[test]
fn whoever_holds_on_to_parts_waits_for_nobody_who_completes_one() {
    in_each_world(|world| async move {
        // SQLite has one writer.
        if matches!(world.store, Store::Sqlite { .. }) {
            return;
        }
        let batch = with_parts(&world).await;
        let held = hold(&world, batch, 2, NOW).await;
        let mut completing = world.store.write().await.unwrap();
        let counts = PartCounts::default();
        let done = completing.complete_part(batch, &held[0], &counts, b"report");
        assert!(done.await.unwrap());
        let mut holding_on = world.store.write().await.unwrap();
        let until = Some(NOW + HELD + HELD);
        let held_on = holding_on.hold_until(batch, &held, until);
        let patience = std::time::Duration::from_secs(10);
        let held_on = tokio::time::timeout(patience, held_on).await;
        held_on.expect("it waits").unwrap();
        holding_on.commit().await.unwrap();
        completing.commit().await.unwrap();
        let later = NOW + HELD + Duration::SECOND;
        assert_eq!(numbers(&hold(&world, batch, 9, later).await), [2]);
    });
}

#[test]
fn how_far_a_batch_has_come_is_counted() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let nothing_done = Progress {
            parts: 3,
            rows: 6,
            ..Progress::default()
        };
        let progress = async |id| {
            world
                .store
                .read()
                .await
                .unwrap()
                .progress(id)
                .await
                .unwrap()
        };
        assert_eq!(progress(batch).await, nothing_done);
        let counts = PartCounts {
            issued: 1,
            already_issued: 2,
            rows_issued: 3,
            rows_already: 4,
            rows_to_correct: 5,
            rows_set_aside: 6,
            rows_refused: 7,
        };
        for part in hold(&world, batch, 2, NOW).await {
            assert!(complete(&world, batch, &part, counts).await);
        }
        let expected = Progress {
            parts: 3,
            parts_done: 2,
            rows: 6,
            rows_done: 4,
            counts: PartCounts {
                issued: 2,
                already_issued: 4,
                rows_issued: 6,
                rows_already: 8,
                rows_to_correct: 10,
                rows_set_aside: 12,
                rows_refused: 14,
            },
        };
        assert_eq!(progress(batch).await, expected);
        let mut tx = world.store.read().await.unwrap();
        assert!(tx.has_open_parts(batch).await.unwrap());
        drop(tx);
        let last = hold(&world, batch, 2, NOW).await;
        complete(&world, batch, &last[0], counts).await;
        tx = world.store.read().await.unwrap();
        assert!(!tx.has_open_parts(batch).await.unwrap());
        let other = entered(&World::named(world.store.clone(), "other").await).await;
        assert_eq!(progress(other).await, Progress::default());
    });
}

#[test]
fn parts_are_found_by_what_became_of_their_rows() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let none = PartCounts::default();
        let ways = [
            (
                RowsThat::WereIssued,
                PartCounts {
                    rows_issued: 1,
                    ..none
                },
            ),
            (
                RowsThat::WereIssuedBefore,
                PartCounts {
                    rows_already: 1,
                    ..none
                },
            ),
            (
                RowsThat::NeedCorrection,
                PartCounts {
                    rows_to_correct: 1,
                    ..none
                },
            ),
            (
                RowsThat::WereSetAside,
                PartCounts {
                    rows_set_aside: 1,
                    ..none
                },
            ),
            (
                RowsThat::WereRefused,
                PartCounts {
                    rows_refused: 1,
                    ..none
                },
            ),
        ];
        for (way, counts) in ways {
            let batch = with_parts(&world).await;
            let mut held = hold(&world, batch, 3, NOW).await;
            held.sort_by_key(|part| part.number);
            complete(&world, batch, &held[0], none).await;
            complete(&world, batch, &held[1], counts).await;
            let mut tx = world.store.read().await.unwrap();
            for (that, expected) in ways.map(|(that, _)| (that, (that == way).then_some(1))) {
                let found = tx.part_from(batch, 0, that).await.unwrap();
                assert_eq!(found.map(|part| part.number), expected, "{way:?} {that:?}");
            }
            let waits = tx
                .part_from(batch, 0, RowsThat::Wait)
                .await
                .unwrap()
                .unwrap();
            assert_eq!((waits.number, waits.report), (2, None));
            assert_eq!(tx.part_from(batch, 2, way).await.unwrap(), None);
        }
        let mut tx = world.store.read().await.unwrap();
        let second = tx
            .part_from(batch, 1, RowsThat::Are)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((second.number, second.rows), (1, vec![1; 3]));
        assert_eq!(tx.part_from(batch, 3, RowsThat::Are).await.unwrap(), None);
    });
}

#[test]
fn a_part_is_found_by_any_of_its_rows() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let mut tx = world.store.read().await.unwrap();
        for (row, expected) in [
            (1, None),
            (2, Some(0)),
            (3, Some(0)),
            (4, Some(1)),
            (6, Some(2)),
            (7, Some(2)),
        ] {
            let found = tx.part_with(batch, row).await.unwrap();
            assert_eq!(found.map(|part| part.number), expected, "{row}");
        }
    });
}

#[test]
fn a_part_is_written_anew_and_no_other() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let mut tx = world.store.write().await.unwrap();
        let mut part = tx.part_with(batch, 4).await.unwrap().unwrap();
        part.rows = b"less".to_vec();
        tx.rewrite_part(batch, &part).await.unwrap();
        assert_eq!(tx.part_with(batch, 4).await.unwrap(), Some(part));
        let other = tx.part_with(batch, 6).await.unwrap().unwrap();
        assert_eq!(other.rows, vec![2; 3]);
    });
}

#[test]
fn a_batch_whose_rows_are_forgotten_is_completed_by_nobody() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let other = with_parts(&world).await;
        let held = hold(&world, batch, 1, NOW).await;
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.forget_parts(batch).await.unwrap(), 3);
        tx.commit().await.unwrap();
        assert!(!complete(&world, batch, &held[0], PartCounts::default()).await);
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.part_with(batch, 4).await.unwrap(), None);
        assert!(tx.part_with(other, 4).await.unwrap().is_some());
    });
}

#[test]
fn what_is_signed_for_a_batch_that_is_cancelled_meanwhile_is_not_kept() {
    use badgeons::store::BatchState::{Cancelled, Running};
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let mut tx = world.store.write().await.unwrap();
        tx.start_batch(batch, "{}").await.unwrap();
        tx.commit().await.unwrap();
        let held = hold(&world, batch, 2, NOW).await;
        assert!(complete(&world, batch, &held[0], PartCounts::default()).await);
        let mut tx = world.store.write().await.unwrap();
        assert!(
            tx.move_batch(batch, &[Running], Cancelled, NOW)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert!(!complete(&world, batch, &held[1], PartCounts::default()).await);
    });
}

#[test]
fn a_part_of_nothing_or_twice_is_refused() {
    in_each_world(|world| async move {
        let batch = with_parts(&world).await;
        let part = NewPart {
            number: 0,
            first_row: 2,
            row_count: 1,
            rows: vec![0],
        };
        let mut tx = world.store.write().await.unwrap();
        assert_conflict(tx.insert_part(batch, &part).await, "batch_parts");
        drop(tx);
        let mut tx = world.store.write().await.unwrap();
        let nothing = BatchId::mint(&SystemEntropy).unwrap();
        let outcome = tx.insert_part(nothing, &part).await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}
