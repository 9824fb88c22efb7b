//! The signing desk: a composed award is held to all rules, then signed; nothing else can be.
//!
//! Signing is work for the processor: it takes place on blocking threads, never inside a transaction.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::issuers::Issuer;
use super::issuing::Awardable;
use super::publishing::{MethodIds, method_ids, no_active_key};
use super::renewing::Old;
use super::{Error, Services};
use crate::ids::{AchievementVersionId, CredentialId, KeyId, random_uuid};
use crate::openbadges::keys::SecretKey;
use crate::openbadges::model::checked::{Checked, Finding, Profile as Rules, Severity, Unsigned};
use crate::openbadges::model::rules::Approved;
use crate::openbadges::model::{
    AchievementCredential, CredentialStatus, Profile, Timestamp, rules,
};
use crate::openbadges::proof::{self, ProofError, ProofOptions, Series, eddsa_rdfc_2022, vc_jwt};
use crate::openbadges::{canonical, json};
use crate::recognition::award::Award;
use crate::recognition::compose::{Composition, compose};
use crate::recognition::renewal::{Renewal, renew};
use crate::store::{Jwt, JwtAlgorithm, NewSigned, Packer, PackingRoom, StatusSlot};

/// Everything that signing needs, opened once for many awards.
#[derive(Debug)]
pub(super) struct Desk {
    issuer: Profile,
    ed25519: SecretKey,
    ed25519_id: KeyId,
    ed25519_names: MethodIds,
    /// The P-256 key, where the issuer's identity lists it: a did:key is one key and no other.
    p256: Option<(SecretKey, KeyId, MethodIds)>,
    pub(super) now: Timestamp,
}

/// What is to be signed.
#[derive(Debug)]
pub(super) enum What {
    /// An award.
    Award(Box<Award>, Arc<Awardable>),
    /// A badge for the time that follows another.
    Renewal(Arc<Old>),
}

/// One award on its way to the signer.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) draft: Draft,
    pub(super) id: CredentialId,
    pub(super) slots: Vec<StatusSlot>,
}

/// The same without places in status lists: to be checked, never to be signed.
#[derive(Debug)]
pub(super) struct Draft {
    what: What,
    /// What the credential is called: an address where the world reaches us, else a URN.
    uri: String,
    status: Option<CredentialStatus>,
    subject_id: String,
    salt: [u8; 16],
}

impl Services {
    /// Opens the desk of an issuer.
    pub(super) async fn desk(&self, issuer: &Issuer) -> Result<Desk, Error> {
        let keys = self.store.glance().await?.active_keys(issuer.id).await?;
        let ed25519 = keys.ed25519.ok_or_else(|| no_active_key(issuer))?;
        let id = &issuer.profile.id;
        let p256 = match keys.p256.filter(|_| !issuer.is_its_key()) {
            Some(row) => Some((self.unseal(&row)?, row.id, method_ids(id, &row)?)),
            None => None,
        };
        Ok(Desk {
            issuer: issuer.profile.clone(),
            ed25519: self.unseal(&ed25519)?,
            ed25519_id: ed25519.id,
            ed25519_names: method_ids(id, &ed25519)?,
            p256,
            now: self.world.now(),
        })
    }

    /// An award on its way to the signer, with the places in status lists that were taken for it.
    pub(super) fn job(
        &self,
        what: What,
        id: CredentialId,
        slots: Vec<StatusSlot>,
    ) -> Result<Job, Error> {
        let status = slots.first().and_then(|slot| {
            let list = self.status_list_url(slot.list)?;
            Some(CredentialStatus::bitstring(
                &list,
                slot.purpose.as_str(),
                slot.index.into(),
            ))
        });
        // Others could never be told that such a badge was revoked.
        if status.is_none() && self.is_public() {
            return Err(Error::internal(
                "an award is to be signed without a place in a status list",
            ));
        }
        let mut draft = self.draft(what, id)?;
        draft.status = status;
        Ok(Job { draft, id, slots })
    }

    /// The same without any place: to be checked, never to be signed.
    pub(super) fn draft(&self, what: What, id: CredentialId) -> Result<Draft, Error> {
        let entropy = self.world.entropy.as_ref();
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        Ok(Draft {
            what,
            status: None,
            uri: self
                .address(&format!("credentials/{id}"))
                .unwrap_or_else(|| id.urn()),
            subject_id: random_uuid(entropy)?.urn().to_string(),
            salt,
        })
    }
}

