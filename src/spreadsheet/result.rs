//! The result file: the organiser's rows given back, with what became of each, to correct and send again.
//!
//! Written row by row, so that a million rows take no memory. CSV is written as Excel in French opens it
//! with a double click: UTF-8 with its mark, semicolons, CRLF. Nothing that is written can run as a formula.

use std::fmt;
use std::io::{self, BufWriter, Seek, Write};

use rust_xlsxwriter::{Workbook, XlsxError};
use serde::{Deserialize, Serialize};

use super::formulas::neutralise;

/// What a result file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultFormat {
    /// CSV.
    Csv,
    /// XLSX.
    Xlsx,
}

/// A file that is being written; it is whole only once it is [finished](Self::finish).
pub struct ResultFile<W: Write> {
    sink: Sink<W>,
}

enum Sink<W: Write> {
    Csv(BufWriter<W>),
    /// The rows are in a temporary file until the end.
    Xlsx {
        book: Box<Workbook>,
        next: u32,
        out: W,
    },
}

impl<W: Write> fmt::Debug for ResultFile<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultFile").finish_non_exhaustive()
    }
}

impl<W: Write + Seek + Send> ResultFile<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// What the disk says.
    pub fn create(format: ResultFormat, out: W) -> io::Result<Self> {
        let sink = match format {
            ResultFormat::Csv => {
                let mut out = BufWriter::with_capacity(64 << 10, out);
                out.write_all(b"\xEF\xBB\xBF")?;
                Sink::Csv(out)
            }
            ResultFormat::Xlsx => {
                let mut book = Box::new(Workbook::new());
                let sheet = book.add_worksheet_with_constant_memory().map_err(told)?;
                sheet.set_freeze_panes(1, 0).map_err(told)?;
                Sink::Xlsx { book, next: 0, out }
            }
        };
        Ok(Self { sink })
    }

    /// Writes the next row; the first is that of the headings.
    ///
    /// # Errors
    /// What the disk says, and for XLSX more than 1,048,576 rows or a cell of more than 32,767 characters.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        match &mut self.sink {
            Sink::Csv(out) => {
                for (index, cell) in cells.iter().enumerate() {
                    if index > 0 {
                        out.write_all(b";")?;
                    }
                    write_cell(out, &neutralise(cell.as_ref()))?;
                }
                // A row without any text would be a blank line, which is none to many programs.
                if let [only] = cells
                    && only.as_ref().is_empty()
                {
                    out.write_all(b"\"\"")?;
                }
                out.write_all(b"\r\n")
            }
            Sink::Xlsx { book, next, .. } => {
                let sheet = book.worksheet_from_index(0).map_err(told)?;
                for (column, cell) in (0..).zip(cells) {
                    if !cell.as_ref().is_empty() {
                        // Never `write`, which takes texts for formulas, links and numbers.
                        sheet
                            .write_string(*next, column, cell.as_ref())
                            .map_err(told)?;
                    }
                }
                *next = next.saturating_add(1);
                Ok(())
            }
        }
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// What the disk says.
    pub fn finish(self) -> io::Result<W> {
        match self.sink {
            Sink::Csv(out) => out.into_inner().map_err(io::IntoInnerError::into_error),
            Sink::Xlsx {
                mut book, mut out, ..
            } => {
                book.save_to_writer(&mut out).map_err(told)?;
                out.flush()?;
                Ok(out)
            }
        }
    }
}

