//! `badgeons demo`: the whole life of a badge, on sample data, in one command.
//!
//! The people and organisations in the samples are made up, and their names say so. Everything else
//! is real: real keys, real signatures, verified by the same verifier anybody's badge meets.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::arguments::{Place, quoted};
use super::batches::{Door, import};
use super::files::Folder;
use super::outcome::{Outcome, WrongUse};
use super::print::{Page, Printer, Tone};
use super::roster::{self, Award, Report, Telling};
use super::serve::ServerArguments;
use crate::recognition::activity::Activity;
use crate::recognition::entry::{self, Entry, Field};
use crate::services::Services;
use crate::services::batches::{self, Dealt, How, Roster, RosterReport};
use crate::services::issuers::NewIssuer;
use crate::services::opening::Initialised;
use crate::services::presenting::Format;
use crate::services::verifying::Verifier;
use crate::spreadsheet::Mapping;

/// A roster as an organiser exports it, with the faults real sheets have.
const FRESQUATHON: &[u8] = include_bytes!("fresquathon.csv");
/// Attendance of the six sessions of a CEC.
const CEC: &[u8] = include_bytes!("cec-ouest-2023.csv");

/// Try everything on sample data: issue, verify, and write badges to look at
///
/// Makes an installation if there is none, imports two sample rosters and awards a label, verifies
/// every badge, writes each as JSON, JWT, PNG and SVG, and serves them. Run twice, it issues nothing
/// twice.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons demo
  badgeons demo --no-serve
  badgeons demo --data-dir /tmp/try/data --keys-dir /tmp/try/keys \\
      --out /tmp/try/badges")]
pub(super) struct Demo {
    /// Folder to write the badges into
    #[arg(long, value_name = "DIR", default_value = "badges")]
    out: PathBuf,

    /// End after the summary, without serving what was made
    #[arg(long)]
    no_serve: bool,

    #[command(flatten)]
    server: ServerArguments,
}

/// What the demonstration did.
#[derive(Debug, Serialize)]
struct Told {
    installation: Initialised,
    rosters: Vec<RosterReport>,
    label: Dealt,
    verified: BTreeMap<&'static str, usize>,
    out: PathBuf,
    files: Vec<PathBuf>,
}

/// Its reports, as they are shown.
struct Read {
    rosters: Vec<Report>,
    label: roster::Dealt,
}

impl Read {
    fn awards(&self) -> impl Iterator<Item = &Award> + Clone {
        let rosters = self.rosters.iter().flat_map(|report| &report.dealt.awards);
        rosters.chain(&self.label.awards)
    }
}

impl Demo {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let (services, installation) = place.initialise(issuer()).await?;
        let issuer = Some(installation.issuer.slug.as_str());
        let mut rosters = Vec::new();
        for (name, bytes, achievement, activity) in [
            (
                "fresquathon.csv",
                FRESQUATHON,
                batches::FRESQUES,
                Some(fresquathon()),
            ),
            ("cec-ouest-2023.csv", CEC, batches::CEC, None),
        ] {
            let request = Roster {
                name: name.into(),
                file: Box::new(Cursor::new(bytes)),
                achievement: achievement.into(),
                activity,
                mapping: Mapping::default(),
                dry_run: false,
            };
            rosters.push(import(&services, issuer, request, printer).await?);
        }
        let labelling = services.issue_entry(issuer, "terdeskin", labelled(), None, How::Once);
        let label = Box::pin(labelling).await?;
        let read = Read {
            rosters: roster::read(&rosters)?,
            label: roster::read(&label)?,
        };
        let door = Door::Here(services.clone());
        let folder = Folder::new(&door, &self.out, &Format::ALL, printer);
        let files = folder.write(read.awards()).await?.files;
        let verified = verify(&services, &files, printer).await?;
        let invalid = verified.keys().any(|verdict| !verdict.starts_with("valid"));
        let told = Told {
            installation,
            rosters,
            label,
            verified,
            out: self.out,
            files,
        };
        let serve = !self.no_serve;
        let site = serve.then(|| self.server.listen());
        printer.report(&told, |page, told| {
            show(page, told, &read, place, site.as_deref());
        })?;
        if serve {
            self.server.serve(services).await?;
        } else {
            services.close().await;
        }
        Ok(if invalid {
            Outcome::Invalid
        } else {
            Outcome::Done
        })
    }
}

/// Who issues in the demonstration. Its name says what it is: whoever meets one of its badges must
/// not take it for the association's.
fn issuer() -> NewIssuer {
    NewIssuer {
        name: "Badgeons le pays de Vannes (démonstration)".into(),
        slug: Some("demonstration".into()),
        url: None,
        email: None,
        country: Some("FR".into()),
        region: Some("Bretagne".into()),
        siret: None,
    }
}

