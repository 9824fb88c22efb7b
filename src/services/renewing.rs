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
use super::issuing::{Outcome, activity_name};
use super::signing::{What, sign_all};
use super::{Error, Services};
use crate::ids::CredentialId;
use crate::openbadges::json;
use crate::openbadges::model::AchievementCredential;
use crate::recognition::email::Email;
use crate::recognition::templates::Validity;
use crate::store::{Credential, CredentialState, NewAward, Reservation, Standing};

/// A badge to be renewed, as it was signed.
#[derive(Debug)]
pub(super) struct Old {
    pub(super) credential: AchievementCredential,
    pub(super) digest: String,
    pub(super) email: Option<Email>,
    pub(super) validity: Validity,
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
        let validity = validity_of(version.ok_or_else(missing)?.validity.as_deref())?;
        if validity == Validity::Unlimited {
            return Err(Error::Conflict(
                "this badge holds for good; there is nothing to renew".into(),
            ));
        }
        let signed = tx.signed(row.id).await?.ok_or_else(missing)?;
        let recipient = tx.recipient(row.id).await?.ok_or_else(missing)?;
        let lookup = tx.recipient_lookup(row.id).await?;
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
        });
        let award = NewAward {
            award_key: self
                .keystore
                .blind_index(format!("renewal {}", row.id).as_bytes()),
            achievement_version: row.achievement_version_id,
            batch: None,
            activity: row.activity.as_deref().map(activity_name),
            recipient,
            lookup,
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
        let desk = Arc::new(self.desk(issuer).await?);
        let reservation = self.reserve(issuer, &[award]).await?.pop();
        let reserved = match reservation {
            Some(Reservation::Reserved(reserved)) => reserved,
            Some(Reservation::Issued { id, standing }) => {
                return Ok(Outcome::Already(id, standing));
            }
            _ => return Err(Error::internal("a renewal was not reserved")),
        };
        let job = self.job(What::Renewal(old), reserved)?;
        let dealt = sign_all(&desk, vec![(0, job)]).await?;
        let actors = [self.actor.as_ref()];
        let mut parts = self.store_dealt(dealt, "credential.renew", &actors).await?;
        match parts.pop() {
            Some((_, part)) => self.settled(part).await,
            None => Err(Error::internal("a renewal was left without outcome")),
        }
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
