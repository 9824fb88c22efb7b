//! Awards become signed credentials.
//!
//! As a certificate authority issues: the intent is recorded first, with the place in the status
//! list; then each credential is composed, checked whole and signed; then the signed bytes are stored
//! as they are. A crash in between leaves a reservation that the next run of the same award takes up
//! again: nothing is issued twice, and no signature exists that could not be revoked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::issuers::Issuer;
use super::signing::{Dealt, What, finding, sign_all};
use super::{Actor, Error, Services};
use crate::config::signing::{STATUS_LIST_CAPACITY, STATUS_LIST_SIZE};
use crate::ids::{AchievementVersionId, BatchId, CredentialId};
use crate::openbadges::model::Achievement;
use crate::openbadges::model::checked::Finding;
use crate::recognition::award::{Award, Recipient};
use crate::recognition::folding::fold;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::store::{
    self, ActivityName, CredentialState, NewAward, Reservation, Reserve, Reserved, Standing,
    StatusPlan, StatusPurpose,
};

/// Awards that are reserved, signed and stored together.
const CHUNK: usize = 500;

/// How often, and how long after each look, somebody else is waited for who issues the same badge.
const PATIENCE: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

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

/// An award, and who asks for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) award: &'a Award,
    pub(super) actor: &'a Actor,
}

/// What became of one award of a part.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Its outcome.
    Settled(Outcome),
    /// Somebody else took it over and is issuing it at this moment.
    Elsewhere(CredentialId),
}

/// What would become of one award.
#[derive(Debug, Clone)]
pub(super) enum Foreseen {
    /// It would be signed and stored.
    Issued,
    /// The same award was made before.
    Already(CredentialId, Standing),
    /// It breaks rules.
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

impl Services {
    /// Issues awards; the answer has one outcome for each, in their order. Good ones are issued
    /// whatever the others are. `done` is told after each part how many have been dealt with.
    ///
    /// One award that comes alone is better issued with others that arrive
    /// ([`Services::issue_together`]).
    pub async fn issue(
        &self,
        issuer: &Issuer,
        awards: &[Award],
        batch: Option<BatchId>,
        done: impl Fn(usize),
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Vec::with_capacity(awards.len());
        for part in awards.chunks(CHUNK) {
            let actor = self.actor.as_ref();
            let part: Vec<_> = part.iter().map(|award| Asked { award, actor }).collect();
            for issued in self.issue_part(issuer, &part, batch).await? {
                outcomes.push(self.settled(issued).await?);
            }
            done(outcomes.len());
        }
        Ok(outcomes)
    }

    /// What issuing would come to: everything is composed and checked, nothing is signed or stored.
    pub(super) async fn foresee(
        &self,
        issuer: &Issuer,
        awards: &[Award],
    ) -> Result<Vec<Foreseen>, Error> {
        let desk = self.desk(issuer).await?;
        let slugs = awards.iter().map(|award| award.achievement.as_str());
        let awardables = self.awardables(issuer, slugs).await?;
        let mut tx = self.store.read().await?;
        let mut foreseen = Vec::with_capacity(awards.len());
        for award in awards {
            let awardable = awardable(&awardables, award)?;
            let known = tx
                .credential_by_award_key(self.award_key(issuer, award))
                .await?;
            let reserved = Reserved {
                id: CredentialId::mint(self.world.entropy.as_ref())?,
                attempt: 0,
                slots: Vec::new(),
            };
            foreseen.push(match known {
                Some(row) if row.state == CredentialState::Issued => {
                    Foreseen::Already(row.id, row.standing())
                }
                _ => match wrong_kind(award, awardable.recipient) {
                    Some(finding) => Foreseen::Refused(vec![finding]),
                    None => match desk.checked(&self.draft(
                        What::Award(award.clone().into(), Arc::clone(awardable)),
                        reserved,
                    )?) {
                        Ok(_) => Foreseen::Issued,
                        Err(findings) => Foreseen::Refused(findings),
                    },
                },
            });
        }
        Ok(foreseen)
    }

