//! The only file that prints.
//!
//! What was asked for goes to the standard output; progress, remarks and failures to the standard
//! error. Colour only where the output is a terminal that wants it (`NO_COLOR` is honoured).

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anstream::{eprintln, print, println};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::outcome::code_of;

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

    /// `text` in this tone; terminals that show no colour see the text alone.
    pub(super) fn paint(self, text: impl Display) -> String {
        let style = self.style();
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
            println!("{}", serde_json::to_string_pretty(report)?);
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
        let target = if self.json {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target).with_message(what);
        let shape = "{msg} {bar:32} {human_pos}/{human_len} · {per_sec:.0} · {eta} left";
        if let Ok(style) = ProgressStyle::with_template(shape) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// Tells what went wrong, each cause on a line, and gives the exit code.
    pub(super) fn failure(&self, error: &anyhow::Error) -> ExitCode {
        let code = code_of(error);
        // An error that only passes on another one says the same; once is enough.
        let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
        causes.dedup();
        if self.json {
            println!(
                "{}",
                serde_json::json!({ "error": causes.join(": "), "exit_code": code })
            );
        } else {
            eprintln!("{} {error}", Tone::Bad.paint("Not done:"));
            for cause in causes.iter().skip(1) {
                eprintln!("  because {cause}");
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

/// Says something on the way, on the standard error.
pub(super) fn remark(text: impl Display) {
    eprintln!("{text}");
}

/// A report that people read, printed when it is complete.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A line of text.
    pub(super) fn line(&mut self, text: impl Display) {
        self.text.push_str(&text.to_string());
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
        for row in rows {
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

    #[test]
    fn a_width_counts_no_colour() {
        assert_eq!(width_of(&Tone::Good.paint("été")), 3);
    }
}
