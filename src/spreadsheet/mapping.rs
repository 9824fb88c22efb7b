//! What the organiser says the columns hold: `Adresse mail=email`, `Remarques=ignore`, `C=seat`.
//!
//! It wins over what headings say. A column is named as in snake case everywhere (mappings, the keys
//! of NDJSON, the API): `given_name`, `email` …, and `session_1` to `session_20`.

use serde::{Deserialize, Serialize};

use crate::recognition::entry::Column;
use crate::recognition::folding::fold;

use super::SpreadsheetError;
use super::row::{clean, index_of_letters};

/// The word for a column that is not to be used.
const IGNORE: &str = "ignore";

/// The highest session.
pub(super) const SESSIONS: u8 = 20;

/// The columns' names, but for sessions.
const NAMES: [(Column, &str); 27] = [
    (Column::GivenName, "given_name"),
    (Column::FamilyName, "family_name"),
    (Column::FullName, "full_name"),
    (Column::Email, "email"),
    (Column::Workshop, "workshop"),
    (Column::Role, "role"),
    (Column::Organisation, "organisation"),
    (Column::Seat, "seat"),
    (Column::Siret, "siret"),
    (Column::Url, "url"),
    (Column::HalfDays, "half_days"),
    (Column::WorkshopsLed, "workshops_led"),
    (Column::TrainingsLed, "trainings_led"),
    (Column::Credits, "credits"),
    (Column::Narrative, "narrative"),
    (Column::FifteenOrOlder, "fifteen_or_older"),
    (Column::Present, "present"),
    (Column::Date, "date"),
    (Column::EndDate, "end_date"),
    (Column::Activity, "activity"),
    (Column::Town, "town"),
    (Column::CaughtUp, "caught_up"),
    (Column::Roadmap, "roadmap"),
    (Column::Endorser, "endorser"),
    (Column::Assessor, "assessor"),
    (Column::Licence, "licence"),
    (Column::Evidence, "evidence"),
];

/// The names of all columns, as a mapping and NDJSON write them.
pub fn column_names() -> Vec<String> {
    let plain = NAMES.iter().map(|(_, name)| (*name).to_owned());
    plain
        .chain((1..=SESSIONS).map(|session| format!("session_{session}")))
        .collect()
}

/// The column of that name.
pub fn column_named(name: &str) -> Option<Column> {
    let known = NAMES.iter().find(|(_, known)| *known == name);
    known.map(|(column, _)| *column).or_else(|| {
        let number: u8 = name.strip_prefix("session_")?.parse().ok()?;
        (1..=SESSIONS)
            .contains(&number)
            .then_some(Column::Session(number))
    })
}

/// What the organiser says columns hold; the empty one leaves it to the headings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping(Vec<Mapped>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mapped {
    /// A heading, or a column's letters.
    heading: String,
    /// None where it is to be ignored.
    column: Option<Column>,
}

impl Mapping {
    /// Reads mappings such as `Adresse mail=email`, `Remarques=ignore` or `C=email`.
    ///
    /// # Errors
    /// What is no mapping, names no column, or says a thing twice.
    pub fn parse<T: AsRef<str>>(
        texts: impl IntoIterator<Item = T>,
    ) -> Result<Self, SpreadsheetError> {
        let mut mapping = Self::default();
        for text in texts {
            mapping.add(text.as_ref())?;
        }
        Ok(mapping)
    }

    /// Whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, text: &str) -> Result<(), SpreadsheetError> {
        // A heading may have the sign in it; the name of a column has not.
        let (heading, name) = text
            .rsplit_once('=')
            .map(|(heading, name)| (clean(heading), clean(name)))
            .filter(|(heading, name)| !heading.is_empty() && !name.is_empty())
            .ok_or_else(|| SpreadsheetError::NoMapping {
                text: text.to_owned(),
            })?;
        let column = if name == IGNORE {
            None
        } else {
            let column = column_named(&name);
            Some(column.ok_or_else(|| SpreadsheetError::UnknownColumn {
                name: name.clone().into_owned(),
            })?)
        };
        let twice = |name: &str| SpreadsheetError::MappedTwice {
            name: name.to_owned(),
        };
        for other in &self.0 {
            if compared(&other.heading) == compared(&heading) {
                return Err(twice(&heading));
            }
            if column.is_some() && other.column == column {
                return Err(twice(&name));
            }
        }
        self.0.push(Mapped {
            heading: heading.into_owned(),
            column,
        });
        Ok(())
    }

    /// What is said of each of a sheet's columns.
    pub(super) fn of(&self, headings: &[String]) -> Vec<Option<Asked>> {
        let mut asked = vec![None; headings.len()];
        let compared = self.compared(headings);
        for mapped in &self.0 {
            for index in mapped.indices(&compared) {
                if let Some(slot) = asked.get_mut(index) {
                    *slot = Some(mapped.column.map_or(Asked::Ignore, Asked::Column));
                }
            }
        }
        asked
    }

    /// A mapping that concerns none of a sheet's columns is a mistake.
    pub(super) fn check(&self, headings: &[String]) -> Result<(), SpreadsheetError> {
        let compared = self.compared(headings);
        let vain = |mapped: &&Mapped| mapped.indices(&compared).is_empty();
        match self.0.iter().find(vain) {
            None => Ok(()),
            Some(mapped) => Err(SpreadsheetError::NoSuchHeading {
                heading: mapped.heading.clone(),
                headings: headings
                    .iter()
                    .map(|heading| clean(heading).into_owned())
                    .filter(|heading| !heading.is_empty())
                    .collect(),
            }),
        }
    }

    /// Headings as they are compared, once for all mappings.
    fn compared(&self, headings: &[String]) -> Vec<String> {
        if self.is_empty() {
            return Vec::new();
        }
        headings.iter().map(|heading| compared(heading)).collect()
    }

    /// Whether another column is said to hold that.
    pub(super) fn claims(&self, column: Column) -> bool {
        self.0.iter().any(|mapped| mapped.column == Some(column))
    }
}

