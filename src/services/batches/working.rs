//! Issuing from batches: parts are taken up, planned, signed on all cores, and stored with what became
//! of their rows.
//!
//! Any number of workers, in any number of processes, share the batches of one database. Each takes
//! parts of all batches in turn, so that a small batch never waits behind a large one; what it does not
//! complete in time is taken up by another. While one worker stores, the other signs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Services;
use super::order::Order;
use super::parts::PlannedPart;
use super::storing::Made;
use crate::ids::BatchId;
use crate::services::Error;
use crate::services::issuing::{Counter, Ready, Wanted};
use crate::services::signing::on_all_cores;
use crate::store::{Batch, BatchState, HeldPart, StoreError};

/// Workers of one process: while one stores and one waits to, one signs.
const WORKERS: usize = 3;

/// Parts that a worker takes up at once: at first few, then as many as it brings to their end in about
/// this time. A commit costs less for each the more there are, and a crash loses more.
const FIRST_WAVE: u32 = 1;
const LARGEST_WAVE: u32 = 16;
const WAVE_TIME: Duration = Duration::from_secs(1);

/// How long parts are held by a worker that shows no sign of life.
const HELD: time::Duration = time::Duration::seconds(6);
const SIGN_OF_LIFE: Duration = Duration::from_millis(1500);

/// How often others' batches are looked for, and how long a batch with trouble is left alone.
const PAUSE: Duration = Duration::from_secs(1);
const TROUBLE: Duration = Duration::from_secs(5);

/// How often the database's log is folded while rows are issued.
const FOLDING: Duration = Duration::from_millis(150);

/// How long a database that can't be written is waited for by whoever waits for one batch.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where a worker stands between its waves.
#[derive(Debug)]
struct Worker {
    /// How many parts it takes up at once.
    wave: u32,
    /// The batch it served last: the next one is next.
    last: Option<BatchId>,
    orders: BTreeMap<BatchId, Arc<Order>>,
    troubled: BTreeMap<BatchId, Instant>,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            wave: FIRST_WAVE,
            last: None,
            orders: BTreeMap::new(),
            troubled: BTreeMap::new(),
        }
    }
}

impl Worker {
    /// Learns from the time that a wave took.
    fn learn(&mut self, took: Duration) {
        self.wave = if took > WAVE_TIME * 2 {
            (self.wave / 2).max(1)
        } else if took < WAVE_TIME {
            self.wave.saturating_mul(2).min(LARGEST_WAVE)
        } else {
            self.wave
        };
    }
}

/// Parts of one batch that are taken up together.
struct Taken {
    order: Arc<Order>,
    parts: Vec<HeldPart>,
}

/// What a worker on one batch finds.
enum See {
    Worked,
    /// Another process has the rest.
    OthersWork,
    /// It does not get on.
    Trouble(String),
    Ended,
}

impl Services {
    /// Issues from batches for as long as this runs; dropped at any moment, nothing is lost.
    pub async fn work_on_batches(&self) {
        let mut workers = JoinSet::new();
        let _folding = self.keep_folding();
        for _ in 0..WORKERS {
            let services = self.in_background();
            workers.spawn(async move {
                let mut worker = Worker::default();
                loop {
                    // Before looking, so that what comes in meanwhile is not slept through.
                    let waiting = services.batches_waiting.notified();
                    match services.work(&mut worker, None).await {
                        Ok(true) => {}
                        Ok(false) => {
                            let _ = tokio::time::timeout(PAUSE, waiting).await;
                        }
                        Err(error) => {
                            tracing::error!(%error, "batches are left alone for a moment");
                            tokio::time::sleep(TROUBLE).await;
                        }
                    }
                }
            });
        }
        while workers.join_next().await.is_some() {}
    }

