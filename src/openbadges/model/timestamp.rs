//! Instants as credentials write them: XSD `dateTimeStamp`, a date-time *with* its zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// An instant. Written in UTC with `Z`; whole seconds are written without a fraction.
///
/// Two texts of one instant (`+02:00` or `Z`) are equal, which is how the standards compare them
/// (OB 3.0 §8.2.3: `nbf` equals `validFrom` as an instant, not as a text).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(OffsetDateTime);

/// A text that should be an instant and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not a date and time with its zone; write it as in 2026-11-23T10:00:00Z")]
pub struct NotATimestamp {
    text: String,
}

impl Timestamp {
    /// The instant itself, in UTC.
    pub fn instant(self) -> OffsetDateTime {
        self.0
    }

    /// Seconds since 1970 (a JWT's `NumericDate`), the fraction left out.
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// From seconds since 1970; `None` where no calendar date corresponds.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().map(Self)
    }

    /// The same instant without its fraction of a second: what we sign, since a JWT's `nbf` and the
    /// credential's `validFrom` must be one instant.
    #[must_use]
    pub fn whole_seconds(self) -> Self {
        Self(self.0.replace_nanosecond(0).unwrap_or(self.0))
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(instant: OffsetDateTime) -> Self {
        Self(instant.to_offset(UtcOffset::UTC))
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let refused = || NotATimestamp {
            text: text.chars().take(64).collect(),
        };
        // RFC 3339 lets a space or a small letter stand for the T and the Z; XSD does not.
        if text.get(10..11) != Some("T") || text.ends_with('z') {
            return Err(refused());
        }
        OffsetDateTime::parse(text, &Rfc3339)
            .map(Self::from)
            .map_err(|_| refused())
    }
}

impl TryFrom<String> for Timestamp {
    type Error = NotATimestamp;

    fn try_from(text: String) -> Result<Self, NotATimestamp> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_of_one_instant_are_equal() {
        let paris: Timestamp = "2026-11-23T11:00:00+01:00".parse().unwrap();
        assert_eq!(paris, "2026-11-23T10:00:00Z".parse().unwrap());
        assert_eq!(paris.to_string(), "2026-11-23T10:00:00Z");
        assert_eq!(
            Timestamp::from_unix_seconds(paris.unix_seconds()),
            Some(paris)
        );
    }

    #[test]
    fn a_fraction_is_kept_until_it_is_dropped() {
        let exact: Timestamp = "2026-11-23T10:00:00.25Z".parse().unwrap();
        assert_eq!(exact.to_string(), "2026-11-23T10:00:00.25Z");
        assert_eq!(exact.whole_seconds().to_string(), "2026-11-23T10:00:00Z");
    }

    #[test]
    fn what_is_no_instant_is_refused_with_an_example() {
        for text in [
            "2026-11-23",
            "2026-11-23T10:00:00",
            "2026-11-23 10:00:00Z",
            "yesterday",
            "",
        ] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert!(error.to_string().contains("2026-11-23T10:00:00Z"), "{text}");
        }
    }
}
