//! Which awards are to be made, and what is known of the others before anything is signed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::issuers::Issuer;
use super::issuing::{Awardable, Counter, Outcome, Wanted};
use super::signing::{What, finding};
use super::{Error, Services};
use crate::ids::CredentialId;
use crate::openbadges::model::checked::Finding;
use crate::recognition::activity::Activity;
use crate::recognition::award::{Award, Recipient};
use crate::recognition::folding::fold;
use crate::recognition::templates::RecipientKind;
use crate::store::{self, ActivityName, Duplicates, NewAward, RecipientKey, Standing};

/// How sure it must be that nobody made an award before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As sure as can be: that is what is asked.
    Surely,
    /// Likely: whoever stores the award learns for sure. A roster is new or was sent before, so that of many
    /// awards some tell about the others, and each that need not be looked for is one search less in an
    /// index that is as large as all awards.
    Likely,
}

/// How many awards tell about the others.
const SAMPLE: usize = 100;

/// An award, and what is known of it before it is signed.
pub(super) enum Weighed {
    Settled(Outcome),
    Fresh(Box<Fresh>),
    Repeats(usize),
}

/// An award that nobody made yet.
pub(super) struct Fresh {
    pub(super) entry: NewAward,
    pub(super) duplicates: Duplicates,
    pub(super) what: What,
}

impl Services {
    /// Which awards are to be made, and what is known of the others.
    pub(super) async fn weigh(
        &self,
        counter: &Counter,
        wanted: Vec<Wanted>,
        how: How,
    ) -> Result<Vec<Weighed>, Error> {
        let mut weighed = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let awardable = counter.awardable(&wanted.award.achievement)?;
            weighed.push(match wrong_kind(&wanted.award, awardable.recipient) {
                Some(finding) => Weighed::Settled(Outcome::Refused(vec![finding])),
                None => Weighed::Fresh(self.fresh(&counter.issuer, wanted, awardable)),
            });
        }
        let keys = weighed.iter().filter_map(|one| match one {
            Weighed::Fresh(fresh) => Some(fresh.entry.award_key),
            _ => None,
        });
        let keys: Vec<_> = keys.collect();
        let mut tx = self.store.read().await?;
        let (some, others) = keys.split_at(keys.len().min(SAMPLE));
        let mut held = tx.holding(some).await?;
        if how == How::Surely || !held.is_empty() {
            held.extend(tx.holding(others).await?);
        }
        drop(tx);
        let mut seen = BTreeMap::new();
        for (place, one) in weighed.iter_mut().enumerate() {
            let Weighed::Fresh(fresh) = one else { continue };
            let key = fresh.entry.award_key;
            if let Some(held) = held.get(&key) {
                *one = Weighed::Settled(before(held.id, held.standing, fresh.duplicates));
            } else if let Some(first) = seen.get(&key) {
                *one = Weighed::Repeats(*first);
            } else {
                seen.insert(key, place);
            }
        }
        Ok(weighed)
    }

    fn fresh(&self, issuer: &Issuer, wanted: Wanted, awardable: &Arc<Awardable>) -> Box<Fresh> {
        let Wanted {
            award,
            batch,
            occasion,
        } = wanted;
        let occasion = match awardable.duplicates {
            Duplicates::Allow => Some(occasion.as_str()),
            Duplicates::Skip | Duplicates::Refuse => None,
        };
        let entry = NewAward {
            award_key: self.award_key(issuer, &award, occasion),
            achievement_version: awardable.version,
            batch,
            activity: award.activity.as_ref().map(|it| activity_name(&it.name)),
            recipient: stored_recipient(&award.recipient),
        };
        Box::new(Fresh {
            entry,
            duplicates: awardable.duplicates,
            what: What::Award(Box::new(award), Arc::clone(awardable)),
        })
    }

    /// Under what a recipient's badges are found.
    pub(super) fn recipient_key(&self, recipient: &str) -> RecipientKey {
        let spelled = format!("recipient {recipient}");
        RecipientKey::of(self.keystore.blind_index(spelled.as_bytes()))
    }

    /// What the same award has in common, whoever asks for it and when; `occasion` tells apart what may
    /// be made more than once.
    fn award_key(&self, issuer: &Issuer, award: &Award, occasion: Option<&str>) -> [u8; 32] {
        let recipient = award.recipient.key();
        let activity = award.activity.as_ref().map(Activity::key);
        let activity = activity.unwrap_or_default();
        // The length before each part keeps two different awards from spelling the same key.
        let parts = [
            issuer.slug.as_str(),
            &award.achievement,
            &recipient,
            &activity,
        ];
        let parts = parts.into_iter().chain(occasion);
        let parts = parts.map(|part| format!("{}:{part};", part.len()));
        let spelled = parts.collect::<Vec<_>>().concat();
        let which = self
            .keystore
            .blind_index(format!("award {spelled}").as_bytes());
        self.recipient_key(&recipient).award_key(which)
    }

    /// The key that the same award holds, where it can be made once.
    pub(super) fn only_award_key(&self, issuer: &Issuer, award: &Award) -> [u8; 32] {
        self.award_key(issuer, award, None)
    }
}

/// What an award comes to that was made before.
pub(super) fn before(id: CredentialId, standing: Standing, duplicates: Duplicates) -> Outcome {
    if duplicates != Duplicates::Refuse {
        return Outcome::Already(id, standing);
    }
    let mut finding = finding(
        "award.duplicate",
        format!(
            "This badge was awarded to the same recipient before, for the same activity: {id}."
        ),
    );
    finding.advice =
        "Remove the row, or correct it if somebody else or another activity is meant.".into();
    Outcome::Refused(vec![finding])
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
