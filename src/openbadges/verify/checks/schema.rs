//! `schema`: does it follow the official JSON Schema? (conformance §4.2.1)
//!
//! An endorsement is held to the schema of its own kind, also where it is a JWT, which the badge's
//! schema does not look into. Schemas of the issuer's own are named, never run: a schema is a
//! program, and a stranger's could keep a verifier busy forever.

use serde_json::Value;

use super::structure::told;
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::many::items;
use crate::openbadges::model::schema::{self, Schema};
use crate::openbadges::model::services::{
    ACHIEVEMENT_CREDENTIAL_SCHEMA, ENDORSEMENT_CREDENTIAL_SCHEMA,
};
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};
use crate::openbadges::verify::secured::Secured;

/// Holds a badge to the official schema.
pub(in crate::openbadges::verify) fn check(secured: &Secured) -> Vec<CheckResult> {
    let result = |outcome, title: &str, detail: String| {
        CheckResult::new(CheckId::Schema, outcome, title, detail)
    };
    let modern = with_zones(secured.modern());
    let findings = schema::findings(&modern, Schema::AchievementCredential);
    let mut results: Vec<_> = told(CheckId::Schema, findings).collect();
    if results.is_empty() {
        let detail = if secured.is_version_1() {
            "Written in the words of version 2.0, it has the form that 1EdTech publishes for \
                badges."
        } else {
            "It has the form that 1EdTech publishes for Open Badges 3.0."
        };
        results.push(result(
            Outcome::Pass,
            "The badge follows the official schema",
            detail.into(),
        ));
    }
    let own = items(modern.get("credentialSchema"))
        .iter()
        .filter_map(|entry| entry.get("id")?.as_str())
        .find(|id| {
            ![ACHIEVEMENT_CREDENTIAL_SCHEMA, ENDORSEMENT_CREDENTIAL_SCHEMA].contains(id)
                && !id.starts_with("https://purl.imsglobal.org/spec/ob/v3p0/schema/")
        });
    if let Some(own) = own {
        let detail = format!(
            "It also names {}, which was not checked: other people's schemas are not run here.",
            shown(own)
        );
        results.push(
            result(
                Outcome::Warning,
                "The badge names a schema of its own",
                detail,
            )
            .at("/credentialSchema"),
        );
    }
    results
}

/// What keeps an endorsement from following its schema; nothing if it does.
pub(super) fn of_endorsement(secured: &Secured) -> Vec<CheckResult> {
    let findings = schema::findings(&secured.modern(), Schema::EndorsementCredential);
    told(CheckId::Schema, findings).collect()
}

/// The badge with a zone in the two dates that the standard types without one, and the schema with
/// one (conformance §1.2); `structure` warns of them.
fn with_zones(mut modern: Value) -> Value {
    let is_instant = |text: &String| text.parse::<Timestamp>().is_ok();
    for pointer in [
        "/credentialSubject/activityStartDate",
        "/credentialSubject/activityEndDate",
    ] {
        if let Some(Value::String(date)) = modern.pointer_mut(pointer)
            && !is_instant(date)
            && let Some(zoned) = ["Z", "T00:00:00Z"]
                .iter()
                .map(|rest| format!("{date}{rest}"))
                .find(is_instant)
        {
            *date = zoned;
        }
    }
    modern
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_of_ones_own_is_named_and_not_run() {
        let credential: Value =
            json!({ "credentialSchema": { "id": "https://a.example/s.json", "type": "X" } });
        let secured = Secured::from_value(credential).ok().unwrap();
        let own = check(&secured)
            .into_iter()
            .find(|result| result.outcome == Outcome::Warning)
            .unwrap();
        assert!(own.detail.contains("https://a.example/s.json"));
    }
}
