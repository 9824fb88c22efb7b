//! `badgeons achievements`: the badges that can be issued.

use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};

use serde_json::Value;

use super::arguments::Place;
use super::input::Source;
use super::outcome::Outcome;
use super::print::{Page, Printer, Tone};
use crate::openbadges::json;
use crate::recognition::levels::Level;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::services::Services;
use crate::services::achievements::{
    AchievementDetail, AchievementSummary, Duplicates, ImportAchievement,
};

/// List, show, import and archive the badges that can be issued
#[derive(Debug, Subcommand)]
pub(super) enum Achievements {
    /// List the badges that can be issued
    #[command(after_help = "Example:\n  badgeons achievements list")]
    List {
        /// Only those of the issuer of this short name
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Show a badge: what it recognises, what is checked, who may receive it
    #[command(after_help = "\
Examples:
  badgeons achievements show animateur-fresque
  badgeons achievements show terdeskin --json")]
    Show {
        /// The badge's short name
        slug: String,
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Import a badge from a JSON file (an Open Badges 3.0 Achievement)
    ///
    /// A badge of the same short name gets a new version; badges issued before keep theirs.
    #[command(after_help = "\
Example:
  badgeons achievements import mon-badge.json --level R3 --image mon-badge.svg

The level says what is checked before the badge is awarded:
  R1  the person's own statement
  R2  attendance
  R3  a role held, with a count or a period
  R4  what peers endorse
  R5  what an assessor assesses
  R6  the same, and the eleven European elements of a micro-credential
  L   a label: a file, a visit and a committee's vote")]
    Import {
        /// The Achievement, as JSON, or - for the standard input
        file: Source,
        /// Its short name in commands (default: made from its name)
        #[arg(long)]
        slug: Option<String>,
        /// Its picture, SVG or PNG
        #[arg(long, value_name = "FILE")]
        image: Option<Source>,
        /// What is checked before it is awarded: R1 to R6, or L for a label
        #[arg(long, value_name = "CODE")]
        level: LevelArgument,
        /// It is for organisations (default: for people)
        #[arg(long)]
        for_organisations: bool,
        /// For how many months it holds (default: for good)
        #[arg(long, value_name = "MONTHS")]
        validity: Option<u16>,
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Decide what becomes of the same badge for the same person and activity, asked for again
    #[command(after_help = "\
Examples:
  badgeons achievements duplicates benevole skip
  badgeons achievements duplicates participant-fresque-climat allow

  skip    it is not issued again, and nothing is wrong (so it is where nothing was decided)
  refuse  it is not issued again, and that is told as something to correct
  allow   it is issued again")]
    Duplicates {
        /// The badge's short name
        slug: String,
        /// What becomes of it
        #[arg(value_name = "WHAT")]
        duplicates: DuplicatesArgument,
        /// The issuer's short name (needed where there are several)
        #[arg(long, value_name = "SLUG")]
        issuer: Option<String>,
    },
    /// Put a badge away: it is not issued any more, and what was issued stays valid
    #[command(after_help = "Example:\n  badgeons achievements archive mon-badge")]
    Archive(Which),
    /// Take a badge up again that was put away
    #[command(after_help = "Example:\n  badgeons achievements unarchive mon-badge")]
    Unarchive(Which),
}

/// Which badge.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// The badge's short name
    slug: String,
    /// The issuer's short name (needed where there are several)
    #[arg(long, value_name = "SLUG")]
    issuer: Option<String>,
}

/// A level of recognition, by its code.
#[derive(Debug, Clone, Copy)]
pub(super) struct LevelArgument(Level);

impl FromStr for LevelArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Level::ALL
            .into_iter()
            .find(|level| level.code().eq_ignore_ascii_case(text))
            .map(Self)
            .ok_or_else(|| "write R1, R2, R3, R4, R5, R6 or L".into())
    }
}

/// What becomes of an award that was made before.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DuplicatesArgument {
    Skip,
    Refuse,
    Allow,
}

impl From<DuplicatesArgument> for Duplicates {
    fn from(argument: DuplicatesArgument) -> Self {
        match argument {
            DuplicatesArgument::Skip => Self::Skip,
            DuplicatesArgument::Refuse => Self::Refuse,
            DuplicatesArgument::Allow => Self::Allow,
        }
    }
}

/// The largest picture of a badge, in bytes.
const MAX_IMAGE: usize = 1024 * 1024;

