//! One row of a roster, as the rules read it: typed values that remember the cell they came from.
//!
//! `spreadsheet` makes entries out of files; [`roster`](super::roster) and [`cec`](super::cec) judge
//! them. Whatever is wrong becomes a [`Correction`] that names the cell as people do.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::Date;

/// A cell as its spreadsheet names it. Shared, because every value of a million rows has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The column's letters: `C`, `AB`.
    pub column: Arc<str>,
    /// The column's heading, as written.
    pub heading: Arc<str>,
}

/// A value, the text it was read from, and where that text stands.
#[derive(Clone, PartialEq)]
pub struct Field<T> {
    /// What was understood.
    pub value: T,
    /// What is written in the cell.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// Shows the place alone: cells hold names and addresses.
impl<T> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Whether an organisation handed over its roadmap (*feuille de route*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// It did, on this day.
    On(Date),
    /// It did; no day is given.
    Yes,
    /// It did not.
    No,
}

/// A row of a roster. A field is `None` when its cell is empty, absent or could not be read; in the
/// last case [`faults`](Self::faults) says why.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The row's number, as the spreadsheet shows it.
    pub row: u32,
    /// Given name.
    pub given: Option<Field<String>>,
    /// Family name.
    pub family: Option<Field<String>>,
    /// The whole name, in sheets that do not split it.
    pub full_name: Option<Field<String>>,
    /// E-mail address, unchecked.
    pub email: Option<Field<String>>,
    /// What the person took part in: a workshop's name.
    pub workshop: Option<Field<String>>,
    /// In what role.
    pub role: Option<Field<String>>,
    /// The organisation: the recipient of a label, or where a person works.
    pub organisation: Option<Field<String>>,
    /// The organisation's seat a person sat on (*dirigeant*, *planet champion*).
    pub seat: Option<Field<String>>,
    /// SIRET of the organisation, unchecked.
    pub siret: Option<Field<String>>,
    /// The organisation's site, unchecked.
    pub url: Option<Field<String>>,
    /// Half-days attended.
    pub half_days: Option<Field<f64>>,
    /// Workshops led or co-led so far.
    pub workshops_led: Option<Field<f64>>,
    /// Facilitator trainings given so far.
    pub trainings_led: Option<Field<f64>>,
    /// Credits earned.
    pub credits: Option<Field<f64>>,
    /// What this person did, added to the criteria (*additif*).
    pub narrative: Option<Field<String>>,
    /// Whether the person is 15 or older.
    pub fifteen_or_older: Option<Field<bool>>,
    /// Whether the person came, in exports of ticketing services.
    pub present: Option<Field<bool>>,
    /// The day of the activity, or its first.
    pub date: Option<Field<Date>>,
    /// The last day of the activity.
    pub end_date: Option<Field<Date>>,
    /// The activity's name.
    pub activity: Option<Field<String>>,
    /// The town or venue.
    pub town: Option<Field<String>>,
    /// Attendance per session number, in the sheet's order.
    pub sessions: Vec<(u8, Field<bool>)>,
    /// Whether what was missed has been caught up.
    pub caught_up: Option<Field<bool>>,
    /// The organisation's roadmap.
    pub roadmap: Option<Field<Handed>>,
    /// Who endorses the person.
    pub endorser: Option<Field<String>>,
    /// Who assessed the person.
    pub assessor: Option<Field<String>>,
    /// The licence or label number.
    pub licence: Option<Field<String>>,
    /// Address of a proof.
    pub evidence: Option<Field<String>>,
    /// The sheet's columns that this row leaves empty.
    pub empty: Vec<(Column, Place)>,
    /// What could not be read.
    pub faults: Vec<Correction>,
}

/// What a column of a roster holds, whatever its heading says and in whatever language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// The whole name.
    FullName,
    /// E-mail address.
    Email,
    /// The workshop's name.
    Workshop,
    /// The person's role.
    Role,
    /// The organisation.
    Organisation,
    /// The organisation's seat.
    Seat,
    /// SIRET.
    Siret,
    /// Web site.
    Url,
    /// Half-days attended.
    HalfDays,
    /// Workshops led or co-led.
    WorkshopsLed,
    /// Facilitator trainings given.
    TrainingsLed,
    /// Credits earned.
    Credits,
    /// What the person did.
    Narrative,
    /// Whether the person is 15 or older.
    FifteenOrOlder,
    /// Whether the person came.
    Present,
    /// The day, or the first.
    Date,
    /// The last day.
    EndDate,
    /// The activity's name.
    Activity,
    /// Town or venue.
    Town,
    /// Attendance of one session.
    Session(u8),
    /// Whether what was missed has been caught up.
    CaughtUp,
    /// The organisation's roadmap.
    Roadmap,
    /// Who endorses the person.
    Endorser,
    /// Who assessed the person.
    Assessor,
    /// The licence or label number.
    Licence,
    /// Address of a proof.
    Evidence,
}

/// One thing to correct in a sheet: where, what, and what to do about it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The row's number, as the spreadsheet shows it.
    pub row: u32,
    /// The cell; none when the whole row is meant.
    pub place: Option<Place>,
    /// What is written there.
    pub value: String,
    /// Which rule, as a stable dotted name: `email.syntax`, `workshop.unknown`.
    pub rule: &'static str,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do, in a sentence.
    pub advice: String,
}

impl Entry {
    /// The empty cell of this row in that column, if the sheet has the column.
    pub fn empty_cell(&self, column: Column) -> Option<&Place> {
        self.empty
            .iter()
            .find(|(empty, _)| *empty == column)
            .map(|(_, place)| place)
    }

    /// A correction for what the row should say in one of these columns and does not; none where a
    /// cell that could not be read has its own.
    pub(super) fn missing(
        &self,
        columns: &[Column],
        rule: &'static str,
        what: &str,
        advice: &str,
    ) -> Option<Correction> {
        let place = columns.iter().find_map(|column| self.empty_cell(*column));
        (place.is_some() || self.faults.is_empty()).then(|| Correction {
            row: self.row,
            place: place.cloned(),
            value: String::new(),
            rule,
            what: what.to_owned(),
            advice: advice.to_owned(),
        })
    }
}

impl Correction {
    /// The cell as people name it: `C12`, or `row 12`.
    pub fn cell(&self) -> String {
        match &self.place {
            Some(place) => format!("{}{}", place.column, self.row),
            None => format!("row {}", self.row),
        }
    }

    /// About one cell.
    pub fn of<T>(
        row: u32,
        field: &Field<T>,
        rule: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::at(row, &field.place, &field.text, rule, what, advice)
    }

    /// About the text at one place.
    pub fn at(
        row: u32,
        place: &Place,
        value: &str,
        rule: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            row,
            place: Some(place.clone()),
            value: value.to_owned(),
            rule,
            what: what.into(),
            advice: advice.into(),
        }
    }
}

/// Shows cell and rule alone: the value may be somebody's address.
impl fmt::Debug for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Correction({} {})", self.cell(), self.rule)
    }
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.cell(), self.what, self.advice)
    }
}
