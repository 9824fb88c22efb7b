//! A roster of any size becomes badges: every good row is issued whatever the others are, and each row is
//! told what became of it.
//!
//! Running a corrected roster again issues only what is missing: the same person, badge and activity
//! are the same award, unless the badge class says otherwise.
//!
//! - `receiving`: a file is read whole, and its rows are kept in parts, before anything is issued;
//!   `order`: what was asked for; `stored`: how rows and reports are kept.
//! - `working`: any number of workers issue the parts; `parts`: one part planned and reported;
//!   `storing`: with its badges kept.
//! - [`rows`]: what became of each row; `dealt`: of badges; [`result_file`]: the organiser's own sheet
//!   with it; [`archive`]: the badges as files; `awards`: the badges themselves, a part at a time.
//! - `steering`: pause, resume, cancel; revoke or erase what a batch issued; forget its rows.
//! - `one`: a single row that somebody typed.

pub mod archive;
mod awards;
mod dealt;
mod one;
mod order;
mod parts;
mod receiving;
pub mod result_file;
pub mod rows;
mod steering;
mod stored;
mod storing;
mod taking_up;
mod working;

use std::fmt;
use std::io::{Read, Seek};

use serde::Serialize;

use self::order::Understood;
use self::stored::{StoredReport, unpacked};
use crate::ids::BatchId;
use crate::openbadges::model::Timestamp;
use crate::recognition::activity::Activity;
use crate::services::{Error, Services};
use crate::spreadsheet::{self, Columns, Format, Mapping};
use crate::store::{Batch, BatchState, Progress, RowsThat, Tx};

pub use awards::AwardsPage;
pub use dealt::{AwardReport, Counts, Dealt, Fate};
pub use result_file::ResultWritten;
pub use steering::Withdrawn;

/// What `--achievement` says for the whole fresque family: each row's workshop and role decide.
pub const FRESQUES: &str = "fresques";

/// What `--achievement` says for a CEC's attendance sheet.
pub const CEC: &str = "cec";

/// How many badges and corrections a whole report holds at most; the result file holds all.
const TOLD: usize = 20_000;

/// A file with rows, of whatever kind.
pub trait RosterFile: Read + Seek + Send {}

impl<T: Read + Seek + Send> RosterFile for T {}

/// A roster to be issued from.
pub struct Roster {
    /// The file's name.
    pub name: String,
    /// The file.
    pub file: Box<dyn RosterFile>,
    /// Which badge: its short name, or [`FRESQUES`], or [`CEC`].
    pub achievement: String,
    /// What it was earned at, where the sheet does not say.
    pub activity: Option<Activity>,
    /// What its columns hold, where the headings do not say.
    pub mapping: Mapping,
    /// Only tell what would happen.
    pub dry_run: bool,
}

/// Shows what was asked for, and nothing of the file.
impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster")
            .field("achievement", &self.achievement)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

/// How one badge is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Issue it, unless it was issued before.
    Once,
    /// Issue it anew where it was revoked.
    Again,
    /// Only tell what would happen.
    DryRun,
}

/// A batch, and how far it has come.
#[derive(Debug, Clone, Serialize)]
pub struct BatchSummary {
    /// Its identifier.
    pub id: BatchId,
    /// The file's name.
    pub file: String,
    /// `receiving`, `running`, `paused`, `cancelled` or `done`.
    pub state: &'static str,
    /// Whether this only tells what would happen.
    pub dry_run: bool,
    /// Which badge: its short name, `fresques` or `cec`.
    pub achievement: String,
    /// What the file turned out to be, and how its columns were understood.
    #[serde(flatten)]
    pub read: Option<FileRead>,
    /// How many rows are dealt with.
    pub rows_done: usize,
    /// How they came out.
    pub counts: Counts,
    /// Why it does not get on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// When it was received.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The cursor of a listing.
    #[serde(skip)]
    pub position: i64,
}

/// How a file was read.
#[derive(Debug, Clone, Serialize)]
pub struct FileRead {
    /// What the file turned out to be.
    #[serde(flatten)]
    pub format: Format,
    /// How the columns were understood.
    pub columns: Columns,
    /// How many rows hold something.
    pub rows: usize,
    /// How many rows were blank.
    pub blank_rows: usize,
}

/// What became of a whole roster.
#[derive(Debug, Clone, Serialize)]
pub struct RosterReport {
    /// The batch.
    pub batch: BatchId,
    /// How far it has come.
    pub state: &'static str,
    /// The file's name.
    pub file: String,
    /// How the file was read.
    #[serde(flatten)]
    pub read: FileRead,
    /// Whether this only tells what would happen.
    pub dry_run: bool,
    /// What became of the rows.
    #[serde(flatten)]
    pub dealt: Dealt,
    /// Whether every badge, correction and row set aside is told here; the result file tells the rest.
    pub complete: bool,
}

