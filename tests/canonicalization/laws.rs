//! What must hold for every document: it never panics, and order and labels never matter.

use badgeons::openbadges::canonical::{Limits, canonicalize, canonicalize_nquads};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{document, index, verify};

/// JSON with the names and values that mean something here.
pub(super) fn anything() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        Just("@id"),
        Just("@type"),
        Just("@json"),
        Just("@none"),
        Just("@vocab"),
        Just("@list"),
        Just("@set"),
        Just("@graph"),
        Just("@index"),
        Just("@language"),
        Just("@context"),
        Just("u:x"),
        Just("_:b"),
        Just("a"),
        Just("b:c"),
        Just(""),
        Just("@foo"),
        Just("fr"),
        Just("rtl"),
        Just("https://www.w3.org/ns/credentials/v2"),
        Just("\u{0}"),
        Just("é 😀"),
    ];
    let names = prop_oneof![
        Just("@context"),
        Just("@id"),
        Just("@type"),
        Just("@value"),
        Just("@list"),
        Just("@set"),
        Just("@graph"),
        Just("@included"),
        Just("@reverse"),
        Just("@nest"),
        Just("@index"),
        Just("@language"),
        Just("@direction"),
        Just("@container"),
        Just("@protected"),
        Just("@propagate"),
        Just("@prefix"),
        Just("@version"),
        Just("@base"),
        Just("@import"),
        Just("u:p"),
        Just("a"),
        Just("b"),
        Just("type"),
        Just("id"),
        Just("@foo"),
        Just(""),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|n| json!(n)),
        any::<i64>().prop_map(|n| json!(n)),
        texts.prop_map(|text| json!(text)),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(
                    members
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

/// Documents of the corpus that have a canonical form.
pub(super) fn credential() -> impl Strategy<Value = Value> {
    let names: Vec<String> = index()
        .into_iter()
        .filter(|(name, (expected, _))| expected == "canonical" && name != "lone_surrogate")
        .map(|(name, _)| name)
        .collect();
    prop::sample::select(names).prop_map(|name| document(&name))
}

/// Puts a value in place of the `at`-th value of a document, counted from the outside in.
pub(super) fn put(value: &mut Value, at: &mut usize, new: &Value) {
    if *at == 0 {
        *value = new.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, at, new)),
        Value::Object(members) => members.values_mut().for_each(|member| put(member, at, new)),
        _ => {}
    }
}

/// Reorders members everywhere, and the items of arrays but for contexts, lists and JSON literals.
fn shuffle(value: &Value, seed: &mut u64, ordered: bool) -> Value {
    let mut next = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *seed >> 33
    };
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|member| (next(), member)).collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            let keep = |name: &str| {
                ordered
                    || matches!(
                        name,
                        "@context" | "l" | "meta" | "jsonSchema" | "allowedValue"
                    )
            };
            let members = members
                .into_iter()
                .map(|(_, (name, member))| (name.clone(), shuffle(member, seed, keep(name))));
            Value::Object(Map::from_iter(members.collect::<Vec<_>>()))
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(|item| (next(), item)).collect();
            if !ordered {
                items.sort_unstable_by_key(|(key, _)| *key);
            }
            Value::Array(
                items
                    .into_iter()
                    .map(|(_, item)| shuffle(item, seed, ordered))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn no_document_makes_it_panic(document in anything()) {
        drop(verify(&document));
    }

    #[test]
    fn no_context_makes_it_panic(context in anything(), document in anything()) {
        let document = match document {
            Value::Object(mut members) => {
                members.insert("@context".to_owned(), context);
                Value::Object(members)
            }
            other => json!({"@context": context, "a": other}),
        };
        drop(verify(&document));
    }

    #[test]
    fn no_damaged_credential_makes_it_panic(
        document in credential(), at in 0_usize..120, new in anything(),
    ) {
        let mut document = document;
        put(&mut document, &mut { at }, &new);
        if let Ok(text) = verify(&document) {
            // What is canonical stays as it is.
            prop_assert_eq!(canonicalize_nquads(&text, &Limits::VERIFY), Ok(text));
        }
    }

    #[test]
    fn no_text_makes_the_n_quads_reader_panic(text in "[<>_:\"\\\\u^@. a-f0-9\n\u{e9}]{0,80}") {
        drop(canonicalize_nquads(&text, &Limits::VERIFY));
    }

    #[test]
    fn the_order_of_members_and_of_sets_never_matters(document in credential(), seed in any::<u64>()) {
        let shuffled = shuffle(&document, &mut { seed }, false);
        prop_assert_eq!(canonicalize(&shuffled, &Limits::VERIFY), canonicalize(&document, &Limits::VERIFY));
    }
}
