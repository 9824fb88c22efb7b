//! What verification says: one verdict, and every check with its reason in words.
//!
//! **The JSON of a [`Report`] is a promise** to whoever scripts `badgeons verify --json`: members
//! and values may be added, none is renamed or given another meaning.

use serde::Serialize;

use super::summary::Summary;
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::legible::{legible, shown};

/// The answer to “is this badge what it says?”.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The answer in one word.
    pub verdict: Verdict,
    /// The instant the badge was judged at.
    pub verified_at: Timestamp,
    /// What the badge says, in the badge's own words; absent when it could not be read at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<Summary>,
    /// Everything that was looked at, in order. An id comes several times where there are several
    /// proofs, statuses or endorsements.
    pub checks: Vec<CheckResult>,
}

/// The answer in one word. It is drawn from the checks and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was checked and holds.
    Valid,
    /// It holds, and there is something to know.
    ValidWithWarnings,
    /// It does not hold: altered, withdrawn, out of date, or not the issuer's.
    Invalid,
    /// Something that decides could not be checked; it may hold or not.
    Undetermined,
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckId {
    /// The file could be read, and holds one badge.
    Parse,
    /// The badge has the parts every badge has.
    Structure,
    /// It follows the official schema.
    Schema,
    /// Its words have the meaning the standards give them.
    Context,
    /// It is as it was signed.
    Proof,
    /// What a JWT says of the badge is what the badge says.
    Claims,
    /// Who signed is who issued.
    Issuer,
    /// It holds today.
    Validity,
    /// It was not withdrawn.
    Status,
    /// Whether its issuer has a newer version.
    Refresh,
    /// Whether those who vouch for it do.
    Endorsements,
    /// Whether the one who designed the badge is behind this one.
    Creator,
    /// Whether it is this person's.
    Recipient,
}

impl CheckId {
    /// Whether the badge stands and falls with this check. The others concern what stands beside
    /// it: a newer version, other people's praise, the badge's designer.
    fn decides(self) -> bool {
        !matches!(self, Self::Refresh | Self::Endorsements | Self::Creator)
    }
}

/// What came out of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Checked, and it holds.
    Pass,
    /// Checked, and it does not hold.
    Fail,
    /// Checked, and there is something to know.
    Warning,
    /// Could not be checked. Never as good as a pass.
    Unknown,
    /// There is nothing to check.
    NotApplicable,
}

/// One check and what came out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    /// What was checked.
    pub id: CheckId,
    /// What came out.
    pub outcome: Outcome,
    /// The result in a few words.
    pub title: String,
    /// What was checked or could not be, and why, in sentences.
    pub detail: String,
    /// Which part of the badge, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl CheckResult {
    /// Whatever the texts quote is made legible here, where no check can forget it: they go to
    /// terminals and pages, and what a badge says of itself is a stranger's.
    pub(super) fn new(
        id: CheckId,
        outcome: Outcome,
        title: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            id,
            outcome,
            title: legible(&title.into()),
            detail: legible(&detail.into()),
            pointer: None,
        }
    }

    /// A pointer is made of the names of members, which are a stranger's as well.
    pub(super) fn at(self, pointer: impl Into<String>) -> Self {
        Self {
            pointer: Some(shown(&pointer.into())),
            ..self
        }
    }
}

/// Why something can't be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Fail when it is known to be wrong, unknown when it could not be checked.
    pub(super) outcome: Outcome,
    /// Why, as a sentence.
    pub(super) why: String,
}

impl Doubt {
    pub(super) fn fails(why: impl std::fmt::Display) -> Self {
        Self {
            outcome: Outcome::Fail,
            why: sentence(&why),
        }
    }

    pub(super) fn unknown(why: impl std::fmt::Display) -> Self {
        Self {
            outcome: Outcome::Unknown,
            why: sentence(&why),
        }
    }
}

