use badgeons::store::CredentialState;

use super::achievements::{assert_immutable, tamper};
use super::*;

#[test]
fn what_was_signed_reads_back_byte_for_byte() {
    in_each_world(|world| async move {
        let reserved = world.reserved(1).await;
        let new = world.signed(&reserved);
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.signed(reserved.id).await.unwrap(), None);
        assert_eq!(
            tx.complete(std::slice::from_ref(&new)).await.unwrap(),
            [reserved.id]
        );
        assert_eq!(tx.signed(reserved.id).await.unwrap(), Some(new.signed));
        let credential = tx.credential(reserved.id).await.unwrap().unwrap();
        assert_eq!(credential.state, CredentialState::Issued);
        assert_eq!(credential.subject_id, Some(reserved.id.urn()));
        assert_eq!(
            (credential.valid_from, credential.valid_until),
            (Some(NOW), Some(LATER))
        );
        assert_eq!(
            (credential.awarded_at, credential.issued_at),
            (Some(NOW), Some(NOW))
        );
    });
}

#[test]
fn what_may_be_missing_may_be_missing() {
    in_each_world(|world| async move {
        let reserved = world.reserved(1).await;
        let mut new = world.signed(&reserved);
        new.signed.awarded_at = None;
        new.signed.valid_until = None;
        new.signed.es256_key_id = None;
        new.signed.jwt_es256 = None;
        new.signed.jwt_eddsa = None;
        let mut tx = world.store.write().await.unwrap();
        tx.complete(std::slice::from_ref(&new)).await.unwrap();
        assert_eq!(tx.signed(reserved.id).await.unwrap(), Some(new.signed));
    });
}

#[test]
fn an_award_is_completed_once() {
    in_each_world(|world| async move {
        let (one, two) = (world.reserved(1).await, world.reserved(2).await);
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.complete(&[world.signed(&one)]).await.unwrap(), [one.id]);
        let mut second = world.signed(&one);
        second.signed.document = b"{}".to_vec();
        let both = [second, world.signed(&two)];
        assert_eq!(tx.complete(&both).await.unwrap(), [two.id]);
        assert_eq!(
            tx.signed(one.id).await.unwrap().unwrap(),
            world.signed(&one).signed
        );
        assert_eq!(tx.complete(&both).await.unwrap(), []);
        assert_eq!(tx.complete(&[]).await.unwrap(), []);
    });
}

#[test]
fn a_jwt_names_the_key_that_signed_it() {
    in_each_world(|world| async move {
        let mut without_key = world.signed(&world.reserved(1).await);
        without_key.signed.es256_key_id = None;
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx.complete(&[without_key]).await;
        assert!(
            matches!(outcome, Err(StoreError::Refused { .. })),
            "{outcome:?}"
        );
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
        let reserved = world.reserved(1).await;
        let mut new = world.signed(&reserved);
        new.signed.subject_id = "urn:hush-hush".into();
        new.signed.jwt_es256 = None;
        let mut tx = world.store.write().await.unwrap();
        let error = tx.complete(&[new]).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    });
}