/// What is said of one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// It holds this.
    Column(Column),
    /// It is not to be used.
    Ignore,
}

impl Mapped {
    /// The columns meant: those of that heading, else the one of those letters.
    fn indices(&self, headings: &[String]) -> Vec<usize> {
        let own = compared(&self.heading);
        let named = headings
            .iter()
            .enumerate()
            .filter(|(_, heading)| **heading == own);
        let mut indices: Vec<usize> = named.map(|(index, _)| index).collect();
        if indices.is_empty() {
            let lettered = index_of_letters(&self.heading);
            indices.extend(lettered.filter(|index| *index < headings.len()));
        }
        indices
    }
}

/// A heading as it is compared: folded, as all are. Signs alone fold to nothing and stay as they are.
fn compared(heading: &str) -> String {
    let folded = fold(heading);
    if folded.is_empty() {
        clean(heading).into_owned()
    } else {
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(headings: &[&str]) -> Vec<String> {
        headings
            .iter()
            .map(|heading| (*heading).to_owned())
            .collect()
    }

    #[test]
    fn every_column_is_named_as_it_is_serialised() {
        for (column, name) in NAMES {
            assert_eq!(serde_json::to_value(column).unwrap(), name);
        }
        let names = column_names();
        assert_eq!(names.len(), 27 + 20);
        for name in &names {
            assert!(column_named(name).is_some(), "{name}");
        }
        for unknown in ["session_0", "session_21", "session", "Email", ""] {
            assert_eq!(column_named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn headings_and_letters_are_mapped() {
        let mapping =
            Mapping::parse(["Adresse MAIL =email", "a=b=role", "D=seat", "Divers=ignore"]).unwrap();
        let asked = mapping.of(&headings(&["adresse mail", "A=B", "divers", ""]));
        let column = |column| Some(Asked::Column(column));
        assert_eq!(
            asked,
            [
                column(Column::Email),
                column(Column::Role),
                Some(Asked::Ignore),
                column(Column::Seat)
            ]
        );
    }

    #[test]
    fn a_heading_of_a_letter_is_meant_before_the_column_of_that_letter() {
        let mapping = Mapping::parse(["B=email"]).unwrap();
        let asked = mapping.of(&headings(&["b", "x"]));
        assert_eq!(asked, [Some(Asked::Column(Column::Email)), None]);
    }

    #[test]
    fn what_is_no_mapping_is_told() {
        let refused = |texts: &[&str]| Mapping::parse(texts).unwrap_err();
        for text in ["email", "=email", "Mail=", " = "] {
            let text = text.to_owned();
            assert_eq!(refused(&[&text]), SpreadsheetError::NoMapping { text });
        }
        let unknown = refused(&["Mail=emial"]).to_string();
        assert!(unknown.contains("“emial”") && unknown.contains("given_name, family_name"));
        assert!(unknown.contains("session_1 … session_20, ignore"));
        let twice = |name: &str| SpreadsheetError::MappedTwice { name: name.into() };
        assert_eq!(refused(&["Mail=email", "mail=role"]), twice("mail"));
        assert_eq!(refused(&["Mail=email", "Courriel=email"]), twice("email"));
        assert!(Mapping::parse(["Mail=ignore", "Courriel=ignore"]).is_ok());
    }

    #[test]
    fn a_heading_that_is_not_there_is_told_with_those_that_are() {
        let there = headings(&["Nom", "", "Courrier"]);
        let check = |text| Mapping::parse([text]).unwrap().check(&there);
        for fine in ["Courrier=email", "C=email", "b=ignore"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        for wrong in ["Courriel=email", "D=email"] {
            let error = check(wrong).unwrap_err().to_string();
            assert!(error.contains("“Nom”, “Courrier”"), "{error}");
        }
    }
}
