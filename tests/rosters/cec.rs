//! The attendance sheet of the CEC Ouest 2023: shared seats, sessions as results, organisations.

use badgeons::openbadges::model::ResultStatusType;
use badgeons::recognition::award::Reached;
use badgeons::recognition::cec;
use rust_xlsxwriter::{ExcelDateTime, Format};

use super::*;
use crate::harness::sheets::{CEC_OUEST as FILE, cec_ouest};

const HEADINGS: &str =
    "Organisation,Siège,Prénom,Nom,Courriel,S1,S2,S3,S4,S5,S6,Feuille de route,Rattrapage\n";

fn outcome(bytes: &[u8]) -> Outcome {
    planned(bytes, Wanted::Cec, None)
}

fn of(rows: &str) -> Outcome {
    outcome(format!("{HEADINGS}{rows}").as_bytes())
}

#[test]
fn the_whole_sheet_leads_to_what_was_attended() {
    let outcome = outcome(FILE);
    let expected = [
        ("cec-participant-ouest-2023", 26),
        ("cec-session-ouest-2023-s1", 13),
        ("cec-session-ouest-2023-s2", 13),
        ("cec-session-ouest-2023-s3", 13),
        ("cec-session-ouest-2023-s4", 10),
        ("cec-session-ouest-2023-s5", 12),
        ("cec-session-ouest-2023-s6", 11),
        ("organisation-engagee-cec-ouest-2023", 17),
    ];
    assert_eq!(
        counts(&outcome),
        expected.map(|(slug, count)| (slug.to_owned(), count))
    );
    assert_eq!(corrections(&outcome), [""; 0]);
    assert_eq!(
        set_aside(&outcome),
        [
            "13,14 Organisation Exemple 06 has no badge of its own yet: nobody held its seats at S4.",
            "20,21 Organisation Exemple 09 has no badge of its own yet: its roadmap was not handed over.",
            "40,41 Organisation Exemple 18 has no badge of its own yet: its roadmap was not handed over.",
        ]
    );
}

#[test]
fn a_shared_seat_covers_the_organisation_and_counts_for_each_person_alone() {
    let outcome = outcome(FILE);
    let slugs = |who: &str| -> Vec<&str> {
        let theirs = outcome
            .awards
            .iter()
            .filter(|planned| email(&planned.award) == who);
        theirs
            .map(|planned| planned.award.achievement.as_str())
            .collect()
    };
    assert_eq!(
        slugs("personne098@example.org"),
        ["cec-session-ouest-2023-s2"]
    );
    assert_eq!(slugs("personne097@example.org").len(), 5);
    assert_eq!(
        slugs("personne096@example.org"),
        ["cec-participant-ouest-2023"]
    );
    assert_eq!(
        slugs("Organisation Exemple 04"),
        ["organisation-engagee-cec-ouest-2023"]
    );
    let twin = outcome
        .awards
        .iter()
        .find(|planned| email(&planned.award) == "Organisation Exemple 04")
        .unwrap();
    assert_eq!(twin.rows, [8, 9, 10]);
    assert_eq!(
        twin.award.narrative.as_deref(),
        Some("Feuille de route remise le 10 décembre 2023.")
    );
    assert_eq!(twin.award.awarded_on, Some(date!(2023 - 12 - 10)));
}

#[test]
fn the_whole_path_has_a_result_per_session() {
    let outcome = outcome(FILE);
    let path = &outcome.awards[0].award;
    assert_eq!(email(path), "personne090@example.org");
    let completed = |key: &str| Reached::status(key, ResultStatusType::Completed);
    let expected = ["s1", "s2", "s3", "s4", "s5", "s6", "feuille-de-route"].map(completed);
    assert_eq!(path.results, expected);
    assert_eq!(path.role.as_deref(), Some("Dirigeant·e"));
    assert_eq!(
        path.activity.as_ref().unwrap().sentence(),
        "CEC Ouest 2023, 20 janvier – 13 octobre 2023"
    );
}

