//! What became of a roster, for the organiser who has to correct and send it again.
//!
//! A report is read from JSON, whether it comes from here or from a server: what is printed of it is
//! written once. The sentences about rows are said in the organiser's language, the rest in English.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::print::{Page, Tone, counted};
use crate::recognition::entry::Place;
use crate::recognition::outcome::SetAside;
use crate::spreadsheet::{Columns, Format};
use crate::texts::{Language, say};

/// The most cells, refusals and rows set aside that a terminal shows of each.
const SHOWN: usize = 50;

/// What became of a whole roster.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    /// The batch.
    pub(super) batch: String,
    state: String,
    file: String,
    #[serde(flatten)]
    format: Format,
    columns: Columns,
    rows: usize,
    dry_run: bool,
    /// What became of the rows.
    #[serde(flatten)]
    pub(super) dealt: Dealt,
    /// Whether all of it is told.
    pub(super) complete: bool,
}

/// What became of rows.
#[derive(Debug, Deserialize)]
pub(super) struct Dealt {
    pub(super) counts: Counts,
    pub(super) awards: Vec<Award>,
    corrections: Vec<Correction>,
    set_aside: Vec<SetAside>,
}

/// How many came out in which way.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) issued: usize,
    pub(super) already_issued: usize,
    pub(super) rows_to_correct: usize,
    pub(super) rows_set_aside: usize,
    pub(super) refused: usize,
}

/// One badge.
#[derive(Debug, Deserialize)]
pub(super) struct Award {
    rows: Vec<u32>,
    /// Which badge.
    pub(super) achievement: String,
    /// Who it is for.
    pub(super) recipient: String,
    #[serde(flatten)]
    fate: Fate,
}

/// What became of it.
#[derive(Debug, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Fate {
    Issued { id: String },
    WouldIssue,
    AlreadyIssued { id: String, standing: String },
    Refused { findings: Vec<Finding> },
}

/// What is wrong with a badge.
#[derive(Debug, Deserialize)]
struct Finding {
    message: String,
    advice: String,
}

/// What is to be corrected.
#[derive(Debug, Deserialize)]
struct Correction {
    row: u32,
    place: Option<Place>,
    value: String,
    what: String,
    advice: String,
}

/// How a report is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling<'a> {
    /// The language of the sentences about rows.
    pub(super) language: Language,
    /// Where all rows are written, if they are.
    pub(super) result: Option<&'a Path>,
    /// What to type to have all rows written.
    pub(super) how: &'a str,
}

impl Telling<'_> {
    /// In English, with nothing beside it.
    pub(super) const PLAIN: Self = Self {
        language: Language::En,
        result: None,
        how: RESULT,
    };

    fn say<'t>(&self, text: &'t str) -> Cow<'t, str> {
        say(self.language, text)
    }
}

/// How `issue` is told to write all rows.
pub(super) const RESULT: &str = "--result FILE";

/// Reads a report, or a part of one, as it is written in JSON.
pub(super) fn read<T: for<'de> Deserialize<'de>>(told: &impl Serialize) -> anyhow::Result<T> {
    Ok(serde_json::from_value(serde_json::to_value(told)?)?)
}

impl Award {
    /// The badge, if there is one that stands.
    pub(super) fn standing(&self) -> Option<&str> {
        match &self.fate {
            Fate::Issued { id } => Some(id),
            Fate::AlreadyIssued { id, standing } if standing == "good" => Some(id),
            Fate::AlreadyIssued { .. } | Fate::WouldIssue | Fate::Refused { .. } => None,
        }
    }
}

impl Correction {
    /// The cell as people name it: `C12`, or `row 12`.
    fn cell(&self) -> String {
        match &self.place {
            Some(place) => format!("{}{}", place.column, self.row),
            None => format!("row {}", self.row),
        }
    }
}

impl Counts {
    /// Something to correct is told to scripts, too.
    pub(super) fn outcome(self) -> Outcome {
        if self.rows_to_correct > 0 || self.refused > 0 {
            Outcome::Invalid
        } else {
            Outcome::Done
        }
    }
}

