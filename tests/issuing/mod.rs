//! One badge at a time: what it takes, what it becomes, and that it comes about once.

mod interrupted;
mod together;
mod whole_badges;

pub(crate) use interrupted::RunsOut;

use badgeons::ids::CredentialId;
use badgeons::recognition::award::{Reached, What};
use badgeons::services::Error;
use badgeons::services::batches::{Dealt, Fate, How};
use badgeons::services::issuing::Outcome;
use badgeons::services::presenting::Format;
use badgeons::store::{CredentialFilter, Standing};

use crate::harness::app::{App, ISSUER, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::rows::{award, enora, field, organisation, person};
use badgeons::recognition::entry::Entry;

fn fate(dealt: &Dealt) -> &Fate {
    assert!(dealt.corrections.is_empty(), "{dealt:?}");
    &dealt.awards[0].fate
}

/// The rules that keep a row from becoming a badge.
fn rules(dealt: &Dealt) -> Vec<&'static str> {
    assert!(dealt.awards.is_empty(), "{dealt:?}");
    dealt
        .corrections
        .iter()
        .map(|correction| correction.rule)
        .collect()
}

async fn issued(app: &App) -> usize {
    let mut tx = app.store().await.read().await.unwrap();
    tx.credentials(&CredentialFilter::default(), None, 100)
        .await
        .unwrap()
        .len()
}

#[test]
fn a_person_gets_a_badge_that_names_them_and_hides_their_address() {
    on_each_local(|app| async move {
        let id = app.badge("participant-fresque-climat", enora()).await;
        assert_valid(&app.judged(id).await);
        let badge = app.document(id).await;
        let identifiers = badge["credentialSubject"]["identifier"].as_array().unwrap();
        assert_eq!(identifiers[0]["identityHash"], "Enora Le Spécimen");
        assert_eq!(identifiers[1]["identityType"], "emailAddress");
        assert_eq!(identifiers[1]["hashed"], true);
        assert!(!badge.to_string().contains("enora@"), "{badge:#}");
    });
}

#[test]
fn an_organisation_gets_a_badge_that_names_it() {
    on_each_local(|app| async move {
        let labelled = Entry {
            siret: field("443 061 841 00047"),
            ..organisation("Exemple SARL")
        };
        let id = app.badge("terdeskin", labelled).await;
        assert_valid(&app.judged(id).await);
        let subject = &app.document(id).await["credentialSubject"];
        assert_eq!(subject["name"], "Exemple SARL");
        assert_eq!(subject["url"], "https://organisation.example.org/");
        assert_eq!(subject["identifier"][1]["identityType"], "ext:siret");
        assert_eq!(subject["identifier"][1]["identityHash"], "44306184100047");
    });
}

#[test]
fn whoever_asks_for_the_recipient_is_answered_from_the_hash() {
    on_each_local(|app| async move {
        let id = app.badge("participant-fresque-climat", enora()).await;
        let bytes = app.presented(id, Format::Json).await;
        let theirs = app
            .verifier()
            .verify(&bytes, Some(" Enora@Example.org "))
            .await
            .unwrap();
        assert_valid(&theirs);
        let others = app
            .verifier()
            .verify(&bytes, Some("other@example.org"))
            .await
            .unwrap();
        crate::harness::judging::assert_fails(
            &others,
            badgeons::openbadges::verify::CheckId::Recipient,
        );
    });
}

#[test]
fn the_same_award_is_made_once_whoever_spells_it() {
    on_each_local(|app| async move {
        let id = app.badge("participant-fresque-climat", enora()).await;
        let again = person("ENORA LE SPÉCIMEN", "Enora@EXAMPLE.org ");
        let dealt = app.ask("participant-fresque-climat", again).await.unwrap();
        assert_eq!(
            fate(&dealt),
            &Fate::AlreadyIssued {
                id,
                standing: "good"
            }
        );
        assert_eq!(issued(&app).await, 1);
    });
}

#[test]
fn another_badge_person_or_activity_is_another_award() {
    on_each_local(|app| async move {
        let badge = "participant-fresque-climat";
        app.badge(badge, enora()).await;
        app.badge("participant-fresque-oceane", enora()).await;
        app.badge(badge, person("Enora Le Spécimen", "other@example.org"))
            .await;
        app.badge(
            badge,
            Entry {
                activity: field("Fête de la science"),
                ..enora()
            },
        )
        .await;
        assert_eq!(issued(&app).await, 4);
    });
}

#[test]
fn the_same_award_twice_in_one_call_is_made_once() {
    on_each_local(|app| async move {
        let issuer = app.issuer(None).await.unwrap();
        let one = award("participant-fresque-climat", "Enora", "enora@example.org");
        let outcomes = app.issue(&issuer, &[one.clone(), one]).await.unwrap();
        let [
            Outcome::Issued(first),
            Outcome::Already(second, Standing::Good),
        ] = outcomes[..]
        else {
            panic!("{outcomes:?}");
        };
        assert_eq!(first, second);
    });
}

