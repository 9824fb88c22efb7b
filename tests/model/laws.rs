//! What holds for every document, also for hostile ones.

use std::time::{Duration, Instant};

use badgeons::openbadges::model::checked::Profile as Rules;
use badgeons::openbadges::model::schema::{self, Schema};
use badgeons::openbadges::model::{AchievementCredential, EndorsementCredential, Profile, rules};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::sample::{badge, endorsement, issuer};

const PROFILES: [Rules; 3] = [Rules::OpenBadge, Rules::Endorsement, Rules::Credential];
const SCHEMAS: [Schema; 3] = [
    Schema::AchievementCredential,
    Schema::EndorsementCredential,
    Schema::Profile,
];

/// Any JSON, with the names that the rules look for more often than others.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "@context",
        "id",
        "type",
        "issuer",
        "validFrom",
        "validUntil",
        "credentialSubject",
        "achievement",
        "criteria",
        "result",
        "resultDescription",
        "identifier",
        "identityHash",
        "hashed",
        "credentialStatus",
        "statusListIndex",
        "statusSize",
        "statusMessage",
        "image",
        "endorsement",
        "parentOrg",
        "relatedResource",
        "proof",
        "name",
        "allowedValue",
        "value",
    ]);
    let texts = prop::sample::select(vec![
        "VerifiableCredential",
        "OpenBadgeCredential",
        "AchievementSubject",
        "Image",
        "Status",
        "BitstringStatusListEntry",
        "data:image/png;base64,",
        "data:image/svg+xml,%",
        "sha256$",
        "https://www.w3.org/ns/credentials/v2",
        "2026-11-23T10:00:00Z",
        "é",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 8, move |inner| {
        let name = prop_oneof![4 => names.clone().prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Members that no class knows.
fn unknown_members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec(("[a-z]{1,6}", any_json()), 1..4).prop_map(|members| {
        members
            .into_iter()
            .map(|(name, value)| (format!("x-{name}"), value))
            .collect()
    })
}

/// All objects of a document that are read into a class, as JSON pointers.
fn objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            found.push(pointer.to_owned());
            members
                .iter()
                .map(|(name, value)| (name.clone(), value))
                .collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (i.to_string(), value))
            .collect(),
        _ => return,
    };
    for (step, value) in inside {
        objects(value, &format!("{pointer}/{step}"), found);
    }
}

/// The badge, one of whose objects is changed.
fn badge_changed_at(place: Index, change: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut document = badge();
    let mut places = Vec::new();
    objects(&document, "", &mut places);
    change(
        document
            .pointer_mut(place.get::<String>(&places))
            .unwrap()
            .as_object_mut()
            .unwrap(),
    );
    document
}

proptest! {
    #[test]
    fn nothing_panics_on_any_document(document in any_json()) {
        for profile in PROFILES {
            rules::findings(&document, profile);
            rules::findings_when_reading(&document, profile);
        }
        for schema in SCHEMAS {
            schema::findings(&document, schema);
        }
        drop(serde_json::from_value::<AchievementCredential>(document));
    }

    #[test]
    fn nothing_panics_on_a_badge_with_anything_anywhere(
        anything in any_json(),
        place in any::<Index>(),
    ) {
        let document = badge_changed_at(place, |object| {
            let name = object.keys().next().cloned().unwrap_or_default();
            object.insert(name, anything);
        });
        for profile in PROFILES {
            rules::findings(&document, profile);
        }
        schema::findings(&document, Schema::AchievementCredential);
    }

    #[test]
    fn unknown_members_are_kept_wherever_they_stand(
        members in unknown_members(),
        place in any::<Index>(),
    ) {
        let document = badge_changed_at(place, |object| object.extend(members));
        let typed: AchievementCredential = serde_json::from_value(document.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&typed).unwrap(), document);
    }
}

