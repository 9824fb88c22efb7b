//! `badgeons batches`: what became of rosters, and what can be done with each as a whole.
//!
//! - `door`: the same here and on a server; `here` and `there` do the work behind it.
//! - `told`: batches and rows, for people.
//!
//! A roster becomes a batch by `badgeons issue --spreadsheet`.

mod door;
mod here;
mod there;
mod told;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use self::door::{RowsAsked, Steer};
use self::here::AfterStop;
use self::told::{Batch, Rows, Withdrawn};
use super::arguments::{LanguageArgument, Place, ResultPath};
use super::outcome::Outcome;
use super::output;
use super::print::{Printer, remark};
use super::roster::{self, Report, Telling};
use crate::services::Services;
use crate::services::batches::rows::RowOutcome;
use crate::services::presenting::Format;

pub(super) use door::{At, Door, Order};
pub(super) use here::import;

/// What writes all rows of a batch.
const RESULT: &str = "badgeons batches result ID --out FILE";

/// Batches that are looked through at once.
const PAGE: u32 = 200;

/// List the rosters that were issued from, steer them, and have what became of them
///
/// A roster becomes a batch with `badgeons issue --spreadsheet`. With --server it is about those of a
/// server.
#[derive(Debug, Args)]
pub(super) struct Batches {
    #[command(subcommand)]
    what: What,

    #[command(flatten)]
    at: At,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the latest batches
    #[command(after_help = "Example:\n  badgeons batches list --limit 5")]
    List {
        /// Only those of the issuer of this short name
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
        /// How many at most
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: u32,
    },
    /// Show how far a batch is
    #[command(after_help = "\
Examples:
  badgeons batches show 6ba7b810-9dad-41d1-80b4-00c04fd430c8
  badgeons batches show 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --report")]
    Show {
        #[command(flatten)]
        batch: Which,
        /// The whole report, with the cells to correct
        #[arg(long)]
        report: bool,
        #[command(flatten)]
        language: LanguageArgument,
    },
    /// List what became of each row
    #[command(after_help = "\
Examples:
  badgeons batches rows 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --outcome to_correct
  badgeons batches rows 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --after 500 --json

Outcomes: issued, already_issued, would_issue, counted, to_correct, set_aside, refused, waiting,
cancelled.")]
    Rows {
        #[command(flatten)]
        batch: Which,
        /// Only those that came out so
        #[arg(long)]
        outcome: Option<RowOutcome>,
        /// Only those below this row
        #[arg(long, value_name = "ROW")]
        after: Option<u32>,
        /// How many at most
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        language: LanguageArgument,
    },
    /// Have a batch wait; what is being signed is still issued
    #[command(
        after_help = "Example:\n  badgeons batches pause 6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    )]
    Pause(Which),
    /// Have a paused batch go on
    #[command(
        after_help = "Example:\n  badgeons batches resume 6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    )]
    Resume(Which),
    /// End a batch before its end; what is issued stays
    #[command(
        after_help = "Example:\n  badgeons batches cancel 6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    )]
    Cancel(Which),
    /// Revoke every badge that a batch issued; it can't be undone
    #[command(after_help = "\
Example:
  badgeons batches revoke 6ba7b810-9dad-41d1-80b4-00c04fd430c8 \\
      --reason \"The wrong spreadsheet\"

Interrupted, the same command goes on.")]
    Revoke {
        #[command(flatten)]
        batch: Which,
        /// Why; kept beside the badges, never shown to others. Name no person in it
        #[arg(long)]
        reason: String,
    },
    /// Erase the personal data of every badge that a batch issued, and its rows; it can't be undone
    #[command(after_help = "\
Example:
  badgeons batches erase 6ba7b810-9dad-41d1-80b4-00c04fd430c8

Interrupted, the same command goes on.")]
    Erase(Which),
    /// Write the spreadsheet again, with what became of each row beside it
    #[command(after_help = "\
Examples:
  badgeons batches result 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --out result.xlsx
  badgeons batches result 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --out result.csv --language fr")]
    Result {
        #[command(flatten)]
        batch: Which,
        /// The file to write, .csv or .xlsx
        #[arg(long, value_name = "FILE")]
        out: ResultPath,
        #[command(flatten)]
        language: LanguageArgument,
    },
    /// Write the badges of a batch into one ZIP
    #[command(after_help = "\
Example:
  badgeons batches badges 6ba7b810-9dad-41d1-80b4-00c04fd430c8 --out badges.zip --format png")]
    Badges {
        #[command(flatten)]
        batch: Which,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// As what: json, jwt, png or svg
        #[arg(long, value_name = "FORMAT", default_value = "png")]
        format: Format,
    },
    /// Issue from the batches that wait, here, until none is left
    ///
    /// For installations without a server; `badgeons serve` does it by itself.
    #[command(after_help = "\
Examples:
  badgeons batches run
  badgeons batches run 6ba7b810-9dad-41d1-80b4-00c04fd430c8")]
    Run {
        /// Only this one, even if it is paused
        #[arg(value_name = "ID")]
        batch: Option<String>,
    },
}

/// Which batch.
#[derive(Debug, Args)]
struct Which {
    /// The batch's identifier, as `batches list` shows it
    #[arg(value_name = "ID")]
    batch: String,
}

