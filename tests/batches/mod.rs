//! A roster becomes badges: all good rows are issued, the others explained, and nothing twice.

mod across_parts;
mod duplicates;
mod forgetting;
mod interrupted;
mod rows;
mod steering;

use std::collections::BTreeMap;

use badgeons::recognition::activity::Activity;
use badgeons::services::Error;
use badgeons::services::batches::{CEC, Counts, Dealt, FRESQUES, Fate, Roster, RosterReport};
use badgeons::spreadsheet::{Encoding, Format};
use badgeons::store::{BatchState, CredentialFilter};
use sha2::{Digest as _, Sha256};
use time::macros::date;

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::sheets::{self, CEC_OUEST, FRESQUATHON, cec_ouest, fresquathon, workbook};

const SEMICOLON: u8 = b';';

/// A roster of a file that is these bytes, and of the day these are about.
fn roster(achievement: &str, bytes: &[u8]) -> Roster {
    let day = date!(2023 - 10 - 14);
    Roster {
        activity: (achievement == FRESQUES)
            .then(|| Activity::named("Fresquathon").on(day, day).at("Vannes")),
        ..sheets::roster(achievement, bytes)
    }
}

async fn import(app: &App, roster: Roster) -> Result<RosterReport, Error> {
    app.import_roster(None, roster, |_| (), |_| ()).await
}

async fn report(app: &App, achievement: &str, bytes: &[u8]) -> RosterReport {
    import(app, roster(achievement, bytes)).await.unwrap()
}

async fn imported(app: &App, achievement: &str, bytes: &[u8]) -> Dealt {
    report(app, achievement, bytes).await.dealt
}

async fn foreseen(app: &App, achievement: &str, bytes: &[u8]) -> RosterReport {
    let roster = Roster {
        dry_run: true,
        ..roster(achievement, bytes)
    };
    import(app, roster).await.unwrap()
}

/// How many of each badge.
fn by_badge(dealt: &Dealt) -> Vec<(&str, usize)> {
    let mut badges = BTreeMap::new();
    for award in &dealt.awards {
        *badges.entry(award.achievement.as_str()).or_insert(0) += 1;
    }
    badges.into_iter().collect()
}

/// Each correction as “C35 email.syntax personne034(at)example.org”.
fn corrections(dealt: &Dealt) -> Vec<String> {
    let line = |c: &badgeons::recognition::entry::Correction| {
        format!("{} {} {}", c.cell(), c.rule, c.value)
            .trim_end()
            .to_owned()
    };
    dealt.corrections.iter().map(line).collect()
}

fn set_aside(dealt: &Dealt) -> Vec<String> {
    dealt
        .set_aside
        .iter()
        .map(|aside| format!("{:?} {}", aside.rows, aside.reason))
        .collect()
}

/// What a report says of rows, whatever the file it comes from.
fn content(report: &RosterReport) -> (Counts, Vec<String>, Vec<String>, Vec<String>) {
    let dealt = &report.dealt;
    let award = |award: &badgeons::services::batches::AwardReport| {
        format!("{:?} {} {}", award.rows, award.achievement, award.recipient)
    };
    let awards = dealt.awards.iter().map(award).collect();
    (dealt.counts, awards, corrections(dealt), set_aside(dealt))
}

/// How many awards the register has.
async fn registered(app: &App) -> usize {
    let mut tx = app.store().await.read().await.unwrap();
    tx.credentials(&CredentialFilter::default(), None, 1000)
        .await
        .unwrap()
        .len()
}

/// Part of the sample roster: two good rows and the three to correct.
fn extract() -> String {
    let text = fresquathon();
    let keep = |line: &&str| {
        [
            "Courriel",
            "Échantillon;;",
            "(at)",
            "Atelier inconnu",
            "personne001@",
            "personne002@",
        ]
        .iter()
        .any(|mark| line.contains(mark))
    };
    text.split_inclusive('\n')
        .filter(|line| keep(line))
        .collect()
}

