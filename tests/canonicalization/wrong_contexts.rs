//! Contexts that say nothing, or nothing allowed: each wrong in exactly one way, and where.

use badgeons::openbadges::canonical::Kind;
use serde_json::json;

use super::safe_mode::{all, context};
use super::verify;

#[test]
fn settings_are_what_they_say() {
    all(&[
        (
            context(json!("https://x.example/c")),
            Kind::UnknownContext,
            "/@context",
        ),
        (
            context(json!("relative")),
            Kind::UnknownContext,
            "/@context",
        ),
        (
            context(json!([[{}]])),
            Kind::InvalidLocalContext,
            "/@context/0",
        ),
        (context(json!(1)), Kind::InvalidLocalContext, "/@context"),
        (
            context(json!({"@version": 1.0})),
            Kind::InvalidVersion,
            "/@context/@version",
        ),
        (
            context(json!({"@base": "https://x.example/"})),
            Kind::BaseUnsupported,
            "/@context/@base",
        ),
        (
            context(json!({"@import": "https://www.w3.org/ns/did/v1"})),
            Kind::ImportUnsupported,
            "/@context/@import",
        ),
        (
            context(json!({"@vocab": 1})),
            Kind::InvalidVocab,
            "/@context/@vocab",
        ),
        (
            context(json!({"@language": 1})),
            Kind::InvalidDefaultLanguage,
            "/@context/@language",
        ),
        (
            context(json!({"@direction": "up"})),
            Kind::InvalidDirection,
            "/@context/@direction",
        ),
        (
            context(json!({"@propagate": 1})),
            Kind::InvalidPropagate,
            "/@context",
        ),
        (
            context(json!({"@protected": 1})),
            Kind::InvalidProtected,
            "/@context/@protected",
        ),
    ]);
}

#[test]
fn terms_are_defined_once_and_as_something() {
    all(&[
        (
            context(json!({"@id": "u:a"})),
            Kind::KeywordRedefinition,
            "/@context/@id",
        ),
        (
            context(json!({"@type": {"@container": "@list"}})),
            Kind::KeywordRedefinition,
            "/@context/@type",
        ),
        (
            context(json!({"@foo": "u:a"})),
            Kind::ReservedTerm,
            "/@context/@foo",
        ),
        (
            context(json!({"": "u:a"})),
            Kind::InvalidTermDefinition,
            "/@context/",
        ),
        (
            context(json!({"a": 1})),
            Kind::InvalidTermDefinition,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "b": 1}})),
            Kind::InvalidTermDefinition,
            "/@context/a/b",
        ),
        (
            context(json!({"a": "b:x", "b": "a:x"})),
            Kind::CyclicMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": "b"})),
            Kind::InvalidIriMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {}})),
            Kind::InvalidIriMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": 1}})),
            Kind::InvalidIriMapping,
            "/@context/a",
        ),
        (
            context(json!({"u:a": "u:b"})),
            Kind::InvalidIriMapping,
            "/@context/u:a",
        ),
        (
            context(json!({"a": "@context"})),
            Kind::InvalidKeywordAlias,
            "/@context/a",
        ),
        (
            context(json!({"a": "@foo"})),
            Kind::ReservedId,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@reverse": "@foo"}})),
            Kind::ReservedReverse,
            "/@context/a",
        ),
    ]);
}

#[test]
fn entries_of_definitions_are_what_they_say() {
    all(&[
        (
            context(json!({"a": {"@reverse": "u:a", "@id": "u:a"}})),
            Kind::InvalidReverseProperty,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@reverse": "u:a", "@container": "@list"}})),
            Kind::InvalidReverseProperty,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@type": "b"}})),
            Kind::InvalidTypeMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@type": "_:b"}})),
            Kind::InvalidTypeMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@type": "u:b", "@container": "@type"}})),
            Kind::InvalidTypeMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@container": "@foo"}})),
            Kind::InvalidContainer,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@container": ["@list", "@set"]}})),
            Kind::InvalidContainer,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@container": ["@id", "@index"]}})),
            Kind::InvalidContainer,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@language": 1}})),
            Kind::InvalidLanguageMapping,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@direction": 1}})),
            Kind::InvalidDirection,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@index": "u:i"}})),
            Kind::InvalidTermDefinition,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@nest": "@id"}})),
            Kind::InvalidNest,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@prefix": 1}})),
            Kind::InvalidPrefix,
            "/@context/a",
        ),
        (
            context(json!({"u:a": {"@prefix": true}})),
            Kind::InvalidTermDefinition,
            "/@context/u:a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@protected": 1}})),
            Kind::InvalidProtected,
            "/@context/a",
        ),
        (
            context(json!({"a": {"@id": "u:a", "@context": {"b": 1}}})),
            Kind::InvalidScopedContext,
            "/@context/a/@context/b",
        ),
        (
            context(json!([{"a": {"@id": "u:a", "@protected": true}}, {"a": "u:b"}])),
            Kind::ProtectedTerm,
            "/@context/1/a",
        ),
        (
            context(json!([{"a": {"@id": "u:a", "@protected": true}}, null])),
            Kind::ContextNullification,
            "/@context/1",
        ),
    ]);
}

#[test]
fn the_same_and_right() {
    for right in [
        json!([null, {"@version": 1.1, "@base": null, "@vocab": null, "@language": null, "@direction": null}]),
        json!([{"a": {"@id": "u:a", "@protected": true}}, {"a": "u:a"}]),
        json!({"@type": {"@container": "@set", "@protected": true}}),
        json!({"a": {"@id": "u:a", "@container": ["@graph", "@id", "@set"]}, "b": {"@reverse": "u:b", "@container": "@set"}}),
        json!({"a": {"@id": "u:a", "@container": []}, "c": {"@id": "u:c", "@nest": "n"}}),
    ] {
        assert!(verify(&context(right.clone())).is_ok(), "{right}");
    }
}
