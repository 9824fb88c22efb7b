//! What the world reads of us: an issuer's keys, and its status lists.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;

use serde_json::{Value, json};
use time::Duration;

use super::issuers::Issuer;
use super::keys::state_of;
use super::{Error, Services};
use crate::ids::{AchievementId, StatusListId};
use crate::openbadges::did::document::{self, PublishedKey};
use crate::openbadges::keys::{PublicKey, SecretKey};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::rules;
use crate::openbadges::proof::{self, ProofOptions, eddsa_rdfc_2022};
use crate::openbadges::status::{Bitstring, StatusList, StatusPurpose};
use crate::store::{self, AchievementVersion, KeyAlgorithm, SigningKey};

/// How long a verifier may use a status list without asking again.
const TTL: StdDuration = StdDuration::from_mins(5);

/// How long an edition of a list holds: long enough for a server that is down for a day, short
/// enough that nobody shows a list from before a revocation for ever.
const EDITION: Duration = Duration::days(2);

/// The document that lists an issuer's keys, with what became of them.
pub(super) fn controller_document(issuer: &str, keys: &[SigningKey]) -> Result<Value, Error> {
    let read: Vec<PublicKey> = keys
        .iter()
        .map(|key| PublicKey::from_multikey(&key.public_key))
        .collect::<Result<_, _>>()?;
    let published: Vec<PublishedKey<'_>> = read
        .iter()
        .zip(keys)
        .map(|(key, row)| PublishedKey {
            key,
            state: state_of(row),
        })
        .collect();
    Ok(document::build(issuer, &published))
}

/// The names under which a key is published: as Multikey for Data Integrity, as JWK for JWTs. An
/// issuer that is its key publishes nothing: its document has one name for it.
pub(super) fn method_ids(issuer: &str, row: &SigningKey) -> Result<MethodIds, Error> {
    let key = PublicKey::from_multikey(&row.public_key)?;
    let multikey = format!("{issuer}#{}", row.public_key);
    let jwk = if issuer.starts_with("did:key:") {
        multikey.clone()
    } else {
        document::jwk_id(issuer, &key)
    };
    Ok(MethodIds { multikey, jwk })
}

/// The names of one key.
#[derive(Debug, Clone)]
pub(super) struct MethodIds {
    /// What a Data Integrity proof names.
    pub(super) multikey: String,
    /// What a JWT's `kid` names.
    pub(super) jwk: String,
}

