//! Several proofs on one credential: sets, each for itself, and chains, where a later proof also
//! covers the earlier ones it names in `previousProof` (VC Data Integrity 1.0 §4.3, §4.5).

use std::borrow::Cow;

use serde_json::Value;

use super::ProofError;

/// The most proofs looked at: each one costs a canonicalisation.
pub const MAX: usize = 16;

/// The proofs of a credential: at least one, at most [`MAX`], no two of one name.
pub fn proofs(document: &Value) -> Result<&[Value], ProofError> {
    let proofs = match document.get("proof") {
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(proof @ Value::Object(_)) => std::slice::from_ref(proof),
        _ => &[],
    };
    if proofs.is_empty() || !proofs.iter().all(Value::is_object) {
        return Err(ProofError::NoProof);
    }
    if proofs.len() > MAX {
        return Err(ProofError::TooMany {
            found: proofs.len(),
        });
    }
    for (index, proof) in proofs.iter().enumerate() {
        let id = proof.get("id").and_then(Value::as_str);
        let is_taken = |other: &Value| other.get("id").and_then(Value::as_str) == id;
        if let Some(id) = id
            && proofs.iter().take(index).any(is_taken)
        {
            return Err(ProofError::DuplicateId { id: id.into() });
        }
    }
    Ok(proofs)
}

/// The document a proof was made over: without proofs, but for the previous ones it names.
pub(super) fn input_document<'a>(
    document: &'a Value,
    previous: &[&str],
) -> Result<Cow<'a, Value>, ProofError> {
    let members = document.as_object().ok_or(ProofError::NoProof)?;
    if !members.contains_key("proof") && previous.is_empty() {
        return Ok(Cow::Borrowed(document));
    }
    let mut input: serde_json::Map<String, Value> = members
        .iter()
        .filter(|(member, _)| *member != "proof")
        .map(|(member, value)| (member.clone(), value.clone()))
        .collect();
    let candidates = if previous.is_empty() {
        &[]
    } else {
        proofs(document)?
    };
    let named = |id: &&str| {
        let is_it = |proof: &&Value| proof.get("id").and_then(Value::as_str) == Some(id);
        let missing = || ProofError::PreviousProof {
            id: (*id).to_owned(),
        };
        candidates.iter().find(is_it).cloned().ok_or_else(missing)
    };
    let matching = previous
        .iter()
        .map(named)
        .collect::<Result<Vec<Value>, _>>()?;
    if !matching.is_empty() {
        input.insert("proof".into(), Value::Array(matching));
    }
    Ok(Cow::Owned(Value::Object(input)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::proof::{self, eddsa_jcs_2022, eddsa_rdfc_2022, samples};

    fn set() -> Value {
        let ((one, _), (two, _)) = (samples::ed25519(1), samples::ed25519(2));
        let (options, badge) = (samples::options(), || samples::checked(samples::badge()));
        let mut set = eddsa_rdfc_2022::sign(badge(), &options, &one).unwrap();
        let jcs = eddsa_jcs_2022::sign(badge(), &options, &two).unwrap();
        set["proof"] = json!([set["proof"], jcs["proof"]]);
        set
    }

    #[test]
    fn each_proof_of_a_set_verifies_with_its_own_key() {
        let set = set();
        let (one, two) = (samples::ed25519(1).1, samples::ed25519(2).1);
        let [rdfc, jcs] = proofs(&set).unwrap() else {
            panic!("two proofs")
        };
        assert!(proof::verify(&set, rdfc, &one).is_ok());
        assert!(proof::verify(&set, jcs, &two).is_ok());
        assert!(proof::verify(&set, rdfc, &two).is_err());
        assert!(proof::verify(&set, jcs, &one).is_err());
    }

    #[test]
    fn what_holds_no_proof_is_said_to_hold_none() {
        for proof in [
            Value::Null,
            json!([]),
            json!("proof"),
            json!([{}, "proof"]),
            json!([[{}]]),
        ] {
            assert_eq!(proofs(&json!({"proof": proof})), Err(ProofError::NoProof));
        }
        assert_eq!(proofs(&json!({})), Err(ProofError::NoProof));
        assert_eq!(proofs(&json!({"proof": {}})).map(<[Value]>::len), Ok(1));
    }

    #[test]
    fn no_more_proofs_are_looked_at_than_are_worth_it() {
        let document = |count| json!({"proof": vec![json!({}); count]});
        assert!(proofs(&document(MAX)).is_ok());
        assert_eq!(
            proofs(&document(MAX + 1)),
            Err(ProofError::TooMany { found: MAX + 1 })
        );
    }

    #[test]
    fn two_proofs_of_one_name_are_refused() {
        let twice = json!({"proof": [{"id": "a"}, {"id": "b"}, {"id": "a"}]});
        assert_eq!(
            proofs(&twice),
            Err(ProofError::DuplicateId { id: "a".into() })
        );
        assert!(proofs(&json!({"proof": [{"id": "a"}, {}, {}, {"id": "b"}]})).is_ok());
    }
}
