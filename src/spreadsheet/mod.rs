//! Spreadsheets of organisers: a file in, rows of a roster out, and the result written beside them.
//!
//! [`Reader`] finds out what a file is (CSV in any encoding and with any separator, NDJSON, or XLSX), where
//! its headings are and what they mean, and streams its rows; [`Reading`] turns a row into a typed
//! [`Entry`] whose every value remembers its cell. [`Mapping`] is what the organiser says of columns. Which
//! badges rows lead to is not decided here but in [`recognition`](crate::recognition). Files are strangers':
//! what is read is bounded ([`Limits`]), and nothing is cut off or dropped in silence. [`ResultFile`] writes
//! the organiser's rows back, with what became of them.
//!
//! To add a heading, see `headings.rs`; a way of writing dates, `dates.rs`; a file format, one file beside
//! `csv.rs`, `ndjson.rs` and `xlsx/`, which gives `Records`.

mod columns;
mod csv;
mod dates;
mod encoding;
mod entries;
mod error;
mod formulas;
mod headings;
mod limits;
mod mapping;
mod ndjson;
mod reader;
mod reading;
mod records;
mod result;
mod row;
mod separator;
mod values;
mod xlsx;

use std::io::Cursor;

use serde::{Deserialize, Serialize};

use crate::recognition::entry::Entry;

pub use columns::{Columns, Ignored, OURS, Purpose, Understood, Why};
pub use encoding::Encoding;
pub use error::SpreadsheetError;
pub use limits::Limits;
pub use mapping::{Mapping, column_named, column_names};
pub use reader::{Reader, Rows};
pub use reading::Reading;
pub use result::{ResultFile, ResultFormat};
pub use row::{Row, letters};

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "lowercase")]
pub enum Format {
    /// Text with separators.
    Csv {
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: char,
    },
    /// A JSON object on each line.
    Ndjson {
        /// Its encoding.
        encoding: Encoding,
    },
    /// An Excel workbook.
    Xlsx {
        /// The sheet that was read: the first visible one.
        sheet: String,
    },
}

/// A spreadsheet whose headings are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the file is.
    pub format: Format,
    /// The number of the row that holds the headings.
    pub heading_row: u32,
    /// What the columns hold.
    pub columns: Columns,
    /// The rows under the headings, blank ones left out.
    pub rows: Vec<Row>,
    /// How many rows were blank.
    pub blank_rows: usize,
}

/// Reads a spreadsheet that is at hand: a CSV text, NDJSON or an XLSX workbook, told apart by their bytes.
///
/// # Errors
/// [`SpreadsheetError`], when the file is none, is too much, or has no headings we know.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, SpreadsheetError> {
    let mut reader = Reader::open(Cursor::new(bytes), limits, &Mapping::default())?;
    let mut rows = reader.rows()?;
    let kept = rows.by_ref().collect::<Result<_, _>>()?;
    let blank_rows = rows.blank();
    drop(rows);
    Ok(Table {
        rows: kept,
        blank_rows,
        format: reader.format().clone(),
        heading_row: reader.heading_row(),
        columns: reader.columns().clone(),
    })
}

/// The typed rows of a table. A cell that cannot be read is among its row's faults.
///
/// # Errors
/// [`SpreadsheetError::MissingColumns`] when the sheet lacks what its purpose needs.
pub fn entries(table: &Table, purpose: Purpose) -> Result<Vec<Entry>, SpreadsheetError> {
    let reading = Reading::of_table(table, purpose)?;
    Ok(table.rows.iter().map(|row| reading.entry(row)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_of_file_that_is_no_roster_is_told_what_to_do() {
        let refuse = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err();
        assert_eq!(refuse(b""), SpreadsheetError::Empty);
        assert_eq!(refuse(b" ;\n;;\n"), SpreadsheetError::Empty);
        assert_eq!(
            refuse(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
            SpreadsheetError::OldExcel
        );
        assert_eq!(refuse(b"%PDF-1.7\n\x00\x01"), SpreadsheetError::NotText);
        assert_eq!(refuse(b"PK\x03\x04 nothing"), SpreadsheetError::BrokenXlsx);
        assert_eq!(refuse(b"a;b;c\nd;e;f\n"), SpreadsheetError::NoHeadings);
        let limits = Limits {
            bytes: 4,
            ..Limits::default()
        };
        assert_eq!(
            read(b"abcde", &limits).unwrap_err(),
            SpreadsheetError::TooLarge { size: 5, limit: 4 }
        );
    }

    #[test]
    fn a_title_above_the_headings_is_no_heading() {
        let table = read(
            "Fresquathon, présents\n\nPrénom;Nom;Courriel\nA;B;a@x.org\n".as_bytes(),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            (
                table.heading_row,
                table.rows[0].number,
                table.columns.understood.len()
            ),
            (3, 4, 3)
        );
    }

    #[test]
    fn debug_shows_no_cell() {
        let table = read(
            b"Nom;Courriel\nSecret;secret@example.org\n",
            &Limits::default(),
        )
        .unwrap();
        assert!(!format!("{table:?}").to_lowercase().contains("secret"));
    }

    proptest! {
        #[test]
        fn never_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            drop(read(&bytes, &Limits::default()));
        }

        #[test]
        fn never_panics_on_anything_like_a_roster(text in "(Nom|Mail|S1|Date|[a-z0-9;,\"\r\n\t@=|/ é]){0,60}") {
            if let Ok(table) = read(text.as_bytes(), &Limits::default()) {
                drop(entries(&table, Purpose::People));
            }
        }
    }
}
