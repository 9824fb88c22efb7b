//! Issued badges, as their issuer sees them: listed, read with their history, erased.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::verifying::id_of;
use super::{Error, Services};
use crate::ids::{AchievementId, CredentialId};
use crate::openbadges::model::Timestamp;
use crate::recognition::email::Email;
use crate::recognition::folding::fold;
use crate::store::{Credential, CredentialFilter, Standing, Tx};

/// The most badges of one page.
pub const LARGEST_PAGE: u32 = 200;

/// Which badges to list; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this achievement, by its short name.
    pub achievement: Option<String>,
    /// Of whoever has this e-mail address.
    pub email: Option<String>,
    /// Earned at this activity, however its name is spelt.
    pub activity: Option<String>,
    /// In this standing: `good`, `suspended` or `revoked`.
    pub standing: Option<String>,
    /// Signed at this instant or later.
    pub issued_from: Option<Timestamp>,
    /// Signed before this instant.
    pub issued_before: Option<Timestamp>,
    /// Where the page before ended.
    pub cursor: Option<i64>,
    /// How many; at most [`LARGEST_PAGE`].
    pub limit: u32,
}

/// A page of badges, the latest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// The badges.
    pub items: Vec<CredentialSummary>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
}

/// An issued badge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CredentialSummary {
    /// Its identifier here.
    #[schema(value_type = String, format = Uuid)]
    pub id: CredentialId,
    /// The badge class, by its short name.
    #[schema(example = "animateur-fresque")]
    pub achievement: String,
    /// `issued`, or `erased`: its personal data are gone.
    #[schema(example = "issued")]
    pub state: &'static str,
    /// `good`, `suspended` or `revoked`.
    #[schema(example = "good")]
    pub standing: &'static str,
    /// What it was earned at; gone when it is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Fresquathon")]
    pub activity: Option<String>,
    /// To whom; gone when it is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<RecipientTold>,
    /// When it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub issued_at: Option<Timestamp>,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
}

/// To whom a badge was issued.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecipientTold {
    /// `person` or `organisation`.
    #[schema(example = "person")]
    pub kind: &'static str,
    /// The name, as given.
    #[schema(example = "Añaïg Le Coz")]
    pub name: String,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The SIRET number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siret: Option<String>,
}

/// An issued badge with all that became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CredentialDetail {
    /// In short.
    #[serde(flatten)]
    pub summary: CredentialSummary,
    /// What became of it, the first first.
    pub history: Vec<Happened>,
}

