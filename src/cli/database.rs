//! `badgeons database`: its migrations.

use clap::Subcommand;

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Printer, Tone};

/// Look after the database
#[derive(Debug, Subcommand)]
pub(super) enum Database {
    /// Bring the database to this version of badgeons
    #[command(after_help = "\
Example:
  badgeons database migrate \\
      --database-url postgres://badgeons@localhost/badgeons

Make a copy of the database first. Run it again as often as you like.")]
    Migrate,
    /// Tell which migrations are applied and which are waiting
    #[command(after_help = "Example:\n  badgeons database status")]
    Status,
}

impl Database {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let status = match self {
            Self::Migrate => place.migrate().await?,
            Self::Status => place.database_status().await?,
        };
        printer.report(&status, |page, status| {
            let rows: Vec<Vec<String>> = status
                .migrations
                .iter()
                .map(|migration| {
                    let state = if migration.applied {
                        Tone::Good.paint("applied")
                    } else {
                        Tone::Care.paint("waiting")
                    };
                    vec![migration.version.to_string(), migration.name.clone(), state]
                })
                .collect();
            page.line(format_args!(
                "{} on {}",
                Tone::Strong.paint("Migrations"),
                status.database
            ));
            page.table(&rows);
        })?;
        Ok(Outcome::Done)
    }
}
