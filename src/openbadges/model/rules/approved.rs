//! What was found right once: the issuer and the achievement that many badges have in common.
//!
//! Rules about an object look at nothing around it, so that an object in which nothing was wrong in
//! one badge is right in the same place of another. It is compared whole; where it differs, and of
//! all else, every rule is asked as ever.

use serde_json::Value;

use super::findings::Findings;
use super::{Checked, Finding, Profile, Severity, Unsigned, check, findings, look};
use crate::openbadges::json::is_same;

/// The issuer and the achievement of a badge that obeys all rules.
#[derive(Clone, PartialEq)]
pub struct Approved {
    issuer: Option<Value>,
    achievement: Option<Value>,
}

// What an issuer says may be about people: not in logs.
crate::openbadges::model::class::debug_without_content!(Approved);

impl Approved {
    /// Holds a badge to all rules, and keeps of it what others have as well.
    ///
    /// # Errors
    /// Those of [`check`](super::check).
    pub fn of(badge: &Unsigned) -> Result<Self, Vec<Finding>> {
        let checked = check(badge.clone(), Profile::OpenBadge)?;
        let [issuer, achievement] = parts(checked.document()).map(Option::<&Value>::cloned);
        Ok(Self {
            issuer,
            achievement,
        })
    }

    /// Checks a badge as [`check`](super::check) does, and with the same outcome, but for asking again
    /// what was asked before.
    ///
    /// # Errors
    /// All findings, when at least one is an error.
    pub fn check(&self, badge: Unsigned) -> Result<Checked, Vec<Finding>> {
        let [issuer, achievement] = parts(&badge.0);
        let right = [
            issuer.filter(|part| is(self.issuer.as_ref(), part)),
            achievement.filter(|part| is(self.achievement.as_ref(), part)),
        ];
        let found = look(&badge.0, Profile::OpenBadge, Findings::but_for(right));
        if found
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            // With all that is worth knowing of the whole.
            return Err(findings(&badge.0, Profile::OpenBadge));
        }
        Ok(Checked::assert_checked(badge.0))
    }
}

fn is(known: Option<&Value>, part: &Value) -> bool {
    known.is_some_and(|known| is_same(known, part))
}

/// Issuer and achievement, where a badge has them.
fn parts(badge: &Value) -> [Option<&Value>; 2] {
    let achievement = || badge.get("credentialSubject")?.get("achievement");
    [badge.get("issuer"), achievement()]
}
