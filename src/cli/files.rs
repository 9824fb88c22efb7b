//! Badges as files that people keep and hand on.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use serde::Serialize;

use super::batches::Door;
use super::output;
use super::print::{Page, Printer, Tone, counted};
use super::roster::{Award, Counts};
use crate::ids::CredentialId;
use crate::services::presenting::{Format, Pictures, file_name};
use crate::services::slug;

/// The most files that are named; of more only the number is told.
const NAMED: usize = 10_000;

/// As what badges are written where nobody says it.
pub(super) fn usual(formats: &[Format]) -> &[Format] {
    match formats {
        [] => &[Format::Json, Format::Png],
        formats => formats,
    }
}

/// Writes badges, each in each format, below a folder, as [`file_name`] names them.
pub(super) struct Folder<'a> {
    door: &'a Door,
    out: &'a Path,
    formats: &'a [Format],
    pictures: Pictures,
    bar: ProgressBar,
    written: Written,
}

/// Files that were written: how many, and the first of them.
#[derive(Debug, Default, Serialize)]
pub(super) struct Written {
    /// The first.
    pub(super) files: Vec<PathBuf>,
    /// How many.
    pub(super) files_written: usize,
}

impl<'a> Folder<'a> {
    /// A folder to write to; nothing is written yet.
    pub(super) fn new(
        door: &'a Door,
        out: &'a Path,
        formats: &'a [Format],
        printer: &Printer,
    ) -> Self {
        Self {
            door,
            out,
            formats,
            pictures: Pictures::default(),
            bar: printer.progress("Writing files"),
            written: Written::default(),
        }
    }

    /// Writes those of these badges that stand.
    pub(super) async fn write<'w>(
        mut self,
        awards: impl Iterator<Item = &'w Award> + Clone,
    ) -> anyhow::Result<Written> {
        let standing = awards.clone().filter(|award| award.standing().is_some());
        self.expect(standing.count());
        self.add(awards).await?;
        self.bar.finish_and_clear();
        Ok(self.written)
    }

    /// Writes those of the badges of a batch that stand, some at a time.
    pub(super) async fn write_batch(
        mut self,
        batch: &str,
        counts: Counts,
    ) -> anyhow::Result<Written> {
        self.expect(counts.issued.saturating_add(counts.already_issued));
        let mut next = 0;
        while let Some((awards, then)) = self.door.awards(batch, next).await? {
            next = then;
            self.add(awards.iter()).await?;
        }
        self.bar.finish_and_clear();
        Ok(self.written)
    }

    fn expect(&self, badges: usize) {
        self.bar
            .set_length(u64::try_from(badges).unwrap_or(u64::MAX));
    }

    async fn add(&mut self, awards: impl Iterator<Item = &Award>) -> anyhow::Result<()> {
        for award in awards {
            let Some(id) = award.standing() else { continue };
            let known: CredentialId = id
                .parse()
                .map_err(|_| anyhow::anyhow!("{id} is no identifier of a badge"))?;
            // A server's word is not a path yet.
            let badge = slug::of_name(&award.achievement).unwrap_or_else(|| "badge".into());
            for &format in self.formats {
                let bytes = self.door.badge(known, format, &mut self.pictures).await?;
                let path = self
                    .out
                    .join(file_name(&badge, &award.recipient, known, format));
                output::file(&path, &bytes)?;
                self.written.add(path);
            }
            self.bar.inc(1);
        }
        Ok(())
    }
}

impl Written {
    fn add(&mut self, path: PathBuf) {
        self.files_written = self.files_written.saturating_add(1);
        if self.files.len() < NAMED {
            self.files.push(path);
        }
    }
}

/// Says where the files are.
pub(super) fn show(page: &mut Page, out: Option<&Path>, written: &Written) {
    if let Some(out) = out {
        page.gap();
        page.line(format_args!(
            "{} in {}",
            counted(written.files_written, "file", "files"),
            Tone::Strong.paint(out.display())
        ));
    }
}
