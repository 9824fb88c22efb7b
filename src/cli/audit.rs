//! `badgeons audit`: who did what, and the proof that the log was not touched.

use clap::Subcommand;

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone, counted};
use crate::services::audit::{AuditReport, Entry, Noted};

/// List the audit log, or prove that nothing of it was altered or removed
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Prove that no entry was altered or removed, or name the first that was
    ///
    /// Each entry holds on to the one before it by a hash that nobody can make without the master key.
    /// Exit code 0 when the log is whole, 3 when it is not.
    #[command(after_help = "\
Examples:
  badgeons audit verify
  badgeons audit verify --noted 1204:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

A whole database put back to an earlier day looks whole. Note the last entry somewhere else now and
then, as this command prints it, and have it looked for with --noted.")]
    Verify {
        /// An entry as this command printed it earlier, which must still be there
        #[arg(long, value_name = "NUMBER:HASH")]
        noted: Option<Noted>,
    },
    /// List what was done, the latest first
    #[command(after_help = "\
Examples:
  badgeons audit list
  badgeons audit list --before 1204 --limit 200 --json")]
    List {
        /// How many entries
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
        /// Only those before the entry of this number
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
}

impl Audit {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        match self {
            Self::Verify { noted } => {
                let report = services.verify_audit(noted).await?;
                printer.report(&report, show)?;
                Ok(if report.whole {
                    Outcome::Done
                } else {
                    Outcome::Invalid
                })
            }
            Self::List { limit, before } => {
                let entries = services.audit_log(before, limit).await?;
                printer.report(&entries, |page, entries| list(page, entries))?;
                Ok(Outcome::Done)
            }
        }
    }
}

fn show(page: &mut Page, report: &AuditReport) {
    let count = usize::try_from(report.entries).unwrap_or(usize::MAX);
    let entries = counted(count, "entry", "entries");
    if let Some(broken) = &report.broken {
        page.line(Tone::Bad.paint(format_args!(
            "Broken at entry {}: {}.",
            broken.number, broken.reason
        )));
        page.line(format_args!(
            "The {entries} before it are as they were written."
        ));
    } else {
        page.line(Tone::Good.paint(format_args!(
            "Whole: {entries}, none altered, none removed."
        )));
    }
    page.line(Tone::Faint.paint(format_args!("Last good entry: {}", report.last)));
}

fn list(page: &mut Page, entries: &[Entry]) {
    let mut rows = vec![
        ["No", "When", "Who", "What", "On"]
            .map(|heading| Tone::Strong.paint(heading))
            .to_vec(),
    ];
    rows.extend(entries.iter().map(|entry| {
        let object = entry.object_id.map(|id| format!(" {id}"));
        vec![
            entry.number.to_string(),
            entry.at.to_string(),
            entry.actor.clone(),
            entry.action.clone(),
            format!("{}{}", entry.object_kind, object.unwrap_or_default()),
        ]
    }));
    page.table(&rows);
}
