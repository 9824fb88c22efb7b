//! What each column holds, from headings in French, English and Breton.
//!
//! To add a heading, see `headings.rs`.

use serde::Serialize;

use crate::recognition::ask::Wanted;
use crate::recognition::entry::{Column, Place};
use crate::recognition::folding::fold;
use crate::recognition::templates::RecipientKind;

use super::headings;
use super::sheet::{Sheet, letters};

/// How many rows are searched for the headings: exports like to begin with a title.
const SEARCHED: usize = 10;

/// A column that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// Its index, from 0.
    pub index: usize,
    /// Its letters and heading.
    pub place: Place,
    /// What it holds.
    pub column: Column,
}

/// Why a column is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing known has this heading.
    Unknown,
    /// Another column to the left holds the same.
    Repeated,
    /// It is about who paid, not about who took part.
    Buyer,
}

/// A column that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// Its letters and heading.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// Those that are used.
    pub understood: Vec<Understood>,
    /// Those that are not.
    pub ignored: Vec<Ignored>,
}

/// What a sheet is for, and therefore which columns it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// People who all receive one badge.
    People,
    /// People, each with the workshop they took part in.
    Workshops,
    /// Organisations that receive a label.
    Organisations,
    /// People's attendance of sessions under their organisation's seats.
    Attendance,
}

impl Purpose {
    /// What a roster for those badges is for.
    pub fn of(wanted: &Wanted) -> Self {
        match wanted {
            Wanted::Fresques => Self::Workshops,
            Wanted::Cec => Self::Attendance,
            Wanted::One(badge) => match badge.recipient {
                RecipientKind::Person => Self::People,
                RecipientKind::Organisation => Self::Organisations,
            },
        }
    }
}

impl Columns {
    /// The columns, and the index of the row that holds the headings: of the first rows, the one of
    /// which most is understood. `None` when nothing is.
    pub(super) fn find(sheet: &Sheet) -> Option<(Self, usize)> {
        let rows = sheet.rows.iter().take(SEARCHED).enumerate();
        let read = rows.map(|(index, row)| (Self::read(&row.cells), index));
        // `rev`, because `max_by_key` keeps the last of equals and the first row is meant.
        let most = read
            .rev()
            .max_by_key(|(columns, _)| columns.understood.len());
        most.filter(|(columns, _)| !columns.understood.is_empty())
    }

    /// Understands a row of headings.
    fn read(headings: &[String]) -> Self {
        let mut columns = Self::default();
        let known: Vec<_> = headings.iter().map(|heading| recognise(heading)).collect();
        let split = known.contains(&Ok(Column::GivenName));
        for (index, (heading, known)) in headings.iter().zip(known).enumerate() {
            if heading.is_empty() {
                continue;
            }
            let place = Place {
                column: letters(index),
                heading: heading.clone(),
            };
            // “Nom” is the family name beside “Prénom”, and the whole name without it.
            let known = match known {
                Ok(Column::FamilyName)
                    if !split && headings::BARE_NAME.contains(&fold(heading).as_str()) =>
                {
                    Ok(Column::FullName)
                }
                known => known,
            };
            match known {
                Ok(column) if columns.index_of(column).is_none() => {
                    columns.understood.push(Understood {
                        index,
                        place,
                        column,
                    });
                }
                Ok(_) => columns.ignored.push(Ignored {
                    place,
                    why: Why::Repeated,
                }),
                Err(why) => columns.ignored.push(Ignored { place, why }),
            }
        }
        columns
    }

    fn index_of(&self, column: Column) -> Option<usize> {
        self.understood
            .iter()
            .find(|known| known.column == column)
            .map(|known| known.index)
    }

    /// What the sheet lacks for its purpose, as headings to write; empty when it has all.
    pub(super) fn lacking(&self, purpose: Purpose) -> Vec<&'static str> {
        let has = |column| self.index_of(column).is_some();
        let person = [
            (
                "Nom",
                has(Column::FullName) || has(Column::FamilyName) || has(Column::GivenName),
            ),
            ("Courriel", has(Column::Email)),
        ];
        let organisation = ("Organisation", has(Column::Organisation));
        let needed: Vec<(&'static str, bool)> = match purpose {
            Purpose::People => person.into(),
            Purpose::Workshops => [&person[..], &[("Atelier", has(Column::Workshop))]].concat(),
            Purpose::Organisations => vec![organisation],
            Purpose::Attendance => {
                let sessions = self
                    .understood
                    .iter()
                    .any(|known| matches!(known.column, Column::Session(_)));
                [
                    &person[..],
                    &[organisation, ("Siège", has(Column::Seat)), ("S1", sessions)],
                ]
                .concat()
            }
        };
        needed
            .into_iter()
            .filter(|(_, present)| !present)
            .map(|(heading, _)| heading)
            .collect()
    }
}

