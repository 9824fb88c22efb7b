//! `badgeons issue`: one badge, or a whole roster; a roster on a server, too.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{ArgGroup, Args};
use serde::Serialize;
use serde_json::Value;

use super::arguments::{DayArgument, LanguageArgument, Place, ResultPath};
use super::batches::{At, Door, Order};
use super::files::{self, Folder, Written};
use super::input::Source;
use super::outcome::{Outcome, WrongUse};
use super::output;
use super::print::Printer;
use super::roster::{self, Dealt, Report, Telling};
use crate::recognition::activity::Activity;
use crate::recognition::entry::{self, Entry, Field};
use crate::services::Services;
use crate::services::batches::How;
use crate::services::presenting::Format;
use crate::texts::Language;

/// Issue a badge to one person or organisation, or to everybody in a spreadsheet
///
/// A spreadsheet (CSV or XLSX, as it comes from Excel, LibreOffice, Billetweb …) is read
/// as people write it. All good rows are issued; for the others each cell to correct is named.
/// Correct the file and run it again: only what is missing is issued.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("recipient").required(true).args(["name", "organisation", "spreadsheet"]),
    after_help = "\
Examples:
  badgeons issue --achievement animateur-fresque \\
      --name \"Enora Le Coz\" --email enora@example.org
  badgeons issue --achievement terdeskin --organisation \"Exemple SARL\"
  badgeons issue --achievement fresques --spreadsheet roster.csv --dry-run
  badgeons issue --achievement fresques --spreadsheet roster.csv \\
      --activity Fresquathon --place Vannes --date 2023-10-14 --out badges
  badgeons issue --achievement cec --spreadsheet presences.xlsx --out badges
  badgeons issue --achievement benevole --spreadsheet inscriptions.csv \\
      --map \"Adresse mail=email\" --map Remarques=ignore --result result.xlsx
  BADGEONS_TOKEN=bdg_… badgeons issue --achievement fresques --spreadsheet roster.csv \\
      --server https://badges.example.org

--achievement fresques lets each row's workshop and role choose the badge; \
--achievement cec reads the attendance of a CEC's six sessions.

However many rows there are, they are kept before anything is issued: stopped with Ctrl-C or by a
power cut, the same command goes on where it was.

Exit code 3 when something is to be corrected."
)]
pub(super) struct Issue {
    /// The badge's short name (`badgeons achievements list`), or fresques, or cec
    #[arg(long, value_name = "SLUG")]
    achievement: String,

    /// The issuer's short name (needed where there are several)
    #[arg(long, value_name = "SLUG")]
    issuer: Option<String>,

    /// Spreadsheet with a row for each recipient (CSV or XLSX), or - for the standard input
    #[arg(long, value_name = "FILE")]
    spreadsheet: Option<Source>,

    /// What a column of the spreadsheet holds, where its heading does not say: HEADING=COLUMN, or
    /// HEADING=ignore; may be repeated
    #[arg(long, value_name = "HEADING=COLUMN", requires = "spreadsheet")]
    map: Vec<String>,

    /// Only tell what would be issued and what is to be corrected
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    one: One,

    #[command(flatten)]
    activity: ActivityArguments,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    at: At,
}

/// One recipient.
#[derive(Debug, Args)]
#[command(next_help_heading = "One recipient")]
struct One {
    /// The person's name, as it is to stand on the badge
    #[arg(long, requires = "email", conflicts_with_all = ["organisation", "spreadsheet"])]
    name: Option<String>,
    /// The person's e-mail address; the badge holds only a salted hash of it
    #[arg(long, value_name = "ADDRESS", requires = "name")]
    email: Option<String>,
    /// The organisation's name
    #[arg(long, value_name = "NAME", conflicts_with = "spreadsheet")]
    organisation: Option<String>,
    /// The organisation's SIRET number
    #[arg(long, value_name = "NUMBER", requires = "organisation")]
    siret: Option<String>,
    /// The organisation's web site
    #[arg(long, requires = "organisation")]
    url: Option<String>,
    /// The recipient's role; with --achievement fresques it chooses the badge
    #[arg(long, conflicts_with = "spreadsheet")]
    role: Option<String>,
    /// The workshop, with --achievement fresques, as in "Fresque du Climat"
    #[arg(long, value_name = "NAME", conflicts_with = "spreadsheet")]
    workshop: Option<String>,
    /// What the recipient did, beside the criteria
    #[arg(long, value_name = "TEXT", conflicts_with = "spreadsheet")]
    narrative: Option<String>,
    /// Number of the licence or label
    #[arg(long, value_name = "NUMBER", conflicts_with = "spreadsheet")]
    licence: Option<String>,
    /// Address of a proof
    #[arg(long, value_name = "URL", conflicts_with = "spreadsheet")]
    evidence: Option<String>,
    /// Workshops led or co-led so far
    #[arg(long, value_name = "NUMBER", conflicts_with = "spreadsheet")]
    workshops_led: Option<u32>,
    /// Facilitator trainings given so far
    #[arg(long, value_name = "NUMBER", conflicts_with = "spreadsheet")]
    trainings_led: Option<u32>,
    /// The peer who endorses the person, where the badge needs one
    #[arg(long, value_name = "NAME", conflicts_with = "spreadsheet")]
    endorser: Option<String>,
    /// The assessor, where the badge needs one
    #[arg(long, value_name = "NAME", conflicts_with = "spreadsheet")]
    assessor: Option<String>,
    /// Credits earned, as in 1.5
    #[arg(long, value_name = "NUMBER", conflicts_with = "spreadsheet")]
    credits: Option<f64>,
    /// Issue it anew where the same badge was revoked
    #[arg(long, conflicts_with_all = ["spreadsheet", "dry_run"])]
    again: bool,
}

