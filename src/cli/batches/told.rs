//! Batches and their rows, for people.

use serde::{Deserialize, Serialize};

use super::super::print::{Page, Tone, counted};
use super::super::roster::{Counts, Telling};
use crate::texts::say;

/// A batch, and how far it has come. Told the same from here and from a server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) file: String,
    pub(super) state: String,
    pub(super) dry_run: bool,
    pub(super) achievement: String,
    /// How many rows it has, as it is told here.
    #[serde(default)]
    rows: Option<usize>,
    /// As a server tells it.
    #[serde(default, skip_serializing)]
    read: Option<Read>,
    pub(super) rows_done: usize,
    pub(super) counts: Counts,
    #[serde(default)]
    pub(super) trouble: Option<String>,
    started_at: String,
    #[serde(default)]
    finished_at: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Read {
    rows: usize,
}

/// Some rows of a batch.
#[derive(Debug, Deserialize)]
pub(super) struct Rows {
    rows: Vec<Row>,
    next: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Row {
    #[serde(rename = "row")]
    number: u32,
    outcome: String,
    badges: Vec<Badge>,
    corrections: Vec<Correction>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Badge {
    achievement: String,
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Correction {
    cell: Option<String>,
    value: String,
    what: String,
    advice: String,
}

/// What became of the badges of a batch.
#[derive(Debug, Deserialize)]
pub(super) struct Withdrawn {
    changed: usize,
    were_so_already: usize,
}

impl Batch {
    /// Whether nobody works on it any more, or for now.
    pub(super) fn has_stopped(&self) -> bool {
        matches!(self.state.as_str(), "done" | "cancelled" | "paused")
    }

    /// How many rows it has; none while they are read.
    pub(super) fn rows(&self) -> Option<usize> {
        self.rows.or(self.read.map(|read| read.rows))
    }

    /// The same batch, told in one way wherever it is from.
    pub(super) fn told(mut self) -> Self {
        self.rows = self.rows();
        self
    }

    fn progress(&self) -> String {
        match self.rows() {
            None => "–".into(),
            Some(rows) if rows == self.rows_done => rows.to_string(),
            Some(rows) => format!("{} of {rows}", self.rows_done),
        }
    }

    fn painted(&self) -> String {
        let tone = match self.state.as_str() {
            "done" => Tone::Good,
            "cancelled" => Tone::Faint,
            _ => Tone::Care,
        };
        tone.paint(&self.state)
    }

    fn badge(&self) -> String {
        let only = if self.dry_run { " (dry run)" } else { "" };
        format!("{}{only}", self.achievement)
    }
}

/// A list of batches.
pub(super) fn list(page: &mut Page, batches: &[Batch]) {
    if batches.is_empty() {
        page.line("There is no batch. “badgeons issue --spreadsheet FILE” makes one.");
        return;
    }
    let headings = [
        "Batch",
        "Begun",
        "State",
        "Rows",
        "Issued",
        "To correct",
        "Badge",
        "File",
    ];
    let mut rows = vec![headings.map(|heading| Tone::Strong.paint(heading)).to_vec()];
    rows.extend(batches.iter().map(|batch| {
        vec![
            batch.id.clone(),
            batch.started_at.clone(),
            batch.painted(),
            batch.progress(),
            batch.counts.issued.to_string(),
            batch.counts.rows_to_correct.to_string(),
            batch.badge(),
            batch.file.clone(),
        ]
    }));
    page.table(&rows);
}

/// One batch.
pub(super) fn one(page: &mut Page, batch: &Batch) {
    page.line(Tone::Strong.paint(&batch.file));
    let fact = |label: &str, value: String| vec![Tone::Faint.paint(label), value];
    let counts = &batch.counts;
    let mut facts = vec![
        fact("Batch", batch.id.clone()),
        fact("Badge", batch.badge()),
        fact("Begun", batch.started_at.clone()),
        fact("State", batch.painted()),
        fact("Rows", batch.progress()),
    ];
    let issued = if batch.dry_run {
        "Would be issued"
    } else {
        "Issued"
    };
    for (label, count) in [
        (issued, counts.issued),
        ("Issued before", counts.already_issued),
        ("To correct", counts.rows_to_correct),
        ("Not issued", counts.refused),
        ("Without a badge", counts.rows_set_aside),
    ] {
        facts.push(fact(label, count.to_string()));
    }
    page.table(&facts);
    if let Some(trouble) = &batch.trouble {
        page.gap();
        page.paragraph(
            0,
            Some(Tone::Care),
            &format!("It does not get on at the moment: {trouble}"),
        );
    }
}

/// What became of rows, and how to see more of them.
pub(super) fn rows(page: &mut Page, rows: &Rows, telling: Telling<'_>) {
    for row in &rows.rows {
        let badges = row.badges.iter().map(|badge| {
            let id = badge.id.as_ref().map(|id| format!(" {id}"));
            badge.achievement.clone() + &id.unwrap_or_default()
        });
        let line = format!(
            "  {:>8}  {}  {}",
            row.number,
            outcome(&row.outcome),
            badges.collect::<Vec<_>>().join(", ")
        );
        page.line(line.trim_end());
        if let Some(reason) = &row.reason {
            page.paragraph(12, Some(Tone::Faint), &say(telling.language, reason));
        }
        for it in &row.corrections {
            let what = say(telling.language, &it.what);
            let advice = say(telling.language, &it.advice);
            let cell = it
                .cell
                .as_ref()
                .map(|cell| format!("{cell} “{}”: ", it.value));
            page.paragraph(
                12,
                None,
                &format!("{}{what} {advice}", cell.unwrap_or_default()),
            );
        }
    }
    match rows.next {
        Some(next) => page.line(Tone::Faint.paint(format_args!("More: --after {next}"))),
        None if rows.rows.is_empty() => page.line("There is no such row."),
        None => {}
    }
}

fn outcome(word: &str) -> String {
    let tone = match word {
        "issued" | "would_issue" | "counted" => Tone::Good,
        "to_correct" => Tone::Care,
        "refused" => Tone::Bad,
        _ => Tone::Faint,
    };
    tone.paint(word.replace('_', " "))
}

/// What was revoked or erased.
pub(super) fn withdrawn(page: &mut Page, done: &Withdrawn, what: &str) {
    let badges = counted(done.changed, "badge", "badges");
    page.line(format_args!(
        "{} {badges} {what}.",
        Tone::Good.paint("Done:")
    ));
    if done.were_so_already > 0 {
        let before = counted(done.were_so_already, "badge was", "badges were");
        page.line(format_args!("{before} so already."));
    }
}
