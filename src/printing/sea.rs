//! The sea at the foot of every sheet: four waves and a low sun, as on the badge pictures.
//!
//! Shapes only, as paths that both the PDF and the PNG fill; the colours are in `colours`.

use resvg::tiny_skia::{Path, PathBuilder};

use super::colours::{Ink, SUN, WAVES};

/// The length of a wave from crest to crest, at scale 1.
const LENGTH: f32 = 56.0;

/// How high the sea is at scale 1, with its crests.
pub(super) const HEIGHT: f32 = 50.0;

/// Where the sun stands, from the left, as a share of the width.
const SUN_AT: f32 = 0.865;

/// The shapes, from back to front, for a sheet that is so wide and ends at `foot`.
pub(super) fn shapes(width: f32, foot: f32, scale: f32) -> Vec<(Ink, Path)> {
    let sun = PathBuilder::from_circle(width * SUN_AT, foot - 40.0 * scale, 24.0 * scale);
    let waves = [(42.0, 0.0), (31.0, 30.0), (20.0, 12.0), (9.0, 44.0)];
    let waves = waves.into_iter().zip(WAVES);
    let waves =
        waves.map(|((above, shift), ink)| (ink, wave(width, foot, above * scale, shift, scale)));
    std::iter::once((SUN, sun))
        .chain(waves)
        .filter_map(|(ink, path)| Some((ink, path?)))
        .collect()
}

fn wave(width: f32, foot: f32, above: f32, shift: f32, scale: f32) -> Option<Path> {
    let half = LENGTH / 2.0 * scale;
    let mut path = PathBuilder::new();
    let mut x = -shift * scale;
    let y = foot - above;
    path.move_to(x, y);
    let mut crest = true;
    while x < width {
        let swell = if crest { -8.0 } else { 8.0 } * scale;
        path.quad_to(x + half / 2.0, y + swell, x + half, y);
        x += half;
        crest = !crest;
    }
    // A little below the foot, or its edge would be blurred.
    path.line_to(x, foot + 2.0);
    path.line_to(-shift * scale, foot + 2.0);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sea_spans_the_sheet_and_stays_at_its_foot() {
        let shapes = shapes(842.0, 595.0, 1.0);
        assert_eq!(shapes.len(), 5);
        for (_, path) in shapes.iter().skip(1) {
            let bounds = path.bounds();
            assert!(bounds.left() <= 0.0 && bounds.right() >= 842.0);
            assert!(bounds.bottom() >= 595.0 && bounds.top() >= 595.0 - HEIGHT);
        }
    }
}