/// What a heading says the column holds, or why it is ignored.
fn recognise(heading: &str) -> Result<Column, Why> {
    let whole = fold(heading);
    // Hints in brackets: “Rôle (participant ou animateur)”.
    let bare = fold(heading.split(['(', '[']).next().unwrap_or_default());
    if whole.split(' ').any(|word| headings::BUYER.contains(&word)) {
        return Err(Why::Buyer);
    }
    let attendee = bare
        .strip_suffix(" du participant")
        .or_else(|| bare.strip_suffix(" participant"))
        .or_else(|| bare.strip_prefix("participant "))
        .or_else(|| bare.strip_prefix("attendee "));
    [whole.as_str(), bare.as_str(), attendee.unwrap_or_default()]
        .into_iter()
        .find_map(|text| headings::column(text).or_else(|| session(text)))
        .ok_or(Why::Unknown)
}

/// `S1`, `Session 1`, `S1 Rennes 20 janvier`.
fn session(folded: &str) -> Option<Column> {
    let mut words = folded.split(' ');
    let first = words.next()?;
    let number = match first {
        "session" | "abadenn" => words.find(|word| !matches!(*word, "n" | "no"))?,
        _ => first.strip_prefix('s')?,
    };
    number
        .parse()
        .ok()
        .filter(|number| (1..=20).contains(number))
        .map(Column::Session)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headings: &[&str]) -> Columns {
        Columns::read(
            &headings
                .iter()
                .map(|heading| (*heading).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    fn held(headings: &[&str]) -> Vec<Column> {
        columns(headings)
            .understood
            .iter()
            .map(|known| known.column)
            .collect()
    }

    #[test]
    fn three_languages_say_the_same() {
        let expected = [
            Column::GivenName,
            Column::FamilyName,
            Column::Email,
            Column::Workshop,
            Column::Role,
            Column::Organisation,
        ];
        assert_eq!(
            held(&[
                "Prénom",
                "NOM",
                "Adresse e-mail *",
                "Atelier",
                "Rôle (participant ou animateur)",
                "Structure"
            ]),
            expected
        );
        assert_eq!(
            held(&[
                "First name",
                "Last Name",
                "E-mail",
                "Workshop",
                "Role",
                "Company"
            ]),
            expected
        );
        assert_eq!(
            held(&["Anv-bihan", "Anv", "Postel", "Stal", "Roll", "Aozadur"]),
            expected
        );
    }

    #[test]
    fn a_name_alone_is_the_whole_name() {
        assert_eq!(
            held(&["Nom", "Courriel"]),
            [Column::FullName, Column::Email]
        );
        assert_eq!(
            held(&["Nom", "Prénom"]),
            [Column::FamilyName, Column::GivenName]
        );
        assert_eq!(held(&["Nom de famille"]), [Column::FamilyName]);
    }

    #[test]
    fn sessions_are_numbered() {
        assert_eq!(
            held(&[
                "S1",
                "Session 2",
                "session n° 3",
                "S4 – Brest, 29 juin",
                "S21",
                "Suite"
            ]),
            [1, 2, 3, 4].map(Column::Session)
        );
    }

    #[test]
    fn who_paid_is_not_who_came() {
        let columns = columns(&[
            "Référence commande",
            "Date de la commande",
            "Prénom participant",
            "Nom participant",
            "Prénom payeur",
            "Email payeur",
            "Email participant",
            "Tarif",
            "Montant",
        ]);
        let held: Vec<_> = columns
            .understood
            .iter()
            .map(|known| known.column)
            .collect();
        assert_eq!(
            held,
            [
                Column::GivenName,
                Column::FamilyName,
                Column::Email,
                Column::Workshop
            ]
        );
        let why: Vec<_> = columns.ignored.iter().map(|ignored| ignored.why).collect();
        assert_eq!(
            why,
            [Why::Buyer, Why::Buyer, Why::Buyer, Why::Buyer, Why::Unknown]
        );
    }

    #[test]
    fn what_is_repeated_is_ignored_and_placed() {
        let columns = columns(&["Courriel", "", "E-mail"]);
        let place = Place {
            column: "C".into(),
            heading: "E-mail".into(),
        };
        assert_eq!(
            columns.ignored,
            [Ignored {
                place,
                why: Why::Repeated
            }]
        );
    }

    #[test]
    fn each_purpose_names_what_it_lacks() {
        let lacking = |headings: &[&str], purpose| columns(headings).lacking(purpose);
        assert_eq!(
            lacking(&["Prénom"], Purpose::Workshops),
            ["Courriel", "Atelier"]
        );
        assert_eq!(
            lacking(&["Prénom", "Mail", "Atelier"], Purpose::Workshops),
            [""; 0]
        );
        assert_eq!(lacking(&["Rôle"], Purpose::People), ["Nom", "Courriel"]);
        assert_eq!(
            lacking(&["SIRET"], Purpose::Organisations),
            ["Organisation"]
        );
        assert_eq!(
            lacking(&["Nom", "Mail"], Purpose::Attendance),
            ["Organisation", "Siège", "S1"]
        );
    }
}
