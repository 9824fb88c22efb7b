//! How each of the eleven elements stands.

use serde::Serialize;

use crate::openbadges::model::{Achievement, Profile, Text};
use crate::recognition::templates::RecipientKind;

use super::elements::{Elements, EqfLevel};
use super::result_of;

/// How one element stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// It is met.
    Ok,
    /// It is missing.
    Absent {
        /// What to do.
        advice: &'static str,
    },
    /// It does not apply; the Recommendation allows that for the level alone.
    NotApplicable {
        /// Why.
        reason: String,
    },
}

/// One of the eleven elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Element {
    /// 1 to 11, as in Annex I.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// How it stands.
    #[serde(flatten)]
    pub status: Status,
}

/// The eleven elements of one achievement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// In the order of Annex I.
    pub elements: Vec<Element>,
    /// What is met but unusual.
    pub warnings: Vec<String>,
}

impl Report {
    /// Whether nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    /// What is missing.
    pub fn missing(&self) -> impl Iterator<Item = &Element> {
        self.elements
            .iter()
            .filter(|element| matches!(element.status, Status::Absent { .. }))
    }
}

/// An achievement that asks to be a micro-credential and is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This badge cannot be called a micro-credential yet; {} of the eleven European elements are missing. {}",
    .0.missing().count(), listed(.0))]
pub struct Incomplete(pub Report);

fn listed(report: &Report) -> String {
    let one = |element: &Element| match &element.status {
        Status::Absent { advice } => format!("{} {}: {advice}", element.number, element.name),
        _ => element.name.to_owned(),
    };
    report.missing().map(one).collect::<Vec<_>>().join(" ")
}

/// Checks the eleven elements of an achievement.
pub fn assess(
    achievement: &Achievement,
    elements: Option<&Elements>,
    issuer: &Profile,
    recipient: RecipientKind,
) -> Report {
    let country = issuer
        .address
        .as_ref()
        .and_then(|address| address.address_country_code.as_deref());
    let body = issuer
        .name
        .as_ref()
        .is_some_and(|name| !text(name).is_empty());
    let native = [
        met(recipient == RecipientKind::Person, "Award it to persons."),
        met(
            (3..=120).contains(&text(&achievement.name).chars().count()),
            "Give a title of 3 to 120 characters.",
        ),
        met(
            country.is_some_and(is_alpha2),
            "Give the country code in the issuer's address, such as FR.",
        ),
        met(body, "Give the issuer's name."),
        // Every credential we compose is dated when it is issued; no achievement can lack it.
        Status::Ok,
    ];
    let added = added(achievement, elements, issuer);
    let numbered = (1..).zip(NAMES).zip(native.into_iter().chain(added));
    let elements_found = numbered.map(|((number, name), status)| Element {
        number,
        name,
        status,
    });
    Report {
        elements: elements_found.collect(),
        warnings: elements.map(warnings).unwrap_or_default(),
    }
}

/// The elements' names, in the order of Annex I.
const NAMES: [&str; 11] = [
    "identification of the learner",
    "title",
    "country or region of the issuer",
    "awarding body",
    "date of issuing",
    "learning outcomes",
    "workload",
    "level",
    "type of assessment",
    "form of participation",
    "quality assurance",
];

/// Elements 6 to 11, which Open Badges has no place for.
fn added(achievement: &Achievement, elements: Option<&Elements>, issuer: &Profile) -> [Status; 6] {
    let has = |test: fn(&Elements) -> bool| elements.is_some_and(test);
    let assessed = !achievement.result_description.is_empty();
    let assured = has(|elements| {
        let named = elements.quality_assurance.as_ref();
        named.is_some_and(|qa| !qa.name.trim().is_empty() && qa.url.starts_with("https://"))
    });
    let endorsed = !issuer.endorsement.is_empty() || !issuer.endorsement_jwt.is_empty();
    [
        met(
            elements.is_some_and(|elements| shown(achievement, elements)),
            "List 1 to 8 outcomes, each shown by a result of the badge.",
        ),
        met(
            has(|elements| elements.workload_minutes > 0),
            "Give the learner's hours of work.",
        ),
        level(elements),
        met(
            assessed && has(|elements| !elements.assessment.is_empty()),
            "Say how it is assessed, with at least one result.",
        ),
        met(
            has(|elements| elements.participation.is_some()),
            "Say whether it is online, on site, blended, at work or as a volunteer.",
        ),
        met(
            assured || endorsed,
            "Name the quality assurance with its https address, or have the issuer endorsed.",
        ),
    ]
}

/// Whether there are 1 to 8 outcomes, and each is shown by a result that the achievement has.
fn shown(achievement: &Achievement, elements: &Elements) -> bool {
    let outcomes = &elements.learning_outcomes;
    (1..=8).contains(&outcomes.len())
        && outcomes.iter().all(|outcome| {
            !outcome.name.trim().is_empty() && result_of(achievement, outcome).is_some()
        })
}

fn level(elements: Option<&Elements>) -> Status {
    match elements.map(|elements| &elements.level) {
        Some(EqfLevel::Level(1..=8)) => Status::Ok,
        Some(EqfLevel::NotApplicable { reason }) if !reason.trim().is_empty() => {
            Status::NotApplicable {
                reason: reason.clone(),
            }
        }
        _ => Status::Absent {
            advice: "Give the EQF level, 1 to 8, or say why none applies.",
        },
    }
}

fn met(met: bool, advice: &'static str) -> Status {
    if met {
        Status::Ok
    } else {
        Status::Absent { advice }
    }
}

fn text(text: &Text) -> &str {
    text.in_language(&["fr"]).unwrap_or_default().trim()
}

/// Whether a country code has the form of ISO 3166-1 alpha-2.
fn is_alpha2(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn warnings(elements: &Elements) -> Vec<String> {
    let hours = elements.workload_minutes / 60;
    let mut warnings = Vec::new();
    if hours < 8 {
        warnings.push("Less than 8 hours of work is short for a micro-credential.".to_owned());
    }
    if let Some(credits) = elements.ects.map(u32::from)
        && !(25 * credits..=30 * credits).contains(&hours)
    {
        warnings.push(format!(
            "{credits} ECTS stand for {} to {} hours of work, and {hours} are given.",
            25 * credits,
            30 * credits
        ));
    }
    warnings
}
