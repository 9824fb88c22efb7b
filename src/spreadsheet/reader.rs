//! A file of any kind, read row by row, as often as one likes.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};

use super::columns::{Columns, SEARCHED};
use super::csv::Csv;
use super::encoding::{self, Encoding};
use super::formulas;
use super::limits::{Gate, Limits};
use super::mapping::Mapping;
use super::ndjson::{Keys, Ndjson};
use super::records::Records;
use super::row::{Row, is_blank};
use super::separator::{self, Separator};
use super::xlsx::Workbook;
use super::{Format, SpreadsheetError};

/// A spreadsheet whose headings are understood, and whose rows are read one at a time.
pub struct Reader<F> {
    source: Source<F>,
    limits: Limits,
    format: Format,
    heading_row: u32,
    headings: Vec<String>,
    columns: Columns,
}

/// A file, and what must be known to read it from its start.
enum Source<F> {
    Csv {
        file: F,
        encoding: Encoding,
        separator: Separator,
    },
    Ndjson {
        file: F,
        encoding: Encoding,
        keys: Keys,
    },
    Xlsx(Box<Workbook<F>>),
}

/// Shows the format alone: a file holds names and addresses.
impl<F> fmt::Debug for Reader<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

impl<F: Read + Seek> Reader<F> {
    /// Finds out what a file is, where its headings are, and what they mean.
    ///
    /// # Errors
    /// [`SpreadsheetError`], when the file is none, is too much, has no headings we know, or not those
    /// that are mapped.
    pub fn open(mut file: F, limits: &Limits, mapping: &Mapping) -> Result<Self, SpreadsheetError> {
        let size = usize::try_from(file.seek(SeekFrom::End(0))?).unwrap_or(usize::MAX);
        if size > limits.bytes {
            return Err(SpreadsheetError::TooLarge {
                size,
                limit: limits.bytes,
            });
        }
        let mut start = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.by_ref().take(4).read_to_end(&mut start)?;
        let (source, format) = match start.as_slice() {
            [] => return Err(SpreadsheetError::Empty),
            // The container of OLE2, which old and encrypted workbooks are in.
            [0xD0, 0xCF, 0x11, 0xE0] => return Err(SpreadsheetError::OldExcel),
            [b'P', b'K', 3, 4] => {
                let workbook = Workbook::open(file, limits)?;
                let sheet = workbook.sheet().to_owned();
                (Source::Xlsx(Box::new(workbook)), Format::Xlsx { sheet })
            }
            _ => Source::text(file, limits, mapping)?,
        };
        let mut reader = Self {
            source,
            limits: *limits,
            format,
            heading_row: 0,
            headings: Vec::new(),
            columns: Columns::default(),
        };
        reader.understand(mapping)?;
        Ok(reader)
    }

    fn understand(&mut self, mapping: &Mapping) -> Result<(), SpreadsheetError> {
        if let Source::Ndjson { keys, .. } = &self.source {
            self.headings = keys.names().to_vec();
            self.columns = Columns::read(&self.headings, mapping);
            if self.columns.understood.is_empty() {
                return Err(SpreadsheetError::NoHeadings);
            }
            return mapping.check(&self.headings);
        }
        let mut rows = self.rows()?;
        // Which rows count is known only once the headings are found.
        rows.most = usize::MAX;
        let mut rows = rows.take(SEARCHED).collect::<Result<Vec<_>, _>>()?;
        if rows.is_empty() {
            return Err(SpreadsheetError::Empty);
        }
        let cells = rows.iter().map(|row| row.cells.as_slice());
        let (columns, index) = Columns::find(cells, mapping).ok_or(SpreadsheetError::NoHeadings)?;
        let row = rows.swap_remove(index);
        mapping.check(&row.cells)?;
        self.heading_row = row.number;
        self.headings = row.cells;
        self.columns = columns;
        Ok(())
    }

    /// What the file is.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The number of the row that holds the headings; 0 for NDJSON, which has none.
    pub fn heading_row(&self) -> u32 {
        self.heading_row
    }

