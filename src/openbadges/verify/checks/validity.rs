//! `validity`: does it hold today?

use super::structure::{Facts, told};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Finding;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};

/// Compares a credential's dates with `now`; `of_jwt` is what was found about those of its JWT.
pub(in crate::openbadges::verify) fn check(
    facts: &Facts,
    of_jwt: Vec<Finding>,
    now: Timestamp,
) -> CheckResult {
    let (outcome, title, detail, pointer) = judge(facts, now);
    if outcome == Outcome::Pass
        && let Some(result) = told(CheckId::Validity, of_jwt).next()
    {
        return CheckResult {
            title: "The badge's JWT does not hold today".into(),
            ..result
        };
    }
    let result = CheckResult::new(CheckId::Validity, outcome, title, detail);
    pointer.map_or(result.clone(), |pointer| result.at(pointer))
}

type Judgement = (Outcome, &'static str, String, Option<&'static str>);

fn judge(facts: &Facts, now: Timestamp) -> Judgement {
    match (facts.valid_from, facts.valid_until) {
        (Some(from), _) if now < from => {
            let detail = format!("It holds from {} on.", day(from));
            (
                Outcome::Fail,
                "The badge does not hold yet",
                detail,
                Some("/validFrom"),
            )
        }
        (_, Some(until)) if now > until => {
            let detail = format!(
                "It held until {}. Its holder may have a renewed one.",
                day(until)
            );
            (
                Outcome::Fail,
                "The badge has expired",
                detail,
                Some("/validUntil"),
            )
        }
        (from, until) => {
            // VCDM 2.0 §4.9 lets the beginning be left out; whether it may be is for `structure`.
            let since = from.map_or_else(
                || "It holds".to_owned(),
                |from| format!("It holds from {}", day(from)),
            );
            let end = match (from, until) {
                (_, Some(until)) => format!("until {}", day(until)),
                (Some(_), None) => "on, without an end".to_owned(),
                (None, None) => "without beginning or end".to_owned(),
            };
            let detail = format!("{since} {end}.");
            (Outcome::Pass, "The badge holds today", detail, None)
        }
    }
}

fn day(instant: Timestamp) -> String {
    instant
        .whole_seconds()
        .to_string()
        .replace('T', " ")
        .replace('Z', " UTC")
}