    /// Reserves, signs and stores awards of one issuer together, each for whoever asks for it.
    pub(super) async fn issue_part(
        &self,
        issuer: &Issuer,
        asked: &[Asked<'_>],
        batch: Option<BatchId>,
    ) -> Result<Vec<Part>, Error> {
        let desk = Arc::new(self.desk(issuer).await?);
        let slugs = asked.iter().map(|asked| asked.award.achievement.as_str());
        let awardables = self.awardables(issuer, slugs).await?;
        let mut outcomes: Vec<Option<Part>> = Vec::with_capacity(asked.len());
        let (mut wanted, mut places) = (Vec::new(), Vec::new());
        for (place, &Asked { award, .. }) in asked.iter().enumerate() {
            let awardable = awardable(&awardables, award)?;
            if let Some(finding) = wrong_kind(award, awardable.recipient) {
                outcomes.push(Some(Part::Settled(Outcome::Refused(vec![finding]))));
                continue;
            }
            outcomes.push(None);
            places.push((place, award, awardable));
            wanted.push(self.new_award(issuer, award, awardable.version, batch));
        }
        let reservations = self.reserve(issuer, &wanted).await?;
        let (mut jobs, mut repeated) = (Vec::new(), Vec::new());
        let mut first = BTreeMap::new();
        for (&(place, award, awardable), reservation) in places.iter().zip(reservations) {
            first.entry(reservation.id()).or_insert(place);
            match reservation {
                Reservation::Reserved(reserved) => {
                    let what = What::Award(award.clone().into(), Arc::clone(awardable));
                    jobs.push((place, self.job(what, reserved)?));
                }
                Reservation::Issued { id, standing } => {
                    let already = Part::Settled(Outcome::Already(id, standing));
                    set(&mut outcomes, place, already);
                }
                Reservation::Repeated { id } => repeated.push((place, id)),
            }
        }
        let actors: Vec<_> = asked.iter().map(|asked| asked.actor).collect();
        let dealt = sign_all(&desk, jobs).await?;
        for (place, part) in self.store_dealt(dealt, "credential.issue", &actors).await? {
            set(&mut outcomes, place, part);
        }
        for (place, id) in repeated {
            let outcome = first
                .get(&id)
                .and_then(|first| outcomes.get(*first)?.clone());
            let outcome = match outcome {
                Some(Part::Settled(Outcome::Issued(id))) => {
                    Some(Part::Settled(Outcome::Already(id, Standing::Good)))
                }
                other => other,
            };
            if let Some(outcome) = outcome {
                set(&mut outcomes, place, outcome);
            }
        }
        outcomes
            .into_iter()
            .map(|outcome| {
                outcome.ok_or_else(|| Error::internal("an award was left without outcome"))
            })
            .collect()
    }

    /// Records the intent, with a place in the status list for each award.
    pub(super) async fn reserve(
        &self,
        issuer: &Issuer,
        wanted: &[NewAward],
    ) -> Result<Vec<Reservation>, Error> {
        // A list that nobody can fetch would make every verifier elsewhere unsure.
        let purposes: &[StatusPurpose] = if self.is_public() {
            &[StatusPurpose::Revocation]
        } else {
            &[]
        };
        let request = Reserve {
            issuer: issuer.id,
            awards: wanted,
            status: StatusPlan {
                purposes,
                size: STATUS_LIST_SIZE,
                capacity: STATUS_LIST_CAPACITY,
            },
            at: self.world.clock.now(),
        };
        let mut tx = self.store.write().await?;
        let reservations = tx.reserve(&request, self.world.entropy.as_ref()).await?;
        tx.commit().await?;
        Ok(reservations)
    }

    /// Stores what was signed, with its entry in the audit log, and tells what became of each place.
    /// `actors` is who asked, by place.
    pub(super) async fn store_dealt(
        &self,
        dealt: Vec<Dealt>,
        action: &str,
        actors: &[&Actor],
    ) -> Result<Vec<(usize, Part)>, Error> {
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        let (mut parts, mut places) = (Vec::new(), BTreeMap::new());
        for dealt in dealt {
            match dealt.outcome {
                Ok(signed) => {
                    places.insert(dealt.id, dealt.place);
                    good.push(signed);
                }
                Err(findings) => {
                    refused.push((dealt.id, dealt.attempt));
                    parts.push((dealt.place, Part::Settled(Outcome::Refused(findings))));
                }
            }
        }
        let mut tx = self.store.write().await?;
        // What was not issued leaves nobody's name behind.
        for (id, attempt) in refused {
            tx.abandon(id, attempt, self.world.clock.now()).await?;
        }
        let mut deeds = Vec::new();
        for id in tx.complete(&good).await? {
            let asked = places
                .remove(&id)
                .and_then(|place| Some((place, *actors.get(place)?)));
            let (place, actor) =
                asked.ok_or_else(|| Error::internal("a badge was stored that nobody asked for"))?;
            deeds.push((actor, Some(id.0)));
            parts.push((place, Part::Settled(Outcome::Issued(id))));
        }
        self.audit_all(&mut tx, action, "credential", &deeds)
            .await?;
        tx.commit().await?;
        // Somebody else took these over meanwhile; what was signed here is thrown away.
        parts.extend(
            places
                .into_iter()
                .map(|(id, place)| (place, Part::Elsewhere(id))),
        );
        Ok(parts)
    }

    /// The outcome, which may be for somebody else to bring about.
    pub(super) async fn settled(&self, part: Part) -> Result<Outcome, Error> {
        match part {
            Part::Settled(outcome) => Ok(outcome),
            Part::Elsewhere(id) => Ok(Outcome::Already(id, self.issued_by_others(id).await?)),
        }
    }

    /// The standing of a badge that somebody else is issuing at this moment, once it is issued.
    async fn issued_by_others(&self, id: CredentialId) -> Result<Standing, Error> {
        for _ in 0..PATIENCE {
            let row = self.store.glance().await?.credential(id).await?;
            match row {
                Some(row) if row.state == CredentialState::Issued => return Ok(row.standing()),
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
        Err(Error::Busy(
            "the same badges are being issued by somebody else at this moment; run this again when \
             that is done: nothing is issued twice"
                .into(),
        ))
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
            activity: award.activity.as_ref().map(|it| activity_name(&it.name)),
            recipient: stored_recipient(&award.recipient),
            lookup: Some(self.recipient_index(&recipient)),
        }
    }

    /// Under what a recipient's badges are looked up.
    pub(super) fn recipient_index(&self, recipient: &str) -> [u8; 32] {
        self.keystore
            .blind_index(format!("recipient {recipient}").as_bytes())
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
}

fn awardable<'a>(
    all: &'a BTreeMap<String, Arc<Awardable>>,
    award: &Award,
) -> Result<&'a Arc<Awardable>, Error> {
    all.get(&award.achievement)
        .ok_or_else(|| Error::not_found("achievement", &award.achievement))
}

fn set(outcomes: &mut [Option<Part>], place: usize, outcome: Part) {
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

/// An activity's name, as the store keeps it.
pub(super) fn activity_name(name: &str) -> ActivityName {
    ActivityName {
        name: name.to_owned(),
        folded: fold(name),
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
