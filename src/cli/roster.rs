//! What became of a roster, for the organiser who has to correct and send it again.

use super::outcome::Outcome;
use super::print::{Page, Printer, Tone, counted};
use crate::recognition::entry::Correction;
use crate::services::Services;
use crate::services::batches::{AwardReport, Dealt, Fate, Roster, RosterReport};
use crate::spreadsheet::Format;

/// Imports a roster behind a progress bar.
pub(super) async fn import(
    services: &Services,
    issuer: Option<&str>,
    roster: &Roster<'_>,
    printer: &Printer,
) -> anyhow::Result<RosterReport> {
    let bar = printer.progress(if roster.dry_run {
        "Checking"
    } else {
        "Issuing"
    });
    let planned = |awards| bar.set_length(u64::try_from(awards).unwrap_or(u64::MAX));
    let done = |awards| bar.set_position(u64::try_from(awards).unwrap_or(u64::MAX));
    let report = services.import_roster(issuer, roster, planned, done).await;
    bar.finish_and_clear();
    Ok(report?)
}

/// Something to correct is told to scripts, too.
pub(super) fn outcome_of(dealt: &Dealt) -> Outcome {
    if dealt.corrections.is_empty() && dealt.counts.refused == 0 {
        Outcome::Done
    } else {
        Outcome::Invalid
    }
}

/// The whole report, and what to do next.
pub(super) fn show(page: &mut Page, report: &RosterReport) {
    summarise(page, report);
    let to_correct = !report.dealt.corrections.is_empty();
    let next = match (report.dry_run, to_correct) {
        (false, false) => return,
        (false, true) => {
            "Correct the cells in the same file and run the same command again: only what is missing \
             is issued, nothing twice."
        }
        (true, false) => {
            "Nothing was issued: this was a dry run. Run the command without --dry-run to issue."
        }
        (true, true) => {
            "Nothing was issued: this was a dry run. Correct the cells first, or run the command \
             without --dry-run now: the other rows are issued, and these once they are corrected."
        }
    };
    page.gap();
    page.paragraph(0, None, next);
}

/// How the file was understood, what was issued, what is to be corrected.
pub(super) fn summarise(page: &mut Page, report: &RosterReport) {
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
    by_badge(page, &report.dealt.awards);
    corrections(page, &report.dealt);
    set_aside(page, &report.dealt);
}

/// The same for one badge that was asked for by name.
pub(super) fn show_one(page: &mut Page, dealt: &Dealt) {
    for award in &dealt.awards {
        let line = match &award.fate {
            Fate::Issued { .. } => Tone::Good.paint("Issued."),
            Fate::WouldIssue => Tone::Good.paint("Would be issued."),
            Fate::AlreadyIssued {
                standing: "good", ..
            } => Tone::Care.paint("Issued before; nothing changed."),
            Fate::AlreadyIssued {
                standing: "revoked",
                ..
            } => Tone::Care.paint("Issued before, and revoked; --again issues it anew."),
            Fate::AlreadyIssued { standing, .. } => Tone::Care.paint(format_args!(
                "Issued before, and {standing}; nothing changed."
            )),
            Fate::Refused { .. } => Tone::Bad.paint("Not issued."),
        };
        page.line(line);
        let id = award
            .fate
            .id()
            .map(|id| format!("  {id}"))
            .unwrap_or_default();
        page.line(format_args!(
            "  {}  {}{id}",
            award.achievement, award.recipient
        ));
        findings(page, award);
    }
    for correction in &dealt.corrections {
        let place = correction
            .place
            .as_ref()
            .map(|place| format!("{}: ", place.heading));
        page.line(format_args!(
            "{} {}",
            Tone::Bad.paint("Not issued:"),
            correction.what
        ));
        page.paragraph(
            2,
            None,
            &format!("{}{}", place.unwrap_or_default(), correction.advice),
        );
    }
}

fn counts(page: &mut Page, report: &RosterReport) {
    let counts = &report.dealt.counts;
    let issued = if report.dry_run {
        "would be issued"
    } else {
        "issued"
    };
    let mut rows = vec![(counts.issued, Tone::Good, issued)];
    if counts.already_issued > 0 {
        rows.push((counts.already_issued, Tone::Faint, "issued before"));
    }
    if counts.rows_to_correct > 0 {
        let what = if counts.rows_to_correct == 1 {
            "row to correct"
        } else {
            "rows to correct"
        };
        rows.push((counts.rows_to_correct, Tone::Care, what));
    }
    if counts.refused > 0 {
        rows.push((counts.refused, Tone::Bad, "not issued"));
    }
    if !report.dealt.set_aside.is_empty() {
        rows.push((report.dealt.set_aside.len(), Tone::Faint, "without a badge"));
    }
    for (count, tone, what) in rows {
        page.line(format_args!(
            "  {} {what}",
            tone.paint(format_args!("{count:>6}"))
        ));
    }
}

/// How many of which badge, and every one that was refused.
fn by_badge(page: &mut Page, awards: &[AwardReport]) {
    let mut badges: Vec<(&str, usize)> = Vec::new();
    for award in awards
        .iter()
        .filter(|award| !matches!(award.fate, Fate::Refused { .. }))
    {
        match badges
            .iter_mut()
            .find(|(badge, _)| *badge == award.achievement)
        {
            Some((_, count)) => *count = count.saturating_add(1),
            None => badges.push((&award.achievement, 1)),
        }
    }
    badges.sort_unstable();
    if !badges.is_empty() {
        page.heading("By badge");
        let rows: Vec<_> = badges
            .iter()
            .map(|(badge, count)| vec![format!("{count:>5}"), (*badge).into()])
            .collect();
        page.table(&rows);
    }
    for award in awards
        .iter()
        .filter(|award| matches!(award.fate, Fate::Refused { .. }))
    {
        page.gap();
        page.line(format_args!(
            "{} {} for {}, {}",
            Tone::Bad.paint("Not issued:"),
            award.achievement,
            award.recipient,
            rows(&award.rows)
        ));
        findings(page, award);
    }
}

/// What is wrong with a badge that was refused.
fn findings(page: &mut Page, award: &AwardReport) {
    let Fate::Refused { findings } = &award.fate else {
        return;
    };
    for finding in findings {
        page.paragraph(2, None, &format!("{} {}", finding.message, finding.advice));
    }
}

fn corrections(page: &mut Page, dealt: &Dealt) {
    if dealt.corrections.is_empty() {
        return;
    }
    page.heading("To correct");
    for correction in &dealt.corrections {
        page.line(format_args!(
            "  {}  {}",
            Tone::Care.paint(format_args!("{:<6}", correction.cell())),
            what(correction)
        ));
        page.paragraph(10, Some(Tone::Faint), &correction.advice);
    }
}

fn what(correction: &Correction) -> String {
    if correction.value.is_empty() {
        return correction.what.clone();
    }
    format!("“{}”: {}", correction.value, correction.what)
}

fn set_aside(page: &mut Page, dealt: &Dealt) {
    if dealt.set_aside.is_empty() {
        return;
    }
    page.heading("No badge, and nothing to correct");
    for aside in &dealt.set_aside {
        page.line(format_args!("  {}", Tone::Strong.paint(rows(&aside.rows))));
        page.paragraph(10, None, &aside.reason.to_string());
    }
}

/// Rows as people say them: “row 14”, “rows 13, 14”.
fn rows(rows: &[u32]) -> String {
    let numbers: Vec<_> = rows.iter().map(ToString::to_string).collect();
    format!(
        "{} {}",
        if rows.len() == 1 { "row" } else { "rows" },
        numbers.join(", ")
    )
}
