//! How the rows of one file are to be read: what must be known of the whole before one row is.

use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};

use crate::recognition::entry::{Column, Entry};

use super::columns::{Columns, Purpose, Why};
use super::dates::is_month_first;
use super::entries::entry;
use super::reader::Reader;
use super::row::{Row, clean};
use super::{SpreadsheetError, Table};

/// How the rows of a file are read. It is stored while badges are issued from them, possibly by another
/// process, so a change of its shape must still read what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    columns: Columns,
    /// The columns of dates in which one can only be month first, so that none can be trusted.
    doubtful: Vec<Column>,
    rows: usize,
    blank_rows: usize,
}

impl Reading {
    /// Reads a file to its end, so that what cannot be read of it is known before a badge is issued.
    ///
    /// # Errors
    /// [`SpreadsheetError::MissingColumns`] when the sheet lacks what its purpose needs, and whatever
    /// is wrong with a row.
    pub fn of<F: Read + Seek>(
        reader: &mut Reader<F>,
        purpose: Purpose,
    ) -> Result<Self, SpreadsheetError> {
        let mut reading = Self::begin(reader.columns(), reader.heading_row(), purpose)?;
        let dates = reading.dates();
        let mut rows = reader.rows()?;
        for row in rows.by_ref() {
            reading.see(&row?, &dates);
        }
        reading.blank_rows = rows.blank();
        Ok(reading)
    }

    /// Of rows that are at hand.
    pub(super) fn of_table(table: &Table, purpose: Purpose) -> Result<Self, SpreadsheetError> {
        let mut reading = Self::begin(&table.columns, table.heading_row, purpose)?;
        let dates = reading.dates();
        for row in &table.rows {
            reading.see(row, &dates);
        }
        reading.blank_rows = table.blank_rows;
        Ok(reading)
    }

    fn begin(
        columns: &Columns,
        heading_row: u32,
        purpose: Purpose,
    ) -> Result<Self, SpreadsheetError> {
        let lacking = columns.lacking(purpose);
        if lacking.is_empty() {
            return Ok(Self {
                columns: columns.clone(),
                doubtful: Vec::new(),
                rows: 0,
                blank_rows: 0,
            });
        }
        let understood = columns.understood.iter();
        let unknown = columns.ignored.iter();
        Err(SpreadsheetError::MissingColumns {
            lacking,
            found: understood
                .map(|known| known.place.heading.to_string())
                .collect(),
            unknown: unknown
                .filter(|column| column.why == Why::Unknown)
                .map(|column| column.place.heading.to_string())
                .collect(),
            heading_row,
        })
    }

    /// The columns of dates.
    fn dates(&self) -> Vec<(Column, usize)> {
        let is_date = |column| matches!(column, Column::Date | Column::EndDate | Column::Roadmap);
        let understood = self.columns.understood.iter();
        understood
            .filter(|known| is_date(known.column))
            .map(|known| (known.column, known.index))
            .collect()
    }

    fn see(&mut self, row: &Row, dates: &[(Column, usize)]) {
        self.rows = self.rows.saturating_add(1);
        for (column, index) in dates {
            let cell = row.cells.get(*index).map_or("", String::as_str);
            if !self.doubtful.contains(column) && is_month_first(&clean(cell)) {
                self.doubtful.push(*column);
            }
        }
    }

    /// What the columns hold.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How many rows there are under the headings, blank ones left out.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows are blank.
    pub fn blank_rows(&self) -> usize {
        self.blank_rows
    }

    /// The typed values of a row. A cell that cannot be read is among its faults.
    pub fn entry(&self, row: &Row) -> Entry {
        entry(row, &self.columns.understood, &self.doubtful)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::spreadsheet::{Limits, Mapping};

    fn reader(text: &str) -> Reader<Cursor<&[u8]>> {
        let file = Cursor::new(text.as_bytes());
        Reader::open(file, &Limits::default(), &Mapping::default()).unwrap()
    }

    #[test]
    fn a_reading_survives_being_stored() {
        let text = "Nom;Mail;Date;S1\nA;a@x.org;03/04/2023;x\n\nB;b@x.org;01/20/2023;\n";
        let mut reader = reader(text);
        let reading = Reading::of(&mut reader, Purpose::People).unwrap();
        let stored = serde_json::to_string(&reading).unwrap();
        let back: Reading = serde_json::from_str(&stored).unwrap();
        assert_eq!(back, reading);
        assert_eq!((back.rows(), back.blank_rows()), (2, 1));
        let rows: Vec<Row> = reader.rows().unwrap().map(Result::unwrap).collect();
        // One American date makes the other doubtful.
        let rules = |row| {
            back.entry(row)
                .faults
                .iter()
                .map(|fault| fault.rule)
                .collect()
        };
        assert_eq!(
            rows.iter().map(rules).collect::<Vec<Vec<_>>>(),
            [["date.ambiguous"], ["date.ambiguous"]]
        );
    }

    #[test]
    fn dates_in_one_order_are_read() {
        let mut reader = reader("Nom;Mail;Date\nA;a@x.org;03/04/2023\n");
        let reading = Reading::of(&mut reader, Purpose::People).unwrap();
        let row = reader.rows().unwrap().next().unwrap().unwrap();
        assert_eq!(reading.entry(&row).faults, []);
    }

    #[test]
    fn what_is_wrong_at_the_end_of_a_file_is_found_before_anything_is_issued() {
        let wrong = |text: &str| Reading::of(&mut reader(text), Purpose::People).unwrap_err();
        let rows = "A;a@x.org\n".repeat(20);
        assert_eq!(
            wrong(&format!("Nom;Mail\n{rows}\"B;b@x.org\n")),
            SpreadsheetError::OpenQuote { row: 22 }
        );
        assert!(matches!(
            wrong(&format!("Nom;Rôle\n{rows}")),
            SpreadsheetError::MissingColumns { .. }
        ));
    }

    #[test]
    fn a_column_that_may_be_the_missing_one_is_named_and_how_to_say_so() {
        let wrong = |text: &str| Reading::of(&mut reader(text), Purpose::People).unwrap_err();
        assert_eq!(
            wrong("Nom;Adresse;;Allergies;Acheteur\nA;a@x.org;;;\n").to_string(),
            "The sheet has no column “Courriel”; add it to row 1. Understood so far: “Nom”. Not \
             understood: “Adresse”, “Allergies”; if it is what is missing, say so with --map \
             \"Adresse mail=email\" (over REST, map=)."
        );
        assert!(
            wrong("Nom\nA\n")
                .to_string()
                .ends_with("Understood so far: “Nom”.")
        );
    }
}
