//! The attendance sheet of a CEC: people's sessions under their organisation's seats.
//!
//! A seat can be shared, so sessions count per *person*, and an organisation is covered at a session
//! when at least one of its seats was held. The whole path takes the number of sessions the
//! association decided; who has fewer gets a badge per session. The organisation's own badge takes
//! every session and the roadmap.

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::ops::Add as _;

use time::Date;

use crate::openbadges::model::{Evidence, ResultStatusType};

use super::activity::{Activity, days};
use super::award::{Award, Organisation, Person, Reached, Recipient};
use super::earlier::{Earlier, shared_address};
use super::email::Email;
use super::entry::{Column, Correction, Entry, Handed};
use super::folding::fold;
use super::outcome::{Outcome, Planned, Reason, SetAside};
use super::rows;
use super::settings::{Cohort, Session, Settings};
use super::templates::cec::{organisation_slug, path_slug, session_slug};

/// Plans the awards of an attendance sheet, as of today: nobody attended a session to come.
pub fn plan(entries: &[Entry], settings: &Settings, today: Date) -> Outcome {
    let mut sheet = Sheet {
        settings,
        today,
        people: BTreeMap::new(),
        organisations: BTreeMap::new(),
        earlier: Earlier::default(),
        outcome: Outcome::default(),
    };
    for entry in entries {
        sheet.row(entry);
    }
    sheet.outcome()
}

/// What the sheet tells, gathered by person and by organisation.
struct Sheet<'a> {
    settings: &'a Settings,
    today: Date,
    people: BTreeMap<Email, Path>,
    /// By folded name: whoever fills in the sheet writes the organisation once per seat.
    organisations: BTreeMap<String, Engaged>,
    earlier: Earlier,
    outcome: Outcome,
}

/// One person's path.
struct Path {
    person: Person,
    rows: Vec<u32>,
    seat: &'static str,
    organisation: String,
    sessions: BTreeSet<u8>,
    caught_up: bool,
    half_days: Option<f64>,
}

/// One organisation's path.
struct Engaged {
    organisation: Organisation,
    rows: Vec<u32>,
    sessions: BTreeSet<u8>,
    roadmap: Option<Handed>,
    evidence: Vec<Evidence>,
}

