//! Achievements, beyond their table.

use super::catalogue::CRITERIA;
use super::findings::{At, Findings};

/// Criteria have a page or a text; the standard's cardinalities let both be missing, the public
/// validator does not (conformance §9.1, 9).
pub(super) fn check_criteria(at: &At<'_>, findings: &mut Findings) {
    if at.present("id").is_none() && at.present("narrative").is_none() {
        findings.add(at, &CRITERIA);
    }
}
