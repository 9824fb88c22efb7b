use badgeons::ids::BatchId;
use badgeons::store::{CredentialFilter, CredentialState, Holding, Packed, Standing, Tx};

use super::achievements::{assert_immutable, tamper};
use super::batches::new_batch;
use super::*;

async fn signed_document(world: &World, id: CredentialId) -> Result<Vec<u8>, StoreError> {
    let signed = world.store.read().await.unwrap().signed(id).await?;
    Ok(signed.unwrap().document)
}

#[test]
fn what_was_signed_reads_back_byte_for_byte_packed_or_plain() {
    in_each_world(|world| async move {
        let (one, mut other) = (world.ready(1).await, world.ready(2).await);
        other.signed.document = Packed::plain(DOCUMENT);
        world.store(&[one.clone(), other.clone()]).await;
        let mut tx = world.store.read().await.unwrap();
        for new in [one, other] {
            let signed = tx.signed(new.id).await.unwrap().unwrap();
            assert_eq!(signed.document, DOCUMENT);
            assert_eq!(
                (signed.subject_id, signed.issued_at, signed.key),
                (new.id.urn(), NOW, world.ed25519)
            );
            let credential = tx.credential(new.id).await.unwrap().unwrap();
            assert_eq!(credential.state, CredentialState::Issued);
            assert_eq!(credential.subject_id, Some(new.id.urn()));
            assert_eq!(
                (credential.valid_from, credential.valid_until),
                (Some(NOW), Some(LATER))
            );
            assert_eq!(
                (credential.awarded_at, credential.issued_at),
                (Some(NOW), Some(NOW))
            );
            assert_eq!(tx.status_slots(new.id).await.unwrap(), new.slots);
        }
        let nothing = CredentialId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.signed(nothing).await.unwrap(), None);
    });
}

#[test]
fn what_is_packed_takes_less_than_what_is_plain() {
    in_each_world(|world| async move {
        const SQL: &str =
            "SELECT length(document) FROM signed_credentials WHERE credential_id = $1";
        let document = br#"{"type":["VerifiableCredential","OpenBadgeCredential"]}"#.repeat(20);
        let (mut one, mut other) = (world.ready(1).await, world.ready(2).await);
        one.signed.document = packed(&document);
        other.signed.document = Packed::plain(&document);
        world.store(&[one.clone(), other.clone()]).await;
        let mut sizes = Vec::new();
        for id in [one.id, other.id] {
            let size: i64 = match &mut world.store.read().await.unwrap() {
                Tx::Sqlite(tx) => sqlx::query_scalar(SQL)
                    .bind(id)
                    .fetch_one(&mut **tx)
                    .await
                    .unwrap(),
                Tx::Postgres(tx) => {
                    let size = sqlx::query_scalar::<_, i32>(SQL).bind(id);
                    size.fetch_one(&mut **tx).await.unwrap().into()
                }
            };
            sizes.push(size);
        }
        assert!(sizes[0] * 5 < sizes[1], "{sizes:?}");
        assert_eq!(signed_document(&world, one.id).await.unwrap(), document);
    });
}

/// A statement that takes the trigger away which would refuse what follows.
fn without_trigger(store: &Store) -> &'static str {
    match store {
        Store::Sqlite { .. } => "DROP TRIGGER signed_credentials_no_update",
        Store::Postgres(_) => "DROP TRIGGER signed_credentials_no_update ON signed_credentials",
    }
}

#[test]
fn what_was_tampered_with_is_refused_and_not_served() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        tamper(&world.store, without_trigger(&world.store))
            .await
            .unwrap();
        // Neither packing nor bytes alone may change; each is altered, and put back.
        for (alter, put_back) in [
            (
                "UPDATE signed_credentials SET packing = packing + 8",
                "UPDATE signed_credentials SET packing = packing - 8",
            ),
            (
                "UPDATE signed_credentials SET document = substr(document, 2)",
                "UPDATE signed_credentials SET document = document",
            ),
        ] {
            assert_eq!(signed_document(&world, id).await.unwrap(), DOCUMENT);
            assert_eq!(tamper(&world.store, alter).await.unwrap(), 1);
            let refused = signed_document(&world, id).await.unwrap_err();
            assert!(
                matches!(&refused, StoreError::Unreadable { column, .. } if column == "document"),
                "{refused:?}"
            );
            tamper(&world.store, put_back).await.unwrap();
        }
    });
}

