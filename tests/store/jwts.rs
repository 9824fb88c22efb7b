use badgeons::store::{Jwt, JwtAlgorithm};

use super::achievements::{assert_immutable, tamper};
use super::*;

fn es256(world: &World, jwt: &str) -> Jwt {
    Jwt {
        algorithm: JwtAlgorithm::Es256,
        key_id: world.p256,
        jwt: jwt.into(),
    }
}

async fn kept(world: &World, id: CredentialId) -> Vec<Jwt> {
    world.store.read().await.unwrap().jwts(id).await.unwrap()
}

/// Keeps a JWT in a transaction of its own.
async fn keep(world: &World, id: CredentialId, jwt: &Jwt) -> bool {
    let mut tx = world.store.write().await.unwrap();
    let kept = tx.insert_jwt(id, jwt).await.unwrap();
    tx.commit().await.unwrap();
    kept
}

#[test]
fn a_badge_has_one_jwt_of_each_algorithm_and_it_stays() {
    in_each_world(|world| async move {
        let (id, other) = (world.issued(1).await, world.issued(2).await);
        assert_eq!(kept(&world, id).await, []);
        let first = es256(&world, "a.b.c");
        assert!(keep(&world, id, &first).await);
        assert!(!keep(&world, id, &es256(&world, "d.e.f")).await);
        assert_eq!(kept(&world, id).await, std::slice::from_ref(&first));
        let eddsa = Jwt {
            algorithm: JwtAlgorithm::EdDsa,
            key_id: world.ed25519,
            jwt: "g.h.i".into(),
        };
        assert!(keep(&world, id, &eddsa).await);
        assert_eq!(kept(&world, id).await, [first, eddsa]);
        assert_eq!(kept(&world, other).await, []);
    });
}

#[test]
fn of_eight_who_keep_a_jwt_at_once_one_does() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..8 {
            let world = world.clone();
            tasks.spawn(async move {
                let jwt = es256(&world, &format!("a.b.{number}"));
                keep(&world, id, &jwt).await.then_some(jwt)
            });
        }
        let all: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(all.len(), 1);
        assert_eq!(kept(&world, id).await, all);
    });
}

#[test]
fn what_was_erased_or_never_issued_has_no_jwt() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let jwt = es256(&world, "a.b.c");
        assert!(keep(&world, id, &jwt).await);
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.erase(id, NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(kept(&world, id).await, [], "it is erased with its badge");
        assert!(!keep(&world, id, &jwt).await);
        let never_stored = world.ready(2).await.id;
        assert!(!keep(&world, never_stored, &jwt).await);
        assert_eq!(kept(&world, never_stored).await, []);
    });
}

#[test]
fn a_badge_that_is_erased_at_this_moment_keeps_no_jwt() {
    in_each_world(|world| async move {
        // Whoever is first, nothing is left.
        for erased_first in [true, false] {
            let id = world.issued(u8::from(erased_first)).await;
            let jwt = es256(&world, "a.b.c");
            let mut first = world.store.write().await.unwrap();
            if erased_first {
                assert!(first.erase(id, NOW).await.unwrap());
            } else {
                assert!(first.insert_jwt(id, &jwt).await.unwrap());
            }
            let second = tokio::spawn({
                let world = world.clone();
                async move {
                    if erased_first {
                        return keep(&world, id, &jwt).await;
                    }
                    let mut tx = world.store.write().await.unwrap();
                    let erased = tx.erase(id, NOW).await.unwrap();
                    tx.commit().await.unwrap();
                    erased
                }
            });
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            first.commit().await.unwrap();
            assert_eq!(second.await.unwrap(), !erased_first);
            assert_eq!(kept(&world, id).await, [], "erased first: {erased_first}");
        }
    });
}

#[test]
fn a_jwt_names_a_key_there_is() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut jwt = es256(&world, "a.b.c");
        jwt.key_id = KeyId::mint(&SystemEntropy).unwrap();
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx.insert_jwt(id, &jwt).await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}

#[test]
fn a_jwt_never_changes_and_stays_while_its_badge_does() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        keep(&world, id, &es256(&world, "a.b.c")).await;
        for statement in [
            "UPDATE credential_jwts SET jwt = 'x'",
            "DELETE FROM credential_jwts",
        ] {
            assert_immutable(tamper(&world.store, statement).await, "credential_jwts");
        }
        assert_eq!(kept(&world, id).await.len(), 1);
    });
}

#[test]
fn a_jwt_shows_in_no_debug_output() {
    in_each_world(|world| async move {
        let shown = format!("{:?}", es256(&world, "hush.hush.hush"));
        assert!(!shown.contains("hush"), "{shown}");
    });
}
