//! What each column holds, from headings in French, English and Breton, and from what the organiser
//! says beside them.
//!
//! To add a heading, see `headings.rs`.

use serde::{Deserialize, Serialize};

use crate::recognition::ask::Wanted;
use crate::recognition::entry::{Column, Place};
use crate::recognition::folding::fold;
use crate::recognition::templates::RecipientKind;

use super::headings;
use super::mapping::{Asked, Mapping, SESSIONS, column_named};
use super::row::{clean, letters};

/// How many rows are searched for the headings: exports like to begin with a title.
pub(super) const SEARCHED: usize = 10;

/// What the headings of the columns begin with that a result file adds.
pub const OURS: &str = "Badgeons : ";

/// A column that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Its index, from 0.
    pub index: usize,
    /// Its letters and heading.
    pub place: Place,
    /// What it holds.
    pub column: Column,
}

/// Why a column is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing known has this heading.
    Unknown,
    /// Another column to the left holds the same.
    Repeated,
    /// It is about who paid, not about who took part.
    Buyer,
    /// Another column was mapped to what its heading says.
    Mapped,
    /// The organiser asked for it.
    Asked,
    /// A result file added it; it is not the organiser's.
    Ours,
}

/// A column that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// Its letters and heading.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub(super) fn find<'a>(
        rows: impl Iterator<Item = &'a [String]>,
        mapping: &Mapping,
    ) -> Option<(Self, usize)> {
        let mut most: Option<(Self, usize)> = None;
        for (index, row) in rows.take(SEARCHED).enumerate() {
            let columns = Self::read(row, mapping);
            let before = most.as_ref().map_or(0, |(most, _)| most.understood.len());
            if columns.understood.len() > before {
                most = Some((columns, index));
            }
        }
        most
    }

    /// Understands a row of headings.
    pub(super) fn read(headings: &[String], mapping: &Mapping) -> Self {
        let mut columns = Self::default();
        let asked = mapping.of(headings);
        let headings: Vec<_> = headings.iter().map(|heading| clean(heading)).collect();
        let known: Vec<_> = asked
            .iter()
            .zip(&headings)
            .map(|(asked, heading)| match asked {
                Some(Asked::Column(column)) => Ok(*column),
                Some(Asked::Ignore) => Err(Why::Asked),
                None => recognise(heading),
            })
            .collect();
        let split = known.contains(&Ok(Column::GivenName));
        for (index, ((heading, known), asked)) in headings.iter().zip(known).zip(asked).enumerate()
        {
            if heading.is_empty() && asked.is_none() {
                continue;
            }
            let place = Place {
                column: letters(index).into(),
                heading: heading.as_ref().into(),
            };
            let known = match known {
                Ok(_) if asked.is_some() => known,
                // “Nom” is the family name beside “Prénom”, and the whole name without it.
                Ok(Column::FamilyName)
                    if !split && headings::BARE_NAME.contains(&fold(heading).as_str()) =>
                {
                    Ok(Column::FullName)
                }
                known => known,
            };
            match known {
                Ok(column) if asked.is_none() && mapping.claims(column) => {
                    let why = Why::Mapped;
                    columns.ignored.push(Ignored { place, why });
                }
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
    if heading.starts_with(OURS.trim_end()) {
        return Err(Why::Ours);
    }
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
        .or_else(|| named(&whole))
        .ok_or(Why::Unknown)
}

/// Our own name of a column, which the keys of NDJSON are: `given_name`.
fn named(folded: &str) -> Option<Column> {
    column_named(&folded.replace(' ', "_"))
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
        .filter(|number| (1..=SESSIONS).contains(number))
        .map(Column::Session)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(headings: &[&str], mapping: &[&str]) -> Columns {
        Columns::read(
            &headings
                .iter()
                .map(|heading| (*heading).to_owned())
                .collect::<Vec<_>>(),
            &Mapping::parse(mapping).unwrap(),
        )
    }

    fn columns(headings: &[&str]) -> Columns {
        mapped(headings, &[])
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

    #[test]
    fn what_is_mapped_wins_over_what_headings_say() {
        let columns = mapped(
            &["Nom", "Courriel", "Adresse mail", "Remarques", ""],
            &["Courriel=seat", "C=email", "Remarques=ignore", "E=role"],
        );
        let held: Vec<_> = columns
            .understood
            .iter()
            .map(|known| (known.index, known.column))
            .collect();
        assert_eq!(
            held,
            [
                (0, Column::FullName),
                (1, Column::Seat),
                (2, Column::Email),
                (4, Column::Role)
            ]
        );
        let ignored: Vec<_> = columns
            .ignored
            .iter()
            .map(|ignored| (&*ignored.place.heading, ignored.why))
            .collect();
        assert_eq!(ignored, [("Remarques", Why::Asked)]);
        let columns = mapped(&["Nom", "Courriel", "Privé"], &["Privé=email"]);
        assert_eq!(columns.ignored[0].why, Why::Mapped);
        assert_eq!(columns.index_of(Column::Email), Some(2));
    }

    #[test]
    fn a_mapped_bare_name_is_what_it_is_mapped_to() {
        let columns = mapped(&["Nom", "Courriel"], &["Nom=family_name"]);
        assert_eq!(columns.understood[0].column, Column::FamilyName);
    }

    #[test]
    fn what_a_result_file_added_is_ours() {
        let columns = columns(&[
            "Courriel",
            "Badgeons : résultat",
            "Badgeons",
            "Badgeons\u{a0}: e",
        ]);
        let why: Vec<_> = columns.ignored.iter().map(|ignored| ignored.why).collect();
        assert_eq!(why, [Why::Ours, Why::Unknown, Why::Ours]);
    }

    #[test]
    fn our_own_names_are_headings_too() {
        for name in crate::spreadsheet::column_names() {
            assert_eq!(held(&[&name]), [column_named(&name).unwrap()], "{name}");
        }
    }
}
