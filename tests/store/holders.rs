use badgeons::store::{Holder, HolderRequest, RequestKind, Visibility};

use super::*;

fn request(of: CredentialId, kind: RequestKind, text: Option<&str>) -> HolderRequest {
    HolderRequest {
        credential_id: of,
        kind,
        text: text.map(str::to_owned),
        made_at: NOW,
    }
}

#[test]
fn what_a_holder_decides_takes_the_place_of_what_they_decided_before() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.holder(id).await.unwrap(), Holder::default());
        for (visibility, language) in [
            (Visibility::Private, Some("br")),
            (Visibility::Anonymous, Some("en")),
            (Visibility::Public, Some("fr")),
            (Visibility::Link, None),
        ] {
            let decided = Holder {
                visibility,
                language: language.map(str::to_owned),
                link_number: 0,
            };
            assert!(tx.decide(id, &decided).await.unwrap());
            assert_eq!(tx.holder(id).await.unwrap(), decided);
            let (signed, seen_by) = tx.signed_and_visibility(id).await.unwrap().unwrap();
            assert_eq!(Some(signed), tx.signed(id).await.unwrap());
            assert_eq!(seen_by, visibility);
        }
    });
}

#[test]
fn whoever_has_an_old_link_decides_nothing_and_replaces_nothing() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.replace_link(id, 0).await.unwrap(), Some(1));
        assert_eq!(tx.replace_link(id, 0).await.unwrap(), None);
        let of_old = Holder {
            visibility: Visibility::Public,
            ..Holder::default()
        };
        assert!(!tx.decide(id, &of_old).await.unwrap());
        let of_new = Holder {
            link_number: 1,
            ..of_old
        };
        assert!(tx.decide(id, &of_new).await.unwrap());
        assert_eq!(tx.replace_link(id, 1).await.unwrap(), Some(2));
        let holder = tx.holder(id).await.unwrap();
        assert_eq!(
            (holder.visibility, holder.link_number),
            (Visibility::Public, 2)
        );
    });
}

#[test]
fn a_badge_is_shown_as_another_unless_its_holder_decided() {
    in_each_world(|world| async move {
        let (old, new) = (world.issued(1).await, world.issued(2).await);
        let mut tx = world.store.write().await.unwrap();
        tx.decide_alike(new, old).await.unwrap();
        assert_eq!(tx.holder(new).await.unwrap(), Holder::default());
        let decided = Holder {
            visibility: Visibility::Private,
            language: Some("br".into()),
            link_number: 0,
        };
        assert!(tx.decide(old, &decided).await.unwrap());
        assert_eq!(tx.replace_link(old, 0).await.unwrap(), Some(1));
        tx.decide_alike(new, old).await.unwrap();
        assert_eq!(tx.holder(new).await.unwrap(), decided);
        let open = Holder::default();
        assert!(tx.decide(new, &open).await.unwrap());
        tx.decide_alike(new, old).await.unwrap();
        assert_eq!(tx.holder(new).await.unwrap(), open);
    });
}

#[test]
fn without_a_decision_a_badge_is_for_whoever_has_the_link() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.read().await.unwrap();
        let (_, seen_by) = tx.signed_and_visibility(id).await.unwrap().unwrap();
        assert_eq!(seen_by, Visibility::Link);
        let nobody = CredentialId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.signed_and_visibility(nobody).await.unwrap(), None);
        drop(tx);
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx.decide(nobody, &Holder::default()).await;
        assert!(matches!(outcome, Err(StoreError::Dangling { .. })));
    });
}

#[test]
fn what_holders_ask_for_waits_until_it_is_answered() {
    in_each_world(|world| async move {
        let (one, two) = (world.issued(1).await, world.issued(2).await);
        let mut tx = world.store.write().await.unwrap();
        let name = request(one, RequestKind::Name, Some("Añaïg"));
        let again = request(one, RequestKind::Name, Some("Añaïg Le Goff"));
        let erasure = HolderRequest {
            made_at: LATER,
            ..request(two, RequestKind::Erasure, None)
        };
        for it in [&name, &again, &erasure] {
            tx.put_holder_request(it).await.unwrap();
        }
        let about = tx.requests_about(one).await.unwrap();
        assert_eq!(about, std::slice::from_ref(&again));
        let all = tx.requests_to(world.issuer).await.unwrap();
        assert_eq!(all, [again, erasure.clone()]);
        assert!(tx.answer_request(one, RequestKind::Name).await.unwrap());
        assert!(!tx.answer_request(one, RequestKind::Name).await.unwrap());
        assert_eq!(tx.requests_to(world.issuer).await.unwrap(), [erasure]);
        assert!(!format!("{:?}", tx.requests_to(world.issuer).await).contains("Añaïg"));
        let nobody = CredentialId::mint(&SystemEntropy).unwrap();
        let outcome = tx
            .put_holder_request(&request(nobody, RequestKind::Name, None))
            .await;
        assert!(matches!(outcome, Err(StoreError::Dangling { .. })));
    });
}

#[test]
fn of_an_erased_badge_no_holder_stays() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        let decided = Holder {
            visibility: Visibility::Public,
            ..Holder::default()
        };
        assert!(tx.decide(id, &decided).await.unwrap());
        let asked = request(id, RequestKind::Erasure, Some("Trugarez"));
        tx.put_holder_request(&asked).await.unwrap();
        assert!(tx.erase(id, LATER).await.unwrap());
        assert_eq!(tx.holder(id).await.unwrap(), Holder::default());
        assert_eq!(tx.requests_about(id).await.unwrap(), []);
    });
}
