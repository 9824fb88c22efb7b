//! Awards become signed credentials.
//!
//! As a certificate authority issues: the intent is recorded first, with the place in the status
//! list; then each credential is composed, checked whole and signed; then the signed bytes are stored
//! as they are. A crash in between leaves a reservation that the next run of the same award takes up
//! again: nothing is issued twice, and no signature exists that could not be revoked.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::issuers::Issuer;
use super::publishing::{MethodIds, method_ids, no_active_key};
use super::{Error, Services};
use crate::config::signing::{STATUS_LIST_CAPACITY, STATUS_LIST_SIZE};
use crate::ids::{AchievementVersionId, BatchId, CredentialId, KeyId, random_uuid};
use crate::openbadges::keys::SecretKey;
use crate::openbadges::model::checked::{Finding, Profile as Rules, Severity};
use crate::openbadges::model::{Achievement, CredentialStatus, Profile, Timestamp, rules};
use crate::openbadges::proof::{self, ProofOptions, eddsa_rdfc_2022, vc_jwt};
use crate::recognition::award::{Award, Recipient};
use crate::recognition::compose::{Composition, compose};
use crate::recognition::templates::{RecipientKind, Validity};
use crate::store::{
    self, KeyAlgorithm, NewAward, NewSigned, Reservation, Reserve, Reserved, Signed, Standing,
    StatusPlan, StatusPurpose,
};

/// Awards that are reserved, signed and stored together.
const CHUNK: usize = 500;

/// What became of one award.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Signed and stored now.
    Issued(CredentialId),
    /// The same award was made before, or earlier in the same roster.
    Already(CredentialId, Standing),
    /// Not issued; everything that is wrong with it.
    Refused(Vec<Finding>),
}

/// The version of an achievement that is awarded now.
#[derive(Debug, Clone)]
pub(super) struct Awardable {
    pub(super) version: AchievementVersionId,
    pub(super) achievement: Achievement,
    pub(super) recipient: RecipientKind,
    pub(super) validity: Validity,
}

/// Everything that signing needs, opened once for many awards.
#[derive(Debug)]
struct Desk {
    issuer: Profile,
    ed25519: SecretKey,
    ed25519_id: KeyId,
    ed25519_names: MethodIds,
    /// The P-256 key, where the issuer's identity lists it: a did:key is one key and no other.
    p256: Option<(SecretKey, KeyId, MethodIds)>,
    now: Timestamp,
}

/// One award on its way to the signer.
#[derive(Debug)]
struct Job {
    award: Award,
    awardable: Arc<Awardable>,
    reserved: Reserved,
    status: Option<CredentialStatus>,
    subject_id: String,
    salt: [u8; 16],
}

impl Services {
    /// Issues awards; the answer has one outcome for each, in their order. Good ones are issued
    /// whatever the others are. `done` is told after each part how many have been dealt with.
    pub async fn issue(
        &self,
        issuer: &Issuer,
        awards: &[Award],
        batch: Option<BatchId>,
        done: impl Fn(usize),
    ) -> Result<Vec<Outcome>, Error> {
        let desk = Arc::new(self.desk(issuer).await?);
        let awardables = self.awardables(issuer, awards).await?;
        let mut outcomes = Vec::with_capacity(awards.len());
        for part in awards.chunks(CHUNK) {
            outcomes.extend(
                self.issue_part(issuer, &desk, &awardables, part, batch)
                    .await?,
            );
            done(outcomes.len());
        }
        Ok(outcomes)
    }

