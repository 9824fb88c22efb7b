use std::collections::BTreeMap;

use badgeons::ids::StatusListId;

use super::achievements::tamper;
use super::*;

/// Takes places in lists of that capacity, in a transaction of its own.
async fn take(world: &World, capacity: u32, badges: usize) -> Vec<Vec<StatusSlot>> {
    let mut tx = world.store.write().await.unwrap();
    let plan = plan(capacity);
    let taken = tx.take_places(world.issuer, &plan, badges, NOW, &SystemEntropy);
    let taken = taken.await.unwrap();
    tx.commit().await.unwrap();
    taken
}

/// How many places the lists of a purpose gave out, the first first.
async fn taken_of(world: &World, purpose: StatusPurpose) -> Vec<u32> {
    let lists = world
        .store
        .read()
        .await
        .unwrap()
        .status_lists(world.issuer)
        .await;
    let lists = lists.unwrap().into_iter();
    lists
        .filter(|list| list.purpose == purpose)
        .map(|list| list.taken)
        .collect()
}

#[test]
fn places_are_taken_while_others_store_badges_of_the_same_list() {
    in_each_world(|world| async move {
        // SQLite has one writer.
        if matches!(world.store, Store::Sqlite { .. }) {
            return;
        }
        let new = world.ready(1).await;
        let mut storing = world.store.write().await.unwrap();
        let stored = storing.insert_credentials(world.issuer, &[&new]).await;
        assert_eq!(stored.unwrap().len(), 1);
        let patience = std::time::Duration::from_secs(10);
        let taken = tokio::time::timeout(patience, world.places(1)).await;
        assert_eq!(taken.expect("it waits").len(), 1);
        storing.commit().await.unwrap();
    });
}

#[test]
fn each_badge_gets_a_place_of_each_purpose() {
    in_each_world(|world| async move {
        let places = take(&world, 65_536, 1000).await;
        assert!(places.iter().all(|slots| {
            slots
                .iter()
                .map(|slot| slot.purpose)
                .eq(BOTH.iter().copied())
        }));
        let all: BTreeSet<_> = places.iter().flatten().copied().collect();
        assert_eq!(all.len(), 2000, "no place is given out twice");
        let ascending = places.windows(2).filter(|two| two[0] < two[1]).count();
        assert!(
            (400..600).contains(&ascending),
            "places tell nothing of the order: {ascending}"
        );
        for slot in &places[0] {
            let list = world
                .store
                .read()
                .await
                .unwrap()
                .status_list(slot.list)
                .await;
            let list = list.unwrap().unwrap();
            assert_eq!(
                (list.purpose, list.taken, list.size),
                (slot.purpose, 1000, 131_072)
            );
        }
        assert!(take(&world, 65_536, 0).await.is_empty());
    });
}

#[test]
fn a_full_list_is_followed_by_the_next() {
    in_each_world(|world| async move {
        let first = take(&world, 4, 3).await;
        // Eight at once, over the end of the list and into two more.
        let rest = take(&world, 4, 8).await;
        for purpose in BOTH {
            assert_eq!(taken_of(&world, *purpose).await, [4, 4, 3]);
        }
        let slots: BTreeSet<_> = first.iter().chain(&rest).flatten().copied().collect();
        assert_eq!(slots.len(), 22);
        assert!(slots.iter().all(|slot| slot.index < 8));
    });
}

#[test]
fn a_list_filled_to_three_quarters_gave_out_each_place_once() {
    in_each_world(|world| async move {
        let plan = StatusPlan {
            purposes: &[StatusPurpose::Revocation],
            size: 256,
            capacity: 192,
        };
        let mut places = BTreeSet::new();
        for badges in [1, 7, 100, 80, 4] {
            let mut tx = world.store.write().await.unwrap();
            let taken = tx.take_places(world.issuer, &plan, badges, NOW, &SystemEntropy);
            places.extend(taken.await.unwrap().concat());
            tx.commit().await.unwrap();
        }
        assert_eq!(places.len(), 192);
        let lists: BTreeSet<_> = places.iter().map(|slot| slot.list).collect();
        assert_eq!(lists.len(), 1);
        assert!(
            places.last().is_some_and(|last| last.index > 192),
            "the whole list is used"
        );
    });
}