    /// Issues from one batch until it has ended; `done` is told now and then how many of its rows are
    /// dealt with.
    ///
    /// # Errors
    /// [`Error::Conflict`] with why it does not get on; what the database says, when it has said so for a
    /// minute. What was issued stays, and the batch goes on when it is worked on again.
    pub(super) async fn work_until_done(
        &self,
        batch: BatchId,
        done: impl Fn(usize),
    ) -> Result<(), Error> {
        // What troubled it before may be over: it is told anew if it is not.
        let mut tx = self.store.write().await?;
        tx.trouble_batch(batch, None).await?;
        tx.commit().await?;
        let mut workers = JoinSet::new();
        let _folding = self.keep_folding();
        for _ in 0..WORKERS {
            let services = self.in_background();
            workers.spawn(async move {
                let mut worker = Worker::default();
                let mut patient_until = Instant::now() + PATIENCE;
                loop {
                    match services.work_or_see(&mut worker, batch).await {
                        Ok(See::Worked) => patient_until = Instant::now() + PATIENCE,
                        Ok(See::Ended) => return Ok(()),
                        Ok(See::OthersWork) => tokio::time::sleep(PAUSE / 10).await,
                        Ok(See::Trouble(why)) => return Err(Error::Conflict(why)),
                        // Somebody must make room, or has had time enough.
                        Err(Error::Full) => return Err(Error::Full),
                        Err(error) if Instant::now() > patient_until => return Err(error),
                        Err(error) => {
                            tracing::warn!(%error, "the batch is tried again in a moment");
                            tokio::time::sleep(PAUSE).await;
                        }
                    }
                }
            });
        }
        let mut look = tokio::time::interval(PAUSE / 10);
        while !workers.is_empty() {
            tokio::select! {
                worker = workers.join_next() => {
                    worker.transpose().map_err(Error::internal)?.transpose()?;
                }
                _ = look.tick() => if let Ok(rows) = self.rows_done(batch).await { done(rows) },
            }
        }
        done(self.rows_done(batch).await?);
        Ok(())
    }

    /// Works on a batch, or tells why there is nothing to do for it.
    async fn work_or_see(&self, worker: &mut Worker, batch: BatchId) -> Result<See, Error> {
        if self.work(worker, Some(batch)).await? {
            return Ok(See::Worked);
        }
        let row = self.store.glance().await?.batch(batch).await?;
        Ok(match row.map(|row| (row.state, row.trouble)) {
            Some((BatchState::Running, Some(trouble))) => See::Trouble(trouble),
            Some((BatchState::Running, None)) => See::OthersWork,
            _ => See::Ended,
        })
    }

    async fn rows_done(&self, batch: BatchId) -> Result<usize, Error> {
        let progress = self.store.glance().await?.progress(batch).await?;
        Ok(usize::try_from(progress.rows_done).unwrap_or(0))
    }

    /// Takes up some parts and brings them to their end; `false` where there is none to take.
    async fn work(&self, worker: &mut Worker, only: Option<BatchId>) -> Result<bool, Error> {
        let taken = self.take_up(worker, only).await?;
        let found = !taken.is_empty();
        let begun = Instant::now();
        // Dropped, and with it the signs of life, when this ends in whatever way.
        let _alive = self.show_life(&taken);
        for Taken { order, parts } in taken {
            let batch = order.batch;
            let held: Vec<_> = parts.iter().map(HeldPart::without_rows).collect();
            let Err(error) = self.bring_to_end(order, parts).await else {
                continue;
            };
            tracing::warn!(%batch, %error, "parts of a batch were not brought to their end");
            worker.orders.remove(&batch);
            let mut tx = self.store.write().await?;
            tx.hold_until(batch, &held, None).await?;
            if is_the_databases(&error) {
                tx.commit().await?;
                return Err(error);
            }
            worker.troubled.insert(batch, Instant::now() + TROUBLE);
            tx.trouble_batch(batch, Some(&trouble(&error))).await?;
            tx.commit().await?;
        }
        if found {
            worker.learn(begun.elapsed());
        }
        Ok(found)
    }

    /// Folds the database's log for as long as what is returned lives.
    fn keep_folding(&self) -> JoinSet<()> {
        let services = self.clone();
        let mut folding = JoinSet::new();
        folding.spawn(async move {
            let mut before = 0;
            loop {
                tokio::time::sleep(FOLDING).await;
                let done = services.batch_rows.load(Ordering::Relaxed);
                if std::mem::replace(&mut before, done) == done {
                    continue;
                }
                if let Err(error) = services.store.fold_log().await {
                    tracing::warn!(%error, "the database's log was not folded");
                }
            }
        });
        folding
    }

    /// Holds what was taken up for as long as what is returned lives.
    fn show_life(&self, taken: &[Taken]) -> JoinSet<()> {
        let held = taken.iter().map(|taken| {
            let parts = taken.parts.iter().map(HeldPart::without_rows);
            (taken.order.batch, parts.collect::<Vec<_>>())
        });
        let held: Vec<_> = held.collect();
        let services = self.clone();
        let mut alive = JoinSet::new();
        alive.spawn(async move {
            loop {
                tokio::time::sleep(SIGN_OF_LIFE).await;
                if let Err(error) = services.hold_on(&held).await {
                    tracing::warn!(%error, "parts of a batch can't be held");
                }
            }
        });
        alive
    }