impl Desk {
    /// What its JWTs are signed with, as JOSE names it.
    pub(super) fn jwt_algorithm(&self) -> &'static str {
        match self.p256 {
            Some(_) => "ES256",
            None => "EdDSA",
        }
    }

    /// Composes one credential and holds it to all rules. What is wrong with it is told.
    pub(super) fn checked(
        &self,
        draft: &Draft,
    ) -> Result<(AchievementCredential, Checked), Vec<Finding>> {
        let credential = self.composed(draft)?;
        let checked = rules::check(credential.unsigned(), Rules::OpenBadge)?;
        Ok((credential, checked))
    }

    /// Composes one credential, which no rule has seen yet.
    pub(super) fn composed(&self, draft: &Draft) -> Result<AchievementCredential, Vec<Finding>> {
        match &draft.what {
            What::Award(award, awardable) => compose(&Composition {
                award,
                issuer: &self.issuer,
                achievement: &awardable.achievement,
                credential_id: &draft.uri,
                subject_id: &draft.subject_id,
                salt: draft.salt,
                issued_at: self.now,
                validity: awardable.validity,
                status: draft.status.clone(),
            })
            .map_err(|error| vec![finding("credential.composition", error.to_string())]),
            What::Renewal(old) => Ok(renew(&Renewal {
                old: &old.credential,
                digest: &old.digest,
                issuer: &self.issuer,
                credential_id: &draft.uri,
                subject_id: &draft.subject_id,
                email: old.email.as_ref(),
                salt: draft.salt,
                issued_at: self.now,
                validity: old.validity,
                status: draft.status.clone(),
            })),
        }
    }

    fn deal(&self, job: Job, table: &mut Table) -> Result<Dealt, Error> {
        match self.sign(&job.draft, table) {
            Ok(signed) => Ok(Ok((job, signed))),
            Err(NotSigned::Refused(findings)) => Ok(Err(findings)),
            Err(NotSigned::Fault(fault)) => Err(Error::Internal(fault)),
        }
    }

    /// Composes, checks, signs and packs one credential.
    fn sign(&self, draft: &Draft, table: &mut Table) -> Result<NewSigned, NotSigned> {
        let SecretKey::Ed25519(secret) = &self.ed25519 else {
            return Err(NotSigned::Fault(
                "the issuer's key is no Ed25519 key".into(),
            ));
        };
        let credential = self.composed(draft).map_err(NotSigned::Refused)?;
        let unsigned = credential.unsigned();
        let options = || ProofOptions::new(self.ed25519_names.multikey.clone(), self.now);
        let known = table.known(&draft.what, &unsigned, options)?;
        let secured = if let Some(Known { approved, series }) = known {
            let checked = approved.check(unsigned).map_err(NotSigned::Refused)?;
            series.sign(checked, secret)?
        } else {
            let checked = rules::check(unsigned, Rules::OpenBadge);
            eddsa_rdfc_2022::sign(checked.map_err(NotSigned::Refused)?, &options(), secret)?
        };
        let document = proof::to_bytes(&secured);
        let packed = draft.what.packer().pack(&mut table.room, &document);
        Ok(NewSigned {
            subject_id: draft.subject_id.clone(),
            awarded_at: credential.awarded_date.map(Timestamp::instant),
            valid_from: credential.valid_from.instant(),
            valid_until: credential.valid_until.map(Timestamp::instant),
            issued_at: self.now.instant(),
            key: self.ed25519_id,
            document: packed.map_err(|error| NotSigned::Fault(error.into()))?,
        })
    }

    /// A credential that was issued, as a JWT of that algorithm, signed now; `None` where the issuer has
    /// no key for it, or the credential is no badge.
    pub(super) fn jwt(
        &self,
        document: &[u8],
        algorithm: JwtAlgorithm,
    ) -> Result<Option<Jwt>, Error> {
        let key = match (algorithm, &self.p256) {
            (JwtAlgorithm::EdDsa, _) => Some((&self.ed25519, self.ed25519_id, &self.ed25519_names)),
            (JwtAlgorithm::Es256, Some((key, id, names))) => Some((key, *id, names)),
            (JwtAlgorithm::Es256, None) => None,
        };
        let Some((key, key_id, names)) = key else {
            return Ok(None);
        };
        let mut claims = json::parse(document).map_err(Error::internal)?;
        if let Some(members) = claims.as_object_mut() {
            members.shift_remove("proof");
        }
        let Ok(checked) = rules::check(Unsigned(claims), Rules::OpenBadge) else {
            return Ok(None);
        };
        let jwt = vc_jwt::sign(&checked, key, &names.jwk).map_err(Error::internal)?;
        Ok(Some(Jwt {
            algorithm,
            key_id,
            jwt,
        }))
    }
}

