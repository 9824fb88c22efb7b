//! Recipients' identifiers, beyond their table.

use super::catalogue::{IDENTITY_ALGORITHM, IDENTITY_CLEAR, IDENTITY_HASH, IDENTITY_SALT};
use super::findings::{At, Findings};
use crate::openbadges::model::identity::{Algorithm, IdentityHash};

/// 128 bits, written in the densest alphabet in use (base64).
const SHORTEST_SALT: usize = 22;

/// A hash must be one, and what we issue must hide the address.
pub(super) fn check(at: &At<'_>, findings: &mut Findings) {
    let hash = at.member("identityHash");
    let Some(text) = hash.text() else { return };
    match at.member("hashed").value.as_bool() {
        Some(true) => check_hash(at, &hash, text, findings),
        Some(false) if at.member("identityType").text() == Some("emailAddress") => {
            findings.add(&hash, &IDENTITY_CLEAR);
        }
        _ => {}
    }
}

fn check_hash(at: &At<'_>, hash: &At<'_>, text: &str, findings: &mut Findings) {
    match IdentityHash::parse(text).map(|hash| hash.algorithm) {
        None => findings.add(hash, &IDENTITY_HASH),
        Some(Algorithm::Md5) => findings.add(hash, &IDENTITY_ALGORITHM),
        Some(Algorithm::Sha256) => {}
    }
    let salt = at.member("salt");
    if salt.text().is_none_or(|salt| salt.len() < SHORTEST_SALT) {
        findings.add(&salt, &IDENTITY_SALT);
    }
}
