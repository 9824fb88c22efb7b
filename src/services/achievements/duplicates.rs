//! What becomes of an award that was made before: its badge class decides.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AchievementSummary;
use crate::services::{Error, Services};
use crate::store;

/// What becomes of an award that was made before: the same recipient, badge and activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// It is not made again, and nothing is wrong.
    Skip,
    /// It is not made again, and that is told as something to correct.
    Refuse,
    /// It is made again, each time it is asked for.
    Allow,
}

impl From<store::Duplicates> for Duplicates {
    fn from(stored: store::Duplicates) -> Self {
        match stored {
            store::Duplicates::Skip => Self::Skip,
            store::Duplicates::Refuse => Self::Refuse,
            store::Duplicates::Allow => Self::Allow,
        }
    }
}

impl Duplicates {
    /// As it is stored.
    fn stored(self) -> store::Duplicates {
        match self {
            Self::Skip => store::Duplicates::Skip,
            Self::Refuse => store::Duplicates::Refuse,
            Self::Allow => store::Duplicates::Allow,
        }
    }
}

impl Services {
    /// Decides what becomes of awards of a badge that were made before. Badges that are there stay as
    /// they are, and so does what becomes of batches that are on their way.
    pub async fn decide_duplicates(
        &self,
        issuer: Option<&str>,
        slug: &str,
        duplicates: Duplicates,
    ) -> Result<AchievementSummary, Error> {
        let issuer = self.issuer(issuer).await?;
        let mut tx = self.store.write().await?;
        let row = self.known(&mut tx, &issuer, slug).await?;
        if tx.duplicates(row.id).await? != duplicates.stored() {
            tx.decide_duplicates(row.id, duplicates.stored()).await?;
            let action = "achievement.duplicates";
            self.audit(&mut tx, action, "achievement", Some(row.id.0))
                .await?;
        }
        let told = self.told(&mut tx, &row).await?;
        tx.commit().await?;
        told.map(|(summary, _)| summary)
            .ok_or_else(|| Error::not_found("badge", slug))
    }
}