impl Services {
    /// The document an issuer's DID resolves to.
    pub async fn issuer_document(&self, slug: &str) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let keys = self.store.glance().await?.keys(issuer.id).await?;
        controller_document(&issuer.profile.id, &keys)
    }

    /// The address of a status list; `None` where the world can't reach us, and no badge names one.
    pub(super) fn status_list_url(&self, id: StatusListId) -> Option<String> {
        self.address(&format!("status/{id}"))
    }

    /// An issuer's profile (Open Badges 3.0), as its badges carry it.
    pub async fn issuer_profile(&self, slug: &str) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        serde_json::to_value(&issuer.profile).map_err(Error::internal)
    }

    /// One key of an issuer, by its Multikey or by its JWK thumbprint: as a bare JWK for JWTs, as a
    /// Multikey for Data Integrity.
    pub async fn issuer_key(&self, slug: &str, key: &str, form: KeyForm) -> Result<Value, Error> {
        let issuer = self.issuer(Some(slug)).await?;
        let rows = self.store.glance().await?.keys(issuer.id).await?;
        for row in rows {
            let public = PublicKey::from_multikey(&row.public_key)?;
            if row.public_key != key && public.thumbprint() != key {
                continue;
            }
            return Ok(match form {
                KeyForm::Jwk => public.to_jwk(),
                KeyForm::Multikey => json!({
                    "@context": ["https://w3id.org/security/multikey/v1"],
                    "id": format!("{}#{}", issuer.profile.id, row.public_key),
                    "type": "Multikey",
                    "controller": issuer.profile.id,
                    "publicKeyMultibase": row.public_key,
                }),
            });
        }
        Err(Error::not_found("key", key))
    }

    /// An achievement as badges carry it: the version in force, or one of its versions.
    pub async fn published_achievement(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<Value, Error> {
        let version = self.version_of(id, number).await?;
        serde_json::from_str(&version.document).map_err(Error::internal)
    }

    /// The picture of an achievement, with its media type.
    pub async fn achievement_image(&self, id: AchievementId) -> Result<(Vec<u8>, String), Error> {
        let version = self.version_of(id, None).await?;
        version
            .image
            .zip(version.image_media_type)
            .ok_or_else(|| Error::not_found("picture", id.to_string()))
    }

    async fn version_of(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<AchievementVersion, Error> {
        let mut tx = self.store.glance().await?;
        let found = match number {
            None => tx.current_version(id).await?,
            Some(number) => tx.numbered_version(id, number).await?,
        };
        found.ok_or_else(|| Error::not_found("achievement", id.to_string()))
    }

    /// A status list as it is now, signed: the bytes to serve as `application/vc`. It is signed once
    /// for each change, and anew when half of its time is over.
    pub async fn status_list(&self, id: StatusListId) -> Result<Arc<[u8]>, Error> {
        let not_found = || Error::not_found("status list", id.to_string());
        let list = self.store.glance().await?.status_list(id).await?;
        let list = list.ok_or_else(not_found)?;
        let now = self.world.now();
        if let Some(edition) = self.editions.get(id, list.revision, now) {
            return Ok(edition);
        }
        let (revision, signed) = self.sign_status_list(id).await?;
        Ok(self.editions.keep(id, revision, now, signed))
    }

    async fn sign_status_list(&self, id: StatusListId) -> Result<(i64, Vec<u8>), Error> {
        let not_found = || Error::not_found("status list", id.to_string());
        let url = self.status_list_url(id).ok_or_else(not_found)?;
        // One moment: the revision and the bits that go with it.
        let mut tx = self.store.read().await?;
        let list = tx.status_list(id).await?.ok_or_else(not_found)?;
        let set = tx.set_places(id).await?;
        let row = tx.issuer(list.issuer_id).await?.ok_or_else(not_found)?;
        let issuer = Issuer::from_row(&row)?;
        let key = tx.active_key(issuer.id, KeyAlgorithm::Ed25519).await?;
        drop(tx);
        // Whoever asks for the list can do nothing about it.
        let key = key.ok_or_else(|| Error::KeyUnavailable(no_active_key(&issuer).to_string()))?;
        let mut bits = Bitstring::new(list.size.into()).map_err(Error::internal)?;
        for place in set {
            bits.set(place.into(), true).map_err(Error::internal)?;
        }
        let now = self.world.now();
        let credential = StatusList {
            id: url,
            issuer: issuer.profile.id.clone(),
            purpose: purpose_of(list.purpose),
            valid_from: now,
            valid_until: Some(Timestamp::from(now.instant().saturating_add(EDITION))),
            ttl: Some(TTL),
            bits,
        }
        .to_credential();
        let checked = rules::check(credential, Profile::Credential)
            .map_err(|findings| Error::Invalid { findings })?;
        let SecretKey::Ed25519(secret) = self.unseal(&key)? else {
            return Err(Error::KeyUnavailable(
                "the key of the status list is no Ed25519 key".into(),
            ));
        };
        let method = method_ids(&issuer.profile.id, &key)?.multikey;
        let signed = eddsa_rdfc_2022::sign(checked, &ProofOptions::new(method, now), &secret)
            .map_err(Error::internal)?;
        Ok((list.revision, proof::to_bytes(&signed)))
    }
}

/// In which form a key is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// A bare JWK (RFC 7517), as a JWT's `kid` leads to.
    Jwk,
    /// A Multikey (Controlled Identifiers §2.2.2).
    Multikey,
}

/// Status lists that were signed, each in the latest edition this node made. Nothing depends on them
/// but speed: the revision in the database says whether an edition still is right.
#[derive(Debug, Default)]
pub(super) struct Editions(Mutex<BTreeMap<StatusListId, Edition>>);

#[derive(Debug)]
struct Edition {
    revision: i64,
    made_at: Timestamp,
    bytes: Arc<[u8]>,
}

impl Editions {
    fn get(&self, id: StatusListId, revision: i64, now: Timestamp) -> Option<Arc<[u8]>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let edition = all.get(&id)?;
        let is_young = now.instant() - edition.made_at.instant() < EDITION / 2;
        (edition.revision == revision && is_young).then(|| Arc::clone(&edition.bytes))
    }

    fn keep(
        &self,
        id: StatusListId,
        revision: i64,
        made_at: Timestamp,
        bytes: Vec<u8>,
    ) -> Arc<[u8]> {
        let bytes: Arc<[u8]> = bytes.into();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let edition = Edition {
            revision,
            made_at,
            bytes: Arc::clone(&bytes),
        };
        all.insert(id, edition);
        bytes
    }
}

/// Said where an issuer has retired its last key.
pub(super) fn no_active_key(issuer: &Issuer) -> Error {
    Error::Conflict(format!(
        "{} has no key that signs; make new ones first (`badgeons keys rotate`, or keys/rotate of the \
         API)",
        issuer.summary().name
    ))
}

/// The standard's name of a stored purpose.
pub(super) fn purpose_of(purpose: store::StatusPurpose) -> StatusPurpose {
    match purpose {
        store::StatusPurpose::Revocation => StatusPurpose::Revocation,
        store::StatusPurpose::Suspension => StatusPurpose::Suspension,
    }
}
