//! `recipient`: does the badge belong to the person somebody asks about? (OB 3.0 §8.4, conformance
//! §4.5)

use serde_json::Value;

use crate::openbadges::model::identity::{Recognition, recognise};
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
    let recognition = match wanted {
        Recipient::Id(id) if subject.get("id").and_then(Value::as_str) == Some(id) => {
            Recognition::Theirs
        }
        Recipient::Id(_) => Recognition::NotTheirs,
        Recipient::Identifier { kind, value } => recognise(subject, kind, value),
    };
    match recognition {
        Recognition::Theirs => result(
            Outcome::Pass,
            "The badge was given to this person",
            "The identifier you gave is the recipient's in the badge.",
        ),
        Recognition::Unreadable => result(
            Outcome::Unknown,
            "It can't be told whose badge this is",
            "The badge hides the recipient's identifier with a method that is not known here.",
        ),
        Recognition::NotTheirs => result(
            Outcome::Fail,
            "The badge was given to somebody else",
            "The identifier you gave is not the recipient's in the badge.",
        )
        .at("/credentialSubject"),
    }
}

fn result(outcome: Outcome, title: &str, detail: &str) -> CheckResult {
    CheckResult::new(CheckId::Recipient, outcome, title, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(identity: &Value, kind: &str, value: &str) -> Outcome {
        let credential = json!({ "credentialSubject": { "identifier": [identity] } });
        let wanted = Recipient::Identifier {
            kind: kind.into(),
            value: value.into(),
        };
        check(&credential, Some(&wanted)).outcome
    }

    #[test]
    fn who_is_recognised_passes_and_nobody_else() {
        let identity = json!({ "hashed": false, "identityHash": "Maëlle", "identityType": "name" });
        assert_eq!(outcome(&identity, "name", "Maëlle"), Outcome::Pass);
        assert_eq!(outcome(&identity, "name", "Mael"), Outcome::Fail);
        assert_eq!(outcome(&identity, "userName", "Maëlle"), Outcome::Fail);
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
