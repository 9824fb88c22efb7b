//! `structure`: does it have the parts every badge has, and do they obey the standards' rules?

use serde_json::Value;

use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::{Finding, Profile, Severity};
use crate::openbadges::model::many::items;
use crate::openbadges::model::rules;
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome, sentence};
use crate::openbadges::verify::secured::Secured;

/// Findings told one by one, at most: nobody reads a hundred.
const MAX_FINDINGS: usize = 8;

/// What a credential says of itself that later checks build on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openbadges::verify) struct Facts {
    pub(in crate::openbadges::verify) id: Option<String>,
    pub(in crate::openbadges::verify) issuer: String,
    pub(in crate::openbadges::verify) valid_from: Option<Timestamp>,
    pub(in crate::openbadges::verify) valid_until: Option<Timestamp>,
}

/// Why a credential can't be judged any further: what it says of itself is missing, or unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::openbadges::verify) enum Unclear {
    /// Nobody is named, so that nobody can have signed.
    #[error("it does not say who issued it")]
    Issuer,
    /// A date is there and can't be read.
    #[error("its “{0}” is not one date and time with its zone")]
    Date(&'static str),
}

impl Facts {
    /// Reads them. A date that is there and can't be read is not a missing one: a proof over RDF
    /// covers `["2020-…"]` as it does `"2020-…"`, and whoever took the one for no date would take an
    /// expired credential for one without an end.
    pub(in crate::openbadges::verify) fn of(modern: &Value) -> Result<Self, Unclear> {
        let instant = |member: &'static str| match modern.get(member) {
            // To JSON-LD, null is nothing.
            None | Some(Value::Null) => Ok(None),
            Some(date) => {
                let read = date.as_str().and_then(|text| text.parse().ok());
                read.map(Some).ok_or(Unclear::Date(member))
            }
        };
        Ok(Self {
            id: modern.get("id").and_then(Value::as_str).map(str::to_owned),
            issuer: issuer_id(modern).ok_or(Unclear::Issuer)?.to_owned(),
            valid_from: instant("validFrom")?,
            valid_until: instant("validUntil")?,
        })
    }
}

/// Who a credential says issued it.
pub(in crate::openbadges::verify) fn issuer_id(credential: &Value) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer
        .get("id")
        .unwrap_or(issuer)
        .as_str()
        .filter(|id| !id.is_empty())
}

/// Holds a credential to the rules of its kind; what it finds about contexts is handed on.
pub(in crate::openbadges::verify) fn check(
    secured: &Secured,
    profile: Profile,
) -> (Vec<CheckResult>, Option<Facts>, Vec<Finding>) {
    let modern = secured.modern();
    let facts = Facts::of(&modern);
    let (contexts, findings) = rules::findings_when_reading(&modern, profile)
        .into_iter()
        .partition(|finding| finding.rule.starts_with("context."));
    let mut results = Vec::new();
    if let Some(wrong) = wrong_type(&modern, profile) {
        let title = "This is not the kind of document it should be";
        results.push(result(Outcome::Fail, title, wrong).at("/type"));
    }
    match facts {
        Ok(_) => {}
        Err(Unclear::Issuer) => {
            let title = "The badge does not say who issued it";
            let detail = "It has no issuer with an identifier.";
            results.push(result(Outcome::Fail, title, detail).at("/issuer"));
        }
        Err(unclear @ Unclear::Date(member)) => {
            let title = "The badge does not say clearly when it holds";
            let detail = sentence(&unclear);
            results.push(result(Outcome::Fail, title, detail).at(format!("/{member}")));
        }
    }
    results.extend(told(CheckId::Structure, findings));
    if results.is_empty() {
        let detail = "Everything a badge must have is there, and well written.";
        results.push(result(Outcome::Pass, "The badge is complete", detail));
    }
    (results, facts.ok(), contexts)
}

/// VCDM 2.0 §4.5: the types say what a document is.
fn wrong_type(credential: &Value, profile: Profile) -> Option<String> {
    let has = |name: &str| {
        items(credential.get("type"))
            .iter()
            .any(|found| found == name)
    };
    let wanted = match profile {
        Profile::OpenBadge if !has("OpenBadgeCredential") && !has("AchievementCredential") => {
            "OpenBadgeCredential (or AchievementCredential)"
        }
        Profile::Endorsement if !has("EndorsementCredential") => "EndorsementCredential",
        _ if !has("VerifiableCredential") => "VerifiableCredential",
        _ => return None,
    };
    Some(format!("Its type should contain {wanted}."))
}

/// Findings as results: the worst first, a few of them one by one.
pub(super) fn told(id: CheckId, mut findings: Vec<Finding>) -> impl Iterator<Item = CheckResult> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let hidden = findings.len().saturating_sub(MAX_FINDINGS);
    let worst = findings
        .iter()
        .skip(MAX_FINDINGS)
        .map(|finding| finding.severity)
        .max();
    let more = worst.map(|severity| {
        let detail = format!("{hidden} more findings are not listed.");
        CheckResult::new(id, outcome_of(severity), "There is more", detail)
    });
    findings
        .into_iter()
        .take(MAX_FINDINGS)
        .map(move |finding| {
            let title = match finding.severity {
                Severity::Error => "The badge breaks a rule of the standard",
                Severity::Warning => "The badge is not written as it should be",
            };
            let detail = format!("{} {}", finding.message, finding.advice);
            let result = CheckResult::new(id, outcome_of(finding.severity), title, detail);
            result.at(shown(&finding.pointer))
        })
        .chain(more)
}

fn outcome_of(severity: Severity) -> Outcome {
    match severity {
        Severity::Error => Outcome::Fail,
        Severity::Warning => Outcome::Warning,
    }
}

fn result(outcome: Outcome, title: &str, detail: impl Into<String>) -> CheckResult {
    CheckResult::new(CheckId::Structure, outcome, title, detail)
}
