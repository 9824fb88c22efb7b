//! Status lists as the world reads them: which badges were withdrawn, signed by their issuer.
//!
//! Nothing is published from a copy: each time a list is asked for, the database says at which revision
//! it is, so that no node shows an older one once a revocation was answered. What is kept is the
//! signature: a list is signed once for each change (on each node), however many ask for it at the same
//! time, and anew when half of its time is over.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;

use time::Duration;
use tokio::sync::Mutex as Turn;

use super::issuers::Issuer;
use super::publishing::{method_ids, no_active_key};
use super::{Error, Services};
use crate::ids::StatusListId;
use crate::openbadges::keys::SecretKey;
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::rules;
use crate::openbadges::proof::{self, ProofOptions, eddsa_rdfc_2022, vc_jwt};
use crate::openbadges::status::{Bitstring, StatusList, StatusPurpose};
use crate::store;

/// How long a verifier may use a status list without asking again.
const TTL: StdDuration = StdDuration::from_mins(5);

/// How long an edition of a list holds: long enough for a server that is down for a day, short
/// enough that nobody shows a list from before a revocation for ever.
const EDITION: Duration = Duration::days(2);

/// A signed list, in both forms.
#[derive(Debug, Clone)]
pub struct Edition {
    revision: i64,
    made_at: Timestamp,
    /// With its proof embedded: `application/vc`.
    pub document: Arc<[u8]>,
    /// As a JWT, signed as badges' JWTs are: `application/vc+jwt`.
    pub jwt: Arc<[u8]>,
}

/// The latest edition of each list that this node made. Nothing depends on them but speed.
#[derive(Debug, Default)]
pub(super) struct Editions(Mutex<BTreeMap<StatusListId, Arc<Turn<Option<Edition>>>>>);

impl Editions {
    /// The place of a list's edition: whoever holds it signs, and others wait for what they made.
    fn place(&self, id: StatusListId) -> Arc<Turn<Option<Edition>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(id).or_default())
    }
}

impl Services {
    /// The address of a status list; `None` where the world can't reach us, and no badge names one.
    pub(super) fn status_list_url(&self, id: StatusListId) -> Option<String> {
        self.address(&format!("status/{id}"))
    }

    /// A status list as it is now, signed.
    pub async fn status_list(&self, id: StatusListId) -> Result<Edition, Error> {
        let list = self.store.glance().await?.status_list(id).await?;
        let list = list.ok_or_else(|| not_found(id))?;
        let place = self.editions.place(id);
        let mut known = place.lock().await;
        let now = self.world.now().instant();
        let is_current = |edition: &&Edition| {
            // One that is newer was made while this one waited.
            edition.revision >= list.revision && now - edition.made_at.instant() < EDITION / 2
        };
        if let Some(edition) = known.as_ref().filter(is_current) {
            return Ok(edition.clone());
        }
        let edition = self.sign_status_list(id).await?;
        *known = Some(edition.clone());
        Ok(edition)
    }

    async fn sign_status_list(&self, id: StatusListId) -> Result<Edition, Error> {
        let url = self.status_list_url(id).ok_or_else(|| not_found(id))?;
        // One moment: the revision and the bits that go with it.
        let mut tx = self.store.read().await?;
        let list = tx.status_list(id).await?.ok_or_else(|| not_found(id))?;
        let set = tx.set_places(id).await?;
        let row = tx.issuer(list.issuer_id).await?;
        let issuer = Issuer::from_row(&row.ok_or_else(|| not_found(id))?)?;
        let keys = tx.active_keys(issuer.id).await?;
        drop(tx);
        // Whoever asks for the list can do nothing about it.
        let ed25519 = keys
            .ed25519
            .ok_or_else(|| Error::KeyUnavailable(no_active_key(&issuer).to_string()))?;
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
        let for_jwt = keys.p256.as_ref().unwrap_or(&ed25519);
        let kid = method_ids(&issuer.profile.id, for_jwt)?.jwk;
        let jwt = vc_jwt::sign(&checked, &self.unseal(for_jwt)?, &kid).map_err(Error::internal)?;
        let SecretKey::Ed25519(secret) = self.unseal(&ed25519)? else {
            return Err(Error::KeyUnavailable(
                "the key of the status list is no Ed25519 key".into(),
            ));
        };
        let method = method_ids(&issuer.profile.id, &ed25519)?.multikey;
        let signed = eddsa_rdfc_2022::sign(checked, &ProofOptions::new(method, now), &secret)
            .map_err(Error::internal)?;
        Ok(Edition {
            revision: list.revision,
            made_at: now,
            document: proof::to_bytes(&signed).into(),
            jwt: jwt.into_bytes().into(),
        })
    }
}

fn not_found(id: StatusListId) -> Error {
    Error::not_found("status list", id.to_string())
}

/// The standard's name of a stored purpose.
fn purpose_of(purpose: store::StatusPurpose) -> StatusPurpose {
    match purpose {
        store::StatusPurpose::Revocation => StatusPurpose::Revocation,
        store::StatusPurpose::Suspension => StatusPurpose::Suspension,
    }
}
