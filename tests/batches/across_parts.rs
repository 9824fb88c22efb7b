//! Rows have to do with each other however far apart they stand, in parts that are issued by themselves.

use badgeons::services::batches::FRESQUES;
use badgeons::services::batches::rows::RowOutcome;

use super::{corrections, foreseen, registered, report, set_aside};
use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;

/// The last row of the first part: the headings are the first row of the file.
const LAST_OF_FIRST: u32 = 501;

const ENORA: &str = "Enora;Du Prototype;enora@example.org;Fresque du Climat;animatrice;oui";
const GWENN: &str = "Gwenn;Le Gabarit;gwenn@example.org;Fresque du Climat;participant;oui";

/// A roster whose first part begins with `first` and whose second part is `second`. Those between are
/// set aside: they cost nothing.
pub(super) fn two_parts(first: &[&str], second: &[&str]) -> String {
    let mut text = "Prénom;Nom;Courriel;Atelier;Rôle;15 ans ou plus\n".to_owned();
    let mut rows = 1;
    for row in first {
        text.extend([row, "\n"]);
        rows += 1;
    }
    while rows < LAST_OF_FIRST {
        rows += 1;
        let row = format!("Mael;{rows};m{rows}@example.org;Fresque du Climat;participant;non\n");
        text.push_str(&row);
    }
    for row in second {
        text.extend([row, "\n"]);
    }
    text
}

/// How many workshops a badge says were led.
async fn workshops(app: &App, id: badgeons::ids::CredentialId) -> String {
    let document = app.document(id).await;
    let results = document["credentialSubject"]["result"]
        .as_array()
        .unwrap()
        .clone();
    let values: Vec<_> = results
        .iter()
        .filter_map(|result| result["value"].as_str())
        .collect();
    values.join(" ")
}

#[test]
fn a_late_row_counts_on_the_badge_of_an_early_one() {
    on_each_public(|app| async move {
        let again = "Enora;Du Prototype;enora@example.org;Fresque Océane;animatrice;oui";
        let text = two_parts(&[ENORA, GWENN], &[again]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(
            (told.dealt.counts.issued, told.dealt.counts.rows_to_correct),
            (2, 0)
        );
        let enora = &told.dealt.awards[0];
        assert_eq!(enora.rows, [2, 502]);
        let id = enora.fate.id().unwrap();
        assert_eq!(workshops(&app, id).await, "2");
        assert_valid(&app.judged(id).await);
        let batch = told.batch.to_string();
        let page = app
            .batch_rows(&batch, Some(RowOutcome::Counted), None, 10)
            .await
            .unwrap();
        let [row] = &page.rows[..] else {
            panic!("{page:?}")
        };
        assert_eq!((row.row, row.badges[0].id), (502, Some(id)));
        assert!(row.reason.as_ref().unwrap().contains("row 2"), "{row:?}");
        let text = two_parts(&[ENORA], &[]);
        let alone = foreseen(&app, FRESQUES, text.as_bytes()).await.dealt;
        assert_eq!(alone.awards[0].rows, [2], "the twin without the late row");
    });
}

#[test]
fn several_late_rows_count_each_workshop_once() {
    on_each_local(|app| async move {
        let led = |workshop: &str| {
            format!("Enora;Du Prototype;enora@example.org;{workshop};animatrice;oui")
        };
        let (one, two) = (led("Fresque Océane"), led("Fresque de la Mobilité"));
        let text = two_parts(&[ENORA, &one], &[&two, &one, ENORA]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(told.dealt.awards.len(), 1);
        assert_eq!(told.dealt.awards[0].rows, [2, 3, 502]);
        let id = told.dealt.awards[0].fate.id().unwrap();
        assert_eq!(workshops(&app, id).await, "3");
        let aside = set_aside(&told.dealt);
        let repeated: Vec<_> = aside
            .iter()
            .filter(|line| line.contains("same as row"))
            .collect();
        assert_eq!(repeated.len(), 2, "{repeated:?}");
        assert!(
            repeated.iter().all(|line| line.contains("row 2;")),
            "{repeated:?}"
        );
    });
}

#[test]
fn rows_of_one_part_count_once_each() {
    on_each_local(|app| async move {
        let again = "Enora;Du Prototype;enora@example.org;Fresque Océane;animatrice;oui";
        let text = two_parts(&[ENORA, again], &[]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(told.dealt.awards[0].rows, [2, 3]);
        let id = told.dealt.awards[0].fate.id().unwrap();
        assert_eq!(workshops(&app, id).await, "2");
    });
}

#[test]
fn a_late_row_that_repeats_an_early_one_is_set_aside_and_names_it() {
    on_each_local(|app| async move {
        let shouted = "GWENN;LE GABARIT;Gwenn@Example.org;fresque du climat;participante;oui";
        let text = two_parts(&[ENORA, GWENN], &[shouted]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(told.dealt.counts.issued, 2);
        let last = set_aside(&told.dealt).pop().unwrap();
        assert_eq!(last, "[502] This is the same as row 3; it counts once.");
        assert_eq!(registered(&app).await, 2);
    });
}

#[test]
fn a_late_row_with_somebody_elses_address_is_to_be_corrected() {
    on_each_local(|app| async move {
        let other = "Awen;Le Spécimen;gwenn@example.org;Fresque Océane;participant;oui";
        let same = "Le Gabarit;Gwenn;gwenn@example.org;Fresque Océane;participant;oui";
        let text = two_parts(&[ENORA, GWENN], &[other, same]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(
            corrections(&told.dealt),
            ["C502 email.shared gwenn@example.org"]
        );
        assert!(told.dealt.corrections[0].what.contains("row 3"));
        assert_eq!(
            (told.dealt.counts.issued, told.dealt.counts.rows_to_correct),
            (3, 1)
        );
    });
}

#[test]
fn a_late_row_counts_on_no_badge_of_a_row_that_is_to_be_corrected() {
    on_each_local(|app| async move {
        let faulty = "Enora;Du Prototype;enora(at)example.org;Fresque du Climat;animatrice;oui";
        let text = two_parts(&[faulty], &[ENORA]);
        let told = report(&app, FRESQUES, text.as_bytes()).await;
        assert_eq!(told.dealt.awards[0].rows, [502]);
        assert_eq!(
            corrections(&told.dealt),
            ["C2 email.syntax enora(at)example.org"]
        );
    });
}