#[test]
fn the_fresquathon_is_issued_whole_and_each_cell_to_correct_is_named() {
    on_each_local(|app| async move {
        let dealt = imported(&app, FRESQUES, FRESQUATHON).await;
        let expected = Counts {
            issued: 84,
            already_issued: 0,
            rows_to_correct: 3,
            rows_set_aside: 2,
            refused: 0,
        };
        assert_eq!(dealt.counts, expected);
        let badges = [
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
        assert_eq!(by_badge(&dealt), badges);
        let expected = [
            "C22 email.missing",
            "C35 email.syntax personne034(at)example.org",
            "D62 workshop.unknown Atelier inconnu",
        ];
        assert_eq!(corrections(&dealt), expected);
        assert!(
            dealt
                .corrections
                .iter()
                .all(|c| !c.what.is_empty() && !c.advice.is_empty())
        );
        assert_eq!(
            dealt
                .set_aside
                .iter()
                .map(|aside| &aside.rows[..])
                .collect::<Vec<_>>(),
            [[14], [52]]
        );
        for award in dealt.awards.iter().step_by(12) {
            assert_valid(&app.judged(award.fate.id().unwrap()).await);
        }

        let again = imported(&app, FRESQUES, FRESQUATHON).await;
        assert_eq!(
            again.counts,
            Counts {
                issued: 0,
                already_issued: 84,
                ..dealt.counts
            }
        );
        let ids = |dealt: &Dealt| dealt.awards.iter().map(|a| a.fate.id()).collect::<Vec<_>>();
        assert_eq!(ids(&again), ids(&dealt));
        assert_eq!(registered(&app).await, 84);
    });
}

#[test]
fn the_cec_is_issued_whole_to_people_and_organisations() {
    on_each_public(|app| async move {
        let dealt = imported(&app, CEC, CEC_OUEST).await;
        assert_eq!(
            (dealt.counts.issued, dealt.counts.rows_to_correct),
            (115, 0)
        );
        let badges = [
            ("cec-participant-ouest-2023", 26),
            ("cec-session-ouest-2023-s1", 13),
            ("cec-session-ouest-2023-s2", 13),
            ("cec-session-ouest-2023-s3", 13),
            ("cec-session-ouest-2023-s4", 10),
            ("cec-session-ouest-2023-s5", 12),
            ("cec-session-ouest-2023-s6", 11),
            ("organisation-engagee-cec-ouest-2023", 17),
        ];
        assert_eq!(by_badge(&dealt), badges);
        let without = dealt
            .set_aside
            .iter()
            .map(|aside| &aside.rows[..])
            .collect::<Vec<_>>();
        assert_eq!(without, [[13, 14], [20, 21], [40, 41]]);
        for award in dealt.awards.iter().step_by(20) {
            assert_valid(&app.judged(award.fate.id().unwrap()).await);
        }

        let again = imported(&app, CEC, CEC_OUEST).await;
        assert_eq!((again.counts.issued, again.counts.already_issued), (0, 115));
        assert_eq!(registered(&app).await, 115);
    });
}

#[test]
fn a_corrected_file_issues_only_what_is_missing() {
    on_each_local(|app| async move {
        let first = imported(&app, FRESQUES, extract().as_bytes()).await;
        assert_eq!((first.counts.issued, first.counts.rows_to_correct), (2, 3));
        let corrected = extract()
            .replace(
                "Échantillon;;Fresque",
                "Échantillon;personne021@example.org;Fresque",
            )
            .replace("personne034(at)", "personne034@")
            .replace("Atelier inconnu", "Fresque de la Mobilité");
        let second = imported(&app, FRESQUES, corrected.as_bytes()).await;
        let expected = Counts {
            issued: 3,
            already_issued: 2,
            ..Counts::default()
        };
        assert_eq!(second.counts, expected, "{second:?}");
        assert_eq!(registered(&app).await, 5);
    });
}

#[test]
fn a_dry_run_tells_all_and_issues_nothing() {
    on_each_local(|app| async move {
        let report = foreseen(&app, FRESQUES, FRESQUATHON).await;
        assert!(report.dry_run);
        let awards = &report.dealt.awards;
        assert!(awards.iter().all(|award| award.fate == Fate::WouldIssue));
        assert_eq!(registered(&app).await, 0);
        // It foresees what then happens.
        let dealt = self::report(&app, FRESQUES, FRESQUATHON).await;
        assert!(!dealt.dry_run);
        assert_eq!(content(&report), content(&dealt));
        assert_eq!(registered(&app).await, 84);
    });
}

#[test]
fn a_dry_run_knows_what_is_issued_already() {
    on_each_local(|app| async move {
        imported(&app, FRESQUES, extract().as_bytes()).await;
        let counts = foreseen(&app, FRESQUES, FRESQUATHON).await.dealt.counts;
        assert_eq!((counts.issued, counts.already_issued), (82, 2));
        assert_eq!(imported(&app, FRESQUES, FRESQUATHON).await.counts, counts);
    });
}

#[test]
fn every_way_to_save_the_fresquathon_leads_to_the_same() {
    on_each_local(|app| async move {
        let expected = foreseen(&app, FRESQUES, FRESQUATHON).await;
        let text = fresquathon();
        let unix = text.replace("\r\n", "\n");
        for (bytes, encoding) in [
            (unix.clone().into_bytes(), Encoding::Utf8),
            (unix.replace('\n', "\r\n").into_bytes(), Encoding::Utf8),
            (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8Bom),
            (
                encoding_rs::WINDOWS_1252.encode(&unix).0.into_owned(),
                Encoding::Windows1252,
            ),
        ] {
            let report = foreseen(&app, FRESQUES, &bytes).await;
            assert_eq!(
                report.read.format,
                Format::Csv {
                    encoding,
                    separator: ';'
                }
            );
            assert_eq!(content(&report), content(&expected));
        }
        let report = foreseen(&app, FRESQUES, &workbook(&text, SEMICOLON)).await;
        assert!(
            matches!(report.read.format, Format::Xlsx { .. }),
            "{:?}",
            report.read.format
        );
        assert_eq!(content(&report), content(&expected));
    });
}

#[test]
fn a_workbook_of_the_cec_leads_to_the_same() {
    on_each_local(|app| async move {
        let report = foreseen(&app, CEC, &workbook(cec_ouest(), b',')).await;
        assert_eq!(
            content(&report),
            content(&foreseen(&app, CEC, CEC_OUEST).await)
        );
        assert_eq!(report.dealt.counts.issued, 115);
    });
}

#[test]
fn an_import_is_recorded_with_its_file_s_digest_and_in_the_audit_log() {
    on_each_local(|app| async move {
        let text = extract();
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!((told.state, told.complete), ("done", true));
        assert_eq!((told.read.rows, told.read.blank_rows), (5, 0));
        let mut tx = app.store().await.read().await.unwrap();
        let batch = tx.batch(told.batch).await.unwrap().unwrap();
        assert_eq!(
            (batch.name.as_str(), batch.state),
            ("roster.csv", BatchState::Done)
        );
        assert_eq!(batch.digest[..], Sha256::digest(text.as_bytes())[..]);
        assert!(batch.finished_at.is_some());
        let entries = tx.audit_of(told.batch.0).await.unwrap();
        let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["batch.begin", "batch.issue"]);
        assert!(!format!("{entries:?}").contains("nora"));
        let foreseen = foreseen(&app, FRESQUES, text.as_bytes()).await;
        drop(tx);
        let mut tx = app.store().await.read().await.unwrap();
        let entries = tx.audit_of(foreseen.batch.0).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].action, "batch.check");
    });
}