/// A clause as a sentence, legible whatever it quotes.
pub(super) fn sentence(clause: &dyn std::fmt::Display) -> String {
    let clause = legible(&clause.to_string());
    let mut characters = clause.chars();
    let first = characters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().chain(characters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

impl Verdict {
    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidWithWarnings => "valid_with_warnings",
            Self::Invalid => "invalid",
            Self::Undetermined => "undetermined",
        }
    }

    /// Draws the verdict from the checks: what fails outweighs what is unknown, and both outweigh
    /// what passed.
    pub(super) fn of(checks: &[CheckResult]) -> Self {
        let any = |decides: bool, outcome| {
            checks
                .iter()
                .any(|check| check.outcome == outcome && (!decides || check.id.decides()))
        };
        if any(true, Outcome::Fail) {
            Self::Invalid
        } else if any(true, Outcome::Unknown) {
            Self::Undetermined
        } else if [Outcome::Fail, Outcome::Unknown, Outcome::Warning]
            .into_iter()
            .any(|o| any(false, o))
        {
            Self::ValidWithWarnings
        } else {
            Self::Valid
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::model::legible::is_command;

    fn verdict(checks: &[(CheckId, Outcome)]) -> Verdict {
        let checks: Vec<_> = checks
            .iter()
            .map(|(id, outcome)| CheckResult::new(*id, *outcome, "", ""))
            .collect();
        Verdict::of(&checks)
    }

    #[test]
    fn a_failure_outweighs_what_is_unknown_and_both_outweigh_a_pass() {
        use {CheckId as Id, Outcome as O};
        let pass = (Id::Parse, O::Pass);
        assert_eq!(
            verdict(&[pass, (Id::Status, O::NotApplicable)]),
            Verdict::Valid
        );
        assert_eq!(
            verdict(&[pass, (Id::Schema, O::Warning)]),
            Verdict::ValidWithWarnings
        );
        let unknown = (Id::Status, O::Unknown);
        assert_eq!(
            verdict(&[unknown, (Id::Schema, O::Warning), pass]),
            Verdict::Undetermined
        );
        assert_eq!(
            verdict(&[unknown, (Id::Proof, O::Fail), pass]),
            Verdict::Invalid
        );
    }

    #[test]
    fn what_stands_beside_a_badge_does_not_decide() {
        use {CheckId as Id, Outcome as O};
        for id in [Id::Refresh, Id::Endorsements, Id::Creator] {
            for outcome in [O::Fail, O::Unknown, O::Warning] {
                assert_eq!(verdict(&[(id, outcome)]), Verdict::ValidWithWarnings);
            }
        }
        assert_eq!(verdict(&[(Id::Recipient, O::Fail)]), Verdict::Invalid);
    }

    #[test]
    fn whatever_a_check_quotes_is_legible() {
        let hostile = "a\u{1b}[2J\u{9b}\u{202e}\nb";
        let check = CheckResult::new(CheckId::Context, Outcome::Warning, hostile, hostile);
        let check = check.at(format!("/{hostile}"));
        let doubts = [Doubt::fails(hostile), Doubt::unknown(hostile)];
        let texts = [check.title, check.detail, check.pointer.unwrap()];
        for text in texts.into_iter().chain(doubts.map(|doubt| doubt.why)) {
            assert!(!text.contains(is_command), "{text:?}");
            assert!(text.ends_with(['b', '.']), "{text:?}");
        }
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence(&"élan"), "Élan.");
        assert_eq!(sentence(&"Why?"), "Why?");
        assert_eq!(sentence(&""), ".");
    }

    #[test]
    fn the_json_shape_is_the_promised_one() {
        let check = CheckResult::new(CheckId::Proof, Outcome::NotApplicable, "Title", "Detail.");
        let report = Report {
            verdict: Verdict::ValidWithWarnings,
            verified_at: "2026-11-23T10:00:00Z".parse().unwrap(),
            credential: None,
            checks: vec![check.clone(), check.at("/proof")],
        };
        assert_eq!(
            serde_json::to_value(report).unwrap(),
            json!({
                "verdict": "valid_with_warnings",
                "verified_at": "2026-11-23T10:00:00Z",
                "checks": [
                    { "id": "proof", "outcome": "not_applicable", "title": "Title", "detail": "Detail." },
                    { "id": "proof", "outcome": "not_applicable", "title": "Title", "detail": "Detail.", "pointer": "/proof" },
                ],
            })
        );
    }
}
