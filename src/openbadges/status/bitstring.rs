//! The bits of a status list, and how they travel: `u` + base64url(gzip(bits)).

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::{StatusError, malformed};

/// The fewest entries a list may have (16 KiB of single bits): a shorter list tells its host whose
/// status is being looked up (Bitstring Status List 1.0, “Privacy Considerations”).
pub const MIN_ENTRIES: u64 = 131_072;

/// The largest list that is inflated, in bytes: 33 million badges, or a bomb.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A row of bits. Entry 0 is the left-most: the most significant bit of the first byte
/// (Bitstring Status List 1.0 §2.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Bitstring(Vec<u8>);

impl Bitstring {
    /// All zeros, for at least `entries` single-bit entries and never fewer than [`MIN_ENTRIES`].
    ///
    /// # Errors
    /// [`StatusError::MalformedValue`] for more entries than [`MAX_BYTES`] hold.
    pub fn new(entries: u64) -> Result<Self, StatusError> {
        usize::try_from(entries.max(MIN_ENTRIES).div_ceil(8))
            .ok()
            .filter(|bytes| *bytes <= MAX_BYTES)
            .map(|bytes| Self(vec![0; bytes]))
            .ok_or_else(|| malformed(format!("a list of {entries} entries is too long")))
    }

    /// From the bytes of a list somebody published: neither a bomb nor telling whose status is looked
    /// up.
    fn from_bytes(bytes: Vec<u8>) -> Result<Self, StatusError> {
        let list = Self(bytes);
        if list.0.len() > MAX_BYTES {
            return Err(malformed(format!(
                "the list has more than {MAX_BYTES} bytes"
            )));
        }
        if list.bits() < MIN_ENTRIES {
            return Err(StatusError::ListLength {
                entries: list.bits(),
            });
        }
        Ok(list)
    }

    /// How many bits there are.
    pub fn bits(&self) -> u64 {
        u64::try_from(self.0.len())
            .unwrap_or(u64::MAX)
            .saturating_mul(8)
    }

    /// The value of entry `index` in a list whose entries have `size` bits each, big-endian; `None`
    /// beyond the end, or for a size that is not 1 to 64.
    pub fn get(&self, index: u64, size: u32) -> Option<u64> {
        if !(1..=64).contains(&size) {
            return None;
        }
        let first = index.checked_mul(u64::from(size))?;
        let mut value = 0;
        for offset in 0..u64::from(size) {
            let bit = first.checked_add(offset)?;
            let byte = self.0.get(usize::try_from(bit / 8).ok()?)?;
            value = (value << 1) | u64::from(*byte & mask(bit) != 0);
        }
        Some(value)
    }

    /// Sets single-bit entry `index`.
    ///
    /// # Errors
    /// [`StatusError::Range`] beyond the end of the list.
    pub fn set(&mut self, index: u64, value: bool) -> Result<(), StatusError> {
        let byte = usize::try_from(index / 8)
            .ok()
            .and_then(|at| self.0.get_mut(at))
            .ok_or_else(|| StatusError::Range {
                index: index.to_string(),
            })?;
        if value {
            *byte |= mask(index);
        } else {
            *byte &= !mask(index);
        }
        Ok(())
    }

    /// As `encodedList` wants it: `u` and base64url without padding of the gzipped bits.
    #[expect(
        clippy::expect_used,
        reason = "a Vec takes every byte; anything made up here instead would be signed"
    )]
    pub fn encode(&self) -> String {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let packed = encoder
            .write_all(&self.0)
            .and_then(|()| encoder.finish())
            .expect("a Vec takes every byte");
        format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed))
    }

    /// Reads an `encodedList`, inflating no more than [`MAX_BYTES`].
    ///
    /// # Errors
    /// [`StatusError::MalformedValue`] when it is not encoded so or inflates beyond the limit,
    /// [`StatusError::ListLength`] when it has fewer than [`MIN_ENTRIES`] bits.
    pub fn decode(encoded: &str) -> Result<Self, StatusError> {
        let packed = encoded
            .strip_prefix('u')
            .ok_or_else(|| malformed("the list does not begin with u, for base64url"))?;
        let packed = BASE64_URL_SAFE_NO_PAD
            .decode(packed)
            .map_err(|_| malformed("the list is not written in base64url without padding"))?;
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        MultiGzDecoder::new(packed.as_slice())
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|_| malformed("the list is not compressed with gzip"))?;
        Self::from_bytes(bytes)
    }
}

