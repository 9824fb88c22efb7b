//! One proof or one JWT: does it hold, and whose key made it?

use serde_json::Value;

use super::Asked;
use super::contexts::unwrapped;
use super::judgement::{Kind, Refused};
use crate::openbadges::did::Purpose;
use crate::openbadges::keys::KeyState;
use crate::openbadges::model::Timestamp;
use crate::openbadges::proof::{self, DataIntegrityProof, Jws, ProofError, Suite, proof_set};
use crate::openbadges::verify::keys::{self, Controlled};
use crate::openbadges::verify::needs::{Desk, shown};
use crate::openbadges::verify::plain;

/// What came of all proofs of a document.
pub(super) struct Tried {
    /// Who controls the keys of the proofs that hold.
    pub(super) signers: Vec<String>,
    /// What is wrong with the others, and where.
    pub(super) refused: Vec<(String, Refused)>,
    /// Whether some proof covers the meaning of the document and not its text alone.
    pub(super) covers_meaning: bool,
}

/// Tries every proof embedded in a document; `usual` is what they are made for unless asked otherwise.
pub(super) fn try_embedded(
    document: &Value,
    usual: Purpose,
    asked: &Asked,
    desk: &mut Desk<'_>,
) -> Tried {
    let mut tried = Tried {
        signers: Vec::new(),
        refused: Vec::new(),
        covers_meaning: false,
    };
    let proofs = match proof_set::proofs(document) {
        Ok(proofs) => proofs,
        Err(error) => {
            tried.refused.push(("/proof".into(), error.into()));
            return tried;
        }
    };
    let is_set = document.get("proof").is_some_and(Value::is_array);
    let reading = unwrapped(document);
    for (index, value) in proofs.iter().enumerate() {
        match try_one(document, &reading, value, usual, asked, desk) {
            Ok((signer, suite)) => {
                tried.signers.push(signer);
                tried.covers_meaning |= suite != Suite::EddsaJcs2022;
            }
            Err(refused) => {
                let pointer = if is_set {
                    format!("/proof/{index}")
                } else {
                    "/proof".to_owned()
                };
                tried.refused.push((pointer, refused));
            }
        }
    }
    tried
}

fn try_one(
    document: &Value,
    reading: &Value,
    value: &Value,
    usual: Purpose,
    asked: &Asked,
    desk: &mut Desk<'_>,
) -> Result<(String, Suite), Refused> {
    let read = DataIntegrityProof::read(value)?;
    let purpose = purpose(usual, asked)?;
    read.is_for(purpose)?;
    read.is_current(desk.now)?;
    read.answers(asked.domain.as_deref(), asked.challenge.as_deref())?;
    let key = keys::of_controller(read.verification_method, purpose, desk)?;
    may_sign(&key, read.created, desk.now)?;
    let suite = if read.suite == Suite::EddsaJcs2022 {
        proof::verify(document, value, &key.key)
    } else {
        proof::verify(reading, value, &key.key)
    };
    let suite = suite.map_err(|error| match error {
        ProofError::Signature(_) => Refused::new(
            Kind::Proof,
            "something was changed after it was signed, or another key signed it",
        ),
        error => error.into(),
    })?;
    if suite != Suite::EddsaJcs2022 {
        plain::check(reading).map_err(|what| {
            let why = format!("the signature holds, but {what}: something may be hidden there");
            Refused::new(Kind::Proof, &why)
        })?;
    }
    Ok((key.controller, suite))
}

/// Tries a JWT; who controls its key.
pub(super) fn try_jwt(
    jws: &Jws<'_>,
    usual: Purpose,
    asked: &Asked,
    desk: &mut Desk<'_>,
) -> Result<String, Refused> {
    let refuse = |why: &str| Refused::new(Kind::Cryptographic, why);
    let Some(kid) = &jws.header.kid else {
        return Err(refuse(
            "its header names no key that could be looked up: it has no “kid”",
        ));
    };
    let key = keys::of_controller(kid, purpose(usual, asked)?, desk)
        .map_err(|doubt| refuse(&doubt.why))?;
    let made = jws.payload.get("iat").and_then(Value::as_i64);
    may_sign(&key, made.and_then(Timestamp::from_unix_seconds), desk.now)?;
    jws.verify(&key.key)
        .map_err(|error| refuse(&shown(&error.to_string())))?;
    Ok(key.controller)
}

/// What a proof must have been made for.
fn purpose(usual: Purpose, asked: &Asked) -> Result<Purpose, Refused> {
    let Some(asked) = &asked.purpose else {
        return Ok(usual);
    };
    [Purpose::AssertionMethod, Purpose::Authentication]
        .into_iter()
        .find(|known| known.as_str() == asked)
        .ok_or_else(|| {
            let why = format!("proofs made for “{}” are not verified here", shown(asked));
            Refused::new(Kind::Proof, &why)
        })
}

/// A thief writes any date, and here nobody can say what a key signed before it was lost.
fn may_sign(key: &Controlled, made: Option<Timestamp>, now: Timestamp) -> Result<(), Refused> {
    if let KeyState::Compromised { from } = key.state {
        let why = format!("its key is compromised since {from}");
        return Err(Refused::new(Kind::Proof, &why));
    }
    let judged = key.state.judge(made, now);
    judged.map_err(|objection| Refused::new(Kind::Proof, &objection))
}
