//! Endorsements that a badge carries: somebody else's credentials, read and never rewritten.

use serde_json::Value;

use super::catalogue::{ENDORSEMENT_PROOF, ENDORSEMENT_SUBJECT};
use super::findings::{At, Findings};
use super::{classes, context, dates};
use crate::openbadges::model::EndorsementCredential;

/// An endorsement inside what it endorses. It is another's, so it is held to what any reader asks.
pub(super) fn check_embedded(owner: &At<'_>, at: &At<'_>, findings: &mut Findings) {
    let issuing = std::mem::replace(&mut findings.issuing, false);
    classes::check(at, EndorsementCredential::table(), findings);
    if at.value.is_object() {
        context::check(at, true, findings);
        context::check_badge(at, findings);
        dates::check_badge_period(at, findings);
    }
    findings.issuing = issuing;
    if !at.value.is_object() {
        return;
    }
    if at.present("proof").is_none() {
        findings.add(&at.member("proof"), &ENDORSEMENT_PROOF);
    }
    let subject = at.member("credentialSubject");
    let endorsed = subject.member("id");
    let owner_id = owner.value.get("id").and_then(Value::as_str);
    if let (Some(endorsed_id), Some(owner_id)) = (endorsed.text(), owner_id)
        && endorsed_id != owner_id
    {
        findings.add(&endorsed, &ENDORSEMENT_SUBJECT);
    }
}
