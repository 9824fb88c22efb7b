//! Dates as people write them: 20/01/2023, 2023-01-20, 20 janvier 2023, 20 a viz Genver 2023.
//!
//! What could be two days is refused with what to write instead: a date in a signed badge is not
//! guessed.

use time::{Date, Duration, Month};

use crate::recognition::folding::fold;

/// Why a text is not taken for a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DateFault {
    /// Two figures for the year: 20/01/23 can be a day of 2023 or of 2020.
    #[error("the year has two figures only, which could be read in two ways")]
    ShortYear,
    /// Month before day, or a sheet that has both orders.
    #[error("day and month may be in American order here, and could be mistaken for each other")]
    Order,
    /// No such day in the calendar.
    #[error("there is no such day in the calendar")]
    Impossible,
    /// More than one day.
    #[error("this is more than one day")]
    Several,
    /// Nothing like a date.
    #[error("this cannot be read as a date")]
    Unreadable,
}

/// Which way round the numeric dates of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Day first, as everywhere in France.
    DayFirst,
    /// At least one date can only be month first: none of the others can be trusted.
    Doubtful,
}

/// Whether a date can only be month first, which makes its whole column [doubtful](Order::Doubtful).
pub(super) fn is_month_first(text: &str) -> bool {
    let Some([month, day, year]) = numbers(date_part(text)) else {
        return false;
    };
    month.value <= 12 && day.value > 12 && year.figures == 4
}

/// Reads one date. A time of day after it is left out.
pub(super) fn read(text: &str, order: Order) -> Result<Date, DateFault> {
    let text = date_part(text);
    if let Some(parts) = numbers(text) {
        return numeric(parts, order);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return serial(text);
    }
    written(text)
}

/// A number and how many figures it is written with.
#[derive(Debug, Clone, Copy)]
struct Figure {
    value: i32,
    figures: usize,
}

/// Without a time of day: `2023-01-20T09:00`, `20/01/2023 09:00`, `20/01/2023 à 9h`.
fn date_part(text: &str) -> &str {
    let text = text.trim();
    let text = text.split_once(" à ").map_or(text, |(date, _)| date);
    match text.find(['T', ' ']) {
        Some(at) if text.get(..at).is_some_and(|date| numbers(date).is_some()) => {
            text.get(..at).unwrap_or(text)
        }
        _ => text,
    }
}

/// Three numbers with one kind of mark between them.
fn numbers(text: &str) -> Option<[Figure; 3]> {
    let mark = text
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| "/-.".contains(*c))?;
    let mut figures = text.split(mark).map(|part| {
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        plain
            .then(|| part.parse().ok())
            .flatten()
            .map(|value| Figure {
                value,
                figures: part.len(),
            })
    });
    let parts = [figures.next()??, figures.next()??, figures.next()??];
    figures.next().is_none().then_some(parts)
}

fn numeric([a, b, c]: [Figure; 3], order: Order) -> Result<Date, DateFault> {
    match (a.figures, c.figures) {
        (4, 1 | 2) => day(a.value, b.value, c.value),
        (1 | 2, 4) if a.value <= 12 && b.value > 12 => Err(DateFault::Order),
        (1 | 2, 4) if a.value <= 12 && a.value != b.value && order == Order::Doubtful => {
            Err(DateFault::Order)
        }
        (1 | 2, 4) => day(c.value, b.value, a.value),
        (1 | 2, 2) => Err(DateFault::ShortYear),
        _ => Err(DateFault::Unreadable),
    }
}

/// 20230120, or the number a spreadsheet keeps a day as (days since 30 December 1899).
fn serial(text: &str) -> Result<Date, DateFault> {
    let value: i32 = text.parse().map_err(|_| DateFault::Unreadable)?;
    match text.len() {
        8 => day(value / 10_000, value / 100 % 100, value % 100),
        // 1990 to 2099: a smaller number is no date but a count.
        5 if (32_874..=73_050).contains(&value) => {
            Date::from_calendar_date(1899, Month::December, 30)
                .ok()
                .and_then(|epoch| epoch.checked_add(Duration::days(value.into())))
                .ok_or(DateFault::Unreadable)
        }
        _ => Err(DateFault::Unreadable),
    }
}

/// “vendredi 20 janvier 2023”, “1er mars 2023”, “January 20, 2023”, “20 a viz Genver 2023”.
fn written(text: &str) -> Result<Date, DateFault> {
    let folded = fold(text).replace("c hwevrer", "chwevrer");
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|word| !FILLERS.contains(word))
        .collect();
    let words = words.strip_prefix(&["le"]).unwrap_or(&words);
    let words = match words {
        [weekday, rest @ ..] if WEEKDAYS.contains(weekday) => rest,
        words => words,
    };
    let (day_word, month_word, year_word) = match words {
        [a, b, c] if month(a).is_some() => (*b, *a, *c),
        [a, b, c] => (*a, *b, *c),
        words
            if words
                .iter()
                .filter(|word| word.parse::<u8>().is_ok())
                .count()
                > 1 =>
        {
            return Err(DateFault::Several);
        }
        _ => return Err(DateFault::Unreadable),
    };
    let month = month(month_word).ok_or(DateFault::Unreadable)?;
    let digits = day_word
        .trim_end_matches("er")
        .trim_end_matches("st")
        .trim_end_matches("th");
    let number = |word: &str| word.parse::<i32>().map_err(|_| DateFault::Unreadable);
    match year_word.len() {
        4 => day(number(year_word)?, month, number(digits)?),
        2 if year_word.parse::<u8>().is_ok() => Err(DateFault::ShortYear),
        _ => Err(DateFault::Unreadable),
    }
}