#[test]
fn what_may_be_missing_may_be_missing() {
    in_each_world(|world| async move {
        let mut new = world.ready(1).await;
        new.signed.awarded_at = None;
        new.signed.valid_until = None;
        new.slots.clear();
        let id = new.id;
        world.store(&[new]).await;
        let mut tx = world.store.read().await.unwrap();
        let credential = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(
            (credential.awarded_at, credential.valid_until),
            (None, None)
        );
        assert_eq!(tx.status_slots(id).await.unwrap(), []);
    });
}

#[test]
fn a_key_that_is_held_stores_nothing_and_tells_who_holds_it() {
    in_each_world(|world| async move {
        let batch = BatchId::mint(&SystemEntropy).unwrap();
        let mut tx = world.store.write().await.unwrap();
        tx.insert_batch(&new_batch(batch, world.issuer))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let from_batch = NewAward {
            batch: Some(batch),
            ..world.award(1)
        };
        let holder = world.issue([from_batch]).await[0];

        let mut late = world.ready(1).await;
        late.award.recipient = person("Somebody else");
        let fresh = world.ready(2).await;
        let both = [late.clone(), fresh.clone()];
        assert_eq!(world.store(&both).await, [fresh.id].into());
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.credential(late.id).await.unwrap(), None);
        assert_eq!(tx.recipient(late.id).await.unwrap(), None);
        assert_eq!(tx.signed(late.id).await.unwrap(), None);
        assert_eq!(tx.status_slots(late.id).await.unwrap(), []);
        let kept = tx.recipient(holder).await.unwrap();
        assert_eq!(
            kept,
            Some(person("Enora Du Prototype")),
            "nor is anything changed"
        );

        let held = tx.holding(&[[1; 32], [2; 32], [3; 32]]).await.unwrap();
        let holding = |id, batch| Holding {
            id,
            standing: Standing::Good,
            batch,
        };
        let expected = [
            ([1; 32], holding(holder, Some(batch))),
            ([2; 32], holding(fresh.id, None)),
        ];
        assert_eq!(held, expected.into());
        assert!(tx.holding(&[]).await.unwrap().is_empty());
    });
}

#[test]
fn whoever_holds_a_key_holds_it_whatever_its_standing() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        for (change, expected) in [
            (None, Standing::Good),
            (Some(Standing::Suspended), Standing::Suspended),
            (Some(Standing::Revoked), Standing::Revoked),
        ] {
            let mut tx = world.store.write().await.unwrap();
            match change {
                Some(Standing::Suspended) => assert!(tx.suspend(id, "x", NOW).await.unwrap()),
                Some(Standing::Revoked) => assert!(tx.revoke(id, "x", NOW).await.unwrap()),
                _ => {}
            }
            tx.commit().await.unwrap();
            let again = world.ready(1).await;
            assert!(world.store(&[again]).await.is_empty());
            let held = world.store.read().await.unwrap().holding(&[[1; 32]]).await;
            let held = held.unwrap()[&[1; 32]];
            assert_eq!((held.id, held.standing), (id, expected));
        }
        // Once it is given free, the next one has it.
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.free_award_key(id).await.unwrap());
        tx.commit().await.unwrap();
        assert_ne!(world.issued(1).await, id);
    });
}

#[test]
fn of_the_same_award_twice_in_one_call_the_first_is_stored() {
    in_each_world(|world| async move {
        let (one, two) = (world.ready(1).await, world.ready(1).await);
        assert_eq!(world.store(&[one.clone(), two]).await, [one.id].into());
        assert!(world.store(&[]).await.is_empty());
    });
}

#[test]
fn of_eight_who_store_the_same_award_at_once_one_does() {
    in_each_world(|world| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..8 {
            let world = world.clone();
            tasks.spawn(async move {
                let mut same = world.ready(1).await;
                same.award.recipient = person(&format!("Enora {number}"));
                let mut tx = world.store.write().await.unwrap();
                let stored = tx.insert_credentials(world.issuer, &[&same]).await.unwrap();
                // Who is late learns it in the same transaction.
                let held = tx.holding(&[[1; 32]]).await.unwrap()[&[1; 32]];
                assert_eq!(stored.contains(&same.id), held.id == same.id);
                tx.commit().await.unwrap();
                (stored.len(), held.id, same.award.recipient)
            });
        }
        let all = tasks.join_all().await;
        let mut stored = all.iter().filter(|(stored, ..)| *stored == 1);
        let (_, id, recipient) = stored.next().expect("one is stored");
        assert!(stored.next().is_none(), "one alone is stored");
        assert!(all.iter().all(|(_, held, _)| held == id), "all learn which");
        let mut tx = world.store.read().await.unwrap();
        let kept = tx.recipient(*id).await.unwrap();
        assert_eq!(
            kept.as_ref(),
            Some(recipient),
            "what one of them said, whole"
        );
        let filter = CredentialFilter::default();
        assert_eq!(tx.credentials(&filter, None, 10).await.unwrap().len(), 1);
    });
}

