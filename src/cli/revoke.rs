//! `badgeons revoke`, `suspend`, `reinstate`: a badge that no longer stands, or stands again.

use clap::Args;

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone};
use crate::services::standing::{StatusChange, StatusChanged};

/// Withdraw a badge for good
///
/// Whoever verifies it here is told so, and elsewhere where the badge names a status list. It can't be
/// undone.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  badgeons revoke 6ba7b810-9dad-41d1-80b4-00c04fd430c8 \\
      --reason \"Issued to the wrong person\"")]
pub(super) struct Revoke {
    #[command(flatten)]
    change: Change,
}

/// Withdraw a badge for a time
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  badgeons suspend 6ba7b810-9dad-41d1-80b4-00c04fd430c8 \\
      --reason \"Yearly note not received\"")]
pub(super) struct Suspend {
    #[command(flatten)]
    change: Change,
}

/// End the suspension of a badge
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  badgeons reinstate 6ba7b810-9dad-41d1-80b4-00c04fd430c8 \\
      --reason \"Yearly note received\"")]
pub(super) struct Reinstate {
    #[command(flatten)]
    change: Change,
}

#[derive(Debug, Args)]
struct Change {
    /// The badge's identifier, as `issue` and `verify` show it
    #[arg(value_name = "ID")]
    credential: String,

    /// Why; kept beside the badge, never shown to others. Name no person in it
    #[arg(long)]
    reason: String,
}

impl Change {
    async fn run(
        self,
        change: StatusChange,
        place: &Place,
        printer: &Printer,
    ) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        let changed = services
            .change_status(&self.credential, change, &self.reason)
            .await?;
        printer.report(&changed, show)?;
        Ok(Outcome::Done)
    }
}

impl Revoke {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        self.change.run(StatusChange::Revoke, place, printer).await
    }
}

impl Suspend {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        self.change.run(StatusChange::Suspend, place, printer).await
    }
}

impl Reinstate {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        self.change
            .run(StatusChange::Reinstate, place, printer)
            .await
    }
}

fn show(page: &mut Page, changed: &StatusChanged) {
    let (word, tone) = match (changed.change, changed.was_so_already) {
        (StatusChange::Revoke, false) => ("Revoked.", Tone::Bad),
        (StatusChange::Revoke, true) => ("It was revoked already; nothing changed.", Tone::Faint),
        (StatusChange::Suspend, false) => ("Suspended.", Tone::Care),
        (StatusChange::Suspend, true) => {
            ("It was suspended already; nothing changed.", Tone::Faint)
        }
        (StatusChange::Reinstate, false) => ("Reinstated.", Tone::Good),
        (StatusChange::Reinstate, true) => ("It was not suspended; nothing changed.", Tone::Faint),
    };
    page.line(tone.paint(word));
    page.line(format_args!(
        "  {}  {}",
        changed.achievement, changed.credential
    ));
    if changed.change == StatusChange::Suspend && changed.seen_by_others {
        page.gap();
        page.paragraph(
            0,
            None,
            "Elsewhere it reads as revoked until it is reinstated: a badge has room for one status, \
             and that is revocation.",
        );
    }
    if !changed.seen_by_others {
        page.gap();
        page.paragraph(
            0,
            None,
            "Only this installation knows: the badge was issued without a public address and names no \
             status list, so a verifier elsewhere can't see it. Tell whoever relies on the badge.",
        );
    }
}
