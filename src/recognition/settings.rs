//! What the association decides: every figure that is an assumption until it does, with a default.

use time::Date;
use time::macros::date;

/// The association's decisions. The defaults are working assumptions, not facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long “animateur·rice” holds, in months (36).
    pub facilitator_months: u16,
    /// How many workshops, led or co-led, make a confirmed facilitator (10, as the orange belt of
    /// the Fresque du Climat).
    pub confirmed_workshops: u32,
    /// How long “confirmé·e” holds, in months (36).
    pub confirmed_months: u16,
    /// How many workshops within that time renew it (3).
    pub confirmed_renewal_workshops: u32,
    /// How many facilitator trainings make a trainer (3).
    pub trainer_trainings: u32,
    /// How many sessions make the whole path of a CEC (6).
    pub cec_sessions: u8,
    /// How many are enough when what was missed has been caught up (5).
    pub cec_sessions_with_catch_up: u8,
    /// How long an organisation's CEC badge holds, in months (36).
    pub cec_organisation_months: u16,
    /// The CEC cohort.
    pub cohort: Cohort,
    /// How long the Terdeskiñ label holds, in months (36).
    pub label_months: u16,
    /// The axes of the label's evaluation (none until the committee names them).
    pub label_axes: Vec<Axis>,
    /// Whether La Poste's SIRETs, which do not follow Luhn's rule, are accepted (yes).
    pub la_poste_exception: bool,
}

/// A cohort of the Convention des entreprises pour le climat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// As in the slugs of its badges: `ouest-2023`.
    pub slug: String,
    /// Its name: “CEC Ouest 2023”.
    pub name: String,
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
}

/// One session of a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// 1 for S1.
    pub number: u8,
    /// Its first day.
    pub start: Date,
    /// Its last day.
    pub end: Date,
    /// Where it was.
    pub town: String,
    /// Its title, where one is known.
    pub title: Option<String>,
}

/// One axis of a label's evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// Its name.
    pub name: String,
    /// Its levels, from the lowest; the first is required.
    pub levels: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            facilitator_months: 36,
            confirmed_workshops: 10,
            confirmed_months: 36,
            confirmed_renewal_workshops: 3,
            trainer_trainings: 3,
            cec_sessions: 6,
            cec_sessions_with_catch_up: 5,
            cec_organisation_months: 36,
            cohort: Cohort::ouest_2023(),
            label_months: 36,
            label_axes: Vec::new(),
            la_poste_exception: true,
        }
    }
}

impl Cohort {
    /// CEC Ouest 2023. The titles of sessions 3 to 6 were not found, and are not invented.
    pub fn ouest_2023() -> Self {
        let session = |number, start, end, town: &str, title: Option<&str>| Session {
            number,
            start,
            end,
            town: town.to_owned(),
            title: title.map(str::to_owned),
        };
        let (first, second) = (
            "Constat et monde d’après",
            "Nouveau cap vers le régénératif",
        );
        Self {
            slug: "ouest-2023".to_owned(),
            name: "CEC Ouest 2023".to_owned(),
            sessions: vec![
                session(
                    1,
                    date!(2023 - 01 - 20),
                    date!(2023 - 01 - 21),
                    "Rennes",
                    Some(first),
                ),
                session(
                    2,
                    date!(2023 - 03 - 10),
                    date!(2023 - 03 - 11),
                    "Nantes",
                    Some(second),
                ),
                session(
                    3,
                    date!(2023 - 05 - 04),
                    date!(2023 - 05 - 05),
                    "Saint-Malo",
                    None,
                ),
                session(
                    4,
                    date!(2023 - 06 - 29),
                    date!(2023 - 06 - 30),
                    "Brest",
                    None,
                ),
                session(
                    5,
                    date!(2023 - 09 - 14),
                    date!(2023 - 09 - 15),
                    "Angers",
                    None,
                ),
                session(
                    6,
                    date!(2023 - 10 - 12),
                    date!(2023 - 10 - 13),
                    "Nantes",
                    None,
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_cohort_is_the_association_s_own_record() {
        let lines: Vec<String> = Cohort::ouest_2023()
            .sessions
            .iter()
            .map(|s| format!("S{},{},{},{}", s.number, s.start, s.end, s.town))
            .collect();
        let record = include_str!("../../tests/data/cec-ouest-2023-sessions.csv");
        assert_eq!(lines, record.lines().skip(1).collect::<Vec<_>>());
    }
}