/// Writes a cell, in quotation marks where it needs them (RFC 4180, and separators of other countries).
fn write_cell(out: &mut impl Write, text: &str) -> io::Result<()> {
    let quoted = text.contains(['"', ';', ',', '\t', '|', '\r', '\n']) || text.trim() != text;
    if quoted {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}

fn told(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::spreadsheet::{Limits, Mapping, Reader, Row, Why};

    const BOTH: [ResultFormat; 2] = [ResultFormat::Csv, ResultFormat::Xlsx];

    fn written(format: ResultFormat, rows: &[&[&str]]) -> Vec<u8> {
        let mut file = ResultFile::create(format, Cursor::new(Vec::new())).unwrap();
        for row in rows {
            file.row(row).unwrap();
        }
        file.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8]) -> (Vec<String>, Vec<Row>) {
        let file = Cursor::new(bytes);
        let mut reader = Reader::open(file, &Limits::default(), &Mapping::default()).unwrap();
        let rows = reader.rows().unwrap().map(Result::unwrap).collect();
        (reader.headings().to_vec(), rows)
    }

    #[test]
    fn csv_is_what_excel_in_french_opens() {
        let bytes = written(
            ResultFormat::Csv,
            &[
                &["Nom", "Courriel"],
                &["Añaïg c’h", ""],
                &["a;b", "\"c\"\nd"],
            ],
        );
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\u{FEFF}Nom;Courriel\r\nAñaïg c’h;\r\n\"a;b\";\"\"\"c\"\"\nd\"\r\n"
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        let texts = [
            "Añaïg Kerc’h",
            "C'hwevrer; \"Penn-ar-Bed\"",
            "deux\nlignes",
            "=HYPERLINK(\"https://example.org\")",
            "@SUM(A1)",
            "-5",
            "+33 6 12 34 56 78",
            "'=1+1",
            " a ",
            "007",
            "TRUE",
            "https://example.org",
            "_x0041_",
        ];
        let headings: Vec<&str> = ["Nom", "Courriel"].into_iter().chain(["x"; 11]).collect();
        for format in BOTH {
            let (found, rows) = read(&written(format, &[&headings, &texts, &[], &["a"]]));
            assert_eq!(found, headings);
            let expected = match format {
                ResultFormat::Csv => texts,
                // A workbook needs no apostrophe; one that stands there is taken for that of a CSV file.
                ResultFormat::Xlsx => texts.map(|text| if text == "'=1+1" { "=1+1" } else { text }),
            };
            assert_eq!(rows[0].cells, expected, "{format:?}");
            assert_eq!((rows[1].number, rows[1].cells[0].as_str()), (4, "a"));
        }
    }

    #[test]
    fn a_formula_is_a_text_in_both_formats() {
        let rows: &[&[&str]] = &[&["Nom"], &["=1+1"], &["-1-1"]];
        let text = String::from_utf8(written(ResultFormat::Csv, rows)).unwrap();
        assert!(text.contains("\n'=1+1\r\n'-1-1\r\n"), "{text}");
        let bytes = written(ResultFormat::Xlsx, rows);
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let sheet = archive.by_name("xl/worksheets/sheet1.xml").unwrap();
        let sheet = io::read_to_string(sheet).unwrap();
        assert!(
            sheet.contains("=1+1") && sheet.contains("inlineStr"),
            "{sheet}"
        );
        assert!(!sheet.contains("<f>"), "{sheet}");
    }

    #[test]
    fn a_corrected_result_file_is_read_without_our_columns() {
        for format in BOTH {
            let headings = [
                "Nom",
                "Courriel",
                "Badgeons : résultat",
                "Badgeons : à corriger",
            ];
            let bytes = written(format, &[&headings, &["A", "a@x.org", "refusé", "C2"]]);
            let file = Cursor::new(bytes.as_slice());
            let reader = Reader::open(file, &Limits::default(), &Mapping::default()).unwrap();
            let columns = reader.columns();
            assert_eq!(columns.understood.len(), 2);
            let ignored: Vec<_> = columns.ignored.iter().map(|ignored| ignored.why).collect();
            assert_eq!(ignored, [Why::Ours, Why::Ours]);
        }
    }

    #[test]
    fn what_a_workbook_cannot_hold_is_an_error_and_csv_can() {
        let row = |format, length| {
            let mut file = ResultFile::create(format, Cursor::new(Vec::new())).unwrap();
            file.row(&["é".repeat(length)])
        };
        assert!(row(ResultFormat::Xlsx, 32_767).is_ok());
        assert!(row(ResultFormat::Xlsx, 32_768).is_err());
        assert!(row(ResultFormat::Csv, 32_768).is_ok());
    }

    #[test]
    fn a_row_of_one_empty_cell_is_a_row() {
        let bytes = written(ResultFormat::Csv, &[&["Nom"], &[""], &["A"]]);
        assert!(bytes.ends_with(b"Nom\r\n\"\"\r\nA\r\n"));
        assert_eq!(read(&bytes).1[0].number, 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_survives(cells in proptest::collection::vec("[a-c ñé’'\"=+@;,|\t\r\n0-9-]{0,12}", 1..5)) {
            let mut headings = vec!["Nom".to_owned(); 5];
            headings[1] = "Courriel".to_owned();
            let borrowed: Vec<&str> = cells.iter().map(String::as_str).collect();
            let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
            let bytes = written(ResultFormat::Csv, &[&headings, &borrowed]);
            if let Some(row) = read(&bytes).1.first() {
                prop_assert_eq!(&row.cells, &cells);
            } else {
                prop_assert!(cells.iter().all(|cell| cell.trim().is_empty()));
            }
        }
    }
}