/// The day is not known, so none is claimed.
fn fresquathon() -> Activity {
    Activity::named("Fresquathon, octobre 2023").at("Vannes")
}

/// The organisation that receives the sample label.
fn labelled() -> Entry {
    let field = |heading: &str, text: &str| {
        let place = entry::Place {
            column: "".into(),
            heading: heading.into(),
        };
        Some(Field {
            value: text.to_owned(),
            text: text.to_owned(),
            place,
        })
    };
    Entry {
        row: 1,
        organisation: field("organisation", "Organisation Exemple 01"),
        url: field("url", "https://organisation-exemple-01.example.org"),
        licence: field("licence", "TDK-EXEMPLE-0001"),
        ..Entry::default()
    }
}

/// Verifies the files as a stranger would who has them from somebody: from their bytes.
async fn verify(
    services: &Services,
    files: &[PathBuf],
    printer: &Printer,
) -> anyhow::Result<BTreeMap<&'static str, usize>> {
    let verifier: Verifier = services.verifier();
    let bar = printer.progress("Verifying");
    bar.set_length(u64::try_from(files.len()).unwrap_or(u64::MAX));
    let mut verdicts = BTreeMap::new();
    for file in files {
        let bytes = std::fs::read(file).map_err(|error| {
            WrongUse(format!("{} can't be read again: {error}", file.display()))
        })?;
        let report = verifier.verify(&bytes, None).await?;
        let count: &mut usize = verdicts.entry(report.verdict.as_str()).or_default();
        *count = count.saturating_add(1);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(verdicts)
}

fn show(page: &mut Page, told: &Told, read: &Read, place: &Place, site: Option<&str>) {
    let issued: usize = dealt(told).map(|dealt| dealt.counts.issued).sum();
    let before: usize = dealt(told).map(|dealt| dealt.counts.already_issued).sum();
    page.line(Tone::Strong.paint("Badgeons — the whole life of a badge, on sample data"));
    page.gap();
    page.line(format_args!(
        "  Issuer    {}",
        told.installation.issuer.name
    ));
    page.line(format_args!(
        "            {}",
        Tone::Faint.paint(&told.installation.issuer.id)
    ));
    for report in &read.rosters {
        page.gap();
        roster::summarise(page, report, Telling::PLAIN);
    }
    page.heading("Label");
    roster::show_one(page, &read.label, Telling::PLAIN);
    page.heading("Verified");
    for (verdict, count) in &told.verified {
        let tone = if verdict.starts_with("valid") {
            Tone::Good
        } else {
            Tone::Bad
        };
        page.line(format_args!(
            "  {} files {}",
            tone.paint(format_args!("{count:>6}")),
            verdict.replace('_', " ")
        ));
    }
    page.heading("In short");
    let again = if before > 0 {
        format!("; {before} had been issued before, and were not issued twice")
    } else {
        String::new()
    };
    page.line(format_args!(
        "  {} badges issued{again}.",
        Tone::Good.paint(issued)
    ));
    page.line(format_args!(
        "  {} files in {}: each badge as JSON, JWT, PNG and SVG.",
        told.files.len(),
        Tone::Strong.paint(told.out.display())
    ));
    page.heading("What to try next");
    if let Some(png) = told
        .files
        .iter()
        .find(|file| file.extension().is_some_and(|e| e == "png"))
    {
        page.line(format_args!(
            "  {}",
            place.command(&format!("verify {}", quoted(png)))
        ));
    }
    page.line(format_args!("  {}", place.command("achievements list")));
    let issue = "issue --achievement fresques --spreadsheet YOUR-ROSTER.csv --dry-run";
    page.line(format_args!("  {}", place.command(issue)));
    if let Some(id) = dealt(told)
        .flat_map(|dealt| &dealt.awards)
        .find_map(|award| award.fate.id())
    {
        let revoke = format!("revoke {id} --reason \"A trial\"");
        page.line(format_args!(
            "  {}  # then verify it again",
            place.command(&revoke)
        ));
        if let Some(site) = site {
            page.line(format_args!("  http://{site}/credentials/{id}  # its page"));
        }
    }
    if site.is_some() {
        let token = "tokens create --name Trial --scope credentials:issue --scope credentials:read";
        page.line(format_args!("  {}", place.command(token)));
    }
    page.gap();
}

fn dealt(told: &Told) -> impl Iterator<Item = &Dealt> {
    told.rosters
        .iter()
        .map(|report| &report.dealt)
        .chain([&told.label])
}
