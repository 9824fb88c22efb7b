//! The only file that prints.
//!
//! What was asked for goes to the standard output; progress, remarks and failures to the standard
//! error. Colour only where the output is a terminal that wants it (`NO_COLOR` is honoured).
//!
//! Badges, rosters and error messages quote strangers, and a terminal obeys what it is given: it moves
//! the cursor, renames its window, even types. So all text for people passes through [`harmless`] last
//! of all, however it was put together, and only the colours of [`Tone`] are left in it. Data that was
//! asked for goes out as it is: [`bytes`].

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anstream::{eprintln, print, println};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, WeakProgressBar};
use serde::Serialize;

use super::outcome::{STOPPED, code_of};
use crate::openbadges::model::legible::is_command;
use crate::texts::{self, Language};

/// How a piece of text is meant, for terminals that show it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tone {
    /// Headings and names.
    Strong,
    /// All is well.
    Good,
    /// Worth a look.
    Care,
    /// Not well.
    Bad,
    /// Aside.
    Faint,
}

impl Tone {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Strong => Style::new().bold(),
            Self::Good => colour(AnsiColor::Green).bold(),
            Self::Care => colour(AnsiColor::Yellow).bold(),
            Self::Bad => colour(AnsiColor::Red).bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }

    /// `text` in this tone; terminals that show no colour see the text alone. It ends no sooner than
    /// the text does, whatever the text holds.
    pub(super) fn paint(self, text: impl Display) -> String {
        let style = self.style();
        let text = text.to_string().replace('\u{1b}', "\u{FFFD}");
        format!("{style}{text}{style:#}")
    }
}

/// Prints for people, or for machines.
#[derive(Debug)]
pub(super) struct Printer {
    json: bool,
}

impl Printer {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints `report` as JSON where that was asked for, else what `for_people` makes of it.
    pub(super) fn report<T: Serialize>(
        &self,
        report: &T,
        for_people: impl FnOnce(&mut Page, &T),
    ) -> anyhow::Result<()> {
        if self.json {
            println!("{}", escaped(&serde_json::to_string_pretty(report)?));
        } else {
            let mut page = Page::default();
            for_people(&mut page, report);
            print!("{}", page.text);
        }
        Ok(())
    }

    /// Writes a text that was asked for as it is; with `--json`, what `as_json` makes of it.
    pub(super) fn text(
        &self,
        text: &str,
        as_json: impl FnOnce(&str) -> serde_json::Value,
    ) -> anyhow::Result<()> {
        if self.json {
            self.report(&as_json(text), |_, _| ())
        } else {
            bytes(text.as_bytes())
        }
    }

    /// A progress bar for long work; silent with `--json` or away from a terminal.
    pub(super) fn progress(&self, what: &'static str) -> ProgressBar {
        self.bar(
            what,
            "{msg} {bar:32} {human_pos}/{human_len} · {per_sec:.0} · {eta} left",
        )
    }

    /// The same for bytes.
    pub(super) fn transfer(&self, what: &'static str) -> ProgressBar {
        self.bar(
            what,
            "{msg} {bar:32} {bytes}/{total_bytes} · {bytes_per_sec} · {eta} left",
        )
    }

    /// The same for work of which nobody knows how much there is.
    pub(super) fn waiting(&self, what: &'static str) -> ProgressBar {
        self.bar(what, "{spinner} {msg} · {elapsed}")
    }

    fn bar(&self, what: &'static str, shape: &str) -> ProgressBar {
        let target = if self.json {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(shape) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.downgrade());
        bar
    }

    /// Tells what went wrong, each cause on a line, and gives the exit code.
    pub(super) fn failure(&self, error: &anyhow::Error, language: Language) -> ExitCode {
        let code = code_of(error);
        // An error that only passes on another one says the same; once is enough.
        let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        causes.dedup();
        if self.json {
            let told = serde_json::json!({ "error": causes.join(": "), "exit_code": code });
            println!("{}", escaped(&told.to_string()));
        } else {
            let what = if code == STOPPED {
                Tone::Care.paint("Stopped:")
            } else {
                Tone::Bad.paint("Not done:")
            };
            let mut causes = causes.iter().map(|cause| texts::say(language, cause));
            remark(format_args!("{what} {}", causes.next().unwrap_or_default()));
            for cause in causes {
                remark(format_args!("  because {cause}"));
            }
        }
        ExitCode::from(code)
    }
}

/// Writes bytes that were asked for, as they are, to the standard output.
pub(super) fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(bytes)?;
    output.flush()?;
    Ok(())
}

/// The progress bar that stands on the terminal, if there is one.
static SHOWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// Says something on the way, on the standard error; a progress bar makes room for it.
pub(super) fn remark(text: impl Display) {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let say = || eprintln!("{}", harmless(&text.to_string()));
    match shown.and_then(|bar| bar.upgrade()) {
        Some(bar) if !bar.is_finished() => bar.suspend(say),
        _ => say(),
    }
}

/// What [`Tone`] writes, and all that a terminal may be told.
const COLOURS: [&str; 6] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
];

