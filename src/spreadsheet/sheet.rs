//! Rows of text, whatever file they came from, and how much of it is read.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use super::SpreadsheetError;

/// How much of a file is read. What exceeds a limit is refused, never cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file, in bytes.
    pub bytes: usize,
    /// An XLSX once inflated, in bytes.
    pub inflated: u64,
    /// Files within an XLSX.
    pub entries: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// One cell, in characters.
    pub cell: usize,
    /// All cells together, in bytes: one long text can be shared by many cells of an XLSX.
    pub text: usize,
}

impl Default for Limits {
    /// A roster of 20,000 people with room to spare.
    fn default() -> Self {
        Self {
            bytes: 8 << 20,
            inflated: 48 << 20,
            entries: 500,
            rows: 20_000,
            columns: 200,
            cell: 8_000,
            text: 16 << 20,
        }
    }
}

/// One row: its number as the spreadsheet shows it, and its cells, cleaned.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// The cells' texts, from column A; empty cells at the end may be left out.
    pub cells: Vec<String>,
}

/// Shows the number alone: cells hold names and addresses.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The rows of a file, within [`Limits`].
#[derive(Debug)]
pub(super) struct Sheet {
    limits: Limits,
    text: usize,
    last: u32,
    pub(super) rows: Vec<Row>,
    /// Rows whose cells are all empty; they are counted, not kept.
    pub(super) blank: usize,
}

impl Sheet {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            text: 0,
            last: 0,
            rows: Vec::new(),
            blank: 0,
        }
    }

    /// Adds a row, its cells cleaned; a blank one is only counted.
    pub(super) fn push(&mut self, number: u32, cells: &[String]) -> Result<(), SpreadsheetError> {
        let Limits {
            rows,
            columns,
            cell,
            text,
            ..
        } = self.limits;
        if cells.len() > columns {
            return Err(SpreadsheetError::TooManyColumns {
                row: number,
                limit: columns,
            });
        }
        let cells: Vec<String> = cells.iter().map(|cell| clean(cell)).collect();
        for (index, content) in cells.iter().enumerate() {
            self.text = self.text.saturating_add(content.len());
            if content.len() > cell && content.chars().count() > cell {
                let cell_name = format!("{}{number}", letters(index));
                return Err(SpreadsheetError::CellTooLong {
                    cell: cell_name,
                    limit: cell,
                });
            }
        }
        if self.text > text {
            return Err(SpreadsheetError::TooMuchText { limit: text });
        }
        // Rows that a file leaves out are rows to whoever looks at the sheet.
        let gap = number.saturating_sub(self.last).saturating_sub(1);
        self.blank = self
            .blank
            .saturating_add(usize::try_from(gap).unwrap_or(usize::MAX));
        self.last = number;
        if cells.iter().all(String::is_empty) {
            self.blank = self.blank.saturating_add(1);
        } else {
            self.rows.push(Row { number, cells });
        }
        if self.rows.len().saturating_add(self.blank) > rows {
            return Err(SpreadsheetError::TooManyRows { limit: rows });
        }
        Ok(())
    }
}

/// A column's letters: 0 is A, 25 is Z, 26 is AA.
pub fn letters(index: usize) -> String {
    let mut name = Vec::new();
    let mut rest = index.saturating_add(1);
    while rest > 0 {
        rest -= 1;
        name.push(char::from(
            b'A' + u8::try_from(rest % 26).unwrap_or_default(),
        ));
        rest /= 26;
    }
    name.iter().rev().collect()
}

/// Composed (NFC), without the spaces around, with plain spaces for the special ones that people
/// paste without seeing them, and without invisible characters.
pub(super) fn clean(text: &str) -> String {
    // The zero-width joiners U+200C and U+200D stay: names of some languages are spelt with them.
    let unseen = |c| {
        matches!(
            c,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
        )
    };
    let visible = text.nfc().filter(|c| !unseen(*c));
    let spaced: String = visible
        .map(|c| {
            if matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\t') {
                ' '
            } else {
                c
            }
        })
        .collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let named: Vec<String> = [0, 2, 25, 26, 51, 52, 701, 702].map(letters).into();
        assert_eq!(named, ["A", "C", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn cells_lose_what_nobody_sees() {
        assert_eq!(
            clean(" \u{FEFF}An\u{303}ai\u{308}g\u{A0}\u{202F}Le\u{200B} Gabarit \t"),
            "Añaïg  Le Gabarit"
        );
        assert_eq!(clean("deux\nlignes"), "deux\nlignes");
    }

    #[test]
    fn each_limit_is_held_and_just_under_it_is_not() {
        let limits = Limits {
            rows: 2,
            columns: 2,
            cell: 3,
            text: 9,
            ..Limits::default()
        };
        let push = |rows: &[&[&str]]| {
            let mut sheet = Sheet::new(&limits);
            (1..).zip(rows).try_for_each(|(number, cells)| {
                let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
                sheet.push(number, &cells)
            })
        };
        assert_eq!(push(&[&["ééé", "b"], &["", ""]]), Ok(()));
        assert_eq!(
            push(&[&["a"], &[""], &["b"]]),
            Err(SpreadsheetError::TooManyRows { limit: 2 })
        );
        assert_eq!(
            push(&[&["a", "b", "c"]]),
            Err(SpreadsheetError::TooManyColumns { row: 1, limit: 2 })
        );
        assert_eq!(
            push(&[&["a", "éééé"]]),
            Err(SpreadsheetError::CellTooLong {
                cell: "B1".into(),
                limit: 3
            })
        );
        assert_eq!(
            push(&[&["aaa", "bbb"], &["ccc", "d"]]),
            Err(SpreadsheetError::TooMuchText { limit: 9 })
        );
    }
}
