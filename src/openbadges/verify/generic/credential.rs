//! One credential: its members, its proofs, its dates, its status.

use serde_json::Value;

use super::judgement::{Judgement, Kind, kind_of};
use super::{Asked, proofs};
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::did::Purpose;
use crate::openbadges::model::checked::Profile;
use crate::openbadges::model::many::items;
use crate::openbadges::verify::checks::structure::Facts;
use crate::openbadges::verify::checks::{claims, status, validity};
use crate::openbadges::verify::needs::Desk;
use crate::openbadges::verify::report::Outcome;
use crate::openbadges::verify::secured::{Envelope, Refusal, Secured};

/// Statuses looked up, at most.
const MAX_STATUSES: usize = 8;

/// Judges a credential that stands at `at`.
pub(super) fn check(
    value: &Value,
    at: &str,
    asked: &Asked,
    desk: &mut Desk<'_>,
    judgement: &mut Judgement,
) {
    let secured = match read(value) {
        Ok(secured) => secured,
        Err(refusal) => {
            return judgement.refuse(at, Kind::Parsing, "This is no credential", &refusal);
        }
    };
    if !judgement.hold_to(&secured.credential, Profile::Credential, at) {
        return;
    }
    let facts = match Facts::of(&secured.modern()) {
        Ok(facts) => facts,
        Err(unclear) => {
            return judgement.refuse(at, Kind::Malformed, "The credential is unclear", &unclear);
        }
    };
    let before = judgement.problems.len();
    let signers = check_proofs(&secured, at, asked, desk, judgement);
    let (claimed, dates) = claims::check(&secured, desk.now);
    for result in claimed.iter().filter(|r| r.outcome == Outcome::Fail) {
        judgement.refuse_result(at, Kind::Malformed, result);
    }
    if !asked.proof_only {
        let held = validity::check(&facts, dates, desk.now);
        if held.outcome != Outcome::Pass {
            judgement.refuse_result(at, Kind::Range, &held);
        }
    }
    // No errands for somebody who did not even sign.
    if judgement.problems.len() > before {
        return;
    }
    if !signers.contains(&facts.issuer) {
        let why = "what is signed holds, and no key of the issuer signed it: who issued it is only \
                   its own word";
        judgement.warn(at, "None of the proofs is the issuer's", why);
    }
    if !asked.proof_only {
        check_status(&secured.credential, &facts, at, desk, judgement);
    }
}

fn read(value: &Value) -> Result<Secured, Refusal> {
    let is_enveloped = |kind: &Value| kind == "EnvelopedVerifiableCredential";
    if !value.is_object() {
        return Err(Refusal::Unreadable("it is not a JSON object".into()));
    }
    if items(value.get("type")).iter().any(is_enveloped) {
        return Secured::from_any_envelope(value);
    }
    Secured::from_value(value.clone())
}

/// Tries everything that secures a credential; who signed it.
fn check_proofs(
    secured: &Secured,
    at: &str,
    asked: &Asked,
    desk: &mut Desk<'_>,
    judgement: &mut Judgement,
) -> Vec<String> {
    const FAILED: &str = "What secures the credential does not hold";
    let purpose = Purpose::AssertionMethod;
    let (signers, covers_meaning) = match (&secured.envelope, secured.jws()) {
        (Envelope::Embedded, _) => {
            let tried = proofs::try_embedded(&secured.credential, purpose, asked, desk);
            for (pointer, refused) in tried.refused {
                judgement.refuse(
                    &format!("{at}{pointer}"),
                    refused.kind,
                    FAILED,
                    &refused.why,
                );
            }
            (tried.signers, tried.covers_meaning)
        }
        (_, Some(Ok(jws))) => {
            if jws.payload.get("vc").is_some() && !secured.is_version_1() {
                let why = "data model 2.0 puts the credential's members at the top of the payload";
                judgement.warn(at, "The JWT has a claim that it should not have, “vc”", why);
            }
            match proofs::try_jwt(&jws, purpose, asked, desk) {
                Ok(signer) => (vec![signer], false),
                Err(refused) => {
                    judgement.refuse(at, refused.kind, FAILED, &refused.why);
                    (Vec::new(), false)
                }
            }
        }
        (_, Some(Err(error))) => {
            judgement.refuse(at, Kind::Cryptographic, FAILED, &error);
            (Vec::new(), false)
        }
        (_, None) => (Vec::new(), false),
    };
    if !signers.is_empty() && !covers_meaning {
        let mut unsecured = super::contexts::unwrapped(&secured.credential);
        if let Some(members) = unsecured.as_object_mut() {
            members.shift_remove("proof");
        }
        // The signature covers the text, so this is about meaning only.
        if let Err(error) = canonical::canonicalize(&unsecured, &Limits::VERIFY) {
            let title = "Not every word of the credential has a defined meaning";
            judgement.warn(&format!("{at}{}", error.pointer), title, &error);
        }
    }
    signers
}

/// Looks up every status of a known kind. Others say nothing against it, nor for it.
fn check_status(
    credential: &Value,
    facts: &Facts,
    at: &str,
    desk: &mut Desk<'_>,
    judgement: &mut Judgement,
) {
    let at = format!("{at}/credentialStatus");
    let entries = items(credential.get("credentialStatus"));
    if entries.len() > MAX_STATUSES {
        let why = format!("it names more than the {MAX_STATUSES} statuses that are looked up");
        judgement.refuse(&at, Kind::Malformed, "Not every status was looked up", &why);
    }
    for entry in entries.iter().take(MAX_STATUSES) {
        if !status::is_known(entry) {
            let why = "it may have been withdrawn: ask in the way that kind of status has";
            judgement.warn(
                &at,
                "A status of a kind that is not known was not looked up",
                why,
            );
            continue;
        }
        match status::look_up(entry, facts, &facts.issuer, desk) {
            Ok(told) if told.outcome == Outcome::Pass => {}
            Ok(told) if told.outcome == Outcome::Warning => {
                judgement.warn(&at, &told.title, &told.detail);
            }
            Ok(told) => judgement.refuse_result(&at, Kind::Other, &told),
            Err(error) => {
                let title = "It can't be told whether the credential was withdrawn";
                judgement.refuse(&at, kind_of(&error), title, &error);
            }
        }
    }
}
