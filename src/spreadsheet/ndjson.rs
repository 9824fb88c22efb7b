//! NDJSON: one object on each line, whose members are the columns.
//!
//! A member's key is a heading, or our own name of a column; its value is a text, a number, true, false
//! or null. The keys of all lines together are the headings, so that no member is dropped in silence.

use std::fmt;
use std::io::{BufRead, Read, Seek};

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::SpreadsheetError;
use super::encoding::{Encoding, Text};
use super::limits::Limits;
use super::records::Records;

/// The longest line, in bytes.
const LINE: usize = 1 << 20;

/// The keys of all objects, in the order in which they first come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys(Vec<String>);

impl Keys {
    pub(super) fn names(&self) -> &[String] {
        &self.0
    }

    /// The keys of a whole file; `None` where its first letter is not that of an object.
    pub(super) fn find<F: Read + Seek>(
        file: &mut F,
        encoding: Encoding,
        limits: &Limits,
    ) -> Result<Option<Self>, SpreadsheetError> {
        let mut lines = Lines::new(Text::open(file, encoding)?);
        let mut keys = Self::default();
        let mut cells = Vec::new();
        // A long first line of something else is for whoever reads that.
        let begins = lines.text.fill_buf()?.trim_ascii_start().first() == Some(&b'{');
        if !begins {
            return Ok(None);
        }
        while let Some(row) = lines.next_object()? {
            cells.clear();
            let before = keys.0.len();
            let room = Some(limits.columns);
            take_object(&lines.line, row, &mut keys, room, &mut cells)?;
            let new = keys.0.get(before..).unwrap_or_default();
            if new.iter().any(|key| key.chars().count() > limits.cell) {
                return Err(SpreadsheetError::BrokenLine { row });
            }
        }
        Ok(Some(keys))
    }

    /// The index of a key, which most often follows the one before.
    fn index(&self, key: &str, likely: usize) -> Option<usize> {
        if self.0.get(likely).is_some_and(|known| known == key) {
            return Some(likely);
        }
        self.0.iter().position(|known| known == key)
    }
}

/// The objects of a file whose keys are known.
pub(super) struct Ndjson<'a, R> {
    lines: Lines<Text<R>>,
    keys: &'a mut Keys,
}

impl<'a, R: Read + Seek> Ndjson<'a, R> {
    pub(super) fn open(
        file: R,
        encoding: Encoding,
        keys: &'a mut Keys,
    ) -> Result<Self, SpreadsheetError> {
        let lines = Lines::new(Text::open(file, encoding)?);
        Ok(Self { lines, keys })
    }
}

impl<R: Read> Records for Ndjson<'_, R> {
    fn read(&mut self, cells: &mut Vec<String>) -> Result<Option<u32>, SpreadsheetError> {
        let Some(row) = self.lines.next_object()? else {
            return Ok(None);
        };
        take_object(&self.lines.line, row, self.keys, None, cells)?;
        Ok(Some(row))
    }
}

/// Lines, none longer than it may be.
struct Lines<T> {
    text: T,
    number: u32,
    line: Vec<u8>,
}

impl<T: BufRead> Lines<T> {
    fn new(text: T) -> Self {
        Self {
            text,
            number: 0,
            line: Vec::new(),
        }
    }

    /// Reads the next line that is not blank; its number.
    fn next_object(&mut self) -> Result<Option<u32>, SpreadsheetError> {
        loop {
            self.line.clear();
            let most = u64::try_from(LINE).unwrap_or(u64::MAX).saturating_add(1);
            let mut bounded = self.text.by_ref().take(most);
            if bounded.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            self.number = self.number.saturating_add(1);
            if self.line.len() > LINE {
                return Err(SpreadsheetError::LineTooLong {
                    row: self.number,
                    limit: LINE,
                });
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(self.number));
            }
        }
    }
}

