//! The signing desk: a composed award is held to all rules, then signed; nothing else can be.
//!
//! Signing is work for the processor: it takes place on blocking threads, never inside a transaction.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::issuers::Issuer;
use super::issuing::Awardable;
use super::publishing::{MethodIds, method_ids, no_active_key};
use super::renewing::Old;
use super::{Error, Services};
use crate::ids::{CredentialId, KeyId, random_uuid};
use crate::openbadges::canonical;
use crate::openbadges::keys::SecretKey;
use crate::openbadges::model::checked::{Checked, Finding, Profile as Rules, Severity};
use crate::openbadges::model::{
    AchievementCredential, CredentialStatus, Profile, Timestamp, rules,
};
use crate::openbadges::proof::vc_jwt::VcJwtError;
use crate::openbadges::proof::{self, ProofError, ProofOptions, eddsa_rdfc_2022, vc_jwt};
use crate::recognition::award::Award;
use crate::recognition::compose::{Composition, compose};
use crate::recognition::renewal::{Renewal, renew};
use crate::store::{NewSigned, Reserved, Signed};

/// Everything that signing needs, opened once for many awards.
#[derive(Debug)]
pub(super) struct Desk {
    issuer: Profile,
    ed25519: SecretKey,
    ed25519_id: KeyId,
    ed25519_names: MethodIds,
    /// The P-256 key, where the issuer's identity lists it: a did:key is one key and no other.
    p256: Option<(SecretKey, KeyId, MethodIds)>,
    now: Timestamp,
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
    what: What,
    reserved: Reserved,
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

    /// An award on its way to the signer, with the place in a status list that was reserved for it.
    pub(super) fn job(&self, what: What, reserved: Reserved) -> Result<Job, Error> {
        let status = reserved.slots.first().and_then(|slot| {
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
                "an award was reserved without a place in a status list",
            ));
        }
        Ok(Job {
            status,
            ..self.draft(what, reserved)?
        })
    }

    /// The same without any place: to be checked, never to be signed.
    pub(super) fn draft(&self, what: What, reserved: Reserved) -> Result<Job, Error> {
        let entropy = self.world.entropy.as_ref();
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        Ok(Job {
            what,
            status: None,
            uri: self
                .address(&format!("credentials/{}", reserved.id))
                .unwrap_or_else(|| reserved.id.urn()),
            subject_id: random_uuid(entropy)?.urn().to_string(),
            salt,
            reserved,
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
        job: &Job,
    ) -> Result<(AchievementCredential, Checked), Vec<Finding>> {
        let credential = self.composed(job)?;
        let checked = rules::check(credential.unsigned(), Rules::OpenBadge)?;
        Ok((credential, checked))
    }

    /// Composes one credential, which no rule has seen yet.
    pub(super) fn composed(&self, job: &Job) -> Result<AchievementCredential, Vec<Finding>> {
        match &job.what {
            What::Award(award, awardable) => compose(&Composition {
                award,
                issuer: &self.issuer,
                achievement: &awardable.achievement,
                credential_id: &job.uri,
                subject_id: &job.subject_id,
                salt: job.salt,
                issued_at: self.now,
                validity: awardable.validity,
                status: job.status.clone(),
            })
            .map_err(|error| vec![finding("credential.composition", error.to_string())]),
            What::Renewal(old) => Ok(renew(&Renewal {
                old: &old.credential,
                digest: &old.digest,
                issuer: &self.issuer,
                credential_id: &job.uri,
                subject_id: &job.subject_id,
                email: old.email.as_ref(),
                salt: job.salt,
                issued_at: self.now,
                validity: old.validity,
                status: job.status.clone(),
            })),
        }
    }

    fn deal(&self, place: usize, job: &Job) -> Result<Dealt, Error> {
        let outcome = match self.sign(job) {
            Ok(new) => Ok(new),
            Err(NotSigned::Refused(findings)) => Err(findings),
            Err(NotSigned::Fault(fault)) => return Err(Error::Internal(fault)),
        };
        Ok(Dealt {
            place,
            id: job.reserved.id,
            attempt: job.reserved.attempt,
            outcome,
        })
    }

    /// Composes, checks and signs one credential.
    fn sign(&self, job: &Job) -> Result<NewSigned, NotSigned> {
        let id = job.reserved.id;
        let (credential, checked) = self.checked(job).map_err(NotSigned::Refused)?;
        let jwt_eddsa = vc_jwt::sign(&checked, &self.ed25519, &self.ed25519_names.jwk)?;
        let jwt_es256 = match &self.p256 {
            Some((key, _, names)) => Some(vc_jwt::sign(&checked, key, &names.jwk)?),
            None => None,
        };
        let options = ProofOptions::new(self.ed25519_names.multikey.clone(), self.now);
        let SecretKey::Ed25519(secret) = &self.ed25519 else {
            return Err(NotSigned::Fault(
                "the issuer's key is no Ed25519 key".into(),
            ));
        };
        let secured = eddsa_rdfc_2022::sign(checked, &options, secret)?;
        Ok(NewSigned {
            id,
            attempt: job.reserved.attempt,
            signed: Signed {
                subject_id: job.subject_id.clone(),
                awarded_at: credential.awarded_date.map(Timestamp::instant),
                valid_from: credential.valid_from.instant(),
                valid_until: credential.valid_until.map(Timestamp::instant),
                issued_at: self.now.instant(),
                eddsa_key_id: self.ed25519_id,
                es256_key_id: self.p256.as_ref().map(|(_, id, _)| *id),
                document: proof::to_bytes(&secured),
                jwt_eddsa: Some(jwt_eddsa),
                jwt_es256,
            },
        })
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

impl From<VcJwtError> for NotSigned {
    fn from(error: VcJwtError) -> Self {
        match error {
            VcJwtError::Member { .. } | VcJwtError::ReservedMember { .. } => {
                Self::Refused(vec![finding("credential.signature", error.to_string())])
            }
            fault => Self::Fault(fault.into()),
        }
    }
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

/// What the desk made of one job.
#[derive(Debug)]
pub(super) struct Dealt {
    /// Which of the awards it was.
    pub(super) place: usize,
    pub(super) id: CredentialId,
    pub(super) attempt: i64,
    /// The signed credential, or everything that is wrong with it.
    pub(super) outcome: Result<NewSigned, Vec<Finding>>,
}

/// Signs on all cores, off the threads that serve.
pub(super) async fn sign_all(
    desk: &Arc<Desk>,
    mut jobs: Vec<(usize, Job)>,
) -> Result<Vec<Dealt>, Error> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = jobs.len().div_ceil(cores).max(1);
    let mut signers = JoinSet::new();
    while !jobs.is_empty() {
        let part = jobs.split_off(jobs.len().saturating_sub(share));
        let desk = Arc::clone(desk);
        signers.spawn_blocking(move || {
            part.iter()
                .map(|(place, job)| desk.deal(*place, job))
                .collect::<Result<Vec<_>, _>>()
        });
    }
    let mut dealt = Vec::new();
    while let Some(part) = signers.join_next().await {
        dealt.extend(part.map_err(Error::internal)??);
    }
    dealt.sort_unstable_by_key(|dealt| dealt.place);
    Ok(dealt)
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