/// The whole report, and what to do next.
pub(super) fn show(page: &mut Page, report: &Report, telling: Telling<'_>) {
    summarise(page, report, telling);
    let to_correct = report.dealt.counts.rows_to_correct > 0;
    let next = match (report.state.as_str(), report.dry_run, to_correct) {
        ("done", false, false) => return,
        ("done", false, true) => {
            "Correct the cells in the same file and run the same command again: only what is missing \
             is issued, nothing twice."
        }
        ("done", true, false) => {
            "Nothing was issued: this was a dry run. Run the command without --dry-run to issue."
        }
        ("done", true, true) => {
            "Nothing was issued: this was a dry run. Correct the cells first, or run the command \
             without --dry-run now: the other rows are issued, and these once they are corrected."
        }
        ("cancelled", ..) => {
            "It was cancelled before its end. Run the same command again to issue what is missing."
        }
        ("paused", ..) => "It is paused. “badgeons batches resume” has it go on where it is.",
        _ => "It is not done yet: the figures are those of this moment.",
    };
    page.gap();
    page.paragraph(0, None, next);
}

/// How the file was understood, what was issued, what is to be corrected.
pub(super) fn summarise(page: &mut Page, report: &Report, telling: Telling<'_>) {
    let kind = match &report.format {
        Format::Csv {
            encoding,
            separator,
        } => {
            let separator = match separator {
                '\t' => "tab".to_owned(),
                other => format!("“{other}”"),
            };
            format!("{}, columns separated by {separator}", encoding.name())
        }
        Format::Ndjson { encoding } => format!("{}, a JSON object on each line", encoding.name()),
        Format::Xlsx { sheet } => format!("Excel, sheet “{sheet}”"),
    };
    page.line(format_args!(
        "{} · {} · {}",
        Tone::Strong.paint(&report.file),
        kind,
        counted(report.rows, "row", "rows")
    ));
    if !report.columns.ignored.is_empty() {
        let ignored: Vec<_> = report
            .columns
            .ignored
            .iter()
            .map(|ignored| format!("{} ({})", ignored.place.heading, ignored.place.column))
            .collect();
        let ignored = format!("Columns not used: {}", ignored.join(", "));
        page.paragraph(0, Some(Tone::Faint), &ignored);
    }
    page.gap();
    counts(page, report);
    by_badge(page, report, telling);
    corrections(page, report, telling);
    set_aside(page, report, telling);
}

/// The same for one badge that was asked for by name.
pub(super) fn show_one(page: &mut Page, dealt: &Dealt, telling: Telling<'_>) {
    for award in &dealt.awards {
        let (line, id) = match &award.fate {
            Fate::Issued { id } => (Tone::Good.paint("Issued."), Some(id)),
            Fate::WouldIssue => (Tone::Good.paint("Would be issued."), None),
            Fate::AlreadyIssued { id, standing } => (Tone::Care.paint(before(standing)), Some(id)),
            Fate::Refused { .. } => (Tone::Bad.paint("Not issued."), None),
        };
        page.line(line);
        let id = id.map(|id| format!("  {id}")).unwrap_or_default();
        page.line(format_args!(
            "  {}  {}{id}",
            award.achievement, award.recipient
        ));
        findings(page, award, telling);
    }
    for correction in &dealt.corrections {
        let place = correction.place.as_ref();
        let place = place.map(|place| format!("{}: ", place.heading));
        let (what, advice) = (
            telling.say(&correction.what),
            telling.say(&correction.advice),
        );
        page.line(format_args!("{} {what}", Tone::Bad.paint("Not issued:")));
        page.paragraph(2, None, &(place.unwrap_or_default() + &advice));
    }
}

fn before(standing: &str) -> String {
    match standing {
        "good" => "Issued before; nothing changed.".into(),
        "revoked" => "Issued before, and revoked; --again issues it anew.".into(),
        standing => format!("Issued before, and {standing}; nothing changed."),
    }
}

fn counts(page: &mut Page, report: &Report) {
    let counts = &report.dealt.counts;
    let issued = if report.dry_run {
        "would be issued"
    } else {
        "issued"
    };
    let to_correct = if counts.rows_to_correct == 1 {
        "row to correct"
    } else {
        "rows to correct"
    };
    let others = [
        (counts.already_issued, Tone::Faint, "issued before"),
        (counts.rows_to_correct, Tone::Care, to_correct),
        (counts.refused, Tone::Bad, "not issued"),
        (counts.rows_set_aside, Tone::Faint, "without a badge"),
    ];
    let others = others.into_iter().filter(|(count, ..)| *count > 0);
    for (count, tone, what) in [(counts.issued, Tone::Good, issued)]
        .into_iter()
        .chain(others)
    {
        page.line(format_args!(
            "  {} {what}",
            tone.paint(format_args!("{count:>6}"))
        ));
    }
}

