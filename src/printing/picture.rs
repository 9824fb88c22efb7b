//! The picture of a badge, opened for a sheet: an SVG as the shapes it consists of, a PNG as pixels.
//!
//! Whether a picture is harmless, and cheap enough to draw, was found out when it was entered
//! (`openbadges::baking`, `services::drawable`). The bounds here only keep one sheet from becoming heavy.

use std::io::Cursor;

use resvg::tiny_skia::{FilterQuality, IntSize, Pixmap, PixmapPaint, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// The largest file that is opened, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The most pixels of a PNG that is opened: 3000 × 3000.
const MAX_PIXELS: u64 = 9_000_000;

/// The picture of a badge: its file, as the badge carries it.
#[derive(Debug, Clone, Copy)]
pub enum Picture<'a> {
    /// An SVG that `services::drawable` lets pass.
    Svg(&'a [u8]),
    /// A PNG.
    Png(&'a [u8]),
}

/// A picture that can be drawn.
#[derive(Debug)]
pub(super) enum Opened {
    Shapes(Box<Tree>),
    Pixels(Pixmap),
}

impl Picture<'_> {
    /// Opens the picture; none if it can't be drawn.
    pub(super) fn open(self) -> Option<Opened> {
        match self {
            Self::Svg(file) | Self::Png(file) if file.len() > MAX_BYTES => None,
            Self::Svg(file) => shapes(file).map(|tree| Opened::Shapes(Box::new(tree))),
            Self::Png(file) => pixels(file).map(Opened::Pixels),
        }
    }
}

impl Opened {
    /// Width and height.
    pub(super) fn size(&self) -> (f32, f32) {
        match self {
            Self::Shapes(tree) => (tree.size().width(), tree.size().height()),
            Self::Pixels(pixels) => (pixels.width() as f32, pixels.height() as f32),
        }
    }

    /// How it is moved and scaled to stand in the middle of a square.
    pub(super) fn fitted(&self, x: f32, y: f32, side: f32) -> Transform {
        let (width, height) = self.size();
        let scale = side / width.max(height);
        Transform::from_scale(scale, scale).post_translate(
            x + (side - width * scale) / 2.0,
            y + (side - height * scale) / 2.0,
        )
    }

    /// Draws it in a square of a larger picture.
    pub(super) fn draw(&self, x: f32, y: f32, side: f32, onto: &mut Pixmap) {
        match self {
            Self::Shapes(tree) => resvg::render(tree, self.fitted(x, y, side), &mut onto.as_mut()),
            Self::Pixels(pixels) => {
                let smooth = PixmapPaint {
                    quality: FilterQuality::Bicubic,
                    ..PixmapPaint::default()
                };
                let placed = self.fitted(x, y, side);
                onto.draw_pixmap(0, 0, pixels.as_ref(), &smooth, placed, None);
            }
        }
    }
}

fn shapes(svg: &[u8]) -> Option<Tree> {
    // Nothing is loaded, neither from outside the SVG nor from inside it.
    let nothing = ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = Options {
        image_href_resolver: nothing,
        ..Options::default()
    };
    let tree = Tree::from_data(svg, &options).ok()?;
    let sane = |side: f32| (0.01..=100_000.0).contains(&side);
    (sane(tree.size().width()) && sane(tree.size().height())).then_some(tree)
}

fn pixels(png: &[u8]) -> Option<Pixmap> {
    let limits = png::Limits { bytes: 64 << 20 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(png), limits);
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return None;
    }
    let mut samples = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut samples).ok()?;
    samples.truncate(info.buffer_size());
    let mut pixels = match info.color_type {
        png::ColorType::Rgba => samples,
        png::ColorType::GrayscaleAlpha => coloured(&samples),
        _ => return None,
    };
    premultiply(&mut pixels);
    Some(halved(Pixmap::from_vec(
        pixels,
        IntSize::from_wh(width, height)?,
    )?))
}

/// Grey with transparency, as red, green, blue with transparency.
fn coloured(samples: &[u8]) -> Vec<u8> {
    let pairs = samples.as_chunks::<2>().0.iter();
    pairs
        .flat_map(|&[grey, alpha]| [grey, grey, grey, alpha])
        .collect()
}

fn premultiply(rgba: &mut [u8]) {
    for [red, green, blue, alpha] in rgba.as_chunks_mut::<4>().0 {
        for colour in [red, green, blue] {
            let product = u16::from(*colour) * u16::from(*alpha);
            *colour = u8::try_from((product + 127) / 255).unwrap_or(u8::MAX);
        }
    }
}

/// A picture of more pixels than a sheet shows, halved until it is small enough: in steps, so that no
/// pixel is skipped.
fn halved(mut pixels: Pixmap) -> Pixmap {
    const ENOUGH: u32 = 600;
    while pixels.width().max(pixels.height()) > ENOUGH {
        let (width, height) = (pixels.width().div_ceil(2), pixels.height().div_ceil(2));
        let Some(mut half) = Pixmap::new(width, height) else {
            break;
        };
        let smooth = PixmapPaint {
            quality: FilterQuality::Bilinear,
            ..PixmapPaint::default()
        };
        let scale = Transform::from_scale(0.5, 0.5);
        half.draw_pixmap(0, 0, pixels.as_ref(), &smooth, scale, None);
        pixels = half;
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: png::ColorType, sample: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        let mut writer = encoder.write_header().unwrap();
        writer
            .write_image_data(&sample.repeat((width * height) as usize))
            .unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn every_kind_of_png_is_opened() {
        for (color, sample, expected) in [
            (png::ColorType::Grayscale, &[7][..], [7, 7, 7, 255]),
            (png::ColorType::GrayscaleAlpha, &[200, 0][..], [0, 0, 0, 0]),
            (png::ColorType::Rgb, &[1, 2, 3][..], [1, 2, 3, 255]),
            (
                png::ColorType::Rgba,
                &[255, 0, 2, 128][..],
                [128, 0, 1, 128],
            ),
        ] {
            let opened = Picture::Png(&png(3, 2, color, sample)).open().unwrap();
            let Opened::Pixels(pixels) = opened else {
                unreachable!("a PNG has pixels");
            };
            assert_eq!(pixels.data().get(..4), Some(&expected[..]), "{color:?}");
        }
    }

    #[test]
    fn large_pictures_become_small_and_huge_ones_none() {
        let size = |side| {
            let file = png(side, side, png::ColorType::Grayscale, &[9]);
            Picture::Png(&file).open().map(|opened| opened.size())
        };
        assert_eq!(size(1200), Some((600.0, 600.0)));
        assert_eq!(size(3001), None);
    }

    #[test]
    fn what_is_no_picture_is_none() {
        let large = vec![b' '; MAX_BYTES + 1];
        for file in [&b""[..], b"<svg", b"\x89PNG\r\n\x1a\n", b"<html/>", &large] {
            assert!(Picture::Svg(file).open().is_none());
            assert!(Picture::Png(file).open().is_none());
        }
    }

    #[test]
    fn a_picture_is_centred_in_its_square() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/>";
        let placed = Picture::Svg(svg).open().unwrap().fitted(100.0, 0.0, 40.0);
        assert_eq!(placed, Transform::from_row(2.0, 0.0, 0.0, 2.0, 100.0, 10.0));
    }
}
