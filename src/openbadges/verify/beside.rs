//! Credentials that stand beside the badge: status lists, endorsements, newer versions. They are
//! verified with the same checks, and reported in one sentence.

use super::checks::issuer::{self, Authentic};
use super::checks::proof;
use super::checks::structure::Facts;
use super::needs::Desk;
use super::report::{Doubt, Outcome};
use super::secured::Secured;

/// Whether a credential is as its issuer signed it; its dates and status are the caller's to check.
pub(super) fn authenticate(
    secured: &Secured,
    desk: &mut Desk<'_>,
) -> Result<(Facts, Authentic), Doubt> {
    let facts = Facts::of(&secured.modern()).map_err(Doubt::fails)?;
    let proven = proof::check(secured, &facts, desk);
    let (issued, authentic) = issuer::check(&facts, &proven, desk.evidence, desk.now);
    let failed = [Outcome::Fail, Outcome::Unknown]
        .into_iter()
        .find_map(|outcome| {
            proven
                .results
                .iter()
                .chain([&issued])
                .find(|result| result.outcome == outcome)
        });
    match (failed, authentic) {
        (None, Some(authentic)) => Ok((facts, authentic)),
        (Some(failed), _) => Err(Doubt {
            outcome: failed.outcome,
            why: format!("{}. {}", failed.title, failed.detail),
        }),
        (None, None) => Err(Doubt::unknown("it can't be told who issued it")),
    }
}
