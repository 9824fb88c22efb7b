//! The dates of a credential.

use super::catalogue::{INSTANT, ORDER, REQUIRED, Rule, WHOLE_SECONDS};
use super::classes::check_text;
use super::findings::{At, Findings};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::contexts::{self, CREDENTIALS_V1};

/// The period in which an Open Badge holds. Where it is of data model 2.0, its table has seen to
/// the forms.
pub(super) fn check_badge_period(at: &At<'_>, findings: &mut Findings) {
    if is_1_1(at) {
        return check_period(at, findings);
    }
    for name in ["validFrom", "validUntil"] {
        let here = at.member(name);
        if read(&here).is_some_and(|instant| instant != instant.whole_seconds()) {
            findings.add(&here, &WHOLE_SECONDS);
        }
    }
    check_order(at, "validFrom", "validUntil", &ORDER, findings);
}

/// The period of any credential. Data model 1.1 demands its beginning, 2.0 does not.
pub(super) fn check_period(at: &At<'_>, findings: &mut Findings) {
    let (start, end) = if is_1_1(at) {
        ("issuanceDate", "expirationDate")
    } else {
        ("validFrom", "validUntil")
    };
    if is_1_1(at) && at.present(start).is_none() {
        findings.add_about(&at.member(start), &REQUIRED, start);
    }
    for here in [start, end].iter().filter_map(|name| at.present(name)) {
        check_text(
            &here,
            &INSTANT,
            |text| text.parse::<Timestamp>().is_ok(),
            findings,
        );
    }
    check_order(at, start, end, &ORDER, findings);
}

/// Whether a credential follows data model 1.1.
pub(super) fn is_1_1(at: &At<'_>) -> bool {
    contexts::first(at.value.get("@context")) == Some(CREDENTIALS_V1)
}

/// Two instants of one object, in their order.
pub(super) fn check_order(
    at: &At<'_>,
    start: &str,
    end: &str,
    rule: &Rule,
    findings: &mut Findings,
) {
    let (start, end) = (at.member(start), at.member(end));
    if let (Some(start), Some(until)) = (read(&start), read(&end))
        && until < start
    {
        findings.add(&end, rule);
    }
}

fn read(at: &At<'_>) -> Option<Timestamp> {
    at.text()?.parse().ok()
}
