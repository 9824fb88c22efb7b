use std::collections::BTreeSet;

use badgeons::store::{CredentialFilter, CredentialState, Standing};

use super::*;

#[test]
fn what_is_reserved_has_its_places_before_anything_is_signed() {
    in_each_world(|world| async move {
        let reserved = world.reserved(1).await;
        assert_eq!(reserved.attempt, 1);
        let purposes: Vec<_> = reserved.slots.iter().map(|slot| slot.purpose).collect();
        assert_eq!(purposes, BOTH);
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.status_slots(reserved.id).await.unwrap(), reserved.slots);
        for slot in reserved.slots {
            let list = tx.status_list(slot.list).await.unwrap().unwrap();
            assert_eq!(
                (list.purpose, list.taken, list.size),
                (slot.purpose, 1, 131_072)
            );
        }
    });
}

#[test]
fn a_leftover_reservation_is_taken_up_again_with_its_places() {
    in_each_world(|world| async move {
        let crashed = world.reserved(1).await;
        let corrected = NewAward {
            recipient: person("Énora"),
            ..world.award(1)
        };
        let again = to_sign(&world.reserve(&[corrected]).await[0]);
        assert_eq!((again.id, again.attempt), (crashed.id, 2));
        assert_eq!(again.slots, crashed.slots, "no place is lost");
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(
            tx.recipient(crashed.id).await.unwrap().unwrap().name,
            "Énora"
        );
        for list in tx.status_lists(world.issuer).await.unwrap() {
            assert_eq!(list.taken, 1);
        }
        // Whoever was slow can't complete it any more; whoever took it up can.
        assert_eq!(tx.complete(&[world.signed(&crashed)]).await.unwrap(), []);
        assert_eq!(tx.signed(crashed.id).await.unwrap(), None);
        assert_eq!(
            tx.complete(&[world.signed(&again)]).await.unwrap(),
            [crashed.id]
        );
    });
}

#[test]
fn an_issued_award_is_never_reserved_again_whatever_its_standing() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let again = |standing| [Reservation::Issued { id, standing }];
        assert_eq!(
            world.reserve(&[world.award(1)]).await,
            again(Standing::Good)
        );

        let mut tx = world.store.write().await.unwrap();
        assert!(tx.suspend(id, "x", NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(
            world.reserve(&[world.award(1)]).await,
            again(Standing::Suspended)
        );

        let mut tx = world.store.write().await.unwrap();
        assert!(tx.revoke(id, "x", NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(
            world.reserve(&[world.award(1)]).await,
            again(Standing::Revoked)
        );
    });
}

#[test]
fn the_same_award_twice_in_one_call_is_one_award() {
    in_each_world(|world| async move {
        let outcomes = world
            .reserve(&[world.award(1), world.award(2), world.award(1)])
            .await;
        let first = to_sign(&outcomes[0]).id;
        assert_eq!(outcomes[2], Reservation::Repeated { id: first });
        assert_ne!(to_sign(&outcomes[1]).id, first);
    });
}

#[test]
fn a_mixed_call_answers_in_its_order() {
    in_each_world(|world| async move {
        let issued = world.issued(1).await;
        let left_over = world.reserved(2).await.id;
        let awards: Vec<_> = (0..=2).rev().map(|key| world.award(key)).collect();
        let outcomes = world.reserve(&awards).await;
        assert_eq!(to_sign(&outcomes[0]).id, left_over);
        assert_eq!(outcomes[1].id(), issued);
        assert_eq!(to_sign(&outcomes[2]).attempt, 1);
        assert_eq!(world.reserve(&[]).await, []);
    });
}

#[test]
fn many_awards_take_few_statements_and_distinct_places() {
    in_each_world(|world| async move {
        let awards: Vec<_> = (0..1000_u32)
            .map(|number| {
                let mut award = world.award(0);
                award.award_key[..4].copy_from_slice(&number.to_be_bytes());
                award
            })
            .collect();
        let reserved: Vec<_> = world.reserve(&awards).await.iter().map(to_sign).collect();
        let slots: BTreeSet<_> = reserved.iter().flat_map(|one| one.slots.clone()).collect();
        assert_eq!(slots.len(), 2000);
        let ids: BTreeSet<_> = reserved.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), 1000);
        let ascending = reserved
            .windows(2)
            .filter(|two| two[0].slots < two[1].slots)
            .count();
        assert!(
            (300..700).contains(&ascending),
            "places tell nothing of the order: {ascending}"
        );

        let signed: Vec<_> = reserved.iter().map(|one| world.signed(one)).collect();
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.complete(&signed).await.unwrap().len(), 1000);
        let filter = CredentialFilter {
            state: Some(CredentialState::Issued),
            ..Default::default()
        };
        assert_eq!(
            tx.credentials(&filter, None, 2000).await.unwrap().len(),
            1000
        );
    });
}

