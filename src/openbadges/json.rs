//! Reading JSON from strangers, strictly.
//!
//! A credential is signed and judged as *one* meaning of its bytes, so whatever two readers could
//! take differently is refused here, before anything looks at it: a member written twice (RFC 8259
//! §4 leaves the choice to each reader), a number no double holds, a lone surrogate, text after the
//! end. Depth and size are bounded first, so that a hostile document costs what an honest one does.
//!
//! Here too: how a member is named in a JSON pointer, and whether two values are the same.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The largest document read, in bytes: several embedded pictures fit, a bomb does not.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Why a text is not JSON we can trust to have one meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// More bytes than [`MAX_BYTES`].
    #[error("the document has {size} bytes, more than the {MAX_BYTES} that are read")]
    TooLarge {
        /// The document's size, in bytes.
        size: usize,
    },
    /// Not JSON, or JSON with two meanings; the text names line and column.
    #[error("{0}")]
    Malformed(String),
}

/// Reads one JSON document of at most [`MAX_BYTES`] and 127 levels, without duplicate members.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > MAX_BYTES {
        return Err(JsonError::TooLarge { size: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).map_err(malformed)?;
    reader.end().map_err(malformed)?;
    Ok(value)
}

/// A member's name as a step of a JSON pointer (RFC 6901 §3).
pub(super) fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Whether two values are written alike, the order of their members included. Said sooner than whether
/// they are equal, for which each member has to be looked up.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len()
                && pairs.all(|((name, one), (other_name, other))| {
                    name == other_name && is_same(one, other)
                })
        }
        (one, other) => one == other,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn malformed(error: serde_json::Error) -> JsonError {
    JsonError::Malformed(error.to_string())
}

/// Builds a [`Value`] as `serde_json` does, but for duplicate members.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Strict)?;
            match object.entry(name) {
                serde_json::map::Entry::Vacant(slot) => {
                    slot.insert(value);
                }
                serde_json::map::Entry::Occupied(slot) => {
                    return Err(A::Error::custom(format_args!(
                        "the member “{}” is written twice; which one counts is anybody's guess",
                        slot.key().escape_debug()
                    )));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"@context":["a",{"b":null}],"n":[1,-2,3.5,1e3],"é":"ñ c'h","t":true}"#;
        assert_eq!(
            parse(text.as_bytes()).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        assert_eq!(parse(b"\xEF\xBB\xBF{}"), Ok(json!({})));
    }

    #[test]
    fn a_member_written_twice_is_named() {
        let error = parse(br#"{"a":{"name":"x","name":"y"}}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("“name” is written twice"), "{error}");
    }

    #[test]
    fn what_has_no_single_meaning_is_refused() {
        for text in [
            "{\"a\":1e999}",
            "\"\\ud800\"",
            "{} {}",
            "{\"a\":NaN}",
            "",
            "{\"a\":1,}",
        ] {
            assert!(
                matches!(parse(text.as_bytes()), Err(JsonError::Malformed(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn what_differs_anywhere_is_not_the_same() {
        let one = json!({"a": [1, {"b": null, "c": "x"}], "d": true});
        assert!(is_same(&one, &one.clone()));
        for other in [
            json!({"a": [1, {"b": null, "c": "x"}], "d": false}),
            json!({"a": [1, {"b": null, "c": "x"}]}),
            json!({"a": [1, {"b": null, "c": "x"}], "d": true, "e": 1}),
            json!({"a": [1, {"b": null, "c": "y"}], "d": true}),
            json!({"a": [1, {"b": null, "e": "x"}], "d": true}),
            json!({"a": [1, {"b": 0, "c": "x"}], "d": true}),
            json!({"a": [1.0, {"b": null, "c": "x"}], "d": true}),
            json!({"a": [1], "d": true}),
            json!({"a": [1, {"c": "x", "b": null}], "d": true}),
            json!({"d": true, "a": [1, {"b": null, "c": "x"}]}),
        ] {
            assert!(!is_same(&one, &other) && !is_same(&other, &one), "{other}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(deep(127).as_bytes()).is_ok());
        assert!(parse(deep(128).as_bytes()).is_err());
        assert!(parse(deep(1_000_000).as_bytes()).is_err());
        let large = vec![b' '; MAX_BYTES + 1];
        assert_eq!(
            parse(&large),
            Err(JsonError::TooLarge {
                size: MAX_BYTES + 1
            })
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(parse(&bytes));
        }
    }
}
