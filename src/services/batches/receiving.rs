//! From a file to a batch: its rows are read, laid out in parts, and kept before anything is issued.
//!
//! What the rows have to do with each other is found here, once, in the order of the file; after that
//! each part can be issued by itself, by whoever takes it up.

use std::collections::BTreeMap;
use std::io::SeekFrom;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::order::{Asked, Understood, ask, wanted, written};
use super::stored::{StoredRow, packed, unpacked};
use super::{Roster, RosterFile, Services, unreadable};
use crate::ids::BatchId;
use crate::recognition::activity::Activity;
use crate::recognition::ask::{Ask, Wanted};
use crate::recognition::earlier::{Among, Earlier};
use crate::recognition::roster;
use crate::recognition::settings::Settings as Decisions;
use crate::services::Error;
use crate::services::issuers::Issuer;
use crate::spreadsheet::{Limits, Purpose, Reader, Reading, Row};
use crate::store::{Batch, BatchState, NewBatch, NewPart};

/// Rows that are issued together: enough that a commit costs little for each, few enough that nobody
/// waits long for the database.
const PART: usize = 500;

/// The rows of a CEC's attendance sheet, which count together: a cohort has some hundred people.
const ATTENDANCE: usize = 5_000;

/// Parts that are stored together.
const TOGETHER: usize = 8;

/// What laying out rows gives.
enum Laid {
    /// The next part.
    Part(NewPart),
    /// Rows that count on the badge of a row in a part that was given before.
    Late { first: u32, rows: Vec<StoredRow> },
}

impl Services {
    /// Whether there is such a badge to issue: before somebody sends a large file for it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for a badge that is a draft or archived.
    pub async fn expect_roster(
        &self,
        issuer: Option<&str>,
        achievement: &str,
    ) -> Result<(), Error> {
        let issuer = self.issuer(issuer).await?;
        wanted(self, &issuer, achievement).await.map(drop)
    }

    /// Keeps the rows of a roster, to be issued from now on. The same file, sent again for the same badges
    /// while it is on its way, is the same batch.
    ///
    /// # Errors
    /// [`Error::Refused`] when the file can't be read; nothing is kept then.
    pub async fn receive_roster(
        &self,
        issuer: Option<&str>,
        roster: Roster,
    ) -> Result<BatchId, Error> {
        let issuer = self.issuer(issuer).await?;
        let wanted = wanted(self, &issuer, &roster.achievement).await?;
        let repeatable = self
            .store
            .glance()
            .await?
            .repeatable_badges(issuer.id)
            .await?;
        let asked = written(&Asked::of(&roster))?;
        let (name, dry_run, activity) = (roster.name, roster.dry_run, roster.activity);
        let (mapping, mut file) = (roster.mapping, roster.file);
        let purpose = Purpose::of(&wanted);
        let limits = if matches!(wanted, Wanted::Cec) {
            Limits {
                rows: ATTENDANCE,
                ..Limits::bulk()
            }
        } else {
            Limits::bulk()
        };
        let digesting = tokio::task::spawn_blocking(move || Ok((digest(&mut file)?, file)));
        let digested: Result<_, Error> = digesting.await.map_err(Error::internal)?;
        let (digest, file) = digested?;
        if let Some(same) = self.on_its_way(&issuer, digest, &asked, dry_run).await? {
            return Ok(same.id);
        }
        let opening = tokio::task::spawn_blocking(move || {
            let mut reader = Reader::open(file, &limits, &mapping).map_err(unreadable)?;
            let reading = Reading::of(&mut reader, purpose).map_err(unreadable)?;
            Ok::<_, Error>((reader, reading))
        });
        let (reader, reading) = opening.await.map_err(Error::internal)??;
        let batch = NewBatch {
            id: BatchId::mint(self.world.entropy.as_ref())?,
            issuer: issuer.id,
            digest,
            name: &name,
            dry_run,
            asked: &asked,
            actor: &self.actor.name,
            request: self.actor.request.as_deref(),
            at: self.world.clock.now(),
        };
        let understood = Understood {
            format: reader.format().clone(),
            heading_row: reader.heading_row(),
            headings: reader.headings().to_vec(),
            reading,
            repeatable: repeatable.into_iter().collect(),
        };
        let mut tx = self.store.write().await?;
        tx.insert_batch(&batch).await?;
        tx.commit().await?;
        let kept = self.keep_parts(&batch, reader, understood.clone(), wanted, activity);
        if let Err(error) = kept.await {
            self.give_up(batch.id).await?;
            return Err(error);
        }
        let mut tx = self.store.write().await?;
        let started = tx.start_batch(batch.id, &written(&understood)?).await?;
        if !started {
            return Err(Error::Conflict(
                "this batch was cancelled while it was read".into(),
            ));
        }
        let action = if dry_run {
            "batch.check"
        } else {
            "batch.begin"
        };
        self.audit(&mut tx, action, "batch", Some(batch.id.0))
            .await?;
        tx.commit().await?;
        self.batches_waiting.notify_waiters();
        Ok(batch.id)
    }

