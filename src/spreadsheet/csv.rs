//! CSV as spreadsheets and ticketing services write it (RFC 4180, and what they make of it), cut into
//! cells as it is read.
//!
//! Cut by hand: rows are numbered as spreadsheets show them, blank lines included; a quotation mark
//! that is never closed is told without holding the file it swallows; and no cell is held that is
//! longer than it may be. What a record is, is decided as the `csv` crate does, which the tests ask.

use std::io::{BufRead, Read, Seek};

use super::SpreadsheetError;
use super::encoding::{Encoding, Text};
use super::limits::Limits;
use super::records::Records;

/// A text's records.
pub(super) struct Csv<R> {
    text: R,
    separator: u8,
    /// Fields kept of a record: one more than allowed is enough to be refused.
    most: usize,
    /// Bytes kept of a field: enough for one character more than allowed.
    longest: usize,
    row: u32,
    state: State,
    field: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between records.
    Record,
    /// After the CR that ended a record; an LF belongs to it.
    Return,
    /// At the first byte of a field.
    Field,
    /// In a field without quotation marks around it.
    Plain,
    /// In a field with them.
    Quoted,
    /// After a quotation mark in such a field: its end, or half of a doubled one.
    Closing,
}

impl<R: Read + Seek> Csv<Text<R>> {
    /// The records of a file from its start, without its first `announced` bytes of text.
    pub(super) fn open(
        file: R,
        encoding: Encoding,
        separator: u8,
        announced: u64,
        limits: &Limits,
    ) -> Result<Self, SpreadsheetError> {
        let mut text = Text::open(file, encoding)?;
        std::io::copy(&mut text.by_ref().take(announced), &mut std::io::sink())?;
        Ok(Self::new(text, separator, limits))
    }
}

impl<R: BufRead> Csv<R> {
    pub(super) fn new(text: R, separator: u8, limits: &Limits) -> Self {
        Self {
            text,
            separator,
            most: limits.columns.saturating_add(1),
            longest: limits.cell.saturating_add(2).saturating_mul(4),
            row: 0,
            state: State::Record,
            field: Vec::new(),
        }
    }

    /// Takes what follows of a field, up to a byte that may end it; how much that is.
    fn take_field(
        field: &mut Vec<u8>,
        longest: usize,
        bytes: &[u8],
        ends: impl Fn(u8) -> bool,
    ) -> usize {
        let end = bytes.iter().position(|byte| ends(*byte));
        let length = end.unwrap_or(bytes.len());
        let room = longest.saturating_sub(field.len()).min(length);
        field.extend_from_slice(bytes.get(..room).unwrap_or_default());
        length
    }

    fn end_field(&mut self, cells: &mut Vec<String>) {
        if cells.len() < self.most {
            // Valid but where a cell that is too long was cut.
            cells.push(String::from_utf8_lossy(&self.field).into_owned());
        }
        self.field.clear();
    }
}

impl<R: BufRead> Records for Csv<R> {
    fn read(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>, SpreadsheetError> {
        let separator = self.separator;
        loop {
            let bytes = self.text.fill_buf()?;
            let Some(first) = bytes.first().copied() else {
                return match self.state {
                    State::Record | State::Return => Ok(None),
                    State::Quoted => Err(SpreadsheetError::OpenQuote { row: self.row }),
                    State::Field | State::Plain | State::Closing => {
                        self.end_field(cells);
                        self.state = State::Record;
                        Ok(Some(self.row))
                    }
                };
            };
            let ends_record = matches!(first, b'\r' | b'\n');
            let mut used = 1;
            let next = match self.state {
                State::Return if first == b'\n' => State::Record,
                State::Record | State::Return => {
                    self.row = self.row.saturating_add(1);
                    if ends_record {
                        State::after(first)
                    } else {
                        used = 0;
                        State::Field
                    }
                }
                State::Field if first == b'"' => State::Quoted,
                State::Quoted if first == b'"' => State::Closing,
                State::Quoted => {
                    used =
                        Self::take_field(&mut self.field, self.longest, bytes, |byte| byte == b'"');
                    State::Quoted
                }
                State::Closing if first == b'"' => {
                    Self::take_field(&mut self.field, self.longest, b"\"", |_| false);
                    State::Quoted
                }
                State::Field | State::Plain | State::Closing if first == separator => {
                    self.end_field(cells);
                    State::Field
                }
                State::Field | State::Plain | State::Closing if ends_record => {
                    self.end_field(cells);
                    self.text.consume(1);
                    self.state = State::after(first);
                    return Ok(Some(self.row));
                }
                State::Field | State::Plain | State::Closing => {
                    used = Self::take_field(&mut self.field, self.longest, bytes, |byte| {
                        byte == separator || matches!(byte, b'\r' | b'\n')
                    });
                    State::Plain
                }
            };
            self.text.consume(used);
            self.state = next;
        }
    }
}

impl State {
    fn after(end: u8) -> Self {
        if end == b'\r' {
            Self::Return
        } else {
            Self::Record
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Numbered = (u32, Vec<String>);

    fn records(text: &str, separator: u8) -> Result<Vec<Numbered>, SpreadsheetError> {
        let mut csv = Csv::new(text.as_bytes(), separator, &Limits::default());
        let mut found = Vec::new();
        let mut cells = Vec::new();
        while let Some(row) = csv.read(&mut cells)? {
            found.push((row, std::mem::take(&mut cells)));
        }
        Ok(found)
    }

    fn filled(text: &str) -> Vec<Numbered> {
        records(text, b';').unwrap()
    }

    fn row(number: u32, cells: &[&str]) -> Numbered {
        let cells = cells.iter().map(|cell| (*cell).to_owned());
        (number, cells.collect())
    }

    #[test]
    fn rows_are_numbered_as_the_spreadsheet_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\nNom;Rôle\n\n\nA;\"deux\nlignes\"\nB;c\n\nD;e".replace('\n', end);
            let numbers: Vec<u32> = filled(&text).iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [2, 5, 6, 8], "{end:?}");
        }
    }

