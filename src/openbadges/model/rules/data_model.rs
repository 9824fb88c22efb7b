//! Any credential of data model 1.1 or 2.0, whatever it says (VCDM 2.0 §4; conformance §8.4).

use serde_json::Value;

use super::catalogue::{KIND, NAME, REQUIRED, SUBJECT_EMPTY, TYPE, URI};
use super::classes::check_text;
use super::findings::{At, Findings};
use super::values::is_absolute_uri;
use super::{context, dates, related, status};

/// Holds a document to what every credential must be.
pub(super) fn check(document: &At<'_>, findings: &mut Findings) {
    if document.present("@context").is_none() {
        findings.add_about(&document.member("@context"), &REQUIRED, "@context");
    }
    context::check(document, true, findings);
    check_types(document, "VerifiableCredential", findings);
    check_id(document, findings);
    check_issuer(document, findings);
    check_subjects(document, findings);
    dates::check_period(document, findings);
    for name in [
        "credentialStatus",
        "credentialSchema",
        "termsOfUse",
        "evidence",
        "refreshService",
    ] {
        for entry in document.member(name).items() {
            check_typed(&entry, name == "credentialSchema", findings);
        }
    }
    document
        .member("credentialStatus")
        .items()
        .for_each(|entry| status::check(&entry, findings));
    let issuer = document.member("issuer");
    for at in [document, &issuer] {
        for name in ["name", "description"] {
            at.member(name)
                .items()
                .for_each(|text| check_name(&text, findings));
        }
    }
    related::check(document, findings);
}

/// The types are texts, and one of them says what the document is.
pub(super) fn check_types(document: &At<'_>, wanted: &str, findings: &mut Findings) {
    let types = document.member("type");
    if types.value.is_null() {
        return findings.add_about(&types, &REQUIRED, "type");
    }
    for item in types.items().filter(|item| !item.value.is_string()) {
        findings.add_about(&item, &KIND, "a text");
    }
    if !types.items().any(|item| item.text() == Some(wanted)) {
        findings.add_about(&types, &TYPE, wanted);
    }
}

/// An `id` that is there is one absolute URL; null is not leaving it out.
pub(super) fn check_id(at: &At<'_>, findings: &mut Findings) {
    if at.value.get("id").is_some() {
        check_text(&at.member("id"), &URI, is_absolute_uri, findings);
    }
}

fn check_issuer(document: &At<'_>, findings: &mut Findings) {
    let issuer = document.member("issuer");
    match issuer.value {
        Value::Null => findings.add_about(&issuer, &REQUIRED, "issuer"),
        _ => check_party(&issuer, findings),
    }
}

/// Somebody, by an identifier or by an object that has one.
pub(super) fn check_party(party: &At<'_>, findings: &mut Findings) {
    match party.value {
        Value::Object(object) if object.contains_key("id") => check_id(party, findings),
        Value::Object(_) => findings.add_about(&party.member("id"), &REQUIRED, "id"),
        _ => check_text(party, &URI, is_absolute_uri, findings),
    }
}

fn check_subjects(document: &At<'_>, findings: &mut Findings) {
    let subjects = document.member("credentialSubject");
    if subjects.items().next().is_none() {
        findings.add_about(&subjects, &REQUIRED, "credentialSubject");
    }
    for subject in subjects.items() {
        match subject.value {
            Value::Object(object) if object.is_empty() => findings.add(&subject, &SUBJECT_EMPTY),
            Value::Object(_) => check_id(&subject, findings),
            _ => findings.add_about(&subject, &KIND, "an object"),
        }
    }
}

/// An entry that says by its type how it is read.
pub(super) fn check_typed(entry: &At<'_>, needs_id: bool, findings: &mut Findings) {
    if !entry.value.is_object() {
        return findings.add_about(entry, &KIND, "an object");
    }
    let mut required = |name| {
        if entry.member(name).items().next().is_none() {
            findings.add_about(&entry.member(name), &REQUIRED, name);
        }
    };
    required("type");
    if needs_id {
        required("id");
    }
    for item in entry
        .member("type")
        .items()
        .filter(|item| !item.value.is_string())
    {
        findings.add_about(&item, &KIND, "a text");
    }
    check_id(entry, findings);
}

/// A text, or a value object with nothing but the text, its language and its direction.
fn check_name(at: &At<'_>, findings: &mut Findings) {
    let is_right = match at.value {
        Value::String(_) => true,
        Value::Object(object) => {
            object.get("@value").is_some_and(Value::is_string)
                && object
                    .keys()
                    .all(|k| matches!(&**k, "@value" | "@language" | "@direction"))
        }
        _ => false,
    };
    if !is_right {
        findings.add(at, &NAME);
    }
}
