//! `Unsigned → Checked`: the only way to a signature.
//!
//! As a certificate authority lints before it signs, a credential is checked whole before any key
//! touches it. [`Checked`] has no public constructor but [`rules::check`](super::rules::check), and
//! the signing functions of [`proof`](crate::openbadges::proof) take nothing else: what was not
//! checked cannot be signed, by mistake or otherwise.

use serde_json::Value;

/// A credential somebody composed: complete in their eyes, not yet in ours.
#[derive(Clone, PartialEq)]
pub struct Unsigned(pub Value);

/// A credential that obeys the rules of its [`Profile`]; nothing else can be signed.
#[derive(Clone, PartialEq)]
pub struct Checked(Value);

// A credential speaks about somebody: not in logs.
super::class::debug_without_content!(Unsigned, Checked);

impl Checked {
    /// To be called by [`rules::check`](super::rules::check) alone.
    pub(super) fn assert_checked(document: Value) -> Self {
        Self(document)
    }

    /// The credential, without any proof.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// The credential, to add its proof to.
    pub fn into_document(self) -> Value {
        self.0
    }
}

/// Which rules a credential is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// An Open Badges 3.0 `AchievementCredential` in all its strictness (what we issue).
    OpenBadge,
    /// An Open Badges 3.0 `EndorsementCredential`.
    Endorsement,
    /// Any Verifiable Credential of data model 1.1 or 2.0 (status lists, the W3C's suites).
    Credential,
    /// Any Verifiable Presentation; the credentials in it are held to rules of their own.
    Presentation,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; signing and verifying go on.
    Warning,
    /// Breaks a rule; such a credential is not signed.
    Error,
}

/// One thing a credential gets wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// Which rule, as a stable dotted name: `member.required`, `achievement.criteria`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence.
    pub advice: String,
}