#[test]
fn a_workbook_with_real_dates_and_booleans_leads_to_the_same() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (row, line) in (0..).zip(cells(cec_ouest(), b',')) {
        for (column, cell) in (0..).zip(line) {
            match cell.as_str() {
                "oui" | "non" => sheet.write_boolean(row, column, cell == "oui").unwrap(),
                "2023-12-10" => sheet
                    .write_datetime_with_format(
                        row,
                        column,
                        ExcelDateTime::from_ymd(2023, 12, 10).unwrap(),
                        &day,
                    )
                    .unwrap(),
                _ => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
    let (reference, outcome) = (outcome(FILE), outcome(&book.save_to_buffer().unwrap()));
    assert_eq!(outcome.set_aside, reference.set_aside);
    assert_eq!(outcome.awards.len(), reference.awards.len());
    assert!(
        outcome
            .awards
            .iter()
            .zip(&reference.awards)
            .all(|(a, b)| a.award == b.award)
    );
}

#[test]
fn five_sessions_are_enough_only_with_the_sixth_caught_up() {
    let row = |caught_up: &str| {
        format!("A,dirigeant,Katell,X,a@example.org,oui,non,oui,oui,oui,oui,,{caught_up}\n")
    };
    let caught_up = of(&row("oui"));
    assert_eq!(
        counts(&caught_up),
        [("cec-participant-ouest-2023".to_owned(), 1)]
    );
    let award = &caught_up.awards[0].award;
    assert_eq!(
        award.results[1],
        Reached::status("s2", ResultStatusType::Enrolled)
    );
    assert_eq!(
        award.narrative.as_deref(),
        Some("Siège : A. Rattrapage : S2.")
    );
    assert_eq!(of(&row("non")).awards.len(), 5);
    let four = "A,dirigeant,Katell,X,a@example.org,oui,non,non,oui,oui,oui,,oui\n";
    assert_eq!(of(four).awards.len(), 4);
}

#[test]
fn a_person_on_two_rows_is_one_person() {
    let rows = "A,dirigeant,Katell,X,a@example.org,oui,oui,oui,,,,,\nA,dirigeant,Katell,X,A@EXAMPLE.org,,,,oui,oui,oui,,\nA,dirigeant,Katell,X,a@example.org,oui,,,,,,,\n";
    let outcome = of(rows);
    assert_eq!(outcome.awards[0].rows, [2, 3]);
    assert_eq!(
        outcome.awards[0].award.achievement,
        "cec-participant-ouest-2023"
    );
    assert_eq!(
        set_aside(&outcome)[1],
        "4 This is the same as row 2; it counts once."
    );
}

#[test]
fn a_fault_of_the_person_does_not_take_the_organisation_s_session_away() {
    let rows = "A,dirigeant,Katell,X,a(at)example.org,oui,oui,oui,oui,oui,oui,oui,\n";
    let outcome = of(rows);
    assert_eq!(corrections(&outcome), ["E2 email.syntax"]);
    assert_eq!(
        counts(&outcome),
        [("organisation-engagee-cec-ouest-2023".to_owned(), 1)]
    );
}

#[test]
fn faults_of_an_attendance_sheet_are_told() {
    let rows = "A,chauffeur,Katell,X,a@example.org,oui,peut-être,,,,,,\n,dirigeant,Mael,Y,b@example.org,oui,,,,,,,\nB,,Zoé,Z,c@example.org,oui,,,,,,01/13/2023,\nC,dirigeant,Enora,T,d@example.org,non,,,,,,,\n";
    let outcome = of(rows);
    let expected = [
        "G2 answer.unreadable",
        "B2 seat.unknown",
        "A3 organisation.missing",
        "L4 date.ambiguous",
        "B4 seat.missing",
    ];
    assert_eq!(corrections(&outcome), expected);
    assert!(set_aside(&outcome).contains(&"5 The person did not take part.".to_owned()));
    let seventh = outcome_with_seventh_session();
    assert_eq!(corrections(&seventh), ["F2 session.unknown"]);
}

fn outcome_with_seventh_session() -> Outcome {
    outcome(
        "Organisation,Siège,Nom,Courriel,S1,S7\nA,dirigeant,X,a@example.org,oui,oui\n".as_bytes(),
    )
}

#[test]
fn nobody_attended_a_session_to_come() {
    let file = "Organisation,Siège,Nom,Courriel,S1,S2\nA,dirigeant,X,a@example.org,oui,oui\n";
    let table = spreadsheet::read(file.as_bytes(), &Limits::default()).unwrap();
    let entries = spreadsheet::entries(&table, Purpose::Attendance).unwrap();
    let early = cec::plan(&entries, &Settings::default(), date!(2023 - 02 - 01));
    assert_eq!(corrections(&early), ["F2 session.future"]);
    let late = cec::plan(&entries, &Settings::default(), date!(2023 - 03 - 10));
    assert_eq!(late.awards.len(), 2);
}

#[test]
fn the_public_roadmap_is_the_organisation_s_evidence() {
    let rows = "Organisation,Siège,Nom,Courriel,S1,S2,S3,S4,S5,S6,Feuille de route,Preuve\n\
                A,dirigeant,X,a@example.org,oui,oui,oui,oui,oui,oui,oui,https://example.org/fdr\n";
    let outcome = outcome(rows.as_bytes());
    let evidence = |index: usize| &outcome.awards[index].award.evidence;
    assert_eq!(evidence(0).len(), 0);
    assert_eq!(
        evidence(1)[0].id.as_deref(),
        Some("https://example.org/fdr")
    );
    let bad = planned(
        rows.replace("https://example.org/fdr", "bientôt")
            .as_bytes(),
        badge("cec"),
        None,
    );
    assert_eq!(corrections(&bad), ["L2 url.invalid"]);
}

#[test]
fn half_days_of_two_rows_add_up() {
    let rows = "Organisation,Siège,Nom,Courriel,S1,S2,S3,S4,S5,S6,Demi-journées\n\
                A,dirigeant,X,a@example.org,oui,oui,oui,,,,\"9,5\"\n\
                A,planet champion,X,a@example.org,,,,oui,oui,oui,9\n";
    let award = &outcome(rows.as_bytes()).awards[0].award;
    assert_eq!(award.results[6], Reached::value("demi-journees", "18.5"));
}

#[test]
fn every_award_becomes_a_credential_that_can_be_signed() {
    assert_credentials_are_sound(&outcome(FILE));
}