    /// The batch of the same file for the same badges that is not done yet.
    async fn on_its_way(
        &self,
        issuer: &Issuer,
        digest: [u8; 32],
        asked: &str,
        dry_run: bool,
    ) -> Result<Option<Batch>, Error> {
        let mut tx = self.store.read().await?;
        let mut under_way = tx.batches_in(BatchState::Running).await?;
        under_way.extend(tx.batches_in(BatchState::Paused).await?);
        Ok(under_way.into_iter().find(|batch| {
            (batch.issuer_id, batch.digest, batch.dry_run) == (issuer.id, digest, dry_run)
                && batch.asked.as_deref() == Some(asked)
        }))
    }

    /// Keeps the rows, a few parts at a time: the database is never held for long.
    async fn keep_parts(
        &self,
        batch: &NewBatch<'_>,
        reader: Reader<Box<dyn RosterFile>>,
        understood: Understood,
        wanted: Wanted,
        activity: Option<Activity>,
    ) -> Result<(), Error> {
        let (laid, mut parts) = mpsc::channel(2 * TOGETHER);
        let today = batch.at.date();
        let laying = tokio::task::spawn_blocking(move || {
            let decisions = Decisions::default();
            let repeatable = understood.repeatable.clone();
            let ask = ask(&decisions, wanted, activity, today, repeatable);
            lay_out(reader, &understood.reading, &ask, &laid)
        });
        let mut together = Vec::with_capacity(TOGETHER);
        while parts.recv_many(&mut together, TOGETHER).await > 0 {
            let mut tx = self.store.write().await?;
            for one in together.drain(..) {
                match one {
                    Laid::Part(part) => tx.insert_part(batch.id, &part).await?,
                    Laid::Late { first, rows } => {
                        let part = tx.part_with(batch.id, first).await?;
                        let lost = || Error::internal("a row was laid out in no part");
                        let mut part = part.ok_or_else(lost)?;
                        let mut known: Vec<StoredRow> = unpacked(&part.rows)?;
                        let row = known.iter_mut().find(|row| row.number == first);
                        row.ok_or_else(lost)?.more.extend(rows);
                        part.rows = packed(&known)?;
                        tx.rewrite_part(batch.id, &part).await?;
                    }
                }
            }
            tx.commit().await?;
        }
        laying.await.map_err(Error::internal)?
    }

    /// Ends a batch that could not be kept whole; nothing of it was issued.
    async fn give_up(&self, batch: BatchId) -> Result<(), Error> {
        let (from, to) = ([BatchState::Receiving], BatchState::Cancelled);
        let mut tx = self.store.write().await?;
        tx.move_batch(batch, &from, to, self.world.clock.now())
            .await?;
        tx.forget_parts(batch).await?;
        Ok(tx.commit().await?)
    }
}

fn digest(file: &mut Box<dyn RosterFile>) -> Result<[u8; 32], Error> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    loop {
        match file.read(&mut buffer).map_err(Error::internal)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Reads the rows in their order and gives them part by part.
fn lay_out(
    mut reader: Reader<Box<dyn RosterFile>>,
    reading: &Reading,
    ask: &Ask<'_>,
    laid: &mpsc::Sender<Laid>,
) -> Result<(), Error> {
    let size = if matches!(ask.wanted, Wanted::Cec) {
        ATTENDANCE
    } else {
        PART
    };
    let (mut earlier, mut late) = (Earlier::default(), BTreeMap::<u32, Vec<StoredRow>>::new());
    let mut part: Vec<StoredRow> = Vec::with_capacity(size);
    let mut number = 0;
    for row in reader.rows().map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        let among = match ask.wanted {
            Wanted::Cec => None,
            Wanted::Fresques | Wanted::One(_) => {
                let entry = reading.entry(&row);
                earlier.note(&entry, &roster::row(&entry, ask), ask)
            }
        };
        let Row { number: row, cells } = row;
        let stored = StoredRow {
            number: row,
            cells,
            among,
            more: Vec::new(),
        };
        // Those of one part find each other when it is planned.
        if let Some(Among::AddsTo { first }) = among
            && part.first().is_none_or(|row| row.number > first)
        {
            late.entry(first).or_default().push(stored.clone());
        }
        part.push(stored);
        if part.len() >= size {
            give(laid, Laid::Part(new_part(number, &part)?))?;
            part.clear();
            number += 1;
        }
    }
    if !part.is_empty() {
        give(laid, Laid::Part(new_part(number, &part)?))?;
    }
    for (first, rows) in late {
        give(laid, Laid::Late { first, rows })?;
    }
    Ok(())
}

fn new_part(number: i64, rows: &[StoredRow]) -> Result<NewPart, Error> {
    Ok(NewPart {
        number,
        first_row: rows.first().map_or(0, |row| row.number),
        row_count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        rows: packed(&rows)?,
    })
}

fn give(laid: &mpsc::Sender<Laid>, one: Laid) -> Result<(), Error> {
    let gone = |_| Error::internal("whoever keeps the rows has stopped");
    laid.blocking_send(one).map_err(gone)
}
