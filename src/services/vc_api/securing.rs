//! Any credential, secured in the name of the VC API's issuer.

use serde_json::{Value, json};

use crate::ids::{CredentialId, random_uuid};
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::keys::SecretKey;
use crate::openbadges::model::checked::{Checked, Finding, Profile as Rules, Severity, Unsigned};
use crate::openbadges::model::contexts::{CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2};
use crate::openbadges::model::{Timestamp, rules};
use crate::openbadges::proof::vc_jwt::{self, VcJwtError};
use crate::openbadges::proof::{self, ProofError, ProofOptions, eddsa_jcs_2022, eddsa_rdfc_2022};
use crate::openbadges::verify::generic::{Asked, Remark};
use crate::services::issuers::Issuer;
use crate::services::publishing::{method_ids, no_active_key};
use crate::services::signing::finding;
use crate::services::{Error, Services};
use crate::store::{KeyAlgorithm, SigningKey};

/// How a credential is to be secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Securing {
    /// With an embedded proof of `eddsa-rdfc-2022`.
    Rdfc,
    /// With an embedded proof of `eddsa-jcs-2022`.
    Jcs,
    /// The same as [`Self::Rdfc`], after a status was added.
    RdfcWithStatus,
    /// As a JWT in an `EnvelopedVerifiableCredential`.
    Enveloped,
}

/// A credential that was secured.
#[derive(Debug)]
pub struct Secured {
    /// Its bytes, JSON, as they were signed.
    pub document: Vec<u8>,
    /// Its identifier in the register, if it has a status.
    pub id: Option<CredentialId>,
}

/// The key of the VC API, opened for one credential.
pub(super) struct Desk {
    pub(super) row: SigningKey,
    secret: SecretKey,
    method: String,
    pub(super) now: Timestamp,
}

impl Services {
    /// Secures any credential of data model 1.1 or 2.0, in the name of the VC API's issuer. A proof it
    /// has must hold, and stays; `previous` names those the new one builds on.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong; [`Error::Refused`] for what can't be done here.
    pub async fn secure(
        &self,
        mut credential: Value,
        securing: Securing,
        previous: Vec<String>,
    ) -> Result<Secured, Error> {
        let issuer = self.vc_api.clone();
        let issuer = issuer.ok_or_else(|| Error::NotReady("the VC API is not offered".into()))?;
        let has_proof = credential.get("proof").is_some();
        if !has_proof {
            complete_contexts(&mut credential, securing);
        }
        hold_to_rules(&credential)?;
        if !has_proof {
            name_issuer(&mut credential, &issuer);
        }
        vet(&credential, &issuer)?;
        if has_proof {
            self.only_if_it_holds(&credential, securing).await?;
        }
        let desk = self.vc_api_desk(&issuer).await?;
        if securing == Securing::Enveloped {
            let document = enveloped(&desk, credential, &previous)?;
            return Ok(Secured { document, id: None });
        }
        let name = random_uuid(self.world.entropy.as_ref())?.urn().to_string();
        let mut options = ProofOptions::new(desk.method.clone(), desk.now).named(name);
        if has_proof || !previous.is_empty() {
            options = options.joining(previous);
        }
        if securing != Securing::RdfcWithStatus {
            let document = signed(&desk, credential, securing, &options)?;
            return Ok(Secured { document, id: None });
        }
        if has_proof {
            return Err(Error::Refused(
                "a status can't be added to a credential that is signed already".into(),
            ));
        }
        let placed = self.place(&issuer, &mut credential).await?;
        let document = signed(&desk, credential.clone(), securing, &options)?;
        self.record(&desk, &issuer, &credential, placed, document)
            .await
    }

    /// What is signed already must hold: a second signature would lend it weight.
    async fn only_if_it_holds(&self, credential: &Value, securing: Securing) -> Result<(), Error> {
        if securing == Securing::Enveloped {
            return Err(Error::Refused(
                "a credential that has a proof is not enveloped as well; give it without".into(),
            ));
        }
        let asked = Asked {
            proof_only: true,
            ..Asked::default()
        };
        let judgement = self.verify_credential(credential.clone(), asked).await?;
        if judgement.is_verified() {
            return Ok(());
        }
        let findings = judgement.problems.iter().map(as_finding).collect();
        Err(Error::Invalid { findings })
    }

    async fn vc_api_desk(&self, issuer: &Issuer) -> Result<Desk, Error> {
        let mut tx = self.store.read().await?;
        let row = tx.active_key(issuer.id, KeyAlgorithm::Ed25519).await?;
        let row = row.ok_or_else(|| no_active_key(issuer))?;
        Ok(Desk {
            secret: self.unseal(&row)?,
            method: method_ids(&issuer.profile.id, &row)?.multikey,
            now: self.world.now(),
            row,
        })
    }
}

