//! Parts that were signed are stored, each with what became of its rows.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::order::Order;
use super::parts::PlannedPart;
use super::{Fate, Services};
use crate::services::Error;
use crate::services::issuing::{Foreseen, Ready, expected};
use crate::store::PartCounts;

/// How often a commit that collided with others is tried, and how much longer it waits each time.
const TRIES: u32 = 8;
const COLLISION: Duration = Duration::from_millis(20);

/// A part whose awards are signed, or foreseen. What is to be told of its rows is written before it is
/// stored: whoever stores keeps others from it.
pub(super) struct Made {
    part: PlannedPart,
    /// To be stored; none in a dry run.
    ready: Vec<Ready>,
    /// What becomes of its awards, if nobody else made one of them meanwhile.
    fates: Vec<Fate>,
    counts: PartCounts,
    report: Vec<u8>,
}

/// What was made of the awards of a part.
pub(super) enum Share {
    Signed(Vec<Ready>),
    Foreseen(Vec<Foreseen>),
}

impl Made {
    pub(super) fn of(part: PlannedPart, share: Share) -> Result<Self, Error> {
        let (ready, fates): (_, Vec<Fate>) = match share {
            Share::Signed(ready) => {
                let fates = expected(&ready)?.into_iter().map(Fate::from).collect();
                (ready, fates)
            }
            Share::Foreseen(foreseen) => {
                let fates = foreseen.into_iter().map(Fate::from).collect();
                (Vec::new(), fates)
            }
        };
        let (counts, report) = part.report(&fates)?;
        Ok(Self {
            part,
            ready,
            fates,
            counts,
            report,
        })
    }
}

/// What came of storing parts.
enum Stored {
    /// So many of the first are stored.
    First(usize),
    /// None is; that one was lost to another worker.
    Lost(usize),
}

impl Services {
    /// Stores parts with what became of their rows: many in one commit, or one where others write as well.
    pub(super) async fn store_parts(&self, order: &Order, made: Vec<Made>) -> Result<(), Error> {
        let mut made = VecDeque::from(made);
        let mut collisions = 0;
        while !made.is_empty() {
            match self.store_some(order, &made).await {
                Ok(Stored::First(stored)) => drop(made.drain(..stored.min(made.len()))),
                Ok(Stored::Lost(place)) => {
                    tracing::info!(batch = %order.batch, "a part was taken up by another worker");
                    made.remove(place);
                }
                Err(Error::Busy(_)) if collisions < TRIES => {
                    collisions += 1;
                    tokio::time::sleep(COLLISION * collisions).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Stores the first of these parts in one transaction.
    async fn store_some(&self, order: &Order, made: &VecDeque<Made>) -> Result<Stored, Error> {
        let mut tx = self.store.write().await?;
        let (mut stored, mut issued, mut rows) = (0, false, 0);
        for one in made {
            let part = &one.part;
            let mut told = (one.counts, Cow::Borrowed(&one.report));
            if !one.ready.is_empty() {
                let outcomes = self.store_ready(&mut tx, &order.issuer, &one.ready).await?;
                let fates: Vec<Fate> = outcomes.into_iter().map(Fate::from).collect();
                issued |= fates.iter().any(|it| matches!(it, Fate::Issued { .. }));
                if fates != one.fates {
                    let (counts, report) = part.report(&fates)?;
                    told = (counts, Cow::Owned(report));
                }
            }
            let (counts, report) = told;
            if !tx
                .complete_part(order.batch, &part.held, &counts, &report)
                .await?
            {
                // Whoever took it up does the same; of what was done here nothing is kept.
                tx.rollback().await?;
                return Ok(Stored::Lost(stored));
            }
            stored += 1;
            rows += part.row_count();
            if self.store.is_wanted() {
                break;
            }
        }
        tx.trouble_batch(order.batch, None).await?;
        if issued {
            let deeds = [(&order.actor, Some(order.batch.0))];
            self.audit_all(&mut tx, "batch.issue", "batch", &deeds)
                .await?;
        }
        tx.commit().await?;
        self.batch_rows.fetch_add(rows, Ordering::Relaxed);
        Ok(Stored::First(stored))
    }
}
