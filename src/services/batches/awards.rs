//! The badges of a batch, a part of its rows at a time: however many there are, few are held at once.

use super::stored::{StoredReport, unpacked};
use super::{AwardReport, Services};
use crate::services::Error;
use crate::store::RowsThat;

/// Some badges of a batch.
#[derive(Debug, Clone)]
pub struct AwardsPage {
    /// The badges, in the order of their first rows.
    pub awards: Vec<AwardReport>,
    /// Where the next page begins.
    pub next: i64,
}

impl Services {
    /// The badges of the next rows of a batch, from `next` on, which is 0 at the beginning; none after
    /// the last. A page may be empty.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn batch_awards(&self, batch: &str, next: i64) -> Result<Option<AwardsPage>, Error> {
        let mut tx = self.store.glance().await?;
        let row = self.own_batch(&mut tx, batch).await?;
        let Some(part) = tx.part_from(row.id, next, RowsThat::Are).await? else {
            return Ok(None);
        };
        let report = part.report.as_deref().map(unpacked::<StoredReport>);
        Ok(Some(AwardsPage {
            awards: report
                .transpose()?
                .map_or_else(Vec::new, |report| report.dealt().0.awards),
            next: part.number.saturating_add(1),
        }))
    }
}
