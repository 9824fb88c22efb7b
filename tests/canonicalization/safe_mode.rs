//! Safe mode: each way a document could lose meaning, wrong in exactly that way, and where.

use badgeons::openbadges::canonical::Kind;
use serde_json::{Value, json};

use super::{refusal, verify};

#[track_caller]
pub(super) fn all(cases: &[(Value, Kind, &str)]) {
    for (document, kind, pointer) in cases {
        let (found, at, _) = refusal(document);
        assert_eq!((found, at.as_str()), (*kind, *pointer), "{document}");
    }
}

/// A document with this context, and a member that any context defines.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it reads as the JSON it is given"
)]
pub(super) fn context(context: Value) -> Value {
    json!({"@context": context, "u:p": 1})
}

#[test]
fn what_nothing_refers_to_is_not_dropped() {
    all(&[
        (json!("x"), Kind::FreeFloatingScalar, ""),
        (json!([true]), Kind::FreeFloatingScalar, "/0"),
        (json!({}), Kind::EmptyObject, ""),
        (json!({"@graph": [{}]}), Kind::EmptyObject, "/@graph/0"),
        (json!({"@id": "u:a"}), Kind::OnlyId, ""),
        (
            json!({"@graph": [{"@value": "x"}]}),
            Kind::OnlyValue,
            "/@graph/0",
        ),
        (json!({"@list": []}), Kind::OnlyList, ""),
        (json!({"@set": ["x"]}), Kind::FreeFloatingScalar, "/@set/0"),
        (
            json!({"u:p": {"@language": "fr"}}),
            Kind::OnlyLanguage,
            "/u:p",
        ),
        (
            json!({"u:p": {"@direction": "rtl"}}),
            Kind::OnlyLanguage,
            "/u:p",
        ),
        (json!({"u:p": {"@value": null}}), Kind::NullValue, "/u:p"),
        (
            json!({"@included": "x"}),
            Kind::FreeFloatingScalar,
            "/@included",
        ),
    ]);
    let graph = |value: Value| json!({"@context": {"g": {"@id": "u:g", "@container": "@graph"}}, "g": value});
    all(&[
        (graph(json!("x")), Kind::OnlyValue, "/g"),
        (graph(json!({"@id": "u:a"})), Kind::OnlyId, "/g"),
        (graph(json!([{}])), Kind::EmptyObject, "/g/0"),
        (graph(json!({"@list": ["x"]})), Kind::OnlyList, "/g"),
    ]);
    // What says something, if only that a node is there, stays.
    assert!(verify(&json!({"u:p": {}, "u:q": {"@id": "u:a"}})).is_ok());
}

#[test]
fn nothing_relative_is_left() {
    all(&[
        (json!({"@id": "a", "u:p": 1}), Kind::RelativeId, "/@id"),
        (json!({"@id": "", "u:p": 1}), Kind::RelativeId, "/@id"),
        (json!({"@id": "@type", "u:p": 1}), Kind::RelativeId, "/@id"),
        (json!({"@id": "@foo", "u:p": 1}), Kind::ReservedId, "/@id"),
        (json!({"@type": "T"}), Kind::RelativeType, "/@type"),
        (
            json!({"@type": ["u:T", "@foo"]}),
            Kind::RelativeType,
            "/@type/1",
        ),
        (json!({"@type": "@json", "u:p": 1}), Kind::RelativeType, ""),
        (json!({"p": 1}), Kind::InvalidProperty, "/p"),
        (json!({"@foo": 1}), Kind::InvalidProperty, "/@foo"),
        (
            json!({"@container": 1}),
            Kind::InvalidProperty,
            "/@container",
        ),
        (json!({"_:p": 1}), Kind::BlankPredicate, "/_:p"),
        (json!({"u:<p>": 1}), Kind::InvalidIri, "/u:<p>"),
        (json!({"@type": "u:{T}"}), Kind::InvalidIri, "/@type"),
        (
            json!({"@context": {"p": {"@id": "u:p", "@type": "@id"}}, "p": "a"}),
            Kind::RelativeReference,
            "/p",
        ),
        (
            json!({"@context": {"p": {"@id": "u:p", "@type": "@vocab"}}, "p": "a"}),
            Kind::RelativeReference,
            "/p",
        ),
        (
            json!({"@context": {"p": {"@id": "u:p", "@type": "@id"}}, "p": "@foo"}),
            Kind::ReservedId,
            "/p",
        ),
        (
            json!({"@context": {"i": {"@id": "u:i", "@container": "@id"}}, "i": {"a": {"u:p": 1}}}),
            Kind::RelativeId,
            "/i/a",
        ),
        (
            json!({"@context": {"t": {"@id": "u:t", "@container": "@type"}}, "t": {"a": {"u:p": 1}}}),
            Kind::RelativeType,
            "/t/a",
        ),
        (
            json!({"@context": {"p": null}, "p": 1}),
            Kind::InvalidProperty,
            "/p",
        ),
        (
            context(json!({"@vocab": "a"})),
            Kind::RelativeVocab,
            "/@context/@vocab",
        ),
        (
            context(json!({"@vocab": ""})),
            Kind::RelativeVocab,
            "/@context/@vocab",
        ),
    ]);
}

