//! An organiser's spreadsheet becomes badges to award, cells to correct and rows set aside.

mod cec;
mod faults;
mod fresquathon;
mod templates;

use std::sync::LazyLock;

use badgeons::openbadges::model::checked::{self, Unsigned};
use badgeons::openbadges::model::{Achievement, Profile, Timestamp, rules};
use badgeons::recognition::activity::Activity;
use badgeons::recognition::ask::{Ask, Wanted};
use badgeons::recognition::award::{Award, Recipient};
use badgeons::recognition::compose::{Composition, compose};
use badgeons::recognition::outcome::Outcome;
use badgeons::recognition::roster;
use badgeons::recognition::settings::Settings;
use badgeons::recognition::templates::{self as founding, Publication};
use badgeons::spreadsheet::{self, Limits, Purpose};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use time::macros::date;

const TODAY: time::Date = date!(2026 - 11 - 23);

fn fresquathon_day() -> Activity {
    Activity::named("Fresquathon")
        .on(date!(2023 - 10 - 14), date!(2023 - 10 - 14))
        .at("Vannes")
}

/// What a file leads to.
fn planned(bytes: &[u8], wanted: Wanted, activity: Option<Activity>) -> Outcome {
    let table = spreadsheet::read(bytes, &Limits::default()).unwrap();
    let entries = spreadsheet::entries(&table, Purpose::of(&wanted)).unwrap();
    let settings = Settings::default();
    roster::plan(
        &entries,
        &Ask {
            wanted,
            activity,
            today: TODAY,
            settings: &settings,
            repeatable: std::collections::BTreeSet::new(),
        },
    )
}

fn badge(slug: &str) -> Wanted {
    Wanted::founding(slug, &Settings::default()).unwrap()
}

/// Each correction as “D62 workshop.unknown”.
fn corrections(outcome: &Outcome) -> Vec<String> {
    outcome
        .corrections
        .iter()
        .map(|c| format!("{} {}", c.cell(), c.rule))
        .collect()
}

/// Each row set aside as “14 This is the same as row 13; it counts once.”
fn set_aside(outcome: &Outcome) -> Vec<String> {
    let line = |aside: &badgeons::recognition::outcome::SetAside| {
        let rows: Vec<String> = aside.rows.iter().map(ToString::to_string).collect();
        format!("{} {}", rows.join(","), aside.reason)
    };
    outcome.set_aside.iter().map(line).collect()
}

/// How many awards there are of each achievement.
fn counts(outcome: &Outcome) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for planned in &outcome.awards {
        *counts.entry(planned.award.achievement.clone()).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

fn email(award: &Award) -> &str {
    match &award.recipient {
        Recipient::Person(person) => person.email.as_str(),
        Recipient::Organisation(organisation) => &organisation.name,
    }
}

/// Cells as a workbook, all of them text.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The cells of a CSV text.
fn cells(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

/// The credential of an award, as it would be signed.
fn credential(award: &Award, achievement: &Achievement, issuer: &Profile) -> Value {
    let composed = compose(&Composition {
        award,
        issuer,
        achievement,
        credential_id: "urn:uuid:8f5d1a3e-0000-4000-8000-000000000001",
        subject_id: "urn:uuid:8f5d1a3e-0000-4000-8000-000000000002",
        salt: [0x5a; 16],
        issued_at: "2026-11-23T10:00:00Z".parse::<Timestamp>().unwrap(),
        validity: founding::find(&award.achievement, &Settings::default())
            .unwrap()
            .validity,
        status: None,
    });
    composed.unwrap().unsigned().0
}

/// The achievement of a founding badge.
fn achievement(slug: &str, issuer: &Profile) -> Achievement {
    let id = format!("https://badges.example.org/achievements/{slug}");
    let publication = Publication {
        id: &id,
        version: "1",
        image: None,
        issuer,
    };
    founding::find(slug, &Settings::default())
        .unwrap()
        .achievement(&publication)
        .unwrap()
}

fn issuer() -> Profile {
    let mut issuer = Profile::new("did:web:badges.example.org");
    issuer.name = Some("Collectif Badgeons le pays de Vannes".into());
    issuer
}

/// Every award composes to a sound credential.
fn assert_credentials_are_sound(outcome: &Outcome) {
    let issuer = issuer();
    for planned in &outcome.awards {
        let achievement = achievement(&planned.award.achievement, &issuer);
        assert_sound(credential(&planned.award, &achievement, &issuer));
    }
}

/// A credential that our rules and the official schema take, and that holds no address in clear.
fn assert_sound(document: Value) {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = include_str!("../../schemas/json/ob_v3p0_achievementcredential_schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    });
    let errors = SCHEMA.iter_errors(&document).map(|error| error.to_string());
    assert_eq!(errors.collect::<Vec<_>>(), [""; 0], "{document:#}");
    assert!(!document.to_string().contains("@example.org"));
    rules::check(Unsigned(document), checked::Profile::OpenBadge).unwrap();
}
