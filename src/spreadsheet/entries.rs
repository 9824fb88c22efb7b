//! Rows of text to typed entries, each value with the cell it came from.

use crate::recognition::entry::{Column, Correction, Entry, Field, Handed, Place};

use super::columns::Understood;
use super::dates::{self, DateFault, Order};
use super::row::{Row, clean};
use super::values::{is_spreadsheet_error, misread, number, yes_no};

/// The typed values of a row. A cell that cannot be read is among its faults.
pub(super) fn entry(row: &Row, columns: &[Understood], doubtful: &[Column]) -> Entry {
    let mut entry = Entry {
        row: row.number,
        ..Entry::default()
    };
    for known in columns {
        let text = clean(row.cells.get(known.index).map_or("", String::as_str));
        if text.is_empty() {
            entry.empty.push((known.column, known.place.clone()));
        } else if let Some(fault) = spoilt(row.number, &known.place, &text) {
            entry.faults.push(fault);
        } else {
            let order = if doubtful.contains(&known.column) {
                Order::Doubtful
            } else {
                Order::DayFirst
            };
            Cell {
                row: row.number,
                text: &text,
                place: &known.place,
                order,
            }
            .put(known.column, &mut entry);
        }
    }
    entry
}

/// What is wrong with a text whatever its column: a formula's error, broken accents.
fn spoilt(row: u32, place: &Place, text: &str) -> Option<Correction> {
    let broken = "The accents of this text are broken.";
    let (rule, what, advice) = if is_spreadsheet_error(text) {
        let what = "The spreadsheet shows an error here instead of a value.";
        (
            "cell.error",
            what,
            "Write the value itself, or mend the formula.".to_owned(),
        )
    } else if text.contains('\u{FFFD}') {
        let advice = "Write the text again, or save the file again as XLSX.";
        ("cell.accents", broken, advice.to_owned())
    } else {
        let was = misread(text)?;
        (
            "cell.accents",
            broken,
            format!("Write “{was}”, or save the file again as XLSX."),
        )
    };
    Some(Correction::at(row, place, text, rule, what, advice))
}

/// A cell that holds something.
struct Cell<'a> {
    row: u32,
    text: &'a str,
    place: &'a Place,
    order: Order,
}

