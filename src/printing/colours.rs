//! The inks of everything printed, taken from the badge pictures: the water of the gulf of Morbihan
//! from deep to shallow, and the low sun on it as the one accent.
//!
//! Where each is used is in `certificate`, `card` and `sea`; the pictures themselves bring their own.

/// A colour: red, green, blue.
pub(super) type Ink = [u8; 3];

/// Names and titles: the deepest water.
pub(super) const DEEP: Ink = [0x0b, 0x2f, 0x4a];
/// Headings: open water.
pub(super) const WATER: Ink = [0x0e, 0x5a, 0x73];
/// Running text.
pub(super) const TEXT: Ink = [0x22, 0x33, 0x3d];
/// Labels and small print.
pub(super) const QUIET: Ink = [0x4c, 0x65, 0x72];
/// The accent.
pub(super) const SUN: Ink = [0xff, 0xc6, 0x1a];
/// The sea at the foot of a sheet, from the far wave to the near one.
pub(super) const WAVES: [Ink; 4] = [
    [0xdd, 0xf0, 0xef],
    [0x9f, 0xd0, 0xd2],
    [0x1d, 0x7f, 0x92],
    [0x0b, 0x4a, 0x63],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.2.
    fn luminance(ink: Ink) -> f64 {
        let [red, green, blue] = ink.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn every_text_can_be_read_on_white() {
        for ink in [DEEP, WATER, TEXT, QUIET] {
            let contrast = 1.05 / (luminance(ink) + 0.05);
            // Level AA asks for 4.5, and small print deserves more.
            assert!(contrast > 6.0, "{ink:?}: {contrast}");
        }
    }
}
