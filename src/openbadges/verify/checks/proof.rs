//! `proof`: is the credential as it was signed, to the letter? (OB 3.0 §8.2, §8.3; conformance
//! §4.3, §4.4)
//!
//! Every proof of a set is tried and told of. Whose keys made them is the next question
//! ([`issuer`](super::issuer)): here a signature is only known to be some key's.

use serde_json::Value;

use super::structure::Facts;
use crate::openbadges::canonical::Kind;
use crate::openbadges::did;
use crate::openbadges::model::Timestamp;
use crate::openbadges::proof::{
    self, DataIntegrityProof, Jws, JwsError, ProofError, Suite, proof_set,
};
use crate::openbadges::verify::keys::{self, FoundKey, Owner};
use crate::openbadges::verify::needs::{Desk, shown};
use crate::openbadges::verify::plain;
use crate::openbadges::verify::report::{CheckId, CheckResult, Doubt, Outcome};
use crate::openbadges::verify::secured::{Envelope, Secured};

/// That a key signed a credential as it is; only this check hands it out.
#[derive(Debug, Clone)]
pub(in crate::openbadges::verify) struct Signed {
    /// The key, and whose it is.
    pub(super) key: FoundKey,
    /// When it says it was made: the signer's word.
    pub(super) made: Option<Timestamp>,
    /// The signature's own text, by which a register knows it.
    pub(super) signature: String,
    // Keeps others from making one.
    _verified: (),
}

/// What came of all proofs.
pub(in crate::openbadges::verify) struct Proven {
    pub(in crate::openbadges::verify) results: Vec<CheckResult>,
    /// The signatures that hold.
    pub(in crate::openbadges::verify) signed: Vec<Signed>,
    /// Why there was no key to try others with.
    pub(in crate::openbadges::verify) doubts: Vec<Doubt>,
}

/// Verifies every proof of a credential.
pub(in crate::openbadges::verify) fn check(
    secured: &Secured,
    facts: &Facts,
    desk: &mut Desk<'_>,
) -> Proven {
    match &secured.envelope {
        Envelope::Embedded => check_embedded(&secured.credential, facts, desk),
        Envelope::Jws { compact } => {
            let mut proven = Proven {
                results: Vec::new(),
                signed: Vec::new(),
                doubts: Vec::new(),
            };
            proven.add(check_jws(compact, facts, desk), None);
            proven
        }
    }
}

/// Why a proof could not be tried or does not hold.
enum Failure {
    /// There is no key to try it with.
    NoKey(Doubt),
    Proof(Doubt),
}

/// A signature that holds, how it was made, and what there is to know about it, if anything.
struct Held {
    signed: Signed,
    how: String,
    remark: Option<(&'static str, &'static str)>,
}

const DEPRECATED: (&str, &str) = (
    "The badge is as it was signed, in an outdated way",
    "Nothing was changed since. This way of signing is outdated; the issuer should issue the \
        badge anew.",
);

const CONTEXTS_ADDED: (&str, &str) = (
    "The badge is as it was signed, but for contexts",
    "Contexts were added since, which this way of signing allows; they are not the issuer's word.",
);

fn check_embedded(credential: &Value, facts: &Facts, desk: &mut Desk<'_>) -> Proven {
    let mut proven = Proven {
        results: Vec::new(),
        signed: Vec::new(),
        doubts: Vec::new(),
    };
    let proofs = match proof_set::proofs(credential) {
        Ok(proofs) => proofs,
        Err(error) => {
            let doubt = doubt(&error);
            let title = if doubt.outcome == Outcome::Fail {
                "The badge is not signed"
            } else {
                NOT_TRIED
            };
            proven
                .results
                .push(result(doubt.outcome, title, doubt.why).at("/proof"));
            return proven;
        }
    };
    let is_set = credential.get("proof").is_some_and(Value::is_array);
    for (index, proof) in proofs.iter().enumerate() {
        let pointer = if is_set {
            format!("/proof/{index}")
        } else {
            "/proof".to_owned()
        };
        proven.add(check_proof(credential, proof, facts, desk), Some(pointer));
    }
    // One good proof of the issuer is enough (conformance §4.2.2); the others are told of.
    if proven
        .signed
        .iter()
        .any(|signed| signed.key.owner.is_issuer())
    {
        for result in &mut proven.results {
            if result.outcome == Outcome::Unknown {
                result.outcome = Outcome::Warning;
            }
        }
    }
    proven
}