impl Cell<'_> {
    fn put(&self, column: Column, entry: &mut Entry) {
        let faults = &mut entry.faults;
        match column {
            Column::GivenName => entry.given = Some(self.words()),
            Column::FamilyName => entry.family = Some(self.words()),
            Column::FullName => entry.full_name = Some(self.words()),
            Column::Email => entry.email = Some(self.words()),
            Column::Workshop => entry.workshop = Some(self.words()),
            Column::Role => entry.role = Some(self.words()),
            Column::Organisation => entry.organisation = Some(self.words()),
            Column::Seat => entry.seat = Some(self.words()),
            Column::Siret => entry.siret = Some(self.words()),
            Column::Url => entry.url = Some(self.words()),
            Column::Narrative => entry.narrative = Some(self.words()),
            Column::Activity => entry.activity = Some(self.words()),
            Column::Town => entry.town = Some(self.words()),
            Column::Endorser => entry.endorser = Some(self.words()),
            Column::Assessor => entry.assessor = Some(self.words()),
            Column::Licence => entry.licence = Some(self.words()),
            Column::Evidence => entry.evidence = Some(self.words()),
            Column::HalfDays => entry.half_days = self.number(faults),
            Column::WorkshopsLed => entry.workshops_led = self.number(faults),
            Column::TrainingsLed => entry.trainings_led = self.number(faults),
            Column::Credits => entry.credits = self.number(faults),
            Column::FifteenOrOlder => entry.fifteen_or_older = self.yes_no(faults),
            Column::Present => entry.present = self.yes_no(faults),
            Column::CaughtUp => entry.caught_up = self.yes_no(faults),
            Column::Session(session) => {
                entry
                    .sessions
                    .extend(self.yes_no(faults).map(|attended| (session, attended)));
            }
            Column::Date => entry.date = self.date(faults),
            Column::EndDate => entry.end_date = self.date(faults),
            Column::Roadmap => entry.roadmap = self.handed(faults),
        }
    }

    fn field<T>(&self, value: T) -> Field<T> {
        Field {
            value,
            text: self.text.to_owned(),
            place: self.place.clone(),
        }
    }

    fn words(&self) -> Field<String> {
        self.field(self.text.to_owned())
    }

    fn number(&self, faults: &mut Vec<Correction>) -> Option<Field<f64>> {
        let read = number(self.text).map(|value| self.field(value));
        if read.is_none() {
            faults.push(self.fault(
                "number.unreadable",
                "This is not a number.",
                "Write figures, such as 3 or 1,5.",
            ));
        }
        read
    }

    fn yes_no(&self, faults: &mut Vec<Correction>) -> Option<Field<bool>> {
        let read = yes_no(self.text).map(|value| self.field(value));
        if read.is_none() {
            faults.push(self.fault(
                "answer.unreadable",
                "This is neither yes nor no.",
                "Write “oui” or “non”.",
            ));
        }
        read
    }

    fn date(&self, faults: &mut Vec<Correction>) -> Option<Field<time::Date>> {
        match dates::read(self.text, self.order) {
            Ok(day) => Some(self.field(day)),
            Err(fault) => {
                faults.push(self.date_fault(&fault));
                None
            }
        }
    }

    fn handed(&self, faults: &mut Vec<Correction>) -> Option<Field<Handed>> {
        let answer = yes_no(self.text).map(|yes| if yes { Handed::Yes } else { Handed::No });
        match answer {
            Some(handed) => Some(self.field(handed)),
            None => self
                .date(faults)
                .map(|day| self.field(Handed::On(day.value))),
        }
    }

    fn date_fault(&self, fault: &DateFault) -> Correction {
        let rule = match fault {
            DateFault::ShortYear | DateFault::Order => "date.ambiguous",
            DateFault::Impossible => "date.impossible",
            DateFault::Several => "date.several",
            DateFault::Unreadable => "date.unreadable",
        };
        let advice = match fault {
            DateFault::Several => {
                "Write the first day here, as in 2023-01-20, and the last in a column “Date de fin”."
            }
            _ => "Write year, month and day, as in 2023-01-20.",
        };
        self.fault(rule, &format!("As for this date, {fault}."), advice)
    }

    fn fault(&self, rule: &'static str, what: &str, advice: &str) -> Correction {
        Correction::at(self.row, self.place, self.text, rule, what, advice)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::spreadsheet::{Limits, Purpose, entries, read};

    fn entries_of(text: &str, purpose: Purpose) -> Vec<Entry> {
        entries(&read(text.as_bytes(), &Limits::default()).unwrap(), purpose).unwrap()
    }

    #[test]
    fn values_are_typed_and_know_their_cells() {
        let text = "Nom;Mail;Demi-journées;15 ans ou plus;Date;S2;Feuille de route\n\nA;a@x.org;1,5;ya;20 janv. 2023;x;10/12/2023\n";
        let [entry] = entries_of(text, Purpose::People).try_into().unwrap();
        assert_eq!(entry.row, 3);
        assert_eq!(
            entry.email.unwrap().place,
            Place {
                column: "B".into(),
                heading: "Mail".into()
            }
        );
        assert_eq!(entry.half_days.unwrap().value.to_string(), "1.5");
        assert!(entry.fifteen_or_older.unwrap().value);
        assert_eq!(entry.date.unwrap().value, date!(2023 - 01 - 20));
        assert!(matches!(&entry.sessions[..], [(2, attended)] if attended.value));
        assert_eq!(
            entry.roadmap.unwrap().value,
            Handed::On(date!(2023 - 12 - 10))
        );
        assert_eq!((entry.faults, entry.empty), (vec![], vec![]));
    }

    #[test]
    fn every_unreadable_cell_of_a_row_is_told() {
        let text = "Nom;Mail;Demi-journées;15 ans ou plus;Date;S2;Feuille de route\n#REF!;;beaucoup;peut-être;01/20/2023;?;bientôt\n";
        let [entry] = entries_of(text, Purpose::People).try_into().unwrap();
        let faults: Vec<_> = entry
            .faults
            .iter()
            .map(|fault| (fault.cell(), fault.rule))
            .collect();
        let expected = [
            ("A2", "cell.error"),
            ("C2", "number.unreadable"),
            ("D2", "answer.unreadable"),
            ("E2", "date.ambiguous"),
            ("F2", "answer.unreadable"),
            ("G2", "date.unreadable"),
        ];
        assert_eq!(faults, expected.map(|(cell, rule)| (cell.to_owned(), rule)));
        assert_eq!(
            entry.empty_cell(Column::Email).unwrap().column.as_ref(),
            "B"
        );
    }

    #[test]
    fn a_missing_column_is_named_once_not_in_every_row() {
        let table = read("Nom;Rôle\nA;b\nC;d\n".as_bytes(), &Limits::default()).unwrap();
        let error = entries(&table, Purpose::Workshops).unwrap_err().to_string();
        assert!(
            error.contains("“Courriel”, “Atelier”") && error.contains("“Nom”, “Rôle”"),
            "{error}"
        );
    }
}