impl Achievements {
    pub(super) async fn run(self, place: &Place, printer: &Printer) -> anyhow::Result<Outcome> {
        let services = place.services().await?;
        match self {
            Self::List { issuer } => {
                let all = services.achievements(issuer.as_deref()).await?;
                printer.report(&all, |page, all| list(page, all))?;
            }
            Self::Show { slug, issuer } => {
                let detail = services.achievement(issuer.as_deref(), &slug).await?;
                printer.report(&detail, show)?;
            }
            Self::Import {
                file,
                slug,
                image,
                level,
                for_organisations,
                validity,
                issuer,
            } => {
                let given = ImportAchievement {
                    achievement: file.read(json::MAX_BYTES)?,
                    slug,
                    image: image.map(|image| image.read(MAX_IMAGE)).transpose()?,
                    level: level.0,
                    recipient: if for_organisations {
                        RecipientKind::Organisation
                    } else {
                        RecipientKind::Person
                    },
                    validity: validity.map_or(Validity::Unlimited, Validity::Months),
                };
                let imported = services
                    .import_achievement(issuer.as_deref(), given)
                    .await?;
                printer.report(&imported, |page, imported| {
                    page.line(Tone::Good.paint("Imported."));
                    list(page, std::slice::from_ref(imported));
                })?;
            }
            Self::Duplicates {
                slug,
                duplicates,
                issuer,
            } => decide(&services, printer, issuer.as_deref(), &slug, duplicates).await?,
            Self::Archive(which) => archive(&services, printer, which, true).await?,
            Self::Unarchive(which) => archive(&services, printer, which, false).await?,
        }
        Ok(Outcome::Done)
    }
}

async fn decide(
    services: &Services,
    printer: &Printer,
    issuer: Option<&str>,
    slug: &str,
    duplicates: DuplicatesArgument,
) -> anyhow::Result<()> {
    let told = services
        .decide_duplicates(issuer, slug, duplicates.into())
        .await?;
    printer.report(&told, |page, told| {
        page.line(Tone::Good.paint(match duplicates {
            DuplicatesArgument::Skip => "Asked for again, it is not issued twice.",
            DuplicatesArgument::Refuse => "Asked for again, it is told as something to correct.",
            DuplicatesArgument::Allow => "Asked for again, it is issued again.",
        }));
        list(page, std::slice::from_ref(told));
    })
}

async fn archive(
    services: &Services,
    printer: &Printer,
    which: Which,
    away: bool,
) -> anyhow::Result<()> {
    let Which { slug, issuer } = which;
    let told = services
        .archive_achievement(issuer.as_deref(), &slug, away)
        .await?;
    printer.report(&told, |page, told| {
        page.line(Tone::Good.paint(if away {
            "Archived: not issued any more; what was issued stays valid."
        } else {
            "Taken up again: it can be issued."
        }));
        list(page, std::slice::from_ref(told));
    })
}

fn list(page: &mut Page, achievements: &[AchievementSummary]) {
    let mut rows = vec![
        ["Badge", "Level", "For", "Name"]
            .map(|h| Tone::Strong.paint(h))
            .to_vec(),
    ];
    rows.extend(achievements.iter().map(|achievement| {
        vec![
            achievement.slug.clone(),
            achievement.level.clone(),
            achievement.recipient.into(),
            achievement.name.clone(),
        ]
    }));
    page.table(&rows);
    page.gap();
    page.line(Tone::Faint.paint(
        "The level says what is checked before a badge is awarded; “achievements show” spells it out.",
    ));
}

fn show(page: &mut Page, detail: &AchievementDetail) {
    let text = |pointer| detail.achievement.pointer(pointer).and_then(Value::as_str);
    let summary = &detail.summary;
    page.line(Tone::Strong.paint(&summary.name));
    page.paragraph(0, None, text("/description").unwrap_or_default());
    page.gap();
    let holds = summary
        .validity_months
        .map_or("for good".to_owned(), |n| format!("{n} months"));
    let fact = |label: &str, value: String| vec![Tone::Faint.paint(label), value];
    page.table(&[
        fact("Short name", summary.slug.clone()),
        fact("Level", summary.level.clone()),
        fact("Checked", detail.checked.to_string()),
        fact("For", summary.recipient.into()),
        fact("Holds", holds),
        fact("Kind", text("/achievementType").unwrap_or("–").into()),
        fact("Version", summary.version.to_string()),
        fact("Identifier", summary.id.clone()),
    ]);
    if let Some(criteria) = text("/criteria/narrative") {
        page.heading("Criteria");
        page.paragraph(2, None, criteria);
    }
    named(
        page,
        "Results",
        detail.achievement.get("resultDescription"),
        "name",
    );
    named(
        page,
        "Skills",
        detail.achievement.get("alignment"),
        "targetName",
    );
}

fn named(page: &mut Page, heading: &str, list: Option<&Value>, name: &str) {
    let Some(list) = list.and_then(Value::as_array) else {
        return;
    };
    page.heading(heading);
    for item in list {
        page.line(format_args!(
            "  {}",
            item.get(name).and_then(Value::as_str).unwrap_or("–")
        ));
    }
}
