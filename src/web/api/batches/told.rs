//! How a batch is told.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::BatchId;
use crate::openbadges::model::Timestamp;
use crate::recognition::entry::Column;
use crate::services::batches::{BatchSummary, Counts};
use crate::spreadsheet::{Columns, Format, Why, column_named, column_names};
use crate::texts::{self, Language};

/// A batch, and how far it has come.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Batch)]
pub(in crate::web) struct Told {
    /// Its identifier.
    #[schema(value_type = String, format = Uuid)]
    pub(super) id: BatchId,
    /// The file's name.
    #[schema(example = "fresquathon.csv")]
    file: String,
    /// `receiving`, `running`, `paused`, `cancelled` or `done`.
    #[schema(example = "running")]
    state: &'static str,
    /// Whether this only tells what would happen.
    dry_run: bool,
    /// Which badge: its short name, `fresques` or `cec`.
    #[schema(example = "fresques")]
    achievement: String,
    /// How the file was read; absent while it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<FileTold>,
    /// How many rows are dealt with.
    rows_done: usize,
    /// How they came out.
    counts: Counts,
    /// Why it does not get on.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

/// How a file was read.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchFile)]
struct FileTold {
    /// `csv`, `ndjson` or `xlsx`.
    #[schema(example = "csv")]
    format: &'static str,
    /// The encoding of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "UTF-8")]
    encoding: Option<&'static str>,
    /// What separates the columns of a CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = ";")]
    separator: Option<char>,
    /// The sheet of a workbook that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    /// The columns that are used, and as what.
    columns: Vec<Used>,
    /// The columns that are not used, and why.
    ignored: Vec<Unused>,
    /// How many rows hold something.
    rows: usize,
    /// How many rows are blank.
    blank_rows: usize,
}

/// A column that is used.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchColumn)]
struct Used {
    /// Its letters.
    #[schema(example = "C")]
    column: String,
    /// Its heading.
    #[schema(example = "Adresse mail")]
    heading: String,
    /// What it holds, as `map` names it.
    #[schema(example = "email")]
    holds: String,
}

/// A column that is not used.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchIgnoredColumn)]
struct Unused {
    /// Its letters.
    #[schema(example = "D")]
    column: String,
    /// Its heading.
    #[schema(example = "Remarques")]
    heading: String,
    /// `unknown`: nothing known has this heading; `repeated`: a column to the left holds the same;
    /// `buyer`: it is about who paid; `mapped`: another column was mapped to what this one says;
    /// `asked`: you asked for it; `ours`: we wrote it into a result file.
    #[schema(example = "unknown")]
    why: &'static str,
}

impl Told {
    /// A batch, in a language.
    pub(super) fn of(batch: BatchSummary, language: Language) -> Self {
        let trouble = batch.trouble.as_deref();
        Self {
            id: batch.id,
            file: batch.file,
            state: batch.state,
            dry_run: batch.dry_run,
            achievement: batch.achievement,
            read: batch
                .read
                .map(|read| FileTold::of(read.format, &read.columns, read.rows, read.blank_rows)),
            rows_done: batch.rows_done,
            counts: batch.counts,
            trouble: trouble.map(|text| texts::say(language, text).into_owned()),
            started_at: batch.started_at,
            finished_at: batch.finished_at,
        }
    }

    /// Whether nothing will become of it any more.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, "done" | "cancelled")
    }
}

impl FileTold {
    fn of(format: Format, columns: &Columns, rows: usize, blank_rows: usize) -> Self {
        let known = column_names();
        let name = |column: Column| {
            let named = known.iter().find(|name| column_named(name) == Some(column));
            named.cloned().unwrap_or_default()
        };
        let used = columns.understood.iter().map(|it| Used {
            column: it.place.column.to_string(),
            heading: it.place.heading.to_string(),
            holds: name(it.column),
        });
        let ignored = columns.ignored.iter().map(|it| Unused {
            column: it.place.column.to_string(),
            heading: it.place.heading.to_string(),
            why: match it.why {
                Why::Unknown => "unknown",
                Why::Repeated => "repeated",
                Why::Buyer => "buyer",
                Why::Mapped => "mapped",
                Why::Asked => "asked",
                Why::Ours => "ours",
            },
        });
        let (format, encoding, separator, sheet) = match format {
            Format::Csv {
                encoding,
                separator,
            } => ("csv", Some(encoding.name()), Some(separator), None),
            Format::Ndjson { encoding } => ("ndjson", Some(encoding.name()), None, None),
            Format::Xlsx { sheet } => ("xlsx", None, None, Some(sheet)),
        };
        Self {
            format,
            encoding,
            separator,
            sheet,
            columns: used.collect(),
            ignored: ignored.collect(),
            rows,
            blank_rows,
        }
    }
}
