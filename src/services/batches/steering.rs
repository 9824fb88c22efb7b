//! What can be done with a batch as a whole: pause, resume, cancel; revoke or erase what it issued; forget
//! its rows.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::stored::{StoredReport, StoredRow, packed, unpacked};
use super::{BatchSummary, Services};
use crate::ids::{CredentialId, IssuerId};
use crate::services::Error;
use crate::services::standing::kept_as;
use crate::store::{Batch, BatchState, Part, RowsThat};

/// Badges that are revoked or erased in one go: nobody waits long for the database meanwhile.
const TOGETHER: u32 = 200;

/// How long the rows of a batch that has ended are kept.
const KEPT: time::Duration = time::Duration::days(90);

/// How long a file may take to be read before whoever read it is taken for dead.
const READING: time::Duration = time::Duration::hours(1);

/// What became of the badges of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Withdrawn {
    /// Those that were revoked, or erased, now.
    pub changed: usize,
    /// Those that were so already.
    pub were_so_already: usize,
}

impl Services {
    /// Has a batch wait. What is being signed at this moment is still issued.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that does not run.
    pub async fn pause_batch(&self, id: &str) -> Result<BatchSummary, Error> {
        self.steer(
            id,
            &[BatchState::Running],
            BatchState::Paused,
            "batch.pause",
        )
        .await
    }

    /// Has a batch go on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that is not paused.
    pub async fn resume_batch(&self, id: &str) -> Result<BatchSummary, Error> {
        let resumed = self.steer(
            id,
            &[BatchState::Paused],
            BatchState::Running,
            "batch.resume",
        );
        let resumed = resumed.await?;
        self.batches_waiting.notify_waiters();
        Ok(resumed)
    }

    /// Ends a batch before its end. What was issued stays; the same file, sent again, issues the rest.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that has ended.
    pub async fn cancel_batch(&self, id: &str) -> Result<BatchSummary, Error> {
        let open = [
            BatchState::Running,
            BatchState::Paused,
            BatchState::Receiving,
        ];
        self.steer(id, &open, BatchState::Cancelled, "batch.cancel")
            .await
    }

    async fn steer(
        &self,
        id: &str,
        from: &[BatchState],
        to: BatchState,
        action: &str,
    ) -> Result<BatchSummary, Error> {
        let mut tx = self.store.write().await?;
        let row = self.own_batch(&mut tx, id).await?;
        if !tx
            .move_batch(row.id, from, to, self.world.clock.now())
            .await?
        {
            return Err(Error::Conflict(format!(
                "this batch is {}, and can't be {}",
                row.state.as_str(),
                match to {
                    BatchState::Running => "resumed",
                    other => other.as_str(),
                }
            )));
        }
        self.audit(&mut tx, action, "batch", Some(row.id.0)).await?;
        tx.commit().await?;
        self.batch(id).await
    }

    /// Revokes every badge that a batch issued. Interrupted and asked for again, it goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for a batch that has not ended.
    pub async fn revoke_batch(
        &self,
        id: &str,
        reason: &str,
        done: impl Fn(usize),
    ) -> Result<Withdrawn, Error> {
        let reason = kept_as(reason)?;
        let row = self.ended_batch(id).await?;
        let mut withdrawn = Withdrawn::default();
        let mut after = 0;
        loop {
            let mut tx = self.store.write().await?;
            let badges = tx.badges_of_batch(row.id, after, TOGETHER).await?;
            let Some((last, _)) = badges.last() else {
                break;
            };
            after = *last;
            let mut deeds = Vec::new();
            for (_, badge) in &badges {
                if tx.revoke(*badge, reason, self.world.clock.now()).await? {
                    deeds.push((self.actor.as_ref(), Some(badge.0)));
                }
            }
            self.audit_all(&mut tx, "credential.revoke", "credential", &deeds)
                .await?;
            tx.commit().await?;
            withdrawn.changed += deeds.len();
            withdrawn.were_so_already += badges.len() - deeds.len();
            done(withdrawn.changed + withdrawn.were_so_already);
        }
        Ok(withdrawn)
    }

