//! `claims`: does what a JWT says of the badge agree with the badge? (OB 3.0 §8.2.4.2, conformance
//! §4.3)
//!
//! Both are signed, so a difference is no forgery; but readers that look at one would learn
//! something else than readers that look at the other.

use super::structure::told;
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Finding;
use crate::openbadges::proof::jws::Header;
use crate::openbadges::proof::vc_jwt;
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};
use crate::openbadges::verify::secured::Secured;

/// Compares the registered claims with the members they repeat; nothing without a JWT. What it
/// finds about today's date is handed on.
pub(in crate::openbadges::verify) fn check(
    secured: &Secured,
    now: Timestamp,
) -> (Vec<CheckResult>, Vec<Finding>) {
    let Some(Ok(jws)) = secured.jws() else {
        return (Vec::new(), Vec::new());
    };
    let (dates, findings): (Vec<_>, Vec<_>) = vc_jwt::check_claims(&jws, now)
        .into_iter()
        .partition(|finding| matches!(finding.rule, "jwt.nbf.future" | "jwt.exp.past"));
    let mut results: Vec<_> = told(CheckId::Claims, findings).collect();
    if results.is_empty() {
        let title = "The JWT agrees with the badge";
        let detail = "What it says of the issuer, the badge, the recipient and the dates is what \
            the badge says.";
        results.push(CheckResult::new(
            CheckId::Claims,
            Outcome::Pass,
            title,
            detail,
        ));
    }
    results.extend(beside_the_key(&jws.header));
    (results, dates)
}

/// OB 3.0 §8.2.2 allows four members in the header; the W3C's profile allows more.
fn beside_the_key(header: &Header) -> Option<CheckResult> {
    if header.others.is_empty() || header.is_w3c() {
        return None;
    }
    let names: Vec<_> = header
        .others
        .iter()
        .map(|name| format!("“{}”", shown(name)))
        .collect();
    let detail = format!(
        "Open Badges allows alg, kid, jwk and typ there, and it has {} too. They are signed with the \
         badge, and not looked at here.",
        names.join(", ")
    );
    Some(CheckResult::new(
        CheckId::Claims,
        Outcome::Warning,
        "The JWT's header says more than it may",
        detail,
    ))
}
