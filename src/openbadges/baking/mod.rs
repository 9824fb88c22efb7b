//! Badges inside pictures: a signed credential carried by a PNG or an SVG, in and out.
//!
//! What lives here: finding, replacing and reading the carried text, byte by byte, without touching
//! the picture. What does not: drawing pictures, and judging what was found, which is
//! [`verify`](super::verify). The picture is not covered by the signature: it is an envelope.
//!
//! Open Badges 3.0, “Baked Badge”. Both carriers hold *one* credential, so baking into a picture
//! that already carries some replaces them. The carried text is the whole credential, either JSON
//! with its proof or a compact JWS; a mere link, as Open Badges 2.0 had, is refused.
//!
//! One more carrier is one more file with `bake` and `unbake`, a variant of [`Carrier`], and its
//! signature in [`Carrier::detect`].
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

mod passive;
pub mod png;
mod survey;
pub mod svg;

use super::json;
use super::model::rules::is_compact_jws;

/// The largest picture that is read or written, in bytes.
pub const MAX_IMAGE_BYTES: usize = 16 * 1024 * 1024;

/// A kind of picture that can carry a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Portable Network Graphics.
    Png,
    /// Scalable Vector Graphics.
    Svg,
}

impl Carrier {
    /// Tells the kind of picture from its first bytes; `None` when they are neither PNG nor XML.
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(png::SIGNATURE) {
            return Some(Self::Png);
        }
        let utf16 = [b"\xFF\xFE".as_slice(), b"\xFE\xFF"]
            .iter()
            .any(|mark| bytes.starts_with(mark));
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let markup = text.trim_ascii_start().starts_with(b"<");
        (utf16 || markup).then_some(Self::Svg)
    }
}

/// What a picture carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baked {
    /// An Open Badges 3.0 credential: JSON with its proof, or a compact JWS.
    Credential(String),
    /// An Open Badges 2.0 assertion: a link, a compact JWS or JSON.
    OpenBadges2(String),
}

/// Why a credential could not be put in a picture, or taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BakingError {
    /// The bytes are no picture of a kind that carries badges.
    #[error("this is neither a PNG nor an SVG picture; badges are baked into these two only")]
    NotAPicture,
    /// More bytes than [`MAX_IMAGE_BYTES`].
    #[error("the picture has {size} bytes, more than the {MAX_IMAGE_BYTES} that are read")]
    TooLarge {
        /// The picture's size, in bytes.
        size: usize,
    },
    /// The picture is cut short or altered.
    #[error("the picture is damaged: {0}; get it again from where it came")]
    Damaged(String),
    /// The picture is written in a way that is refused, for safety.
    #[error("the SVG picture is refused: {0}")]
    Refused(String),
    /// The carried text inflates beyond what is read, or is no text.
    #[error("the text carried by the picture can't be read: {0}")]
    Unreadable(String),
    /// It carries credentials that differ.
    #[error(
        "the picture carries several badges that differ, and which one is read depends on the \
         reader; ask whoever gave it for one badge alone"
    )]
    Several,
    /// What should be baked is no credential.
    #[error(
        "only a whole credential can be baked, as JSON with its proof or as a compact JWS; {0}"
    )]
    NotACredential(String),
}

/// Puts a signed credential into a picture, replacing any credential the picture already carries.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound picture, or the payload no credential.
pub fn bake(image: &[u8], payload: &str) -> Result<Vec<u8>, BakingError> {
    match Carrier::detect(image).ok_or(BakingError::NotAPicture)? {
        Carrier::Png => png::bake(image, payload),
        Carrier::Svg => svg::bake(image, payload),
    }
}

/// Takes the carried credential out of a picture; `Ok(None)` when a sound picture carries none.
///
/// The standard allows one. Where there are several, readers commonly take the first, but some the
/// last, so that one file could be one badge to whoever checks it and another to whoever relies on it.
/// As with a member written twice in JSON, credentials that differ are refused; copies of one pass.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound picture, or what they carry can't be read.
pub fn unbake(image: &[u8]) -> Result<Option<Baked>, BakingError> {
    match Carrier::detect(image).ok_or(BakingError::NotAPicture)? {
        Carrier::Png => png::unbake(image),
        Carrier::Svg => svg::unbake(image),
    }
}

/// The two forms a credential is baked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payload<'a> {
    Json(&'a str),
    Jws(&'a str),
}

impl<'a> Payload<'a> {
    /// Recognises the form, refusing what is no whole credential: what was baked by mistake would
    /// travel far before anybody noticed.
    fn of(text: &'a str) -> Result<Self, BakingError> {
        let text = text.trim();
        let refused = |why: String| Err(BakingError::NotACredential(why));
        if text.len() > json::MAX_BYTES {
            return refused(format!("this text has more than {} bytes", json::MAX_BYTES));
        }
        if text.starts_with('{') {
            return match json::parse(text.as_bytes()) {
                Ok(_) => Ok(Self::Json(text)),
                Err(error) => refused(format!("this JSON has a fault: {error}")),
            };
        }
        if is_compact_jws(text) {
            Ok(Self::Jws(text))
        } else {
            refused("this text is neither".into())
        }
    }

    fn text(self) -> &'a str {
        match self {
            Self::Json(text) | Self::Jws(text) => text,
        }
    }
}

fn bounded(image: &[u8]) -> Result<&[u8], BakingError> {
    if image.len() > MAX_IMAGE_BYTES {
        return Err(BakingError::TooLarge { size: image.len() });
    }
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        assert_eq!(Carrier::detect(b"\x89PNG\r\n\x1a\n"), Some(Carrier::Png));
        assert_eq!(
            Carrier::detect(b"\xEF\xBB\xBF \n<svg/>"),
            Some(Carrier::Svg)
        );
        assert_eq!(Carrier::detect(b"\xFF\xFE<\0s\0"), Some(Carrier::Svg));
        assert_eq!(Carrier::detect(b"\xFF\xD8\xFF\xE0 a photograph"), None);
        assert_eq!(Carrier::detect(b"{}"), None);
        assert_eq!(bake(b"GIF89a", "{}"), Err(BakingError::NotAPicture));
        assert_eq!(unbake(b"GIF89a"), Err(BakingError::NotAPicture));
    }

    #[test]
    fn only_whole_credentials_are_baked() {
        assert!(matches!(
            Payload::of(" {\"a\":1}\n"),
            Ok(Payload::Json("{\"a\":1}"))
        ));
        assert!(matches!(
            Payload::of("aGk.e30.c2ln\n"),
            Ok(Payload::Jws("aGk.e30.c2ln"))
        ));
        for text in [
            "https://badges.example/1",
            "",
            "a.b",
            "a.b.c.d",
            "a..",
            ".b.c",
            "{\"a\":",
            "a.b.é",
        ] {
            assert!(
                matches!(Payload::of(text), Err(BakingError::NotACredential(_))),
                "{text}"
            );
        }
    }
}
