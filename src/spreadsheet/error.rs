//! Why a file is not read.

use super::mapping::column_names;

/// Why a file is not read. Says what to do instead, and never quotes a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// More bytes than [`Limits::bytes`](super::Limits::bytes).
    #[error(
        "The file has {size} bytes, more than the {limit} that are read; split it into several files."
    )]
    TooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// A disk that does not answer.
    #[error("The file could not be read ({kind}); give it again.")]
    Io {
        /// What the operating system said.
        kind: std::io::ErrorKind,
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
    /// An XLSX that inflates beyond [`Limits::inflated`](super::Limits::inflated).
    #[error(
        "The workbook unpacks to more than {limit} bytes; remove pictures and unused sheets, or save the roster as CSV."
    )]
    Bomb {
        /// The limit.
        limit: u64,
    },
    /// An XLSX of more files than [`Limits::entries`](super::Limits::entries).
    #[error(
        "The workbook is made of more than {limit} parts; save the roster alone as XLSX or CSV."
    )]
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// More rows than [`Limits::rows`](super::Limits::rows).
    #[error(
        "The sheet has more than {limit} rows under its headings; split it into several files."
    )]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// A row wider than [`Limits::columns`](super::Limits::columns).
    #[error("Row {row} has more than {limit} columns; remove those that are not needed.")]
    TooManyColumns {
        /// The row.
        row: u32,
        /// The limit.
        limit: usize,
    },
    /// A text longer than [`Limits::cell`](super::Limits::cell).
    #[error(
        "Cell {cell} has more than {limit} characters; shorten it. In a CSV file, look for a quotation mark that is not closed."
    )]
    CellTooLong {
        /// The cell.
        cell: String,
        /// The limit.
        limit: usize,
    },
    /// More text than [`Limits::text`](super::Limits::text).
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
    #[error("The sheet has no column {}; add {} to row {heading_row}. Understood so far: {}.{}",
        quoted(.lacking), if .lacking.len() == 1 { "it" } else { "them" }, quoted(.found),
        mappable(.unknown))]
    MissingColumns {
        /// Headings to write.
        lacking: Vec<&'static str>,
        /// Headings that were understood.
        found: Vec<String>,
        /// Headings that were not: the missing column may be one of them.
        unknown: Vec<String>,
        /// The row they are in.
        heading_row: u32,
    },
    /// A mapping that is not `heading=column`.
    #[error(
        "“{text}” does not say what a column holds; write its heading, “=” and a column, such as Adresse mail=email, or Remarques=ignore."
    )]
    NoMapping {
        /// What was written.
        text: String,
    },
    /// A mapping to a column we do not know.
    #[error(
        "There is no column “{name}”; write one of {}, session_1 … session_20, ignore.",
        plain_names()
    )]
    UnknownColumn {
        /// What was written.
        name: String,
    },
    /// One heading or one column in two mappings.
    #[error("“{name}” is in two mappings; leave one of them out.")]
    MappedTwice {
        /// The heading or the column.
        name: String,
    },
    /// A mapping of a heading that is not in the sheet.
    #[error("The sheet has no heading “{heading}” to map; its headings are {}.", quoted(.headings))]
    NoSuchHeading {
        /// What was to be mapped.
        heading: String,
        /// What there is.
        headings: Vec<String>,
    },
    /// A line of NDJSON that is no object.
    #[error(
        "Line {row} is not a JSON object; write one on each line, with the columns as its members, full_name and email for example."
    )]
    BrokenLine {
        /// The line.
        row: u32,
    },
    /// An NDJSON value that is a list or an object.
    #[error(
        "In line {row}, “{key}” is a list or an object; write a text, a number, true, false or null."
    )]
    Nested {
        /// The line.
        row: u32,
        /// The member.
        key: String,
    },
    /// A member that an NDJSON object has twice.
    #[error("In line {row}, “{key}” is there twice; leave one of them out.")]
    RepeatedKey {
        /// The line.
        row: u32,
        /// The member.
        key: String,
    },
    /// A line of NDJSON longer than is read.
    #[error("Line {row} has more than {limit} bytes; shorten it.")]
    LineTooLong {
        /// The line.
        row: u32,
        /// The limit.
        limit: usize,
    },
}

impl From<std::io::Error> for SpreadsheetError {
    /// Bytes that are not of the encoding that was found come as invalid data.
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::InvalidData => Self::NotText,
            kind => Self::Io { kind },
        }
    }
}

/// The columns' names without the many of sessions.
fn plain_names() -> String {
    let mut names = column_names();
    names.retain(|name| !name.starts_with("session_"));
    names.join(", ")
}

/// What to do when a missing column may be there under another name.
fn mappable(unknown: &[String]) -> String {
    if unknown.is_empty() {
        return String::new();
    }
    format!(
        " Not understood: {}; if it is what is missing, say so with --map \"Adresse mail=email\" (over REST, \
         map=).",
        quoted(unknown)
    )
}

fn quoted<T: AsRef<str>>(texts: &[T]) -> String {
    texts
        .iter()
        .map(|text| format!("“{}”", text.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}
