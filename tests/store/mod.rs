//! Every method of the store, on both databases.

pub(crate) mod achievements;
mod audit;
mod batch_parts;
mod batches;
mod bulk_migration;
mod credentials;
mod drafts;
mod erasing;
mod full_disk;
mod holders;
mod installation;
mod issuers;
mod issuing;
mod issuing_days;
mod jwts;
mod keys;
mod opening;
mod places;
mod standing;
mod status_lists;

pub(crate) use achievements::tamper;

use std::collections::BTreeSet;

use badgeons::entropy::SystemEntropy;
use badgeons::ids::{AchievementId, AchievementVersionId, CredentialId, IssuerId, KeyId};
use badgeons::store::{
    Achievement, CredentialFilter, Issuer, IssuerDetails, KeyAlgorithm, NewAward, NewCredential,
    NewKey, NewSigned, NewVersion, Packed, Packer, PackingRoom, Recipient, RecipientKey,
    RecipientKind, StatusPlan, StatusPurpose, StatusSlot, Store, StoreError,
};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::harness::databases::on_each_database;

const NOW: OffsetDateTime = datetime!(2026-11-23 10:00:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-12-01 00:00:00.25 UTC);
/// What is signed here: no JSON that anybody would write alike twice.
const DOCUMENT: &[u8] = "{ \"name\" :\t\"Maëlle\",\n\"n\":1.0E0 }\u{0}".as_bytes();
/// What a world's badge class says.
const VERSION: &str = r#"{"name":"Fresque"}"#;
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

    /// The awards of whoever the awards with this key are for, the latest first.
    async fn of_recipient(&self, award_key: [u8; 32]) -> Vec<CredentialId> {
        let filter = CredentialFilter {
            recipient: Some(RecipientKey::of(award_key)),
            ..CredentialFilter::default()
        };
        let mut tx = self.store.read().await.unwrap();
        let found = tx.credentials(&filter, None, 10).await.unwrap();
        found.into_iter().map(|found| found.id).collect()
    }

    fn award(&self, key: u8) -> NewAward {
        NewAward {
            award_key: [key; 32],
            achievement_version: self.version,
            batch: None,
            activity: None,
            recipient: person("Enora Du Prototype"),
        }
    }

    /// Takes a place of each purpose for that many badges, in a transaction of its own.
    async fn places(&self, badges: usize) -> Vec<Vec<StatusSlot>> {
        let mut tx = self.store.write().await.unwrap();
        let plan = plan(65_536);
        let taken = tx.take_places(self.issuer, &plan, badges, NOW, &SystemEntropy);
        let taken = taken.await.unwrap();
        tx.commit().await.unwrap();
        taken
    }

    /// An award that is signed, with the places it names.
    fn signed(&self, award: NewAward, slots: Vec<StatusSlot>) -> NewCredential {
        let id = CredentialId::mint(&SystemEntropy).unwrap();
        let signed = NewSigned {
            subject_id: id.urn(),
            awarded_at: Some(NOW),
            valid_from: NOW,
            valid_until: Some(LATER),
            issued_at: NOW,
            key: self.ed25519,
            document: packed(DOCUMENT),
        };
        NewCredential {
            id,
            award,
            slots,
            signed,
        }
    }

    /// An award that is signed and has its places, and is not stored.
    async fn ready(&self, key: u8) -> NewCredential {
        let slots = self.places(1).await.remove(0);
        self.signed(self.award(key), slots)
    }

    /// Stores credentials in a transaction of its own; those that are stored by that.
    async fn store(&self, new: &[NewCredential]) -> BTreeSet<CredentialId> {
        let new: Vec<_> = new.iter().collect();
        let mut tx = self.store.write().await.unwrap();
        let stored = tx.insert_credentials(self.issuer, &new).await.unwrap();
        tx.commit().await.unwrap();
        stored
    }

    /// Issues awards that nobody has, in their order.
    async fn issue(&self, awards: impl IntoIterator<Item = NewAward>) -> Vec<CredentialId> {
        let awards: Vec<_> = awards.into_iter().collect();
        let places = self.places(awards.len()).await;
        let both = awards.into_iter().zip(places);
        let new: Vec<_> = both
            .map(|(award, slots)| self.signed(award, slots))
            .collect();
        let ids: Vec<_> = new.iter().map(|new| new.id).collect();
        assert_eq!(self.store(&new).await, ids.iter().copied().collect());
        ids
    }

    /// Issues one award that nobody has.
    async fn issued(&self, key: u8) -> CredentialId {
        self.issue([self.award(key)]).await[0]
    }
}

/// A place of each purpose, in lists of that capacity.
fn plan(capacity: u32) -> StatusPlan<'static> {
    StatusPlan {
        purposes: BOTH,
        size: 2 * capacity,
        capacity,
    }
}

/// A document as badges of a world's version are packed.
fn packed(document: &[u8]) -> Packed {
    let mut room = PackingRoom::default();
    Packer::of(VERSION).pack(&mut room, document).unwrap()
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
        document: VERSION.into(),
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