    /// What the columns hold.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// All headings, as the organiser wrote them.
    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The rows under the headings, from the first; blank ones are left out. It may be called again.
    ///
    /// # Errors
    /// What the disk says, and a workbook that does not open any more.
    pub fn rows(&mut self) -> Result<Rows<'_>, SpreadsheetError> {
        let limits = &self.limits;
        let escaped = !matches!(self.source, Source::Ndjson { .. });
        let records: Box<dyn Records + '_> = match &mut self.source {
            Source::Csv {
                file,
                encoding,
                separator: Separator { byte, announced },
            } => Box::new(Csv::open(file, *encoding, *byte, *announced, limits)?),
            Source::Ndjson {
                file,
                encoding,
                keys,
            } => Box::new(Ndjson::open(file, *encoding, keys)?),
            Source::Xlsx(workbook) => Box::new(workbook.rows()?),
        };
        Ok(Rows {
            records: Some(records),
            escaped,
            gate: Gate::new(limits),
            heading_row: self.heading_row,
            most: limits.rows,
            seen: 0,
            last: 0,
            blank: 0,
        })
    }
}

impl<F: Read + Seek> Source<F> {
    fn text(
        mut file: F,
        limits: &Limits,
        mapping: &Mapping,
    ) -> Result<(Self, Format), SpreadsheetError> {
        let encoding = encoding::find(&mut file)?;
        if let Some(keys) = Keys::find(&mut file, encoding, limits)? {
            let source = Self::Ndjson {
                file,
                encoding,
                keys,
            };
            return Ok((source, Format::Ndjson { encoding }));
        }
        let separator = separator::find(&mut file, encoding, mapping, limits)?;
        let format = Format::Csv {
            encoding,
            separator: char::from(separator.byte),
        };
        let source = Self::Csv {
            file,
            encoding,
            separator,
        };
        Ok((source, format))
    }
}

/// The rows of a file under its headings. After an error there are none.
pub struct Rows<'a> {
    /// None after an error.
    records: Option<Box<dyn Records + 'a>>,
    /// Whether a result file may have made formulas harmless.
    escaped: bool,
    gate: Gate,
    heading_row: u32,
    most: usize,
    /// The last record, blank or not.
    seen: u32,
    /// The last row that is not blank.
    last: u32,
    blank: usize,
}