/// What it was earned at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Activity")]
pub(super) struct ActivityArguments {
    /// What the badge was earned at, where the spreadsheet does not say
    #[arg(long, value_name = "NAME")]
    activity: Option<String>,
    /// Where it took place
    #[arg(long, value_name = "TOWN", requires = "activity")]
    place: Option<String>,
    /// Its day, or the first, as 2023-10-14
    #[arg(long, value_name = "DAY", requires = "activity")]
    date: Option<DayArgument>,
    /// Its last day
    #[arg(long, value_name = "DAY", requires = "date")]
    end_date: Option<DayArgument>,
}

/// Where badges are written, and as what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Files")]
struct FileArguments {
    /// Also write the badges into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    out: Option<PathBuf>,
    /// As what: json, jwt, png or svg; may be repeated (default: json and png)
    #[arg(long = "format", value_name = "FORMAT", requires = "out")]
    formats: Vec<Format>,
    /// Write the spreadsheet again, with what became of each row beside it (.csv or .xlsx)
    #[arg(long, value_name = "FILE", requires = "spreadsheet")]
    result: Option<ResultPath>,
    #[command(flatten)]
    language: LanguageArgument,
}

/// What came of it, with the files that were written.
#[derive(Debug, Serialize)]
struct Issued {
    #[serde(flatten)]
    report: Value,
    #[serde(flatten)]
    written: Written,
}

/// What to say where badges are issued and something after that failed.
const KEPT: &str = "the badges are issued and kept, but not every file could be written; mend the cause \
                    and run the same command again: nothing is issued twice";

impl Issue {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        if let Some(source) = &self.spreadsheet {
            let door = self.at.door(place).await?;
            return self.roster(&door, source, printer).await;
        }
        let services = self.at.here(place, "one badge is issued").await?;
        Box::pin(self.one(services, printer)).await
    }

    /// In which language it tells what is wrong.
    pub(super) fn language(&self) -> Language {
        self.files.language.language()
    }

    async fn roster(
        &self,
        door: &Door,
        source: &Source,
        printer: &Printer,
    ) -> anyhow::Result<Outcome> {
        self.files.spare(source)?;
        let value = door
            .import(self.order(source), source.open()?, printer)
            .await?;
        let report: Report = roster::read(&value)?;
        let after = self.after(door, &report, printer).await;
        let written = if self.dry_run {
            after
        } else {
            after.context(KEPT)
        }?;
        let issued = Issued {
            report: value,
            written,
        };
        printer.report(&issued, |page, issued| {
            roster::show(page, &report, self.files.telling());
            files::show(page, self.files.out.as_deref(), &issued.written);
        })?;
        Ok(report.dealt.counts.outcome())
    }

    fn order(&self, source: &Source) -> Order {
        Order {
            name: source.file_name(),
            achievement: self.achievement.clone(),
            issuer: self.issuer.clone(),
            map: self.map.clone(),
            activity: self.activity.activity(),
            dry_run: self.dry_run,
        }
    }

    /// Writes what was asked for beside the report.
    async fn after(
        &self,
        door: &Door,
        report: &Report,
        printer: &Printer,
    ) -> anyhow::Result<Written> {
        if let Some(result) = &self.files.result {
            let language = self.language();
            let file = door
                .result(&report.batch, result.format, language, printer)
                .await?;
            output::copy(&result.path, file)?;
        }
        let Some(folder) = self.files.folder(door, printer) else {
            return Ok(Written::default());
        };
        folder.write_batch(&report.batch, report.dealt.counts).await
    }

    async fn one(&self, services: Services, printer: &Printer) -> anyhow::Result<Outcome> {
        let entry = self.one.entry()?;
        let issuer = self.issuer.as_deref();
        let activity = self.activity.activity();
        let how = match (self.dry_run, self.one.again) {
            (true, _) => How::DryRun,
            (false, true) => How::Again,
            (false, false) => How::Once,
        };
        let issuing = services.issue_entry(issuer, &self.achievement, entry, activity, how);
        let report = Box::pin(issuing).await?;
        let dealt: Dealt = roster::read(&report)?;
        let door = Door::Here(services);
        let written = match self.files.folder(&door, printer) {
            Some(folder) => folder.write(dealt.awards.iter()).await.context(KEPT)?,
            None => Written::default(),
        };
        let told = Issued {
            report: serde_json::to_value(report)?,
            written,
        };
        printer.report(&told, |page, issued| {
            roster::show_one(page, &dealt, self.files.telling());
            files::show(page, self.files.out.as_deref(), &issued.written);
        })?;
        Ok(dealt.counts.outcome())
    }
}

