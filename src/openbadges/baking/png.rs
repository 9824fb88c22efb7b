//! Credentials in PNG: one `iTXt` chunk with the keyword `openbadgecredential`.
//!
//! The chunk is spliced into the file; every other byte of the picture stays as it is.

use std::io::Read as _;

use flate2::Crc;
use flate2::read::ZlibDecoder;

use super::{Baked, BakingError, Payload, bounded};
use crate::openbadges::json;

/// The eight bytes every PNG begins with.
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const KEYWORD: &[u8] = b"openbadgecredential";
const OPEN_BADGES_2: &[u8] = b"openbadges";

/// Puts a credential into a PNG, before its pixels. A credential already there is **replaced**: the
/// standard allows one.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound PNG, or the payload no credential.
pub fn bake(image: &[u8], payload: &str) -> Result<Vec<u8>, BakingError> {
    let text = Payload::of(payload)?.text();
    let mut chunks = Chunks::of(bounded(image)?)?;
    let mut baked = Vec::with_capacity(image.len().saturating_add(text.len()).saturating_add(64));
    baked.extend_from_slice(SIGNATURE);
    let mut done = false;
    for chunk in &mut chunks {
        let chunk = chunk?;
        if chunk.is(b"IDAT") && !done {
            write_text_chunk(&mut baked, text)?;
            done = true;
        }
        if !(chunk.is(b"iTXt") && chunk.keyword() == KEYWORD) {
            baked.extend_from_slice(chunk.whole);
        }
    }
    if !done {
        return Err(BakingError::Damaged("it has no pixels".into()));
    }
    baked.extend_from_slice(chunks.rest);
    Ok(baked)
}

/// Takes the Open Badges 3.0 credential out of a PNG, or else the first Open Badges 2.0 assertion.
///
/// Chunks with a second credential must be copies of the first to the byte: to compare what they
/// inflate to would let a small file ask for much work.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound PNG, or the carried text can't be read.
pub fn unbake(image: &[u8]) -> Result<Option<Baked>, BakingError> {
    let mut found = None;
    let mut carrier: Option<&[u8]> = None;
    for chunk in Chunks::of(bounded(image)?)? {
        let chunk = chunk?;
        let international = chunk.is(b"iTXt");
        match chunk.keyword() {
            KEYWORD if international => match carrier {
                Some(first) if first != chunk.data => return Err(BakingError::Several),
                Some(_) => {}
                None => {
                    carrier = Some(chunk.data);
                    found = Some(Baked::Credential(chunk.international_text()?));
                }
            },
            OPEN_BADGES_2 if international && found.is_none() => {
                found = Some(Baked::OpenBadges2(chunk.international_text()?));
            }
            OPEN_BADGES_2 if chunk.is(b"tEXt") && found.is_none() => {
                found = Some(Baked::OpenBadges2(chunk.latin1_text()));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// One chunk: its type, its data, and all its bytes with length and CRC.
struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn is(&self, kind: &[u8]) -> bool {
        self.kind == kind
    }

    /// The keyword of a text chunk: all up to the first NUL.
    fn keyword(&self) -> &'a [u8] {
        until_nul(self.data).map_or(&[], |(keyword, _)| keyword)
    }

    /// The text of an `iTXt` chunk (PNG §11.3.3.4). The standard forbids to compress it, some do.
    fn international_text(&self) -> Result<String, BakingError> {
        let damaged = || BakingError::Unreadable("its text chunk is cut short".into());
        let (_, rest) = until_nul(self.data).ok_or_else(damaged)?;
        let [compressed, _method, rest @ ..] = rest else {
            return Err(damaged());
        };
        let (_language, rest) = until_nul(rest).ok_or_else(damaged)?;
        let (_translated_keyword, text) = until_nul(rest).ok_or_else(damaged)?;
        let text = if *compressed == 0 {
            text.to_vec()
        } else {
            inflate(text)?
        };
        if text.len() > json::MAX_BYTES {
            return Err(too_much_text());
        }
        let text = String::from_utf8(text)
            .map_err(|_| BakingError::Unreadable("it is not written in UTF-8".into()))?;
        Ok(text.trim().to_owned())
    }

    fn latin1_text(&self) -> String {
        let (_, text) = until_nul(self.data).unwrap_or_default();
        text.iter()
            .take(json::MAX_BYTES)
            .map(|&byte| char::from(byte))
            .collect()
    }
}

/// Walks the chunks up to `IEND`, checking lengths, CRCs, and that the first is `IHDR`.
struct Chunks<'a> {
    /// What follows the last chunk that was given out.
    rest: &'a [u8],
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    First,
    Inside,
    Ended,
}

impl<'a> Chunks<'a> {
    fn of(image: &'a [u8]) -> Result<Self, BakingError> {
        let rest = image
            .strip_prefix(SIGNATURE)
            .ok_or(BakingError::NotAPicture)?;
        Ok(Self {
            rest,
            state: State::First,
        })
    }

    fn read(&mut self) -> Result<Chunk<'a>, BakingError> {
        let cut = || BakingError::Damaged("it is cut short".into());
        let (length, after) = self.rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut())?;
        let (kind, after) = after.split_at_checked(4).ok_or_else(cut)?;
        let (data, after) = after.split_at_checked(length).ok_or_else(cut)?;
        let (crc, after) = after.split_first_chunk::<4>().ok_or_else(cut)?;
        if crc_of(kind, data) != u32::from_be_bytes(*crc) {
            return Err(BakingError::Damaged("one of its checksums is wrong".into()));
        }
        if self.state == State::First && kind != b"IHDR" {
            return Err(BakingError::Damaged("its header is missing".into()));
        }
        let size = length.saturating_add(12);
        let whole = self.rest.get(..size).ok_or_else(cut)?;
        self.rest = after;
        self.state = if kind == b"IEND" {
            State::Ended
        } else {
            State::Inside
        };
        Ok(Chunk { kind, data, whole })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, BakingError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Ended {
            return None;
        }
        let chunk = self.read();
        if chunk.is_err() {
            self.state = State::Ended;
        }
        Some(chunk)
    }
}