#[test]
fn two_that_reserve_the_same_award_get_one_award() {
    in_each_world(|world| async move {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let world = world.clone();
                tokio::spawn(async move { world.reserved(1).await })
            })
            .collect();
        let mut attempts = BTreeSet::new();
        let mut awards = BTreeSet::new();
        for task in tasks {
            let reserved = task.await.unwrap();
            attempts.insert(reserved.attempt);
            awards.insert((reserved.id, reserved.slots));
        }
        assert_eq!(awards.len(), 1, "one award, one pair of places");
        assert!(
            attempts.into_iter().eq(1..=8),
            "each knows whether it still holds it"
        );
    });
}

#[test]
fn an_award_that_is_completed_while_another_reserves_it_stays_as_it_was_completed() {
    in_each_world(|world| async move {
        let reserved = world.reserved(1).await;
        let mut completing = world.store.write().await.unwrap();
        let done = completing
            .complete(&[world.signed(&reserved)])
            .await
            .unwrap();
        assert_eq!(done, [reserved.id]);
        let other = NewAward {
            recipient: person("Somebody else"),
            ..world.award(1)
        };
        let reserving = tokio::spawn({
            let world = world.clone();
            async move { world.reserve(&[other]).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        completing.commit().await.unwrap();

        let expected = Reservation::Issued {
            id: reserved.id,
            standing: Standing::Good,
        };
        assert_eq!(reserving.await.unwrap(), [expected]);
        let kept = world
            .store
            .read()
            .await
            .unwrap()
            .recipient(reserved.id)
            .await
            .unwrap();
        assert_eq!(kept, Some(person("Enora Du Prototype")));
    });
}

#[test]
fn two_hundred_at_once_get_distinct_places() {
    in_each_world(|world| async move {
        let tasks: Vec<_> = (0..200)
            .map(|key| {
                let world = world.clone();
                tokio::spawn(async move { world.reserved(key).await.slots })
            })
            .collect();
        let mut slots = BTreeSet::new();
        for task in tasks {
            slots.extend(task.await.unwrap());
        }
        assert_eq!(slots.len(), 400);
        let mut tx = world.store.read().await.unwrap();
        let lists = tx.status_lists(world.issuer).await.unwrap();
        let taken: Vec<_> = lists
            .iter()
            .map(|list| (list.purpose, list.taken))
            .collect();
        assert_eq!(
            taken,
            [
                (StatusPurpose::Revocation, 200),
                (StatusPurpose::Suspension, 200)
            ],
            "one list of each purpose, whoever began it"
        );
    });
}

#[test]
fn what_is_not_committed_was_never_reserved() {
    in_each_world(|world| async move {
        for rolled_back in [true, false] {
            let mut tx = world.store.write().await.unwrap();
            let awards = [world.award(1)];
            tx.reserve(&world.request(&awards, 8), &SystemEntropy)
                .await
                .unwrap();
            if rolled_back {
                tx.rollback().await.unwrap();
            } else {
                drop(tx);
            }
        }
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.credential_by_award_key([1; 32]).await.unwrap(), None);
        assert_eq!(tx.status_lists(world.issuer).await.unwrap(), []);
    });
}

#[test]
fn an_award_of_nobody_or_nothing_is_refused() {
    in_each_world(|world| async move {
        let awards = [world.award(1)];
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        let nothing = AchievementVersionId::mint(&SystemEntropy).unwrap();
        let of_nothing = [NewAward {
            achievement_version: nothing,
            ..world.award(1)
        }];
        for request in [
            Reserve {
                issuer: nobody,
                ..world.request(&awards, 8)
            },
            world.request(&of_nothing, 8),
        ] {
            let mut tx = world.store.write().await.unwrap();
            let outcome = tx.reserve(&request, &SystemEntropy).await;
            assert!(
                matches!(outcome, Err(StoreError::Dangling { .. })),
                "{outcome:?}"
            );
        }
    });
}

#[test]
fn one_issuer_never_takes_over_anothers_award() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        world.reserved(1).await;
        let mut tx = world.store.write().await.unwrap();
        let awards = [other.award(1)];
        let outcome = tx.reserve(&other.request(&awards, 8), &SystemEntropy).await;
        assert_conflict(outcome, "credentials");
    });
}