impl FileArguments {
    /// The organiser's own file is not written over.
    fn spare(&self, source: &Source) -> Result<(), WrongUse> {
        let (Some(result), Source::File(path)) = (&self.result, source) else {
            return Ok(());
        };
        let is_there = result.path.canonicalize().ok();
        if is_there.is_some() && is_there == path.canonicalize().ok() {
            return Err(WrongUse(format!(
                "--result would write over {}; name another file",
                path.display()
            )));
        }
        Ok(())
    }

    fn folder<'a>(&'a self, door: &'a Door, printer: &Printer) -> Option<Folder<'a>> {
        let out = self.out.as_deref()?;
        Some(Folder::new(door, out, files::usual(&self.formats), printer))
    }

    fn telling(&self) -> Telling<'_> {
        Telling {
            language: self.language.language(),
            result: self.result.as_ref().map(|result| result.path.as_path()),
            how: roster::RESULT,
        }
    }
}

impl ActivityArguments {
    fn activity(&self) -> Option<Activity> {
        let mut activity = Activity::named(self.activity.clone()?);
        activity.place.clone_from(&self.place);
        activity.start = self.date.map(|day| day.0);
        activity.end = self.end_date.or(self.date).map(|day| day.0);
        Some(activity)
    }
}

impl One {
    /// What was typed, as the row of a roster: the same rules judge both.
    fn entry(&self) -> Result<Entry, WrongUse> {
        let number =
            |value: Option<u32>, option| value.map(|n| field(option, f64::from(n), &n.to_string()));
        let credits = match self.credits {
            Some(credits) if !(credits.is_finite() && credits >= 0.0) => {
                return Err(WrongUse(
                    "--credits must be a number from 0 up, as in 1.5".into(),
                ));
            }
            credits => credits.map(|credits| field("--credits", credits, &credits.to_string())),
        };
        Ok(Entry {
            row: 1,
            full_name: text("--name", self.name.as_ref()),
            email: text("--email", self.email.as_ref()),
            organisation: text("--organisation", self.organisation.as_ref()),
            siret: text("--siret", self.siret.as_ref()),
            url: text("--url", self.url.as_ref()),
            role: text("--role", self.role.as_ref()),
            workshop: text("--workshop", self.workshop.as_ref()),
            narrative: text("--narrative", self.narrative.as_ref()),
            licence: text("--licence", self.licence.as_ref()),
            evidence: text("--evidence", self.evidence.as_ref()),
            endorser: text("--endorser", self.endorser.as_ref()),
            assessor: text("--assessor", self.assessor.as_ref()),
            workshops_led: number(self.workshops_led, "--workshops-led"),
            trainings_led: number(self.trainings_led, "--trainings-led"),
            credits,
            ..Entry::default()
        })
    }
}

fn text(option: &str, given: Option<&String>) -> Option<Field<String>> {
    given.map(|text| field(option, text.trim().to_owned(), text))
}

fn field<T>(option: &str, value: T, text: &str) -> Field<T> {
    let place = entry::Place {
        column: "".into(),
        heading: option.into(),
    };
    Field {
        value,
        text: text.to_owned(),
        place,
    }
}