    async fn issue_part(
        &self,
        issuer: &Issuer,
        desk: &Arc<Desk>,
        awardables: &BTreeMap<String, Arc<Awardable>>,
        awards: &[Award],
        batch: Option<BatchId>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(awards.len());
        let (mut wanted, mut places) = (Vec::new(), Vec::new());
        for (place, award) in awards.iter().enumerate() {
            let awardable = awardables
                .get(&award.achievement)
                .ok_or_else(|| Error::not_found("achievement", &award.achievement))?;
            if let Some(finding) = wrong_kind(award, awardable.recipient) {
                outcomes.push(Some(Outcome::Refused(vec![finding])));
                continue;
            }
            outcomes.push(None);
            places.push((place, award, awardable));
            wanted.push(self.new_award(issuer, award, awardable.version, batch));
        }
        let purposes: &[StatusPurpose] = if self.has_public_address() {
            &[StatusPurpose::Revocation]
        } else {
            &[]
        };
        let reservations = {
            let mut tx = self.store.write().await?;
            let request = Reserve {
                issuer: issuer.id,
                awards: &wanted,
                status: StatusPlan {
                    purposes,
                    size: STATUS_LIST_SIZE,
                    capacity: STATUS_LIST_CAPACITY,
                },
                at: self.world.clock.now(),
            };
            let reservations = tx.reserve(&request, self.world.entropy.as_ref()).await?;
            tx.commit().await?;
            reservations
        };
        let mut jobs = Vec::new();
        for (&(place, award, awardable), reservation) in places.iter().zip(reservations) {
            match reservation {
                Reservation::Reserved(reserved) => {
                    jobs.push((place, self.job(award, awardable, reserved)?));
                }
                Reservation::Issued { id, standing } => {
                    set(&mut outcomes, place, Outcome::Already(id, standing));
                }
                Reservation::Repeated { id } => {
                    set(&mut outcomes, place, Outcome::Already(id, Standing::Good));
                }
            }
        }
        let signed = sign_all(desk, jobs).await?;
        self.store_signed(signed, &mut outcomes).await?;
        outcomes
            .into_iter()
            .map(|outcome| {
                outcome.ok_or_else(|| Error::internal("an award was left without outcome"))
            })
            .collect()
    }

    /// Stores what was signed, with its entry in the audit log.
    async fn store_signed(
        &self,
        signed: Vec<(usize, Result<NewSigned, Vec<Finding>>)>,
        outcomes: &mut [Option<Outcome>],
    ) -> Result<(), Error> {
        let mut good = Vec::new();
        let mut places = BTreeMap::new();
        for (place, signed) in signed {
            match signed {
                Ok(signed) => {
                    places.insert(signed.id, place);
                    good.push(signed);
                }
                Err(findings) => set(outcomes, place, Outcome::Refused(findings)),
            }
        }
        let mut tx = self.store.write().await?;
        let issued = tx.complete(&good).await?;
        let objects: Vec<_> = issued.iter().map(|id| Some(id.0)).collect();
        self.audit_all(&mut tx, "credential.issue", "credential", &objects)
            .await?;
        tx.commit().await?;
        for id in &issued {
            if let Some(place) = places.remove(id) {
                set(outcomes, place, Outcome::Issued(*id));
            }
        }
        // Somebody else issued these meanwhile; what was signed here is thrown away.
        for (id, place) in places {
            set(outcomes, place, Outcome::Already(id, Standing::Good));
        }
        Ok(())
    }

    fn job(
        &self,
        award: &Award,
        awardable: &Arc<Awardable>,
        reserved: Reserved,
    ) -> Result<Job, Error> {
        let entropy = self.world.entropy.as_ref();
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        let status = reserved.slots.first().and_then(|slot| {
            let list = self.status_list_url(slot.list)?;
            Some(CredentialStatus::bitstring(
                &list,
                slot.purpose.as_str(),
                slot.index.into(),
            ))
        });
        Ok(Job {
            award: award.clone(),
            awardable: Arc::clone(awardable),
            status,
            subject_id: random_uuid(entropy)?.urn().to_string(),
            salt,
            reserved,
        })
    }

    /// The award as the store reserves it: its key and the look-up of its recipient are keyed hashes.
    fn new_award(
        &self,
        issuer: &Issuer,
        award: &Award,
        version: AchievementVersionId,
        batch: Option<BatchId>,
    ) -> NewAward {
        let recipient = award.recipient.key();
        NewAward {
            award_key: self.award_key(issuer, award),
            achievement_version: version,
            batch,
            recipient: stored_recipient(&award.recipient),
            lookup: Some(
                self.keystore
                    .blind_index(format!("recipient {recipient}").as_bytes()),
            ),
        }
    }

    /// What the same award has in common, whoever asks for it and when.
    pub(super) fn award_key(&self, issuer: &Issuer, award: &Award) -> [u8; 32] {
        let key = award.key();
        // The length before each part keeps two different awards from spelling the same key.
        let parts = [
            &issuer.slug,
            &key.achievement,
            &key.recipient,
            &key.activity,
        ];
        let spelled = parts.map(|part| format!("{}:{part};", part.len())).concat();
        self.keystore
            .blind_index(format!("award {spelled}").as_bytes())
    }

    /// Whether the world reaches us under an address that signatures may name.
    pub(super) fn has_public_address(&self) -> bool {
        self.settings
            .public_url
            .as_ref()
            .is_some_and(crate::config::PublicUrl::is_https)
    }

