use super::*;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::recognition::entry::{Correction, Place};
use crate::recognition::outcome::{Reason, SetAside};
use crate::services::batches::AwardReport;

fn id(number: u8) -> CredentialId {
    CredentialId(uuid::Uuid::from_bytes([number; 16]))
}

fn award(rows: &[u32], fate: Fate) -> AwardReport {
    AwardReport {
        rows: rows.to_vec(),
        achievement: "badge".into(),
        recipient: "Enora".into(),
        fate,
    }
}

fn issued(number: u8) -> Fate {
    Fate::Issued { id: id(number) }
}

fn already(number: u8) -> Fate {
    Fate::AlreadyIssued {
        id: id(number),
        standing: "suspended",
    }
}

fn refused() -> Fate {
    let finding = Finding {
        pointer: String::new(),
        rule: "award.duplicate",
        severity: Severity::Error,
        message: "It was awarded before.".into(),
        advice: "Remove the row.".into(),
    };
    Fate::Refused {
        findings: vec![finding],
    }
}

/// What is told of one row that leads to badges with these fates.
fn told_of(fates: Vec<Fate>) -> RowTold {
    let awards = fates.into_iter().map(|fate| award(&[2], fate)).collect();
    let dealt = Dealt::of(awards, vec![], vec![]);
    told(&[2], &dealt, &[]).remove(0)
}

#[test]
fn of_several_badges_the_one_that_tells_most_decides() {
    for (fates, expected) in [
        (vec![issued(1)], RowOutcome::Issued),
        (vec![already(1)], RowOutcome::AlreadyIssued),
        (vec![Fate::WouldIssue], RowOutcome::WouldIssue),
        (vec![already(1), issued(2)], RowOutcome::Issued),
        (vec![issued(2), already(1)], RowOutcome::Issued),
        (vec![already(1), already(2)], RowOutcome::AlreadyIssued),
        (vec![issued(1), refused()], RowOutcome::Refused),
        (vec![refused(), issued(1)], RowOutcome::Refused),
    ] {
        let badges = fates.len();
        let row = told_of(fates);
        assert_eq!((row.outcome, row.badges.len()), (expected, badges));
    }
}

#[test]
fn a_badge_is_told_with_its_standing_where_it_was_issued_before() {
    let row = told_of(vec![issued(1), already(2), refused()]);
    let badges: Vec<_> = row.badges.iter().map(|it| (it.id, it.standing)).collect();
    assert_eq!(
        badges,
        [
            (Some(id(1)), None),
            (Some(id(2)), Some("suspended")),
            (None, None)
        ]
    );
    assert_eq!(row.corrections[0].rule, "award.duplicate");
}

#[test]
fn each_row_is_told_once_in_the_order_of_the_file() {
    let correction = |place| Correction {
        row: 5,
        place,
        value: "x".into(),
        rule: "email.syntax",
        what: "This is no address.".into(),
        advice: "Write it with an @.".into(),
    };
    let place = Place {
        column: "C".into(),
        heading: "Courriel".into(),
    };
    let aside = SetAside {
        rows: vec![4],
        reason: Reason::NotPresent,
    };
    let dealt = Dealt::of(
        vec![award(&[2, 3], issued(1))],
        vec![correction(Some(place)), correction(None)],
        vec![aside],
    );
    let rows = told(&[6, 5, 4, 3, 2], &dealt, &[Counted { row: 6, first: 1 }]);
    let outcomes: Vec<_> = rows.iter().map(|it| (it.row, it.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            (2, RowOutcome::Issued),
            (3, RowOutcome::Issued),
            (4, RowOutcome::SetAside),
            (5, RowOutcome::ToCorrect),
            (6, RowOutcome::Counted),
        ]
    );
    let reasons: Vec<_> = rows.iter().map(|it| it.reason.as_deref()).collect();
    let with_row = |first: u32| format!("It counts on the badge of row {first}.");
    let (with, not_there) = (with_row(2), Reason::NotPresent.to_string());
    let counts = with_row(1);
    let expected = [None, Some(&*with), Some(&*not_there), None, Some(&*counts)];
    assert_eq!(reasons, expected);
    let cells: Vec<_> = rows[3]
        .corrections
        .iter()
        .map(|it| it.cell.as_deref())
        .collect();
    assert_eq!(cells, [Some("C5"), None]);
    assert_eq!(rows[3].corrections[0].heading.as_deref(), Some("Courriel"));
}

#[test]
fn what_is_no_row_of_a_part_is_not_told_in_it() {
    let dealt = Dealt::of(vec![award(&[2, 502], issued(1))], vec![], vec![]);
    let rows = told(&[2], &dealt, &[]);
    assert_eq!(rows.iter().map(|it| it.row).collect::<Vec<_>>(), [2]);
}

#[test]
fn every_outcome_is_read_as_it_is_written() {
    for outcome in RowOutcome::ALL {
        assert_eq!(outcome.as_str().parse::<RowOutcome>().unwrap(), outcome);
        let json = serde_json::to_value(outcome).unwrap();
        assert_eq!(json, outcome.as_str());
    }
    assert!("Issued".parse::<RowOutcome>().is_err());
}

#[test]
fn rows_of_a_part_that_nobody_dealt_with_wait_or_were_cancelled() {
    let row = StoredRow {
        number: 2,
        cells: vec!["Enora".into()],
        among: None,
        more: vec![],
    };
    let part = Part {
        number: 0,
        rows: super::super::stored::packed(&vec![row]).unwrap(),
        report: None,
    };
    for (ended, expected) in [(false, RowOutcome::Waiting), (true, RowOutcome::Cancelled)] {
        let rows = read(&part, ended).unwrap();
        assert_eq!((rows[0].0.outcome, rows.len()), (expected, 1));
        assert_eq!(rows[0].0.cells, ["Enora"]);
    }
}