#[test]
fn two_hundred_at_once_get_distinct_places_also_over_the_end_of_a_list() {
    in_each_world(|world| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let world = world.clone();
            tasks.spawn(async move { take(&world, 90, 1).await.concat() });
        }
        let all = tasks.join_all().await.concat();
        let distinct: BTreeSet<_> = all.iter().copied().collect();
        assert_eq!((all.len(), distinct.len()), (400, 400));
        let mut of_lists = BTreeMap::<_, u32>::new();
        for slot in all {
            *of_lists.entry((slot.purpose, slot.list)).or_default() += 1;
        }
        for purpose in BOTH {
            // On PostgreSQL two may begin a list at the same time, and fill both.
            let taken = taken_of(&world, *purpose).await;
            assert_eq!(taken.iter().sum::<u32>(), 200, "{taken:?}");
            assert!(taken.iter().all(|taken| *taken <= 90), "{taken:?}");
        }
        let mut tx = world.store.read().await.unwrap();
        for list in tx.status_lists(world.issuer).await.unwrap() {
            let given = of_lists.get(&(list.purpose, list.id)).copied().unwrap_or(0);
            assert_eq!(list.taken, given, "what is counted was given out");
        }
    });
}

#[test]
fn two_transactions_at_the_same_time_take_different_places() {
    in_each_world(|world| async move {
        take(&world, 65_536, 1).await;
        let mut first = world.store.write().await.unwrap();
        let plan = plan(65_536);
        let held = first
            .take_places(world.issuer, &plan, 5, NOW, &SystemEntropy)
            .await
            .unwrap();
        let second = tokio::spawn({
            let world = world.clone();
            async move { take(&world, 65_536, 5).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(!second.is_finished(), "whoever comes second waits");
        first.commit().await.unwrap();
        let all = [held, second.await.unwrap()].concat().concat();
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (20, 20));
    });
}

#[test]
fn whoever_fills_a_list_has_the_next_one_begun_by_whoever_waited() {
    in_each_world(|world| async move {
        take(&world, 8, 6).await;
        let mut first = world.store.write().await.unwrap();
        let plan = plan(8);
        let held = first
            .take_places(world.issuer, &plan, 2, NOW, &SystemEntropy)
            .await
            .unwrap();
        let second = tokio::spawn({
            let world = world.clone();
            async move { take(&world, 8, 2).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        first.commit().await.unwrap();
        let all = [held, second.await.unwrap()].concat().concat();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 8);
        for purpose in BOTH {
            assert_eq!(taken_of(&world, *purpose).await, [8, 2]);
        }
    });
}

#[test]
fn places_that_are_not_committed_are_given_out_again() {
    in_each_world(|world| async move {
        take(&world, 65_536, 1).await;
        let mut dropped = world.store.write().await.unwrap();
        let plan = plan(65_536);
        let taken = dropped
            .take_places(world.issuer, &plan, 3, NOW, &SystemEntropy)
            .await;
        dropped.rollback().await.unwrap();
        assert_eq!(take(&world, 65_536, 3).await, taken.unwrap());
    });
}

#[test]
fn a_list_from_before_gives_out_no_more() {
    in_each_world(|world| async move {
        let before = take(&world, 65_536, 1).await.concat();
        tamper(&world.store, "UPDATE status_lists SET seed = NULL")
            .await
            .unwrap();
        let after = take(&world, 65_536, 1).await.concat();
        let lists = |slots: &[StatusSlot]| -> BTreeSet<StatusListId> {
            slots.iter().map(|slot| slot.list).collect()
        };
        assert!(lists(&before).is_disjoint(&lists(&after)));
        for purpose in BOTH {
            assert_eq!(taken_of(&world, *purpose).await, [1, 1]);
        }
        // What has its place there keeps it.
        let new = world.signed(world.award(1), before.clone());
        let id = new.id;
        world.store(&[new]).await;
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.revoke(id, "x", NOW).await.unwrap());
        let set = tx.set_places(before[0].list).await.unwrap();
        assert_eq!(set, [before[0].index]);
    });
}

#[test]
fn places_of_badges_that_were_never_stored_stay_clear() {
    in_each_world(|world| async move {
        let lost = world.places(20).await;
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        let [slot, _] = tx.status_slots(id).await.unwrap()[..] else {
            panic!("not two places")
        };
        assert!(lost.iter().flatten().all(|one| *one != slot));
        assert!(tx.revoke(id, "x", NOW).await.unwrap());
        assert_eq!(tx.set_places(slot.list).await.unwrap(), [slot.index]);
        let row = tx.status_list(slot.list).await.unwrap().unwrap();
        assert_eq!(row.taken, 21, "they are counted, and nobody's");
    });
}

#[test]
fn a_list_without_room_for_chance_is_refused() {
    in_each_world(|world| async move {
        for capacity in [0, 193] {
            let plan = StatusPlan {
                purposes: BOTH,
                size: 256,
                capacity,
            };
            let mut tx = world.store.write().await.unwrap();
            let outcome = tx
                .take_places(world.issuer, &plan, 1, NOW, &SystemEntropy)
                .await;
            assert!(
                matches!(outcome, Err(StoreError::Refused { .. })),
                "{outcome:?}"
            );
        }
    });
}

#[test]
fn a_place_for_nobody_is_refused() {
    in_each_world(|world| async move {
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx
            .take_places(nobody, &plan(8), 1, NOW, &SystemEntropy)
            .await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}
