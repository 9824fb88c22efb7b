//! `status`: was it withdrawn? (Bitstring Status List 1.0 §3.2; conformance §4.6, §7.3)

use serde_json::Value;

use super::issuer::Authentic;
use super::structure::Facts;
use super::{claims, validity};
use crate::openbadges::model::checked::{Profile, Severity};
use crate::openbadges::model::many::items;
use crate::openbadges::model::rules;
use crate::openbadges::model::status::{BITSTRING_STATUS_LIST_ENTRY, REVOCATION_LIST};
use crate::openbadges::status::{
    PublishedList, RevocationList, StatusEntry, StatusError, StatusPurpose, StatusResult, evaluate,
};
use crate::openbadges::verify::beside::authenticate;
use crate::openbadges::verify::evidence::{Registered, Standing};
use crate::openbadges::verify::needs::{Desk, Purpose, shown};
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome, sentence};
use crate::openbadges::verify::secured::Secured;

/// Statuses looked up, at most.
const MAX_ENTRIES: usize = 8;

/// Looks up each status a credential names, once it is known to be its issuer's.
pub(in crate::openbadges::verify) fn check(
    credential: &Value,
    facts: &Facts,
    authentic: Option<&Authentic>,
    desk: &mut Desk<'_>,
) -> Vec<CheckResult> {
    if let Some(Registered::Known { standing, .. } | Registered::Erased { standing }) =
        desk.evidence.registered(facts.id.as_deref(), &facts.issuer)
        && authentic.is_some()
    {
        return vec![registered(*standing)];
    }
    let entries = items(credential.get("credentialStatus"));
    if entries.is_empty() {
        let detail = "It names no list in which its issuer could withdraw it.";
        return vec![result(
            Outcome::NotApplicable,
            "The badge can't be withdrawn",
            detail,
        )];
    }
    let Some(authentic) = authentic else {
        let detail =
            "Who issued the badge is not established, so the addresses it names were not asked.";
        return vec![result(
            Outcome::Unknown,
            "The status was not looked up",
            detail,
        )];
    };
    let mut results: Vec<_> = entries
        .iter()
        .take(MAX_ENTRIES)
        .map(|entry| {
            look_up(entry, facts, authentic.issuer(), desk)
                .unwrap_or_else(|error| cannot_tell(&error))
        })
        .collect();
    if entries.len() > MAX_ENTRIES {
        let detail = format!(
            "The badge names {} statuses; {MAX_ENTRIES} were looked up.",
            entries.len()
        );
        results.push(result(
            Outcome::Unknown,
            "Not every status was looked up",
            detail,
        ));
    }
    results
        .into_iter()
        .map(|result| result.at("/credentialStatus"))
        .collect()
}

/// What our own register says of a badge we issued, whether or not it names a list.
fn registered(standing: Standing) -> CheckResult {
    let (outcome, title, detail) = match standing {
        Standing::Good => (
            Outcome::Pass,
            "The badge was not withdrawn",
            "The register of this installation, which issued it, says that it stands.",
        ),
        Standing::Suspended => (
            Outcome::Fail,
            "The badge is suspended",
            "Its issuer has withdrawn it for a time; ask the issuer when it will stand again.",
        ),
        Standing::Revoked => (
            Outcome::Fail,
            "The badge is revoked",
            "Its issuer has withdrawn it for good; ask the issuer why.",
        ),
    };
    result(outcome, title, detail)
}

/// Whether an entry is of a kind that is known here.
pub(in crate::openbadges::verify) fn is_known(entry: &Value) -> bool {
    items(entry.get("type"))
        .iter()
        .any(|kind| kind == BITSTRING_STATUS_LIST_ENTRY || kind == REVOCATION_LIST)
}

/// Looks up one status of a credential that is known to be as it was signed.
pub(in crate::openbadges::verify) fn look_up(
    entry: &Value,
    facts: &Facts,
    issuer: &str,
    desk: &mut Desk<'_>,
) -> Result<CheckResult, StatusError> {
    let is = |name: &str| items(entry.get("type")).iter().any(|found| found == name);
    if is(BITSTRING_STATUS_LIST_ENTRY) {
        let entry = StatusEntry::read(entry)?;
        let (list, publisher) = published_list(&entry, desk)?;
        return Ok(told(&evaluate(&entry, &list)?, &publisher, issuer));
    }
    if is(REVOCATION_LIST) {
        return revocation(entry, facts, desk);
    }
    let kind = items(entry.get("type"))
        .iter()
        .find_map(Value::as_str)
        .unwrap_or("(none)");
    let detail = format!(
        "It names a status of the kind “{}”, which is not known here.",
        shown(kind)
    );
    Ok(result(
        Outcome::Unknown,
        "The status can't be looked up",
        detail,
    ))
}

