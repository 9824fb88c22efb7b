//! Spreadsheets of organisers: bytes in, rows of a roster out.
//!
//! [`read`] finds out what a file is (CSV in any encoding and with any separator, or XLSX), where
//! its headings are and what they mean; [`entries()`] turns its rows into typed
//! [`Entry`](crate::recognition::entry::Entry)s whose every value remembers its cell. Which badges
//! they lead to is not decided here but in [`recognition`](crate::recognition). Files are strangers':
//! their size is bounded before and while they are read ([`Limits`]), and nothing is cut off or
//! dropped in silence.
//!
//! To add a heading, see `headings.rs`; a way of writing dates, `dates.rs`; a file format, one file
//! beside `csv.rs` and `xlsx.rs`, which gives a `Sheet`.

mod columns;
mod csv;
mod dates;
mod encoding;
mod entries;
mod headings;
mod sheet;
mod values;
mod xlsx;

use serde::Serialize;

pub use columns::{Columns, Ignored, Purpose, Understood, Why};
pub use encoding::Encoding;
pub use entries::entries;
pub use sheet::{Limits, Row, letters};

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "lowercase")]
pub enum Format {
    /// Text with separators.
    Csv {
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: char,
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

/// Why a file is not read. Says what to do instead, and never quotes a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// More bytes than [`Limits::bytes`].
    #[error(
        "The file has {size} bytes, more than the {limit} that are read; split it into several files."
    )]
    TooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// Nothing in it.
    #[error("The file is empty; give one with a row of headings and a row for each recipient.")]
    Empty,
    /// Bytes that are no text and no workbook.
    #[error(
        "The file is neither CSV text nor an Excel workbook; save it as CSV or XLSX and give that file."
    )]
    NotText,
    /// `.xls`, or an XLSX with a password.
    #[error(
        "The file is an old Excel workbook (.xls) or is protected by a password; save it as XLSX without a password and give that file."
    )]
    OldExcel,
    /// `.ods`.
    #[error(
        "The file is an OpenDocument spreadsheet; in LibreOffice, save a copy as XLSX or CSV and give that file."
    )]
    OpenDocument,
    /// An XLSX that does not open.
    #[error(
        "The Excel workbook is damaged or unusual; open it in a spreadsheet program, save it again as XLSX, and give that file."
    )]
    BrokenXlsx,
    /// No visible worksheet.
    #[error("The workbook has no visible sheet; unhide the one with the roster.")]
    NoSheet,
    /// An XLSX that inflates beyond [`Limits::inflated`].
    #[error(
        "The workbook unpacks to more than {limit} bytes; remove pictures and unused sheets, or save the roster as CSV."
    )]
    Bomb {
        /// The limit.
        limit: u64,
    },
    /// An XLSX of more files than [`Limits::entries`].
    #[error(
        "The workbook is made of more than {limit} parts; save the roster alone as XLSX or CSV."
    )]
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// More rows than [`Limits::rows`].
    #[error("The sheet has more than {limit} rows; split it into several files.")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// A row wider than [`Limits::columns`].
    #[error("Row {row} has more than {limit} columns; remove those that are not needed.")]
    TooManyColumns {
        /// The row.
        row: u32,
        /// The limit.
        limit: usize,
    },
    /// A text longer than [`Limits::cell`].
    #[error(
        "Cell {cell} has more than {limit} characters; shorten it. In a CSV file, look for a quotation mark that is not closed."
    )]
    CellTooLong {
        /// The cell.
        cell: String,
        /// The limit.
        limit: usize,
    },
    /// More text than [`Limits::text`].
    #[error("The sheet has more than {limit} bytes of text; split it into several files.")]
    TooMuchText {
        /// The limit.
        limit: usize,
    },
    /// A quotation mark that swallows the rest of a CSV file.
    #[error(
        "A quotation mark opened in row {row} is never closed, so the rows after it cannot be told apart; close it or remove it."
    )]
    OpenQuote {
        /// The row it is in.
        row: u32,
    },
    /// No heading is known.
    #[error(
        "No row of headings was found; write a first row such as: Prénom, Nom, Courriel, Atelier, Rôle."
    )]
    NoHeadings,
    /// Columns that the purpose needs are missing.
    #[error("The sheet has no column {}; add {} to row {heading_row}. Understood so far: {}.",
        quoted(.lacking), if .lacking.len() == 1 { "it" } else { "them" }, quoted(.found))]
    MissingColumns {
        /// Headings to write.
        lacking: Vec<&'static str>,
        /// Headings that were understood.
        found: Vec<String>,
        /// The row they are in.
        heading_row: u32,
    },
}

/// Reads a spreadsheet: a CSV text or an XLSX workbook, told apart by their bytes.
///
/// # Errors
/// [`SpreadsheetError`], when the file is none, is too much, or has no headings we know.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Table, SpreadsheetError> {
    if bytes.len() > limits.bytes {
        return Err(SpreadsheetError::TooLarge {
            size: bytes.len(),
            limit: limits.bytes,
        });
    }
    let (sheet, format) = match bytes {
        [] => return Err(SpreadsheetError::Empty),
        // The container of OLE2, which old and encrypted workbooks are in.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(SpreadsheetError::OldExcel),
        [b'P', b'K', 3, 4, ..] => {
            let (sheet, name) = xlsx::read(bytes, limits)?;
            (sheet, Format::Xlsx { sheet: name })
        }
        _ => {
            let (text, encoding) = encoding::decode(bytes)?;
            let (sheet, separator) = csv::read(&text, limits)?;
            (
                sheet,
                Format::Csv {
                    encoding,
                    separator,
                },
            )
        }
    };
    if sheet.rows.is_empty() {
        return Err(SpreadsheetError::Empty);
    }
    let (columns, index) = Columns::find(&sheet).ok_or(SpreadsheetError::NoHeadings)?;
    let blank_rows = sheet.blank;
    let mut rows = sheet.rows.into_iter().skip(index);
    let heading_row = rows.next().map_or(1, |row| row.number);
    Ok(Table {
        format,
        heading_row,
        columns,
        rows: rows.collect(),
        blank_rows,
    })
}

fn quoted<T: AsRef<str>>(headings: &[T]) -> String {
    headings
        .iter()
        .map(|heading| format!("“{}”", heading.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
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
