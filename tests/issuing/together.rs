//! Single badges that are asked for at the same time: each its own, whatever the others are.

use std::collections::BTreeSet;

use badgeons::ids::CredentialId;
use badgeons::services::batches::{Dealt, Fate, How};
use badgeons::services::issuers::NewIssuer;
use badgeons::services::{Actor, Error};
use badgeons::store::CredentialState;

use super::interrupted::{BADGE, awards};
use crate::harness::app::{App, ISSUER, issuer, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::rows::{award, person};
use badgeons::recognition::award::{Reached, What};
use badgeons::recognition::entry::Entry;
use badgeons::services::issuing::Outcome;

type Asking = tokio::task::JoinHandle<Result<Dealt, Error>>;

/// Asks for a badge of an issuer, in somebody's name, and does not wait.
fn ask(app: &App, of: &'static str, who: &str, badge: &'static str, entry: Entry) -> Asking {
    let services = app.acting_as(Actor {
        name: who.into(),
        issuer: None,
        request: None,
    });
    tokio::spawn(async move {
        services
            .issue_entry(Some(of), badge, entry, None, How::Once)
            .await
    })
}

fn someone(number: usize) -> Entry {
    person("Añaïg Le Coz", &format!("anaig{number}@example.org"))
}

async fn made(asking: Asking) -> CredentialId {
    let dealt = asking.await.unwrap().unwrap();
    match dealt.awards[0].fate {
        Fate::Issued { id } => id,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn each_is_issued_to_its_own_recipient_with_its_own_place_and_in_its_own_name() {
    on_each_public(|app| async move {
        let asking: Vec<_> = (0..40)
            .map(|n| ask(&app, ISSUER, &format!("asker {n}"), BADGE, someone(n)))
            .collect();
        let mut places = BTreeSet::new();
        for (number, asking) in asking.into_iter().enumerate() {
            let id = made(asking).await;
            assert_valid(&app.judged(id).await);
            let mut tx = app.store().await.read().await.unwrap();
            let recipient = tx.recipient(id).await.unwrap().unwrap();
            assert_eq!(recipient.email, Some(format!("anaig{number}@example.org")));
            let [slot] = tx.status_slots(id).await.unwrap()[..] else {
                panic!("not one place")
            };
            assert!(places.insert(slot), "two badges have one place");
            let told = tx.audit_of(id.0).await.unwrap();
            let [ref entry] = told[..] else {
                panic!("{told:?}")
            };
            assert_eq!(entry.actor, format!("asker {number}"));
        }
        assert!(app.verify_audit(None).await.unwrap().whole);
    });
}

#[test]
fn the_same_badge_is_issued_once_and_all_are_told_so() {
    on_each_local(|app| async move {
        let asking: Vec<_> = (0..20)
            .map(|n| ask(&app, ISSUER, "cli", BADGE, someone(n % 2)))
            .collect();
        let (mut issued, mut already) = (BTreeSet::new(), BTreeSet::new());
        for asking in asking {
            match asking.await.unwrap().unwrap().awards[0].fate {
                Fate::Issued { id } => assert!(issued.insert(id), "issued twice"),
                Fate::AlreadyIssued { id, standing } => {
                    assert_eq!(standing, "good");
                    already.insert(id);
                }
                ref other => panic!("{other:?}"),
            }
        }
        assert_eq!(issued.len(), 2);
        assert_eq!(already, issued);
    });
}

#[test]
fn one_that_can_not_be_issued_keeps_nobody_else_from_theirs() {
    on_each_local(|app| async move {
        let issuer = app.issuer(None).await.unwrap();
        let to = |badge, n| award(badge, "Añaïg Le Coz", &format!("anaig{n}@example.org"));
        let mut breaks_a_rule = to(BADGE, 100);
        breaks_a_rule.results = vec![Reached {
            key: "no-such-result".into(),
            what: What::Value("1".into()),
        }];
        let mut asking = tokio::task::JoinSet::new();
        let mut all = vec![
            breaks_a_rule,
            to("terdeskin", 101),
            to("no-such-badge", 102),
        ];
        all.extend((0..10).map(|n| to(BADGE, n)));
        for award in all {
            let (services, issuer) = ((*app).clone(), issuer.clone());
            asking.spawn(async move { services.issue_together(&issuer, award).await });
        }
        let (mut good, mut refused, mut unknown) = (0, Vec::new(), 0);
        for outcome in asking.join_all().await {
            match outcome {
                Ok(Outcome::Issued(_)) => good += 1,
                Ok(Outcome::Refused(findings)) => refused.push(findings[0].rule),
                Err(Error::NotFound { .. }) => unknown += 1,
                other => panic!("{other:?}"),
            }
        }
        refused.sort_unstable();
        assert_eq!((good, unknown), (10, 1));
        assert_eq!(refused, ["award.recipient", "credential.composition"]);
    });
}

#[test]
fn issuers_do_not_get_each_others_badges() {
    const OTHER: &str = "autre";
    on_each_public(|app| async move {
        let other = NewIssuer {
            slug: Some(OTHER.into()),
            ..issuer()
        };
        app.create_issuer(other).await.unwrap();
        let both = [ISSUER, OTHER];
        let asking: Vec<_> = (0..20)
            .map(|n| {
                (
                    both[n % 2],
                    ask(&app, both[n % 2], "cli", BADGE, someone(n)),
                )
            })
            .collect();
        for (of, asking) in asking {
            let document = app.document(made(asking).await).await;
            let issuer = document["issuer"]["id"].as_str().unwrap();
            assert!(issuer.ends_with(of), "{issuer} is not {of}");
        }
    });
}

#[test]
fn whoever_goes_away_before_their_turn_leaves_no_badge_for_later() {
    on_each_local(|app| async move {
        let gone: Vec<_> = (0..10)
            .map(|n| ask(&app, ISSUER, "cli", BADGE, someone(n)))
            .collect();
        for asking in &gone {
            asking.abort();
        }
        for asking in gone {
            let _ = asking.await;
        }
        // Whatever had its turn has ended before the next.
        made(ask(&app, ISSUER, "cli", BADGE, someone(10))).await;
        let before = awards(&app).await.len();
        made(ask(&app, ISSUER, "cli", BADGE, someone(11))).await;
        let all = awards(&app).await;
        assert_eq!(
            all.len(),
            before + 1,
            "a badge came about that nobody asked for"
        );
        assert!(all.iter().all(|row| row.state == CredentialState::Issued));
    });
}
