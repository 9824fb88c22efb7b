//! Which letters the bytes stand for: UTF-8, UTF-16 with its mark, else Windows-1252.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::Serialize;

use super::SpreadsheetError;

/// The encodings rosters come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

/// Decodes a text file, without its byte order mark.
///
/// Bytes that are not UTF-8 are read as Windows-1252, in which every byte is a character, so a
/// file that is no text at all is told by its control characters.
///
/// # Errors
/// [`SpreadsheetError::NotText`].
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), SpreadsheetError> {
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        match std::str::from_utf8(rest) {
            Ok(text) => (text.to_owned(), Encoding::Utf8Bom),
            Err(_) => return Err(SpreadsheetError::NotText),
        }
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (utf16(UTF_16LE, rest)?, Encoding::Utf16)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (utf16(UTF_16BE, rest)?, Encoding::Utf16)
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (text.to_owned(), Encoding::Utf8)
    } else {
        (
            WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
            Encoding::Windows1252,
        )
    };
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'))
    {
        return Err(SpreadsheetError::NotText);
    }
    Ok((text, encoding))
}

fn utf16(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
) -> Result<String, SpreadsheetError> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(SpreadsheetError::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Prénom;Œuvre\nAñaïg;10 €\n";

    fn utf16_bytes(mark: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter()
            .chain(TEXT.encode_utf16().flat_map(unit))
            .collect()
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
}
