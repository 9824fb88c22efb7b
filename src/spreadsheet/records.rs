//! What every kind of file is read as: numbered records of texts.

use super::SpreadsheetError;

/// Records, one at a time.
pub(super) trait Records {
    /// Puts the next record's texts into `cells`, which is empty, and gives its number; `None` at the
    /// end of the file. After an error it is not asked again.
    fn read(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>, SpreadsheetError>;
}
