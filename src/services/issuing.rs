//! Awards become signed credentials.
//!
//! The place in the status list is taken first; then each credential is composed, checked whole and
//! signed; then it is stored with its signed bytes as they are, and only then does anybody see it. A
//! crash in between leaves nothing behind but places that nobody has: no signature exists outside of
//! this process that could not be revoked, and nothing is issued twice, because an award's key is held
//! by one award.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::issuers::Issuer;
use super::signing::{Desk, Draft, Job};
use super::stock::Places;
use super::weighing::{How, Weighed, before};
use super::{Actor, Error, Services};
use crate::ids::{AchievementVersionId, BatchId, CredentialId};
use crate::openbadges::model::Achievement;
use crate::openbadges::model::checked::Finding;
use crate::recognition::award::Award;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::store::{Duplicates, NewCredential, Packer, Standing, StoreError, Tx};

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
    /// What becomes of an award that was made before.
    pub(super) duplicates: Duplicates,
    /// What its credentials are packed with.
    pub(super) packer: Arc<Packer>,
}

/// Everything that issuing needs, opened once for many awards of one issuer.
#[derive(Debug, Clone)]
pub(super) struct Counter {
    pub(super) issuer: Issuer,
    pub(super) desk: Arc<Desk>,
    awardables: BTreeMap<String, Arc<Awardable>>,
}

/// An award on its way.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) award: Award,
    pub(super) batch: Option<BatchId>,
    /// What tells it from the same award made on another occasion, where that is allowed.
    pub(super) occasion: String,
}

/// An award that is signed, or whose outcome is known without.
#[derive(Debug)]
pub(super) enum Ready {
    /// Nothing is left to do.
    Settled(Outcome),
    /// To be stored.
    Signed(Box<NewCredential>, Duplicates),
    /// The same as an earlier one of those that were made ready together.
    Repeats(usize),
}

impl Services {
    /// Issues awards together; the answer has one outcome for each, in their order. Good ones are issued
    /// whatever the others are.
    ///
    /// One award that comes alone is better issued with others that arrive
    /// ([`Services::issue_together`]).
    pub async fn issue(&self, issuer: &Issuer, awards: &[Award]) -> Result<Vec<Outcome>, Error> {
        let actor = self.actor.as_ref();
        let asked = awards.iter().map(|award| Asked { award, actor });
        self.issue_asked(issuer, &asked.collect::<Vec<_>>()).await
    }

    /// The same, each for whoever asks for it.
    pub(super) async fn issue_asked(
        &self,
        issuer: &Issuer,
        asked: &[Asked<'_>],
    ) -> Result<Vec<Outcome>, Error> {
        let slugs = asked.iter().map(|asked| asked.award.achievement.as_str());
        let counter = self.counter(issuer, slugs).await?;
        let mut wanted = Vec::with_capacity(asked.len());
        for asked in asked {
            wanted.push(Wanted {
                award: asked.award.clone(),
                batch: None,
                occasion: self.random_id()?.to_string(),
            });
        }
        let ready = self.make_ready(&counter, wanted, Vec::new()).await?;
        let mut tx = self.store.write().await?;
        let outcomes = self.store_ready(&mut tx, issuer, &ready).await?;
        let deeds = outcomes.iter().zip(asked).filter_map(|(outcome, asked)| {
            let Outcome::Issued(id) = outcome else {
                return None;
            };
            Some((asked.actor, Some(id.0)))
        });
        let deeds: Vec<_> = deeds.collect();
        self.audit_all(&mut tx, "credential.issue", "credential", &deeds)
            .await?;
        tx.commit().await?;
        Ok(outcomes)
    }

    /// Opens what issuing needs.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Conflict`] for a badge that can't be issued.
    pub(super) async fn counter<'a>(
        &self,
        issuer: &Issuer,
        slugs: impl Iterator<Item = &'a str>,
    ) -> Result<Counter, Error> {
        Ok(Counter {
            issuer: issuer.clone(),
            desk: Arc::new(self.desk(issuer).await?),
            awardables: self.awardables(issuer, slugs).await?,
        })
    }

