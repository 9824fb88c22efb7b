//! What a report must say: its verdict, and which check decided it.

use badgeons::openbadges::verify::{CheckId, CheckResult, Outcome, Report, Verdict};

/// The first check of that id.
#[track_caller]
pub(crate) fn check(report: &Report, id: CheckId) -> &CheckResult {
    let found = report.checks.iter().find(|check| check.id == id);
    found.unwrap_or_else(|| panic!("no check {id:?} in {report:#?}"))
}

/// Fails unless the badge is valid, without remarks.
#[track_caller]
pub(crate) fn assert_valid(report: &Report) {
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
}

/// Fails unless the badge is invalid because of that check and no other.
#[track_caller]
pub(crate) fn assert_fails(report: &Report, id: CheckId) {
    assert_eq!(deciding(report, Outcome::Fail), [id], "{report:#?}");
    assert_eq!(report.verdict, Verdict::Invalid);
}

/// Fails unless nothing speaks against the badge and those checks, and no others, could not be made.
#[track_caller]
pub(crate) fn assert_unknown(report: &Report, ids: &[CheckId]) {
    assert_eq!(deciding(report, Outcome::Fail), [], "{report:#?}");
    assert_eq!(deciding(report, Outcome::Unknown), ids, "{report:#?}");
    assert_eq!(report.verdict, Verdict::Undetermined);
}

fn deciding(report: &Report, outcome: Outcome) -> Vec<CheckId> {
    report
        .checks
        .iter()
        .filter(|check| check.outcome == outcome)
        .map(|check| check.id)
        .collect()
}