/// A text without anything a terminal obeys but line breaks and our colours; what it would have obeyed
/// is marked, since a text that hides something is worth a look.
fn harmless(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let colour = COLOURS.iter().find(|colour| rest.starts_with(**colour));
        let length = colour.map_or(c.len_utf8(), |colour| colour.len());
        match (colour, c) {
            (Some(colour), _) => kept.push_str(colour),
            (None, '\t') => kept.push(' '),
            (None, c) if c != '\n' && is_command(c) => kept.push('\u{FFFD}'),
            (None, c) => kept.push(c),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    kept
}

fn on_one_line(text: &str) -> String {
    harmless(&text.replace('\n', " "))
}

/// JSON with the characters escaped that JSON need not escape and terminals obey.
fn escaped(json: &str) -> String {
    let mut kept = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_command(c) {
            // They stand in texts only, and none has more than four digits.
            let digits = [12, 8, 4, 0].map(|shift| u32::from(c) >> shift & 15);
            kept.push_str("\\u");
            kept.extend(
                digits
                    .iter()
                    .filter_map(|digit| char::from_digit(*digit, 16)),
            );
        } else {
            kept.push(c);
        }
    }
    kept
}

/// A report that people read, printed when it is complete.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A line of text, and no more than one: a line break in a quotation could pass for our own words.
    pub(super) fn line(&mut self, text: impl Display) {
        self.text.push_str(&on_one_line(&text.to_string()));
        self.text.push('\n');
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.line("");
    }

    /// A heading, after an empty line.
    pub(super) fn heading(&mut self, text: impl Display) {
        self.gap();
        self.line(Tone::Strong.paint(text));
    }

    /// Running text, broken into lines that a narrow terminal holds, each after `indent` spaces.
    pub(super) fn paragraph(&mut self, indent: usize, tone: Option<Tone>, text: &str) {
        let room = WIDTH.saturating_sub(indent);
        for line in text.lines().flat_map(|line| wrapped(line, room)) {
            let line = tone.map_or_else(|| line.clone(), |tone| tone.paint(&line));
            self.line(format_args!("{:indent$}{line}", ""));
        }
    }

    /// Lines in columns: each column as wide as its widest cell.
    pub(super) fn table(&mut self, rows: &[Vec<String>]) {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| on_one_line(cell)).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| width_of(cell))
                .max()
        };
        let widths: Vec<usize> = (0..columns)
            .map(|column| width(column).unwrap_or(0))
            .collect();
        for row in &rows {
            let mut line = String::from(" ");
            for (cell, &width) in row.iter().zip(&widths) {
                line.push(' ');
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(width_of(cell)).saturating_add(1)));
            }
            self.line(line.trim_end());
        }
    }
}

/// Running text is no wider, whatever the terminal is: it reads well, and is the same in a file.
const WIDTH: usize = 80;

/// A line of running text in lines of at most `room` characters; a longer word has its own.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else {
            continue;
        };
        let used = line.chars().count();
        let needed = used.saturating_add(1).saturating_add(word.chars().count());
        if line.is_empty() {
            line.push_str(word);
        } else if needed <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A number and what it counts.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How many columns a terminal gives a text: control sequences take none.
fn width_of(text: &str) -> usize {
    anstream::adapter::strip_str(text)
        .to_string()
        .chars()
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_breaks_between_words_and_loses_none() {
        assert_eq!(wrapped("l’Éco dans tout", 10), ["l’Éco dans", "tout"]);
        assert_eq!(
            wrapped("a did:key:z6MkjRxzoxp b", 8),
            ["a", "did:key:z6MkjRxzoxp", "b"]
        );
        assert_eq!(wrapped("", 8), [""]);
    }

    /// What a stranger may write to have a terminal do something.
    const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}8m\u{8}\r\u{202e}\u{2066}\tb";

    /// Whether nothing is obeyed but the colours of a tone.
    fn is_harmless(text: &str) -> bool {
        let plain = COLOURS
            .iter()
            .fold(text.to_owned(), |text, colour| text.replace(colour, ""));
        !plain.contains(|c| c != '\n' && is_command(c))
    }

    #[test]
    fn whatever_is_printed_a_terminal_obeys_our_colours_only() {
        let mut page = Page::default();
        page.line(HOSTILE);
        page.line(format_args!("{} {HOSTILE}", Tone::Bad.paint("Not valid:")));
        page.line(Tone::Good.paint(HOSTILE));
        page.heading(HOSTILE);
        page.paragraph(2, Some(Tone::Faint), HOSTILE);
        page.table(&[vec![HOSTILE.into(), Tone::Care.paint(HOSTILE)]]);
        assert!(!is_harmless(HOSTILE) && is_harmless(&page.text), "{page:?}");
        assert!(is_harmless(&harmless(HOSTILE)));
        assert_eq!(harmless("a\u{1b}[31;8mb\tc\nd"), "a\u{FFFD}[31;8mb c\nd");
    }

    #[test]
    fn every_tone_is_shown_and_a_text_cannot_end_it() {
        for tone in [Tone::Strong, Tone::Good, Tone::Care, Tone::Bad, Tone::Faint] {
            let painted = tone.paint("été");
            assert_eq!(harmless(&painted), painted);
            let ended = harmless(&tone.paint("a\u{1b}[0mb"));
            assert_eq!(
                ended.matches('\u{1b}').count(),
                painted.matches('\u{1b}').count()
            );
        }
    }

    #[test]
    fn a_quotation_cannot_pass_for_a_line_of_ours() {
        let mut page = Page::default();
        page.line("Issued to: x\n  ✓  The badge is as it was signed");
        assert_eq!(page.text.lines().count(), 1);
    }

    #[test]
    fn json_says_the_same_and_has_nothing_a_terminal_obeys() {
        let value = serde_json::json!({ "a": HOSTILE, "b\u{9b}": ["\u{85}\u{2028}", "é😀"] });
        let json = escaped(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!json.contains(|c| c != '\n' && is_command(c)), "{json}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            value
        );
    }

    #[test]
    fn a_width_counts_no_colour() {
        assert_eq!(width_of(&Tone::Good.paint("été")), 3);
    }
}
