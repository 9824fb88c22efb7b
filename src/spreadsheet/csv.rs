//! CSV as spreadsheets and ticketing services write it (RFC 4180, and what they make of it).

use std::cmp::Reverse;

use super::SpreadsheetError;
use super::columns::Columns;
use super::sheet::{Limits, Sheet};

/// The separators looked for; the first wins where a file has none (a single column).
const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// How many rows are looked at to find the separator.
const SAMPLE: u32 = 40;

/// Added as a last row: a quote that is never closed swallows it, and is found out.
const END: &str = "\u{F8FF}end of the file\u{F8FF}";

/// Reads a text's rows; tells the separator.
pub(super) fn read(text: &str, limits: &Limits) -> Result<(Sheet, char), SpreadsheetError> {
    let (text, announced) = announced_separator(text);
    let separator = announced.unwrap_or_else(|| detect(text, limits));
    let ended = format!("{text}\n{END}");
    let mut sheet = Sheet::new(limits);
    let mut last = None;
    for record in records(&ended, separator, limits) {
        let (row, cells) = record?;
        if let Some((row, cells)) = last.replace((row, cells)) {
            sheet.push(row, &cells)?;
        }
    }
    match last {
        Some((_, cells)) if cells == [END] => Ok((sheet, char::from(separator))),
        other => Err(SpreadsheetError::OpenQuote {
            row: other.map_or(1, |(row, _)| row),
        }),
    }
}

/// Excel's own first line, `sep=;`, which is not a row.
fn announced_separator(text: &str) -> (&str, Option<u8>) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_matches('"');
    match line.get(..4).zip(line.get(4..)) {
        Some((sep, separator)) if sep.eq_ignore_ascii_case("sep=") => {
            match SEPARATORS
                .into_iter()
                .find(|known| separator.as_bytes() == [*known])
            {
                Some(known) => (rest, Some(known)),
                None => (text, None),
            }
        }
        _ => (text, None),
    }
}

/// The separator under which most headings are understood; then the one that cuts most rows like
/// the first; then the one that cuts finest.
fn detect(text: &str, limits: &Limits) -> u8 {
    let score = |separator: u8| {
        let mut sheet = Sheet::new(limits);
        for record in records(text, separator, limits) {
            let Ok((row, cells)) = record else { break };
            if row > SAMPLE || sheet.push(row, &cells).is_err() {
                break;
            }
        }
        let width = sheet.rows.first().map_or(0, |row| row.cells.len());
        let even = sheet
            .rows
            .iter()
            .filter(|row| row.cells.len() == width)
            .count();
        let understood = Columns::find(&sheet).map_or(0, |(columns, _)| columns.understood.len());
        (understood, if width > 1 { even } else { 0 }, width.max(1))
    };
    // `min_by_key` keeps the first of equals, so the order of the list decides.
    SEPARATORS
        .into_iter()
        .min_by_key(|separator| Reverse(score(*separator)))
        .unwrap_or(b';')
}

type Record = (u32, Vec<String>);

/// The records of a text, each with the row number spreadsheets show: blank lines, which the `csv`
/// crate skips, are rows to them; a line break inside quotes is not.
fn records(
    text: &str,
    separator: u8,
    limits: &Limits,
) -> impl Iterator<Item = Result<Record, SpreadsheetError>> {
    // One more than allowed is enough to be refused by `Sheet::push`.
    let most = limits.columns.saturating_add(1);
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut row = 0_u32;
    reader.into_records().map(move |record| {
        let record = record.map_err(|_| SpreadsheetError::NotText)?;
        let start = record.position().map_or(0, csv::Position::byte);
        row = row
            .saturating_add(1)
            .saturating_add(blank_lines(text, start));
        Ok((row, record.iter().take(most).map(str::to_owned).collect()))
    })
}

/// How many blank lines stand at `start`, the end of the record before.
fn blank_lines(text: &str, start: u64) -> u32 {
    let bytes = text.as_bytes();
    let Ok(start) = usize::try_from(start) else {
        return 0;
    };
    let mut rest = bytes.get(start..).unwrap_or_default();
    // A record ends at its CR; the LF of that CRLF is no line of its own.
    if start > 0 && bytes.get(start - 1) == Some(&b'\r') {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut blank = 0_u32;
    while let Some(next) = rest
        .strip_prefix(b"\r\n")
        .or(rest.strip_prefix(b"\n"))
        .or(rest.strip_prefix(b"\r"))
    {
        rest = next;
        blank = blank.saturating_add(1);
    }
    blank
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<(u32, Vec<String>)>, char) {
        let (sheet, separator) = read(text, &Limits::default()).unwrap();
        (
            sheet
                .rows
                .into_iter()
                .map(|row| (row.number, row.cells))
                .collect(),
            separator,
        )
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (
            number,
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
        )
    }

    #[test]
    fn each_separator_is_found() {
        for separator in [';', ',', '\t', '|'] {
            let text =
                "Nom;Courriel\nÉchantillon;a@example.org\n".replace(';', &separator.to_string());
            let expected = vec![
                row(1, &["Nom", "Courriel"]),
                row(2, &["Échantillon", "a@example.org"]),
            ];
            assert_eq!(rows(&text), (expected, separator));
        }
    }

    #[test]
    fn separators_inside_quotes_and_in_other_columns_do_not_mislead() {
        let text = "Nom;Additif;Courriel\nA;\"trois, quatre, cinq ; six\";a@x.org\nB;sept, huit, neuf;b@x.org\n";
        let (found, separator) = rows(text);
        assert_eq!(separator, ';');
        assert_eq!(
            found[1],
            row(2, &["A", "trois, quatre, cinq ; six", "a@x.org"])
        );
        assert_eq!(
            rows("\"Nom, prénom\";Courriel;Rôle\n\"D, A\";a@x.org;b\n").1,
            ';'
        );
        assert_eq!(
            rows("Nom,Additif\nA,un;deux;trois\nB,un;deux;trois\n").1,
            ','
        );
    }

    #[test]
    fn a_single_column_needs_no_separator() {
        assert_eq!(
            rows("Courriel\na@example.org").0[1],
            row(2, &["a@example.org"])
        );
    }

    #[test]
    fn excels_own_first_line_is_obeyed_and_is_no_row() {
        let (found, separator) = rows("sep=|\r\nNom|Rôle; fonction\r\nA|b\r\n");
        assert_eq!(
            (found[0].clone(), separator),
            (row(1, &["Nom", "Rôle; fonction"]), '|')
        );
        assert_eq!(rows("sep=%\nNom;b\n").0[0], row(1, &["sep=%"]));
    }

    #[test]
    fn rows_are_numbered_as_the_spreadsheet_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\nNom;Rôle\n\n\nA;\"deux\nlignes\"\nB;c\n\nD;e".replace('\n', end);
            let numbers: Vec<u32> = rows(&text).0.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [2, 5, 6, 8], "{end:?}");
        }
    }

    #[test]
    fn ragged_rows_are_kept_as_they_are() {
        let (found, _) = rows("Nom;Rôle;Courriel\nA\nB;c;d;e\n");
        assert_eq!(found[1..], [row(2, &["A"]), row(3, &["B", "c", "d", "e"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_not_swallowed() {
        let error = read("Nom;Rôle\nA;\"b\nC;d\nE;f\n", &Limits::default()).unwrap_err();
        assert_eq!(error, SpreadsheetError::OpenQuote { row: 2 });
        assert!(read("Nom;Rôle\nA;\"b\"\nC;d\nE;f\n", &Limits::default()).is_ok());
    }
}