impl Sheet<'_> {
    fn row(&mut self, entry: &Entry) {
        if let Some(reason) = rows::set_aside(entry) {
            self.set_aside(vec![entry.row], reason);
            return;
        }
        let mut faults = entry.faults.clone();
        faults.extend(rows::commands(entry));
        let sessions = self.sessions(entry, &mut faults);
        let exception = self.settings.la_poste_exception;
        let organisation = rows::organisation(entry, exception, &mut faults);
        let evidence = rows::evidence(entry, &mut faults);
        if let Some(organisation) = &organisation {
            // Attendance covers the organisation even where the person's own cells need correcting.
            self.engage(entry, organisation, &sessions, evidence);
        }
        let person = rows::person(entry, &mut faults);
        let seat = seat(entry, &mut faults);
        if let Some(person) = person.as_ref().filter(|_| faults.is_empty()) {
            let first = self.earlier.claim(entry.row, person);
            faults.extend(first.and_then(|first| shared_address(entry, first)));
        }
        match (person, organisation, seat) {
            (Some(person), Some(organisation), Some(seat)) if faults.is_empty() => {
                self.attend(Path {
                    person,
                    rows: vec![entry.row],
                    seat,
                    organisation: organisation.name,
                    sessions,
                    caught_up: entry.caught_up.as_ref().is_some_and(|field| field.value),
                    half_days: entry.half_days.as_ref().map(|field| field.value),
                });
            }
            _ => self.outcome.corrections.append(&mut faults),
        }
    }

    /// The sessions somebody attended; an empty cell is one they did not.
    fn sessions(&self, entry: &Entry, faults: &mut Vec<Correction>) -> BTreeSet<u8> {
        let cohort = &self.settings.cohort;
        let mut attended = BTreeSet::new();
        for (number, field) in entry.sessions.iter().filter(|(_, attended)| attended.value) {
            match cohort
                .sessions
                .iter()
                .find(|session| session.number == *number)
            {
                Some(session) if session.start <= self.today => {
                    attended.insert(*number);
                }
                Some(_) => faults.push(Correction::of(
                    entry.row,
                    field,
                    "session.future",
                    "This session has not taken place yet.",
                    "Remove the mark until it has.",
                )),
                None => faults.push(Correction::of(
                    entry.row,
                    field,
                    "session.unknown",
                    format!("{} had no such session.", cohort.name),
                    "Remove the mark, or the column.",
                )),
            }
        }
        attended
    }

    fn engage(
        &mut self,
        entry: &Entry,
        organisation: &Organisation,
        sessions: &BTreeSet<u8>,
        evidence: Vec<Evidence>,
    ) {
        let engaged = self
            .organisations
            .entry(fold(&organisation.name))
            .or_insert_with(|| Engaged {
                organisation: organisation.clone(),
                rows: Vec::new(),
                sessions: BTreeSet::new(),
                roadmap: None,
                evidence: Vec::new(),
            });
        engaged.rows.push(entry.row);
        engaged.evidence.extend(evidence);
        engaged.evidence.dedup();
        engaged.sessions.extend(sessions);
        let known = &mut engaged.organisation;
        known.siret = known.siret.take().or_else(|| organisation.siret.clone());
        known.url = known.url.take().or_else(|| organisation.url.clone());
        let handed = entry.roadmap.as_ref().map(|roadmap| roadmap.value);
        engaged.roadmap = engaged
            .roadmap
            .or(handed.filter(|handed| *handed != Handed::No));
    }

    /// Adds a row of a person to what is known of them.
    fn attend(&mut self, row: Path) {
        let known = match self.people.entry(row.person.email.clone()) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert(row);
                return;
            }
            btree_map::Entry::Occupied(known) => known.into_mut(),
        };
        if row.sessions.is_subset(&known.sessions) {
            let first = known.rows.first().copied().unwrap_or_default();
            self.set_aside(row.rows, Reason::Repeats { first });
            return;
        }
        known.rows.extend(row.rows);
        known.sessions.extend(row.sessions);
        known.caught_up |= row.caught_up;
        known.half_days = [known.half_days, row.half_days]
            .into_iter()
            .flatten()
            .reduce(f64::add);
    }

    fn set_aside(&mut self, rows: Vec<u32>, reason: Reason) {
        self.outcome.set_aside.push(SetAside { rows, reason });
    }

    fn outcome(mut self) -> Outcome {
        for path in std::mem::take(&mut self.people).into_values() {
            if path.sessions.is_empty() {
                self.set_aside(path.rows, Reason::NotPresent);
            } else if self.is_whole(&path) {
                let planned = self.whole_path(path);
                self.outcome.awards.push(planned);
            } else {
                let planned = self.session_badges(&path);
                self.outcome.awards.extend(planned);
            }
        }
        for engaged in std::mem::take(&mut self.organisations).into_values() {
            match self.organisation_badge(&engaged) {
                Ok(planned) => self.outcome.awards.push(planned),
                Err(reason) => self.set_aside(engaged.rows, reason),
            }
        }
        self.outcome.sorted()
    }

    fn is_whole(&self, path: &Path) -> bool {
        let attended = path.sessions.len();
        attended >= usize::from(self.settings.cec_sessions)
            || (path.caught_up && attended >= usize::from(self.settings.cec_sessions_with_catch_up))
    }

    fn whole_path(&self, path: Path) -> Planned {
        let cohort = &self.settings.cohort;
        let (attended, missed): (Vec<&Session>, Vec<&Session>) = cohort
            .sessions
            .iter()
            .partition(|session| path.sessions.contains(&session.number));
        let missed: Vec<String> = missed
            .iter()
            .map(|session| format!("S{}", session.number))
            .collect();
        let caught_up = if missed.is_empty() {
            String::new()
        } else {
            format!(" Rattrapage : {}.", missed.join(", "))
        };
        let half_days = path
            .half_days
            .map(|count| Reached::value("demi-journees", count.to_string()));
        let organisation = self.organisations.get(&fold(&path.organisation));
        let roadmap = organisation
            .and_then(|engaged| engaged.roadmap)
            .map(|_| Reached::status("feuille-de-route", ResultStatusType::Completed));
        let award = Award {
            activity: whole(cohort),
            role: Some(path.seat.to_owned()),
            narrative: Some(format!("Siège : {}.{caught_up}", path.organisation)),
            results: session_results(cohort, &path.sessions)
                .chain(half_days)
                .chain(roadmap)
                .collect(),
            awarded_on: attended.iter().map(|session| session.end).max(),
            ..Award::new(path_slug(cohort), Recipient::Person(path.person))
        };
        Planned {
            rows: path.rows,
            award,
        }
    }

    fn session_badges(&self, path: &Path) -> Vec<Planned> {
        let cohort = &self.settings.cohort;
        let attended = cohort
            .sessions
            .iter()
            .filter(|session| path.sessions.contains(&session.number));
        let badge = |session: &Session| Planned {
            rows: path.rows.clone(),
            award: Award {
                activity: Some(one(cohort, session)),
                role: Some(path.seat.to_owned()),
                narrative: Some(format!("Siège : {}.", path.organisation)),
                awarded_on: Some(session.end),
                ..Award::new(
                    session_slug(cohort, session.number),
                    Recipient::Person(path.person.clone()),
                )
            },
        };
        attended.map(badge).collect()
    }

    fn organisation_badge(&self, engaged: &Engaged) -> Result<Planned, Reason> {
        let cohort = &self.settings.cohort;
        let uncovered: Vec<u8> = cohort
            .sessions
            .iter()
            .map(|session| session.number)
            .filter(|number| !engaged.sessions.contains(number))
            .collect();
        let (Some(roadmap), true) = (engaged.roadmap, uncovered.is_empty()) else {
            return Err(Reason::OrganisationNotYet {
                name: engaged.organisation.name.clone(),
                uncovered,
                roadmap_handed_over: engaged.roadmap.is_some(),
            });
        };
        let handed_on = match roadmap {
            Handed::On(day) => Some(day),
            Handed::Yes | Handed::No => None,
        };
        let when = handed_on
            .map(|day| format!(" le {}", days(day, None)))
            .unwrap_or_default();
        let delivered = Reached::status("feuille-de-route", ResultStatusType::Completed);
        let award = Award {
            activity: whole(cohort),
            narrative: Some(format!("Feuille de route remise{when}.")),
            results: session_results(cohort, &engaged.sessions)
                .chain([delivered])
                .collect(),
            evidence: engaged.evidence.clone(),
            awarded_on: handed_on
                .or_else(|| cohort.sessions.iter().map(|session| session.end).max()),
            ..Award::new(
                organisation_slug(cohort),
                Recipient::Organisation(engaged.organisation.clone()),
            )
        };
        Ok(Planned {
            rows: engaged.rows.clone(),
            award,
        })
    }
}

