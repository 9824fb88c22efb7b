//! Which letters the bytes stand for: UTF-8, UTF-16 with its mark, else Windows-1252.
//!
//! A file is surveyed once, because its last byte can be the one that is not UTF-8; from then on it
//! is decoded as it is read, and never held.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::SpreadsheetError;

/// The encodings rosters come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8 without byte order mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-8 with byte order mark, as Excel writes it.
    #[serde(rename = "UTF-8 with BOM")]
    Utf8Bom,
    /// UTF-16 with byte order mark (Excel's “Unicode text”).
    #[serde(rename = "UTF-16")]
    Utf16,
    /// Windows-1252, as French spreadsheets export CSV.
    #[serde(rename = "Windows-1252")]
    Windows1252,
}

impl Encoding {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// How much is decoded at a time.
const CHUNK: usize = 64 << 10;

/// Finds out the encoding of a whole text file.
///
/// Bytes that are not UTF-8 are read as Windows-1252, in which every byte is a character, so a
/// file that is no text at all is told by its control characters.
///
/// # Errors
/// [`SpreadsheetError::NotText`], and what the disk says.
pub(super) fn find<F: Read + Seek>(file: &mut F) -> Result<Encoding, SpreadsheetError> {
    let mut start = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(3).read_to_end(&mut start)?;
    let marked = match start.as_slice() {
        [0xEF, 0xBB, 0xBF] => Some(Encoding::Utf8Bom),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Encoding::Utf16),
        _ => None,
    };
    let (encoding, survey) = match marked {
        Some(encoding) => (encoding, survey(file, encoding)?),
        None => match survey(file, Encoding::Utf8)? {
            Survey::Malformed => {
                let survey = survey(file, Encoding::Windows1252)?;
                (Encoding::Windows1252, survey)
            }
            survey => (Encoding::Utf8, survey),
        },
    };
    match survey {
        Survey::Text => Ok(encoding),
        Survey::Malformed | Survey::Binary => Err(SpreadsheetError::NotText),
    }
}

/// What a whole file turned out to be under one encoding.
enum Survey {
    Text,
    /// It has control characters, which no text has.
    Binary,
    /// It is not of this encoding.
    Malformed,
}

fn survey<F: Read + Seek>(file: &mut F, encoding: Encoding) -> io::Result<Survey> {
    let mut text = Text::open(file, encoding)?;
    text.decoder
        .get_or_insert_with(|| UTF_8.new_decoder_without_bom_handling());
    let mut survey = Survey::Text;
    loop {
        let length = match text.fill_buf() {
            Ok([]) => return Ok(survey),
            Ok(chunk) => {
                if has_controls(chunk) {
                    survey = Survey::Binary;
                }
                chunk.len()
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Ok(Survey::Malformed);
            }
            Err(error) => return Err(error),
        };
        text.consume(length);
    }
}

/// Whether UTF-8 text has control characters other than those between words and lines.
fn has_controls(text: &[u8]) -> bool {
    let c0 = |byte: &u8| (*byte < 0x20 && !(0x09..=0x0D).contains(byte)) || *byte == 0x7F;
    // U+0080 to U+009F.
    let c1 = |pair: &[u8]| matches!(pair, [0xC2, 0x80..=0x9F]);
    text.iter().any(c0) || (!text.is_ascii() && text.windows(2).any(c1))
}

/// A text file as UTF-8, without its byte order mark, decoded while it is read.
pub(super) struct Text<R> {
    input: BufReader<R>,
    /// None where the file is UTF-8 already.
    decoder: Option<Decoder>,
    ended: bool,
    decoded: Vec<u8>,
    length: usize,
    at: usize,
}

