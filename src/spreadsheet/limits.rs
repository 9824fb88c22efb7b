//! How much of a file is read. What exceeds a limit is refused, never cut off.

use super::SpreadsheetError;
use super::row::letters;

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file, in bytes.
    pub bytes: usize,
    /// An XLSX once inflated, in bytes.
    pub inflated: u64,
    /// Files within an XLSX.
    pub entries: usize,
    /// The texts an XLSX keeps apart from its cells, in bytes: the one thing held in memory.
    pub shared: usize,
    /// Rows under the headings.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// One cell, in characters.
    pub cell: usize,
    /// All cells together, in bytes: one long text can be shared by many cells of an XLSX.
    pub text: usize,
}

impl Default for Limits {
    /// A roster of 20,000 people with room to spare.
    fn default() -> Self {
        Self {
            bytes: 8 << 20,
            inflated: 48 << 20,
            entries: 500,
            shared: 16 << 20,
            rows: 20_000,
            columns: 200,
            cell: 8_000,
            text: 16 << 20,
        }
    }
}

impl Limits {
    /// A roster of a million rows, read row by row.
    pub fn bulk() -> Self {
        Self {
            bytes: 512 << 20,
            inflated: 2 << 30,
            shared: 256 << 20,
            rows: 1_000_000,
            text: 1 << 30,
            ..Self::default()
        }
    }
}

/// Holds rows to their limits as they pass.
#[derive(Debug)]
pub(super) struct Gate {
    limits: Limits,
    text: usize,
}

impl Gate {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            text: 0,
        }
    }

    /// Lets a row pass, or says which limit it exceeds.
    pub(super) fn admit(&mut self, row: u32, cells: &[String]) -> Result<(), SpreadsheetError> {
        let limits = self.limits;
        if cells.len() > limits.columns {
            return Err(SpreadsheetError::TooManyColumns {
                row,
                limit: limits.columns,
            });
        }
        for (index, content) in cells.iter().enumerate() {
            self.text = self.text.saturating_add(content.len());
            if content.len() > limits.cell && content.chars().count() > limits.cell {
                return Err(SpreadsheetError::CellTooLong {
                    cell: format!("{}{row}", letters(index)),
                    limit: limits.cell,
                });
            }
        }
        if self.text > limits.text {
            return Err(SpreadsheetError::TooMuchText { limit: limits.text });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_held_and_just_under_it_is_not() {
        let limits = Limits {
            columns: 2,
            cell: 3,
            text: 9,
            ..Limits::default()
        };
        let admit = |rows: &[&[&str]]| {
            let mut gate = Gate::new(&limits);
            (1..).zip(rows).try_for_each(|(number, cells)| {
                let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
                gate.admit(number, &cells)
            })
        };
        assert_eq!(admit(&[&["ééé", "b"], &["", ""]]), Ok(()));
        assert_eq!(
            admit(&[&["a", "b", "c"]]),
            Err(SpreadsheetError::TooManyColumns { row: 1, limit: 2 })
        );
        assert_eq!(
            admit(&[&["a", "éééé"]]),
            Err(SpreadsheetError::CellTooLong {
                cell: "B1".into(),
                limit: 3
            })
        );
        assert_eq!(
            admit(&[&["aaa", "bbb"], &["ccc", "d"]]),
            Err(SpreadsheetError::TooMuchText { limit: 9 })
        );
    }
}