fn check_proof(
    credential: &Value,
    value: &Value,
    facts: &Facts,
    desk: &mut Desk<'_>,
) -> Result<Held, Failure> {
    let failed = |error: ProofError| Failure::Proof(doubt(&error));
    let read = DataIntegrityProof::read(value).map_err(failed)?;
    read.is_for(did::Purpose::AssertionMethod).map_err(failed)?;
    read.is_current(desk.now).map_err(failed)?;
    let key =
        keys::of_method(read.verification_method, &facts.issuer, desk).map_err(Failure::NoKey)?;
    let suite = proof::verify(credential, value, &key.key).map_err(failed)?;
    if suite != Suite::EddsaJcs2022 {
        plain::check(credential)
            .map_err(|what| Failure::Proof(Doubt::unknown(disguised(&what))))?;
    }
    let signature = value
        .get("proofValue")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let contexts_added = suite == Suite::EddsaJcs2022
        && value
            .get("@context")
            .is_some_and(|signed| credential.get("@context") != Some(signed));
    let remark = if suite.is_deprecated() {
        Some(DEPRECATED)
    } else {
        contexts_added.then_some(CONTEXTS_ADDED)
    };
    Ok(Held {
        signed: Signed {
            key,
            made: read.created,
            signature,
            _verified: (),
        },
        how: format!("{suite}, with an Ed25519 key"),
        remark,
    })
}

fn check_jws(compact: &str, facts: &Facts, desk: &mut Desk<'_>) -> Result<Held, Failure> {
    let failed = |error: JwsError| Failure::Proof(jws_doubt(&error));
    let jws = Jws::read(compact).map_err(failed)?;
    let key = keys::of_header(&jws.header, &facts.issuer, desk).map_err(Failure::NoKey)?;
    jws.verify(&key.key).map_err(failed)?;
    let claim = |name: &str| Timestamp::from_unix_seconds(jws.payload.get(name)?.as_i64()?);
    let made = claim("iat").or_else(|| claim("nbf")).or(facts.valid_from);
    let signature = compact.rsplit('.').next().unwrap_or_default().to_owned();
    Ok(Held {
        how: format!("a JWT, with the algorithm {}", key.key.algorithm().name()),
        signed: Signed {
            key,
            made,
            signature,
            _verified: (),
        },
        remark: None,
    })
}

const NOT_TRIED: &str = "The signature could not be verified";

impl Proven {
    fn add(&mut self, outcome: Result<Held, Failure>, pointer: Option<String>) {
        let told = match outcome {
            Ok(held) => {
                let is_bound = matches!(held.signed.key.owner, Owner::Issuer);
                self.signed.push(held.signed);
                told(is_bound, held.remark, &held.how)
            }
            Err(Failure::NoKey(doubt)) => {
                let why = format!("There is no key to verify it with. {}", doubt.why);
                self.doubts.push(doubt);
                result(Outcome::Unknown, NOT_TRIED, why)
            }
            Err(Failure::Proof(doubt)) if doubt.outcome == Outcome::Fail => {
                result(Outcome::Fail, "The signature does not hold", doubt.why)
            }
            Err(Failure::Proof(doubt)) => result(doubt.outcome, NOT_TRIED, doubt.why),
        };
        self.results.push(match pointer {
            Some(pointer) => told.at(pointer),
            None => told,
        });
    }
}

fn told(is_bound: bool, remark: Option<(&str, &str)>, how: &str) -> CheckResult {
    if let Some((title, detail)) = remark {
        let detail = format!("The signature holds: {how}. {detail}");
        return result(Outcome::Warning, title, detail);
    }
    let title = if is_bound {
        "The badge is as its issuer signed it"
    } else {
        "The badge is as it was signed"
    };
    result(
        Outcome::Pass,
        title,
        format!("The signature holds: {how}. Nothing was changed since."),
    )
}

/// Why a signature that holds is not enough when a document may hide something.
fn disguised(what: &str) -> String {
    format!(
        "the signature holds, but {what}, in words that this verifier does not read: something \
         may be hidden there. Ask for the badge as its issuer wrote it"
    )
}

/// What it means that a proof could not be verified: forged or changed, or beyond this software.
fn doubt(error: &ProofError) -> Doubt {
    let unknown = match error {
        ProofError::UnknownSuite { .. } | ProofError::TooMany { .. } => true,
        ProofError::Canonical(error) => is_beyond_us(error.kind),
        _ => false,
    };
    let why = match error {
        ProofError::Signature(_) => {
            "something was changed after it was signed, or another key signed it".to_owned()
        }
        error => shown(&error.to_string()),
    };
    if unknown {
        Doubt::unknown(why)
    } else {
        Doubt::fails(why)
    }
}

/// Whether a document may be good and only too much for us, or in words we do not have.
fn is_beyond_us(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::UnknownContext
            | Kind::BaseUnsupported
            | Kind::ImportUnsupported
            | Kind::TooDeep
            | Kind::TooLarge
            | Kind::TooManyContexts
            | Kind::TooManyQuads
            | Kind::TooMuchWork
    )
}

fn jws_doubt(error: &JwsError) -> Doubt {
    match error {
        JwsError::Signature(_) => {
            Doubt::fails("something was changed after it was signed, or another key signed it")
        }
        error => Doubt::fails(shown(&error.to_string())),
    }
}

fn result(outcome: Outcome, title: &str, detail: impl Into<String>) -> CheckResult {
    CheckResult::new(CheckId::Proof, outcome, title, detail)
}