    #[test]
    fn ragged_rows_are_kept_as_they_are() {
        let found = filled("Nom;Rôle;Courriel\nA\nB;c;d;e\n");
        assert_eq!(found[1..], [row(2, &["A"]), row(3, &["B", "c", "d", "e"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_not_swallowed() {
        let error = records("Nom;Rôle\nA;\"b\nC;d\nE;f\n", b';').unwrap_err();
        assert_eq!(error, SpreadsheetError::OpenQuote { row: 2 });
        assert!(records("Nom;Rôle\nA;\"b\"\nC;d\nE;f\n", b';').is_ok());
    }

    #[test]
    fn a_quote_that_swallows_a_long_file_holds_none_of_it() {
        let limits = Limits::default();
        let text = format!("Nom\n\"{}", "a;b\"\"\n".repeat(100_000));
        let mut csv = Csv::new(text.as_bytes(), b';', &limits);
        let mut cells = Vec::new();
        assert_eq!(csv.read(&mut cells), Ok(Some(1)));
        let error = csv.read(&mut cells).unwrap_err();
        assert_eq!(error, SpreadsheetError::OpenQuote { row: 2 });
        assert!(csv.field.capacity() < 100_000);
    }

    #[test]
    fn of_what_is_too_much_enough_is_kept_to_tell() {
        let limits = Limits {
            columns: 2,
            cell: 3,
            ..Limits::default()
        };
        let text = format!("a;{};c;d;e;f", "€".repeat(100));
        let mut cells = Vec::new();
        let mut csv = Csv::new(text.as_bytes(), b';', &limits);
        assert_eq!(csv.read(&mut cells), Ok(Some(1)));
        assert_eq!(cells.len(), 3);
        assert!((4..10).contains(&cells[1].chars().count()));
    }

    /// What the `csv` crate makes of a text, each record with the blank lines before it counted.
    fn other_opinion(text: &str, separator: u8) -> Vec<Numbered> {
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut row = 0;
        let records = reader.into_records().map(|record| {
            let record = record.unwrap();
            let start = usize::try_from(record.position().unwrap().byte()).unwrap();
            row += 1 + blank_lines(text, start);
            (row, record.iter().map(str::to_owned).collect())
        });
        records.collect()
    }

    /// How many blank lines stand at the end of a record, which is before the LF of a CRLF.
    fn blank_lines(text: &str, start: usize) -> u32 {
        let (before, rest) = text.as_bytes().split_at(start);
        let mut rest = match rest {
            [b'\n', rest @ ..] if before.ends_with(b"\r") => rest,
            rest => rest,
        };
        let mut blank = 0;
        while let [b'\r', b'\n', after @ ..] | [b'\r' | b'\n', after @ ..] = rest {
            rest = after;
            blank += 1;
        }
        blank
    }

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_crate(text in "[a;,\"\r\n é]{0,40}", comma in any::<bool>()) {
            let separator = if comma { b',' } else { b';' };
            match records(&text, separator) {
                Ok(found) => {
                    prop_assert_eq!(found, other_opinion(&text, separator));
                }
                // The crate's last record has swallowed an end that is added.
                Err(error) => {
                    let open = matches!(error, SpreadsheetError::OpenQuote { .. });
                    prop_assert!(open);
                    let (_, last) = other_opinion(&format!("{text}\nEND"), separator).pop().unwrap();
                    prop_assert!(last.last().unwrap().ends_with("\nEND"));
                }
            }
        }

        #[test]
        fn where_the_buffer_ends_does_not_matter(text in "[a;\"\r\n é]{0,40}", size in 1_usize..5) {
            let limits = Limits::default();
            let buffered = std::io::BufReader::with_capacity(size, text.as_bytes());
            let mut csv = Csv::new(buffered, b';', &limits);
            let mut found = Vec::new();
            let mut cells = Vec::new();
            let outcome = loop {
                match csv.read(&mut cells) {
                    Ok(Some(row)) => found.push((row, std::mem::take(&mut cells))),
                    Ok(None) => break Ok(found),
                    Err(error) => break Err(error),
                }
            };
            prop_assert_eq!(outcome, records(&text, b';'));
        }
    }
}
