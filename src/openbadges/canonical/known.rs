//! What a document says in the words that pinned contexts have.
//!
//! For readers of JSON: they know the words of the standards, and must not overlook a statement that
//! a document's own context lets it make in others. The statements are told without the names of
//! blank nodes, so that two readings of a document can be compared without canonicalising either.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::contexts::{self, Pinned};
use super::dataset::{Dataset, Term};

const RDF_TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/// The statements whose predicate, or the type they give, a pinned context has a word for; sorted.
pub(super) fn statements(data: &Dataset) -> Vec<String> {
    let mut lines = Vec::new();
    for quad in &data.quads {
        let is_known = match (data.text(quad.predicate), quad.object) {
            (RDF_TYPE, Term::Text(kind)) => MEANINGS.contains(data.text(kind)),
            (predicate, _) => MEANINGS.contains(predicate),
        };
        if is_known {
            let mut line = String::new();
            quad.write_line(data, &mut line, |_, line| line.push('z'));
            lines.push(line);
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Whether an IRI is one that pinned contexts have a word for.
pub fn is_known(iri: &str) -> bool {
    MEANINGS.contains(&format!("<{iri}>"))
}

/// Whether a definition gives a word the very meaning that all pinned contexts which have it give it:
/// whoever reads it as theirs reads it rightly. Only plain words: one with two meanings among them, or
/// whose values they read in a way of their own (dates, references), is none of these.
pub fn is_as_known(term: &str, definition: &Value) -> bool {
    let iri = match definition {
        Value::String(iri) => Some(iri.as_str()),
        Value::Object(members) if members.len() == 1 => members.get("@id").and_then(Value::as_str),
        _ => None,
    };
    iri.is_some() && WORDS.get(term).map(Option::as_deref) == Some(iri)
}

/// Has some words with `http:` where all others have `https:`. It is for status lists, of which nobody
/// reads those.
const STATUS_LIST_2021: &str = "https://w3id.org/vc/status-list/2021/v1";

/// The words of pinned contexts with their meaning; `None` for one that has several.
static WORDS: LazyLock<HashMap<String, Option<String>>> = LazyLock::new(|| {
    let mut words: HashMap<String, Option<String>> = HashMap::new();
    let read_by_us = |pinned: &Pinned| pinned.url != STATUS_LIST_2021;
    for_each_word(read_by_us, &mut |term, definition, iri| {
        let known = words.entry(term.to_owned()).or_insert(Some(iri.to_owned()));
        if known.as_deref() != Some(iri) || !is_plain(definition) || iri.ends_with(['#', '/']) {
            *known = None;
        }
    });
    words
});

/// The IRIs that pinned contexts have words for, as N-Quads writes them.
static MEANINGS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut meanings = HashSet::new();
    for_each_word(|_| true, &mut |_, _, iri| {
        meanings.insert(format!("<{iri}>"));
    });
    meanings
});

/// Whether a word's values are texts as they are written.
fn is_plain(definition: &Value) -> bool {
    match definition {
        Value::Object(members) => members.iter().all(|(name, value)| match name.as_str() {
            "@id" => true,
            "@type" => value == "xsd:string",
            _ => false,
        }),
        _ => definition.is_string(),
    }
}

fn for_each_word(of: fn(&Pinned) -> bool, told: &mut impl FnMut(&str, &Value, &str)) {
    for pinned in contexts::all().filter(|pinned| of(pinned)) {
        gather(pinned.context(), &Map::new(), told);
    }
}

/// Reads the definitions of a context, and of the contexts inside them. A prefix may be one of the
/// same context or of one around it.
fn gather(context: &Value, around: &Map<String, Value>, told: &mut impl FnMut(&str, &Value, &str)) {
    match context {
        Value::Array(several) => {
            for one in several {
                gather(one, around, told);
            }
        }
        Value::Object(definitions) => {
            let mut seen = around.clone();
            seen.extend(definitions.clone());
            for (term, definition) in definitions {
                if let Some(scoped) = definition.get("@context") {
                    gather(scoped, &seen, told);
                }
                if let Some(iri) = meaning(term, definition, &seen) {
                    told(term, definition, &iri);
                }
            }
        }
        _ => {}
    }
}

fn meaning(term: &str, definition: &Value, seen: &Map<String, Value>) -> Option<String> {
    let text = id_of(definition).unwrap_or(term);
    if term.starts_with('@') || text.starts_with('@') {
        return None;
    }
    let (prefix, rest) = text.split_once(':')?;
    match seen.get(prefix).and_then(id_of) {
        Some(base) if !rest.starts_with("//") => Some(format!("{base}{rest}")),
        _ => Some(text.to_owned()),
    }
}

fn id_of(definition: &Value) -> Option<&str> {
    definition
        .as_str()
        .or_else(|| definition.get("@id")?.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_is_as_known_with_its_one_meaning_alone() {
        let name = "https://schema.org/name";
        assert!(is_as_known("name", &json!(name)));
        assert!(is_as_known("name", &json!({ "@id": name })));
        for (term, definition) in [
            ("called", json!(name)),
            ("name", json!("https://schema.org/email")),
            ("name", json!({ "@id": name, "@type": "@id" })),
            ("name", json!(null)),
            ("id", json!("@id")),
            // Their values are read as dates and references.
            (
                "validUntil",
                json!("https://www.w3.org/2018/credentials#validUntil"),
            ),
            (
                "statusListCredential",
                json!("https://www.w3.org/ns/credentials/status#statusListCredential"),
            ),
            // A prefix.
            ("sec", json!("https://w3id.org/security#")),
        ] {
            assert!(!is_as_known(term, &definition), "{term}: {definition}");
        }
        let several = WORDS.iter().find(|(_, iri)| iri.is_none());
        let (several, _) = several.expect("some word has two meanings");
        assert!(!is_as_known(several, &json!(null)), "{several}");
    }

    #[test]
    fn the_words_of_each_standard_are_known_whatever_way_they_are_defined() {
        for iri in [
            "https://www.w3.org/2018/credentials#validUntil",
            "https://www.w3.org/2018/credentials#expirationDate",
            "https://www.w3.org/2018/credentials#credentialStatus",
            "https://www.w3.org/ns/credentials/status#statusListIndex",
            "https://w3id.org/security#expiration",
            "https://w3id.org/security#proofValue",
            "https://schema.org/name",
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential",
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement",
        ] {
            assert!(MEANINGS.contains(&format!("<{iri}>")), "{iri}");
        }
        assert!(!MEANINGS.contains("<https://schema.org/jobTitle>"));
        let whole = |iri: &String| iri.starts_with('<') && iri.contains(':') && !iri.contains(' ');
        assert!(MEANINGS.iter().all(whole), "{MEANINGS:?}");
    }
}
