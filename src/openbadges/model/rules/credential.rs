//! Badges and endorsements as whole documents: what the tables do not say.

use serde_json::Value;

use super::catalogue::{CLAIM, EMPTY_ARRAY, ISSUER_NAME, NULL, PROOF, SCHEMA, TEXT_HIDDEN};
use super::findings::{At, Findings};
use super::{classes, context, dates, related};
use crate::openbadges::model::legible::command_in;
use crate::openbadges::model::services::SCHEMA_VALIDATOR;
use crate::openbadges::model::table::Table;

/// The claims of a JWT, which signing computes, and those that VC-JWT forbids (OB 3.0 §8.2.3).
const CLAIMS: [&str; 10] = [
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "vc", "vp",
];

/// Holds a document to the class it is, and to what Open Badges asks of any credential.
pub(super) fn check(document: &At<'_>, table: &Table, schema: &str, findings: &mut Findings) {
    classes::check(document, table, findings);
    context::check(document, !findings.issuing, findings);
    context::check_badge(document, findings);
    dates::check_badge_period(document, findings);
    for claim in CLAIMS {
        if let Some(here) = document.present(claim) {
            findings.add_about(&here, &CLAIM, claim);
        }
    }
    if findings.issuing && document.value.get("proof").is_some() {
        findings.add(&document.member("proof"), &PROOF);
    }
    let issuer = document.member("issuer");
    if issuer.value.is_object() && issuer.present("name").is_none() {
        findings.add(&issuer.member("name"), &ISSUER_NAME);
    }
    let schemas = document.member("credentialSchema");
    let is_ours = |entry: At<'_>| {
        entry.has_type(SCHEMA_VALIDATOR) && entry.member("id").text() == Some(schema)
    };
    if schemas.items().next().is_some() && !schemas.items().any(is_ours) {
        findings.add(&schemas, &SCHEMA);
    }
    related::check(document, findings);
    check_values(document, findings);
}

/// No null, no empty array and no text that screens obey, anywhere but in contexts, where null means
/// something, and in what others signed.
fn check_values(at: &At<'_>, findings: &mut Findings) {
    if findings.is_right(at) {
        return;
    }
    match at.value {
        Value::Null => findings.add(at, &NULL),
        Value::String(text) => {
            if let Some(command) = command_in(text, true) {
                findings.add_about(at, &TEXT_HIDDEN, &command);
            }
        }
        Value::Array(items) if items.is_empty() => findings.add(at, &EMPTY_ARRAY),
        Value::Array(_) => at.items().for_each(|item| check_values(&item, findings)),
        Value::Object(_) => {
            for (name, here) in at.members() {
                let is_signed = matches!(name, "endorsement" | "proof");
                if name != "@context" && !(is_signed && here.items().next().is_some()) {
                    check_values(&here, findings);
                }
            }
        }
        _ => {}
    }
}