    /// What issuing would come to: everything is composed and checked, nothing is signed or stored.
    pub(super) async fn foresee(
        &self,
        counter: &Counter,
        wanted: Vec<Wanted>,
    ) -> Result<Vec<Foreseen>, Error> {
        let mut drafts = Vec::with_capacity(wanted.len());
        let mut foreseen: Vec<Option<Foreseen>> = Vec::with_capacity(wanted.len());
        for (place, weighed) in self
            .weigh(counter, wanted, How::Surely)
            .await?
            .into_iter()
            .enumerate()
        {
            foreseen.push(match weighed {
                Weighed::Settled(outcome) => Some(outcome.into()),
                Weighed::Fresh(fresh) => {
                    let id = CredentialId::mint(self.world.entropy.as_ref())?;
                    drafts.push((place, self.draft(fresh.what, id)?));
                    None
                }
                // Dealt with like the first: it would be told then.
                Weighed::Repeats(first) => foreseen
                    .get(first)
                    .cloned()
                    .flatten()
                    .or(Some(Foreseen::Issued)),
            });
        }
        let desk = Arc::clone(&counter.desk);
        let checked = self.on_all_cores(drafts, move |drafts: Vec<(usize, Draft)>| {
            let check = |(place, draft)| (place, desk.checked(&draft).err());
            Ok(drafts.into_iter().map(check).collect())
        });
        for (place, refused) in checked.await? {
            if let Some(slot) = foreseen.get_mut(place) {
                *slot = Some(refused.map_or(Foreseen::Issued, Foreseen::Refused));
            }
        }
        let lost = || Error::internal("an award was left without outcome");
        foreseen
            .into_iter()
            .map(|one| one.ok_or_else(lost))
            .collect()
    }

    /// Gives awards their places and signs them; the answer has one item for each, in their order. Nothing is
    /// stored yet. `places` were taken before; more are taken where they do not do, and what is left of them
    /// is kept for others.
    pub(super) async fn make_ready(
        &self,
        counter: &Counter,
        wanted: Vec<Wanted>,
        mut places: Vec<Places>,
    ) -> Result<Vec<Ready>, Error> {
        let weighed = self.weigh(counter, wanted, How::Likely).await?;
        let fresh = weighed
            .iter()
            .filter(|one| matches!(one, Weighed::Fresh(_)));
        let fresh = fresh.count();
        let lacking = fresh.saturating_sub(places.len());
        places.extend(self.places(&counter.issuer, lacking).await?);
        let left = places.split_off(fresh.min(places.len()));
        self.stock.keep(counter.issuer.id, left);
        let mut slots = places.into_iter();
        let mut ids = Identifiers::new(self, weighed.len())?;
        let (mut jobs, mut entries) = (Vec::new(), BTreeMap::new());
        let mut ready = Vec::with_capacity(weighed.len());
        for (place, one) in weighed.into_iter().enumerate() {
            ready.push(match one {
                Weighed::Settled(outcome) => Some(Ready::Settled(outcome)),
                Weighed::Repeats(first) => Some(Ready::Repeats(first)),
                Weighed::Fresh(fresh) => {
                    let job =
                        self.job(fresh.what, ids.next()?, slots.next().unwrap_or_default())?;
                    jobs.push((place, job));
                    entries.insert(place, (fresh.entry, fresh.duplicates));
                    None
                }
            });
        }
        for (place, outcome) in self.sign_all(&counter.desk, jobs).await? {
            let Some((award, duplicates)) = entries.remove(&place) else {
                continue;
            };
            let one = match outcome {
                Err(findings) => Ready::Settled(Outcome::Refused(findings)),
                Ok((Job { id, slots, .. }, signed)) => {
                    let new = NewCredential {
                        id,
                        award,
                        slots,
                        signed,
                    };
                    Ready::Signed(Box::new(new), duplicates)
                }
            };
            if let Some(slot) = ready.get_mut(place) {
                *slot = Some(one);
            }
        }
        let lost = || Error::internal("an award was left without outcome");
        ready.into_iter().map(|one| one.ok_or_else(lost)).collect()
    }

