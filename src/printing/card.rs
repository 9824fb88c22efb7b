//! A badge as the picture that a social network shows beside a link to it (Open Graph): 1200 × 630, PNG.
//!
//! Without a description and without letters smaller than a thumb shows. Drawn with the letters'
//! outlines, so that no font of the machine has a say; lines come from `typesetting`.

use resvg::tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};

use super::colours::{DEEP, Ink, QUIET, SUN, TEXT, WATER};
use super::fonts::Face;
use super::picture::Picture;
use super::typesetting::{Block, Line};
use super::{PrintError, sea};

/// The size that Open Graph asks for, in pixels.
pub const WIDTH: u16 = 1200;
/// See [`WIDTH`].
pub const HEIGHT: u16 = 630;

const LEFT: f32 = 80.0;
const SIDE: f32 = 380.0;
/// The sizes a title is set in, and in how many lines.
const TITLE: [(f32, usize); 7] = [
    (76.0, 1),
    (68.0, 1),
    (60.0, 1),
    (66.0, 2),
    (58.0, 2),
    (54.0, 3),
    (46.0, 3),
];

/// What a card says, in the reader's language. Empty texts are left out.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    /// What it is: “Open badge”.
    pub heading: &'a str,
    /// The name of the badge.
    pub title: &'a str,
    /// Who issues it.
    pub subtitle: &'a str,
    /// Whose badge it is, if the picture is of somebody's.
    pub recipient: Option<&'a str>,
    /// The badge's picture.
    pub picture: Option<Picture<'a>>,
}

/// Makes the card.
///
/// # Errors
/// [`PrintError`] if there is no memory for it; nothing that a badge contains is an error.
pub fn png(card: &Card<'_>) -> Result<Vec<u8>, PrintError> {
    let mut pixels = Pixmap::new(WIDTH.into(), HEIGHT.into()).ok_or(PrintError::Memory)?;
    pixels.fill(Color::WHITE);
    for (ink, path) in sea::shapes(WIDTH.into(), HEIGHT.into(), 2.0) {
        fill(&mut pixels, &path, ink);
    }
    let picture = card.picture.and_then(Picture::open);
    let x = match &picture {
        Some(picture) => {
            picture.draw(LEFT - 8.0, 74.0, SIDE, &mut pixels);
            LEFT + SIDE + 56.0
        }
        None => LEFT,
    };
    words(&mut pixels, card, x, f32::from(WIDTH) - LEFT - x);
    encoded(pixels)
}

/// The words, in the middle of the height above the sea.
fn words(pixels: &mut Pixmap, card: &Card<'_>, x: f32, width: f32) {
    let heading = card.heading.to_uppercase();
    let heading = Block::set(Face::Bold, 24.0, &heading, width / 1.2, 1).spaced(0.12);
    let title = Block::fit(Face::Serif, &TITLE, card.title, width);
    let recipient = card.recipient.unwrap_or_default();
    let recipient = Block::fit(Face::Bold, &[(34.0, 1), (28.0, 1)], recipient, width);
    let subtitle = Block::fit(Face::Sans, &[(28.0, 1), (25.0, 2)], card.subtitle, width);

    let parts = [
        (&heading, 1.0, 0.0, WATER),
        (&title, 1.04, 8.0, DEEP),
        (&recipient, 1.2, 46.0, TEXT),
        (
            &subtitle,
            1.3,
            if recipient.lines.is_empty() {
                46.0
            } else {
                6.0
            },
            QUIET,
        ),
    ];
    let height = |(block, leading, gap, _): &(&Block, f32, f32, Ink)| {
        let height = block.height(block.size() * leading);
        if height > 0.0 { gap + height } else { 0.0 }
    };
    let all: f32 = parts.iter().map(height).sum();
    let mut y = 40.0 + (f32::from(HEIGHT) - 40.0 - 2.0 * sea::HEIGHT - 36.0 - all) / 2.0;
    for (place, (block, leading, gap, ink)) in parts.iter().enumerate() {
        if !block.lines.is_empty() {
            y += gap;
        }
        for line in &block.lines {
            y += line.size * leading;
            letters(pixels, line, x, y, *ink);
        }
        // The accent stands under the title.
        if place == 1
            && let Some(accent) = Rect::from_xywh(x, y + 28.0, 96.0, 5.0)
        {
            fill(pixels, &PathBuilder::from_rect(accent), SUN);
        }
    }
}

fn letters(pixels: &mut Pixmap, line: &Line, x: f32, y: f32, ink: Ink) {
    let mut path = PathBuilder::new();
    let mut x = x;
    for glyph in &line.glyphs {
        let (right, up) = (glyph.right * line.size, glyph.up * line.size);
        line.face
            .outline(glyph.id, line.size, x + right, y - up, &mut path);
        x += glyph.advance * line.size;
    }
    if let Some(path) = path.finish() {
        fill(pixels, &path, ink);
    }
}

fn fill(pixels: &mut Pixmap, path: &Path, [red, green, blue]: Ink) {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    pixels.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
}

/// The file; every pixel is opaque, since the card is white to begin with.
fn encoded(pixels: Pixmap) -> Result<Vec<u8>, PrintError> {
    let samples = pixels.take();
    let samples = samples.as_chunks::<4>().0.iter();
    let samples: Vec<u8> = samples
        .flat_map(|&[red, green, blue, _]| [red, green, blue])
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH.into(), HEIGHT.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&samples)?;
    writer.finish()?;
    Ok(file)
}
