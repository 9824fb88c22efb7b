use badgeons::store::{Change, Standing};

use super::*;

/// The standing of a badge, its bits for revocation and suspension, and its lists' revisions.
async fn shown(world: &World, id: CredentialId) -> (Standing, [bool; 2], [i64; 2]) {
    let mut tx = world.store.read().await.unwrap();
    let standing = tx.credential(id).await.unwrap().unwrap().standing();
    let (mut bits, mut revisions) = ([false; 2], [0; 2]);
    for slot in tx.status_slots(id).await.unwrap() {
        let which = usize::from(slot.purpose == StatusPurpose::Suspension);
        bits[which] = tx
            .set_places(slot.list)
            .await
            .unwrap()
            .contains(&slot.index);
        revisions[which] = tx.status_list(slot.list).await.unwrap().unwrap().revision;
    }
    (standing, bits, revisions)
}

macro_rules! change {
    ($world:expr, $call:ident($($argument:expr),*)) => {{
        let mut tx = $world.store.write().await.unwrap();
        let changed = tx.$call($($argument),*).await.unwrap();
        tx.commit().await.unwrap();
        changed
    }};
}

#[test]
fn a_badge_is_suspended_reinstated_and_revoked_for_good() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        assert_eq!(
            shown(&world, id).await,
            (Standing::Good, [false, false], [0, 0])
        );
        assert!(change!(world, suspend(id, "under review", NOW)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Suspended, [false, true], [0, 1])
        );
        assert!(change!(world, reinstate(id, "note received", LATER)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Good, [false, false], [0, 2])
        );
        assert!(change!(world, revoke(id, "wrong person", LATER)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Revoked, [true, false], [1, 2])
        );

        let mut tx = world.store.read().await.unwrap();
        let credential = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(
            (credential.revoked_at, credential.suspended_at),
            (Some(LATER), None)
        );
        let changes = tx.standing_changes(id).await.unwrap();
        let told: Vec<_> = changes
            .iter()
            .map(|change| (change.change, change.reason.as_deref().unwrap()))
            .collect();
        assert_eq!(
            told[1..],
            [
                (Change::Reinstated, "note received"),
                (Change::Revoked, "wrong person")
            ]
        );
        assert!(!format!("{changes:?}").contains("wrong person"));
    });
}

#[test]
fn what_changes_nothing_says_so() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        assert!(
            !change!(world, reinstate(id, "note received", NOW)),
            "it is not suspended"
        );
        assert!(change!(world, suspend(id, "a", NOW)));
        assert!(!change!(world, suspend(id, "b", NOW)), "it is suspended");
        assert!(change!(world, revoke(id, "c", NOW)));
        let before = shown(&world, id).await;
        assert!(!change!(world, revoke(id, "d", NOW)), "it is revoked");
        assert!(
            !change!(world, reinstate(id, "note received", NOW)),
            "it is revoked"
        );
        assert!(!change!(world, suspend(id, "e", NOW)), "it is revoked");
        assert_eq!(shown(&world, id).await, before);
        assert_eq!(before, (Standing::Revoked, [true, true], [1, 1]));

        let never_stored = world.ready(2).await.id;
        assert!(!change!(world, revoke(never_stored, "x", NOW)));
        assert!(!change!(world, suspend(never_stored, "x", NOW)));
        assert!(!change!(world, reinstate(never_stored, "x", NOW)));
    });
}

#[test]
fn a_badge_with_one_place_shows_its_suspension_there() {
    in_each_world(|world| async move {
        let mut new = world.ready(1).await;
        new.slots.truncate(1);
        assert_eq!(new.slots[0].purpose, StatusPurpose::Revocation);
        let id = new.id;
        world.store(&[new]).await;
        assert!(change!(world, suspend(id, "x", NOW)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Suspended, [true, false], [1, 0])
        );
        assert!(change!(world, reinstate(id, "note received", NOW)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Good, [false, false], [2, 0])
        );
        assert!(change!(world, suspend(id, "x", NOW)));
        assert!(change!(world, revoke(id, "x", NOW)));
        assert_eq!(
            shown(&world, id).await,
            (Standing::Revoked, [true, false], [3, 0])
        );
    });
}

#[test]
fn only_a_revoked_award_gives_its_key_free() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        assert!(!change!(world, free_award_key(id)), "it stands");
        assert!(change!(world, suspend(id, "x", NOW)));
        assert!(!change!(world, free_award_key(id)), "it may be reinstated");
        assert!(change!(world, revoke(id, "x", NOW)));
        assert!(change!(world, free_award_key(id)));
        assert!(!change!(world, free_award_key(id)), "it is free");
        let again = world.issued(1).await;
        assert_eq!(world.of_recipient([1; 32]).await, [again, id]);
        assert_eq!(shown(&world, id).await.0, Standing::Revoked);
        assert_eq!(shown(&world, again).await.0, Standing::Good);
    });
}

#[test]
fn one_badges_standing_is_no_others() {
    in_each_world(|world| async move {
        let (one, two) = (world.issued(1).await, world.issued(2).await);
        assert!(change!(world, revoke(one, "x", NOW)));
        assert_eq!(
            shown(&world, two).await,
            (Standing::Good, [false, false], [1, 0])
        );
    });
}

#[test]
fn a_badge_is_listed_as_withdrawn_for_as_long_as_it_is() {
    in_each_world(|world| async move {
        let listed = async |standing| {
            let filter = CredentialFilter {
                issuer: Some(world.issuer),
                standing: Some(standing),
                ..CredentialFilter::default()
            };
            let mut tx = world.store.read().await.unwrap();
            let found = tx.credentials(&filter, None, 10).await.unwrap();
            found.iter().map(|found| found.id).collect::<Vec<_>>()
        };
        let (a, b) = (world.issued(1).await, world.issued(2).await);
        assert!(change!(world, suspend(a, "x", NOW)));
        assert!(change!(world, revoke(b, "x", NOW)));
        assert_eq!(listed(Standing::Suspended).await, [a]);
        assert_eq!(listed(Standing::Revoked).await, [b]);

        assert!(change!(world, reinstate(a, "x", NOW)));
        assert_eq!(listed(Standing::Suspended).await, []);
        assert_eq!(listed(Standing::Good).await, [a]);

        assert!(change!(world, suspend(a, "x", NOW)));
        assert!(change!(world, revoke(a, "x", NOW)));
        assert_eq!(listed(Standing::Suspended).await, []);
        assert_eq!(listed(Standing::Revoked).await, [b, a]);
    });
}