impl Services {
    /// Imports a roster to its end. `received` is told how many rows it has, `done` how many
    /// of them have been dealt with.
    ///
    /// # Errors
    /// [`Error::Refused`] when the file can't be read; nothing was issued then. [`Error::Conflict`] with
    /// why the batch does not get on; it is kept, and goes on when it is asked for again.
    pub async fn import_roster(
        &self,
        issuer: Option<&str>,
        roster: Roster,
        received: impl FnOnce(usize),
        done: impl Fn(usize),
    ) -> Result<RosterReport, Error> {
        let id = self.receive_roster(issuer, roster).await?.to_string();
        let batch = self.batch(&id).await?;
        received(batch.read.as_ref().map_or(0, |read| read.rows));
        self.finish_batch(&id, done).await?;
        self.roster_report(&id).await
    }

    /// Works on a batch here until it has ended, or somebody has it wait; a paused one is resumed first.
    /// `done` is told how many of its rows are dealt with.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] with why it does not get on; it goes on when it is asked
    /// for again.
    pub async fn finish_batch(
        &self,
        id: &str,
        done: impl Fn(usize),
    ) -> Result<BatchSummary, Error> {
        let batch = self.batch(id).await?;
        if batch.state == BatchState::Paused.as_str() {
            self.resume_batch(id).await?;
        }
        self.work_until_done(batch.id, done).await?;
        self.batch(id).await
    }

    /// The same installation, for work that nobody waits for.
    fn in_background(&self) -> Self {
        Self {
            store: self.store.behind(),
            cores: self.cores.behind(),
            ..self.clone()
        }
    }

    /// What became of a whole roster.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that is still being read; [`Error::Gone`] once its
    /// rows are forgotten.
    pub async fn roster_report(&self, id: &str) -> Result<RosterReport, Error> {
        let batch = self.batch(id).await?;
        let id = batch.id;
        let read = batch.read.ok_or_else(|| {
            Error::Conflict("the rows of this batch are still being read; ask again".into())
        })?;
        let mut all = Dealt::default();
        let mut complete = true;
        let mut next = 0;
        loop {
            let part = self
                .store
                .glance()
                .await?
                .part_from(id, next, RowsThat::Are)
                .await?;
            let Some(part) = part else { break };
            if all.awards.len() > TOLD || all.corrections.len() > TOLD {
                complete = false;
                break;
            }
            next = part.number.saturating_add(1);
            if let Some(report) = part.report {
                all.extend(unpacked::<StoredReport>(&report)?.dealt().0);
            }
        }
        if next == 0 && read.rows > 0 {
            return Err(rows::forgotten(&id));
        }
        all.counts = batch.counts;
        Ok(RosterReport {
            batch: id,
            state: batch.state,
            file: batch.file,
            read,
            dry_run: batch.dry_run,
            dealt: all,
            complete,
        })
    }

    /// A batch, and how far it has come.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn batch(&self, id: &str) -> Result<BatchSummary, Error> {
        let mut tx = self.store.read().await?;
        let row = self.own_batch(&mut tx, id).await?;
        let progress = tx.progress(row.id).await?;
        summary(row, &progress)
    }

    /// At most `limit` batches of an issuer, the latest first, before a position.
    pub async fn batches(
        &self,
        issuer: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<BatchSummary>, Error> {
        let of = match issuer {
            Some(slug) => Some(self.issuer(Some(slug)).await?.id),
            None => self.actor.issuer,
        };
        let mut tx = self.store.read().await?;
        let mut batches = Vec::new();
        for row in tx.batches(of, before, limit).await? {
            let progress = tx.progress(row.id).await?;
            batches.push(summary(row, &progress)?);
        }
        Ok(batches)
    }

    /// How many batches are being issued at this moment, here or by another process.
    pub async fn batches_running(&self) -> Result<usize, Error> {
        Ok(self
            .store
            .glance()
            .await?
            .batches_in(BatchState::Running)
            .await?
            .len())
    }

    /// A batch of an issuer that the actor reaches.
    async fn own_batch(&self, tx: &mut Tx, id: &str) -> Result<Batch, Error> {
        let not_found = || Error::not_found("batch", id);
        let parsed: BatchId = id.parse().map_err(|_| not_found())?;
        let row = tx.batch(parsed).await?.ok_or_else(not_found)?;
        if self.actor.reaches(row.issuer_id) {
            Ok(row)
        } else {
            Err(not_found())
        }
    }
}

fn summary(row: Batch, progress: &Progress) -> Result<BatchSummary, Error> {
    let asked: Option<order::Asked> = order::read_if(row.asked.as_deref())?;
    let understood: Option<Understood> = order::read_if(row.reading.as_deref())?;
    let instant = |at| Timestamp::from(at).whole_seconds();
    Ok(BatchSummary {
        id: row.id,
        file: row.name,
        state: row.state.as_str(),
        dry_run: row.dry_run,
        achievement: asked.map(|asked| asked.achievement).unwrap_or_default(),
        read: understood.map(|understood| FileRead {
            columns: understood.columns().clone(),
            rows: understood.reading.rows(),
            blank_rows: understood.reading.blank_rows(),
            format: understood.format,
        }),
        rows_done: usize::try_from(progress.rows_done).unwrap_or(0),
        counts: Counts::from(&progress.counts),
        trouble: row.trouble,
        started_at: instant(row.started_at),
        finished_at: row.finished_at.map(instant),
        position: row.position,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn unreadable(error: spreadsheet::SpreadsheetError) -> Error {
    Error::Refused(error.to_string())
}
