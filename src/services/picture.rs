//! The picture of a badge: checked when it is entered, and drawn as PNG, once, in a size that stays
//! sharp on a certificate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use resvg::tiny_skia::{Pixmap, Transform};

use super::Error;
use super::drawable::{self, NotDrawn};
use crate::openbadges::baking::{self, Carrier};

/// The largest picture of a badge, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

const SVG: &str = "image/svg+xml";

/// The side of the square a badge is drawn in, in pixels.
const SIDE: u16 = 512;

/// A picture that a badge can be baked into.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) media_type: &'static str,
}

impl Picture {
    /// Takes a picture that somebody brings.
    ///
    /// # Errors
    /// [`Error::Refused`] for what is too large, neither PNG nor SVG, can't carry a badge, or can't be
    /// drawn in the other form.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::Refused(
                "the picture has more than 1 MiB; make it smaller".into(),
            ));
        }
        let media_type = match Carrier::detect(&bytes) {
            Some(Carrier::Png) => "image/png",
            Some(Carrier::Svg) => SVG,
            None => return Err(Error::Refused("the picture is neither PNG nor SVG".into())),
        };
        // What can't carry a badge is no picture for one; the trial also finds scripts and bombs.
        baking::bake(&bytes, "{}").map_err(|error| Error::Refused(error.to_string()))?;
        if media_type == SVG {
            drawable::tree(&bytes).map_err(|error| Error::Refused(error.to_string()))?;
        }
        Ok(Self { bytes, media_type })
    }

    /// Where it is: at an address of ours, else inside what names it.
    pub(super) fn uri(&self, address: Option<String>) -> String {
        address.unwrap_or_else(|| {
            let bytes = STANDARD.encode(&self.bytes);
            format!("data:{};base64,{bytes}", self.media_type)
        })
    }
}

/// Draws an SVG as PNG, as large as fits a square of 512 pixels.
pub(super) fn png_of(svg: &[u8]) -> Result<Vec<u8>, NotDrawn> {
    let tree = drawable::tree(svg)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = f32::from(SIDE) / width.max(height);
    let side = u32::from(SIDE);
    let mut pixels = Pixmap::new(side, side).ok_or_else(|| NotDrawn("no memory".into()))?;
    let centred = Transform::from_scale(scale, scale).post_translate(
        (f32::from(SIDE) - width * scale) / 2.0,
        (f32::from(SIDE) - height * scale) / 2.0,
    );
    resvg::render(&tree, centred, &mut pixels.as_mut());
    encode(pixels).map_err(|error| NotDrawn(error.to_string()))
}

fn encode(pixels: Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let side = u32::from(SIDE);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels.take_demultiplied())?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEA: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#147"/></svg>"##;

    #[test]
    fn an_svg_becomes_a_square_png_of_its_colours() {
        let file = png_of(SEA).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (512, 512));
        assert_eq!(pixels.get(..4), Some(&[0x11, 0x44, 0x77, 0xFF][..]));
    }

    #[test]
    fn what_is_no_svg_is_not_drawn() {
        assert!(png_of(b"<html/>").is_err());
    }
}
