//! XLSX: the first visible sheet, cell by cell, as people see it.
//!
//! The file is a ZIP archive, so it is measured before anything is made of it: every entry is
//! inflated into nothing under one total, and cells are then streamed, never laid out as the
//! rectangle a hostile sheet claims to span.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::SpreadsheetError;
use super::sheet::{Limits, Sheet};

/// Reads the rows of the first visible sheet; tells its name.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<(Sheet, String), SpreadsheetError> {
    measure(bytes, limits)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| SpreadsheetError::BrokenXlsx)?;
    let visible = |sheet: &&calamine::Sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    };
    let name = workbook
        .sheets_metadata()
        .iter()
        .find(visible)
        .map(|sheet| sheet.name.clone());
    let name = name.ok_or(SpreadsheetError::NoSheet)?;
    let mut cells = workbook
        .worksheet_cells_reader(&name)
        .map_err(|_| SpreadsheetError::BrokenXlsx)?;
    let mut sheet = Sheet::new(limits);
    let mut row: Vec<String> = Vec::new();
    let mut number = 1_u32;
    while let Some(cell) = cells
        .next_cell()
        .map_err(|_| SpreadsheetError::BrokenXlsx)?
    {
        let text = seen(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (cell_row, column) = cell.get_position();
        let cell_number = cell_row.saturating_add(1);
        if cell_number < number {
            return Err(SpreadsheetError::BrokenXlsx);
        }
        if cell_number > number {
            sheet.push(number, &row)?;
            row.clear();
            number = cell_number;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits.columns {
            return Err(SpreadsheetError::TooManyColumns {
                row: number,
                limit: limits.columns,
            });
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(slot) = row.get_mut(column) {
            *slot = text;
        }
    }
    sheet.push(number, &row)?;
    Ok((sheet, name))
}

/// Refuses an archive that inflates to more than it may, or that lies about its shared strings.
fn measure(bytes: &[u8], limits: &Limits) -> Result<(), SpreadsheetError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| SpreadsheetError::BrokenXlsx)?;
    if archive.len() > limits.entries {
        return Err(SpreadsheetError::TooManyEntries {
            limit: limits.entries,
        });
    }
    if archive.index_for_name("mimetype").is_some() {
        return Err(SpreadsheetError::OpenDocument);
    }
    let mut left = limits.inflated;
    for index in 0..archive.len() {
        let entry = archive
            .by_index(index)
            .map_err(|_| SpreadsheetError::BrokenXlsx)?;
        let mut content = Vec::new();
        let read = entry.take(left.saturating_add(1)).read_to_end(&mut content);
        read.map_err(|_| SpreadsheetError::BrokenXlsx)?;
        left = left
            .checked_sub(u64::try_from(content.len()).unwrap_or(u64::MAX))
            .ok_or(SpreadsheetError::Bomb {
                limit: limits.inflated,
            })?;
        if claims_too_many_strings(&content) {
            return Err(SpreadsheetError::BrokenXlsx);
        }
    }
    Ok(())
}

/// Whether a part claims more shared strings than its bytes can hold.
///
/// calamine reserves memory for `uniqueCount` strings before it has seen one (0.38, `xlsx/mod.rs`,
/// `read_shared_strings`), so that a claim of 10^18 would end the process.
fn claims_too_many_strings(content: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = rest.windows(NAME.len()).position(|window| window == NAME) {
        rest = rest.get(at + NAME.len()..).unwrap_or_default();
        let claimed = rest
            .iter()
            .skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>')
            .map_while(|byte| char::from(*byte).to_digit(10))
            .fold(0_u64, |sum, digit| {
                sum.saturating_mul(10).saturating_add(digit.into())
            });
        if claimed > u64::try_from(content.len()).unwrap_or(u64::MAX) {
            return true;
        }
    }
    false
}

/// A cell's value as its spreadsheet shows it (formulas: the value that was saved with them).
fn seen(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Display never uses an exponent, so that a SIRET typed as a number keeps its figures.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(date) => moment(date),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Error(error) => error.to_string(),
    }
}

/// A date as 2023-01-20, with its time of day where it has one; an hour alone as 14:30.
fn moment(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        return date.as_f64().to_string();
    }
    let (year, month, day, hour, minute, _, _) = date.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}");
    match (date.as_f64() < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00") => format!("{year:04}-{month:02}-{day:02}"),
        (false, _) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use rust_xlsxwriter::{ExcelDateTime as Date, Format, Formula, Workbook};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let (sheet, _) = read(bytes, &Limits::default()).unwrap();
        sheet
            .rows
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect()
    }

    fn small() -> Vec<u8> {
        let mut book = Workbook::new();
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
        let mut book = Workbook::new();
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
            "Añaïg",
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
        assert_eq!(read(&small(), &Limits::default()).unwrap().0.blank, 2);
    }

    #[test]
    fn the_first_visible_sheet_is_read() {
        let mut book = Workbook::new();
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
        let (sheet, name) = read(&book.save_to_buffer().unwrap(), &Limits::default()).unwrap();
        assert_eq!(
            (name.as_str(), sheet.rows[0].cells[0].as_str()),
            ("Présents", "Nom")
        );
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
            rows: 3,
            ..Limits::default()
        };
        assert_eq!(
            read(&small(), &limits).unwrap_err(),
            SpreadsheetError::TooManyRows { limit: 3 }
        );
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
        let mut book = Workbook::new();
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
