//! What a roster leads to: badges to award, cells to correct, rows set aside.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::award::Award;
use super::entry::Correction;

/// What a whole roster leads to. Every row that is not blank is in one of the three lists at least.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Badges to award, in the order of their first rows.
    pub awards: Vec<Planned>,
    /// Cells to correct: all that is wrong with a row, row after row.
    pub corrections: Vec<Correction>,
    /// Rows that lead to no badge though nothing in them is wrong.
    pub set_aside: Vec<SetAside>,
    /// Rows that count on the badge of a row which is not among these.
    pub counted: Vec<Counted>,
}

/// A row that counts on the badge of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The row's number.
    pub row: u32,
    /// That of the earlier one.
    pub first: u32,
}

/// A badge to award, and the rows it comes from.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The rows' numbers.
    pub rows: Vec<u32>,
    /// The badge.
    pub award: Award,
}

/// Rows that lead to no badge, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The rows' numbers.
    pub rows: Vec<u32>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Why rows that are in order lead to no badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The person is under 15: French law (article 45 of the *loi Informatique et Libertés*) asks
    /// for the consent of parent and child together.
    UnderFifteen,
    /// The person did not come.
    NotPresent,
    /// The same as an earlier row.
    Repeats {
        /// That row.
        first: u32,
    },
    /// An organisation that has not met all conditions of its badge.
    OrganisationNotYet {
        /// The organisation.
        name: String,
        /// The sessions at which none of its seats was held.
        uncovered: Vec<u8>,
        /// Whether its roadmap was handed over.
        roadmap_handed_over: bool,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnderFifteen => f.write_str(
                "The person is under 15; the organiser keeps the badge until a parent and the child agree to it.",
            ),
            Self::NotPresent => f.write_str("The person did not take part."),
            Self::Repeats { first } => write!(f, "This is the same as row {first}; it counts once."),
            Self::OrganisationNotYet { name, uncovered, roadmap_handed_over } => {
                write!(f, "{name} has no badge of its own yet:")?;
                if !uncovered.is_empty() {
                    let sessions = uncovered.iter().map(|session| format!("S{session}"));
                    let sessions = sessions.collect::<Vec<_>>().join(", ");
                    write!(f, " nobody held its seats at {sessions}")?;
                }
                let and = if uncovered.is_empty() { "" } else { ", and" };
                if *roadmap_handed_over { f.write_str(".") } else { write!(f, "{and} its roadmap was not handed over.") }
            }
        }
    }
}

impl Outcome {
    /// Puts corrections and rows set aside in the order of the sheet.
    pub(super) fn sorted(mut self) -> Self {
        self.awards
            .sort_by_key(|planned| planned.rows.first().copied());
        self.corrections.sort_by_key(|correction| correction.row);
        self.set_aside
            .sort_by_key(|aside| aside.rows.first().copied());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sentences() {
        let not_yet = |uncovered: &[u8], roadmap_handed_over| {
            let (name, uncovered) = ("Exemple".to_owned(), uncovered.to_vec());
            Reason::OrganisationNotYet {
                name,
                uncovered,
                roadmap_handed_over,
            }
            .to_string()
        };
        let start = "Exemple has no badge of its own yet:";
        assert_eq!(
            not_yet(&[4, 5], true),
            format!("{start} nobody held its seats at S4, S5.")
        );
        assert_eq!(
            not_yet(&[], false),
            format!("{start} its roadmap was not handed over.")
        );
        assert_eq!(
            not_yet(&[4], false),
            format!("{start} nobody held its seats at S4, and its roadmap was not handed over.")
        );
        assert!(Reason::Repeats { first: 13 }.to_string().contains("row 13"));
    }
}