/// How many of which badge, and those that were refused.
fn by_badge(page: &mut Page, report: &Report, telling: Telling<'_>) {
    let awards = &report.dealt.awards;
    let mut badges = BTreeMap::new();
    let mut refused = Vec::new();
    for award in awards {
        if matches!(award.fate, Fate::Refused { .. }) {
            refused.push(award);
        } else {
            let count: &mut usize = badges.entry(award.achievement.as_str()).or_default();
            *count = count.saturating_add(1);
        }
    }
    if !badges.is_empty() {
        if report.complete {
            page.heading("By badge");
        } else {
            page.heading(format_args!("By badge, of the first {}", awards.len()));
        }
        let rows = badges.iter();
        let rows = rows.map(|(badge, count)| vec![format!("{count:>5}"), (*badge).into()]);
        page.table(&rows.collect::<Vec<_>>());
    }
    for award in refused.iter().take(SHOWN) {
        page.gap();
        page.line(format_args!(
            "{} {} for {}, {}",
            Tone::Bad.paint("Not issued:"),
            award.achievement,
            award.recipient,
            rows(&award.rows)
        ));
        findings(page, award, telling);
    }
    more(page, refused.len(), report, telling);
}

/// What is wrong with a badge that was refused.
fn findings(page: &mut Page, award: &Award, telling: Telling<'_>) {
    let Fate::Refused { findings } = &award.fate else {
        return;
    };
    for finding in findings {
        let (message, advice) = (telling.say(&finding.message), telling.say(&finding.advice));
        page.paragraph(2, None, &format!("{message} {advice}"));
    }
}

fn corrections(page: &mut Page, report: &Report, telling: Telling<'_>) {
    let corrections = &report.dealt.corrections;
    if corrections.is_empty() {
        return;
    }
    page.heading("To correct");
    for correction in corrections.iter().take(SHOWN) {
        page.line(format_args!(
            "  {}  {}",
            Tone::Care.paint(format_args!("{:<6}", correction.cell())),
            what(correction, telling)
        ));
        page.paragraph(10, Some(Tone::Faint), &telling.say(&correction.advice));
    }
    more(page, corrections.len(), report, telling);
}

/// How many of a list are not shown, and where they are.
fn more(page: &mut Page, of: usize, report: &Report, telling: Telling<'_>) {
    let left = of.saturating_sub(SHOWN);
    if left == 0 {
        return;
    }
    let left = if report.complete {
        format!("and {left} more")
    } else {
        "and many more".into()
    };
    let all = match telling.result {
        Some(path) => format!("they are all in {}", path.display()),
        None => format!("{} writes them all", telling.how),
    };
    page.line(format_args!(
        "  {}",
        Tone::Care.paint(format_args!("{left}: {all}"))
    ));
}

fn what(correction: &Correction, telling: Telling<'_>) -> String {
    let what = telling.say(&correction.what);
    if correction.value.is_empty() {
        what.into_owned()
    } else {
        format!("“{}”: {what}", correction.value)
    }
}

fn set_aside(page: &mut Page, report: &Report, telling: Telling<'_>) {
    let set_aside = &report.dealt.set_aside;
    if set_aside.is_empty() {
        return;
    }
    page.heading("No badge, and nothing to correct");
    for aside in set_aside.iter().take(SHOWN) {
        page.line(format_args!("  {}", Tone::Strong.paint(rows(&aside.rows))));
        page.paragraph(10, None, &telling.say(&aside.reason.to_string()));
    }
    more(page, set_aside.len(), report, telling);
}

/// Rows as people say them: “row 14”, “rows 13, 14”; of many, the first.
fn rows(rows: &[u32]) -> String {
    let numbers = rows.iter().take(SHOWN).map(ToString::to_string);
    let numbers = numbers.collect::<Vec<_>>().join(", ");
    match rows.len() {
        1 => format!("row {numbers}"),
        2..=SHOWN => format!("rows {numbers}"),
        all => format!("{all} rows: {numbers} …"),
    }
}
