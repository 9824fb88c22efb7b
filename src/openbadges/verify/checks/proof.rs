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
use crate::openbadges::model::many::items;
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
    /// It was made for something else, or until a day that is past: no proof of the badge, and
    /// nothing against it.
    Beside(Doubt),
    Proof(Doubt),
}

/// A signature that holds, how it was made, and what there is to know about it, if anything.
struct Held {
    signed: Signed,
    how: String,
    remarks: Vec<Remark>,
}

/// In a few words, and in sentences.
type Remark = (&'static str, &'static str);

const DEPRECATED: Remark = (
    "The badge is as it was signed, in an outdated way",
    "Nothing was changed since. This way of signing is outdated; the issuer should issue the \
        badge anew.",
);

const CONTEXTS_ADDED: Remark = (
    "The badge is as it was signed, but for contexts",
    "Contexts were added since, which this way of signing allows; they are not the issuer's word.",
);

const NAMED_SHORT: Remark = (
    "The badge is as it was signed, with a key that is named in short",
    "Nothing was changed since. The key is named by its DID alone, where the standards ask for the \
        key's own name; that DID is one key, so it is clear which is meant.",
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
    let mut attempts = Vec::with_capacity(proofs.len());
    for (index, proof) in proofs.iter().enumerate() {
        let pointer = if is_set {
            format!("/proof/{index}")
        } else {
            "/proof".to_owned()
        };
        let attempt = check_proof(credential, proof, facts, desk);
        attempts.push(Attempt::of(&attempt, proof));
        proven.add(attempt, Some(pointer));
    }
    // One good proof of the issuer is enough (conformance §4.2.2); the others are told of.
    let is_proven = proven.signed.iter().any(|s| s.key.owner.is_issuer());
    if is_proven {
        overlook(&mut proven.results, &attempts);
    }
    proven
}

/// What became of a proof, as far as it concerns the others of its set.
struct Attempt<'a> {
    id: Option<&'a str>,
    is_beside: bool,
    /// The proofs it builds on, by name, if it holds.
    holds_with: Vec<&'a str>,
}

impl<'a> Attempt<'a> {
    fn of(outcome: &Result<Held, Failure>, proof: &'a Value) -> Self {
        let previous = proof.get("previousProof").filter(|_| outcome.is_ok());
        Self {
            id: proof.get("id").and_then(Value::as_str),
            is_beside: matches!(outcome, Err(Failure::Beside(_))),
            holds_with: items(previous).iter().filter_map(Value::as_str).collect(),
        }
    }
}

/// Makes a warning of what could not be tried or is no proof of the badge, once a proof of the issuer
/// holds. Not so of a proof that another builds on: they stand and fall together (§2.11).
fn overlook(results: &mut [CheckResult], attempts: &[Attempt<'_>]) {
    let is_built_on = |id| attempts.iter().any(|other| other.holds_with.contains(&id));
    for (result, attempt) in results.iter_mut().zip(attempts) {
        let is_irrelevant = result.outcome == Outcome::Unknown
            || (result.outcome == Outcome::Fail && attempt.is_beside);
        if is_irrelevant && !attempt.id.is_some_and(is_built_on) {
            result.outcome = Outcome::Warning;
        }
    }
}

fn check_proof(
    credential: &Value,
    value: &Value,
    facts: &Facts,
    desk: &mut Desk<'_>,
) -> Result<Held, Failure> {
    let failed = |error: ProofError| Failure::Proof(doubt(&error));
    let beside = |error: ProofError| Failure::Beside(doubt(&error));
    let read = DataIntegrityProof::read(value).map_err(failed)?;
    read.is_for(did::Purpose::AssertionMethod).map_err(beside)?;
    read.is_current(desk.now).map_err(beside)?;
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
    let remarks = [
        (suite.is_deprecated(), DEPRECATED),
        (contexts_added, CONTEXTS_ADDED),
        (key.is_named_short, NAMED_SHORT),
    ];
    Ok(Held {
        signed: Signed {
            key,
            made: read.created,
            signature,
            _verified: (),
        },
        how: format!("{suite}, with an Ed25519 key"),
        remarks: applying(remarks),
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
    let remarks = applying([(key.is_named_short, NAMED_SHORT)]);
    Ok(Held {
        how: format!("a JWT, with the algorithm {}", key.key.algorithm().name()),
        signed: Signed {
            key,
            made,
            signature,
            _verified: (),
        },
        remarks,
    })
}

fn applying<const N: usize>(remarks: [(bool, Remark); N]) -> Vec<Remark> {
    remarks
        .into_iter()
        .filter_map(|(applies, remark)| applies.then_some(remark))
        .collect()
}

const NOT_TRIED: &str = "The signature could not be verified";

impl Proven {
    fn add(&mut self, outcome: Result<Held, Failure>, pointer: Option<String>) {
        let told = match outcome {
            Ok(held) => {
                let is_bound = matches!(held.signed.key.owner, Owner::Issuer);
                self.signed.push(held.signed);
                told(is_bound, &held.remarks, &held.how)
            }
            Err(Failure::NoKey(doubt)) => {
                let why = format!("There is no key to verify it with. {}", doubt.why);
                self.doubts.push(doubt);
                result(Outcome::Unknown, NOT_TRIED, why)
            }
            Err(Failure::Beside(doubt)) => result(
                doubt.outcome,
                "A proof does not count for the badge",
                doubt.why,
            ),
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

fn told(is_bound: bool, remarks: &[Remark], how: &str) -> CheckResult {
    if let Some((title, _)) = remarks.first() {
        let mut detail = format!("The signature holds: {how}.");
        for (_, remark) in remarks {
            detail.extend([" ", remark]);
        }
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
        // Large integers are our own limit: others sign and read them as the double they stand for.
        ProofError::UnknownSuite { .. }
        | ProofError::TooMany { .. }
        | ProofError::InexactNumber { .. } => true,
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
