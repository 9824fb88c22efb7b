//! Is a badge written in the words it is read by?
//!
//! A proof over RDF covers the meaning of a document, not its words. Whoever holds a badge can
//! write the same meaning in other words, and the proof holds: `validUntil` under its full IRI,
//! under a name that an added context gives it, inside `@included`, or on another mention of the
//! same badge. A reader of JSON, as this verifier is, would overlook it, and call an expired or
//! revoked badge valid. So whatever could hide a statement is refused; words of an issuer's own are
//! not, as long as they are not other names for those of the standards.
//!
//! JCS proofs and JWTs cover the words themselves and need none of this.

use serde_json::{Map, Value};

use super::needs::shown;
use super::summary::many;

/// Keywords that are part of a text with its language.
const KEYWORDS: [&str; 3] = ["@value", "@language", "@direction"];

/// Keywords by which a context cannot rename anything. `@vocab` is looked into.
const HARMLESS: [&str; 5] = [
    "@version",
    "@protected",
    "@propagate",
    "@language",
    "@direction",
];

/// What the words of the standards mean begins like this.
const STANDARDS: [&str; 10] = [
    "https://www.w3.org/2018/credentials",
    "https://www.w3.org/ns/credentials",
    "https://w3id.org/security",
    "https://w3id.org/vc/status-list",
    "https://purl.imsglobal.org/",
    "https://schema.org/",
    "http://schema.org/",
    "https://www.iana.org/assignments/",
    "https://www.w3.org/ns/did",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
];

/// Refuses a document that could say something under words nobody reads; why, as a clause.
pub(super) fn check(document: &Value) -> Result<(), String> {
    let whole = Whole {
        id: document.get("id"),
        types: many(document.get("type")).collect(),
    };
    match document {
        Value::Object(members) => whole.check_members(members),
        _ => Err("it is not one object".into()),
    }
}

/// The credential itself: what is said of it is to be said in one place.
struct Whole<'a> {
    id: Option<&'a Value>,
    types: Vec<&'a Value>,
}

impl Whole<'_> {
    fn check_members(&self, members: &Map<String, Value>) -> Result<(), String> {
        for (name, value) in members {
            if name == "@context" {
                many(Some(value)).try_for_each(check_context)?;
                continue;
            }
            let is_plain =
                !name.contains([':', '/', '#', '@']) || KEYWORDS.contains(&name.as_str());
            if !is_plain {
                return Err(format!(
                    "it says something under the name “{}”",
                    shown(name)
                ));
            }
            self.check(value)?;
        }
        Ok(())
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        match value {
            Value::String(text) if text.starts_with("_:") => Err(format!(
                "it names a thing only inside itself, “{}”",
                shown(text)
            )),
            Value::Array(items) => items.iter().try_for_each(|item| self.check(item)),
            Value::Object(members) => {
                // Members that only a credential has are defined by its type and nowhere else.
                let is_whole = self.id.is_some() && members.get("id") == self.id;
                if is_whole && many(members.get("type")).any(|kind| self.types.contains(&kind)) {
                    return Err("it speaks of itself in a second place".into());
                }
                self.check_members(members)
            }
            _ => Ok(()),
        }
    }
}

/// Refuses a context that gives a word of the standards, or a keyword, another name. Contexts named
/// by their address are pinned, and known to give none.
fn check_context(context: &Value) -> Result<(), String> {
    let Value::Object(definitions) = context else {
        return Ok(());
    };
    for (term, definition) in definitions {
        let refused = || Err(format!("it gives its own meaning to “{}”", shown(term)));
        if term == "@vocab" {
            // What a vocabulary begins, a term can end.
            let is_apart = definition.as_str().is_none_or(|vocabulary| {
                vocabulary.contains(':')
                    && !STANDARDS
                        .iter()
                        .any(|s| s.starts_with(vocabulary) || vocabulary.starts_with(s))
            });
            if !is_apart {
                return refused();
            }
            continue;
        }
        if HARMLESS.contains(&term.as_str()) {
            continue;
        }
        if term.starts_with('@') || definition.get("@reverse").is_some() {
            return refused();
        }
        if let Some(scoped) = definition.get("@context") {
            many(Some(scoped)).try_for_each(check_context)?;
        }
        let meaning = definition
            .as_str()
            .or_else(|| definition.get("@id")?.as_str());
        if meaning.is_some_and(|meaning| !is_ones_own(term, meaning, definitions)) {
            return refused();
        }
    }
    Ok(())
}

