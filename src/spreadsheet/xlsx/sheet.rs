//! The rows of a sheet, cell by cell as people see them, never laid out as the rectangle a hostile sheet
//! claims to span.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::super::SpreadsheetError;
use super::super::records::Records;
use super::super::row::index_of_letters;
use super::dates;
use super::package::Xml;
use super::texts::{Inside, SharedStrings, add, unescape};

/// What is known of a workbook when a sheet of it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Legend<'a> {
    pub(super) strings: &'a SharedStrings,
    /// For each style, whether it shows a number as a date.
    pub(super) dates: &'a [bool],
    pub(super) from_1904: bool,
    /// Columns that are read.
    pub(super) columns: usize,
    /// Bytes of a cell's text that are more than enough to refuse it.
    pub(super) longest: usize,
}

impl Legend<'_> {
    /// Of a text longer than any cell may be, the beginning: many cells can share it.
    fn enough<'t>(&self, text: &'t str) -> &'t str {
        text.get(..text.floor_char_boundary(self.longest))
            .unwrap_or(text)
    }
}

/// A sheet's rows.
pub(super) struct Sheet<'a, R> {
    xml: Xml<R>,
    legend: Legend<'a>,
    row: u32,
    column: usize,
    cell: Cell,
    text: String,
}

/// What is known of the cell that is read.
#[derive(Debug, Default)]
struct Cell {
    kind: Kind,
    style: usize,
    /// In its value.
    value: bool,
    /// In its text, where it has one of its own.
    inside: Inside,
}

/// What a cell's value is (§18.18.11).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    Boolean,
    /// The text of a formula, an error, or an ISO date.
    Text,
}

impl<'a, R: Read> Sheet<'a, R> {
    pub(super) fn new(xml: Xml<R>, legend: Legend<'a>) -> Self {
        Self {
            xml,
            legend,
            row: 0,
            column: 0,
            cell: Cell::default(),
            text: String::new(),
        }
    }

    /// Puts the cell that has been read into its row.
    fn put(&mut self, cells: &mut Vec<String>) -> Result<(), SpreadsheetError> {
        let text = self.cell.shown(&self.text, &self.legend)?;
        self.text.clear();
        let column = self.column;
        self.column = column.saturating_add(1);
        if text.is_empty() {
            return Ok(());
        }
        if column >= self.legend.columns {
            return Err(SpreadsheetError::TooManyColumns {
                row: self.row,
                limit: self.legend.columns,
            });
        }
        if cells.len() <= column {
            cells.resize(column.saturating_add(1), String::new());
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = text;
        }
        Ok(())
    }
}

impl<R: Read> Records for Sheet<'_, R> {
    fn read(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>, SpreadsheetError> {
        loop {
            match self.xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => {
                        self.row = next_row(&element, self.row)?;
                        self.column = 0;
                    }
                    "c" => self.cell = begun(&element, self.row, &mut self.column)?,
                    "v" => self.cell.value = self.cell.kind != Kind::Inline,
                    name => self.cell.inside.enter(name),
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" => self.cell.value = false,
                    "c" => self.put(cells)?,
                    "row" if !cells.is_empty() => return Ok(Some(self.row)),
                    "sheetData" => return Ok(None),
                    name => self.cell.inside.leave(name),
                },
                Event::Eof => return Err(SpreadsheetError::BrokenXlsx),
                // Of a text longer than any cell may be, the beginning is enough to refuse it.
                event
                    if self.text.len() <= self.legend.longest
                        && (self.cell.value
                            || (self.cell.kind == Kind::Inline && self.cell.inside.text())) =>
                {
                    add(&event, &mut self.text)?;
                }
                _ => {}
            }
        }
    }
}

/// A row's number, which it may leave out, and which never goes backwards.
fn next_row(element: &BytesStart<'_>, before: u32) -> Result<u32, SpreadsheetError> {
    let mut row = before.checked_add(1);
    for attribute in element.attributes().with_checks(false).flatten() {
        if attribute.key.as_ref() == "r" {
            row = attribute.value.parse().ok();
        }
    }
    row.filter(|row| *row > before)
        .ok_or(SpreadsheetError::BrokenXlsx)
}

/// A cell's kind, style and place; the place may be left out.
fn begun(element: &BytesStart<'_>, row: u32, column: &mut usize) -> Result<Cell, SpreadsheetError> {
    let mut cell = Cell::default();
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => {
                let figures = value.find(|c: char| c.is_ascii_digit());
                let (letters, figures) = value.split_at(figures.unwrap_or(value.len()));
                let index = index_of_letters(letters);
                let index = index.filter(|_| figures.parse() == Ok(row));
                *column = index.ok_or(SpreadsheetError::BrokenXlsx)?;
            }
            "s" => cell.style = value.parse().unwrap_or_default(),
            "t" => {
                cell.kind = match value {
                    "n" => Kind::Number,
                    "s" => Kind::Shared,
                    "inlineStr" => Kind::Inline,
                    "b" => Kind::Boolean,
                    "str" | "e" | "d" => Kind::Text,
                    _ => return Err(SpreadsheetError::BrokenXlsx),
                }
            }
            _ => {}
        }
    }
    Ok(cell)
}

impl Cell {
    /// A cell's value as its spreadsheet shows it (formulas: the value that was saved with them).
    fn shown(&self, value: &str, legend: &Legend<'_>) -> Result<String, SpreadsheetError> {
        if value.is_empty() {
            return Ok(String::new());
        }
        Ok(match self.kind {
            Kind::Inline | Kind::Text => legend.enough(&unescape(value)).to_owned(),
            Kind::Boolean => match value.trim() {
                "0" | "false" | "FALSE" => "FALSE".to_owned(),
                "1" | "true" | "TRUE" => "TRUE".to_owned(),
                _ => return Err(SpreadsheetError::BrokenXlsx),
            },
            Kind::Shared => {
                let number = value.trim().parse().ok();
                let text = number.and_then(|number| legend.strings.get(number));
                legend
                    .enough(text.ok_or(SpreadsheetError::BrokenXlsx)?)
                    .to_owned()
            }
            Kind::Number => {
                let number = value.trim().parse::<f64>().ok();
                let is_date = legend.dates.get(self.style).copied().unwrap_or_default();
                let date = number
                    .filter(|_| is_date)
                    .and_then(|number| dates::shown(number, legend.from_1904));
                // Display never uses an exponent, so that a SIRET typed as a number keeps its figures.
                date.or_else(|| number.map(|number| number.to_string()))
                    .unwrap_or_else(|| legend.enough(value).to_owned())
            }
        })
    }
}
