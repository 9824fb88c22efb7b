//! The standard's tables, walked over a document: every member of every class, in one place.

use serde_json::Value;

use super::catalogue::{
    ARRAY, CLOSED, COUNTRY, DATE, ENDORSEMENT_JWT, INSTANT, ISSUER_OBJECT, JWS, KIND, LANGUAGE,
    LINK, REQUIRED, Rule, SINGLE, SUBJECT_SINGLE, TEXT_EMPTY, TEXT_PLAIN, TYPE, URI, UTC, WORD,
    ZONE,
};
use super::findings::{At, Findings};
use super::{achievement, dates, endorsement, identity, image, result, status, subject, values};
use crate::openbadges::model::table::{Cardinality, Member, Shape, Table};
use crate::openbadges::model::{Profile, Timestamp};

/// Holds an object to the table of its class, and to the rules that go beyond the table.
pub(super) fn check(at: &At<'_>, table: &Table, findings: &mut Findings) {
    if !at.value.is_object() {
        return findings.add_about(at, &KIND, "an object");
    }
    if findings.is_right(at) {
        return;
    }
    for member in &table.members {
        check_member(at, member, findings);
    }
    if table.is_closed() {
        let is_known = |name: &str| table.members.iter().any(|member| member.name == name);
        for (_, here) in at.members().filter(|(name, _)| !is_known(name)) {
            findings.add_about(&here, &CLOSED, table.class);
        }
    }
    match table.class {
        "Achievement" => result::check_descriptions(at, findings),
        "AchievementSubject" => subject::check(at, findings),
        "CredentialStatus" => status::check(at, findings),
        "Criteria" => achievement::check_criteria(at, findings),
        "IdentityObject" => identity::check(at, findings),
        "Image" => image::check(at, findings),
        _ => {}
    }
}

fn check_member(owner: &At<'_>, member: &Member, findings: &mut Findings) {
    let name = member.name.as_str();
    let Some(here) = owner.present(name) else {
        // Data model 1.1 says `issuanceDate` instead; `dates` asks for it.
        let is_dated_as_1_1 = name == "validFrom" && dates::is_1_1(owner);
        if member.cardinality == Cardinality::One && !is_dated_as_1_1 {
            findings.add_about(&owner.member(name), &REQUIRED, name);
        }
        return;
    };
    match member.shape {
        Shape::Any => return,
        Shape::Types(types) => return check_types(&here, types, findings),
        _ => {}
    }
    match (member.cardinality, here.value.is_array()) {
        (Cardinality::Many, false) => findings.add_about(&here, &ARRAY, name),
        (Cardinality::One, true) if name == "credentialSubject" => {
            findings.add(&here, &SUBJECT_SINGLE);
        }
        (Cardinality::One | Cardinality::Optional, true) => {
            findings.add_about(&here, &SINGLE, name);
        }
        _ => {}
    }
    for item in here.items().filter(|item| !item.value.is_null()) {
        check_shape(owner, &item, member.shape, findings);
    }
}

fn check_shape(owner: &At<'_>, at: &At<'_>, shape: Shape, findings: &mut Findings) {
    match shape {
        Shape::Text => check_prose(at, findings),
        Shape::Uri => check_text(at, &URI, values::is_absolute_uri, findings),
        Shape::Link => check_text(at, &LINK, values::is_absolute_uri, findings),
        Shape::Moment if at.text().is_some_and(values::is_without_zone) => findings.add(at, &ZONE),
        Shape::Instant | Shape::Moment => check_instant(at, findings),
        Shape::Date => check_text(at, &DATE, values::is_day, findings),
        Shape::Language => check_text(at, &LANGUAGE, values::is_language, findings),
        Shape::Country => check_text(at, &COUNTRY, values::is_country, findings),
        Shape::Word(allows) => check_text(at, &WORD, allows, findings),
        Shape::Kind(kind) => {
            if at.text() != Some(kind) {
                findings.add_about(at, &TYPE, kind);
            }
        }
        Shape::Jws => {
            check_text(at, &JWS, values::is_compact_jws, findings);
            if at.text().is_some_and(values::is_compact_jws) {
                findings.add(at, &ENDORSEMENT_JWT);
            }
        }
        Shape::Boolean if !at.value.is_boolean() => {
            findings.add_about(at, &KIND, "true or false");
        }
        Shape::Number if !at.value.is_number() => findings.add_about(at, &KIND, "a number"),
        Shape::Class(table) => check(at, table(), findings),
        Shape::Issuer if at.value.is_string() => {
            findings.add(at, &ISSUER_OBJECT);
            check_text(at, &URI, values::is_absolute_uri, findings);
        }
        Shape::Issuer => check(at, Profile::table(), findings),
        Shape::Endorsement => endorsement::check_embedded(owner, at, findings),
        Shape::Boolean | Shape::Number | Shape::Types(_) | Shape::Any => {}
    }
}

/// A text that only a certain form makes right.
pub(super) fn check_text(
    at: &At<'_>,
    rule: &Rule,
    is_right: impl Fn(&str) -> bool,
    findings: &mut Findings,
) {
    match at.text() {
        Some(text) if is_right(text) => {}
        Some(_) => findings.add(at, rule),
        None => findings.add_about(at, &KIND, "a text"),
    }
}

fn check_prose(at: &At<'_>, findings: &mut Findings) {
    match at.value {
        Value::String(text) if text.trim().is_empty() => findings.add(at, &TEXT_EMPTY),
        Value::String(_) => {}
        Value::Object(_) => findings.add(at, &TEXT_PLAIN),
        _ => findings.add_about(at, &KIND, "a text"),
    }
}

/// An instant; what we issue writes it in UTC.
pub(super) fn check_instant(at: &At<'_>, findings: &mut Findings) {
    check_text(
        at,
        &INSTANT,
        |text| text.parse::<Timestamp>().is_ok(),
        findings,
    );
    if at
        .text()
        .is_some_and(|text| !text.ends_with('Z') && text.parse::<Timestamp>().is_ok())
    {
        findings.add(at, &UTC);
    }
}

/// An array with at least these types. `AchievementCredential` and `OpenBadgeCredential` are two
/// names of one type (conformance §9.1, 3).
fn check_types(at: &At<'_>, types: &[&str], findings: &mut Findings) {
    if !at.value.is_array() {
        findings.add_about(at, &ARRAY, "type");
    }
    for item in at.items().filter(|item| !item.value.is_string()) {
        findings.add_about(&item, &KIND, "a text");
    }
    let says = |name: &str| at.items().any(|item| item.text() == Some(name));
    for name in types {
        let by_alias = *name == "OpenBadgeCredential" && says("AchievementCredential");
        if !says(name) && !by_alias {
            findings.add_about(at, &TYPE, name);
        }
    }
}
