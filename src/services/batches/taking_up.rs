//! Parts of batches are taken up: held for a worker, with a place in the status list for each of their rows.

use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Services;
use super::order::Order;
use super::working::{TROUBLE, Worker, is_the_databases, trouble};
use crate::ids::BatchId;
use crate::services::Error;
use crate::services::stock::Places;
use crate::store::{Batch, BatchState, HeldPart};

/// How long parts are held by a worker that shows no sign of life.
const HELD: time::Duration = time::Duration::seconds(6);
const SIGN_OF_LIFE: Duration = Duration::from_millis(1500);

/// Of what is left of a batch a worker takes this part and no more, so that all workers end together: those of
/// one process, or of several that share a server.
const SHARES: u32 = 6;
const SHARES_OF_NODES: u32 = 24;

/// Parts of one batch that are taken up together.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) order: Arc<Order>,
    pub(super) parts: Vec<HeldPart>,
    /// Places in status lists, as many as the parts have rows; none in a dry run.
    pub(super) places: Vec<Places>,
    /// Holds the parts for as long as this lives.
    pub(super) alive: JoinSet<()>,
}

impl Services {
    /// Takes up parts of all batches that run, in turn.
    pub(super) async fn take_up(
        &self,
        worker: &mut Worker,
        only: Option<BatchId>,
    ) -> Result<Vec<Taken>, Error> {
        let mut running = self
            .store
            .glance()
            .await?
            .batches_in(BatchState::Running)
            .await?;
        worker
            .orders
            .retain(|known, _| running.iter().any(|batch| batch.id == *known));
        worker.troubled.retain(|_, until| *until > Instant::now());
        running.retain(|batch| only.is_none_or(|only| batch.id == only));
        running.retain(|batch| !worker.troubled.contains_key(&batch.id));
        if let Some(at) = running
            .iter()
            .position(|batch| Some(batch.id) == worker.last)
        {
            running.rotate_left(at.saturating_add(1));
        }
        let mut left = worker.wave;
        let mut taken = Vec::new();
        let mut waiting = u32::try_from(running.len()).unwrap_or(u32::MAX);
        for batch in running {
            if left == 0 {
                break;
            }
            let share = left.div_ceil(waiting.max(1));
            waiting = waiting.saturating_sub(1);
            let some = match self.take_some(worker, &batch, share).await {
                Ok(Some(some)) => some,
                Ok(None) => continue,
                Err(error) if is_the_databases(&error) => return Err(error),
                Err(error) => {
                    self.leave_alone(worker, batch.id, &error).await?;
                    continue;
                }
            };
            left = left.saturating_sub(u32::try_from(some.parts.len()).unwrap_or(u32::MAX));
            worker.last = Some(batch.id);
            taken.push(some);
        }
        Ok(taken)
    }

    /// What a worker took up before and is still to do; the rest is let go, until its batch is resumed.
    pub(super) async fn still_wanted(&self, worker: &mut Worker) -> Result<Vec<Taken>, Error> {
        let taken = std::mem::take(&mut worker.next);
        if taken.is_empty() {
            return Ok(taken);
        }
        let running = self
            .store
            .glance()
            .await?
            .batches_in(BatchState::Running)
            .await?;
        let goes_on = |one: &Taken| {
            let batch = one.order.batch;
            running.iter().any(|running| running.id == batch)
                && !worker.troubled.contains_key(&batch)
        };
        let (wanted, unwanted): (Vec<_>, Vec<_>) = taken.into_iter().partition(goes_on);
        for one in unwanted {
            let (order, held) = (Arc::clone(&one.order), one.held());
            self.stock.keep(order.issuer.id, one.places);
            drop(one.alive);
            self.let_go(order.batch, &held).await?;
        }
        Ok(wanted)
    }

    /// Lets parts go, so that others take them up at once.
    pub(super) async fn let_go(&self, batch: BatchId, held: &[HeldPart]) -> Result<(), Error> {
        self.hold_until(batch, held, None).await
    }

    async fn hold_until(
        &self,
        batch: BatchId,
        held: &[HeldPart],
        until: Option<OffsetDateTime>,
    ) -> Result<(), Error> {
        let mut tx = self.store.write().await?;
        tx.hold_until(batch, held, until).await?;
        Ok(tx.commit().await?)
    }

    async fn take_some(
        &self,
        worker: &mut Worker,
        batch: &Batch,
        limit: u32,
    ) -> Result<Option<Taken>, Error> {
        let order = match worker.orders.get(&batch.id) {
            Some(order) => Arc::clone(order),
            None => Order::of(self, batch).await?,
        };
        worker.orders.insert(batch.id, Arc::clone(&order));
        self.hold(order, limit).await
    }

    /// Leaves a batch alone for a while, and says why where everybody who looks at it sees it.
    pub(super) async fn leave_alone(
        &self,
        worker: &mut Worker,
        batch: BatchId,
        because: &Error,
    ) -> Result<(), Error> {
        worker.orders.remove(&batch);
        worker.troubled.insert(batch, Instant::now() + TROUBLE);
        let mut tx = self.store.write().await?;
        tx.trouble_batch(batch, Some(&trouble(because))).await?;
        Ok(tx.commit().await?)
    }

    /// Takes up parts of one batch, or ends it where all are done.
    async fn hold(&self, order: Arc<Order>, limit: u32) -> Result<Option<Taken>, Error> {
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        let waiting = tx.waiting_parts(order.batch, now).await?;
        let shares = if self.store.is_a_server() {
            SHARES_OF_NODES
        } else {
            SHARES
        };
        let limit = limit.min(waiting.div_ceil(shares).max(1));
        let parts = tx.hold_parts(order.batch, limit, now, now + HELD).await?;
        let mut places = Vec::new();
        if parts.is_empty() {
            if !tx.has_open_parts(order.batch).await? {
                let running = [BatchState::Running];
                tx.move_batch(order.batch, &running, BatchState::Done, now)
                    .await?;
            }
        } else if !order.dry_run {
            let rows = parts.iter().map(|part| part.row_count).sum();
            places = self.places_in(&mut tx, &order.issuer, rows).await?;
        }
        tx.commit().await?;
        if parts.is_empty() {
            return Ok(None);
        }
        let held = parts.iter().map(HeldPart::without_rows).collect();
        let alive = self.show_life(order.batch, held);
        Ok(Some(Taken {
            order,
            parts,
            places,
            alive,
        }))
    }

    /// Holds what was taken up for as long as what is returned lives.
    fn show_life(&self, batch: BatchId, held: Vec<HeldPart>) -> JoinSet<()> {
        let services = self.clone();
        let mut alive = JoinSet::new();
        alive.spawn(async move {
            loop {
                tokio::time::sleep(SIGN_OF_LIFE).await;
                let until = services.world.clock.now() + HELD;
                if let Err(error) = services.hold_until(batch, &held, Some(until)).await {
                    tracing::warn!(%error, "parts of a batch can't be held");
                }
            }
        });
        alive
    }
}

impl Taken {
    /// By whom the parts are held.
    pub(super) fn held(&self) -> Vec<HeldPart> {
        self.parts.iter().map(HeldPart::without_rows).collect()
    }
}
