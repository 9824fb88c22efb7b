//! Signed bytes, kept small and given back as they were, byte for byte.
//!
//! What badges of one class share is a dictionary for zstd: a fixed skeleton of a credential, and what
//! its achievement's version says, which never changes. A badge of 3 kB then takes some 500 bytes.
//! The number beside the bytes says how they are kept; a number once given never changes its meaning.

use zstd::bulk::Decompressor;
use zstd::dict::EncoderDictionary;
use zstd::zstd_safe::{CCtx, compress_bound, get_error_name, get_frame_content_size};

use super::StoreError;

/// As they are.
const PLAIN: i64 = 0;
/// zstd, with [`SKELETON`] and the version's document as dictionary.
const WITH_VERSION: i64 = 1;

/// Fast, and within a tenth of what higher levels reach on such texts.
const LEVEL: i32 = 1;

/// The largest document that is given back, in bytes: whoever altered the database fills no memory.
const LARGEST: usize = 4 << 20;

/// What every badge says somewhere. Never changes: what was packed is unpacked with it.
const SKELETON: &str = include_str!("skeleton.json");

/// Packs documents of one version of a badge class.
pub struct Packer(EncoderDictionary<'static>);

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packer")
    }
}

/// The memory that packing takes, for many documents one after the other.
pub struct PackingRoom(CCtx<'static>);

impl Default for PackingRoom {
    fn default() -> Self {
        Self(CCtx::create())
    }
}

impl std::fmt::Debug for PackingRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PackingRoom")
    }
}

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    pub(super) packing: i64,
    pub(super) bytes: Vec<u8>,
}

impl Packer {
    /// A packer for badges of a version whose document is this.
    pub fn of(version: &str) -> Self {
        Self(EncoderDictionary::copy(&dictionary(version), LEVEL))
    }

    /// A document, packed.
    pub fn pack(&self, room: &mut PackingRoom, document: &[u8]) -> Result<Packed, StoreError> {
        let mut bytes = Vec::with_capacity(compress_bound(document.len()));
        room.0
            .compress_using_cdict(&mut bytes, document, self.0.as_cdict())
            .map_err(|code| StoreError::Failed(get_error_name(code).into()))?;
        bytes.shrink_to_fit();
        let packing = WITH_VERSION;
        Ok(Packed { packing, bytes })
    }
}

impl Packed {
    /// A document that is kept as it is.
    pub fn plain(document: &[u8]) -> Self {
        Self {
            packing: PLAIN,
            bytes: document.to_vec(),
        }
    }

    /// The document, as it was; `version` is that of its badge class.
    pub(super) fn document(self, version: &str) -> Result<Vec<u8>, StoreError> {
        match self.packing {
            PLAIN => Ok(self.bytes),
            WITH_VERSION => {
                let mut decompressor =
                    Decompressor::with_dictionary(&dictionary(version)).map_err(failed)?;
                decompressor
                    .decompress(&self.bytes, size(&self.bytes, LARGEST)?)
                    .map_err(|error| unreadable(&error.to_string()))
            }
            _ => Err(unreadable("it was packed by a newer version of badgeons")),
        }
    }
}

/// What badges of a version are likely to say, the likeliest last.
fn dictionary(version: &str) -> Vec<u8> {
    [version.as_bytes(), SKELETON.as_bytes()].concat()
}

/// Rows of a roster and what became of them, packed without any dictionary.
pub fn pack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(bytes, LEVEL).map_err(failed)
}

/// What [`pack`] packed; at most `largest` bytes.
pub fn unpack(bytes: &[u8], largest: usize) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::decompress(bytes, size(bytes, largest)?)
        .map_err(|error| unreadable(&error.to_string()))
}

/// How long it was before it was packed.
fn size(packed: &[u8], largest: usize) -> Result<usize, StoreError> {
    let size = get_frame_content_size(packed).ok().flatten();
    let size = size.and_then(|size| usize::try_from(size).ok());
    size.filter(|size| *size <= largest)
        .ok_or_else(|| unreadable("its length is missing or absurd"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn failed(error: std::io::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}

fn unreadable(reason: &str) -> StoreError {
    StoreError::Unreadable {
        column: "document".into(),
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERSION: &str = r#"{"name":"Fresque","criteria":{"narrative":"Avoir participé."}}"#;

    fn packed(document: &[u8]) -> Packed {
        let mut room = PackingRoom::default();
        Packer::of(VERSION).pack(&mut room, document).unwrap()
    }

    #[test]
    fn what_badges_share_is_kept_once() {
        let document = SKELETON.replace("fresque", "Fresque");
        assert!(packed(document.as_bytes()).bytes.len() < document.len() / 5);
    }

    #[test]
    fn with_another_version_nothing_is_given_back() {
        let mut packed = packed(VERSION.as_bytes());
        assert!(packed.clone().document("{}").is_err());
        packed.packing = 9;
        assert!(packed.document(VERSION).is_err());
    }

    #[test]
    fn what_was_altered_is_refused_and_fills_no_memory() {
        let whole = packed(&[b'a'; 1000]);
        for length in 0..whole.bytes.len() {
            let mut cut = whole.clone();
            cut.bytes.truncate(length);
            assert!(cut.document(VERSION).is_err(), "{length}");
        }
        let huge = zstd::bulk::compress(&vec![0; LARGEST + 1], 1).unwrap();
        let packing = WITH_VERSION;
        let huge = Packed {
            packing,
            bytes: huge,
        };
        assert!(huge.document(VERSION).is_err());
    }

    proptest! {
        #[test]
        fn every_byte_comes_back(document in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert_eq!(&packed(&document).document(VERSION).unwrap(), &document);
            prop_assert_eq!(&Packed::plain(&document).document(VERSION).unwrap(), &document);
            let rows = pack(&document).unwrap();
            prop_assert_eq!(unpack(&rows, 2000).unwrap(), document);
        }
    }
}