impl fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl Rows<'_> {
    /// How many rows so far were blank, wherever in the file.
    pub fn blank(&self) -> usize {
        self.blank
    }

    /// Counts what lies between the last row and this one. Rows that a file leaves out are blank rows to
    /// whoever looks at the sheet.
    fn pass(&mut self, number: u32) {
        let gap = number.saturating_sub(self.last).saturating_sub(1);
        let gap = usize::try_from(gap).unwrap_or(usize::MAX);
        self.blank = self.blank.saturating_add(gap);
        self.last = number;
    }

    fn read(&mut self) -> Result<Option<Row>, SpreadsheetError> {
        let mut cells = Vec::new();
        while let Some(records) = &mut self.records {
            cells.clear();
            let Some(number) = records.read(&mut cells)? else {
                self.pass(self.seen.saturating_add(1));
                break;
            };
            self.seen = number;
            self.gate.admit(number, &cells)?;
            if cells.iter().all(|cell| is_blank(cell)) {
                continue;
            }
            self.pass(number);
            if number <= self.heading_row {
                continue;
            }
            let under = usize::try_from(number - self.heading_row).unwrap_or(usize::MAX);
            if under > self.most {
                return Err(SpreadsheetError::TooManyRows { limit: self.most });
            }
            if self.escaped {
                cells.iter_mut().for_each(formulas::restore);
            }
            return Ok(Some(Row { number, cells }));
        }
        Ok(None)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SpreadsheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if read.is_err() {
            self.records = None;
        }
        read.transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::spreadsheet::{Purpose, Reading};

    fn open<'a>(
        text: &'a str,
        limits: &Limits,
        mapping: &[&str],
    ) -> Result<Reader<Cursor<&'a [u8]>>, SpreadsheetError> {
        let mapping = Mapping::parse(mapping).unwrap();
        Reader::open(Cursor::new(text.as_bytes()), limits, &mapping)
    }

    const TEXT: &str = "Fresquathon\n\n Prénom ;Courriel;x\n A\u{a0};a@x.org\n;;\n\nB;'=1;c\n;;\n";

    #[test]
    fn rows_come_as_the_organiser_wrote_them_as_often_as_one_likes() {
        let mut reader = open(TEXT, &Limits::default(), &[]).unwrap();
        assert_eq!(reader.heading_row(), 3);
        assert_eq!(reader.headings(), [" Prénom ", "Courriel", "x"]);
        for _ in 0..2 {
            let mut rows = reader.rows().unwrap();
            let read: Vec<Row> = rows.by_ref().map(Result::unwrap).collect();
            let row = |number, cells: &[&str]| Row {
                number,
                cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            };
            assert_eq!(
                read,
                [row(4, &[" A\u{a0}", "a@x.org"]), row(7, &["B", "=1", "c"])]
            );
            assert_eq!(rows.blank(), 4);
        }
        let reading = Reading::of(&mut reader, Purpose::People).unwrap();
        let row = reader.rows().unwrap().next().unwrap().unwrap();
        assert_eq!(reading.entry(&row).given.unwrap().text, "A");
    }

    #[test]
    fn one_row_more_than_the_limit_is_refused() {
        let limits = |rows| Limits {
            rows,
            ..Limits::default()
        };
        let last = |rows| {
            let mut reader = open(TEXT, &limits(rows), &[]).unwrap();
            reader.rows().unwrap().last().unwrap().map(|row| row.number)
        };
        // The blank rows between are rows to whoever looks at the sheet.
        assert_eq!(last(4), Ok(7));
        assert_eq!(last(3), Err(SpreadsheetError::TooManyRows { limit: 3 }));
    }

    #[test]
    fn after_an_error_there_are_no_rows() {
        let near = open("Nom;Mail\nA;b\n\"C;d\n", &Limits::default(), &[]);
        assert_eq!(near.unwrap_err(), SpreadsheetError::OpenQuote { row: 3 });
        let text = format!("Nom;Mail\n{}\"C;d\nE;f", "A;b\n".repeat(10));
        let mut reader = open(&text, &Limits::default(), &[]).unwrap();
        let mut rows = reader.rows().unwrap().skip(10);
        let error = SpreadsheetError::OpenQuote { row: 12 };
        assert_eq!(rows.next(), Some(Err(error)));
        assert_eq!(rows.next(), None);
    }

    #[test]
    fn mappings_are_checked_against_the_headings() {
        let error = |mapping: &[&str]| open(TEXT, &Limits::default(), mapping).unwrap_err();
        let told = error(&["Mail=email"]).to_string();
        assert!(told.contains("“Mail”") && told.contains("“Prénom”, “Courriel”, “x”"));
        let reader = open(TEXT, &Limits::default(), &["x=role", "B=seat"]).unwrap();
        assert_eq!(reader.columns().understood.len(), 3);
        let unknown = "a;b\nc;d\n";
        assert_eq!(
            open(unknown, &Limits::default(), &[]).unwrap_err(),
            SpreadsheetError::NoHeadings
        );
        let reader = open(unknown, &Limits::default(), &["a=full_name"]).unwrap();
        assert_eq!(reader.heading_row(), 1);
    }

    #[test]
    fn nothing_of_a_file_is_shown() {
        let mut reader = open(TEXT, &Limits::default(), &[]).unwrap();
        let shown = format!("{reader:?}") + &format!("{:?}", reader.rows().unwrap());
        assert!(!shown.contains("x.org"), "{shown}");
    }

    /// Run by hand, on a build with optimisations:
    /// `cargo test --release --lib a_million_rows -- --ignored --nocapture`.
    #[test]
    #[ignore = "it takes seconds, and says how many"]
    #[expect(clippy::print_stdout, reason = "a figure for whoever runs it")]
    fn a_million_rows() {
        use std::fmt::Write as _;
        let mut text = String::from("Prénom;Nom;Courriel;Atelier\n");
        for row in 0..1_000_000 {
            writeln!(
                text,
                "Añaïg;Le Gall {row};a{row}@example.org;Fresque du climat"
            )
            .unwrap();
        }
        let mut reader = open(&text, &Limits::bulk(), &[]).unwrap();
        let start = std::time::Instant::now();
        assert_eq!(reader.rows().unwrap().flatten().count(), 1_000_000);
        println!("{:.0} rows/s", 1e6 / start.elapsed().as_secs_f64());
        text.push_str("A;B;c@example.org;Fresque du climat\n");
        let mut reader = open(&text, &Limits::bulk(), &[]).unwrap();
        assert_eq!(
            reader.rows().unwrap().last(),
            Some(Err(SpreadsheetError::TooManyRows { limit: 1_000_000 }))
        );
    }
}
