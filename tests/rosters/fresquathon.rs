//! The roster of a day of ten fresques, with the faults real sheets have.

use badgeons::recognition::award::{Reached, Recipient};
use badgeons::spreadsheet::{Encoding, Format};

use super::*;
use crate::harness::sheets::{FRESQUATHON as FILE, fresquathon as text};

fn outcome(bytes: &[u8]) -> Outcome {
    planned(bytes, Wanted::Fresques, Some(fresquathon_day()))
}

#[test]
fn the_file_is_understood_as_the_organiser_exported_it() {
    let table = spreadsheet::read(FILE, &Limits::default()).unwrap();
    let csv = Format::Csv {
        encoding: Encoding::Windows1252,
        separator: ';',
    };
    assert_eq!((table.format, table.heading_row), (csv, 1));
    assert_eq!(
        (table.columns.understood.len(), table.columns.ignored.len()),
        (9, 0)
    );
    assert_eq!((table.rows.len(), table.blank_rows), (89, 1));
}

#[test]
fn every_good_row_is_awarded_and_every_other_is_explained() {
    let outcome = outcome(FILE);
    let expected = [
        ("animateur-fresque", 15),
        ("participant-fresque-2tonnes", 6),
        ("participant-fresque-agrialim", 7),
        ("participant-fresque-biodiversite", 6),
        ("participant-fresque-climat", 10),
        ("participant-fresque-eau", 6),
        ("participant-fresque-economie-circulaire", 8),
        ("participant-fresque-mobilite", 5),
        ("participant-fresque-nouveaux-recits", 9),
        ("participant-fresque-numerique", 5),
        ("participant-fresque-oceane", 7),
    ];
    assert_eq!(
        counts(&outcome),
        expected.map(|(slug, count)| (slug.to_owned(), count))
    );
    assert_eq!(outcome.awards.len(), 84);
    assert_eq!(
        corrections(&outcome),
        [
            "C22 email.missing",
            "C35 email.syntax",
            "D62 workshop.unknown"
        ]
    );
    assert_eq!(
        set_aside(&outcome),
        [
            "14 This is the same as row 13; it counts once.",
            "52 The person is under 15; the organiser keeps the badge until a parent and the child agree to it.",
        ]
    );
    let rows = outcome
        .awards
        .iter()
        .flat_map(|planned| &planned.rows)
        .count();
    assert_eq!(
        rows + outcome.corrections.len() + outcome.set_aside.len(),
        89
    );
}

#[test]
fn what_to_do_is_said() {
    let outcome = outcome(FILE);
    let at = &outcome.corrections[1];
    assert_eq!(at.value, "personne034(at)example.org");
    assert_eq!(&*at.place.as_ref().unwrap().heading, "Courriel");
    assert_eq!(
        at.advice,
        "Write “personne034@example.org”, if that is what is meant."
    );
}

#[test]
fn a_row_becomes_what_it_says() {
    let outcome = outcome(FILE);
    let of = |address: &str| {
        let mut found = outcome
            .awards
            .iter()
            .filter(|planned| email(&planned.award) == address);
        found.next().map(|planned| &planned.award).unwrap()
    };
    let capitals = of("personne008@example.org");
    assert_eq!(capitals.achievement, "participant-fresque-climat");
    let Recipient::Person(person) = &capitals.recipient else {
        panic!("a person")
    };
    assert_eq!(
        (person.name.as_str(), person.given.as_deref()),
        ("Gaël Kerspécimen", Some("Gaël"))
    );
    assert_eq!(capitals.role.as_deref(), Some("Participant·e"));
    assert_eq!(capitals.results, [Reached::value("demi-journees", "1")]);
    assert_eq!(capitals.activity, Some(fresquathon_day()));
    assert_eq!(capitals.awarded_on, Some(date!(2023 - 10 - 14)));

    let quoted = of("personne042@example.org").narrative.as_deref();
    assert_eq!(
        quoted,
        Some("A rejoint l'atelier ; débat « très » animé, aide au tri des cartes")
    );

    let leader = of("personne001@example.org");
    assert_eq!(leader.role.as_deref(), Some("Animateur·rice"));
    assert_eq!(
        leader.narrative.as_deref(),
        Some("A animé ou co-animé : Fresque du Climat.")
    );
    assert_eq!(
        leader.results,
        [
            Reached::value("ateliers", "1"),
            Reached::value("demi-journees", "1")
        ]
    );
}

#[test]
fn every_way_to_save_the_sheet_leads_to_the_same() {
    let text = text();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let files = [
        text.clone().into_bytes(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        utf16,
        format!("sep=;\r\n{text}").into_bytes(),
        workbook(&cells(&text, b';')),
    ];
    let reference = outcome(FILE);
    for file in files {
        let outcome = outcome(&file);
        assert_eq!(outcome.corrections, reference.corrections);
        assert_eq!(outcome.set_aside, reference.set_aside);
        let same = outcome.awards.iter().zip(&reference.awards);
        assert!(
            same.clone()
                .all(|(a, b)| a.rows == b.rows && a.award == b.award)
        );
        assert_eq!(same.count(), 84);
    }
}

#[test]
fn the_corrected_file_has_the_same_awards_and_only_the_missing_ones_more() {
    let corrected = text()
        .replace(
            "Échantillon;;Fresque",
            "Échantillon;personne021@example.org;Fresque",
        )
        .replace("personne034(at)", "personne034@")
        .replace("Atelier inconnu", "Fresque de la Mobilité");
    let (before, after) = (outcome(FILE), outcome(corrected.as_bytes()));
    let keys = |outcome: &Outcome| -> std::collections::BTreeSet<_> {
        outcome
            .awards
            .iter()
            .map(|planned| planned.award.key())
            .collect()
    };
    let (before, after) = (keys(&before), keys(&after));
    assert_eq!((before.len(), after.len()), (84, 87));
    assert!(before.is_subset(&after));
}

#[test]
fn every_award_becomes_a_credential_that_can_be_signed() {
    assert_credentials_are_sound(&outcome(FILE));
}
