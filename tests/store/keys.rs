use super::*;

#[test]
fn a_key_reads_back_as_it_was_entered() {
    in_each_world(|world| async move {
        let mut tx = world.store.read().await.unwrap();
        let key = tx.key(world.p256).await.unwrap().unwrap();
        assert_eq!(
            (key.issuer_id, key.algorithm),
            (world.issuer, KeyAlgorithm::P256)
        );
        assert_eq!(
            (key.public_key.as_str(), key.sealed.as_slice()),
            ("territoire-P-256", &b"\x01sealed"[..])
        );
        assert!(key.is_active() && key.created_at == NOW);
        assert!(!format!("{key:?}").contains("sealed"));
        let ids: Vec<_> = tx
            .keys(world.issuer)
            .await
            .unwrap()
            .iter()
            .map(|key| key.id)
            .collect();
        assert_eq!(ids, [world.ed25519, world.p256]);
        assert_eq!(
            tx.key(KeyId::mint(&SystemEntropy).unwrap()).await.unwrap(),
            None
        );
    });
}

#[test]
fn an_issuer_has_one_active_key_of_each_algorithm() {
    in_each_world(|world| async move {
        let id = KeyId::mint(&SystemEntropy).unwrap();
        let second = key(id, world.issuer, KeyAlgorithm::Ed25519, "second");
        let mut tx = world.store.write().await.unwrap();
        assert_conflict(tx.insert_key(&second).await, "signing_keys");
        drop(tx);

        let mut tx = world.store.write().await.unwrap();
        assert!(tx.retire_key(world.ed25519, LATER).await.unwrap());
        tx.insert_key(&second).await.unwrap();
        let active = tx
            .active_key(world.issuer, KeyAlgorithm::Ed25519)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(active.id, id);
        let retired = tx.key(world.ed25519).await.unwrap().unwrap();
        assert_eq!(
            (retired.retired_at, retired.is_active()),
            (Some(LATER), false)
        );
        assert!(
            !tx.retire_key(world.ed25519, NOW).await.unwrap(),
            "it is retired already"
        );
    });
}

#[test]
fn a_compromise_only_ever_moves_back_in_time() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        let half_a_second = time::Duration::milliseconds(500);
        for (from, changed, then) in [
            (LATER, true, LATER),
            (LATER + half_a_second, false, LATER),
            (LATER, false, LATER),
            // The same second: instants are compared, not texts.
            (LATER - half_a_second / 2, true, LATER - half_a_second / 2),
            (NOW, true, NOW),
        ] {
            assert_eq!(
                tx.compromise_key(world.ed25519, from).await.unwrap(),
                changed,
                "{from}"
            );
            let key = tx.key(world.ed25519).await.unwrap().unwrap();
            assert_eq!(key.compromised_from, Some(then));
        }
        assert_eq!(
            tx.active_key(world.issuer, KeyAlgorithm::Ed25519)
                .await
                .unwrap(),
            None
        );
        assert!(
            !tx.retire_key(world.ed25519, LATER).await.unwrap(),
            "it is no active key"
        );
    });
}

#[test]
fn a_retired_key_may_turn_out_to_be_compromised() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.retire_key(world.p256, NOW).await.unwrap());
        assert!(tx.compromise_key(world.p256, LATER).await.unwrap());
        let key = tx.key(world.p256).await.unwrap().unwrap();
        assert_eq!(
            (key.retired_at, key.compromised_from),
            (Some(NOW), Some(LATER))
        );
    });
}

#[test]
fn a_public_key_belongs_to_one_issuer() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.retire_key(other.ed25519, NOW).await.unwrap());
        let id = KeyId::mint(&SystemEntropy).unwrap();
        let stolen = key(
            id,
            other.issuer,
            KeyAlgorithm::Ed25519,
            "territoire-Ed25519",
        );
        assert_conflict(tx.insert_key(&stolen).await, "signing_keys");
    });
}

#[test]
fn a_key_of_nobody_is_refused() {
    in_each_world(|world| async move {
        let ids = (
            KeyId::mint(&SystemEntropy).unwrap(),
            IssuerId::mint(&SystemEntropy).unwrap(),
        );
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx
            .insert_key(&key(ids.0, ids.1, KeyAlgorithm::Ed25519, "x"))
            .await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}