/// Puts an object's values into the cells of their keys.
fn take_object(
    line: &[u8],
    row: u32,
    keys: &mut Keys,
    room: Option<usize>,
    cells: &mut Vec<String>,
) -> Result<(), SpreadsheetError> {
    let mut fault = None;
    let mut json = serde_json::Deserializer::from_slice(line);
    let object = Object {
        row,
        keys,
        room,
        cells,
        fault: &mut fault,
    };
    let read = object.deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|_| fault.unwrap_or(SpreadsheetError::BrokenLine { row }))
}

struct Object<'a> {
    row: u32,
    keys: &'a mut Keys,
    /// How many keys there may be, where those that are not known yet are added; else they are an error.
    room: Option<usize>,
    cells: &'a mut Vec<String>,
    /// What is wrong, where that is more than JSON can say.
    fault: &'a mut Option<SpreadsheetError>,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut likely = 0;
        // Bits of the keys seen, so that a second value does not replace the first unseen.
        let mut seen = vec![false; self.keys.0.len()];
        loop {
            let key = Key {
                row: self.row,
                keys: &mut *self.keys,
                likely,
                room: self.room,
                fault: &mut *self.fault,
            };
            let Some(index) = members.next_key_seed(key)? else {
                return Ok(());
            };
            let value: Scalar = members.next_value()?;
            if seen.len() <= index {
                seen.resize(index.saturating_add(1), false);
            }
            let twice = seen
                .get_mut(index)
                .is_some_and(|seen| std::mem::replace(seen, true));
            let (row, key) = (self.row, || self.keys.0.get(index).cloned());
            let Scalar::Text(text) = value else {
                let key = key().unwrap_or_default();
                *self.fault = Some(SpreadsheetError::Nested { row, key });
                return Err(A::Error::custom("nested"));
            };
            if twice {
                let key = key().unwrap_or_default();
                *self.fault = Some(SpreadsheetError::RepeatedKey { row, key });
                return Err(A::Error::custom("repeated"));
            }
            if self.cells.len() <= index {
                self.cells.resize(index.saturating_add(1), String::new());
            }
            if let Some(cell) = self.cells.get_mut(index) {
                *cell = text;
            }
            likely = index.saturating_add(1);
        }
    }
}

/// The index of a key.
struct Key<'a> {
    row: u32,
    keys: &'a mut Keys,
    likely: usize,
    room: Option<usize>,
    fault: &'a mut Option<SpreadsheetError>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        if let Some(index) = self.keys.index(key, self.likely) {
            return Ok(index);
        }
        let index = self.keys.0.len();
        let limit = self
            .room
            .ok_or_else(|| E::custom("a key that was not there before"))?;
        if index >= limit {
            let row = self.row;
            *self.fault = Some(SpreadsheetError::TooManyColumns { row, limit });
            return Err(E::custom("too many keys"));
        }
        self.keys.0.push(key.to_owned());
        Ok(index)
    }
}