/// Data model 1.1 has no words for a proof of today; their context is added, as the W3C's suites expect.
fn complete_contexts(credential: &mut Value, securing: Securing) {
    if securing == Securing::Enveloped {
        return;
    }
    if let Some(contexts) = credential.get_mut("@context").and_then(Value::as_array_mut)
        && contexts
            .first()
            .is_some_and(|first| first == CREDENTIALS_V1)
        && !contexts.iter().any(|context| context == DATA_INTEGRITY_V2)
    {
        contexts.push(DATA_INTEGRITY_V2.into());
    }
}

/// Holds a credential to the rules of the data model.
fn hold_to_rules(credential: &Value) -> Result<(), Error> {
    let findings = rules::findings(credential, Rules::Credential);
    if findings.iter().any(|f| f.severity == Severity::Error) {
        return Err(Error::Invalid { findings });
    }
    Ok(())
}

/// Names who signs as the issuer where another was named, and nothing that was said of that one: the
/// credential says truly whose it is. Not where others have signed already.
fn name_issuer(credential: &mut Value, issuer: &Issuer) {
    let us = issuer.profile.id.as_str();
    if let Some(named) = credential.get_mut("issuer")
        && named.get("id").unwrap_or(named) != us
    {
        *named = if named.is_object() {
            json!({ "id": us })
        } else {
            us.into()
        };
    }
}

/// That every word of a credential has a meaning, and that it is ours to sign.
fn vet(credential: &Value, issuer: &Issuer) -> Result<(), Error> {
    let named = credential.get("issuer");
    let named = named.map(|named| named.get("id").unwrap_or(named));
    let us = issuer.profile.id.as_str();
    if named.is_none_or(|named| named != us) {
        let mut finding = finding("issuer.own", "This issuer's keys are not here.".into());
        finding.pointer = "/issuer".into();
        finding.advice = format!("Name {us}, whose key signs here.");
        return Err(invalid(finding));
    }
    let mut unsecured = credential.clone();
    if let Some(members) = unsecured.as_object_mut() {
        members.shift_remove("proof");
    }
    if let Err(error) = canonical::canonicalize(&unsecured, &Limits::ISSUE) {
        let mut finding = finding("credential.meaning", error.to_string());
        finding.pointer = error.pointer;
        return Err(invalid(finding));
    }
    Ok(())
}

fn checked(credential: Value) -> Result<Checked, Error> {
    rules::check(Unsigned(credential), Rules::Credential)
        .map_err(|findings| Error::Invalid { findings })
}

fn signed(
    desk: &Desk,
    credential: Value,
    securing: Securing,
    options: &ProofOptions,
) -> Result<Vec<u8>, Error> {
    let SecretKey::Ed25519(secret) = &desk.secret else {
        return Err(Error::internal("the key of the VC API is no Ed25519 key"));
    };
    let checked = checked(credential)?;
    let secured = match securing {
        Securing::Jcs => eddsa_jcs_2022::sign(checked, options, secret),
        _ => eddsa_rdfc_2022::sign(checked, options, secret),
    };
    Ok(proof::to_bytes(&secured.map_err(refused)?))
}

/// VCDM 2.0 §4.13.
fn enveloped(desk: &Desk, credential: Value, previous: &[String]) -> Result<Vec<u8>, Error> {
    if !previous.is_empty() {
        return Err(Error::Refused(
            "a JWT builds on no previous proof; leave “previousProof” out".into(),
        ));
    }
    let jwt = vc_jwt::envelop(&checked(credential)?, &desk.secret, &desk.method);
    let jwt = jwt.map_err(|error| match error {
        VcJwtError::NoVcClaimInV1 | VcJwtError::ReservedMember { .. } => {
            invalid(finding("credential.signature", error.to_string()))
        }
        fault => Error::internal(fault),
    })?;
    let envelope = json!({
        "@context": CREDENTIALS_V2,
        "id": format!("data:application/vc+jwt,{jwt}"),
        "type": "EnvelopedVerifiableCredential",
    });
    Ok(envelope.to_string().into_bytes())
}

fn refused(error: ProofError) -> Error {
    match error {
        ProofError::Canonical(_)
        | ProofError::InexactNumber { .. }
        | ProofError::NoProof
        | ProofError::TooMany { .. }
        | ProofError::DuplicateId { .. }
        | ProofError::PreviousProof { .. } => {
            invalid(finding("credential.signature", error.to_string()))
        }
        fault => Error::internal(fault),
    }
}

fn invalid(finding: Finding) -> Error {
    let findings = vec![finding];
    Error::Invalid { findings }
}

fn as_finding(problem: &Remark) -> Finding {
    Finding {
        pointer: problem.pointer.clone(),
        ..finding("credential.proof", problem.detail.clone())
    }
}
