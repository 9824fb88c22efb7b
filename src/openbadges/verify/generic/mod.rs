//! Any credential, and presentations of some: does what secures them hold?
//!
//! A badge is judged by [`examine`](super::examine), in all the strictness of Open Badges. Here are
//! the rules of the data model alone (VCDM 1.1 and 2.0), for those who verify whatever others issue,
//! as the W3C's test suites do. Two things differ. *Every* proof must hold, not one of the issuer's;
//! and a key must be its own controller's, not the issuer's, since a chain has proofs of others
//! (conformance §9.5, 55). Where none is of the issuer, a [warning](Judgement::warnings) says so:
//! the credential is as it was signed, and who issued it is its own word.
//!
//! [`examine_credential`] and [`examine_presentation`] fetch nothing, like everything beside them:
//! they say what they [`Need`]. The checks are in `credential` and `presentation`; `proofs` tries one
//! proof or JWT. What an answer says is in `judgement`.
//!
//! VCDM 2.0 §7, VC Data Integrity §4.4, VC-JOSE-COSE §4, Bitstring Status List §3.2.

mod contexts;
mod credential;
mod judgement;
mod presentation;
mod proofs;

use serde_json::Value;

use super::evidence::Evidence;
use super::needs::{Desk, Need};
use crate::openbadges::model::Timestamp;

pub use judgement::{Judgement, Kind, Remark};

/// What whoever verifies asks for besides that proofs hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What the proofs must have been made for; `None` for what is usual: assertions in a credential,
    /// authentication in a presentation.
    pub purpose: Option<String>,
    /// For which domain they must have been made.
    pub domain: Option<String>,
    /// Which challenge they must answer.
    pub challenge: Option<String>,
    /// Whether dates and status are left out.
    pub proof_only: bool,
}

impl Asked {
    /// What is asked of a credential in a presentation: domain and challenge are its holder's to
    /// answer.
    fn of_presented(&self) -> Self {
        Self {
            proof_only: self.proof_only,
            ..Self::default()
        }
    }
}

/// A judgement with the evidence at hand, and what must be fetched for the final one.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined {
    /// The judgement so far.
    pub judgement: Judgement,
    /// What is still needed; empty when the judgement is final.
    pub needs: Vec<Need>,
}

/// Judges a credential, embedded proofs or enveloped, as of `now`.
pub fn examine_credential(
    credential: &Value,
    asked: &Asked,
    evidence: &Evidence,
    now: Timestamp,
) -> Examined {
    let mut desk = Desk::new(evidence, now);
    let mut judgement = Judgement::new(asked);
    credential::check(credential, "", asked, &mut desk, &mut judgement);
    let needs = desk.into_needs();
    Examined { judgement, needs }
}

/// Judges a presentation and every credential in it, as of `now`.
pub fn examine_presentation(
    presentation: &Value,
    asked: &Asked,
    evidence: &Evidence,
    now: Timestamp,
) -> Examined {
    let mut desk = Desk::new(evidence, now);
    let mut judgement = Judgement::new(asked);
    presentation::check(presentation, asked, &mut desk, &mut judgement);
    let needs = desk.into_needs();
    Examined { judgement, needs }
}
