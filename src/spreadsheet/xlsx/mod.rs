//! XLSX: the first visible sheet, row by row, as people see it.
//!
//! The file is a ZIP archive of XML parts (ECMA-376). It is read by hand because a million rows must fit
//! into little memory: rows are streamed, and the texts that cells share are held in one piece. What
//! the tests find in a workbook, they also ask `calamine`.

mod book;
mod dates;
mod package;
mod sheet;
mod texts;

use std::io::{Read, Seek};

use self::book::Book;
use self::package::Package;
use self::sheet::{Legend, Sheet};
use self::texts::SharedStrings;
use super::SpreadsheetError;
use super::limits::Limits;
use super::records::Records;

/// A workbook whose first visible sheet can be read as often as one likes.
pub(super) struct Workbook<F> {
    package: Package<F>,
    book: Book,
    strings: SharedStrings,
    dates: Vec<bool>,
    limits: Limits,
}

impl<F: Read + Seek> Workbook<F> {
    pub(super) fn open(file: F, limits: &Limits) -> Result<Self, SpreadsheetError> {
        let mut package = Package::open(file, limits)?;
        let book = Book::read(&mut package)?;
        let strings = match book.strings {
            Some(part) => {
                let (xml, size) = package.part(part)?;
                SharedStrings::read(xml, size, limits.shared)?
            }
            None => SharedStrings::default(),
        };
        let dates = match book.styles {
            Some(part) => dates::styles(&mut package, part)?,
            None => Vec::new(),
        };
        Ok(Self {
            package,
            book,
            strings,
            dates,
            limits: *limits,
        })
    }

    /// The name of the sheet that is read.
    pub(super) fn sheet(&self) -> &str {
        &self.book.name
    }

    /// The rows of that sheet, from its first.
    pub(super) fn rows(&mut self) -> Result<impl Records, SpreadsheetError> {
        let (xml, _) = self.package.part(self.book.sheet)?;
        let legend = Legend {
            strings: &self.strings,
            dates: &self.dates,
            from_1904: self.book.from_1904,
            columns: self.limits.columns,
            longest: self.limits.cell.saturating_add(1).saturating_mul(14),
        };
        Ok(Sheet::new(xml, legend))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime as Date, Format, Formula, Workbook as NewBook};
    use zip::write::SimpleFileOptions;
    use zip::{ZipArchive, ZipWriter};

    use super::*;
    use crate::spreadsheet::{self, read};

