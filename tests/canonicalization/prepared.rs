//! What was prepared once says what it says when it is read again, and is never taken for another.

use std::collections::BTreeSet;

use badgeons::openbadges::canonical::{Limits, Prepared, canonicalize, canonicalize_prepared};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::laws::{anything, credential, put};
use super::{document, index};

/// All names of members in a document: whatever can be prepared, is.
fn names(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| names(member).into_iter().chain([name.as_str()]))
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// A document with everything prepared, if it can be read.
fn prepared(document: &Value) -> Option<Prepared> {
    let names: Vec<&str> = names(document).into_iter().collect();
    let prepared = Prepared::of(document, &names, &Limits::VERIFY);
    let general = canonicalize(document, &Limits::VERIFY);
    assert!(prepared.is_ok() || general.is_err(), "{prepared:?}");
    prepared.ok()
}

fn assert_same(document: &Value, prepared: &Prepared) {
    for limits in [Limits::VERIFY, Limits::ISSUE] {
        let sooner = canonicalize_prepared(document, prepared, &limits);
        assert_eq!(sooner, canonicalize(document, &limits));
    }
}

#[test]
fn every_document_of_the_corpus_has_the_same_bytes_and_refusals_with_every_other_prepared() {
    let names: Vec<String> = index()
        .into_keys()
        .filter(|name| name != "lone_surrogate")
        .collect();
    let documents: Vec<Value> = names.iter().map(|name| document(name)).collect();
    for prepared in documents.iter().filter_map(prepared) {
        for document in &documents {
            assert_same(document, &prepared);
        }
    }
}

#[test]
fn the_same_value_under_another_context_or_name_is_not_what_was_prepared() {
    let context = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    ]);
    let badge = |context: &Value, name: &str| {
        let source = json!({"type": ["Profile"], "name": "Ewen", "address": {"type": "Address", "addressLocality": "Gwened"}});
        json!({
            "@context": context, "id": "urn:c", "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "credentialSubject": {"type": ["AchievementSubject"], name: source},
        })
    };
    let sample = badge(&context, "source");
    let prepared = prepared(&sample).unwrap();
    assert_same(&sample, &prepared);
    let [mut says_otherwise, mut older] = [context.clone(), context.clone()];
    let own = json!({"addressLocality": "https://example.org/town"});
    says_otherwise.as_array_mut().unwrap().push(own);
    older[1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json");
    for (context, name) in [
        (&context, "achievement"),
        (&says_otherwise, "source"),
        (&older, "source"),
    ] {
        assert_same(&badge(context, name), &prepared);
    }
}

#[test]
fn anonymous_objects_of_what_was_prepared_are_told_apart_like_all_others() {
    // The same part several times, within a graph, and beside nodes that look like its own.
    let twin = json!({"type": ["Alignment"], "targetName": "x", "targetUrl": "https://x.example/"});
    let achievement = json!({
        "type": ["Achievement"], "name": "a", "description": "b", "criteria": {"narrative": "c"},
        "alignment": [twin, twin, {"type": ["Alignment"], "targetName": "y"}],
    });
    let subject = json!({"type": ["AchievementSubject"], "achievement": achievement});
    let badge = json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
        ],
        "id": "urn:c", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "credentialSubject": [subject, subject, {"type": ["AchievementSubject"], "id": "urn:s", "achievement": achievement}],
    });
    let within = json!({
        "@context": badge["@context"], "type": ["VerifiablePresentation"], "verifiableCredential": [badge, badge],
    });
    let parts = Prepared::of(&badge, &["achievement"], &Limits::ISSUE).unwrap();
    assert_same(&badge, &parts);
    assert_same(&within, &parts);
    assert_same(&badge, &prepared(&within).unwrap());
}

proptest! {
    #[test]
    fn a_credential_changed_anywhere_says_what_it_says_unprepared(
        credential in credential(), at in 0_usize..120, new in anything(), twice in any::<bool>(),
    ) {
        let Some(parts) = prepared(&credential) else {
            return Ok(());
        };
        let mut changed = credential;
        put(&mut changed, &mut { at }, &new);
        if twice {
            put(&mut changed, &mut { at / 2 }, &json!("urn:x"));
        }
        for limits in [Limits::VERIFY, Limits::ISSUE] {
            let sooner = canonicalize_prepared(&changed, &parts, &limits);
            prop_assert_eq!(sooner, canonicalize(&changed, &limits));
        }
    }
}