#[test]
fn what_breaks_a_rule_is_refused_however_often_it_is_asked_and_leaves_no_name() {
    on_each_public(|app| async move {
        let issuer = app.issuer(None).await.unwrap();
        let mut one = award("participant-fresque-climat", "Enora", "enora@example.org");
        one.results = vec![Reached {
            key: "no-such-result".into(),
            what: What::Value("1".into()),
        }];
        let outcomes = app.issue(&issuer, &[one.clone(), one]).await.unwrap();
        assert!(
            matches!(
                &outcomes[..],
                [Outcome::Refused(first), Outcome::Refused(second)] if first == second
            ),
            "{outcomes:?}"
        );
        assert_eq!(issued(&app).await, 0);
    });
}

#[test]
fn a_badge_for_people_is_not_issued_to_an_organisation() {
    on_each_local(|app| async move {
        let dealt = app
            .ask("participant-fresque-climat", organisation("Exemple SARL"))
            .await;
        assert_eq!(rules(&dealt.unwrap()), ["name.missing", "email.missing"]);
        assert_eq!(issued(&app).await, 0);
    });
}

#[test]
fn an_award_to_the_wrong_kind_of_recipient_is_refused_and_the_others_issued() {
    on_each_local(|app| async move {
        let issuer = app.issuer(None).await.unwrap();
        let wrong = award("terdeskin", "Enora", "enora@example.org");
        let right = award("participant-fresque-climat", "Enora", "enora@example.org");
        let outcomes = app.issue(&issuer, &[wrong, right]).await.unwrap();
        let [Outcome::Refused(findings), Outcome::Issued(_)] = &outcomes[..] else {
            panic!("{outcomes:?}");
        };
        assert_eq!(findings[0].rule, "award.recipient");
        assert!(
            findings[0].message.contains("for organisations"),
            "{findings:?}"
        );
    });
}

#[test]
fn an_unknown_badge_is_answered_with_those_that_could_be_meant() {
    on_each_local(|app| async move {
        let Err(Error::NotFound { what, id, near }) = app.ask("participant-climat", enora()).await
        else {
            panic!("found");
        };
        assert_eq!((what, id.as_str()), ("badge", "participant-climat"));
        assert!(
            near.contains(&"participant-fresque-climat".to_owned()),
            "{near:?}"
        );
        assert!(!near.contains(&"terdeskin".to_owned()), "{near:?}");
    });
}

#[test]
fn what_peers_award_needs_a_peer() {
    on_each_local(|app| async move {
        let badge = "confirme-fresque";
        let led = |endorser| Entry {
            workshops_led: typed_number(12.0),
            endorser,
            ..enora()
        };
        let alone = app.ask(badge, led(None)).await.unwrap();
        assert_eq!(rules(&alone), ["endorser.missing"]);
        let id = app.badge(badge, led(field("Mael Modèle"))).await;
        let told = app.document(id).await["credentialSubject"]["narrative"].to_string();
        assert!(told.contains("Mael Modèle"), "{told}");
    });
}

#[test]
fn what_is_counted_needs_enough_of_it() {
    on_each_local(|app| async move {
        let few = Entry {
            workshops_led: typed_number(1.0),
            endorser: field("Mael Modèle"),
            ..enora()
        };
        let dealt = app.ask("confirme-fresque", few).await.unwrap();
        assert_eq!(rules(&dealt), ["count.too_few"]);
    });
}

#[test]
fn every_fault_of_what_was_typed_is_told_at_once() {
    on_each_local(|app| async move {
        let wrong = Entry {
            url: field("not an address"),
            ..organisation(" ")
        };
        let wrong = Entry {
            siret: field("123"),
            ..wrong
        };
        let rules = rules(&app.ask("terdeskin", wrong).await.unwrap());
        assert_eq!(rules, ["name.missing", "siret.invalid", "url.invalid"]);
    });
}

#[test]
fn a_dry_run_tells_and_issues_nothing() {
    on_each_local(|app| async move {
        let ask = |how| {
            app.issue_entry(
                Some(ISSUER),
                "participant-fresque-climat",
                enora(),
                None,
                how,
            )
        };
        assert_eq!(fate(&ask(How::DryRun).await.unwrap()), &Fate::WouldIssue);
        assert_eq!(issued(&app).await, 0);
        let Fate::Issued { id } = *fate(&ask(How::Once).await.unwrap()) else {
            panic!("not issued")
        };
        assert_eq!(
            fate(&ask(How::DryRun).await.unwrap()),
            &Fate::AlreadyIssued {
                id,
                standing: "good"
            }
        );
    });
}

#[test]
fn issuing_is_in_the_audit_log_without_a_name() {
    on_each_local(|app| async move {
        let id: CredentialId = app.badge("participant-fresque-climat", enora()).await;
        let mut tx = app.store().await.read().await.unwrap();
        let entries = tx.audit_of(id.0).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].action, "credential.issue");
        assert!(!format!("{entries:?}").contains("nora"));
    });
}

fn typed_number(value: f64) -> Option<badgeons::recognition::entry::Field<f64>> {
    let typed = field(&value.to_string())?;
    Some(badgeons::recognition::entry::Field {
        value,
        text: typed.text,
        place: typed.place,
    })
}