impl std::fmt::Debug for Bitstring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let set: u32 = self.0.iter().map(|byte| byte.count_ones()).sum();
        write!(f, "Bitstring({} bits, {set} set)", self.bits())
    }
}

fn mask(bit: u64) -> u8 {
    0x80 >> (bit % 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The empty list of the standard's own example (Bitstring Status List 1.0 §2.2, example 4).
    const EMPTY: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";

    fn packed(bytes: &[u8]) -> String {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        format!(
            "u{}",
            BASE64_URL_SAFE_NO_PAD.encode(encoder.finish().unwrap())
        )
    }

    #[test]
    fn the_standards_empty_list_is_ours() {
        assert_eq!(
            Bitstring::decode(EMPTY).unwrap(),
            Bitstring::new(1).unwrap()
        );
        assert_eq!(Bitstring::new(1).unwrap().bits(), MIN_ENTRIES);
    }

    #[test]
    fn entry_zero_is_the_most_significant_bit_of_the_first_byte() {
        let mut list = Bitstring::new(1).unwrap();
        list.set(0, true).unwrap();
        list.set(15, true).unwrap();
        assert_eq!(list.0[..3], [0b1000_0000, 0b0000_0001, 0]);
        list.set(0, false).unwrap();
        assert_eq!(list.0[0], 0);
    }

    #[test]
    fn an_entry_of_several_bits_is_read_big_endian() {
        let mut bytes = vec![0; 16_384];
        bytes[..2].copy_from_slice(&[0b0001_1011, 0b1010_0000]);
        let list = Bitstring::from_bytes(bytes).unwrap();
        assert_eq!(
            (0..4).map(|i| list.get(i, 2).unwrap()).collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
        assert_eq!(list.get(1, 3), Some(0b110));
        assert_eq!(list.get(2, 3), Some(0b111));
        assert_eq!(
            list.get(0, 64).map(|value| value >> 48),
            Some(0b0001_1011_1010_0000)
        );
    }

    #[test]
    fn nothing_is_read_or_written_beyond_the_end() {
        let mut list = Bitstring::new(MIN_ENTRIES).unwrap();
        assert_eq!(list.get(MIN_ENTRIES - 1, 1), Some(0));
        assert_eq!(list.get(MIN_ENTRIES, 1), None);
        assert_eq!(list.get(MIN_ENTRIES / 2, 2), None);
        assert_eq!(list.get(u64::MAX, 64), None);
        assert_eq!((list.get(0, 0), list.get(0, 65)), (None, None));
        let index = MIN_ENTRIES.to_string();
        assert_eq!(
            list.set(MIN_ENTRIES, true),
            Err(StatusError::Range { index })
        );
    }

    #[test]
    fn a_short_list_a_bomb_and_other_encodings_are_told_apart() {
        let short = Bitstring::decode(&packed(&[0; 16_383]));
        assert_eq!(short, Err(StatusError::ListLength { entries: 131_064 }));
        for wrong in [
            packed(&vec![0; MAX_BYTES + 1]),
            format!("z{}", &EMPTY[1..]),
            format!("{EMPTY}="),
            format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(vec![0; 20_000])),
            String::new(),
        ] {
            assert!(matches!(
                Bitstring::decode(&wrong),
                Err(StatusError::MalformedValue(_))
            ));
        }
        assert!(matches!(
            Bitstring::new(u64::MAX),
            Err(StatusError::MalformedValue(_))
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn decoding_undoes_encoding(set in proptest::collection::vec(0..MIN_ENTRIES, 0..50)) {
            let mut list = Bitstring::new(1).unwrap();
            for index in &set {
                list.set(*index, true).unwrap();
            }
            let read = Bitstring::decode(&list.encode()).unwrap();
            prop_assert_eq!(&read, &list);
            prop_assert!(set.iter().all(|index| read.get(*index, 1) == Some(1)));
        }

        #[test]
        fn hostile_text_never_panics(text in "u?[A-Za-z0-9_=-]{0,80}|.{0,20}") {
            let _ = Bitstring::decode(&text);
        }
    }
}