#[test]
fn each_class_reads_back_what_it_writes() {
    let endorsement = endorsement().unsigned().0;
    let typed: EndorsementCredential = serde_json::from_value(endorsement.clone()).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), endorsement);
    let typed: Profile = serde_json::from_value(serde_json::to_value(issuer()).unwrap()).unwrap();
    assert_eq!(typed, issuer());
}

#[test]
fn a_bare_value_is_read_and_written_as_an_array() {
    let mut document = badge();
    document["type"] = json!("OpenBadgeCredential");
    document["evidence"] = document["evidence"][0].clone();
    document["credentialSubject"]["achievement"]["tag"] = json!("climat");
    let typed: AchievementCredential = serde_json::from_value(document).unwrap();
    let written = serde_json::to_value(typed).unwrap();
    assert_eq!(written["type"], json!(["OpenBadgeCredential"]));
    assert_eq!(written["evidence"], badge()["evidence"]);
    assert_eq!(
        written["credentialSubject"]["achievement"]["tag"],
        json!(["climat"])
    );
}

#[test]
fn what_is_said_of_people_is_not_in_debug_output() {
    let typed: AchievementCredential = serde_json::from_value(badge()).unwrap();
    let shown = format!(
        "{typed:?} {:?} {:?}",
        typed.credential_subject, typed.issuer
    );
    for secret in ["Anna", "sha256", "Animatrice", "bonjour@"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Documents as large and as deep as are read at all, each wrong at its very end.
fn hostile() -> Vec<Value> {
    let filler = "x".repeat(3 * 1024 * 1024);
    let nested = |wrap: fn(Value) -> Value, levels: usize, core: Value| {
        (0..levels).fold(core, |inner, _| wrap(inner))
    };
    let with_subject = |member: &str, value: Value| {
        let mut badge = badge();
        badge["credentialSubject"][member] = value;
        badge
    };
    let core = json!({"id": filler, "type": [7]});
    let organisations = nested(
        |p| json!({"id": "urn:a:b", "type": ["Profile"], "parentOrg": p}),
        120,
        core.clone(),
    );
    let endorsed = nested(
        |p| json!({"id": "urn:a:b", "type": ["Profile"], "endorsement": [{"issuer": p}]}),
        30,
        core,
    );
    let results: Vec<Value> = (0..60_000)
        .map(
            |i| json!({"type": ["Result"], "value": i.to_string(), "resultDescription": "urn:a:b"}),
        )
        .collect();
    let mut scaled = with_subject("result", json!(results));
    let allowed: Vec<String> = (0..60_000).map(|i| format!("v{i}")).collect();
    scaled["credentialSubject"]["achievement"]["resultDescription"] =
        json!([{"id": "urn:a:b", "allowedValue": allowed}]);
    let long_name: Map<String, Value> = [(filler.clone(), json!(vec![Value::Null; 100_000]))]
        .into_iter()
        .collect();
    vec![
        with_subject("source", organisations),
        with_subject("source", endorsed),
        scaled,
        with_subject("own", Value::Object(long_name)),
        with_subject("identifier", json!(vec![json!({"x": 1}); 200_000])),
        with_subject(
            "image",
            json!({"id": format!("data:image/svg+xml,{}", "%3C".repeat(1_000_000))}),
        ),
        with_subject("narrative", json!(7)),
    ]
}

#[test]
fn a_hostile_document_costs_little_time_and_few_words() {
    for (index, document) in hostile().iter().enumerate() {
        let start = Instant::now();
        for profile in PROFILES {
            let found = rules::findings(document, profile);
            let words: usize = found
                .iter()
                .map(|f| f.pointer.len() + f.message.len())
                .sum();
            assert!(
                words < 8 * 1024 * 1024,
                "{words} bytes of findings on {index}"
            );
        }
        let found = schema::findings(document, Schema::AchievementCredential);
        assert!(
            !found.is_empty() || index == 3,
            "{index} follows the schema"
        );
        let took = start.elapsed();
        // Unoptimised and on a busy machine; what would explode takes minutes.
        assert!(took < Duration::from_secs(20), "{took:?} for {index}");
    }
}
