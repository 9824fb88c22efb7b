//! The organiser's own sheet, with what became of each row: to be corrected and sent again as it is.
//!
//! Every row stands where it stood, so that `C12` is still `C12`: blank rows are kept, and lines above the
//! headings are left blank. Our three columns follow the organiser's; whoever reads the file again ignores
//! them.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use tokio::sync::mpsc;

use super::Services;
use super::order::{Understood, read_if};
use super::rows::{RowOutcome, RowTold, Walk, forgotten};
use super::stored::{StoredRow, unpacked};
use crate::ids::BatchId;
use crate::services::Error;
use crate::spreadsheet::{ResultFile, ResultFormat};
use crate::store::RowsThat;
use crate::texts::rosters::{Heading, RowOutcome as Said};
use crate::texts::{self, Language};

/// Parts that wait to be written.
const WAITING: usize = 2;

/// A result file that is written, under no name.
#[derive(Debug)]
pub struct ResultWritten {
    /// The file, at its start.
    pub file: File,
    /// How the organiser called theirs.
    pub name: String,
}

/// How rows are written.
struct Scribe {
    language: Language,
    /// What a badge's address begins with.
    address: String,
    /// How many columns the organiser's sheet has.
    width: usize,
    file: ResultFile<File>,
    /// The row that is written next, from 1.
    next: u32,
}

impl Services {
    /// The rows of a batch as the organiser wrote them, with what became of each.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] while the rows are being read; [`Error::Gone`] once they
    /// are forgotten; [`Error::Full`] where the disk has no room for the file.
    pub async fn batch_result(
        &self,
        id: &str,
        format: ResultFormat,
        language: Language,
    ) -> Result<ResultWritten, Error> {
        let mut tx = self.store.glance().await?;
        let row = self.own_batch(&mut tx, id).await?;
        drop(tx);
        let understood: Understood = read_if(row.reading.as_deref())?.ok_or_else(|| {
            Error::Conflict("the rows of this batch are still being read; ask again".into())
        })?;
        let (headings, heading_row) = (understood.headings, understood.heading_row);
        let width = self
            .width(row.id)
            .await?
            .ok_or_else(|| forgotten(&row.id))?;
        let width = width.max(headings.len());
        let public = self.settings.public_url.as_ref();
        let address = public.map_or_else(|| "/credentials/".into(), |url| url.join("credentials/"));
        let (give, mut given) = mpsc::channel::<Vec<RowTold>>(WAITING);
        let writing = tokio::task::spawn_blocking(move || {
            let mut scribe = Scribe {
                file: ResultFile::create(format, tempfile::tempfile()?)?,
                next: 1,
                language,
                address,
                width,
            };
            scribe.headings(headings, heading_row)?;
            while let Some(rows) = given.blocking_recv() {
                rows.into_iter().try_for_each(|row| scribe.row(row))?;
            }
            let mut file = scribe.file.finish()?;
            file.seek(SeekFrom::Start(0))?;
            Ok::<_, Error>(file)
        });
        let mut walk = Walk::new(row.id, row.state, RowsThat::Are);
        while let Some(rows) = walk.part(self).await? {
            if give.send(rows).await.is_err() {
                break;
            }
        }
        drop(give);
        let file = writing.await.map_err(Error::internal)??;
        Ok(ResultWritten {
            file,
            name: row.name,
        })
    }

    /// How many cells the longest row of a batch has; none where its rows are forgotten. A row may be
    /// longer than that of the headings, and our columns stand beside all of them.
    async fn width(&self, batch: BatchId) -> Result<Option<usize>, Error> {
        let (mut width, mut next) = (None, 0);
        loop {
            let mut tx = self.store.glance().await?;
            let Some(part) = tx.part_from(batch, next, RowsThat::Are).await? else {
                return Ok(width);
            };
            drop(tx);
            next = part.number.saturating_add(1);
            let reading = tokio::task::spawn_blocking(move || {
                let rows: Vec<StoredRow> = unpacked(&part.rows)?;
                Ok::<_, Error>(rows.iter().map(|row| row.cells.len()).max())
            });
            width = width.max(reading.await.map_err(Error::internal)??);
        }
    }
}

impl Scribe {
    /// The headings, in the row they were in; the keys of NDJSON, which has none, in the first.
    fn headings(&mut self, mut headings: Vec<String>, row: u32) -> Result<(), Error> {
        self.leave_blank_until(row)?;
        headings.resize(self.width, String::new());
        let ours = Heading::ALL.map(|heading| heading.said_in(self.language).to_owned());
        headings.extend(ours);
        self.write(&headings)
    }

    fn row(&mut self, told: RowTold) -> Result<(), Error> {
        self.leave_blank_until(told.row)?;
        // Somebody had it erased.
        if told.cells.iter().all(|cell| cell.trim().is_empty()) {
            return self.write(&[]);
        }
        let ours = [
            self.outcome(&told),
            self.to_correct(&told),
            self.links(&told),
        ];
        let mut cells = told.cells;
        cells.resize(self.width, String::new());
        cells.extend(ours);
        self.write(&cells)
    }

    fn leave_blank_until(&mut self, row: u32) -> Result<(), Error> {
        while self.next < row {
            self.write(&[])?;
        }
        Ok(())
    }

    fn write(&mut self, cells: &[String]) -> Result<(), Error> {
        self.file.row(cells)?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn outcome(&self, told: &RowTold) -> String {
        let said = match (told.outcome, told.counts_with) {
            (RowOutcome::Counted | RowOutcome::Issued, Some(row)) => Said::CountedWith(row),
            (RowOutcome::Issued | RowOutcome::Counted, None) => Said::Issued,
            (RowOutcome::AlreadyIssued, _) => Said::AlreadyIssued,
            (RowOutcome::WouldIssue, _) => Said::WouldBeIssued,
            (RowOutcome::ToCorrect, _) => Said::ToCorrect,
            (RowOutcome::Refused, _) => Said::Refused,
            (RowOutcome::SetAside, _) => Said::SetAside,
            (RowOutcome::Waiting, _) => Said::Waiting,
            (RowOutcome::Cancelled, _) => Said::Cancelled,
        };
        said.said_in(self.language).into_owned()
    }

    /// What is to be corrected, each with its cell; or why the row leads to no badge.
    fn to_correct(&self, told: &RowTold) -> String {
        let say = |text: &str| texts::say(self.language, text).into_owned();
        let corrections = told.corrections.iter().map(|it| {
            let sentences = format!("{} {}", say(&it.what), say(&it.advice));
            match &it.cell {
                Some(cell) => format!("{cell} : {sentences}"),
                None => sentences,
            }
        });
        let reason = told.reason.as_deref();
        let reason = reason
            .filter(|_| told.outcome == RowOutcome::SetAside)
            .map(say);
        corrections.chain(reason).collect::<Vec<_>>().join(" ")
    }

    fn links(&self, told: &RowTold) -> String {
        let ids = told.badges.iter().filter_map(|badge| badge.id);
        let links = ids.map(|id| format!("{}{id}", self.address));
        links.collect::<Vec<_>>().join(" ")
    }
}
