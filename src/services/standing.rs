//! Revoked, suspended, reinstated: whether a badge still stands.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Error, Services};
use crate::ids::CredentialId;
use crate::store::Standing;

/// What is to happen to a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusChange {
    /// Withdrawn for good.
    Revoke,
    /// Withdrawn for a time.
    Suspend,
    /// The end of a suspension.
    Reinstate,
}

/// What happened to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusChanged {
    /// The badge.
    #[schema(value_type = String, format = Uuid)]
    pub credential: CredentialId,
    /// Its achievement.
    pub achievement: String,
    /// What was asked for.
    pub change: StatusChange,
    /// Whether there was nothing to do.
    pub was_so_already: bool,
    /// Whether the badge itself names a status list, where others see the change. Without a public
    /// address it does not, and only this installation knows.
    pub seen_by_others: bool,
}

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// A reason as it is kept.
///
/// # Errors
/// [`Error::Refused`] for one that says nothing, or too much.
pub(super) fn kept_as(reason: &str) -> Result<&str, Error> {
    let is_long = reason.chars().count() > LONGEST_REASON;
    let reason = reason.trim();
    if reason.is_empty() || is_long {
        return Err(Error::Refused(format!(
            "give a reason of at most {LONGEST_REASON} characters; name no person in it"
        )));
    }
    Ok(reason)
}

impl Services {
    /// Revokes, suspends or reinstates a badge. Whoever verifies it is told so from then on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for what can't be: a revoked badge stays revoked.
    pub async fn change_status(
        &self,
        credential: &str,
        change: StatusChange,
        reason: &str,
    ) -> Result<StatusChanged, Error> {
        let reason = kept_as(reason)?;
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        let row = self.own(&mut tx, credential).await?;
        let id = row.id;
        if row.standing() == Standing::Revoked && change != StatusChange::Revoke {
            return Err(Error::Conflict(
                "this badge is revoked, and that is for good; issue it anew instead".into(),
            ));
        }
        let (changed, action) = match change {
            StatusChange::Revoke => (tx.revoke(id, reason, now).await?, "credential.revoke"),
            StatusChange::Suspend => (tx.suspend(id, reason, now).await?, "credential.suspend"),
            StatusChange::Reinstate => {
                (tx.reinstate(id, reason, now).await?, "credential.reinstate")
            }
        };
        if changed {
            self.audit(&mut tx, action, "credential", Some(id.0))
                .await?;
        }
        let seen_by_others = !tx.status_slots(id).await?.is_empty();
        let achievement = tx
            .achievement(row.achievement_id)
            .await?
            .ok_or_else(|| Error::internal("a badge has no achievement"))?
            .slug;
        tx.commit().await?;
        Ok(StatusChanged {
            credential: id,
            achievement,
            change,
            was_so_already: !changed,
            seen_by_others,
        })
    }
}