/// Whether a term may mean this: something that is not the standards', or what they call the same.
fn is_ones_own(term: &str, meaning: &str, definitions: &Map<String, Value>) -> bool {
    if meaning.starts_with('@') {
        // The two names that every context gives these keywords.
        return matches!((term, meaning), ("id", "@id") | ("type", "@type"));
    }
    let Some(iri) = expanded(meaning, definitions) else {
        return false;
    };
    let is_prefix = iri.ends_with(['#', '/', ':', '?', '[', ']', '@']);
    let of_standards = STANDARDS.iter().any(|standard| iri.starts_with(standard));
    let same_name = iri
        .strip_suffix(term)
        .is_some_and(|rest| rest.ends_with(['#', '/']));
    !of_standards || is_prefix || same_name
}

/// An absolute IRI out of a definition's: as it is, or with a prefix that the same context defines.
fn expanded(meaning: &str, definitions: &Map<String, Value>) -> Option<String> {
    let Some((prefix, rest)) = meaning.split_once(':') else {
        // Relative to the vocabulary, which is not the standards'.
        return Some(meaning.to_owned());
    };
    if rest.starts_with("//") || matches!(prefix, "urn" | "did" | "tag") {
        return Some(meaning.to_owned());
    }
    let base = definitions.get(prefix)?;
    let base = base.as_str().or_else(|| base.get("@id")?.as_str())?;
    base.contains("://").then(|| format!("{base}{rest}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with_context(context: &Value) -> Result<(), String> {
        check(&json!({ "@context": ["https://www.w3.org/ns/credentials/v2", context] }))
    }

    #[test]
    fn terms_of_ones_own_and_the_standards_own_names_are_plain() {
        for context in [
            json!({ "id": "@id", "type": "@type" }),
            json!({ "@vocab": "https://example.org/terms#" }),
            json!({ "ex": "https://example.org/#", "a": "ex:a", "b": { "@id": "ex:b", "@type": "@id" } }),
            json!({ "name": "https://schema.org/name", "cred": "https://www.w3.org/2018/credentials#" }),
            json!({ "@version": 1.1, "@protected": true, "gone": null }),
        ] {
            assert_eq!(with_context(&context), Ok(()), "{context}");
        }
    }

    #[test]
    fn other_names_for_words_of_the_standards_are_not() {
        for context in [
            json!({ "end": "https://www.w3.org/2018/credentials#validUntil" }),
            json!({ "end": { "@id": "https://www.w3.org/2018/credentials#validUntil" } }),
            json!({ "c": "https://www.w3.org/2018/credentials#", "end": "c:validUntil" }),
            json!({ "end": "cred:validUntil" }),
            json!({ "kind": "@type" }),
            json!({ "kind": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" }),
            json!({ "more": "@included" }),
            json!({ "of": { "@reverse": "https://example.org/a" } }),
            json!({ "@vocab": "https://www.w3.org/2018/credentials#" }),
            json!({ "@vocab": "https://" }),
            json!({ "@vocab": "" }),
            json!({ "@import": "https://example.org/context" }),
            json!({ "Own": { "@id": "https://example.org/Own", "@context": { "end": "https://www.w3.org/2018/credentials#validUntil" } } }),
        ] {
            assert!(with_context(&context).is_err(), "{context}");
        }
    }

    #[test]
    fn contexts_inside_a_badge_are_looked_into_too() {
        let inside = json!({ "issuer": [{ "@context": { "kind": "@type" } }] });
        assert!(check(&inside).is_err());
    }

    #[test]
    fn names_that_are_no_words_are_not_plain() {
        for name in [
            "@id",
            "@type",
            "@graph",
            "@nest",
            "@set",
            "cred:validUntil",
            "https://a.example/",
            "#a",
        ] {
            assert!(
                check(&json!({ "issuer": { name: "x" } })).is_err(),
                "{name}"
            );
        }
        assert!(check(&json!({ "name": { "@value": "a", "@language": "fr" } })).is_ok());
        assert!(check(&json!({ "issuer": "_:b0" })).is_err());
    }
}
