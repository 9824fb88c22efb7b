//! Dates and numbers, as each language writes them.

use time::{Date, Month};

use super::texts::{say, say_about};
use crate::openbadges::model::Timestamp;
use crate::texts::Language;

/// A day: “25 novembre 2026”, “25 a viz Du 2026”, “25 November 2026”.
pub(super) fn day(language: Language, day: Date) -> String {
    let month = match day.month() {
        Month::January => "month-1",
        Month::February => "month-2",
        Month::March => "month-3",
        Month::April => "month-4",
        Month::May => "month-5",
        Month::June => "month-6",
        Month::July => "month-7",
        Month::August => "month-8",
        Month::September => "month-9",
        Month::October => "month-10",
        Month::November => "month-11",
        Month::December => "month-12",
    };
    let about = [
        ("day", i64::from(day.day()).into()),
        ("month", say(language, month).into()),
        ("year", day.year().to_string().into()),
    ];
    say_about(language, "date", &about)
}

/// The day of an instant, in the zone it is written in: that of our own badges is UTC, in which a day
/// without an hour is midnight.
pub(super) fn date(language: Language, instant: Timestamp) -> String {
    day(language, instant.instant().date())
}

/// An instant to the minute.
pub(super) fn moment(language: Language, instant: Timestamp) -> String {
    let at = instant.instant();
    let about = [
        ("date", day(language, at.date()).into()),
        (
            "time",
            format!("{:02}:{:02}", at.hour(), at.minute()).into(),
        ),
    ];
    say_about(language, "moment", &about)
}

/// A number as a badge writes it, with the comma or point of the language; other texts as they are.
pub(super) fn number(language: Language, text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite)
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if is_number && language != Language::En {
        text.replace('.', ",")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_people_do() {
        let at: Timestamp = "2026-11-01T07:05:00Z".parse().unwrap();
        for (language, day, time) in [
            (
                Language::Fr,
                "1er novembre 2026",
                "1er novembre 2026 à 07:05 UTC",
            ),
            (
                Language::Br,
                "1añ a viz Du 2026",
                "1añ a viz Du 2026 da 07:05 UTC",
            ),
            (
                Language::En,
                "1 November 2026",
                "1 November 2026 at 07:05 UTC",
            ),
        ] {
            assert_eq!(date(language, at), day);
            assert_eq!(moment(language, at), time);
        }
    }

    #[test]
    fn numbers_have_the_comma_of_their_language() {
        assert_eq!(number(Language::Fr, "4.5"), "4,5");
        assert_eq!(number(Language::Br, "-0.5"), "-0,5");
        assert_eq!(number(Language::En, "4.5"), "4.5");
        for text in ["1.2.3", "Pass.", "NaN", "1e5", ""] {
            assert_eq!(number(Language::Fr, text), text);
        }
    }
}
