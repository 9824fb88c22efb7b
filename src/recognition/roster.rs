//! A roster's rows to awards: for one badge, or for the fresque family by workshop and role.
//!
//! Every good row leads to its badge whatever the others are. “Confirmé·e” and “formateur·rice” are
//! never automatic: they need the peer or the assessor that the row must name.

use std::collections::BTreeMap;

use serde_json::Number;

use crate::openbadges::model::{Evidence, ResultStatusType};

use super::activity::Activity;
use super::ask::{Ask, Badge, Wanted};
use super::award::{Award, Reached, Recipient, paragraphs};
use super::cec;
use super::earlier::{Among, Earlier, shared_address};
use super::entry::{Column, Correction, Entry, Field};
use super::folding::fold;
use super::outcome::{Counted, Outcome, Planned, Reason, SetAside};
use super::roles::{Role, role};
use super::rows;
use super::templates::{Awarding, RecipientKind};
use super::workshops::{self, Workshop};

/// Plans the awards of a roster.
pub fn plan(entries: &[Entry], ask: &Ask<'_>) -> Outcome {
    if matches!(ask.wanted, Wanted::Cec) {
        return cec::plan(entries, ask.settings, ask.today);
    }
    let mut earlier = Earlier::default();
    gather(entries.iter().map(|entry| {
        let row = row(entry, ask);
        let among = earlier.note(entry, &row, ask);
        (entry, row, among)
    }))
}

/// Puts together what rows lead to, each with what it has to do with an earlier one.
pub fn gather<'a>(rows: impl Iterator<Item = (&'a Entry, Row, Option<Among>)>) -> Outcome {
    let mut outcome = Outcome::default();
    // Where the badge of each first row stands among the awards.
    let mut places = BTreeMap::new();
    for (entry, row, among) in rows {
        match (among, row) {
            (_, Row::SetAside(reason)) => outcome.set_aside.push(SetAside {
                rows: vec![entry.row],
                reason,
            }),
            (_, Row::ToCorrect(mut faults)) => outcome.corrections.append(&mut faults),
            (Some(Among::Repeats { first }), Row::Award { .. }) => {
                outcome.set_aside.push(SetAside {
                    rows: vec![entry.row],
                    reason: Reason::Repeats { first },
                });
            }
            (Some(Among::SharesAddress { first }), Row::Award { .. }) => {
                outcome.corrections.extend(shared_address(entry, first));
            }
            (Some(Among::AddsTo { first }), Row::Award { award, .. }) => {
                let planned = places.get(&first).copied();
                let planned = planned.and_then(|at: usize| outcome.awards.get_mut(at));
                match planned {
                    Some(Planned { rows, award: known }) => {
                        rows.push(entry.row);
                        known.add(*award);
                    }
                    None => outcome.counted.push(Counted {
                        row: entry.row,
                        first,
                    }),
                }
            }
            (None, Row::Award { award, .. }) => {
                places.insert(entry.row, outcome.awards.len());
                let rows = vec![entry.row];
                let award = *award;
                outcome.awards.push(Planned { rows, award });
            }
        }
    }
    outcome.sorted()
}

/// What a row leads to by itself, whatever the other rows say.
#[derive(Debug)]
pub enum Row {
    /// A badge.
    Award {
        /// The badge.
        award: Box<Award>,
        /// The workshop that was led, where several can be counted on one badge.
        led: Option<&'static str>,
    },
    /// None, though nothing in it is wrong.
    SetAside(Reason),
    /// None: everything that is wrong with it.
    ToCorrect(Vec<Correction>),
}

/// What a row leads to by itself. Not for the attendance of a CEC, whose rows count together.
pub fn row(entry: &Entry, ask: &Ask<'_>) -> Row {
    if let Some(reason) = rows::set_aside(entry) {
        return Row::SetAside(reason);
    }
    let mut faults = entry.faults.clone();
    faults.extend(rows::commands(entry));
    if let Some(place) = entry.empty_cell(Column::FifteenOrOlder) {
        faults.push(Correction::at(
            entry.row,
            place,
            "",
            "age.missing",
            "It is not said whether the person is 15 or older.",
            "Write “oui” or “non”.",
        ));
    }
    let drafting = Drafting { ask };
    let drafted = match &ask.wanted {
        Wanted::Fresques => drafting.fresque(entry, &mut faults),
        Wanted::Cec => None,
        Wanted::One(badge) => drafting
            .one(entry, badge, &mut faults)
            .map(|award| (award, None)),
    };
    match drafted.filter(|_| faults.is_empty()) {
        Some((award, led)) => Row::Award {
            award: Box::new(award),
            led: led.map(|workshop| workshop.slug),
        },
        None => Row::ToCorrect(faults),
    }
}