impl What {
    /// What its document is packed with.
    fn packer(&self) -> &Packer {
        match self {
            Self::Award(_, awardable) => &awardable.packer,
            Self::Renewal(old) => &old.packer,
        }
    }
}

/// Why a credential was not signed.
#[derive(Debug)]
enum NotSigned {
    /// It breaks rules; whoever wrote it can correct it.
    Refused(Vec<Finding>),
    /// Our own fault, or the key's.
    Fault(Box<dyn std::error::Error + Send + Sync>),
}

impl From<ProofError> for NotSigned {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Canonical(_) | ProofError::InexactNumber { .. } => {
                Self::Refused(vec![finding("credential.signature", error.to_string())])
            }
            fault => Self::Fault(fault.into()),
        }
    }
}

/// What one signer has at hand while it signs many credentials.
#[derive(Default)]
struct Table {
    room: PackingRoom,
    /// What credentials of each version have in common; none while there are few.
    known: Option<BTreeMap<AchievementVersionId, Known>>,
}

/// What credentials of one version have in common: checked once, and prepared for signing.
struct Known {
    approved: Approved,
    series: Series,
}

/// From so many on it pays to prepare what they have in common.
const MANY: usize = 10;

impl Table {
    fn of(jobs: usize) -> Self {
        Self {
            room: PackingRoom::default(),
            known: (jobs >= MANY).then(BTreeMap::new),
        }
    }

    /// What is known of credentials like this one; none for a renewal, which is like no other.
    fn known(
        &mut self,
        what: &What,
        unsigned: &Unsigned,
        options: impl FnOnce() -> ProofOptions,
    ) -> Result<Option<&Known>, NotSigned> {
        let (Some(known), What::Award(_, awardable)) = (&mut self.known, what) else {
            return Ok(None);
        };
        Ok(Some(match known.entry(awardable.version) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let approved = Approved::of(unsigned).map_err(NotSigned::Refused)?;
                let checked = approved
                    .check(unsigned.clone())
                    .map_err(NotSigned::Refused)?;
                let series = Series::of(&checked, options())?;
                place.insert(Known { approved, series })
            }
        }))
    }
}

/// What the desk made of one job: the signed credential, or everything that is wrong with it.
pub(super) type Dealt = Result<(Job, NewSigned), Vec<Finding>>;

impl Services {
    /// Signs on all cores; each job comes back with its number, in any order.
    pub(super) async fn sign_all<T: Send + 'static>(
        &self,
        desk: &Arc<Desk>,
        jobs: Vec<(T, Job)>,
    ) -> Result<Vec<(T, Dealt)>, Error> {
        let desk = Arc::clone(desk);
        let dealt = self.on_all_cores(jobs, move |jobs| {
            let mut table = Table::of(jobs.len());
            let deal = |(number, job)| Ok((number, desk.deal(job, &mut table)?));
            jobs.into_iter().map(deal).collect()
        });
        dealt.await
    }
}

pub(super) fn finding(rule: &'static str, message: String) -> Finding {
    Finding {
        pointer: String::new(),
        rule,
        severity: Severity::Error,
        message,
        advice: "Correct it and issue again; nothing was signed.".into(),
    }
}

/// Something is said that no context has a word for.
pub(super) fn without_meaning(rule: &'static str, error: &canonical::Error) -> Finding {
    Finding {
        pointer: error.pointer.clone(),
        advice: "What no standard has a word for belongs into the description or the criteria."
            .into(),
        ..finding(rule, error.to_string())
    }
}