    /// Stores what is ready, and tells what became of each award. What somebody else issued meanwhile is
    /// theirs; what was signed here for it is thrown away.
    pub(super) async fn store_ready(
        &self,
        tx: &mut Tx,
        issuer: &Issuer,
        ready: &[Ready],
    ) -> Result<Vec<Outcome>, Error> {
        let new = ready.iter().filter_map(|one| match one {
            Ready::Signed(new, _) => Some(new.as_ref()),
            _ => None,
        });
        let new: Vec<&NewCredential> = new.collect();
        let stored = tx.insert_credentials(issuer.id, &new).await;
        let stored = stored.map_err(|error| self.stale(issuer, error))?;
        let late = new.iter().filter(|new| !stored.contains(&new.id));
        let late: Vec<_> = late.map(|new| new.award.award_key).collect();
        let held = tx.holding(&late).await?;
        outcomes(ready, |new, duplicates| {
            if stored.contains(&new.id) {
                return Ok(Outcome::Issued(new.id));
            }
            let held = held.get(&new.award.award_key).ok_or_else(|| {
                Error::Busy(
                    "the same badge was issued and taken back at this moment; ask again".into(),
                )
            })?;
            Ok(before(held.id, held.standing, duplicates))
        })
    }

    /// A place that a badge has already was taken here before the database went back in time: another server
    /// took over that had not been told of it yet, or what was committed is lost. Those taken then are thrown
    /// away, and whoever asks again gets others.
    fn stale(&self, issuer: &Issuer, error: StoreError) -> Error {
        match error {
            StoreError::Conflict { table, .. } if table == "status_entries" => {
                self.stock.forget(issuer.id);
                Error::Busy("the database went back to an earlier moment; ask again".into())
            }
            other => other.into(),
        }
    }
}

/// What becomes of awards, where all that are signed are stored.
pub(super) fn expected(ready: &[Ready]) -> Result<Vec<Outcome>, Error> {
    outcomes(ready, |new, _| Ok(Outcome::Issued(new.id)))
}

/// What became of awards, when it is known of those that were signed.
fn outcomes(
    ready: &[Ready],
    signed: impl Fn(&NewCredential, Duplicates) -> Result<Outcome, Error>,
) -> Result<Vec<Outcome>, Error> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(ready.len());
    for one in ready {
        outcomes.push(match one {
            Ready::Settled(outcome) => outcome.clone(),
            Ready::Signed(new, duplicates) => signed(new, *duplicates)?,
            Ready::Repeats(first) => match outcomes.get(*first).cloned() {
                Some(Outcome::Issued(id)) => Outcome::Already(id, Standing::Good),
                Some(other) => other,
                None => return Err(Error::internal("an award repeats none before it")),
            },
        });
    }
    Ok(outcomes)
}

impl Counter {
    pub(super) fn awardable(&self, slug: &str) -> Result<&Arc<Awardable>, Error> {
        let awardable = self.awardables.get(slug);
        awardable.ok_or_else(|| Error::not_found("achievement", slug))
    }
}

/// Identifiers for awards that are stored together. They begin alike, so that the database finds room
/// for them in one place of its indexes; the ninety-odd bits after that are random, and nobody guesses
/// one from another (RFC 9562, version 8).
struct Identifiers<'a> {
    services: &'a Services,
    beginning: Option<[u8; 4]>,
}

/// From so many on, identifiers begin alike: the database then feels it.
const MANY: usize = 100;

impl<'a> Identifiers<'a> {
    fn new(services: &'a Services, awards: usize) -> Result<Self, Error> {
        let mut beginning = [0; 4];
        let many = awards >= MANY;
        if many {
            services.world.entropy.fill(&mut beginning)?;
        }
        let beginning = many.then_some(beginning);
        Ok(Self {
            services,
            beginning,
        })
    }

    fn next(&mut self) -> Result<CredentialId, Error> {
        let entropy = self.services.world.entropy.as_ref();
        let Some(beginning) = self.beginning else {
            return Ok(CredentialId::mint(entropy)?);
        };
        Ok(CredentialId::mint_beginning(beginning, entropy)?)
    }
}

impl From<Outcome> for Foreseen {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Issued(_) => Self::Issued,
            Outcome::Already(id, standing) => Self::Already(id, standing),
            Outcome::Refused(findings) => Self::Refused(findings),
        }
    }
}
