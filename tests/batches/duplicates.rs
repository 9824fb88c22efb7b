//! What becomes of an award that was made before, as its badge class decides.

use badgeons::services::batches::{Fate, How};
use badgeons::store::Duplicates;

use super::{foreseen, imported, registered};
use crate::harness::app::{App, on_each_local};
use crate::harness::rows::person;

const BADGE: &str = "participant-fresque-climat";
const TWO: &str = "Nom;Courriel\nEnora;enora@example.org\nGwenn;gwenn@example.org\n";
const THREE: &str =
    "Nom;Courriel\nEnora;enora@example.org\nGwenn;gwenn@example.org\nMael;mael@example.org\n";
const REPEATED: &str = "Nom;Courriel\nEnora;enora@example.org\nEnora;enora@example.org\n";

async fn decide(app: &App, duplicates: Duplicates) {
    let mut tx = app.store().await.write().await.unwrap();
    let issuer = tx.issuers().await.unwrap()[0].id;
    let class = tx
        .achievement_by_slug(issuer, BADGE)
        .await
        .unwrap()
        .unwrap();
    tx.decide_duplicates(class.id, duplicates).await.unwrap();
    assert_eq!(tx.duplicates(class.id).await.unwrap(), duplicates);
    tx.commit().await.unwrap();
}

async fn asked_alone(app: &App, how: How) -> Fate {
    let enora = person("Enora", "enora@example.org");
    let dealt = app
        .issue_entry(None, BADGE, enora, None, how)
        .await
        .unwrap();
    dealt.awards[0].fate.clone()
}

/// How many were issued, issued before and refused.
async fn counts(app: &App, text: &str) -> (usize, usize, usize) {
    let foreseen = foreseen(app, BADGE, text.as_bytes()).await.dealt.counts;
    let counts = imported(app, BADGE, text.as_bytes()).await.counts;
    assert_eq!(foreseen, counts, "it was foreseen");
    (counts.issued, counts.already_issued, counts.refused)
}

#[test]
fn unless_it_is_decided_what_was_made_before_is_skipped() {
    on_each_local(|app| async move {
        assert_eq!(counts(&app, TWO).await, (2, 0, 0));
        assert_eq!(counts(&app, THREE).await, (1, 2, 0));
        let fate = asked_alone(&app, How::Once).await;
        assert!(matches!(fate, Fate::AlreadyIssued { .. }), "{fate:?}");
        assert_eq!(registered(&app).await, 3);
    });
}

#[test]
fn what_was_made_before_can_be_refused_and_the_others_are_issued() {
    on_each_local(|app| async move {
        decide(&app, Duplicates::Refuse).await;
        assert_eq!(counts(&app, TWO).await, (2, 0, 0));
        let again = imported(&app, BADGE, THREE.as_bytes()).await;
        assert_eq!((again.counts.issued, again.counts.refused), (1, 2));
        let Fate::Refused { findings } = &again.awards[0].fate else {
            panic!("{again:?}")
        };
        assert_eq!(findings[0].rule, "award.duplicate");
        assert!(!findings[0].advice.is_empty());
        for how in [How::Once, How::DryRun] {
            let fate = asked_alone(&app, how).await;
            assert!(matches!(fate, Fate::Refused { .. }), "{fate:?}");
        }
        assert_eq!(registered(&app).await, 3);
    });
}

/// People enough that some of them are looked for to know about the others, and then Enora and Gwenn.
fn after_many(run: &str) -> String {
    let others = (0..120).map(|it| format!("Personne {it};{run}{it}@example.org\n"));
    let others: String = others.collect();
    TWO.replacen('\n', &format!("\n{others}"), 1)
}

#[test]
fn what_was_made_before_is_known_also_at_the_end_of_a_long_roster() {
    on_each_local(|app| async move {
        imported(&app, BADGE, TWO.as_bytes()).await;
        assert_eq!(counts(&app, &after_many("a")).await, (120, 2, 0));
        decide(&app, Duplicates::Refuse).await;
        assert_eq!(counts(&app, &after_many("b")).await, (120, 0, 2));
        assert_eq!(registered(&app).await, 242);
    });
}

#[test]
fn what_was_made_before_can_be_made_again() {
    on_each_local(|app| async move {
        decide(&app, Duplicates::Allow).await;
        assert_eq!(counts(&app, TWO).await, (2, 0, 0));
        assert_eq!(counts(&app, THREE).await, (3, 0, 0));
        for registered_then in [6, 7] {
            let fate = asked_alone(&app, How::Once).await;
            assert!(matches!(fate, Fate::Issued { .. }), "{fate:?}");
            assert_eq!(registered(&app).await, registered_then);
        }
    });
}

#[test]
fn a_row_that_repeats_another_is_set_aside_unless_its_badge_can_be_made_again() {
    on_each_local(|app| async move {
        for (duplicates, issued, aside) in [
            (Duplicates::Skip, 1, 1),
            (Duplicates::Allow, 2, 0),
            (Duplicates::Refuse, 0, 1),
        ] {
            decide(&app, duplicates).await;
            let dealt = imported(&app, BADGE, REPEATED.as_bytes()).await;
            assert_eq!(
                (dealt.counts.issued, dealt.counts.rows_set_aside),
                (issued, aside),
                "{duplicates:?}"
            );
        }
    });
}

#[test]
fn a_decision_is_one_badge_class_s_own() {
    on_each_local(|app| async move {
        decide(&app, Duplicates::Allow).await;
        let other = "participant-fresque-oceane";
        imported(&app, other, TWO.as_bytes()).await;
        let again = imported(&app, other, THREE.as_bytes()).await;
        assert_eq!((again.counts.issued, again.counts.already_issued), (1, 2));
    });
}
