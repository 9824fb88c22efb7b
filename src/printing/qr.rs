//! The square code that leads from paper to a badge: a link as a QR code (ISO/IEC 18004), error
//! correction M, with the quiet zone of four modules that readers need.
//!
//! As runs of modules, so that it is drawn sharp at any size.

use qrcode::{Color, EcLevel, QrCode};

/// The empty border, in modules.
const QUIET: usize = 4;

/// A code, as the runs of dark modules in its rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// How many modules a side has, with the quiet zone.
    pub(super) side: usize,
    /// Column, row and length of each run.
    pub(super) runs: Vec<(usize, usize, usize)>,
}

impl Code {
    /// The code of a link; none for one that is too long for any code.
    pub(super) fn of(link: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
        let width = code.width();
        let mut runs = Vec::new();
        for (row, colours) in code.to_colors().chunks(width).enumerate() {
            let mut column = 0;
            for run in colours.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    runs.push((column + QUIET, row + QUIET, run.len()));
                }
                column += run.len();
            }
        }
        let side = width + 2 * QUIET;
        Some(Self { side, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_corner_behind_the_quiet_zone() {
        let code = Code::of("https://badges.example/b/1").unwrap();
        assert_eq!(code.runs.first(), Some(&(4, 4, 7)));
        assert_eq!(
            (code.side - 8) % 4,
            1,
            "the side of a QR code is 17 + 4 × version"
        );
        let end = code.side - 4;
        assert!(
            code.runs
                .iter()
                .all(|(x, y, length)| x + length <= end && *y < end)
        );
    }

    #[test]
    fn a_link_that_no_code_holds_has_none() {
        assert!(Code::of(&"a".repeat(2_331)).is_some());
        assert!(Code::of(&"a".repeat(2_332)).is_none());
    }
}