impl Batches {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        if let What::Run { batch } = self.what {
            let services = self.at.here(place, "“batches run” works").await?;
            return Box::pin(run(&services, batch, printer)).await;
        }
        let door = self.at.door(place).await?;
        Box::pin(self.what.run(&door, printer)).await?;
        Ok(Outcome::Done)
    }
}

impl What {
    async fn run(self, door: &Door, printer: &Printer) -> anyhow::Result<()> {
        match self {
            Self::List { issuer, limit } => {
                let all = door.batches(issuer.as_deref(), limit).await?.into_iter();
                let all: Vec<Batch> = all.map(Batch::told).collect();
                printer.report(&all, |page, all| told::list(page, all))
            }
            Self::Show {
                batch: Which { batch },
                report: false,
                ..
            } => show(door.batch(&batch).await?, printer),
            Self::Show {
                batch,
                report: true,
                language,
            } => {
                let value = door.report(&batch.batch).await?;
                let report: Report = roster::read(&value)?;
                let telling = telling(&language);
                printer.report(&value, |page, _| roster::show(page, &report, telling))
            }
            Self::Rows {
                batch,
                outcome,
                after,
                limit,
                language,
            } => {
                let asked = RowsAsked {
                    outcome,
                    after,
                    limit,
                };
                let value = door.rows(&batch.batch, asked).await?;
                let rows: Rows = roster::read(&value)?;
                printer.report(&value, |page, _| {
                    told::rows(page, &rows, telling(&language));
                })
            }
            Self::Pause(Which { batch }) => show(door.steer(&batch, Steer::Pause).await?, printer),
            Self::Resume(Which { batch }) => {
                show(door.steer(&batch, Steer::Resume).await?, printer)?;
                if matches!(door, Door::Here(_)) {
                    remark(
                        "A server goes on with it by itself; without one, “badgeons batches run”.",
                    );
                }
                Ok(())
            }
            Self::Cancel(Which { batch }) => {
                show(door.steer(&batch, Steer::Cancel).await?, printer)
            }
            Self::Revoke { batch, reason } => {
                let done = door.revoke(&batch.batch, &reason, printer).await?;
                withdrawn(&done, "revoked", printer)
            }
            Self::Erase(Which { batch }) => {
                withdrawn(&door.erase(&batch, printer).await?, "erased", printer)
            }
            Self::Result {
                batch,
                out,
                language,
            } => {
                let language = language.language();
                let file = door
                    .result(&batch.batch, out.format, language, printer)
                    .await?;
                output::keep(&out.path, file, printer)
            }
            Self::Badges { batch, out, format } => {
                let file = Box::pin(door.archive(&batch.batch, format, printer)).await?;
                output::keep(&out, file, printer)
            }
            // It is done without a door.
            Self::Run { .. } => Ok(()),
        }
    }
}

fn telling(language: &LanguageArgument) -> Telling<'static> {
    Telling {
        language: language.language(),
        result: None,
        how: RESULT,
    }
}

fn show(batch: Batch, printer: &Printer) -> anyhow::Result<()> {
    printer.report(&batch.told(), told::one)
}

fn withdrawn(value: &Value, what: &str, printer: &Printer) -> anyhow::Result<()> {
    let done: Withdrawn = roster::read(value)?;
    printer.report(value, |page, _| told::withdrawn(page, &done, what))
}

/// Works on one batch, or on all that wait until none is left. What does not get on is left out, and told
/// at the end.
async fn run(
    services: &Services,
    batch: Option<String>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let mut ended = Vec::new();
    let mut trouble = None;
    let mut seen = Vec::new();
    let mut next = batch.clone();
    if next.is_none() {
        next = waiting(services, &seen).await?;
    }
    while let Some(id) = next {
        match Box::pin(here::work(services, &id, AfterStop::Waiting, printer)).await {
            Ok(done) => ended.push(done),
            Err(error) if batch.is_some() || error.is::<super::outcome::Stopped>() => {
                return Err(error);
            }
            Err(error) => trouble = Some(error),
        }
        seen.push(id);
        next = if batch.is_none() {
            waiting(services, &seen).await?
        } else {
            None
        };
    }
    let told: Vec<Batch> = roster::read(&ended)?;
    printer.report(&told, |page, told| match told.as_slice() {
        [] => page.line("No batch waits. A paused one goes on with “badgeons batches run ID”."),
        told => told::list(page, told),
    })?;
    let has_faults = ended.iter().any(|batch| batch.counts.has_faults());
    match trouble {
        Some(error) => Err(error),
        None if has_faults => Ok(Outcome::Invalid),
        None => Ok(Outcome::Done),
    }
}

/// The batch that has waited longest, but for these.
async fn waiting(services: &Services, seen: &[String]) -> anyhow::Result<Option<String>> {
    let (mut oldest, mut before) = (None, None);
    loop {
        let page = services.batches(None, before, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(oldest);
        };
        before = Some(last.position);
        let waits = |batch: &&crate::services::batches::BatchSummary| {
            batch.state == "running" && !seen.contains(&batch.id.to_string())
        };
        if let Some(batch) = page.iter().rev().find(waits) {
            oldest = Some(batch.id.to_string());
        }
    }
}