fn day(year: i32, month: i32, day: i32) -> Result<Date, DateFault> {
    let month = u8::try_from(month)
        .ok()
        .and_then(|month| Month::try_from(month).ok());
    month
        .zip(u8::try_from(day).ok())
        .and_then(|(month, day)| Date::from_calendar_date(year, month, day).ok())
        .ok_or(DateFault::Impossible)
}

/// The number of a month, by its name or the abbreviations people use.
fn month(word: &str) -> Option<i32> {
    MONTHS
        .iter()
        .find(|(_, names)| names.contains(&word))
        .map(|(number, _)| *number)
}

/// Breton “a viz” (of the month of), “eus”.
const FILLERS: [&str; 5] = ["a", "viz", "miz", "of", "eus"];

const WEEKDAYS: [&str; 21] = [
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "lun",
    "meurzh",
    "mercher",
    "yaou",
    "gwener",
    "sadorn",
    "sul",
];

const MONTHS: &[(i32, &[&str])] = &[
    (1, &["janvier", "janv", "jan", "january", "genver"]),
    (
        2,
        &["fevrier", "fevr", "fev", "february", "feb", "chwevrer"],
    ),
    (3, &["mars", "march", "mar", "meurzh"]),
    (4, &["avril", "avr", "april", "apr", "ebrel"]),
    (5, &["mai", "may", "mae"]),
    (6, &["juin", "june", "jun", "mezheven", "even"]),
    (7, &["juillet", "juil", "july", "jul", "gouere", "gouhere"]),
    (8, &["aout", "august", "aug", "eost"]),
    (9, &["septembre", "sept", "september", "sep", "gwengolo"]),
    (10, &["octobre", "oct", "october", "here"]),
    (11, &["novembre", "nov", "november", "du"]),
    (12, &["decembre", "dec", "december", "kerzu"]),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn one_day_in_many_ways() {
        for text in [
            "20/01/2023",
            "20-01-2023",
            "20.1.2023",
            "2023-01-20",
            "2023/01/20",
            "20230120",
            "44946",
            "20/01/2023 09:00",
            "2023-01-20T09:00:00Z",
            "20/01/2023 à 9h30",
            "20 janvier 2023",
            "20 janv. 2023",
            "Vendredi 20 JANVIER 2023",
            "le 20 janvier 2023",
            "January 20, 2023",
            "20 January 2023",
            "20 a viz Genver 2023",
            "gwener 20 genver 2023",
        ] {
            assert_eq!(
                read(text, Order::DayFirst),
                Ok(date!(2023 - 01 - 20)),
                "{text}"
            );
        }
    }

    #[test]
    fn each_month_in_three_languages() {
        let french = [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ];
        let english = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let breton = [
            "Genver",
            "C’hwevrer",
            "Meurzh",
            "Ebrel",
            "Mae",
            "Mezheven",
            "Gouere",
            "Eost",
            "Gwengolo",
            "Here",
            "Du",
            "Kerzu",
        ];
        for names in [french, english, breton] {
            for (number, name) in (1_u8..).zip(names) {
                let expected =
                    Date::from_calendar_date(2023, number.try_into().unwrap(), 2).unwrap();
                assert_eq!(
                    read(&format!("2 {name} 2023"), Order::DayFirst),
                    Ok(expected),
                    "{name}"
                );
            }
        }
        assert_eq!(
            read("1er mars 2023", Order::DayFirst),
            Ok(date!(2023 - 03 - 01))
        );
        assert_eq!(
            read("1 a viz Meurzh 2023", Order::DayFirst),
            Ok(date!(2023 - 03 - 01))
        );
    }

    #[test]
    fn what_could_be_two_days_is_refused() {
        let refused = [
            ("20/01/23", DateFault::ShortYear),
            ("20 janvier 23", DateFault::ShortYear),
            ("01/20/2023", DateFault::Order),
            ("31/02/2023", DateFault::Impossible),
            ("20-21 janvier 2023", DateFault::Several),
            ("20 et 21 janvier 2023", DateFault::Several),
            ("bientôt", DateFault::Unreadable),
            ("12", DateFault::Unreadable),
            ("99999", DateFault::Unreadable),
            ("", DateFault::Unreadable),
        ];
        for (text, fault) in refused {
            assert_eq!(read(text, Order::DayFirst), Err(fault), "{text}");
        }
    }

    #[test]
    fn one_american_date_makes_its_column_doubtful() {
        let order = Order::Doubtful;
        assert!(is_month_first("01/20/2023"));
        assert_eq!(read("03/04/2023", order), Err(DateFault::Order));
        assert_eq!(read("04/04/2023", order), Ok(date!(2023 - 04 - 04)));
        assert_eq!(read("2023-04-03", order), Ok(date!(2023 - 04 - 03)));
        for either in [
            "03/04/2023",
            "20/01/2023",
            "2023-01-20",
            "01/20/23",
            "",
            "x",
        ] {
            assert!(!is_month_first(either), "{either}");
        }
        assert_eq!(
            read("03/04/2023", Order::DayFirst),
            Ok(date!(2023 - 04 - 03))
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}") {
            let order = if is_month_first(&text) { Order::Doubtful } else { Order::DayFirst };
            drop(read(&text, order));
        }

        #[test]
        fn every_day_reads_back(days in 0_i64..70_000) {
            let day = date!(1950 - 01 - 01) + Duration::days(days);
            let (y, m, d) = (day.year(), u8::from(day.month()), day.day());
            for text in [format!("{y}-{m:02}-{d:02}"), format!("{d:02}/{m:02}/{y}"), format!("{d}.{m}.{y}")] {
                prop_assert_eq!(read(&text, Order::DayFirst), Ok(day));
            }
        }
    }
}
