//! Is a badge written in the words it is read by?
//!
//! A proof over RDF covers the meaning of a document, not its words. Whoever holds a badge can
//! write the same meaning in other words, and the proof holds: `validUntil` under its full IRI,
//! under a name that an added context gives it, inside `@included`, or on another mention of the
//! same badge. A reader of JSON, as this verifier is, would overlook it, and call an expired or
//! revoked badge valid. So a document that brings definitions of its own is read twice: with them,
//! and with every word of its own taken for something else. Both readings must say the same in the
//! words of the standards; then its own words neither hide nor change anything.
//!
//! JCS proofs and JWTs cover the words themselves and need none of this.

use serde_json::{Map, Value, json};

use super::needs::shown;
use crate::openbadges::canonical::{Limits, is_as_known, is_known, known_statements};
use crate::openbadges::model::many::items;

/// Keywords that are part of a text with its language.
const KEYWORDS: [&str; 3] = ["@value", "@language", "@direction"];

/// What may be said of the badge where something else, such as an endorsement, mentions it.
const OF_A_MENTION: [&str; 3] = ["id", "type", "endorsementComment"];

/// Where words of a document's own lead in the second reading: nowhere.
const ELSEWHERE: &str = "urn:own:";

/// Refuses a document that could say something under words nobody reads; why, as a clause.
pub(super) fn check(document: &Value) -> Result<(), String> {
    let Value::Object(members) = document else {
        return Err("it is not one object".into());
    };
    check_members(members, members.get("id"))?;
    if !has_own_words(document) {
        return Ok(());
    }
    let read = |document: &Value| {
        known_statements(document, &Limits::VERIFY).map_err(|error| {
            format!(
                "it can't be read without its own words ({})",
                shown(&error.to_string())
            )
        })
    };
    if read(document)? == read(&without_own_words(document))? {
        Ok(())
    } else {
        Err("it gives a word of its own the meaning of a standard's, or the other way round".into())
    }
}

/// Refuses names that are no words, and a second place where something is said of the badge.
fn check_members(members: &Map<String, Value>, badge: Option<&Value>) -> Result<(), String> {
    if let Some(context) = members.get("@context") {
        check_definitions(context)?;
    }
    for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
        if name.contains([':', '/', '#', '@']) && !KEYWORDS.contains(&name.as_str()) {
            return Err(format!(
                "it says something under the name “{}”",
                shown(name)
            ));
        }
        if name == "type" {
            check_types(value)?;
        }
        check_value(value, badge)?;
    }
    Ok(())
}

/// Refuses a type of a standard under its IRI: a reader looks for its name.
fn check_types(value: &Value) -> Result<(), String> {
    let under_its_iri = |kind: &&str| kind.contains(':') && is_known(kind);
    match items(Some(value))
        .iter()
        .filter_map(Value::as_str)
        .find(under_its_iri)
    {
        Some(kind) => Err(format!("it has the type “{}”", shown(kind))),
        None => Ok(()),
    }
}

/// Refuses words of a document's own that stand for what JSON-LD itself has, other than `id` and `type`:
/// what is said under them would be said elsewhere, or the other way round.
fn check_definitions(context: &Value) -> Result<(), String> {
    let Value::Object(definitions) = context else {
        return items(Some(context))
            .iter()
            .filter(|context| context.is_object())
            .try_for_each(check_definitions);
    };
    for (name, definition) in definitions {
        let of = definition.get("@id").unwrap_or(definition).as_str();
        let is_alias = !name.starts_with('@')
            && of.is_some_and(|of| of.starts_with('@') && !["@id", "@type"].contains(&of));
        let is_turned = ["@nest", "@reverse"]
            .iter()
            .any(|keyword| definition.get(keyword).is_some());
        if is_alias || is_turned {
            return Err(format!("it defines “{}” as a part of JSON-LD", shown(name)));
        }
        if let Some(inside) = definition.get("@context") {
            check_definitions(inside)?;
        }
    }
    Ok(())
}

fn check_value(value: &Value, badge: Option<&Value>) -> Result<(), String> {
    match value {
        Value::String(text) if text.starts_with("_:") => Err(format!(
            "it names a thing only inside itself, “{}”",
            shown(text)
        )),
        Value::Array(items) => items.iter().try_for_each(|item| check_value(item, badge)),
        Value::Object(members) => {
            let is_mention =
                badge.is_some() && items(members.get("id")).iter().any(|id| Some(id) == badge);
            if is_mention
                && !members
                    .keys()
                    .all(|name| OF_A_MENTION.contains(&name.as_str()))
            {
                return Err("it speaks of itself in a second place".into());
            }
            check_members(members, badge)
        }
        _ => Ok(()),
    }
}

