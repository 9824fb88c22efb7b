//! The sample sheets, which `badgeons demo` reads too, and a sheet in the other forms people save it
//! in.

use std::io::Cursor;

use badgeons::services::batches::Roster;
use badgeons::spreadsheet::Mapping;
use rust_xlsxwriter::Workbook;

/// The sample roster of ten fresques, as its organiser exported it: Windows-1252, semicolons.
pub(crate) const FRESQUATHON: &[u8] = include_bytes!("../../src/cli/demo/fresquathon.csv");

/// The sample attendance of a CEC: UTF-8 with its byte order mark, commas.
pub(crate) const CEC_OUEST: &[u8] = include_bytes!("../../src/cli/demo/cec-ouest-2023.csv");

/// The sample roster as text.
pub(crate) fn fresquathon() -> String {
    encoding_rs::WINDOWS_1252.decode(FRESQUATHON).0.into_owned()
}

/// The sample attendance as text.
pub(crate) fn cec_ouest() -> &'static str {
    std::str::from_utf8(CEC_OUEST)
        .unwrap()
        .trim_start_matches('\u{feff}')
}

/// A text with separators as a workbook of texts.
pub(crate) fn workbook(text: &str, separator: u8) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    for (row, record) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(record.unwrap().iter()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// A roster to import, of a file that is these bytes.
pub(crate) fn roster(achievement: &str, bytes: &[u8]) -> Roster {
    Roster {
        name: "roster.csv".into(),
        file: Box::new(Cursor::new(bytes.to_vec())),
        achievement: achievement.into(),
        activity: None,
        mapping: Mapping::default(),
        dry_run: false,
    }
}