fn until_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    let (before, from) = bytes.split_at_checked(end)?;
    Some((before, from.split_first()?.1))
}

fn crc_of(kind: &[u8], data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    crc.sum()
}

fn too_much_text() -> BakingError {
    BakingError::Unreadable(format!(
        "it has more than the {} bytes that are read",
        json::MAX_BYTES
    ))
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, BakingError> {
    let limit = u64::try_from(json::MAX_BYTES).unwrap_or(u64::MAX);
    let mut text = Vec::new();
    ZlibDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(|_| BakingError::Unreadable("it does not inflate".into()))?;
    Ok(text)
}

fn write_text_chunk(target: &mut Vec<u8>, text: &str) -> Result<(), BakingError> {
    // Keyword, NUL, not compressed, method 0, no language, no translated keyword.
    let data = [KEYWORD, b"\0\0\0\0\0", text.as_bytes()].concat();
    let length = u32::try_from(data.len())
        .map_err(|_| BakingError::NotACredential("this one is too long for a PNG".into()))?;
    target.extend_from_slice(&length.to_be_bytes());
    target.extend_from_slice(b"iTXt");
    target.extend_from_slice(&data);
    target.extend_from_slice(&crc_of(b"iTXt", &data).to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;

    use super::*;

    const CREDENTIAL: &str = r#"{"name":"Animateur·rice de fresque – Gwened, c'hoari"}"#;

    /// A small sound picture with a chunk of its own that must survive.
    fn picture() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 3, 2);
        encoder.set_color(png::ColorType::Rgb);
        encoder
            .add_text_chunk("Author".into(), "An artist".into())
            .unwrap();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[7; 18]).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn pixels(image: &[u8]) -> Vec<u8> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(image))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels
    }

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length, kind, data, &crc_of(kind, data).to_be_bytes()].concat()
    }

    fn with_chunk(extra: &[u8]) -> Vec<u8> {
        let image = picture();
        let header = SIGNATURE.len() + 25;
        [&image[..header], extra, &image[header..]].concat()
    }

    fn others(image: &[u8]) -> Vec<Vec<u8>> {
        Chunks::of(image)
            .unwrap()
            .map(Result::unwrap)
            .filter(|chunk| !chunk.is(b"iTXt"))
            .map(|chunk| chunk.whole.to_vec())
            .collect()
    }

    #[test]
    fn what_was_baked_comes_out_and_the_picture_stays() {
        for payload in [CREDENTIAL, "aGk.e30.c2ln"] {
            let baked = bake(&picture(), payload).unwrap();
            assert_eq!(unbake(&baked), Ok(Some(Baked::Credential(payload.into()))));
            assert_eq!(pixels(&baked), pixels(&picture()));
            assert_eq!(others(&baked), others(&picture()));
        }
    }

    #[test]
    fn other_readers_find_the_credential_too() {
        let baked = bake(&picture(), CREDENTIAL).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(baked))
            .read_info()
            .unwrap();
        let text = &reader.info().utf8_text[0];
        assert_eq!(
            (text.keyword.as_str(), text.compressed),
            ("openbadgecredential", false)
        );
        assert_eq!(text.get_text().unwrap(), CREDENTIAL);
    }

    #[test]
    fn baking_again_replaces_and_is_the_same_to_the_byte() {
        let once = bake(&picture(), CREDENTIAL).unwrap();
        assert_eq!(bake(&once, CREDENTIAL).unwrap(), once);
        let other = bake(&once, "aGk.e30.c2ln").unwrap();
        assert_eq!(
            unbake(&other),
            Ok(Some(Baked::Credential("aGk.e30.c2ln".into())))
        );
        assert!(
            !other
                .windows(KEYWORD.len() + 6)
                .any(|w| w.starts_with(KEYWORD) && w.ends_with(b"{"))
        );
    }

    #[test]
    fn a_plain_picture_carries_nothing() {
        assert_eq!(unbake(&picture()), Ok(None));
    }

    #[test]
    fn credentials_that_differ_are_refused_and_copies_of_one_are_not() {
        let first = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{\"n\":1}");
        let second = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{\"n\":2}");
        let one = Ok(Some(Baked::Credential("{\"n\":1}".into())));
        assert_eq!(
            unbake(&with_chunk(&[first.clone(), first.clone()].concat())),
            one
        );
        let both = with_chunk(&[first.clone(), first, second].concat());
        assert_eq!(unbake(&both), Err(BakingError::Several));
        let mended = bake(&both, CREDENTIAL).unwrap();
        assert_eq!(
            unbake(&mended),
            Ok(Some(Baked::Credential(CREDENTIAL.into())))
        );
    }

    #[test]
    fn a_credential_wins_over_open_badges_2() {
        let old = chunk(b"tEXt", b"openbadges\0https://badges.example/1");
        let new = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{\"n\":1}");
        let image = with_chunk(&[old.clone(), new].concat());
        assert_eq!(
            unbake(&image),
            Ok(Some(Baked::Credential("{\"n\":1}".into())))
        );
        let link = "https://badges.example/1".to_owned();
        assert_eq!(
            unbake(&with_chunk(&old)),
            Ok(Some(Baked::OpenBadges2(link)))
        );
    }

    #[test]
    fn a_compressed_text_is_read_and_a_bomb_is_not() {
        let compressed = |text: &[u8]| {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(text).unwrap();
            let data = [
                b"openbadgecredential\0\x01\0\0\0".as_slice(),
                &encoder.finish().unwrap(),
            ]
            .concat();
            with_chunk(&chunk(b"iTXt", &data))
        };
        let read = unbake(&compressed(CREDENTIAL.as_bytes()));
        assert_eq!(read, Ok(Some(Baked::Credential(CREDENTIAL.into()))));
        let bomb = unbake(&compressed(&vec![b' '; json::MAX_BYTES + 1]));
        assert!(matches!(bomb, Err(BakingError::Unreadable(why)) if why.contains("more than")));
        let garbage = chunk(b"iTXt", b"openbadgecredential\0\x01\0\0\0not deflate");
        assert!(matches!(
            unbake(&with_chunk(&garbage)),
            Err(BakingError::Unreadable(_))
        ));
    }

    #[test]
    fn damage_is_noticed_wherever_it_is() {
        let baked = bake(&picture(), CREDENTIAL).unwrap();
        for cut in SIGNATURE.len()..baked.len() {
            assert!(
                matches!(unbake(&baked[..cut]), Err(BakingError::Damaged(_))),
                "cut at {cut}"
            );
        }
        let mut altered = baked.clone();
        let name = altered.windows(6).position(|w| w == b"\"name\"").unwrap();
        altered[name + 1] ^= 1;
        assert!(
            matches!(unbake(&altered), Err(BakingError::Damaged(why)) if why.contains("checksum"))
        );
        let mut long = picture();
        long[SIGNATURE.len()..SIGNATURE.len() + 4].copy_from_slice(&[0xFF; 4]);
        assert!(matches!(
            bake(&long, CREDENTIAL),
            Err(BakingError::Damaged(_))
        ));
    }

    #[test]
    fn a_picture_without_header_or_pixels_is_refused() {
        let headless = [SIGNATURE, &chunk(b"IEND", b"")].concat();
        assert!(
            matches!(unbake(&headless), Err(BakingError::Damaged(why)) if why.contains("header"))
        );
        let empty = [SIGNATURE, &chunk(b"IHDR", &[0; 13]), &chunk(b"IEND", b"")].concat();
        assert!(
            matches!(bake(&empty, CREDENTIAL), Err(BakingError::Damaged(why)) if why.contains("pixels"))
        );
    }

    #[test]
    fn a_picture_beyond_the_limit_is_refused_unread() {
        let mut huge = picture();
        huge.resize(super::super::MAX_IMAGE_BYTES + 1, 0);
        assert!(matches!(unbake(&huge), Err(BakingError::TooLarge { .. })));
        assert!(matches!(
            bake(&huge, CREDENTIAL),
            Err(BakingError::TooLarge { .. })
        ));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let image = [SIGNATURE, &bytes].concat();
            let _ = unbake(&image);
            let _ = bake(&image, CREDENTIAL);
        }

        #[test]
        fn an_altered_picture_never_panics(at in 0usize..150, byte: u8) {
            let mut image = bake(&picture(), CREDENTIAL).unwrap();
            let at = at % image.len();
            image[at] = byte;
            let _ = unbake(&image);
            let _ = bake(&image, "aGk.e30.c2ln");
        }
    }
}
