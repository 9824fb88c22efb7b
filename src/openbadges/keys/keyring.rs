//! The life of a key, and what it means for the proofs it made.
//!
//! A key is active, then retired when a newer one takes over; or compromised, when somebody else may
//! have had it. Retiring says nothing against what the key signed before. A compromise does against
//! everything from that date on, and a thief can write any date: those who must be sure also ask
//! when *they* first saw the badge (our own verifier has the date it issued it).

use crate::openbadges::model::Timestamp;

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// In use.
    Active,
    /// Signs no more; what it signed before stands.
    Retired {
        /// When it was retired.
        since: Timestamp,
    },
    /// Somebody else may hold it; what it signed from then on does not stand.
    Compromised {
        /// From when on it cannot be trusted.
        from: Timestamp,
    },
}

/// Why a proof cannot stand although its signature is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// Made with a key its owner no longer used.
    #[error("the proof is dated {made}, but its key was retired on {since}")]
    Retired {
        /// When the proof says it was made.
        made: Timestamp,
        /// When the key was retired.
        since: Timestamp,
    },
    /// Made when somebody else may have had the key.
    #[error("the proof is dated {made}, but its key is compromised since {from}")]
    Compromised {
        /// When the proof says it was made.
        made: Timestamp,
        /// From when on the key cannot be trusted.
        from: Timestamp,
    },
    /// Does not say when it was made, and its owner no longer uses the key.
    #[error("the proof has no date, and its key was retired on {since}")]
    UndatedRetired {
        /// When the key was retired.
        since: Timestamp,
    },
    /// Does not say when it was made, and its key is compromised.
    #[error("the proof has no date, and its key is compromised since {from}")]
    Undated {
        /// From when on the key cannot be trusted.
        from: Timestamp,
    },
}

impl KeyState {
    /// Whether a proof made at an instant (if it says one) may stand; the boundary itself is too late.
    ///
    /// A proof without a date may be from any day up to `now`, so it does not stand once its key was
    /// retired: whoever finds an old key would leave the date out.
    pub fn judge(self, made: Option<Timestamp>, now: Timestamp) -> Result<(), Objection> {
        match (self, made) {
            (Self::Retired { since }, Some(made)) if made >= since => {
                Err(Objection::Retired { made, since })
            }
            (Self::Retired { since }, None) if now >= since => {
                Err(Objection::UndatedRetired { since })
            }
            (Self::Compromised { from }, Some(made)) if made >= from => {
                Err(Objection::Compromised { made, from })
            }
            (Self::Compromised { from }, None) => Err(Objection::Undated { from }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u8) -> Timestamp {
        format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
    }

    #[test]
    fn what_an_active_key_signed_stands() {
        assert_eq!(KeyState::Active.judge(Some(day(1)), day(20)), Ok(()));
        assert_eq!(KeyState::Active.judge(None, day(20)), Ok(()));
    }

    #[test]
    fn what_a_retired_key_signed_before_stands() {
        let retired = KeyState::Retired { since: day(10) };
        assert_eq!(retired.judge(Some(day(9)), day(20)), Ok(()));
        assert_eq!(retired.judge(None, day(9)), Ok(()), "it is not retired yet");
        let late = Objection::Retired {
            made: day(10),
            since: day(10),
        };
        assert_eq!(retired.judge(Some(day(10)), day(20)), Err(late));
    }

    #[test]
    fn what_a_retired_key_signed_without_a_date_falls() {
        let undated = Err(Objection::UndatedRetired { since: day(10) });
        let retired = KeyState::Retired { since: day(10) };
        assert_eq!(retired.judge(None, day(10)), undated);
        assert_eq!(retired.judge(None, day(20)), undated);
    }

    #[test]
    fn what_a_compromised_key_signed_from_that_date_on_or_without_a_date_falls() {
        let compromised = KeyState::Compromised { from: day(10) };
        assert_eq!(compromised.judge(Some(day(9)), day(20)), Ok(()));
        let late = Objection::Compromised {
            made: day(10),
            from: day(10),
        };
        assert_eq!(compromised.judge(Some(day(10)), day(20)), Err(late));
        assert_eq!(
            compromised.judge(None, day(20)),
            Err(Objection::Undated { from: day(10) })
        );
    }
}