    async fn hold_on(&self, held: &[(BatchId, Vec<HeldPart>)]) -> Result<(), Error> {
        let until = self.world.clock.now() + HELD;
        let mut tx = self.store.write().await?;
        for (batch, parts) in held {
            tx.hold_until(*batch, parts, Some(until)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes up parts of all batches that run, in turn.
    async fn take_up(
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
            let Some(order) = self.order(worker, &batch).await? else {
                continue;
            };
            let parts = self.hold(&batch, share).await?;
            if parts.is_empty() {
                continue;
            }
            left = left.saturating_sub(u32::try_from(parts.len()).unwrap_or(u32::MAX));
            worker.last = Some(batch.id);
            taken.push(Taken { order, parts });
        }
        Ok(taken)
    }

    /// What is to be made of a batch; none where that can't be told at this moment.
    async fn order(&self, worker: &mut Worker, batch: &Batch) -> Result<Option<Arc<Order>>, Error> {
        if let Some(order) = worker.orders.get(&batch.id) {
            return Ok(Some(Arc::clone(order)));
        }
        match Order::of(self, batch).await {
            Ok(order) => {
                worker.orders.insert(batch.id, Arc::clone(&order));
                Ok(Some(order))
            }
            Err(error) if is_the_databases(&error) => Err(error),
            Err(error) => {
                worker.troubled.insert(batch.id, Instant::now() + TROUBLE);
                let mut tx = self.store.write().await?;
                tx.trouble_batch(batch.id, Some(&trouble(&error))).await?;
                tx.commit().await?;
                Ok(None)
            }
        }
    }

    /// Takes up parts of one batch, or ends it where all are done.
    async fn hold(&self, batch: &Batch, limit: u32) -> Result<Vec<HeldPart>, Error> {
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        let parts = tx.hold_parts(batch.id, limit, now, now + HELD).await?;
        if parts.is_empty() && !tx.has_open_parts(batch.id).await? {
            let running = [BatchState::Running];
            tx.move_batch(batch.id, &running, BatchState::Done, now)
                .await?;
        }
        tx.commit().await?;
        Ok(parts)
    }

    /// Plans, signs and stores parts of one batch.
    async fn bring_to_end(&self, order: Arc<Order>, parts: Vec<HeldPart>) -> Result<(), Error> {
        let planning = Arc::clone(&order);
        let planned = on_all_cores(parts, move |parts| {
            let plan = |part| PlannedPart::of(&planning, part);
            parts.into_iter().map(plan).collect::<Result<Vec<_>, _>>()
        });
        let mut parts = Vec::new();
        for share in planned.await? {
            parts.extend(share?);
        }
        parts.sort_unstable_by_key(|part| part.held.number);
        let slugs = parts.iter().flat_map(PlannedPart::badges);
        let counter = self.counter(&order.issuer, slugs).await?;
        let wanted: Vec<Wanted> = parts.iter().flat_map(|part| part.wanted(&order)).collect();
        let made = if order.dry_run {
            let mut foreseen = self.foresee(&counter, wanted).await?.into_iter();
            let share = |part: PlannedPart| {
                let share = foreseen.by_ref().take(part.awards()).collect();
                Made::Foreseen(part, share)
            };
            parts.into_iter().map(share).collect::<Vec<_>>()
        } else {
            self.signed(&counter, parts, wanted).await?
        };
        self.store_parts(&order, made).await
    }

    /// Signs the awards of parts; each part keeps its own, and repeats none of another part.
    async fn signed(
        &self,
        counter: &Counter,
        parts: Vec<PlannedPart>,
        wanted: Vec<Wanted>,
    ) -> Result<Vec<Made>, Error> {
        let mut ready = self.make_ready(counter, wanted).await?.into_iter();
        let mut made = Vec::with_capacity(parts.len());
        let mut before = 0;
        for part in parts {
            let mut share: Vec<_> = ready.by_ref().take(part.awards()).collect();
            for one in &mut share {
                if let Ready::Repeats(first) = one {
                    let own = first.checked_sub(before);
                    *first = own.ok_or_else(|| Error::Busy("two parts say the same".into()))?;
                }
            }
            before = before.saturating_add(share.len());
            made.push(Made::Ready(part, share));
        }
        Ok(made)
    }
}

/// Whether the database is at fault, and not what is in this batch.
fn is_the_databases(error: &Error) -> bool {
    match error {
        Error::Internal(source) => source.is::<StoreError>(),
        other => matches!(other, Error::Busy(_) | Error::Full),
    }
}

/// Why a batch does not get on, for whoever looks at it.
fn trouble(error: &Error) -> String {
    match error {
        Error::Internal(_) => {
            "Something went wrong here, and the log tells more; the batch is tried \
                               again every few seconds."
                .into()
        }
        other => other.to_string(),
    }
}
