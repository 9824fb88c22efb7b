//! The three fonts that everything printed is set in; their files stand beside this one, with
//! `README.md` (source, licence, digests).
//!
//! EB Garamond for names and titles; it also knows Greek and Cyrillic. Atkinson Hyperlegible Next, drawn
//! by the Braille Institute for readers with low vision, for everything small.
//!
//! Here: which letters a font has, how they are shaped (kerning, marks, ligatures), and their outlines.
//! How lines are made of them is in `typesetting`.

use std::ops::Range;
use std::sync::LazyLock;

use harfrust::{Direction, FontRef, ShaperData, UnicodeBuffer};
use resvg::tiny_skia::PathBuilder;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{GlyphId, MetadataProvider};

/// One of the fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// EB Garamond Medium: names and titles.
    Serif,
    /// Atkinson Hyperlegible Next Regular: running text.
    Sans,
    /// Atkinson Hyperlegible Next Bold: headings and labels.
    Bold,
}

/// A letter, or a part of one, as the font draws it. Lengths are shares of the size of the letters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) id: u32,
    /// Which bytes of the text it stands for.
    pub(super) of: Range<usize>,
    pub(super) advance: f32,
    pub(super) right: f32,
    pub(super) up: f32,
}

struct Opened {
    font: FontRef<'static>,
    shaping: ShaperData,
    /// How many units the font divides the size of its letters into.
    units: f32,
}

impl Face {
    /// Every font there is.
    pub const ALL: [Self; 3] = [Self::Serif, Self::Sans, Self::Bold];

    /// The file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Serif => include_bytes!("EBGaramond-Medium.ttf"),
            Self::Sans => include_bytes!("AtkinsonHyperlegibleNext-Regular.ttf"),
            Self::Bold => include_bytes!("AtkinsonHyperlegibleNext-Bold.ttf"),
        }
    }

    /// Whether the font can draw this character.
    pub(super) fn has(self, character: char) -> bool {
        self.opened().font.charmap().map(character).is_some()
    }

    /// The glyphs of a text that the font has all characters of, from left to right.
    pub(super) fn shape(self, text: &str) -> Vec<Glyph> {
        let Opened {
            font,
            shaping,
            units,
        } = self.opened();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = shaping.shaper(font).build().shape(buffer, &[]);
        let em = |length: i32| length as f32 / units;
        let mut end = text.len();
        let mut starts_at = end;
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(shaped.len());
        // From the end, so that each knows where the next one's text begins.
        for (info, position) in shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .rev()
        {
            let start = info.cluster as usize;
            if start < starts_at {
                end = starts_at;
                starts_at = start;
            }
            glyphs.push(Glyph {
                id: info.glyph_id,
                of: start..end,
                advance: em(position.x_advance),
                right: em(position.x_offset),
                up: em(position.y_offset),
            });
        }
        glyphs.reverse();
        glyphs
    }

    /// Adds the outline of a glyph to a path, its origin at `x` and `y`.
    pub(super) fn outline(self, glyph: u32, size: f32, x: f32, y: f32, path: &mut PathBuilder) {
        let outlines = self.opened().font.outline_glyphs();
        let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
        if let Some(outline) = outlines.get(GlyphId::new(glyph)) {
            // A glyph that can't be drawn leaves its place empty.
            drop(outline.draw(settings, &mut Pen { x, y, path }));
        }
    }

    fn opened(self) -> &'static Opened {
        static SERIF: LazyLock<Opened> = LazyLock::new(|| Opened::new(Face::Serif));
        static SANS: LazyLock<Opened> = LazyLock::new(|| Opened::new(Face::Sans));
        static BOLD: LazyLock<Opened> = LazyLock::new(|| Opened::new(Face::Bold));
        match self {
            Self::Serif => &SERIF,
            Self::Sans => &SANS,
            Self::Bold => &BOLD,
        }
    }
}

impl Opened {
    #[expect(
        clippy::expect_used,
        reason = "the files are compiled in, and a test opens each"
    )]
    fn new(face: Face) -> Self {
        let font = FontRef::new(face.bytes()).expect("a font");
        let shaping = ShaperData::new(&font);
        let units = f32::from(
            font.metrics(Size::unscaled(), LocationRef::default())
                .units_per_em,
        );
        Self {
            font,
            shaping,
            units,
        }
    }
}

/// Draws outlines, which go up, on a sheet, which goes down.
struct Pen<'a> {
    x: f32,
    y: f32,
    path: &'a mut PathBuilder,
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (left, base) = (self.x, self.y);
        self.path.quad_to(left + x1, base - y1, left + x, base - y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (left, base) = (self.x, self.y);
        self.path.cubic_to(
            left + x1,
            base - y1,
            left + x2,
            base - y2,
            left + x,
            base - y,
        );
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_has_the_letters_of_french_and_breton() {
        let letters = "aàâäæbcçdeéèêëfghiîïjklmnñoôöœpqrstuùûüvwxyÿzAÀÂÆCÇEÉÈÊËIÎÏNÑOÔŒUÙÛÜ\
            0123456789.,;:!?’'‘“”«»()/–—-…·•€%&@\u{a0}";
        for face in Face::ALL {
            let missing: String = letters.chars().filter(|c| !face.has(*c)).collect();
            assert_eq!(missing, "", "{face:?}");
        }
    }

    #[test]
    fn pairs_are_kerned() {
        let width = |text: &str| -> f32 {
            let glyphs = Face::Serif.shape(text);
            glyphs.iter().map(|glyph| glyph.advance).sum()
        };
        assert!(width("AV") < width("A") + width("V"));
    }

    #[test]
    fn glyphs_know_which_text_they_stand_for() {
        let glyphs = Face::Serif.shape("ñ’a");
        let of: Vec<Range<usize>> = glyphs.into_iter().map(|glyph| glyph.of).collect();
        assert_eq!(of, [0..2, 2..5, 5..6]);
    }

    #[test]
    fn an_outline_stands_on_its_line() {
        let glyph = Face::Bold.shape("H").remove(0);
        let mut path = PathBuilder::new();
        Face::Bold.outline(glyph.id, 100.0, 10.0, 200.0, &mut path);
        let bounds = path.finish().unwrap().bounds();
        assert!((bounds.bottom() - 200.0).abs() < 0.5 && bounds.left() > 10.0);
        assert!((120.0..140.0).contains(&bounds.top()), "{bounds:?}");
    }
}