/// A value as the text of a cell.
enum Scalar {
    Text(String),
    /// A list or an object.
    Nested,
}

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true, false or null")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Scalar, E> {
        Ok(Scalar::Text(truth.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Text(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Text(number.to_string()))
    }

    // Display never uses an exponent, as in the cells of a workbook.
    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Text(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Text(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::recognition::entry::Column;
    use crate::spreadsheet::{Format, Mapping, Purpose, Reader, Reading, Row};

    fn read(text: &str, limits: &Limits) -> Result<(Reading, Vec<Row>), SpreadsheetError> {
        let file = Cursor::new(text.as_bytes());
        let mut reader = Reader::open(file, limits, &Mapping::default())?;
        let reading = Reading::of(&mut reader, Purpose::People)?;
        let rows = reader.rows()?.collect::<Result<_, _>>()?;
        Ok((reading, rows))
    }

    fn refused(text: &str) -> SpreadsheetError {
        read(text, &Limits::default()).unwrap_err()
    }

    #[test]
    fn objects_are_rows_and_all_their_keys_are_headings() {
        let text = "{\"full_name\": \"Añaïg c’h\", \"email\":\"a@x.org\"}\n\n\
                    {\"email\":\"b@x.org\",\"Prénom\":\"B\",\"siret\":73282932000074,\"half_days\":1.5,\
                    \"present\":true,\"divers\":null,\"session_3\":false}";
        let file = Cursor::new(text.as_bytes());
        let reader = Reader::open(file, &Limits::default(), &Mapping::default()).unwrap();
        assert!(matches!(
            reader.format(),
            Format::Ndjson {
                encoding: Encoding::Utf8
            }
        ));
        assert_eq!(reader.heading_row(), 0);
        assert_eq!(reader.headings()[..3], ["full_name", "email", "Prénom"]);
        let (reading, rows) = read(text, &Limits::default()).unwrap();
        assert_eq!((reading.rows(), reading.blank_rows()), (2, 1));
        assert_eq!(reading.columns().understood.len(), 7);
        let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3]);
        let entry = reading.entry(&rows[1]);
        assert_eq!(entry.siret.as_ref().unwrap().text, "73282932000074");
        assert_eq!(entry.half_days.as_ref().unwrap().text, "1.5");
        assert!(entry.present.as_ref().unwrap().value);
        assert!(matches!(&entry.sessions[..], [(3, came)] if !came.value));
        assert_eq!(
            &*entry.empty_cell(Column::FullName).unwrap().heading,
            "full_name"
        );
    }

    #[test]
    fn what_is_no_object_is_told_by_its_line() {
        let good = "{\"full_name\":\"A\",\"email\":\"a@x.org\"}\n";
        for wrong in [
            "[1]",
            "\"a\"",
            "{\"email\":}",
            "{\"email\":\"a\"",
            "{} {}",
            "{\"a\" 1}",
        ] {
            let text = format!("{good}{wrong}\n");
            assert_eq!(
                refused(&text),
                SpreadsheetError::BrokenLine { row: 2 },
                "{wrong}"
            );
        }
        for nested in ["[]", "{}", "[\"a\"]", "{\"email\":\"a\"}"] {
            let text = format!("{good}\n{{\"email\":{nested}}}\n");
            let key = "email".to_owned();
            assert_eq!(refused(&text), SpreadsheetError::Nested { row: 3, key });
        }
        let text = "{\"email\":\"a\",\"email\":\"b\"}";
        let key = "email".to_owned();
        assert_eq!(refused(text), SpreadsheetError::RepeatedKey { row: 1, key });
        assert!(read(good, &Limits::default()).is_ok());
    }

    #[test]
    fn lines_and_keys_are_bounded() {
        let line = |length| {
            format!(
                "{{\"full_name\":\"A\",\"email\":\"{}\"}}",
                "a".repeat(length)
            )
        };
        assert_eq!(
            refused(&line(LINE)),
            SpreadsheetError::LineTooLong {
                row: 1,
                limit: LINE
            }
        );
        assert!(matches!(
            refused(&line(9_000)),
            SpreadsheetError::CellTooLong { .. }
        ));
        assert!(read(&line(7_000), &Limits::default()).is_ok());
        let limits = Limits {
            columns: 2,
            ..Limits::default()
        };
        let wide = "{\"full_name\":\"A\",\"email\":\"a\"}\n{\"c\":1}";
        assert_eq!(
            read(wide, &limits).unwrap_err(),
            SpreadsheetError::TooManyColumns { row: 2, limit: 2 }
        );
        assert_eq!(refused("{\"a\":1}"), SpreadsheetError::NoHeadings);
    }

    proptest! {
        #[test]
        fn never_panics_on_anything_like_objects(text in r#"\{("email":|"a":|[\[\]{}",:a1\\u\n ]){0,20}"#) {
            drop(read(&text, &Limits::default()));
        }
    }
}
