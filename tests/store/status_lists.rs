use std::collections::BTreeSet;

use super::achievements::{assert_immutable, tamper};
use super::*;

#[test]
fn a_full_list_is_followed_by_the_next() {
    in_each_world(|world| async move {
        let awards: Vec<_> = (0..11).map(|key| world.award(key)).collect();
        let mut tx = world.store.write().await.unwrap();
        let first = tx
            .reserve(&world.request(&awards[..3], 4), &SystemEntropy)
            .await
            .unwrap();
        // Three at once, over the end of the list and into two more.
        let rest = tx
            .reserve(&world.request(&awards[3..], 4), &SystemEntropy)
            .await
            .unwrap();
        let lists = tx.status_lists(world.issuer).await.unwrap();
        for purpose in BOTH {
            let taken: Vec<_> = lists
                .iter()
                .filter(|l| l.purpose == *purpose)
                .map(|l| l.taken)
                .collect();
            assert_eq!(taken, [4, 4, 3]);
        }
        let slots: BTreeSet<_> = first
            .iter()
            .chain(&rest)
            .flat_map(|outcome| to_sign(outcome).slots)
            .collect();
        assert_eq!(slots.len(), 22);
        assert!(slots.iter().all(|slot| slot.index < 8));
    });
}

#[test]
fn a_list_filled_to_three_quarters_finds_each_place() {
    in_each_world(|world| async move {
        let awards: Vec<_> = (0..192).map(|key| world.award(key)).collect();
        let status = StatusPlan {
            purposes: &[StatusPurpose::Revocation],
            size: 256,
            capacity: 192,
        };
        let mut tx = world.store.write().await.unwrap();
        let mut places = BTreeSet::new();
        for awards in awards.chunks(7) {
            let request = Reserve {
                issuer: world.issuer,
                awards,
                status,
                at: NOW,
            };
            for outcome in tx.reserve(&request, &SystemEntropy).await.unwrap() {
                places.insert(to_sign(&outcome).slots[0].index);
            }
        }
        assert_eq!(places.len(), 192);
        assert!(
            places.last().is_some_and(|last| *last > 192),
            "the whole list is used"
        );
    });
}

#[test]
fn a_list_without_room_for_chance_is_refused() {
    in_each_world(|world| async move {
        let awards = [world.award(1)];
        for capacity in [0, 193] {
            let status = StatusPlan {
                purposes: BOTH,
                size: 256,
                capacity,
            };
            let request = Reserve {
                issuer: world.issuer,
                awards: &awards,
                status,
                at: NOW,
            };
            let mut tx = world.store.write().await.unwrap();
            let outcome = tx.reserve(&request, &SystemEntropy).await;
            assert!(
                matches!(outcome, Err(StoreError::Refused { .. })),
                "{outcome:?}"
            );
        }
    });
}

#[test]
fn issuers_share_no_list() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let (ours, theirs) = (world.reserved(1).await, other.reserved(2).await);
        let mut tx = world.store.read().await.unwrap();
        for (world, reserved) in [(&world, ours), (&other, theirs)] {
            let lists = tx.status_lists(world.issuer).await.unwrap();
            let of_badge: BTreeSet<_> = reserved.slots.iter().map(|slot| slot.list).collect();
            assert_eq!(
                lists.iter().map(|list| list.id).collect::<BTreeSet<_>>(),
                of_badge
            );
            assert!(lists.iter().all(|list| list.issuer_id == world.issuer));
        }
    });
}

#[test]
fn a_place_once_taken_stays_taken() {
    in_each_world(|world| async move {
        world.issued(1).await;
        for statement in [
            "UPDATE status_entries SET list_index = list_index + 1",
            "DELETE FROM status_entries",
        ] {
            assert_immutable(tamper(&world.store, statement).await, "status_entries");
        }
        let bits = tamper(&world.store, "UPDATE status_entries SET changed_at = NULL").await;
        assert_eq!(bits.unwrap(), 2, "what shows there may change");
    });
}

#[test]
fn places_are_read_in_order() {
    in_each_world(|world| async move {
        let mut expected = Vec::new();
        let mut list = None;
        for key in 0..5 {
            let id = world.issued(key).await;
            let mut tx = world.store.write().await.unwrap();
            let slot = tx.status_slots(id).await.unwrap()[0];
            list = Some(slot.list);
            if key != 2 {
                tx.revoke(id, "x", NOW).await.unwrap();
                expected.push(slot.index);
            }
            tx.commit().await.unwrap();
        }
        expected.sort_unstable();
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.set_places(list.unwrap()).await.unwrap(), expected);
        let nothing = badgeons::ids::StatusListId::mint(&SystemEntropy).unwrap();
        assert!(tx.set_places(nothing).await.unwrap().is_empty());
        assert_eq!(tx.status_list(nothing).await.unwrap(), None);
    });
}
