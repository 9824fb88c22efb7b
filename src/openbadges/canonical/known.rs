//! What a document says in the words that pinned contexts have.
//!
//! For readers of JSON: they know the words of the standards, and must not overlook a statement that
//! a document's own context lets it make in others. The statements are told without the names of
//! blank nodes, so that two readings of a document can be compared without canonicalising either.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::contexts;
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

/// The IRIs that pinned contexts have words for, as N-Quads writes them.
static MEANINGS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut meanings = HashSet::new();
    for context in contexts::all() {
        gather(context, &Map::new(), &mut meanings);
    }
    meanings
});

/// Reads the definitions of a context, and of the contexts inside them. A prefix may be one of the
/// same context or of one around it.
fn gather(context: &Value, around: &Map<String, Value>, meanings: &mut HashSet<String>) {
    match context {
        Value::Array(several) => {
            for one in several {
                gather(one, around, meanings);
            }
        }
        Value::Object(definitions) => {
            let mut seen = around.clone();
            seen.extend(definitions.clone());
            for (term, definition) in definitions {
                if let Some(scoped) = definition.get("@context") {
                    gather(scoped, &seen, meanings);
                }
                if let Some(iri) = meaning(term, definition, &seen) {
                    meanings.insert(format!("<{iri}>"));
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
    use super::*;

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
