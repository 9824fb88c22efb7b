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
use super::storing::{Made, Share};
use super::taking_up::Taken;
use crate::ids::BatchId;
use crate::services::Error;
use crate::services::issuing::{Counter, Ready, Wanted};
use crate::services::stock::Places;
use crate::store::{BatchState, HeldPart, StoreError};

/// Workers of one process: while one stores and one waits to, one signs.
const WORKERS: usize = 3;

/// Parts that a worker takes up at once: at first few, then as many as it brings to their end in about
/// this time. A commit costs less for each the more there are, and a crash loses more.
const FIRST_WAVE: u32 = 1;
const LARGEST_WAVE: u32 = 16;
const WAVE_TIME: Duration = Duration::from_secs(1);

/// How often others' batches are looked for, and how long a batch with trouble is left alone.
const PAUSE: Duration = Duration::from_secs(1);
pub(super) const TROUBLE: Duration = Duration::from_secs(5);

/// How often the database's log is folded while rows are issued.
const FOLDING: Duration = Duration::from_millis(150);

/// How long a database that can't be written is waited for by whoever waits for one batch.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where a worker stands between its waves.
#[derive(Debug)]
pub(super) struct Worker {
    /// How many parts it takes up at once.
    pub(super) wave: u32,
    /// The batch it served last: the next one is next.
    pub(super) last: Option<BatchId>,
    pub(super) orders: BTreeMap<BatchId, Arc<Order>>,
    pub(super) troubled: BTreeMap<BatchId, Instant>,
    /// What it does next.
    pub(super) next: Vec<Taken>,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            wave: FIRST_WAVE,
            last: None,
            orders: BTreeMap::new(),
            troubled: BTreeMap::new(),
            next: Vec::new(),
        }
    }
}

impl Worker {
    /// Learns from the time that so many parts took.
    fn learn(&mut self, parts: usize, took: Duration) {
        let whole = usize::try_from(self.wave).is_ok_and(|wave| parts >= wave);
        self.wave = if took > WAVE_TIME * 2 {
            (self.wave / 2).max(1)
        } else if whole && took < WAVE_TIME {
            self.wave.saturating_mul(2).min(LARGEST_WAVE)
        } else {
            self.wave
        };
    }
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
        // Whoever gives up leaves the others to theirs: what they hold they let go, or bring to its end.
        let mut outcome = None;
        while !workers.is_empty() {
            tokio::select! {
                Some(worker) = workers.join_next() => {
                    let ended = worker.map_err(Error::internal)?;
                    if ended.is_ok() || outcome.is_none() {
                        outcome = Some(ended);
                    }
                }
                _ = look.tick() => if let Ok(rows) = self.rows_done(batch).await { done(rows) },
            }
        }
        outcome.transpose()?;
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
        let mut taken = self.still_wanted(worker).await?;
        if taken.is_empty() {
            taken = self.take_up(worker, only).await?;
        }
        if taken.is_empty() {
            return Ok(false);
        }
        let (begun, parts) = (Instant::now(), taken.iter().map(|it| it.parts.len()).sum());
        // The next ones are taken up meanwhile: that has to wait for whoever writes, and the cores need not.
        let (failed, next) = tokio::join!(
            Box::pin(self.bring_all_to_end(taken)),
            Box::pin(self.take_up(worker, only))
        );
        worker.learn(parts, begun.elapsed());
        let next = next.map(|next| worker.next = next);
        for (batch, held, error) in failed {
            tracing::warn!(%batch, %error, "parts of a batch were not brought to their end");
            self.let_go(batch, &held).await?;
            if is_the_databases(&error) {
                return Err(error);
            }
            self.leave_alone(worker, batch, &error).await?;
        }
        next.map(|()| true)
    }

    /// Brings what was taken up to its end, and tells of what it could not.
    async fn bring_all_to_end(&self, taken: Vec<Taken>) -> Vec<(BatchId, Vec<HeldPart>, Error)> {
        let mut failed = Vec::new();
        for one in taken {
            let (batch, held) = (one.order.batch, one.held());
            if let Err(error) = self.bring_to_end(one).await {
                failed.push((batch, held, error));
            }
        }
        failed
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

    /// Plans, signs and stores parts of one batch.
    async fn bring_to_end(&self, taken: Taken) -> Result<(), Error> {
        let Taken {
            order,
            parts,
            places,
            alive: _alive,
        } = taken;
        let planning = Arc::clone(&order);
        let planned = self.on_all_cores(parts, move |parts| {
            let plan = |part| PlannedPart::of(&planning, part);
            parts.into_iter().map(plan).collect()
        });
        let mut parts = planned.await?;
        parts.sort_unstable_by_key(|part| part.held.number);
        let slugs = parts.iter().flat_map(PlannedPart::badges);
        let counter = self.counter(&order.issuer, slugs).await?;
        let wanted: Vec<Wanted> = parts.iter().flat_map(|part| part.wanted(&order)).collect();
        let shares = if order.dry_run {
            let mut foreseen = self.foresee(&counter, wanted).await?.into_iter();
            let share = |part: PlannedPart| {
                let share = foreseen.by_ref().take(part.awards()).collect();
                (part, Share::Foreseen(share))
            };
            parts.into_iter().map(share).collect::<Vec<_>>()
        } else {
            self.signed(&counter, parts, wanted, places).await?
        };
        let made = self.on_all_cores(shares, |shares| {
            let write = |(part, share)| Made::of(part, share);
            shares.into_iter().map(write).collect()
        });
        self.store_parts(&order, made.await?).await
    }

    /// Signs the awards of parts; each part keeps its own, and repeats none of another part.
    async fn signed(
        &self,
        counter: &Counter,
        parts: Vec<PlannedPart>,
        wanted: Vec<Wanted>,
        places: Vec<Places>,
    ) -> Result<Vec<(PlannedPart, Share)>, Error> {
        let mut ready = self.make_ready(counter, wanted, places).await?.into_iter();
        let mut signed = Vec::with_capacity(parts.len());
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
            signed.push((part, Share::Signed(share)));
        }
        Ok(signed)
    }
}

/// Whether the database is at fault, and not what is in this batch.
pub(super) fn is_the_databases(error: &Error) -> bool {
    match error {
        Error::Internal(source) => source
            .downcast_ref::<StoreError>()
            .is_some_and(|error| !matches!(error, StoreError::Entropy(_))),
        other => matches!(other, Error::Busy(_) | Error::Full),
    }
}

/// Why a batch does not get on, for whoever looks at it.
pub(super) fn trouble(error: &Error) -> String {
    match error {
        Error::Internal(_) => {
            "Something went wrong here, and the log tells more; the batch is tried \
                               again every few seconds."
                .into()
        }
        other => other.to_string(),
    }
}