/// Something that happened to a badge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Happened {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What: `issued`, `revoked`, `suspended`, `reinstated`, `erased`.
    #[schema(example = "issued")]
    pub what: &'static str,
    /// Why, where somebody said so; gone when the badge is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Services {
    /// Badges of an issuer, the latest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an issuer or achievement that isn't there.
    pub async fn credentials(&self, issuer: Option<&str>, wanted: &Wanted) -> Result<Page, Error> {
        let issuer = self.issuer(issuer).await?;
        let achievement = match &wanted.achievement {
            Some(slug) => Some(self.any_achievement(&issuer, slug).await?),
            None => None,
        };
        let recipient = match &wanted.email {
            Some(text) => match Email::parse(text) {
                Ok(email) => Some(self.recipient_key(&email.recipient_key())),
                Err(error) => return Err(Error::Refused(error.what.to_string())),
            },
            None => None,
        };
        let standing = match wanted.standing.as_deref() {
            None => None,
            Some("good") => Some(Standing::Good),
            Some("suspended") => Some(Standing::Suspended),
            Some("revoked") => Some(Standing::Revoked),
            Some(other) => {
                return Err(Error::Refused(format!(
                    "“{other}” is no standing; there are good, suspended and revoked"
                )));
            }
        };
        let limit = wanted.limit;
        if !(1..=LARGEST_PAGE).contains(&limit) {
            return Err(Error::Refused(format!(
                "a page has from 1 to {LARGEST_PAGE} badges"
            )));
        }
        let filter = CredentialFilter {
            issuer: Some(issuer.id),
            achievement,
            recipient,
            activity_folded: wanted.activity.as_deref().map(fold),
            standing,
            issued_from: wanted.issued_from.map(Timestamp::instant),
            issued_before: wanted.issued_before.map(Timestamp::instant),
            ..CredentialFilter::default()
        };
        let mut tx = self.store.read().await?;
        let mut rows = tx
            .credentials(&filter, wanted.cursor, limit.saturating_add(1))
            .await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.position);
        let items = told(&mut tx, &rows).await?;
        Ok(Page { items, next })
    }

    /// One badge with its history.
    pub async fn credential(&self, id: &str) -> Result<CredentialDetail, Error> {
        let mut tx = self.store.read().await?;
        let row = self.own(&mut tx, id).await?;
        let mut history: Vec<_> = row
            .issued_at
            .map(|at| happened(at, "issued"))
            .into_iter()
            .collect();
        for change in tx.standing_changes(row.id).await? {
            history.push(Happened {
                reason: change.reason,
                ..happened(change.at, change.change.as_str())
            });
        }
        history.extend(row.erased_at.map(|at| happened(at, "erased")));
        history.sort_by_key(|happened| happened.at);
        let summary = told(&mut tx, &[row]).await?.pop();
        Ok(CredentialDetail {
            summary: summary.ok_or_else(|| Error::not_found("badge", id))?,
            history,
        })
    }

    /// Erases the personal data of a badge: name, address, the signed credential. What stays names
    /// nobody; whoever holds a copy can still have it verified. `false` when it is erased already.
    pub async fn erase_credential(&self, id: &str) -> Result<bool, Error> {
        let mut tx = self.store.read().await?;
        let row = self.own(&mut tx, id).await?;
        drop(tx);
        // First what rosters say of it: once the badge is erased, nothing leads there.
        self.forget_rows(row.issuer_id, row.id).await?;
        let mut tx = self.store.write().await?;
        let erased = tx.erase(row.id, self.world.clock.now()).await?;
        if erased {
            self.audit(&mut tx, "credential.erase", "credential", Some(row.id.0))
                .await?;
        }
        tx.commit().await?;
        self.forget_deleted().await;
        Ok(erased)
    }

    /// Takes what was deleted out of the database's log as well, as far as that can be done now.
    pub(super) async fn forget_deleted(&self) {
        // To its end, also when whoever asked goes away: the connection is left as it was found.
        let store = self.store.clone();
        let forgetting = tokio::spawn(async move { store.forget_deleted().await });
        match forgetting.await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => {
                tracing::warn!("what was erased stays in the database's log for a while");
            }
            Ok(Err(error)) => tracing::error!(%error, "the database's log was not folded"),
            Err(error) => tracing::error!(%error, "the database's log was not folded"),
        }
    }

    /// A badge that is issued or erased, and of an issuer that the actor reaches.
    pub(super) async fn own(&self, tx: &mut Tx, id: &str) -> Result<Credential, Error> {
        let not_found = || Error::not_found("badge", id);
        let parsed = id_of(id.trim()).ok_or_else(not_found)?;
        let row = tx.credential(parsed).await?.ok_or_else(not_found)?;
        if self.actor.reaches(row.issuer_id) {
            Ok(row)
        } else {
            Err(not_found())
        }
    }

    async fn any_achievement(
        &self,
        issuer: &super::issuers::Issuer,
        slug: &str,
    ) -> Result<AchievementId, Error> {
        let mut tx = self.store.read().await?;
        let row = tx.achievement_by_slug(issuer.id, slug).await?;
        row.map(|row| row.id)
            .ok_or_else(|| Error::not_found("achievement", slug))
    }
}

fn happened(at: OffsetDateTime, what: &'static str) -> Happened {
    Happened {
        at: Timestamp::from(at).whole_seconds(),
        what,
        reason: None,
    }
}

/// Badges as they are told, in their order.
async fn told(tx: &mut Tx, rows: &[Credential]) -> Result<Vec<CredentialSummary>, Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut recipients = tx.recipients(&ids).await?;
    // Many badges, few achievements.
    let mut slugs: BTreeMap<AchievementId, String> = BTreeMap::new();
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        if let Entry::Vacant(place) = slugs.entry(row.achievement_id) {
            let class = tx.achievement(row.achievement_id).await?;
            let class = class.ok_or_else(|| Error::internal("a badge has no achievement"))?;
            place.insert(class.slug);
        }
        let instant = |at: OffsetDateTime| Timestamp::from(at).whole_seconds();
        told.push(CredentialSummary {
            id: row.id,
            achievement: slugs.get(&row.achievement_id).cloned().unwrap_or_default(),
            state: row.state.as_str(),
            standing: row.standing().as_str(),
            activity: row.activity.clone(),
            recipient: recipients.remove(&row.id).map(|recipient| RecipientTold {
                kind: recipient.kind.as_str(),
                name: recipient.name,
                email: recipient.email,
                siret: recipient.siret,
            }),
            issued_at: row.issued_at.map(instant),
            valid_until: row.valid_until.map(instant),
        });
    }
    Ok(told)
}
