//! What is said of a credential or presentation: what was checked, what is wrong, what to know.

use crate::openbadges::model::checked::Finding;
use crate::openbadges::model::checked::{Profile, Severity};
use crate::openbadges::model::rules;
use crate::openbadges::proof::ProofError;
use crate::openbadges::status::StatusError;
use crate::openbadges::verify::needs::shown;
use crate::openbadges::verify::report::{CheckResult, Doubt, sentence};

use super::Asked;

/// The answer: it is verified when nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What was checked.
    pub checks: Vec<&'static str>,
    /// Everything that is wrong, or could not be told.
    pub problems: Vec<Remark>,
    /// What is no reason to refuse it, and worth knowing.
    pub warnings: Vec<Remark>,
}

/// One thing that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Which kind of thing it is.
    pub kind: Kind,
    /// What it is, in a few words.
    pub title: String,
    /// What was found and why it matters, in sentences.
    pub detail: String,
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
}

macro_rules! kinds {
    ($( $(#[$meta:meta])* $kind:ident = $url:literal; )+) => {
        /// The kinds of remarks, as the standards name them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind { $( $(#[$meta])* $kind ),+ }

        impl Kind {
            /// Its name, a URL.
            pub const fn url(self) -> &'static str {
                match self { $( Self::$kind => $url ),+ }
            }
        }
    };
}

kinds! {
    /// It can't be read.
    Parsing = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR";
    /// A member is not what the data model says it must be.
    Malformed = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR";
    /// A date does not hold today.
    Range = "https://www.w3.org/TR/vc-data-model#RANGE_ERROR";
    /// A JWT does not hold.
    Cryptographic = "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR";
    /// A proof does not hold.
    Proof = "https://w3id.org/security#PROOF_VERIFICATION_ERROR";
    /// What was signed has no canonical form.
    Transformation = "https://w3id.org/security#PROOF_TRANSFORMATION_ERROR";
    /// It was made for another domain.
    Domain = "https://w3id.org/security#INVALID_DOMAIN_ERROR";
    /// It answers another challenge.
    Challenge = "https://w3id.org/security#INVALID_CHALLENGE_ERROR";
    /// A status list could not be had.
    StatusRetrieval = "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR";
    /// A status list can't be relied on.
    StatusVerification = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR";
    /// A status list is too short.
    StatusLength = "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR";
    /// Nothing the standards have a name for.
    Other = "about:blank";
}

impl Judgement {
    pub(super) fn new(asked: &Asked) -> Self {
        let checks = if asked.proof_only {
            vec!["proof"]
        } else {
            vec!["proof", "validity", "credentialStatus"]
        };
        Self {
            checks,
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Whether nothing is wrong.
    pub fn is_verified(&self) -> bool {
        self.problems.is_empty()
    }

    /// Something is wrong, or can't be told, which is no better.
    pub(super) fn refuse(
        &mut self,
        at: &str,
        kind: Kind,
        title: &str,
        why: &(impl ToString + ?Sized),
    ) {
        self.problems.push(remark(at, kind, title, why));
    }

    /// Something is worth knowing.
    pub(super) fn warn(&mut self, at: &str, title: &str, why: &(impl ToString + ?Sized)) {
        self.warnings.push(remark(at, Kind::Other, title, why));
    }

    /// The same for what a check of badges found.
    pub(super) fn refuse_result(&mut self, at: &str, kind: Kind, result: &CheckResult) {
        self.refuse(at, kind, &result.title, &result.detail);
    }

    /// Holds a document to the rules of its kind; whether it obeys them.
    pub(super) fn hold_to(
        &mut self,
        document: &serde_json::Value,
        profile: Profile,
        at: &str,
    ) -> bool {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        let findings = rules::findings_when_reading(document, profile);
        let broken: Vec<_> = findings.into_iter().filter(is_error).collect();
        for finding in &broken {
            let pointer = format!("{at}{}", finding.pointer);
            let why = format!("{} {}", finding.message, finding.advice);
            self.refuse(
                &pointer,
                Kind::Malformed,
                "A rule of the data model is broken",
                &why,
            );
        }
        broken.is_empty()
    }
}

fn remark(at: &str, kind: Kind, title: &str, why: &(impl ToString + ?Sized)) -> Remark {
    Remark {
        kind,
        title: title.to_owned(),
        detail: sentence(&why.to_string()),
        pointer: shown(at),
    }
}

/// Why a proof does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) kind: Kind,
    pub(super) why: String,
}

impl Refused {
    pub(super) fn new(kind: Kind, why: &(impl ToString + ?Sized)) -> Self {
        Self {
            kind,
            why: why.to_string(),
        }
    }
}

impl From<ProofError> for Refused {
    fn from(error: ProofError) -> Self {
        let kind = match error {
            ProofError::WrongDomain => Kind::Domain,
            ProofError::WrongChallenge => Kind::Challenge,
            ProofError::Canonical(_) | ProofError::InexactNumber { .. } => Kind::Transformation,
            _ => Kind::Proof,
        };
        Self::new(kind, &shown(&error.to_string()))
    }
}

impl From<Doubt> for Refused {
    fn from(doubt: Doubt) -> Self {
        Self::new(Kind::Proof, &doubt.why)
    }
}

/// What kind of error keeps a status from being told.
pub(super) fn kind_of(error: &StatusError) -> Kind {
    match error {
        StatusError::Retrieval(_) => Kind::StatusRetrieval,
        StatusError::Verification(_) => Kind::StatusVerification,
        StatusError::ListLength { .. } => Kind::StatusLength,
        StatusError::MalformedValue(_) => Kind::Malformed,
        StatusError::Range { .. } => Kind::Range,
    }
}
