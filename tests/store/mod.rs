//! Every method of the store, on both databases.

pub(crate) mod achievements;
mod audit;
mod batches;
mod credentials;
mod drafts;
mod erasing;
mod holders;
mod installation;
mod issuers;
mod issuing;
mod keys;
mod opening;
mod reserving;
mod standing;
mod status_lists;

pub(crate) use achievements::tamper;

use badgeons::entropy::SystemEntropy;
use badgeons::ids::{AchievementId, AchievementVersionId, CredentialId, IssuerId, KeyId};
use badgeons::store::{
    Achievement, Issuer, IssuerDetails, KeyAlgorithm, NewAward, NewKey, NewSigned, NewVersion,
    Recipient, RecipientKind, Reservation, Reserve, Reserved, Signed, StatusPlan, StatusPurpose,
    Store, StoreError,
};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::harness::databases::on_each_database;

const NOW: OffsetDateTime = datetime!(2026-11-23 10:00:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-12-01 00:00:00.25 UTC);
const BOTH: &[StatusPurpose] = &[StatusPurpose::Revocation, StatusPurpose::Suspension];

/// An issuer that can award one badge.
#[derive(Clone)]
struct World {
    store: Store,
    issuer: IssuerId,
    ed25519: KeyId,
    p256: KeyId,
    achievement: AchievementId,
    version: AchievementVersionId,
}

impl World {
    async fn new(store: Store) -> Self {
        Self::named(store, "territoire").await
    }

    async fn named(store: Store, slug: &str) -> Self {
        let world = Self {
            store,
            issuer: IssuerId::mint(&SystemEntropy).unwrap(),
            ed25519: KeyId::mint(&SystemEntropy).unwrap(),
            p256: KeyId::mint(&SystemEntropy).unwrap(),
            achievement: AchievementId::mint(&SystemEntropy).unwrap(),
            version: AchievementVersionId::mint(&SystemEntropy).unwrap(),
        };
        let mut tx = world.store.write().await.unwrap();
        tx.insert_issuer(&issuer(world.issuer, slug)).await.unwrap();
        for (id, algorithm) in [
            (world.ed25519, KeyAlgorithm::Ed25519),
            (world.p256, KeyAlgorithm::P256),
        ] {
            let public_key = format!("{slug}-{}", algorithm.as_str());
            tx.insert_key(&key(id, world.issuer, algorithm, &public_key))
                .await
                .unwrap();
        }
        tx.insert_achievement(&Achievement {
            id: world.achievement,
            issuer_id: world.issuer,
            slug: format!("{slug}-fresque"),
            created_at: NOW,
            archived_at: None,
        })
        .await
        .unwrap();
        let number = tx
            .insert_achievement_version(world.achievement, &version(world.version))
            .await;
        assert_eq!(number.unwrap(), 1);
        tx.commit().await.unwrap();
        world
    }

    fn award(&self, key: u8) -> NewAward {
        NewAward {
            award_key: [key; 32],
            achievement_version: self.version,
            batch: None,
            activity: None,
            recipient: person("Enora Du Prototype"),
            lookup: Some([key; 32]),
        }
    }

    fn request<'a>(&self, awards: &'a [NewAward], capacity: u32) -> Reserve<'a> {
        let status = StatusPlan {
            purposes: BOTH,
            size: 2 * capacity,
            capacity,
        };
        Reserve {
            issuer: self.issuer,
            awards,
            status,
            at: NOW,
        }
    }

    /// Reserves in a transaction of its own.
    async fn reserve(&self, awards: &[NewAward]) -> Vec<Reservation> {
        let mut tx = self.store.write().await.unwrap();
        let outcomes = tx
            .reserve(&self.request(awards, 65_536), &SystemEntropy)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        outcomes
    }

    /// Reserves one award that nobody has.
    async fn reserved(&self, key: u8) -> Reserved {
        to_sign(&self.reserve(&[self.award(key)]).await[0])
    }

    /// Reserves and completes one award that nobody has.
    async fn issued(&self, key: u8) -> CredentialId {
        let reserved = self.reserved(key).await;
        let mut tx = self.store.write().await.unwrap();
        let done = tx.complete(&[self.signed(&reserved)]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(done, [reserved.id]);
        reserved.id
    }

    fn signed(&self, reserved: &Reserved) -> NewSigned {
        let signed = Signed {
            subject_id: reserved.id.urn(),
            awarded_at: Some(NOW),
            valid_from: NOW,
            valid_until: Some(LATER),
            issued_at: NOW,
            eddsa_key_id: self.ed25519,
            es256_key_id: Some(self.p256),
            document: "{ \"name\" :\t\"Maëlle\",\n\"n\":1.0E0 }\u{0}".into(),
            jwt_eddsa: Some("a.b.c".into()),
            jwt_es256: Some("d.e.f".into()),
        };
        NewSigned {
            id: reserved.id,
            attempt: reserved.attempt,
            signed,
        }
    }
}

/// Runs a test in a world of its own on each database.
fn in_each_world<T: Future<Output = ()>>(test: impl Fn(World) -> T) {
    on_each_database(|store| async { test(World::new(store).await).await });
}

fn issuer(id: IssuerId, slug: &str) -> Issuer {
    Issuer {
        id,
        slug: slug.into(),
        public_id: format!("did:web:{slug}.example"),
        profile: r#"{"name":"Territoire apprenant"}"#.into(),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn key(id: KeyId, issuer_id: IssuerId, algorithm: KeyAlgorithm, public_key: &str) -> NewKey<'_> {
    NewKey {
        id,
        issuer_id,
        algorithm,
        public_key,
        sealed: b"\x01sealed",
        created_at: NOW,
    }
}

fn version(id: AchievementVersionId) -> NewVersion {
    NewVersion {
        id,
        document: r#"{"name":"Fresque"}"#.into(),
        image: Some((b"<svg/>".to_vec(), "image/svg+xml".into())),
        level: "R2".into(),
        recipient_kind: RecipientKind::Person,
        validity: Some("P3Y".into()),
        created_at: NOW,
    }
}

fn person(name: &str) -> Recipient {
    Recipient {
        kind: RecipientKind::Person,
        name: name.into(),
        email: Some("personne001@example.org".into()),
        organisation: Some("Lycée Modèle".into()),
        siret: None,
    }
}

fn to_sign(outcome: &Reservation) -> Reserved {
    match outcome {
        Reservation::Reserved(reserved) => reserved.clone(),
        other => panic!("not reserved: {other:?}"),
    }
}

#[track_caller]
fn assert_conflict<T: std::fmt::Debug>(outcome: Result<T, StoreError>, expected: &str) {
    match outcome {
        Err(StoreError::Conflict { table, .. }) => assert_eq!(table, expected),
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn a_glance_reads_and_has_nothing_to_keep() {
    on_each_database(|store| async move {
        let mut glance = store.glance().await.unwrap();
        assert!(glance.issuers().await.unwrap().is_empty());
        assert!(glance.commit().await.is_err());
        let glance = store.glance().await.unwrap();
        assert!(glance.rollback().await.is_err());
    });
}