    async fn desk(&self, issuer: &Issuer) -> Result<Desk, Error> {
        let mut tx = self.store.read().await?;
        let ed25519 = tx.active_key(issuer.id, KeyAlgorithm::Ed25519).await?;
        let p256 = tx.active_key(issuer.id, KeyAlgorithm::P256).await?;
        drop(tx);
        let ed25519 = ed25519.ok_or_else(|| no_active_key(issuer))?;
        let id = &issuer.profile.id;
        let p256 = match p256.filter(|_| !issuer.is_its_key()) {
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
}

impl Desk {
    /// Composes, checks and signs one credential. What is wrong with it is told, not signed.
    fn sign(&self, job: &Job) -> Result<NewSigned, Vec<Finding>> {
        let id = job.reserved.id;
        let urn = id.urn();
        let validity = job.awardable.validity;
        let credential = compose(&Composition {
            award: &job.award,
            issuer: &self.issuer,
            achievement: &job.awardable.achievement,
            credential_id: &urn,
            subject_id: &job.subject_id,
            salt: job.salt,
            issued_at: self.now,
            validity,
            status: job.status.clone(),
        })
        .map_err(|error| vec![finding("credential.composition", error.to_string())])?;
        let checked = rules::check(credential.unsigned(), Rules::OpenBadge)?;
        let refused = |error: &dyn std::fmt::Display| {
            vec![finding("credential.signature", error.to_string())]
        };
        let jwt_eddsa = vc_jwt::sign(&checked, &self.ed25519, &self.ed25519_names.jwk)
            .map_err(|error| refused(&error))?;
        let jwt_es256 = match &self.p256 {
            Some((key, _, names)) => {
                Some(vc_jwt::sign(&checked, key, &names.jwk).map_err(|error| refused(&error))?)
            }
            None => None,
        };
        let options = ProofOptions::new(self.ed25519_names.multikey.clone(), self.now);
        let SecretKey::Ed25519(secret) = &self.ed25519 else {
            return Err(refused(&"the issuer's key is no Ed25519 key"));
        };
        let secured =
            eddsa_rdfc_2022::sign(checked, &options, secret).map_err(|error| refused(&error))?;
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

/// Signs on all cores, off the threads that serve.
async fn sign_all(
    desk: &Arc<Desk>,
    mut jobs: Vec<(usize, Job)>,
) -> Result<Vec<(usize, Result<NewSigned, Vec<Finding>>)>, Error> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = jobs.len().div_ceil(cores).max(1);
    let mut signers = JoinSet::new();
    while !jobs.is_empty() {
        let part = jobs.split_off(jobs.len().saturating_sub(share));
        let desk = Arc::clone(desk);
        signers.spawn_blocking(move || {
            part.iter()
                .map(|(place, job)| (*place, desk.sign(job)))
                .collect::<Vec<_>>()
        });
    }
    let mut signed = Vec::new();
    while let Some(part) = signers.join_next().await {
        signed.extend(part.map_err(Error::internal)?);
    }
    signed.sort_unstable_by_key(|(place, _)| *place);
    Ok(signed)
}

fn set(outcomes: &mut [Option<Outcome>], place: usize, outcome: Outcome) {
    if let Some(slot) = outcomes.get_mut(place) {
        *slot = Some(outcome);
    }
}

fn wrong_kind(award: &Award, wanted: RecipientKind) -> Option<Finding> {
    let (whom, not) = match (&award.recipient, wanted) {
        (Recipient::Person(_), RecipientKind::Organisation) => ("organisations", "a person"),
        (Recipient::Organisation(_), RecipientKind::Person) => ("people", "an organisation"),
        _ => return None,
    };
    let mut finding = finding(
        "award.recipient",
        format!(
            "“{}” is for {whom}, and the recipient is {not}.",
            award.achievement
        ),
    );
    finding.advice = format!("Choose another badge, or name one of the {whom}.");
    Some(finding)
}

fn finding(rule: &'static str, message: String) -> Finding {
    Finding {
        pointer: String::new(),
        rule,
        severity: Severity::Error,
        message,
        advice: "Correct it and issue again; nothing was signed.".into(),
    }
}

fn stored_recipient(recipient: &Recipient) -> store::Recipient {
    match recipient {
        Recipient::Person(person) => store::Recipient {
            kind: store::RecipientKind::Person,
            name: person.name.clone(),
            email: Some(person.email.as_str().into()),
            organisation: None,
            siret: None,
        },
        Recipient::Organisation(organisation) => store::Recipient {
            kind: store::RecipientKind::Organisation,
            name: organisation.name.clone(),
            email: None,
            organisation: None,
            siret: organisation.siret.as_ref().map(ToString::to_string),
        },
    }
}