#[test]
fn languages_are_language_tags() {
    all(&[
        (
            json!({"u:p": {"@value": "x", "@language": "a b"}}),
            Kind::InvalidLanguage,
            "/u:p/@language",
        ),
        (
            context(json!({"@language": "fr_FR"})),
            Kind::InvalidLanguage,
            "/@context/@language",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@language": "?"}})),
            Kind::InvalidLanguage,
            "/@context/a",
        ),
        (
            json!({"@context": {"a": {"@id": "u:a", "@container": "@language"}}, "a": {"f r": "x"}}),
            Kind::InvalidLanguage,
            "/a/f r",
        ),
        (
            json!({"u:p": {"@value": "x", "@language": 1}}),
            Kind::InvalidLanguageString,
            "/u:p/@language",
        ),
        (
            json!({"u:p": {"@value": 1, "@language": "fr"}}),
            Kind::InvalidLanguageValue,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": 1, "@direction": "ltr"}}),
            Kind::InvalidLanguageValue,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": "x", "@direction": "up"}}),
            Kind::InvalidDirection,
            "/u:p/@direction",
        ),
    ]);
}

#[test]
fn objects_are_what_they_say() {
    let string = "http://www.w3.org/2001/XMLSchema#string";
    all(&[
        (json!({"@id": 1, "u:p": 1}), Kind::InvalidIdValue, "/@id"),
        (json!({"@type": [1]}), Kind::InvalidTypeValue, "/@type/0"),
        (json!({"@graph": "x"}), Kind::InvalidGraph, "/@graph"),
        (
            json!({"@index": 1, "u:p": 1}),
            Kind::InvalidIndex,
            "/@index",
        ),
        (json!({"@reverse": 1}), Kind::InvalidReverse, "/@reverse"),
        (
            json!({"@reverse": {"@id": "u:a"}}),
            Kind::InvalidReverseMap,
            "/@reverse/@id",
        ),
        (
            json!({"@reverse": {"u:p": "x"}}),
            Kind::InvalidReverseValue,
            "/@reverse",
        ),
        (json!({"@nest": "x", "u:p": 1}), Kind::InvalidNest, "/@nest"),
        (
            json!({"@nest": {"@value": "x"}, "u:p": 1}),
            Kind::InvalidNest,
            "/@nest",
        ),
        (
            json!({"@included": {"@list": []}, "u:p": 1}),
            Kind::OnlyList,
            "/@included",
        ),
        (
            json!({"@context": {"id": "@id"}, "@id": "u:a", "id": "u:b"}),
            Kind::CollidingKeywords,
            "/id",
        ),
        (
            json!({"u:p": {"@value": []}}),
            Kind::InvalidValue,
            "/u:p/@value",
        ),
        (
            json!({"u:p": {"@value": "x", "u:q": 1}}),
            Kind::InvalidValueObject,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": "x", "@id": "u:a"}}),
            Kind::InvalidValueObject,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": "x", "@type": string, "@language": "fr"}}),
            Kind::InvalidValueObject,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": "x", "@type": [string, string]}}),
            Kind::InvalidValueObject,
            "/u:p",
        ),
        (
            json!({"u:p": {"@value": "x", "@type": "_:t"}}),
            Kind::InvalidTypedValue,
            "/u:p",
        ),
        (
            json!({"u:p": {"@list": [], "@id": "u:a"}}),
            Kind::InvalidSetOrList,
            "/u:p",
        ),
        (
            json!({"u:p": {"@list": [], "@set": []}}),
            Kind::InvalidSetOrList,
            "/u:p",
        ),
        (
            json!({"@context": {"l": {"@id": "u:l", "@container": "@language"}}, "l": {"fr": 1}}),
            Kind::InvalidLanguageMap,
            "/l/fr",
        ),
        (
            json!({"@context": {"i": {"@id": "u:i", "@container": "@id"}}, "i": {"u:a": "x"}}),
            Kind::InvalidValueObject,
            "/i/u:a",
        ),
        (
            json!({"@context": {"r": {"@reverse": "u:r"}}, "r": "x"}),
            Kind::InvalidReverseValue,
            "/r",
        ),
    ]);
}
