//! What a credential must satisfy, as a list of findings: all of them, never just the first.
//!
//! [`check`] is the gate to signing, and [`Approved`] the same gate for many badges of one achievement.
//! [`findings()`] is the same list for those who compose;
//! [`findings_when_reading`] is for verifiers, who must not fail another's badge for what is only
//! demanded of us: each rule has its [`Force`].
//!
//! Rules read a [`Value`] by place, so that each finding points exactly to what it is about. The
//! tables of the classes are walked by `classes`; what they do not say stands in the file of its
//! subject. A new rule: one entry in `catalogue`, one `findings.add` where it belongs, one failing
//! twin in `tests/model/twins/`.
//!
//! Not here: the official JSON Schemas ([`schema`](super::schema)); undefined terms, which
//! canonicalization finds ([`canonical`](crate::openbadges::canonical)).

mod achievement;
mod approved;
mod catalogue;
mod classes;
mod context;
mod credential;
mod data_model;
mod dates;
mod endorsement;
mod findings;
mod identity;
mod image;
mod presentation;
mod related;
mod result;
mod status;
mod subject;
mod values;

use serde_json::Value;

pub use self::approved::Approved;
pub use self::catalogue::{ALL, Force, Rule};
use self::findings::{At, Findings};
pub(in crate::openbadges) use self::values::is_compact_jws;
use super::checked::{Checked, Finding, Profile, Severity, Unsigned};
use super::services::{ACHIEVEMENT_CREDENTIAL_SCHEMA, ENDORSEMENT_CREDENTIAL_SCHEMA};
use super::{AchievementCredential, EndorsementCredential};

/// Checks a credential against all rules of its profile, and lists everything that is wrong.
///
/// # Errors
/// All findings, when at least one is an error.
pub fn check(credential: Unsigned, profile: Profile) -> Result<Checked, Vec<Finding>> {
    let found = findings(&credential.0, profile);
    if found
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(found);
    }
    Ok(Checked::assert_checked(credential.0))
}

/// Everything that keeps a credential from being issued, and what else is worth knowing.
pub fn findings(document: &Value, profile: Profile) -> Vec<Finding> {
    look(document, profile, Findings::new(true))
}

/// Everything that is wrong with another's credential, held to what the standards ask of all.
pub fn findings_when_reading(document: &Value, profile: Profile) -> Vec<Finding> {
    look(document, profile, Findings::new(false))
}

fn look(document: &Value, profile: Profile, mut findings: Findings<'_>) -> Vec<Finding> {
    let at = At::document(document);
    if !document.is_object() {
        findings.add(&at, &catalogue::OBJECT);
        return findings.into_list();
    }
    match profile {
        Profile::OpenBadge => {
            let table = AchievementCredential::table();
            credential::check(&at, table, ACHIEVEMENT_CREDENTIAL_SCHEMA, &mut findings);
        }
        Profile::Endorsement => {
            let table = EndorsementCredential::table();
            credential::check(&at, table, ENDORSEMENT_CREDENTIAL_SCHEMA, &mut findings);
        }
        Profile::Credential => data_model::check(&at, &mut findings),
        Profile::Presentation => presentation::check(&at, &mut findings),
    }
    findings.into_list()
}
