use super::*;

#[test]
fn an_issuer_is_found_by_each_of_its_names() {
    on_each_database(|store| async move {
        let (one, two) = (
            issuer(IssuerId::mint(&SystemEntropy).unwrap(), "one"),
            issuer(IssuerId::mint(&SystemEntropy).unwrap(), "two"),
        );
        let mut tx = store.write().await.unwrap();
        tx.insert_issuer(&one).await.unwrap();
        tx.insert_issuer(&two).await.unwrap();
        assert_eq!(tx.issuer(one.id).await.unwrap().as_ref(), Some(&one));
        assert_eq!(tx.issuer_by_slug("two").await.unwrap().as_ref(), Some(&two));
        let found = tx.issuer_by_public_id("did:web:one.example").await.unwrap();
        assert_eq!(found.as_ref(), Some(&one));
        assert_eq!(tx.issuers().await.unwrap(), [one, two]);
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.issuer(nobody).await.unwrap(), None);
        assert_eq!(tx.issuer_by_slug("three").await.unwrap(), None);
        assert_eq!(
            tx.issuer_by_public_id("did:web:three.example")
                .await
                .unwrap(),
            None
        );
    });
}

#[test]
fn a_profile_is_replaced() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        assert!(
            tx.update_issuer_profile(world.issuer, "{}", LATER)
                .await
                .unwrap()
        );
        let changed = tx.issuer(world.issuer).await.unwrap().unwrap();
        assert_eq!(
            (changed.profile.as_str(), changed.updated_at),
            ("{}", LATER)
        );
        assert_eq!(changed.created_at, NOW);
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        assert!(!tx.update_issuer_profile(nobody, "{}", LATER).await.unwrap());
    });
}

#[test]
fn a_slug_and_a_public_identifier_are_taken_once() {
    in_each_world(|world| async move {
        let other = issuer(IssuerId::mint(&SystemEntropy).unwrap(), "other");
        let same_slug = Issuer {
            slug: "territoire".into(),
            ..other.clone()
        };
        let same_id = Issuer {
            public_id: "did:web:territoire.example".into(),
            ..other
        };
        for taken in [same_slug, same_id] {
            let mut tx = world.store.write().await.unwrap();
            assert_conflict(tx.insert_issuer(&taken).await, "issuers");
        }
    });
}

#[test]
fn what_is_known_beside_a_profile_is_kept_and_replaced() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        let nothing = tx.issuer_details(world.issuer).await.unwrap();
        assert_eq!(nothing, IssuerDetails::default());
        let all = IssuerDetails {
            linkedin: Some("1234567".into()),
            names: Some("{\"fr\":\"Pays\"}".into()),
            logo: Some(b"<svg/>".to_vec()),
            logo_media_type: Some("image/svg+xml".into()),
        };
        for details in [all, nothing] {
            tx.put_issuer_details(world.issuer, &details).await.unwrap();
            assert_eq!(tx.issuer_details(world.issuer).await.unwrap(), details);
        }
        let nobody = IssuerId::mint(&SystemEntropy).unwrap();
        let outcome = tx
            .put_issuer_details(nobody, &IssuerDetails::default())
            .await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}
