//! An issued badge of each founding family, to the last byte, on both databases.
//!
//! The clock stands still, the randomness is known and Ed25519 is deterministic: a snapshot that
//! changes is a badge that changed.

use badgeons::ids::CredentialId;
use badgeons::openbadges::verify::CheckId;
use badgeons::recognition::entry::Entry;
use badgeons::services::batches::{CEC, How};
use badgeons::services::presenting::Format;

use crate::harness::app::{App, NOW, on_each_public};
use crate::harness::judging::{assert_valid, check};
use crate::harness::outside::{judged_elsewhere, published};
use crate::harness::rows::{field, organisation, person};
use crate::harness::sheets::roster;

/// Holds a badge against its snapshot, and has somebody else verify it.
async fn assert_whole(app: &App, name: &str, id: CredentialId) {
    let badge = app.document(id).await;
    insta::assert_json_snapshot!(name, badge);
    let bytes = app.presented(id, Format::Json).await;
    let report = judged_elsewhere(&bytes, NOW, published(app, &badge).await).await;
    assert_valid(&report);
    assert_eq!(
        check(&report, CheckId::Status).title,
        "The badge was not revoked"
    );
}

#[test]
fn a_facilitator_of_a_fresque() {
    on_each_public(|app| async move {
        let facilitator = Entry {
            workshop: field("Fresque du Climat"),
            role: field("animatrice"),
            narrative: field("Accueil des participants"),
            ..person("Añaïg Kerspécimen", "anaig@example.org")
        };
        let activity = badgeons::recognition::activity::Activity::named("Fresquathon")
            .on(
                time::macros::date!(2023 - 10 - 14),
                time::macros::date!(2023 - 10 - 14),
            )
            .at("Vannes");
        let dealt = app
            .issue_entry(None, "fresque", facilitator, Some(activity), How::Once)
            .await;
        let id = dealt.unwrap().awards[0].fate.id().unwrap();
        assert_whole(&app, "a_facilitator_of_a_fresque", id).await;
    });
}

#[test]
fn a_participant_of_the_whole_cec() {
    on_each_public(|app| async move {
        let sheet = "organisation,siege,prenom,nom,courriel,S1,S2,S3,S4,S5,S6\n\
                     Exemple SARL,dirigeant,Katell,Échantillon,katell@example.org,oui,oui,oui,oui,oui,oui\n";
        let roster = roster(CEC, sheet.as_bytes());
        let report = app
            .import_roster(None, roster, |_| (), |_| ())
            .await
            .unwrap();
        let path = report
            .dealt
            .awards
            .iter()
            .find(|award| award.achievement.contains("participant"));
        assert_whole(
            &app,
            "a_participant_of_the_whole_cec",
            path.unwrap().fate.id().unwrap(),
        )
        .await;
    });
}

#[test]
fn a_label_of_an_organisation() {
    on_each_public(|app| async move {
        let labelled = Entry {
            siret: field("443 061 841 00047"),
            licence: field("TDK-2026-0001"),
            ..organisation("Exemple SARL")
        };
        let id = app.badge("terdeskin", labelled).await;
        assert_whole(&app, "a_label_of_an_organisation", id).await;
    });
}