#[test]
fn many_are_stored_in_one_go_each_with_its_own() {
    in_each_world(|world| async move {
        let awards = (0..1000_u32).map(|number| {
            let mut award = world.award(0);
            award.award_key[..4].copy_from_slice(&number.to_be_bytes());
            award.recipient = person(&format!("Enora {number}"));
            award
        });
        let ids = world.issue(awards).await;
        let mut tx = world.store.read().await.unwrap();
        let mut slots = BTreeSet::new();
        for (number, id) in ids.iter().enumerate().step_by(99) {
            let recipient = tx.recipient(*id).await.unwrap().unwrap();
            assert_eq!(recipient.name, format!("Enora {number}"));
            slots.extend(tx.status_slots(*id).await.unwrap());
        }
        assert_eq!(slots.len(), 22);
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
fn an_award_of_nobody_or_nothing_is_refused_and_nothing_is_stored() {
    in_each_world(|world| async move {
        let whole = world.ready(1).await;
        let mut of_nothing = whole.clone();
        of_nothing.award.achievement_version = AchievementVersionId::mint(&SystemEntropy).unwrap();
        let mut of_no_batch = whole.clone();
        of_no_batch.award.batch = Some(BatchId::mint(&SystemEntropy).unwrap());
        let mut of_no_key = whole.clone();
        of_no_key.signed.key = KeyId::mint(&SystemEntropy).unwrap();
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        for (issuer, new) in [
            (nobody, &whole),
            (world.issuer, &of_nothing),
            (world.issuer, &of_no_batch),
            (world.issuer, &of_no_key),
        ] {
            let mut tx = world.store.write().await.unwrap();
            let outcome = tx.insert_credentials(issuer, &[new]).await;
            assert!(
                matches!(outcome, Err(StoreError::Dangling { .. })),
                "{outcome:?}"
            );
        }
        assert_eq!(
            world.store(std::slice::from_ref(&whole)).await,
            [whole.id].into()
        );
    });
}

#[test]
fn an_identifier_or_a_place_given_out_twice_is_a_conflict() {
    in_each_world(|world| async move {
        let first = world.ready(1).await;
        world.store(std::slice::from_ref(&first)).await;
        let mut same_place = world.ready(2).await;
        same_place.slots.clone_from(&first.slots);
        let mut same_name = world.ready(3).await;
        same_name.id = first.id;
        for (new, table) in [(same_place, "status_entries"), (same_name, "credentials")] {
            let mut tx = world.store.write().await.unwrap();
            let outcome = tx.insert_credentials(world.issuer, &[&new]).await;
            assert_conflict(outcome, table);
        }
    });
}

#[test]
fn what_is_not_committed_was_never_issued() {
    in_each_world(|world| async move {
        let new = world.ready(1).await;
        for rolled_back in [true, false] {
            let mut tx = world.store.write().await.unwrap();
            tx.insert_credentials(world.issuer, &[&new]).await.unwrap();
            if rolled_back {
                tx.rollback().await.unwrap();
            } else {
                drop(tx);
            }
        }
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.credential_by_award_key([1; 32]).await.unwrap(), None);
        assert_eq!(tx.recipient(new.id).await.unwrap(), None);
    });
}

#[test]
fn what_was_signed_never_changes_and_stays_while_its_award_does() {
    in_each_world(|world| async move {
        world.issued(1).await;
        for statement in [
            "UPDATE signed_credentials SET subject_id = 'x'",
            "DELETE FROM signed_credentials",
        ] {
            assert_immutable(tamper(&world.store, statement).await, "signed_credentials");
        }
        let recipients = tamper(&world.store, "DELETE FROM recipients").await;
        assert_eq!(recipients.unwrap(), 1, "only the triggers refuse");
        assert_immutable(
            tamper(&world.store, "DELETE FROM credentials").await,
            "credentials",
        );
    });
}

#[test]
fn an_error_repeats_nothing_of_a_row() {
    in_each_world(|world| async move {
        let first = world.ready(1).await;
        world.store(std::slice::from_ref(&first)).await;
        let mut new = world.ready(2).await;
        new.signed.subject_id = "urn:hush-hush".into();
        new.award.recipient = person("Hush");
        new.slots = first.slots;
        let mut tx = world.store.write().await.unwrap();
        let error = tx
            .insert_credentials(world.issuer, &[&new])
            .await
            .unwrap_err();
        let told = format!("{error} {error:?} {new:?}").to_lowercase();
        assert!(!told.contains("hush"), "{told}");
    });
}
