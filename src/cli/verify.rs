//! `badgeons verify`: who, what, how it was checked, by whom, still valid?

use clap::Args;

use super::arguments::Place;
use super::input::Source;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone, remark};
use crate::openbadges::verify::{CheckResult, Outcome as Found, Report, Summary, Verdict};

/// The largest file read, in bytes: a picture with a badge in it.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Verify a badge: JSON, JWT, PNG or SVG
///
/// Issuers of an installation that --data-dir or --database-url names are known from its database;
/// others are asked for their keys over https. What could not be checked is said, and never passes
/// for valid.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons verify badge.png
  badgeons verify badge.json --recipient enora@example.org
  badgeons verify --json - < badge.jwt

Exit codes:
  0  valid, also with remarks
  1  our fault
  2  wrong use
  3  not valid
  4  could not tell")]
pub(super) struct Verify {
    /// The badge, or - for the standard input
    file: Source,

    /// E-mail address (or other identifier) the badge should have been issued to
    #[arg(long, value_name = "ADDRESS")]
    recipient: Option<String>,

    /// Development only: also ask http and loopback addresses
    #[arg(long, env = crate::config::ALLOW_LOOPBACK, hide_env_values = true)]
    allow_loopback: bool,
}

impl Verify {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let bytes = self.file.read(MAX_BYTES)?;
        let verifier = place.verifier(self.allow_loopback).await?;
        let report = verifier.verify(&bytes, self.recipient.as_deref()).await?;
        printer.report(&report, show)?;
        if report.verdict == Verdict::Undetermined && !place.names_database() && verifier.knows() {
            remark(
                "The database in the folder data was not asked who the issuer is: it may have come \
                 with the badge. If it is yours, say so with --data-dir data.",
            );
        }
        Ok(outcome_of(report.verdict))
    }
}

/// What scripts are told of a verdict.
pub(super) fn outcome_of(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Valid | Verdict::ValidWithWarnings => Outcome::Done,
        Verdict::Invalid => Outcome::Invalid,
        Verdict::Undetermined => Outcome::CouldNotTell,
    }
}

/// The verdict first, then who and what, then how it was checked.
fn show(page: &mut Page, report: &Report) {
    page.line(verdict_in_words(report));
    let facts: Vec<_> = report
        .credential
        .iter()
        .flat_map(facts)
        .filter_map(|(label, value)| Some(vec![Tone::Faint.paint(label), value?]))
        .collect();
    if !facts.is_empty() {
        page.gap();
        page.table(&facts);
    }
    page.heading("How this was checked");
    for check in &report.checks {
        show_check(page, check);
    }
    page.gap();
    page.line(Tone::Faint.paint(format_args!("Checked at {}", report.verified_at)));
}

/// The verdict, and what first led to it where it is not plainly valid.
fn verdict_in_words(report: &Report) -> String {
    let (verdict, because) = match report.verdict {
        Verdict::Valid => return Tone::Good.paint("Valid"),
        Verdict::ValidWithWarnings => (Tone::Care.paint("Valid, with remarks"), Found::Warning),
        Verdict::Invalid => (Tone::Bad.paint("Not valid"), Found::Fail),
        Verdict::Undetermined => (Tone::Care.paint("Could not tell"), Found::Unknown),
    };
    let reason = report.checks.iter().find(|check| check.outcome == because);
    reason.map_or_else(
        || verdict.clone(),
        |check| format!("{verdict}: {}", check.title),
    )
}

/// What was checked on a line, what was found below it. Where in the badge it stands is of interest
/// only to whoever has to look there.
fn show_check(page: &mut Page, check: &CheckResult) {
    let mark = match check.outcome {
        Found::Pass => Tone::Good.paint("✓"),
        Found::Fail => Tone::Bad.paint("✗"),
        Found::Warning => Tone::Care.paint("!"),
        Found::Unknown => Tone::Care.paint("?"),
        Found::NotApplicable => Tone::Faint.paint("–"),
    };
    page.line(format_args!("  {mark}  {}", check.title));
    let in_order = matches!(check.outcome, Found::Pass | Found::NotApplicable);
    let place = check
        .pointer
        .as_deref()
        .filter(|at| !in_order && !at.is_empty());
    let place = place.map(|at| format!(" ({at})")).unwrap_or_default();
    page.paragraph(5, Some(Tone::Faint), &format!("{}{place}", check.detail));
}

/// What the badge says of itself. The texts are a stranger's; the report has made them harmless.
fn facts(badge: &Summary) -> Vec<(&'static str, Option<String>)> {
    let issuer = badge.issuer.as_ref();
    let recipient = &badge.recipient;
    let hashed = recipient
        .email_is_hashed
        .then(|| "an e-mail address, as a hash".to_owned());
    let achievement = badge.achievement.as_ref();
    vec![
        ("Badge", badge.name.clone()),
        (
            "Kind",
            achievement.and_then(|achievement| achievement.achievement_type.clone()),
        ),
        (
            "Issued to",
            recipient.name.clone().or_else(|| recipient.id.clone()),
        ),
        ("Known by", recipient.email.clone().or(hashed)),
        ("Issued by", issuer.and_then(|by| by.name.clone())),
        ("Identity", issuer.and_then(|by| by.id.clone())),
        ("Awarded", badge.awarded.map(|at| at.to_string())),
        ("Valid from", badge.valid_from.map(|at| at.to_string())),
        ("Valid until", badge.valid_until.map(|at| at.to_string())),
        (
            "Results",
            (badge.results > 0).then(|| badge.results.to_string()),
        ),
        (
            "Evidence",
            (!badge.evidence.is_empty()).then(|| badge.evidence.join(", ")),
        ),
        ("Identifier", badge.id.clone()),
    ]
}
