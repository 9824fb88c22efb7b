//! The subject, beyond its table: who, when, with which results.

use super::catalogue::{ACTIVITY_ORDER, IDENTITY_CLEAR, RECIPIENT};
use super::findings::{At, Findings};
use super::{dates, result};

/// Holds an achievement subject to what its table does not say.
pub(super) fn check(at: &At<'_>, findings: &mut Findings) {
    let id = at.member("id");
    if id.value.is_null() && at.member("identifier").items().next().is_none() {
        findings.add(at, &RECIPIENT);
    }
    if id.text().is_some_and(|id| {
        id.get(..7)
            .is_some_and(|s| s.eq_ignore_ascii_case("mailto:"))
    }) {
        findings.add(&id, &IDENTITY_CLEAR);
    }
    dates::check_order(
        at,
        "activityStartDate",
        "activityEndDate",
        &ACTIVITY_ORDER,
        findings,
    );
    result::check_results(at, findings);
}