/// Whether a document brings definitions of its own, at its top or anywhere inside.
fn has_own_words(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_own_words),
        Value::Object(members) => members.iter().any(|(name, value)| match name.as_str() {
            "@context" => items(Some(value))
                .iter()
                .any(|context| !context.is_string()),
            _ => has_own_words(value),
        }),
        _ => false,
    }
}

/// The document with every word that no pinned context defines leading elsewhere.
fn without_own_words(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_own_words).collect(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let value = match name.as_str() {
                    "@context" => items(Some(value))
                        .iter()
                        .map(neutral)
                        .chain([vocabulary()])
                        .collect(),
                    _ => without_own_words(value),
                };
                (name.clone(), value)
            };
            members.iter().map(member).collect()
        }
        other => other.clone(),
    }
}

/// What stays of a context: a pinned one as it is, and of a document's own what its texts are in and the
/// words that mean what they mean to everybody.
fn neutral(context: &Value) -> Value {
    let Value::Object(definitions) = context else {
        return context.clone();
    };
    let stays = |(name, value): &(&String, &Value)| {
        matches!(name.as_str(), "@language" | "@direction") || is_as_known(name, value)
    };
    let kept = definitions.iter().filter(stays);
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

fn vocabulary() -> Value {
    json!({ "@vocab": ELSEWHERE })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRED: &str = "https://www.w3.org/2018/credentials#";

    /// A credential with one more context, and one more member of its subject.
    fn with(context: &Value, name: &str, value: &Value) -> Result<(), String> {
        let mut subject = json!({ "id": "urn:uuid:6c2a", "name": "Enora" });
        subject[name] = value.clone();
        check(&json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", context],
            "id": "urn:uuid:3f2f",
            "type": ["VerifiableCredential"],
            "issuer": "did:web:school.example",
            "validFrom": "2026-11-23T10:00:00Z",
            "credentialSubject": subject,
        }))
    }

    #[test]
    fn words_of_ones_own_are_plain() {
        let text = json!("x");
        for (context, name) in [
            (json!({ "id": "@id", "type": "@type" }), "name"),
            (json!({ "@vocab": "https://example.org/terms#" }), "grade"),
            (json!({ "@vocab": "https://" }), "grade"),
            (json!({ "ex": "https://example.org/#", "a": "ex:a" }), "a"),
            (
                json!({ "jobTitle": "https://schema.org/jobTitle" }),
                "jobTitle",
            ),
            (
                json!({ "@language": "fr", "a": "https://example.org/a" }),
                "a",
            ),
            (
                json!({ "@version": 1.1, "@protected": true, "a": "https://example.org/a" }),
                "a",
            ),
        ] {
            assert_eq!(with(&context, name, &text), Ok(()), "{context}");
        }
        let context = json!({ "steps": { "@id": "https://example.org/steps", "@type": "@id" } });
        assert_eq!(
            with(&context, "steps", &json!("https://example.org/1")),
            Ok(())
        );
    }

    #[test]
    fn a_word_with_its_standard_meaning_is_plain_where_no_context_has_it() {
        let of_version_1 = |context: Value, member: &str| {
            check(&json!({
                "@context": ["https://www.w3.org/2018/credentials/v1", context],
                "type": ["VerifiableCredential"],
                "issuer": "did:web:school.example",
                "credentialSubject": { "id": "urn:uuid:6c2a", member: "Enora" },
            }))
        };
        let name = "https://schema.org/name";
        assert_eq!(of_version_1(json!({ "name": name }), "name"), Ok(()));
        assert_eq!(
            of_version_1(json!({ "name": { "@id": name } }), "name"),
            Ok(())
        );
        assert!(of_version_1(json!({ "called": name }), "called").is_err());
        let end = format!("{CRED}expirationDate");
        assert!(of_version_1(json!({ "validUntil": end }), "validUntil").is_err());
    }

    #[test]
    fn other_names_for_words_of_the_standards_are_not() {
        let until = format!("{CRED}validUntil");
        let dated =
            |id: &str| json!({ "@id": id, "@type": "http://www.w3.org/2001/XMLSchema#dateTime" });
        let kind =
            json!({ "@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "@type": "@id" });
        let credential = format!("{CRED}VerifiableCredential");
        let day = "2026-11-24T00:00:00Z";
        for (context, name, value) in [
            (json!({ "end": until }), "end", json!(day)),
            (json!({ "end": dated(&until) }), "end", json!(day)),
            (
                json!({ "c": CRED, "end": dated("c:validUntil") }),
                "end",
                json!(day),
            ),
            (
                json!({ "tag": CRED, "end": dated("tag:validUntil") }),
                "end",
                json!(day),
            ),
            (
                json!([{ "p": CRED }, { "@vocab": "p:" }, { "end": dated("validUntil") }]),
                "end",
                json!(day),
            ),
            (json!({ "@vocab": CRED }), "validUntil", json!(day)),
            (
                json!({ "@vocab": format!("{CRED}valid") }),
                "Until",
                json!(day),
            ),
            (json!({ "kind": kind }), "kind", json!(credential)),
            (
                json!({ "kind": "@type", "Own": credential }),
                "kind",
                json!("Own"),
            ),
            (json!({ "called": "name" }), "called", json!("Katell")),
            (
                json!({ "own": "https://a.example/own", "Own": { "@id": "https://a.example/Own", "@context": { "end": until } } }),
                "own",
                json!({ "type": "Own", "end": day }),
            ),
        ] {
            assert!(with(&context, name, &value).is_err(), "{context}");
        }
    }

    #[test]
    fn a_status_can_not_be_hidden_under_the_address_of_its_type() {
        let status = "https://www.w3.org/ns/credentials/status#";
        let own = json!({
            "statusPurpose": format!("{status}statusPurpose"),
            "statusListIndex": format!("{status}statusListIndex"),
            "statusListCredential": format!("{status}statusListCredential"),
        });
        let entry = json!({
            "type": format!("{status}BitstringStatusListEntry"),
            "statusPurpose": "revocation",
            "statusListIndex": "5",
            "statusListCredential": { "id": "https://a.example/list" },
        });
        let credential = |context: &Value, entry: &Value| {
            check(&json!({
                "@context": ["https://www.w3.org/ns/credentials/v2", context],
                "type": ["VerifiableCredential"],
                "credentialStatus": entry,
            }))
        };
        assert!(credential(&own, &entry).is_err());
        let of_1edtech =
            "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList";
        let list = |kind: &str| json!({ "id": "https://a.example/list", "type": kind });
        assert!(credential(&json!({}), &list(of_1edtech)).is_err());
        assert_eq!(
            credential(&json!({}), &list("https://a.example/Own")),
            Ok(())
        );
    }

    #[test]
    fn words_for_parts_of_json_ld_are_not() {
        let hidden = json!({ "validUntil": "2025-01-01T00:00:00Z" });
        for definition in [
            json!("@nest"),
            json!("@included"),
            json!("@graph"),
            json!({ "@id": "@nest" }),
            json!({ "@id": "https://a.example/x", "@nest": "y" }),
            json!({ "@reverse": "https://a.example/x" }),
        ] {
            assert!(
                with(&json!({ "x": definition }), "x", &hidden).is_err(),
                "{definition}"
            );
            let inside = json!({ "Own": { "@id": "https://a.example/Own", "@context": { "x": definition } } });
            assert!(with(&inside, "name", &json!("x")).is_err(), "{inside}");
        }
    }

    #[test]
    fn words_of_ones_own_inside_a_value_are_not() {
        let context = json!({ "x": "urn:uuid:" });
        let subject = json!([{ "id": "x:6c2b", "name": "Katell" }]);
        assert!(with(&context, "relatedResource", &subject).is_err());
        assert!(with(&json!({ "@language": "fr" }), "name", &json!("x")).is_ok());
    }

    #[test]
    fn a_proof_cannot_hide_its_own_end() {
        let ending = |name: &str| {
            let end = json!({ "@id": "https://w3id.org/security#expiration", "@type": "http://www.w3.org/2001/XMLSchema#dateTime" });
            check(&json!({
                "@context": ["https://www.w3.org/ns/credentials/v2", { "expiration": end }],
                "id": "urn:uuid:3f2f",
                "type": ["VerifiableCredential"],
                "proof": { "type": "DataIntegrityProof", name: "2026-11-22T00:00:00Z" },
            }))
        };
        assert_eq!(ending("expires"), Ok(()));
        assert!(ending("expiration").is_err());
    }

    #[test]
    fn contexts_inside_a_badge_are_looked_into_too() {
        let inside =
            json!({ "@context": { "called": "https://schema.org/name" }, "called": "Katell" });
        assert!(with(&json!({}), "name", &json!("x")).is_ok());
        assert!(with(&json!({}), "relatedResource", &inside).is_err());
    }

    #[test]
    fn a_second_mention_says_nothing_a_reader_would_look_for_at_the_first() {
        let mention = |member: &str| json!({ "id": "urn:uuid:3f2f", "type": "EndorsementSubject", member: "x" });
        let in_badge =
            |inside: Value| check(&json!({ "id": "urn:uuid:3f2f", "endorsement": [inside] }));
        assert_eq!(in_badge(mention("endorsementComment")), Ok(()));
        for member in ["validUntil", "credentialStatus", "refreshService"] {
            assert!(in_badge(mention(member)).is_err(), "{member}");
        }
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
