//! Texts in the XML of a workbook, and those it keeps apart from its cells.

use std::borrow::Cow;
use std::io::Read;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::super::SpreadsheetError;
use super::package::Xml;

/// How much room is made at a time, at least, for long tables: doubling would ask for twice what is needed.
const STEP: usize = 4 << 20;

/// Adds what an event says to a text.
pub(super) fn add(event: &Event<'_>, text: &mut String) -> Result<(), SpreadsheetError> {
    match event {
        Event::Text(content) => text.push_str(&content.xml10_content()),
        Event::CData(content) => text.push_str(&content.xml10_content()),
        Event::GeneralRef(entity) => {
            if let Some(known) = resolve_xml_entity(entity.as_ref()) {
                text.push_str(known);
            } else {
                let character = entity.resolve_char_ref();
                let character = character.map_err(|_| SpreadsheetError::BrokenXlsx)?;
                text.push(character.ok_or(SpreadsheetError::BrokenXlsx)?);
            }
        }
        _ => {}
    }
    Ok(())
}

/// An attribute's value, whatever the prefix of its name.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut attributes = element.attributes();
    attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok())
}

/// Excel's own escapes of characters: `_x000D_` is a carriage return, `_x005F_` the line itself.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        units.extend(before.encode_utf16());
        if let Some(unit) = unit(escape) {
            units.push(unit);
            rest = escape.get(7..).unwrap_or_default();
        } else {
            units.push(u16::from(b'_'));
            rest = escape.get(1..).unwrap_or_default();
        }
    }
    units.extend(rest.encode_utf16());
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The code unit of an escape that a text begins with.
fn unit(escape: &str) -> Option<u16> {
    let figures = escape.strip_prefix("_x")?.get(..4)?;
    let ended = escape.get(6..)?.starts_with('_');
    let plain = figures.bytes().all(|byte| byte.is_ascii_hexdigit());
    (ended && plain)
        .then(|| u16::from_str_radix(figures, 16).ok())
        .flatten()
}

/// The texts a workbook keeps apart from its cells, one after the other in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads a part that says it is `size` bytes long; no more than `most` bytes are held.
    pub(super) fn read<R: Read>(
        mut xml: Xml<R>,
        size: u64,
        most: usize,
    ) -> Result<Self, SpreadsheetError> {
        let mut strings = Self::default();
        let mut text = String::new();
        let mut inside = Inside::default();
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "sst" => {
                    // Nothing is made of this number, but a part that lies is not read.
                    let claimed = attribute(element, "uniqueCount");
                    if claimed.is_some_and(|claimed| claimed.parse().unwrap_or(0_u64) > size) {
                        return Err(SpreadsheetError::BrokenXlsx);
                    }
                }
                Event::Start(element) => inside.enter(element.local_name().as_ref()),
                Event::End(element) => match element.local_name().as_ref() {
                    "si" => {
                        strings.push(&unescape(&text), most)?;
                        text.clear();
                    }
                    "sst" => return Ok(strings),
                    name => inside.leave(name),
                },
                Event::Eof => return Err(SpreadsheetError::BrokenXlsx),
                event if inside.text() => add(event, &mut text)?,
                _ => {}
            }
            if text.len() > most {
                return Err(SpreadsheetError::TooMuchText { limit: most });
            }
        }
    }

    fn push(&mut self, text: &str, most: usize) -> Result<(), SpreadsheetError> {
        let free = self.text.capacity() - self.text.len();
        self.text
            .reserve_exact(room(self.text.len(), free, text.len()));
        self.text.push_str(text);
        let entries = self.ends.len().saturating_add(1);
        let held = entries.saturating_mul(4).saturating_add(self.text.len());
        let end = u32::try_from(self.text.len()).ok();
        let end = end.filter(|_| held <= most);
        let free = self.ends.capacity() - self.ends.len();
        self.ends.reserve_exact(room(self.ends.len(), free, 1));
        self.ends
            .push(end.ok_or(SpreadsheetError::TooMuchText { limit: most })?);
        Ok(())
    }

    /// The text of that number.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(number)?).ok()?;
        let before = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let start = usize::try_from(before.copied().unwrap_or_default()).ok()?;
        self.text.get(start..end)
    }
}

/// How much room to make for what is added; none where there is enough.
fn room(length: usize, free: usize, more: usize) -> usize {
    let step = STEP.min(length.max(64)).max(length / 4);
    if free < more { step.max(more) } else { 0 }
}

/// Where in a text with formats a reader is: letters are in `t`, but for those that tell how to
/// pronounce others (`rPh`).
#[derive(Debug, Default)]
pub(super) struct Inside {
    letters: bool,
    pronunciation: bool,
}

impl Inside {
    pub(super) fn enter(&mut self, element: &str) {
        match element {
            "t" => self.letters = true,
            "rPh" => self.pronunciation = true,
            _ => {}
        }
    }

    pub(super) fn leave(&mut self, element: &str) {
        match element {
            "t" => self.letters = false,
            "rPh" => self.pronunciation = false,
            _ => {}
        }
    }

    pub(super) fn text(&self) -> bool {
        self.letters && !self.pronunciation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excels_escapes_are_read() {
        for (text, read) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDCF7_", "\u{1F4F7}"),
            ("_xD83D_", "\u{FFFD}"),
            ("_x00_x0041_", "_x00A"),
            ("_x+123_ _xéé_", "_x+123_ _xéé_"),
            ("n_x", "n_x"),
        ] {
            assert_eq!(unescape(text), read, "{text}");
        }
    }

    #[test]
    fn shared_strings_are_bounded() {
        let mut strings = SharedStrings::default();
        assert_eq!(strings.push("abc", 14), Ok(()));
        assert!(strings.push("déf", 14).is_err());
        let mut strings = SharedStrings::default();
        for text in ["abc", "", "é"] {
            strings.push(text, 100).unwrap();
        }
        let read: Vec<_> = (0..4).map(|number| strings.get(number)).collect();
        assert_eq!(read, [Some("abc"), Some(""), Some("é"), None]);
    }
}
