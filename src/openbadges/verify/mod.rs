//! Is this badge what it says, and what could not be told?
//!
//! [`Presented::read`] takes whatever somebody holds out; [`examine`] judges it with the
//! [`Evidence`] at hand and says what it still [`Need`]s. Whoever calls fetches that (guarded:
//! strangers chose the addresses), adds it, and examines again, until nothing is needed. No I/O and
//! no clock here.
//!
//! The checks are one file each under `checks/`, in the order of the report; a check that passes
//! leaves a value behind that later checks demand. Unknown is never pass, and a [`Report`] says of
//! everything whether it passed, failed, or could not be checked, and why.
//!
//! Open Badges 3.0 §9 “Verification”, VCDM 2.0 §7.1, VC Data Integrity §4.4. One more check: one
//! file, one [`CheckId`], one line in [`examine`]. Making proofs, lists or pictures is not here.
//! Credentials that are no badges, and presentations, are judged in [`generic`].
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

mod beside;
mod checks;
mod evidence;
pub mod generic;
mod keys;
mod needs;
mod plain;
mod presented;
mod report;
mod secured;
mod summary;

use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Profile;

use checks::{
    claims, context, creator, endorsements, issuer, parse, proof, recipient, refresh, schema,
    status, structure, validity,
};
pub use evidence::{Evidence, Fetched, LocalIssuer, Recipient, Registered, Standing};
use needs::Desk;
pub use needs::{MAX_NEEDS, Need, Purpose};
pub use presented::{Form, Presented};
pub use report::{CheckId, CheckResult, Outcome, Report, Verdict};
pub use summary::{AchievementSummary, Party, RecipientSummary, Summary};

/// A badge judged with the evidence at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The judgement so far. While something is needed, what depends on it is unknown.
    pub report: Report,
    /// What must be fetched to know more; empty when the report is final.
    pub needs: Vec<Need>,
}

/// Judges a badge as of `now`.
pub fn examine(presented: &Presented, evidence: &Evidence, now: Timestamp) -> Examination {
    let mut desk = Desk::new(evidence, now);
    let (parsed, secured) = parse::check(presented);
    let mut checks = vec![parsed];
    let Some(secured) = secured else {
        return conclude(checks, None, desk);
    };
    let (structured, facts, contexts) = structure::check(secured, Profile::OpenBadge);
    checks.extend(structured);
    checks.extend(schema::check(secured));
    checks.extend(context::check(secured, contexts));
    let Some(facts) = facts else {
        return conclude(checks, Some(Summary::of(&secured.credential)), desk);
    };

    let proven = proof::check(secured, &facts, &mut desk);
    let (issued, authentic) = issuer::check(&facts, &proven, evidence, now);
    checks.extend(proven.results);
    let (claimed, dates) = claims::check(secured, now);
    checks.extend(claimed);
    checks.push(issued);

    // So far only addresses of keys were followed; from here on others are, if its issuer wrote them.
    let authentic = authentic
        .as_ref()
        .filter(|_| !failed(&checks, CheckId::Proof));
    let (refreshed, newer) = refresh::check(secured, &facts, authentic, &mut desk);
    let (secured, facts, dates) = match &newer {
        Some(newer) => (
            &newer.secured,
            &newer.facts,
            claims::check(&newer.secured, now).1,
        ),
        None => (secured, &facts, dates),
    };
    checks.push(validity::check(facts, dates, now));
    checks.extend(status::check(
        &secured.credential,
        facts,
        authentic,
        &mut desk,
    ));
    checks.push(refreshed);
    let (results, endorsed) = endorsements::check(&secured.credential, authentic, &mut desk);
    checks.extend(results);
    checks.push(creator::check(&secured.credential, facts, &endorsed));
    checks.push(recipient::check(
        &secured.credential,
        evidence.recipient.as_ref(),
    ));
    conclude(checks, Some(Summary::of(&secured.credential)), desk)
}

/// What must be fetched before the badge can be judged in full.
pub fn needs(presented: &Presented, evidence: &Evidence, now: Timestamp) -> Vec<Need> {
    examine(presented, evidence, now).needs
}

/// Judges a badge as of `now`, with the evidence at hand.
pub fn verify(presented: &Presented, evidence: &Evidence, now: Timestamp) -> Report {
    examine(presented, evidence, now).report
}

fn failed(checks: &[CheckResult], id: CheckId) -> bool {
    checks
        .iter()
        .any(|check| check.id == id && check.outcome == Outcome::Fail)
}

fn conclude(checks: Vec<CheckResult>, credential: Option<Summary>, desk: Desk<'_>) -> Examination {
    let verdict = Verdict::of(&checks);
    let report = Report {
        verdict,
        verified_at: desk.now,
        credential,
        checks,
    };
    Examination {
        report,
        needs: desk.into_needs(),
    }
}