/// Fetches a list and verifies it as the credential it is; also who published it.
fn published_list(
    entry: &StatusEntry,
    desk: &mut Desk<'_>,
) -> Result<(PublishedList, String), StatusError> {
    let body = desk
        .document(&entry.list, Purpose::Status)
        .map_err(|absent| StatusError::Retrieval(absent.to_string()))?;
    let unreliable = |why: String| StatusError::Verification(why);
    let secured = Secured::read(body).map_err(|refusal| unreliable(refusal.to_string()))?;
    let list = PublishedList::read(&secured.credential, &entry.list)?;
    let findings = rules::findings_when_reading(&secured.credential, Profile::Credential);
    if let Some(broken) = findings.iter().find(|f| f.severity == Severity::Error) {
        return Err(unreliable(format!(
            "it breaks a rule of the standard, at {}: {}",
            shown(&broken.pointer),
            broken.message
        )));
    }
    let (facts, publisher) = authenticate(&secured, desk).map_err(|doubt| unreliable(doubt.why))?;
    let validity = validity::check(&facts, claims::check(&secured, desk.now).1, desk.now);
    if validity.outcome != Outcome::Pass {
        return Err(unreliable(format!(
            "of the list itself: {} {}",
            validity.title, validity.detail
        )));
    }
    Ok((list, publisher.issuer().to_owned()))
}

fn told(status: &StatusResult, publisher: &str, issuer: &str) -> CheckResult {
    let by = if publisher == issuer {
        "its issuer's own status list".to_owned()
    } else {
        format!(
            "the status list of {}, which its issuer names",
            shown(publisher)
        )
    };
    let message = status
        .message
        .as_deref()
        .map(|text| format!(" It says: “{}”.", shown(text)));
    let message = message.unwrap_or_default();
    let purpose = shown(status.purpose.as_str());
    let (outcome, title, detail) = match (&status.purpose, status.value) {
        (StatusPurpose::Revocation, 0) => (
            Outcome::Pass,
            "The badge was not revoked",
            format!("It is not revoked in {by}."),
        ),
        (StatusPurpose::Suspension, 0) => (
            Outcome::Pass,
            "The badge is not suspended",
            format!("It is not suspended in {by}."),
        ),
        (StatusPurpose::Revocation, _) => (
            Outcome::Fail,
            "The badge was revoked",
            format!("It is revoked in {by}, for good.{message}"),
        ),
        (StatusPurpose::Suspension, _) => (
            Outcome::Fail,
            "The badge is suspended",
            format!("It is suspended in {by}, until further notice.{message}"),
        ),
        (StatusPurpose::Refresh, 1..) => (
            Outcome::Warning,
            "There is a newer version of this badge",
            format!("So says {by}. Ask its holder for it.{message}"),
        ),
        (_, 0) => (
            Outcome::Pass,
            "Nothing is noted about the badge",
            format!("So says {by}, about “{purpose}”.{message}"),
        ),
        (_, value) => (
            Outcome::Warning,
            "Something is noted about the badge",
            format!("In {by}, its “{purpose}” has the value {value}.{message}"),
        ),
    };
    result(outcome, title, detail)
}

/// 1EdTech's list is not signed: what vouches for it is the server, at the address the badge names.
fn revocation(
    entry: &Value,
    facts: &Facts,
    desk: &mut Desk<'_>,
) -> Result<CheckResult, StatusError> {
    let malformed = |what: &str| StatusError::MalformedValue(what.to_owned());
    let address = entry
        .get("id")
        .and_then(Value::as_str)
        .ok_or_else(|| malformed("id must be a URL"))?;
    let id = facts
        .id
        .as_deref()
        .ok_or_else(|| malformed("the badge has no id to look up"))?;
    let document = desk
        .json(address, Purpose::Status)
        .map_err(|absent| StatusError::Retrieval(absent.to_string()))?;
    let list = RevocationList::read(&document)?;
    if list
        .issuer
        .as_deref()
        .is_some_and(|issuer| issuer != facts.issuer)
    {
        return Err(StatusError::Verification(
            "it says that it is another issuer's".into(),
        ));
    }
    let Some(revocation) = list.revocation_of(id) else {
        let detail = "It is not in its issuer's list of revoked badges.";
        return Ok(result(Outcome::Pass, "The badge was not revoked", detail));
    };
    let reason = revocation
        .reason
        .as_deref()
        .map(|reason| format!(" Reason: {}.", shown(reason)));
    let detail = format!(
        "It is in its issuer's list of revoked badges.{}",
        reason.unwrap_or_default()
    );
    Ok(result(Outcome::Fail, "The badge was revoked", detail))
}

fn cannot_tell(error: &StatusError) -> CheckResult {
    let detail = format!("{} It may have been withdrawn or not.", sentence(error));
    result(
        Outcome::Unknown,
        "It can't be told whether the badge was withdrawn",
        detail,
    )
}

fn result(outcome: Outcome, title: &str, detail: impl Into<String>) -> CheckResult {
    CheckResult::new(CheckId::Status, outcome, title, detail)
}