#[test]
fn a_roster_of_one_badge_needs_what_that_badge_needs() {
    on_each_local(|app| async move {
        let sheet = "Nom;Courriel;Ateliers animés;Endosseur\n\
                     Enora Le Spécimen;enora@example.org;12;Mael Modèle\n\
                     Awen Le Spécimen;awen@example.org;12;\n";
        let dealt = imported(&app, "confirme-fresque", sheet.as_bytes()).await;
        assert_eq!((dealt.counts.issued, dealt.counts.rows_to_correct), (1, 1));
        assert_eq!(corrections(&dealt), ["D3 endorser.missing"]);
    });
}

#[test]
fn progress_is_told() {
    on_each_local(|app| async move {
        let (planned, done) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let text = extract();
        let roster = roster(FRESQUES, text.as_bytes());
        app.import_roster(None, roster, |n| planned.set(n), |n| done.set(n))
            .await
            .unwrap();
        assert_eq!((planned.get(), done.get()), (5, 5), "of its rows");
    });
}

#[test]
fn what_is_no_roster_is_refused_and_leaves_nothing() {
    on_each_local(|app| async move {
        for (bytes, because) in [
            (&b""[..], "empty"),
            (b"PK\x03\x04 broken", "workbook"),
            (b"a;b\n1;2\n", "row of headings"),
        ] {
            let refused = import(&app, roster(FRESQUES, bytes)).await.unwrap_err();
            assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
            assert!(refused.to_string().contains(because), "{refused}");
        }
        let unknown = import(&app, roster("fresques-inconnues", FRESQUATHON))
            .await
            .unwrap_err();
        assert!(
            matches!(unknown, Error::NotFound { what: "badge", .. }),
            "{unknown:?}"
        );
        let mut tx = app.store().await.read().await.unwrap();
        assert_eq!(tx.batches(None, None, 9).await.unwrap(), []);
    });
}
