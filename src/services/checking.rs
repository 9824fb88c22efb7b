//! Before a badge is issued: what would be signed, held to everything others will hold it to.
//!
//! It is composed as issuing composes it, with the same rules, and nothing is signed, stored or
//! reserved: the identifiers, the salt and the place in a status list are drawn anew when it is issued.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::achievements::missing_elements;
use super::batches::Dealt;
use super::issuers::Issuer;
use super::issuing::Awardable;
use super::signing::{Desk, What, without_meaning};
use super::{Error, Services};
use crate::entropy::Entropy;
use crate::ids::{CredentialId, StatusListId};
use crate::openbadges::canonical::{Limits, canonicalize};
use crate::openbadges::model::checked::{Finding, Profile as Rules};
use crate::openbadges::model::schema::{self, Schema};
use crate::openbadges::model::{rules, validator};
use crate::recognition::activity::Activity;
use crate::recognition::entry::Entry;
use crate::recognition::microcredential;
use crate::store::{StatusPurpose, StatusSlot};

/// What a badge is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The rules of Open Badges 3.0 and of Verifiable Credentials, and our own.
    OpenBadges,
    /// The official JSON Schema of 1EdTech.
    JsonSchema,
    /// Whether every word has a meaning (JSON-LD): what has none could not be signed.
    JsonLd,
    /// What the validator of 1EdTech demands besides.
    Validator,
    /// The eleven European elements; asked of micro-credentials alone.
    MicroCredential,
}

/// What came of holding a badge to one of these.
#[derive(Debug, Clone)]
pub struct Examined {
    /// To what it was held.
    pub about: About,
    /// Everything that is wrong with it; `None` where it is not asked of this badge.
    pub findings: Option<Vec<Finding>>,
}

/// What would come of asking for a badge.
#[derive(Debug, Clone)]
pub struct Preflight {
    /// What would become of it.
    pub dealt: Dealt,
    /// What would be signed, where something could be composed.
    pub credential: Option<Value>,
    /// What that was held to.
    pub report: Vec<Examined>,
}

impl Services {
    /// Holds what would be signed to everything others will hold it to; nothing is signed.
    pub async fn check_entry(
        &self,
        issuer: Option<&str>,
        achievement: &str,
        entry: Entry,
        activity: Option<Activity>,
    ) -> Result<Preflight, Error> {
        let (issuer, plan) = self
            .plan_entry(issuer, achievement, entry, activity)
            .await?;
        let award = plan.awards.first().map(|planned| planned.award.clone());
        let dealt = self.deal(&issuer, plan, true).await?;
        let Some(award) = award else {
            return Ok(Preflight {
                dealt,
                credential: None,
                report: Vec::new(),
            });
        };
        let desk = self.desk(&issuer).await?;
        let slugs = std::iter::once(award.achievement.as_str());
        let awardables = self.awardables(&issuer, slugs).await?;
        let Some((_, awardable)) = awardables.into_iter().next() else {
            return Err(Error::not_found("badge", &award.achievement));
        };
        let micro = micro_credential(&awardable, &issuer);
        let what = What::Award(Box::new(award), awardable);
        let credential = self.composed(&desk, what)?;
        let (algorithm, held) = (desk.jwt_algorithm(), credential.clone());
        let examining = tokio::task::spawn_blocking(move || {
            held.map(|credential| examine(&credential, algorithm, micro))
        });
        let report = examining
            .await
            .map_err(Error::internal)?
            .unwrap_or_default();
        Ok(Preflight {
            dealt,
            credential,
            report,
        })
    }

    /// The credential as it would be signed; `None` where award and achievement do not fit.
    fn composed(&self, desk: &Desk, what: What) -> Result<Option<Value>, Error> {
        let entropy: &dyn Entropy = self.world.entropy.as_ref();
        let id = CredentialId::mint(entropy)?;
        let draft = if self.is_public() {
            let slot = StatusSlot {
                purpose: StatusPurpose::Revocation,
                list: StatusListId::mint(entropy)?,
                index: 0,
            };
            self.job(what, id, vec![slot])?.draft
        } else {
            self.draft(what, id)?
        };
        let composed = desk.composed(&draft).ok();
        Ok(composed.map(|credential| credential.unsigned().0))
    }
}

/// The elements of a micro-credential; `None` for a badge that is none.
fn micro_credential(awardable: &Awardable, issuer: &Issuer) -> Option<Vec<Finding>> {
    let achievement = &awardable.achievement;
    if !microcredential::uses_context(achievement) {
        return None;
    }
    let profile = &issuer.profile;
    Some(
        match microcredential::take(&mut achievement.extra.clone()) {
            Ok(elements) => {
                let kind = awardable.recipient;
                let report = microcredential::assess(achievement, elements.as_ref(), profile, kind);
                missing_elements(&report)
            }
            Err(findings) => findings,
        },
    )
}

fn examine(credential: &Value, jwt_algorithm: &str, micro: Option<Vec<Finding>>) -> Vec<Examined> {
    let meaning = canonicalize(credential, &Limits::ISSUE).err();
    let meaning = meaning.map(|error| without_meaning("json-ld.word", &error));
    [
        (
            About::OpenBadges,
            Some(rules::findings(credential, Rules::OpenBadge)),
        ),
        (
            About::JsonSchema,
            Some(schema::findings(credential, Schema::AchievementCredential)),
        ),
        (About::JsonLd, Some(meaning.into_iter().collect())),
        (
            About::Validator,
            Some(validator::findings(credential, jwt_algorithm)),
        ),
        (About::MicroCredential, micro),
    ]
    .map(|(about, findings)| Examined { about, findings })
    .into()
}
