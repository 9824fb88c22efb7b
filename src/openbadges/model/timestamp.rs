//! Instants as credentials write them: XSD `dateTimeStamp`, a date-time *with* its zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{OffsetDateTime, UtcOffset};

use super::legible::legible;

/// An instant. Written in UTC with `Z`; whole seconds are written without a fraction.
///
/// Always within the years 0 to 9999 *in UTC*, which are those RFC 3339 can write: a stranger's
/// text may be within them and its instant outside, and writing that would panic.
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

const EARLIEST: OffsetDateTime = datetime!(0000-01-01 00:00 UTC);
const LATEST: OffsetDateTime = datetime!(9999-12-31 23:59:59.999_999_999 UTC);

impl Timestamp {
    /// The instant itself, in UTC.
    pub fn instant(self) -> OffsetDateTime {
        self.0
    }

    /// Seconds since 1970 (a JWT's `NumericDate`), the fraction left out.
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// From seconds since 1970; `None` outside the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds)
            .ok()
            .and_then(Self::of)
    }

    /// The instant in UTC, if its year can be written.
    fn of(instant: OffsetDateTime) -> Option<Self> {
        let instant = instant.checked_to_offset(UtcOffset::UTC)?;
        (EARLIEST..=LATEST)
            .contains(&instant)
            .then_some(Self(instant))
    }

    /// The same instant without its fraction of a second: what we sign, since a JWT's `nbf` and the
    /// credential's `validFrom` must be one instant.
    #[must_use]
    pub fn whole_seconds(self) -> Self {
        Self(self.0.replace_nanosecond(0).unwrap_or(self.0))
    }
}

/// For instants of our own: a clock's, a database's. One that can't be written becomes the nearest
/// that can; what others bring is parsed, which refuses it.
impl From<OffsetDateTime> for Timestamp {
    fn from(instant: OffsetDateTime) -> Self {
        Self::of(instant).unwrap_or(Self(if instant < EARLIEST { EARLIEST } else { LATEST }))
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let refused = || NotATimestamp {
            text: legible(&text.chars().take(64).collect::<String>()),
        };
        // RFC 3339 lets a space or a small letter stand for the T and the Z; XSD does not.
        if text.get(10..11) != Some("T") || text.ends_with('z') {
            return Err(refused());
        }
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(Self::of)
            .ok_or_else(refused)
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
    use proptest::prelude::*;

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

    #[test]
    fn an_instant_outside_the_years_that_can_be_written_is_refused() {
        for text in [
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
            "0000-01-01T00:00:00+23:59",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        for seconds in [-70_000_000_000, 253_402_300_800, i64::MIN, i64::MAX] {
            assert_eq!(Timestamp::from_unix_seconds(seconds), None, "{seconds}");
        }
        for text in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_clock_beyond_the_years_that_can_be_written_reads_the_last_that_can() {
        let late = datetime!(9999-12-31 23:30 -01:00);
        assert_eq!(
            Timestamp::from(late).to_string(),
            "9999-12-31T23:59:59.999999999Z"
        );
        let early = datetime!(-0001-12-31 23:30 UTC);
        assert_eq!(Timestamp::from(early).to_string(), "0000-01-01T00:00:00Z");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_written_and_read_as_the_same_instant(
            text in "(0000|0001|1970|9998|9999|[0-9]{4})-(01|12|[0-9]{2})-(01|31|[0-9]{2})T(00|23|[0-9]{2}):[0-9]{2}:(59|60|[0-9]{2})(\\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})|.{0,40}"
        ) {
            if let Ok(instant) = text.parse::<Timestamp>() {
                let written = instant.to_string();
                prop_assert_eq!(written.parse::<Timestamp>().unwrap(), instant);
                prop_assert!(instant.whole_seconds() <= instant);
                prop_assert_eq!(
                    Timestamp::from_unix_seconds(instant.unix_seconds()),
                    Some(instant.whole_seconds())
                );
            }
        }

        #[test]
        fn any_number_of_seconds_is_refused_or_written(
            seconds in prop_oneof![any::<i64>(), -100_000_000_000_i64..300_000_000_000]
        ) {
            if let Some(instant) = Timestamp::from_unix_seconds(seconds) {
                prop_assert_eq!(instant.unix_seconds(), seconds);
                prop_assert_eq!(instant.to_string().parse::<Timestamp>().unwrap(), instant);
            }
        }

        #[test]
        fn any_instant_of_a_clock_can_be_written(
            seconds in -377_705_116_800_i64..=253_402_300_799,
            offset in -93_599..=93_599,
        ) {
            let offset = UtcOffset::from_whole_seconds(offset).unwrap();
            let instant = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            if let Some(instant) = instant.checked_to_offset(offset) {
                let written = Timestamp::from(instant).to_string();
                prop_assert!(written.parse::<Timestamp>().is_ok(), "{}", written);
            }
        }
    }
}