/// Drafts the award of one row.
struct Drafting<'a> {
    ask: &'a Ask<'a>,
}

impl Drafting<'_> {
    /// A badge of the fresque family, and the workshop that was led, if it was.
    fn fresque(
        &self,
        entry: &Entry,
        faults: &mut Vec<Correction>,
    ) -> Option<(Award, Option<&'static Workshop>)> {
        let person = rows::person(entry, faults);
        let workshop = workshop(entry, faults);
        let role = role(entry, faults);
        let activity = self.activity(entry, workshop.map(|workshop| workshop.name), faults);
        let evidence = rows::evidence(entry, faults);
        let (person, workshop, role) = (person?, workshop?, role?);
        let slug = match role {
            Role::Participant => format!("participant-fresque-{}", workshop.slug),
            Role::Trained => "fresque-forme".to_owned(),
            Role::Facilitator => "animateur-fresque".to_owned(),
        };
        let mut award = self.drafted(entry, slug, Recipient::Person(person), activity, evidence);
        award.role = Some(role.title().to_owned());
        if role == Role::Facilitator {
            award.results.push(Reached::value("ateliers", "1"));
            let led = format!("A animé ou co-animé : {}.", workshop.name);
            award.narrative = paragraphs([Some(led), award.narrative]);
        }
        award
            .results
            .extend(counted("demi-journees", entry.half_days.as_ref()));
        let led = (role == Role::Facilitator).then_some(workshop);
        Some((award, led))
    }

    /// The one badge that is asked for.
    fn one(&self, entry: &Entry, badge: &Badge, faults: &mut Vec<Correction>) -> Option<Award> {
        let recipient = match badge.recipient {
            RecipientKind::Person => rows::person(entry, faults).map(Recipient::Person),
            RecipientKind::Organisation => {
                let exception = self.ask.settings.la_poste_exception;
                rows::organisation(entry, exception, faults).map(Recipient::Organisation)
            }
        };
        // A day needs an activity to be the day of.
        let name = entry.date.is_some().then_some(badge.name.as_str());
        let activity = self.activity(entry, name, faults);
        let evidence = rows::evidence(entry, faults);
        let vouched = vouched(entry, badge.awarding, faults);
        let results = results(entry, badge, faults);
        let mut award = self.drafted(entry, badge.slug.clone(), recipient?, activity, evidence);
        award.role = entry.role.as_ref().map(|role| role.value.clone());
        award.licence = entry.licence.as_ref().map(|licence| licence.value.clone());
        award.credits = entry
            .credits
            .as_ref()
            .and_then(|credits| number(credits.value));
        award.results = results;
        award.narrative = paragraphs([award.narrative, vouched]);
        Some(award)
    }

    fn drafted(
        &self,
        entry: &Entry,
        slug: String,
        recipient: Recipient,
        activity: Option<Activity>,
        evidence: Vec<Evidence>,
    ) -> Award {
        let awarded_on = activity
            .as_ref()
            .and_then(|activity| activity.end.or(activity.start));
        Award {
            narrative: entry.narrative.as_ref().map(|told| told.value.clone()),
            activity,
            evidence,
            awarded_on: awarded_on.filter(|day| *day <= self.ask.today),
            ..Award::new(slug, recipient)
        }
    }

    /// The row's activity: what the row says, else what was asked, else `fallback`.
    fn activity(
        &self,
        entry: &Entry,
        fallback: Option<&str>,
        faults: &mut Vec<Correction>,
    ) -> Option<Activity> {
        let asked = self.ask.activity.clone();
        let own = entry.activity.as_ref().map(|name| name.value.clone());
        let mut activity = match (own, asked) {
            // Days and place of one activity are not another's.
            (Some(own), Some(asked)) if fold(&own) != fold(&asked.name) => Activity::named(own),
            (_, Some(asked)) => asked,
            (Some(own), None) => Activity::named(own),
            (None, None) => Activity::named(fallback?),
        };
        if let Some(date) = &entry.date {
            (activity.start, activity.end) = (Some(date.value), Some(date.value));
        }
        if activity.start.is_some_and(|start| start > self.ask.today) {
            let date = entry.date.as_ref();
            faults.push(Correction {
                row: entry.row,
                place: date.map(|date| date.place.clone()),
                value: date.map(|date| date.text.clone()).unwrap_or_default(),
                rule: "date.future",
                what: "This activity has not taken place yet.".to_owned(),
                advice: "Correct the date, or import the row once it has.".to_owned(),
            });
        }
        if let Some(end) = &entry.end_date {
            if activity.start.is_some_and(|start| start > end.value) {
                faults.push(Correction::of(
                    entry.row,
                    end,
                    "date.order",
                    "The end is before the beginning.",
                    "Correct one of the two dates.",
                ));
            }
            activity.end = Some(end.value);
        }
        if let Some(town) = &entry.town {
            activity.place = Some(town.value.clone());
        }
        Some(activity)
    }
}

