//! A badge that holds for a time is renewed: a new one for the same award, which names the old one.
//!
//! The renewal of a badge is one award, whoever asks for it and how often: asked for again, the answer is
//! the badge that renewed it. What is renewed next is that one.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};

use super::achievements::{must_be_in_use, validity_of};
use super::issuers::Issuer;
use super::issuing::{Outcome, Ready};
use super::signing::{Job, What};
use super::weighing::activity_name;
use super::{Error, Services};
use crate::ids::CredentialId;
use crate::openbadges::json;
use crate::openbadges::model::AchievementCredential;
use crate::recognition::email::Email;
use crate::recognition::templates::Validity;
use crate::store::{
    Credential, CredentialState, Duplicates, NewAward, NewCredential, Packer, Standing,
};

/// A badge to be renewed, as it was signed.
#[derive(Debug)]
pub(super) struct Old {
    pub(super) credential: AchievementCredential,
    pub(super) digest: String,
    pub(super) email: Option<Email>,
    pub(super) validity: Validity,
    pub(super) packer: Packer,
}

/// What came of renewing a badge.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// The badge that renews it.
    pub id: CredentialId,
    /// Its achievement.
    pub achievement: String,
    /// Whether it was renewed before.
    pub was_so_already: bool,
}

impl Services {
    /// Renews a badge for the time its achievement says, from now on. The old one stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Gone`] for one that is erased; [`Error::Conflict`] for one that
    /// holds for good, that does not stand, or whose achievement is archived.
    pub async fn renew_credential(&self, id: &str) -> Result<Renewed, Error> {
        let mut tx = self.store.read().await?;
        let row = self.own(&mut tx, id).await?;
        must_stand(&row)?;
        let missing = || Error::internal("a badge lacks what it was made of");
        let class = tx.achievement(row.achievement_id).await?;
        let class = class.ok_or_else(missing)?;
        must_be_in_use(&class)?;
        let version = tx.achievement_version(row.achievement_version_id).await?;
        let version = version.ok_or_else(missing)?;
        let validity = validity_of(version.validity.as_deref())?;
        if validity == Validity::Unlimited {
            return Err(Error::Conflict(
                "this badge holds for good; there is nothing to renew".into(),
            ));
        }
        let signed = tx.signed(row.id).await?.ok_or_else(missing)?;
        let recipient = tx.recipient(row.id).await?.ok_or_else(missing)?;
        let whose = tx.recipient_key(row.id).await?.ok_or_else(missing)?;
        let issuer = tx.issuer(row.issuer_id).await?.ok_or_else(missing)?;
        drop(tx);
        let issuer = Issuer::from_row(&issuer)?;
        let old = Arc::new(Old {
            credential: read(&signed.document)?,
            digest: format!(
                "sha384-{}",
                STANDARD.encode(Sha384::digest(&signed.document))
            ),
            email: match &recipient.email {
                Some(text) => Some(Email::parse(text).map_err(|e| Error::internal(e.what))?),
                None => None,
            },
            validity,
            packer: Packer::of(&version.document),
        });
        let which = format!("renewal {}", row.id);
        let award = NewAward {
            award_key: whose.award_key(self.keystore.blind_index(which.as_bytes())),
            achievement_version: row.achievement_version_id,
            batch: None,
            activity: row.activity.as_deref().map(activity_name),
            recipient,
        };
        let (id, was_so_already) = match self.issue_renewal(&issuer, award, old).await? {
            Outcome::Issued(id) => (id, false),
            Outcome::Already(id, Standing::Good) => (id, true),
            Outcome::Already(id, standing) => {
                return Err(Error::Conflict(format!(
                    "this badge was renewed before, and the badge that renewed it ({id}) is {}",
                    standing.as_str()
                )));
            }
            Outcome::Refused(findings) => return Err(Error::Invalid { findings }),
        };
        // Nobody knows the new badge yet: it is never seen by more people than the old one.
        let mut tx = self.store.write().await?;
        tx.decide_alike(id, row.id).await?;
        tx.commit().await?;
        Ok(Renewed {
            id,
            achievement: class.slug,
            was_so_already,
        })
    }

    async fn issue_renewal(
        &self,
        issuer: &Issuer,
        award: NewAward,
        old: Arc<Old>,
    ) -> Result<Outcome, Error> {
        let key = award.award_key;
        let held = self.store.glance().await?.holding(&[key]).await?;
        if let Some(held) = held.get(&key) {
            return Ok(Outcome::Already(held.id, held.standing));
        }
        let desk = Arc::new(self.desk(issuer).await?);
        let slots = self.places(issuer, 1).await?.pop().unwrap_or_default();
        let id = CredentialId::mint(self.world.entropy.as_ref())?;
        let job = self.job(What::Renewal(old), id, slots)?;
        let dealt = self.sign_all(&desk, vec![((), job)]).await?.pop();
        let ready = match dealt {
            Some(((), Err(findings))) => return Ok(Outcome::Refused(findings)),
            Some(((), Ok((Job { id, slots, .. }, signed)))) => {
                let new = NewCredential {
                    id,
                    award,
                    slots,
                    signed,
                };
                Ready::Signed(Box::new(new), Duplicates::Skip)
            }
            None => return Err(Error::internal("a renewal was left without outcome")),
        };
        let mut tx = self.store.write().await?;
        let outcome = self.store_ready(&mut tx, issuer, &[ready]).await?.pop();
        let outcome =
            outcome.ok_or_else(|| Error::internal("a renewal was left without outcome"))?;
        if let Outcome::Issued(id) = outcome {
            self.audit(&mut tx, "credential.renew", "credential", Some(id.0))
                .await?;
        }
        tx.commit().await?;
        Ok(outcome)
    }
}

fn must_stand(row: &Credential) -> Result<(), Error> {
    if row.state == CredentialState::Erased {
        return Err(Error::Gone {
            what: "badge",
            id: row.id.to_string(),
        });
    }
    match row.standing() {
        Standing::Good => Ok(()),
        Standing::Suspended => Err(Error::Conflict(
            "this badge is suspended; reinstate it first, if it is to be renewed".into(),
        )),
        Standing::Revoked => Err(Error::Conflict(
            "this badge is revoked, and that is for good; issue it anew instead".into(),
        )),
    }
}

fn read(document: &[u8]) -> Result<AchievementCredential, Error> {
    let document = json::parse(document).map_err(Error::internal)?;
    serde_json::from_value(document).map_err(Error::internal)
}
