//! Batches worked on by this very process, behind a progress bar, until Ctrl-C.

use indicatif::ProgressBar;
use tokio::signal::ctrl_c;

use super::super::outcome::Stopped;
use super::super::print::{Printer, counted, remark};
use crate::services::batches::{BatchSummary, Roster, RosterReport};
use crate::services::{Error, Services};

/// What becomes of a batch when Ctrl-C ends the work on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterStop {
    /// It waits for whoever asked for it.
    Paused,
    /// Whoever else works on batches goes on with it.
    Waiting,
}

/// Imports a roster to its end. Stopped, it is kept, and the same command goes on where it was.
pub(in crate::cli) async fn import(
    services: &Services,
    issuer: Option<&str>,
    roster: Roster,
    printer: &Printer,
) -> anyhow::Result<RosterReport> {
    let bar = printer.waiting("Reading the file");
    let received = tokio::select! {
        received = services.receive_roster(issuer, roster) => received,
        stopped = ctrl_c() => {
            stopped?;
            let told = "nothing is issued yet; the same command begins again";
            return Err(Stopped(told.into()).into());
        }
    };
    bar.finish_and_clear();
    let id = received?.to_string();
    work(services, &id, AfterStop::Paused, printer).await?;
    Ok(services.roster_report(&id).await?)
}

/// Works on a batch until it has ended.
pub(super) async fn work(
    services: &Services,
    id: &str,
    after: AfterStop,
    printer: &Printer,
) -> anyhow::Result<BatchSummary> {
    let batch = services.batch(id).await?;
    let bar = printer.progress(doing(batch.dry_run));
    bar.set_length(amount(batch.read.map_or(0, |read| read.rows)));
    set(&bar, batch.rows_done);
    bar.reset_eta();
    let working = services.finish_batch(id, |rows| set(&bar, rows));
    tokio::pin!(working);
    let ended = tokio::select! {
        ended = &mut working => ended,
        stopped = ctrl_c() => {
            stopped?;
            remark("Stopping: what is being signed is still kept. Ctrl-C again does not wait for it.");
            pause(services, id).await?;
            tokio::select! {
                ended = &mut working => drop(ended?),
                stopped = ctrl_c() => stopped?,
            }
            bar.finish_and_clear();
            return Err(stopped_at(services, id, after).await?.into());
        }
    };
    bar.finish_and_clear();
    Ok(ended?)
}

/// What is done on a batch, for its bar.
pub(super) fn doing(dry_run: bool) -> &'static str {
    if dry_run { "Checking" } else { "Issuing" }
}

/// It may have ended just now.
async fn pause(services: &Services, id: &str) -> Result<(), Error> {
    match services.pause_batch(id).await {
        Ok(_) | Err(Error::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn stopped_at(services: &Services, id: &str, after: AfterStop) -> anyhow::Result<Stopped> {
    let batch = match after {
        AfterStop::Paused => services.batch(id).await?,
        AfterStop::Waiting => match services.resume_batch(id).await {
            Err(Error::Conflict(_)) => services.batch(id).await?,
            resumed => resumed?,
        },
    };
    let rows = batch.read.map_or(0, |read| read.rows);
    let next = match after {
        AfterStop::Paused if batch.state == "done" => "it came to its end just then",
        AfterStop::Paused => {
            "the same command goes on from there (“badgeons batches cancel” gives it up)"
        }
        AfterStop::Waiting => "“badgeons batches run” goes on from there",
    };
    let badges = if batch.dry_run {
        "none issued, since this was a dry run".to_owned()
    } else {
        format!("{} issued", counted(batch.counts.issued, "badge", "badges"))
    };
    Ok(Stopped(format!(
        "{} of {rows} rows of batch {id} are dealt with, {badges}; {next}",
        batch.rows_done
    )))
}

/// A bar for work on the badges of a batch.
pub(super) async fn bar_of_badges(
    services: &Services,
    id: &str,
    what: &'static str,
    printer: &Printer,
) -> anyhow::Result<ProgressBar> {
    let counts = services.batch(id).await?.counts;
    let bar = printer.progress(what);
    bar.set_length(amount(counts.issued));
    Ok(bar)
}

/// Tells a bar how much is done.
pub(super) fn set(bar: &ProgressBar, done: usize) {
    bar.set_position(amount(done));
}

/// An amount, as bars take it.
pub(super) fn amount(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