fn workshop(entry: &Entry, faults: &mut Vec<Correction>) -> Option<&'static Workshop> {
    let Some(field) = &entry.workshop else {
        faults.extend(entry.missing(
            &[Column::Workshop],
            "workshop.missing",
            "There is no workshop.",
            "Write its name, as in “Fresque du Climat”.",
        ));
        return None;
    };
    workshops::find(&field.value)
        .map_err(|near| {
            let advice = if near.is_empty() {
                "Write the name of a known workshop, as in “Fresque du Climat”.".to_owned()
            } else {
                let names: Vec<String> = near.iter().map(|name| format!("“{name}”")).collect();
                format!("Write {}, if that is what is meant.", names.join(" or "))
            };
            faults.push(Correction::of(
                entry.row,
                field,
                "workshop.unknown",
                "This workshop is not known.",
                advice,
            ));
        })
        .ok()
}

/// Who vouches for the person, in a sentence, where the badge needs somebody to.
fn vouched(entry: &Entry, awarding: Awarding, faults: &mut Vec<Correction>) -> Option<String> {
    let (field, column, rule, who, said) = match awarding {
        Awarding::Peer => (
            &entry.endorser,
            Column::Endorser,
            "endorser.missing",
            "a peer who endorses the person (column “Endossement”)",
            "Endossement",
        ),
        Awarding::Assessor => (
            &entry.assessor,
            Column::Assessor,
            "assessor.missing",
            "an assessor (column “Évaluateur”)",
            "Évaluation",
        ),
        Awarding::Organiser | Awarding::Counted | Awarding::Committee => return None,
    };
    if field.is_none() {
        faults.push(Correction {
            row: entry.row,
            place: entry.empty_cell(column).cloned(),
            value: String::new(),
            rule,
            what: format!("This badge needs {who}."),
            advice: "Write the name of who vouches for it.".to_owned(),
        });
    }
    field
        .as_ref()
        .map(|field| format!("{said} : {}.", field.value))
}

/// The results of the one badge, as far as the row tells them.
fn results(entry: &Entry, badge: &Badge, faults: &mut Vec<Correction>) -> Vec<Reached> {
    let mut reached = Vec::new();
    for (key, required) in &badge.results {
        let field = match key.as_str() {
            "demi-journees" => entry.half_days.as_ref(),
            "ateliers" => entry.workshops_led.as_ref(),
            "formations" => entry.trainings_led.as_ref(),
            "pair" | "evaluation" => {
                reached.push(Reached::status(key.as_str(), ResultStatusType::Completed));
                continue;
            }
            _ => continue,
        };
        match (field, required) {
            (Some(field), Some(required)) if field.value < *required => {
                faults.push(Correction::of(
                    entry.row,
                    field,
                    "count.too_few",
                    format!("This badge takes {required}."),
                    "Correct the number, or award the badge once it is reached.",
                ));
            }
            // Who is on the sheet of a counted badge has done it once.
            (None, Some(_)) if badge.awarding == Awarding::Counted => {
                reached.push(Reached::value(key, "1"));
            }
            (None, Some(required)) => faults.push(Correction {
                row: entry.row,
                place: None,
                value: String::new(),
                rule: "count.missing",
                what: format!(
                    "This badge takes {required}, and the row does not say how many there were."
                ),
                advice: if key == "ateliers" {
                    "Fill in a column “Ateliers animés”."
                } else {
                    "Fill in a column “Formations animées”."
                }
                .to_owned(),
            }),
            (field, _) => reached.extend(counted(key, field)),
        }
    }
    reached
}

fn counted(key: &str, field: Option<&Field<f64>>) -> Option<Reached> {
    field.map(|field| Reached::value(key, field.value.to_string()))
}

/// A count as people write it: whole where it is whole.
fn number(value: f64) -> Option<Number> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    if value.fract() == 0.0 && value.abs() < 1e9 {
        return Some(Number::from(value as i64));
    }
    Number::from_f64(value)
}
