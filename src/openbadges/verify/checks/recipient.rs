//! `recipient`: does the badge belong to the person somebody asks about? (OB 3.0 §8.4, conformance
//! §4.5)

use md5::Md5;
use serde_json::Value;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::openbadges::model::many::items;
use crate::openbadges::verify::evidence::Recipient;
use crate::openbadges::verify::report::{CheckId, CheckResult, Outcome};

/// Compares the badge's recipient with the one somebody asks about.
pub(in crate::openbadges::verify) fn check(
    credential: &Value,
    wanted: Option<&Recipient>,
) -> CheckResult {
    let Some(wanted) = wanted else {
        return result(
            Outcome::NotApplicable,
            "Nobody asked whose badge this is",
            "Whoever presents it need not be the person it was given to.",
        );
    };
    let subject = credential.get("credentialSubject").unwrap_or(&Value::Null);
    let (is_theirs, unreadable) = match wanted {
        Recipient::Id(id) => (subject.get("id").and_then(Value::as_str) == Some(id), false),
        Recipient::Identifier { kind, value } => compare(subject, kind, value),
    };
    if is_theirs {
        return result(
            Outcome::Pass,
            "The badge was given to this person",
            "The identifier you gave is the recipient's in the badge.",
        );
    }
    if unreadable {
        return result(
            Outcome::Unknown,
            "It can't be told whose badge this is",
            "The badge hides the recipient's identifier with a method that is not known here.",
        );
    }
    result(
        Outcome::Fail,
        "The badge was given to somebody else",
        "The identifier you gave is not the recipient's in the badge.",
    )
    .at("/credentialSubject")
}

/// Whether one of the identifiers matches, and whether one could not be compared.
fn compare(subject: &Value, kind: &str, value: &str) -> (bool, bool) {
    let mut unreadable = false;
    for identity in items(subject.get("identifier")) {
        let text = |member: &str| identity.get(member).and_then(Value::as_str);
        let (Some(found), true) = (text("identityHash"), text("identityType") == Some(kind)) else {
            continue;
        };
        let hashed = identity
            .get("hashed")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        match hashed.then(|| matches_hash(found, value, text("salt").unwrap_or_default())) {
            None if found == value => return (true, unreadable),
            Some(Some(true)) => return (true, unreadable),
            Some(None) => unreadable = true,
            None | Some(Some(false)) => {}
        }
    }
    (false, unreadable)
}

/// Whether an identifier has this hash; `None` for a method that is not known.
///
/// The standard hashes an identifier to the letter; issuers also lower its case and trim it.
fn matches_hash(identity_hash: &str, value: &str, salt: &str) -> Option<bool> {
    let (algorithm, digest) = identity_hash.split_once('$')?;
    let hash = |text: &str| -> Option<String> {
        match algorithm {
            "sha256" => Some(hexadecimal(
                &Sha256::new()
                    .chain_update(text)
                    .chain_update(salt)
                    .finalize(),
            )),
            "md5" => Some(hexadecimal(
                &Md5::new().chain_update(text).chain_update(salt).finalize(),
            )),
            _ => None,
        }
    };
    let folded: String = value.trim().nfc().collect::<String>().to_lowercase();
    Some(
        [value, &folded]
            .into_iter()
            .map(hash)
            .collect::<Option<Vec<_>>>()?
            .iter()
            .any(|hash| hash.eq_ignore_ascii_case(digest)),
    )
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat()
}

fn result(outcome: Outcome, title: &str, detail: &str) -> CheckResult {
    CheckResult::new(CheckId::Recipient, outcome, title, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The vector of OB 3.0 §8.4 (and of Open Badges 2.0 before it).
    const HASH: &str = "sha256$B5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";

    fn outcome(identity: &Value, kind: &str, value: &str) -> Outcome {
        let credential = json!({ "credentialSubject": { "identifier": [identity] } });
        let wanted = Recipient::Identifier {
            kind: kind.into(),
            value: value.into(),
        };
        check(&credential, Some(&wanted)).outcome
    }

    #[test]
    fn a_hashed_address_is_recognised_by_who_knows_it() {
        let identity = json!({ "hashed": true, "identityHash": HASH, "identityType": "emailAddress", "salt": "Kosher" });
        assert_eq!(
            outcome(&identity, "emailAddress", "a@example.com"),
            Outcome::Pass
        );
        assert_eq!(
            outcome(&identity, "emailAddress", " A@Example.com"),
            Outcome::Pass
        );
        assert_eq!(
            outcome(&identity, "emailAddress", "b@example.com"),
            Outcome::Fail
        );
        assert_eq!(outcome(&identity, "name", "a@example.com"), Outcome::Fail);
        let old = json!({ "hashed": true, "identityHash": "md5$0cc175b9c0f1b6a831c399e269772661", "identityType": "name" });
        assert_eq!(outcome(&old, "name", "a"), Outcome::Pass);
    }

    #[test]
    fn a_plain_identifier_is_compared_to_the_letter() {
        let identity = json!({ "hashed": false, "identityHash": "Maëlle", "identityType": "name" });
        assert_eq!(outcome(&identity, "name", "Maëlle"), Outcome::Pass);
        assert_eq!(outcome(&identity, "name", "maëlle"), Outcome::Fail);
    }

    #[test]
    fn a_method_that_is_not_known_leaves_it_open() {
        let identity = json!({ "hashed": true, "identityHash": "sha3$00", "identityType": "name" });
        assert_eq!(outcome(&identity, "name", "Maëlle"), Outcome::Unknown);
    }

    #[test]
    fn a_known_id_is_compared_exactly() {
        let credential = json!({ "credentialSubject": { "id": "did:key:z6Mk" } });
        let outcome = |id: &str| check(&credential, Some(&Recipient::Id(id.into()))).outcome;
        assert_eq!(outcome("did:key:z6Mk"), Outcome::Pass);
        assert_eq!(outcome("did:key:z6M"), Outcome::Fail);
        assert_eq!(check(&credential, None).outcome, Outcome::NotApplicable);
    }
}