/// A result per session: completed, or enrolled and missed.
fn session_results<'s>(
    cohort: &'s Cohort,
    attended: &'s BTreeSet<u8>,
) -> impl Iterator<Item = Reached> + 's {
    cohort.sessions.iter().map(|session| {
        let status = if attended.contains(&session.number) {
            ResultStatusType::Completed
        } else {
            ResultStatusType::Enrolled
        };
        Reached::status(format!("s{}", session.number), status)
    })
}

/// The whole path as one activity.
fn whole(cohort: &Cohort) -> Option<Activity> {
    let start = cohort.sessions.iter().map(|session| session.start).min()?;
    let end = cohort.sessions.iter().map(|session| session.end).max()?;
    Some(Activity::named(&*cohort.name).on(start, end))
}

/// One session as an activity.
fn one(cohort: &Cohort, session: &Session) -> Activity {
    let name = format!("{}, session {}", cohort.name, session.number);
    Activity::named(name)
        .on(session.start, session.end)
        .at(&*session.town)
}

fn seat(entry: &Entry, faults: &mut Vec<Correction>) -> Option<&'static str> {
    const LEADER: [&str; 8] = [
        "dirigeant",
        "dirigeante",
        "dirigeant e",
        "direction",
        "leader",
        "director",
        "president",
        "presidente",
    ];
    let Some(field) = &entry.seat else {
        faults.extend(entry.missing(
            &[Column::Seat],
            "seat.missing",
            "There is no seat.",
            "Write “dirigeant” or “planet champion”.",
        ));
        return None;
    };
    let folded = fold(&field.value);
    if LEADER.contains(&folded.as_str()) {
        Some("Dirigeant·e")
    } else if folded.starts_with("planet champion")
        || folded == "champion"
        || folded == "championne"
    {
        Some("Planet champion")
    } else {
        faults.push(Correction::of(
            entry.row,
            field,
            "seat.unknown",
            "This seat is not known.",
            "Write “dirigeant” or “planet champion”.",
        ));
        None
    }
}
