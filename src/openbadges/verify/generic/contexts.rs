//! A context written as a context document: `{"@context": {…}}` inside `@context`.
//!
//! JSON-LD does not have it, and every processor that follows the specification refuses it; jsonld.js
//! reads the inner object, and some of the W3C's own chain fixtures were signed that way. Where the
//! object has that one member and nothing beside it there is no second way to read it, so it is read
//! so here. With other members beside it one reader would follow these and another the inner object:
//! that is left as it is, to be refused.
//!
//! Only the contexts of the credential or presentation itself are looked at, and those of the
//! credentials in a presentation: anywhere else an object with an `@context` may be JSON that a proof
//! covers to the letter.

use serde_json::Value;

/// The document with such contexts read.
pub(super) fn unwrapped(document: &Value) -> Value {
    let mut document = document.clone();
    unwrap(&mut document);
    match document.get_mut("verifiableCredential") {
        Some(Value::Array(credentials)) => credentials.iter_mut().for_each(unwrap),
        Some(credential) => unwrap(credential),
        None => {}
    }
    document
}

fn unwrap(document: &mut Value) {
    match document.get_mut("@context") {
        Some(Value::Array(contexts)) => contexts.iter_mut().for_each(unwrap_one),
        Some(context) => unwrap_one(context),
        None => {}
    }
}

fn unwrap_one(context: &mut Value) {
    let Some(members) = context.as_object_mut().filter(|members| members.len() == 1) else {
        return;
    };
    if members.get("@context").is_some_and(Value::is_object)
        && let Some(inner) = members.remove("@context")
    {
        *context = inner;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_context_document_is_read_as_its_context_where_nothing_stands_beside_it() {
        let wrapped = json!({"@context": ["https://a.example", {"@context": {"a": "urn:a:a"}}]});
        let plain = json!({"@context": ["https://a.example", {"a": "urn:a:a"}]});
        assert_eq!(unwrapped(&wrapped), plain);
        assert_eq!(unwrapped(&plain), plain);
        let inside = |credential: &Value| json!({"verifiableCredential": [credential]});
        assert_eq!(unwrapped(&inside(&wrapped)), inside(&plain));
    }

    #[test]
    fn what_could_be_read_in_two_ways_stays() {
        for context in [
            json!({"@context": {"a": "urn:a:a"}, "b": "urn:a:b"}),
            json!({"@context": ["https://a.example"]}),
            json!({"@context": "https://a.example"}),
        ] {
            let document = json!({ "@context": [context] });
            assert_eq!(unwrapped(&document), document);
        }
        let data = json!({"credentialSubject": {"@context": {"@context": {"a": "urn:a:a"}}}});
        assert_eq!(unwrapped(&data), data);
    }
}