    /// The rows as they stand in the sheet, without headings.
    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let mut workbook = Workbook::open(Cursor::new(bytes), &Limits::default()).unwrap();
        let mut sheet = workbook.rows().unwrap();
        let mut rows = Vec::new();
        let mut cells = Vec::new();
        while let Some(number) = sheet.read(&mut cells).unwrap() {
            rows.push((number, std::mem::take(&mut cells)));
        }
        rows
    }

    fn small() -> Vec<u8> {
        let mut book = NewBook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "Nom").unwrap();
        sheet.write_string(0, 1, "Courriel").unwrap();
        sheet.write_string(3, 1, "a@example.org").unwrap();
        book.save_to_buffer().unwrap()
    }

    /// The archive with one part rewritten.
    fn rewritten(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let (name, mut text) = (entry.name().unwrap().into_owned(), String::new());
            entry.read_to_string(&mut text).unwrap();
            writer
                .start_file(name.as_str(), SimpleFileOptions::default())
                .unwrap();
            let text = if name == part { change(text) } else { text };
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_are_read_as_people_see_them() {
        let mut book = NewBook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let date = Date::from_ymd(2023, 1, 20).unwrap();
        sheet.write_string(0, 0, "\u{a0}Añaïg ").unwrap();
        sheet.write_number(0, 1, 1.0).unwrap();
        sheet.write_number(0, 2, 1.5).unwrap();
        sheet.write_number(0, 3, 73_282_932_000_074.0).unwrap();
        sheet.write_boolean(0, 4, true).unwrap();
        sheet.write_datetime_with_format(0, 5, &date, &day).unwrap();
        sheet
            .write_formula(0, 6, Formula::new("=A1&B1").set_result("vu"))
            .unwrap();
        let hour = Date::from_hms(14, 30, 0).unwrap();
        sheet
            .write_datetime_with_format(0, 7, &hour, &Format::new().set_num_format("hh:mm"))
            .unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let expected = [
            "\u{a0}Añaïg ",
            "1",
            "1.5",
            "73282932000074",
            "TRUE",
            "2023-01-20",
            "vu",
            "14:30",
        ];
        assert_eq!(rows(&bytes), [(1, expected.map(str::to_owned).to_vec())]);
    }

    #[test]
    fn rows_keep_their_numbers_and_columns() {
        let expected = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(
            rows(&small()),
            [
                (1, expected(["Nom", "Courriel"])),
                (4, expected(["", "a@example.org"]))
            ]
        );
        assert_eq!(read(&small(), &Limits::default()).unwrap().blank_rows, 2);
    }

    #[test]
    fn the_first_visible_sheet_is_read() {
        let mut book = NewBook::new();
        book.add_worksheet()
            .set_name("Cachée")
            .unwrap()
            .set_hidden(true)
            .write_string(0, 0, "x")
            .unwrap();
        let shown = book.add_worksheet();
        shown
            .set_name("Présents")
            .unwrap()
            .write_string(0, 0, "Nom")
            .unwrap();
        shown.set_active(true);
        let table = read(&book.save_to_buffer().unwrap(), &Limits::default()).unwrap();
        let sheet = "Présents".to_owned();
        assert_eq!(table.format, spreadsheet::Format::Xlsx { sheet });
    }

    #[test]
    fn an_archive_that_inflates_too_far_is_refused_before_it_is_opened() {
        let bomb = rewritten(&small(), "xl/styles.xml", |text| {
            text + &" ".repeat(200_000)
        });
        assert!(bomb.len() < 20_000);
        let limits = |inflated| Limits {
            inflated,
            ..Limits::default()
        };
        assert_eq!(
            read(&bomb, &limits(150_000)).unwrap_err(),
            SpreadsheetError::Bomb { limit: 150_000 }
        );
        assert!(read(&bomb, &limits(400_000)).is_ok());
    }

    #[test]
    fn too_many_entries_rows_and_columns_are_refused() {
        let limits = Limits {
            entries: 3,
            ..Limits::default()
        };
        assert_eq!(
            read(&small(), &limits).unwrap_err(),
            SpreadsheetError::TooManyEntries { limit: 3 }
        );
        let limits = Limits {
            rows: 2,
            ..Limits::default()
        };
        assert_eq!(
            read(&small(), &limits).unwrap_err(),
            SpreadsheetError::TooManyRows { limit: 2 }
        );
        let limits = Limits { rows: 3, ..limits };
        assert!(read(&small(), &limits).is_ok());
        let limits = Limits {
            columns: 1,
            ..Limits::default()
        };
        assert_eq!(
            read(&small(), &limits).unwrap_err(),
            SpreadsheetError::TooManyColumns { row: 1, limit: 1 }
        );
    }

    #[test]
    fn a_cell_at_the_far_corner_costs_nothing() {
        let mut book = NewBook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "Nom").unwrap();
        sheet.write_string(1_048_575, 0, "x").unwrap();
        let error = read(&book.save_to_buffer().unwrap(), &Limits::default()).unwrap_err();
        assert_eq!(error, SpreadsheetError::TooManyRows { limit: 20_000 });
    }

    #[test]
    fn a_claim_of_countless_shared_strings_is_refused() {
        let part = "xl/sharedStrings.xml";
        let lie =
            |text: String| text.replace("uniqueCount=\"3\"", "uniqueCount = '999999999999999999'");
        assert_eq!(
            read(&rewritten(&small(), part, lie), &Limits::default()).unwrap_err(),
            SpreadsheetError::BrokenXlsx
        );
        assert!(read(&rewritten(&small(), part, |text| text), &Limits::default()).is_ok());
    }

    #[test]
    fn a_part_that_is_longer_than_it_says_is_refused() {
        // The size in the central directory, 24 bytes after the mark of an entry, is what is believed.
        let mut bytes = small();
        let name = b"xl/worksheets/sheet1.xml";
        let at = (0..bytes.len() - name.len())
            .rev()
            .find(|at| bytes[*at..].starts_with(name))
            .unwrap();
        let size = at - 46 + 24;
        assert_eq!(bytes[at - 46..at - 42], *b"PK\x01\x02");
        bytes[size..size + 4].copy_from_slice(&300_u32.to_le_bytes());
        assert_eq!(
            read(&bytes, &Limits::default()).unwrap_err(),
            SpreadsheetError::BrokenXlsx
        );
    }

    #[test]
    fn an_archive_that_claims_countless_entries_is_refused_before_room_is_made_for_them() {
        let mut bytes = small();
        let end = bytes.len() - 22;
        assert_eq!(bytes[end..end + 4], *b"PK\x05\x06");
        bytes[end + 8..end + 12].fill(0xFE);
        assert!(matches!(
            read(&bytes, &Limits::bulk()),
            Err(SpreadsheetError::BrokenXlsx | SpreadsheetError::TooManyEntries { .. })
        ));
    }

    #[test]
    fn a_text_too_long_is_told_however_it_is_stored() {
        let long = "é".repeat(8_001);
        let too_long = |bytes: &[u8]| {
            let cell = "A2".to_owned();
            let limit = 8_000;
            assert_eq!(
                read(bytes, &Limits::default()).unwrap_err(),
                SpreadsheetError::CellTooLong { cell, limit }
            );
        };
        let mut book = NewBook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "Nom").unwrap();
        sheet.write_string(1, 0, &long).unwrap();
        too_long(&book.save_to_buffer().unwrap());
        let inline = |text: &str| {
            let mut book = NewBook::new();
            let sheet = book.add_worksheet_with_constant_memory().unwrap();
            sheet.write_string(0, 0, "Nom").unwrap();
            sheet.write_string(1, 0, text).unwrap();
            rewritten(
                &book.save_to_buffer().unwrap(),
                "xl/worksheets/sheet1.xml",
                |xml| xml.replace("LONG", &"_xD83D__xDCF7_".repeat(8_001)),
            )
        };
        too_long(&inline(&long));
        too_long(&inline("LONG"));
        assert!(read(&inline(&long[2..]), &Limits::default()).is_ok());
    }

    #[test]
    fn countless_sheets_formats_and_relationships_are_refused() {
        for (part, before, piece, most) in [
            ("xl/workbook.xml", "</sheets>", "<sheet/>", 10_000),
            ("xl/styles.xml", "</cellXfs>", "<xf/>", 100_000),
            ("xl/_rels/workbook.xml.rels", "</Relationships>", "", 10_000),
        ] {
            let with = |count: u32| {
                rewritten(&small(), part, |text| {
                    let pieces: String = (0..count)
                        .map(|number| match piece {
                            "" => format!("<Relationship Id=\"x{number}\" Type=\"\" Target=\"\"/>"),
                            piece => piece.to_owned(),
                        })
                        .collect();
                    text.replace(before, &(pieces + before))
                })
            };
            assert!(read(&with(10), &Limits::default()).is_ok(), "{part}");
            assert_eq!(
                read(&with(most + 1), &Limits::default()).unwrap_err(),
                SpreadsheetError::BrokenXlsx,
                "{part}"
            );
        }
    }

    #[test]
    fn texts_with_formats_and_escapes_are_read_whole() {
        let part = "xl/sharedStrings.xml";
        let rich = |text: String| {
            let rich = "<si><r><t>No</t></r><r><t xml:space=\"preserve\">m &amp;&#233; </t></r>\
                        <rPh><t>x</t></rPh></si>";
            text.replace("<si><t>Nom</t></si>", rich)
        };
        let bytes = rewritten(&small(), part, rich);
        assert_eq!(rows(&bytes)[0].1[0], "Nom &é ");
    }

    #[test]
    fn shared_strings_are_held_within_their_limit() {
        let limits = |shared| Limits {
            shared,
            ..Limits::default()
        };
        assert!(read(&small(), &limits(60)).is_ok());
        assert_eq!(
            read(&small(), &limits(30)).unwrap_err(),
            SpreadsheetError::TooMuchText { limit: 30 }
        );
    }

    #[test]
    fn calamine_sees_the_same() {
        use calamine::{DataRef, Reader as _};
        let mut book = NewBook::new();
        let sheet = book.add_worksheet();
        let formats = ["dd/mm/yyyy", "hh:mm", "[h]:mm", "0.00", "General", "d mmmm"]
            .map(|code| Format::new().set_num_format(code));
        for row in 0..200_u32 {
            let serial = f64::from(row).powi(2) * 1.731 + 0.1;
            for (column, format) in (0..).zip(&formats) {
                sheet
                    .write_number_with_format(row, column, serial, format)
                    .unwrap();
            }
        }
        let bytes = book.save_to_buffer().unwrap();
        let ours = rows(&bytes);
        let mut theirs = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
        let mut cells = theirs.worksheet_cells_reader("Sheet1").unwrap();
        let mut seen = 0;
        while let Some(cell) = cells.next_cell().unwrap() {
            let (row, column) = cell.get_position();
            let expected = match cell.get_value() {
                DataRef::Float(number) => number.to_string(),
                DataRef::DateTime(date) if date.is_duration() => date.as_f64().to_string(),
                DataRef::DateTime(date) => {
                    let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
                    let time = format!("{hour:02}:{minute:02}");
                    match (date.as_f64() < 1.0, time.as_str()) {
                        (true, _) => time,
                        (false, "00:00") => format!("{year:04}-{month:02}-{day:02}"),
                        (false, _) => format!("{year:04}-{month:02}-{day:02} {time}"),
                    }
                }
                other => panic!("{other:?}"),
            };
            let row = usize::try_from(row).unwrap();
            let column = usize::try_from(column).unwrap();
            assert_eq!(ours[row].1[column], expected, "{row} {column}");
            seen += 1;
        }
        assert_eq!(seen, 1_200);
    }

    #[test]
    fn rows_that_go_backwards_are_refused() {
        let swap = |text: String| text.replace("\"B4\"", "\"B1\"").replace("\"A1\"", "\"A9\"");
        let bytes = rewritten(&small(), "xl/worksheets/sheet1.xml", swap);
        assert_eq!(
            read(&bytes, &Limits::default()).unwrap_err(),
            SpreadsheetError::BrokenXlsx
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn never_panics_on_damaged_archives(at in 0_usize..5_000, byte in any::<u8>(), cut in 0_usize..5_000) {
            let mut bytes = small();
            let length = bytes.len();
            bytes[at % length] = byte;
            bytes.truncate(length - cut % 64);
            drop(read(&bytes, &Limits::default()));
        }

        #[test]
        fn never_panics_on_damaged_sheets(at in 0_usize..2_000, put in "[0-9A-Z<>/\"= a-z]{0,12}") {
            for part in ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"] {
                let damaged = rewritten(&small(), part, |text| {
                    let at = (0..=at % text.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                    format!("{}{put}{}", &text[..at], &text[at..])
                });
                drop(read(&damaged, &Limits::default()));
            }
        }
    }
}
