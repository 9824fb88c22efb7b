//! `creator`: is the one who designed the badge behind this one? (conformance §4.9)
//!
//! Naming a famous designer costs nothing: the standard has no way to delegate. The one thing that
//! shows it is an endorsement of the achievement by its creator.

use serde_json::Value;

use super::endorsements::Endorsed;
use super::structure::Facts;
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};

/// Compares the achievement's creator with the issuer.
pub(in crate::openbadges::verify) fn check(
    credential: &Value,
    facts: &Facts,
    endorsed: &[Endorsed],
) -> CheckResult {
    let result = |outcome, title: &str, detail: String| {
        CheckResult::new(CheckId::Creator, outcome, title, detail)
    };
    let text = |pointer: &str| credential.pointer(pointer).and_then(Value::as_str);
    let Some(creator) = text("/credentialSubject/achievement/creator/id") else {
        let detail = "It does not say that somebody else designed it.".into();
        return result(
            Outcome::NotApplicable,
            "The badge names no designer",
            detail,
        );
    };
    let at = "/credentialSubject/achievement/creator";
    if creator == facts.issuer {
        let detail = "Its issuer also designed it.".into();
        return result(Outcome::Pass, "The badge is its issuer's own", detail).at(at);
    }
    let achievement = text("/credentialSubject/achievement/id");
    let vouches = |one: &Endorsed| one.by == creator && Some(one.subject.as_str()) == achievement;
    let creator = shown(creator);
    if endorsed.iter().any(vouches) {
        let detail = format!("{creator} designed it, and vouches for it in an endorsement.");
        return result(Outcome::Pass, "The badge's designer vouches for it", detail).at(at);
    }
    let detail = format!(
        "It says that {creator} designed it. That is its issuer's word; nothing here shows that \
         {creator} agrees."
    );
    result(Outcome::Unknown, "The designer was not asked", detail).at(at)
}
