//! The cryptosuite `eddsa-jcs-2022` (VC-DI-EDDSA §3.3): Ed25519 over JCS (RFC 8785).
//!
//! What is signed is the text of the credential, but for white space, the order of members and the
//! way a number or a string is written (`4.0` for `4`, `\u00e9` for `é`).

use serde_json::{Map, Value};

use super::ProofError;
use super::data_integrity::{self, Input, ProofOptions, Suite};
use crate::openbadges::canonical;
use crate::openbadges::keys::{Ed25519Secret, PublicKey};
use crate::openbadges::model::checked::Checked;
use crate::openbadges::model::many::items;

/// Signs a credential; what comes back is the credential with its proof.
pub fn sign(
    credential: Checked,
    options: &ProofOptions,
    key: &Ed25519Secret,
) -> Result<Value, ProofError> {
    data_integrity::sign(
        Suite::EddsaJcs2022,
        credential.into_document(),
        options,
        key,
        |document, proof| {
            // §3.3.1 step 2: here, unlike in eddsa-rdfc-2022, the proof keeps its @context.
            if let Some(context) = document.get("@context") {
                proof.insert("@context".into(), context.clone());
            }
            hash(document, proof.clone())
        },
    )
}

/// Verifies a proof of this suite.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    let mut input = Input::of(Suite::EddsaJcs2022, document, proof)?;
    // §3.3.2 step 4: contexts may have been appended since; those it was signed under are hashed.
    if let Some(signed_under) = input.config.get("@context")
        && input.document.get("@context") != Some(signed_under)
    {
        let first = items(Some(signed_under));
        // After no context at all, any would do.
        if first.is_empty() || !items(input.document.get("@context")).starts_with(first) {
            return Err(ProofError::Context);
        }
        if let Some(members) = input.document.to_mut().as_object_mut() {
            members.insert("@context".into(), signed_under.clone());
        }
    }
    let data = hash(&input.document, std::mem::take(&mut input.config))?;
    input.verify(&data, key)
}

/// §3.3.3–§3.3.5.
fn hash(document: &Value, config: Map<String, Value>) -> Result<[u8; 64], ProofError> {
    let canonical_proof = canonical::jcs(&Value::Object(config))?;
    Ok(data_integrity::hash_data(
        &canonical_proof,
        &canonical::jcs(document)?,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::keys::BadSignature;
    use crate::openbadges::proof::samples;

    fn signed() -> Value {
        let credential = samples::checked(samples::badge());
        sign(credential, &samples::options(), &samples::ed25519(1).0).unwrap()
    }

    fn verified(document: &Value) -> Result<(), ProofError> {
        verify(document, &document["proof"], &samples::ed25519(1).1)
    }

    #[test]
    fn what_is_signed_verifies_and_its_proof_keeps_the_context() {
        let signed = signed();
        assert_eq!(verified(&signed), Ok(()));
        assert_eq!(signed["proof"]["@context"], signed["@context"]);
        let other = samples::ed25519(2).1;
        assert_eq!(
            verify(&signed, &signed["proof"], &other),
            Err(BadSignature.into())
        );
    }

    #[test]
    fn a_context_may_be_appended_but_nothing_else_be_done_to_it() {
        let data_integrity = json!("https://w3id.org/security/data-integrity/v2");
        let edited = |edit: &dyn Fn(&mut Vec<Value>)| {
            let mut signed = signed();
            edit(signed["@context"].as_array_mut().unwrap());
            verified(&signed)
        };
        assert_eq!(
            edited(&|context| context.push(data_integrity.clone())),
            Ok(())
        );
        assert_eq!(
            edited(&|context| context.reverse()),
            Err(ProofError::Context)
        );
        assert_eq!(
            edited(&|context| drop(context.pop())),
            Err(ProofError::Context)
        );
        let inserted = edited(&|context| context.insert(1, data_integrity.clone()));
        assert_eq!(inserted, Err(ProofError::Context));
        let mut unsaid = signed();
        unsaid["proof"]
            .as_object_mut()
            .unwrap()
            .shift_remove("@context");
        assert_eq!(verified(&unsaid), Err(BadSignature.into()));
    }

    #[test]
    fn under_no_context_at_all_none_may_be_appended() {
        let key = samples::ed25519(1).0;
        for none in [json!([]), Value::Null] {
            let mut bare = samples::badge();
            bare["@context"] = none.clone();
            let suite = Suite::EddsaJcs2022;
            let mut signed =
                data_integrity::sign(suite, bare, &samples::options(), &key, |document, proof| {
                    proof.insert("@context".into(), none.clone());
                    hash(document, proof.clone())
                })
                .unwrap();
            assert_eq!(verified(&signed), Ok(()));
            signed["@context"] = samples::badge()["@context"].take();
            assert_eq!(verified(&signed), Err(ProofError::Context));
        }
    }

    #[test]
    fn the_alias_of_the_class_is_a_change_here() {
        let mut signed = signed();
        signed["type"][1] = json!("AchievementCredential");
        assert_eq!(verified(&signed), Err(BadSignature.into()));
    }
}
