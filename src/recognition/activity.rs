//! What a badge was earned at: an event, a session, a workshop.

use time::Date;

use super::folding::fold;

/// An activity with its place and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its name: “Fresquathon”.
    pub name: String,
    /// Where it took place.
    pub place: Option<String>,
    /// Its day, or the first.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
}

impl Activity {
    /// An activity of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            place: None,
            start: None,
            end: None,
        }
    }

    /// With its first and last days.
    #[must_use]
    pub fn on(self, start: Date, end: Date) -> Self {
        Self {
            start: Some(start),
            end: Some(end),
            ..self
        }
    }

    /// With its place.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self {
            place: Some(place.into()),
            ..self
        }
    }

    /// What tells this activity from another: its name however it is spelt, and its first day. The
    /// place is not part of it, so that a mended spelling of the town is no other activity.
    pub fn key(&self) -> String {
        let day = self.start.map(|day| day.to_string()).unwrap_or_default();
        format!("{}|{day}", fold(&self.name))
    }

    /// In a sentence: “Fresquathon, Vannes, 14 octobre 2023”.
    pub fn sentence(&self) -> String {
        let when = self.start.map(|start| days(start, self.end));
        [Some(self.name.clone()), self.place.clone(), when]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A span of days in French: “20–21 janvier 2023”, “30 juin – 1er juillet 2023”.
pub fn days(start: Date, end: Option<Date>) -> String {
    const MONTHS: [&str; 12] = [
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
    let day = |date: Date| match date.day() {
        1 => "1er".to_owned(),
        day => day.to_string(),
    };
    let month = |date: Date| MONTHS[usize::from(u8::from(date.month()) - 1)];
    let whole = |date: Date| format!("{} {} {}", day(date), month(date), date.year());
    match end.filter(|end| *end > start) {
        None => whole(start),
        Some(end) if (end.year(), end.month()) == (start.year(), start.month()) => {
            format!("{}–{}", day(start), whole(end))
        }
        Some(end) if end.year() == start.year() => {
            format!("{} {} – {}", day(start), month(start), whole(end))
        }
        Some(end) => format!("{} – {}", whole(start), whole(end)),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_told_as_people_tell_them() {
        let start = date!(2023 - 06 - 30);
        for (end, told) in [
            (None, "30 juin 2023"),
            (Some(start), "30 juin 2023"),
            (Some(date!(2023 - 07 - 01)), "30 juin – 1er juillet 2023"),
            (Some(date!(2024 - 01 - 02)), "30 juin 2023 – 2 janvier 2024"),
        ] {
            assert_eq!(days(start, end), told);
        }
        assert_eq!(
            days(date!(2023 - 01 - 20), Some(date!(2023 - 01 - 21))),
            "20–21 janvier 2023"
        );
    }

    #[test]
    fn spelling_makes_no_other_activity_but_another_day_does() {
        let one = Activity::named("Fresquathon").on(date!(2023 - 10 - 14), date!(2023 - 10 - 14));
        let same = Activity {
            name: "FRESQUATHON !".into(),
            ..one.clone()
        }
        .at("Vannes");
        let other = one.clone().on(date!(2024 - 10 - 14), date!(2024 - 10 - 14));
        assert_eq!(one.key(), same.key());
        assert_ne!(one.key(), other.key());
        assert_eq!(same.sentence(), "FRESQUATHON !, Vannes, 14 octobre 2023");
    }
}