    /// Erases the personal data of every badge that a batch issued, and its rows. Interrupted and asked
    /// for again, it goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for a batch that has not ended.
    pub async fn erase_batch(&self, id: &str, done: impl Fn(usize)) -> Result<Withdrawn, Error> {
        let row = self.ended_batch(id).await?;
        let mut withdrawn = Withdrawn::default();
        loop {
            let mut tx = self.store.write().await?;
            // An erased badge is of no batch any more.
            let badges = tx.badges_of_batch(row.id, 0, TOGETHER).await?;
            if badges.is_empty() {
                break;
            }
            let mut deeds = Vec::new();
            for (_, badge) in &badges {
                if tx.erase(*badge, self.world.clock.now()).await? {
                    deeds.push((self.actor.as_ref(), Some(badge.0)));
                }
            }
            self.audit_all(&mut tx, "credential.erase", "credential", &deeds)
                .await?;
            tx.commit().await?;
            withdrawn.changed += deeds.len();
            done(withdrawn.changed);
        }
        let mut tx = self.store.write().await?;
        tx.forget_parts(row.id).await?;
        self.audit(&mut tx, "batch.erase", "batch", Some(row.id.0))
            .await?;
        tx.commit().await?;
        self.forget_deleted().await;
        Ok(withdrawn)
    }

    async fn ended_batch(&self, id: &str) -> Result<Batch, Error> {
        let mut tx = self.store.glance().await?;
        let row = self.own_batch(&mut tx, id).await?;
        match row.state {
            BatchState::Done | BatchState::Cancelled => Ok(row),
            BatchState::Receiving | BatchState::Running | BatchState::Paused => {
                Err(Error::Conflict(
                    "this batch has not ended; cancel it first, or wait until it is done".into(),
                ))
            }
        }
    }

    /// Forgets what is kept longer than it should be: rows of batches that ended long ago, and what was
    /// received by somebody who died over it.
    pub async fn forget_old_batches(&self) -> Result<(), Error> {
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        for batch in tx.batches_in(BatchState::Receiving).await? {
            if batch.started_at < now - READING {
                let from = [BatchState::Receiving];
                tx.move_batch(batch.id, &from, BatchState::Cancelled, now)
                    .await?;
                tx.forget_parts(batch.id).await?;
            }
        }
        for batch in tx.batches_to_forget(now - KEPT).await? {
            tx.forget_parts(batch).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes out of all rosters of an issuer what they say of whoever has this badge.
    pub(in crate::services) async fn forget_rows(
        &self,
        issuer: IssuerId,
        badge: CredentialId,
    ) -> Result<(), Error> {
        let batches = self.store.glance().await?.batches_with_rows(issuer).await?;
        for batch in batches {
            let mut next = 0;
            // Later rows may say the same of the same people.
            let mut about = BTreeSet::new();
            loop {
                let part = self
                    .store
                    .glance()
                    .await?
                    .part_from(batch, next, RowsThat::Are)
                    .await?;
                let Some(part) = part else { break };
                next = part.number.saturating_add(1);
                let forgetting = tokio::task::spawn_blocking(move || {
                    let without = without(part, badge, &mut about)?;
                    Ok::<_, Error>((without, about))
                });
                let (without, known) = forgetting.await.map_err(Error::internal)??;
                about = known;
                if let Some(part) = without {
                    let mut tx = self.store.write().await?;
                    tx.rewrite_part(batch, &part).await?;
                    tx.commit().await?;
                }
            }
        }
        Ok(())
    }
}

/// A part without what it says of whoever has this badge; none where it says nothing of them. `about` are
/// the rows that speak of them, those of earlier parts among them.
fn without(
    mut part: Part,
    badge: CredentialId,
    about: &mut BTreeSet<u32>,
) -> Result<Option<Part>, Error> {
    let Some(report) = &part.report else {
        return Ok(None);
    };
    if about.is_empty() && !StoredReport::names(report, badge)? {
        return Ok(None);
    }
    let mut report: StoredReport = unpacked(report)?;
    about.extend(report.forget(badge));
    let mut rows: Vec<StoredRow> = unpacked(&part.rows)?;
    for row in &rows {
        if row
            .among
            .is_some_and(|among| about.contains(&among.first()))
        {
            about.insert(row.number);
        }
    }
    if !rows.iter().any(|row| about.contains(&row.number)) {
        return Ok(None);
    }
    report.forget_values(about);
    for row in &mut rows {
        let more = row
            .more
            .iter_mut()
            .filter(|more| about.contains(&more.number));
        more.for_each(|more| more.cells.clear());
        if about.contains(&row.number) {
            row.cells.clear();
        }
    }
    part.rows = packed(&rows)?;
    part.report = Some(packed(&report)?);
    Ok(Some(part))
}
