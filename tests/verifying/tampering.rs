//! The law above all: change, add or remove any claim of a signed badge, and it is not valid.

use badgeons::openbadges::verify::Verdict;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::world::{Issuer, badge, endorsement, report, with, without};

/// A badge with a member of every kind.
fn rich(issuer: &Issuer) -> Value {
    let vouched = Issuer::did_key(5).sign(&endorsement(
        "https://badgeons.example/achievements/1",
        &Issuer::did_key(5),
    ));
    let badge = with(
        badge(issuer),
        "/credentialSubject/achievement/endorsement",
        json!([vouched]),
    );
    let badge = with(
        badge,
        "/issuer/address",
        json!({
            "type": ["Address"],
            "geo": { "type": "GeoCoordinates", "latitude": 47.66, "longitude": -2.76 },
        }),
    );
    with(
        badge,
        "/credentialSubject/achievement/resultDescription",
        json!([{
            "id": "urn:uuid:6ba7b813-9dad-41d1-80b4-00c04fd430c8",
            "type": ["ResultDescription"],
            "name": "Note",
            "resultType": "RawScore",
            "allowedValue": ["1", "2", "3"],
        }]),
    )
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    let mut step = |name: String, value: &Value| {
        let pointer = format!("{here}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(pointer.clone());
        places(value, &pointer, found);
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| step(name.clone(), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| step(at.to_string(), value)),
        _ => {}
    }
}

fn changed(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
        Value::Bool(flag) => json!(!flag),
        Value::Null => json!("x"),
        Value::Array(_) | Value::Object(_) => json!("urn:x:x"),
    }
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Change,
    Remove,
    Add(&'static str),
}

/// Tampers with one place; `None` where there is nothing to add to.
fn tampered(badge: &Value, pointer: &str, way: Way) -> Option<Value> {
    let value = badge.pointer(pointer).unwrap();
    match way {
        Way::Change => Some(with(badge.clone(), pointer, changed(value))),
        Way::Remove => Some(without(badge.clone(), pointer)),
        Way::Add(name) => match value {
            Value::Object(members) if !members.contains_key(name) => Some(with(
                badge.clone(),
                &format!("{pointer}/{name}"),
                json!("urn:x:added"),
            )),
            Value::Array(items) => {
                let mut items = items.clone();
                items.push(json!("urn:x:added"));
                Some(with(badge.clone(), pointer, Value::Array(items)))
            }
            _ => None,
        },
    }
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        Just(Way::Change),
        Just(Way::Remove),
        Just(Way::Add("unheardOf")),
        Just(Way::Add("description")),
        Just(Way::Add("id")),
    ]
}

/// Tampers with every place of a signed document that `resign` puts back together.
fn never_valid(
    signed: &Value,
    place: usize,
    way: Way,
    put: impl Fn(&Value) -> String,
) -> Result<(), TestCaseError> {
    let issuer = Issuer::web();
    let mut all = Vec::new();
    places(signed, "", &mut all);
    let pointer = &all[place % all.len()];
    let Some(tampered) = tampered(signed, pointer, way) else {
        return Ok(());
    };
    let report = report(put(&tampered), &issuer.online());
    // eddsa-jcs-2022 leaves contexts that are added out of what it signs (VC-DI-EDDSA §3.3.2 step
    // 4).
    let adds_a_context = pointer == "/@context" && matches!(way, Way::Add(_));
    let allowed = adds_a_context && report.verdict == Verdict::ValidWithWarnings;
    prop_assert!(
        allowed || matches!(report.verdict, Verdict::Invalid | Verdict::Undetermined),
        "{way:?} at {pointer}: {:#?}",
        report.checks
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_tampered_badge_with_a_proof_is_never_valid(place: usize, way in way(), jcs: bool) {
        let issuer = Issuer::web();
        let badge = rich(&issuer);
        let signed = if jcs { issuer.sign_jcs(&badge) } else { issuer.sign(&badge) };
        never_valid(&signed, place, way, Value::to_string)?;
    }

    #[test]
    fn a_tampered_jwt_is_never_valid(place: usize, way in way(), in_header: bool) {
        let issuer = Issuer::web();
        let jwt = issuer.sign_jwt(&rich(&issuer));
        let parts: Vec<&str> = jwt.split('.').collect();
        let part = usize::from(!in_header);
        let content: Value = serde_json::from_slice(&BASE64.decode(parts[part]).unwrap()).unwrap();
        never_valid(&content, place, way, |content| {
            let mut parts = parts.clone();
            let content = BASE64.encode(content.to_string());
            parts[part] = &content;
            parts.join(".")
        })?;
    }
}

#[test]
fn every_place_of_a_signed_badge_is_covered() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let mut all = Vec::new();
    places(&signed, "", &mut all);
    assert!(all.len() > 50);
    for pointer in all {
        for way in [Way::Change, Way::Remove] {
            let tampered = tampered(&signed, &pointer, way).unwrap();
            let verdict = super::world::examined(tampered, &issuer.online())
                .report
                .verdict;
            assert!(
                matches!(verdict, Verdict::Invalid | Verdict::Undetermined),
                "{way:?} at {pointer}"
            );
        }
    }
}
