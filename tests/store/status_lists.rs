use super::achievements::{assert_immutable, tamper};
use super::*;

#[test]
fn issuers_share_no_list() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let (ours, theirs) = (world.ready(1).await, other.ready(2).await);
        let mut tx = world.store.read().await.unwrap();
        for (world, new) in [(&world, ours), (&other, theirs)] {
            let lists = tx.status_lists(world.issuer).await.unwrap();
            let of_badge: BTreeSet<_> = new.slots.iter().map(|slot| slot.list).collect();
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