impl<R: Read + Seek> Text<R> {
    /// From the start of a file whose encoding was [found](find).
    pub(super) fn open(mut file: R, encoding: Encoding) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let mut input = BufReader::with_capacity(CHUNK, file);
        let start = input.fill_buf()?;
        let (mark, of) = match encoding {
            Encoding::Utf8 => (0, None),
            Encoding::Utf8Bom => (3, None),
            Encoding::Utf16 if start.starts_with(b"\xFE\xFF") => (2, Some(UTF_16BE)),
            Encoding::Utf16 => (2, Some(UTF_16LE)),
            Encoding::Windows1252 => (0, Some(WINDOWS_1252)),
        };
        input.consume(mark);
        Ok(Self {
            input,
            decoder: of.map(encoding_rs::Encoding::new_decoder_without_bom_handling),
            ended: false,
            decoded: Vec::new(),
            length: 0,
            at: 0,
        })
    }
}

impl<R: Read> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some(decoder) = &mut self.decoder else {
            return self.input.fill_buf();
        };
        while self.at == self.length && !self.ended {
            self.decoded.resize(CHUNK, 0);
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(bytes, &mut self.decoded, last);
            self.input.consume(read);
            self.ended = last && result == DecoderResult::InputEmpty;
            self.length = written;
            self.at = 0;
            if let DecoderResult::Malformed(..) = result {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(self.decoded.get(self.at..self.length).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        if self.decoder.is_some() {
            self.at = self.at.saturating_add(amount).min(self.length);
        } else {
            self.input.consume(amount);
        }
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "Prénom;Œuvre\nAñaïg;10 €\n";

    fn utf16_bytes(mark: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter()
            .chain(TEXT.encode_utf16().flat_map(unit))
            .collect()
    }

    fn decode(bytes: &[u8]) -> Result<(String, Encoding), SpreadsheetError> {
        let mut file = Cursor::new(bytes);
        let encoding = find(&mut file)?;
        let mut text = String::new();
        Text::open(file, encoding)?.read_to_string(&mut text)?;
        Ok((text, encoding))
    }

    #[test]
    fn each_encoding_gives_the_same_text_and_its_name() {
        let files = [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (
                [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
                Encoding::Utf8Bom,
            ),
            (utf16_bytes([0xFF, 0xFE], u16::to_le_bytes), Encoding::Utf16),
            (utf16_bytes([0xFE, 0xFF], u16::to_be_bytes), Encoding::Utf16),
            (
                WINDOWS_1252.encode(TEXT).0.into_owned(),
                Encoding::Windows1252,
            ),
        ];
        for (bytes, encoding) in files {
            assert_eq!(decode(&bytes), Ok((TEXT.to_owned(), encoding)));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let files: [&[u8]; 4] = [b"a;b\0c", b"\xEF\xBB\xBFa\xFF", b"\xFF\xFEa", b"\x81\x90;a"];
        for bytes in files {
            assert_eq!(decode(bytes), Err(SpreadsheetError::NotText), "{bytes:?}");
        }
    }

    #[test]
    fn the_last_byte_of_a_long_file_can_tell_its_encoding() {
        let long = "é;a\n".repeat(50_000);
        let mut bytes = long.clone().into_bytes();
        assert_eq!(decode(&bytes), Ok((long, Encoding::Utf8)));
        bytes.push(0xE9);
        let (text, encoding) = decode(&bytes).unwrap();
        assert_eq!(encoding, Encoding::Windows1252);
        assert!(text.starts_with("Ã©;a") && text.ends_with('é'));
    }

    proptest! {
        #[test]
        fn bytes_are_decoded_as_they_would_be_at_once(bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            ".{0,40}".prop_map(String::into_bytes),
        ]) {
            let at_once = match std::str::from_utf8(&bytes) {
                _ if bytes.starts_with(b"\xEF\xBB\xBF") || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => return Ok(()),
                Ok(text) => text.to_owned(),
                Err(_) => WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(),
            };
            let is_text = at_once.chars().all(|c| !c.is_control() || ('\t'..='\r').contains(&c));
            prop_assert_eq!(decode(&bytes).ok().map(|(text, _)| text), is_text.then_some(at_once));
        }
    }
}
