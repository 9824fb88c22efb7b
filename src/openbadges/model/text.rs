//! Texts that people read: plain, or with a language.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A text for people (`String`, `Markdown`).
///
/// We write plain texts: the schemas also take language maps (`{"fr": "…"}`) and VCDM 2.0 takes
/// value objects (`{"@value": "…", "@language": "fr"}`), but no form but the plain one passes both
/// the schema and the contexts, so the others are read and kept, and the rules find them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The text itself.
    Plain(String),
    /// A language map, or a JSON-LD value object.
    Localized(Map<String, Value>),
}

impl Text {
    /// The text in one of these languages, in order of preference, else in any.
    pub fn in_language(&self, preferred: &[&str]) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Localized(texts) => localized(texts, preferred),
        }
    }

    /// The text a [`Value`] holds in whatever form, if it holds one.
    pub fn of<'v>(value: &'v Value, preferred: &[&str]) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            Value::Object(texts) => localized(texts, preferred),
            _ => None,
        }
    }
}

fn localized<'v>(texts: &'v Map<String, Value>, preferred: &[&str]) -> Option<&'v str> {
    let named = |name: &str| texts.get(name).and_then(Value::as_str);
    named("@value")
        .or_else(|| preferred.iter().find_map(|language| named(language)))
        .or_else(|| texts.values().find_map(Value::as_str))
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_found_in_each_form() {
        let read = |value| serde_json::from_value::<Text>(value).unwrap();
        assert_eq!(read(json!("Fresque")).in_language(&["fr"]), Some("Fresque"));
        let map = read(json!({"en": "Mural", "fr": "Fresque"}));
        assert_eq!(map.in_language(&["br", "fr"]), Some("Fresque"));
        assert_eq!(map.in_language(&["br"]), Some("Mural"));
        let value = read(json!({"@language": "br", "@value": "Freskenn"}));
        assert_eq!(value.in_language(&["fr"]), Some("Freskenn"));
        assert_eq!(Text::of(&json!(7), &[]), None);
    }
}
