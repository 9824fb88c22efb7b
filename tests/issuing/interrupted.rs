//! What happens once also when it is interrupted, or asked for twice at the same time.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use badgeons::entropy::{Entropy, NoEntropy, SeededEntropy};
use badgeons::openbadges::verify::CheckId;
use badgeons::services::Error;
use badgeons::services::issuing::Outcome;
use badgeons::store::{Credential, CredentialFilter, CredentialState};

use crate::harness::app::{App, on_each_public};
use crate::harness::judging::{assert_valid, check};
use crate::harness::rows::{award, person};

pub(super) const BADGE: &str = "participant-fresque-climat";

/// Randomness that runs out: whoever uses it is stopped wherever that happens.
#[derive(Debug)]
pub(crate) struct RunsOut {
    source: SeededEntropy,
    draws: AtomicUsize,
}

impl RunsOut {
    pub(crate) fn after(draws: usize) -> Self {
        Self {
            source: SeededEntropy::new(100 + draws as u64),
            draws: draws.into(),
        }
    }
}

impl Entropy for RunsOut {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy> {
        let enough = |left: usize| left.checked_sub(1);
        self.draws
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, enough)
            .map_err(|_| NoEntropy)?;
        self.source.fill(buffer)
    }
}

pub(super) async fn awards(app: &App) -> Vec<Credential> {
    let mut tx = app.store().await.read().await.unwrap();
    tx.credentials(&CredentialFilter::default(), None, 100)
        .await
        .unwrap()
}

/// How many places were given out.
async fn taken(app: &App) -> usize {
    let mut tx = app.store().await.read().await.unwrap();
    let issuer = tx.issuers().await.unwrap()[0].id;
    let lists = tx.status_lists(issuer).await.unwrap();
    lists.iter().map(|list| list.taken as usize).sum()
}

#[test]
fn wherever_issuing_stops_the_next_try_makes_one_badge() {
    on_each_public(|app| async move {
        let mut places = BTreeSet::new();
        for draws in 0.. {
            let stopped = app.with_entropy(RunsOut::after(draws)).await;
            let asked = person("Enora", &format!("person{draws}@example.org"));
            let Err(error) = stopped.ask(BADGE, asked.clone()).await else {
                assert!(draws > 3, "nothing was drawn");
                break;
            };
            assert!(matches!(error, Error::Internal(_)), "{error:?}");
            assert_eq!(awards(&app).await.len(), draws, "nothing is half stored");

            let id = app.badge(BADGE, asked).await;
            let now = awards(&app).await;
            assert!(
                now.iter()
                    .all(|award| award.state == CredentialState::Issued)
            );
            assert_eq!(now.len(), draws + 1, "one badge for each person");
            assert_valid(&app.judged(id).await);
            let mut tx = app.store().await.read().await.unwrap();
            let [slot] = tx.status_slots(id).await.unwrap()[..] else {
                panic!("not one place in the list")
            };
            assert!(places.insert(slot), "a place was given out twice");
        }
        assert!(
            taken(&app).await > places.len() + 1,
            "no place was ever taken for what was not signed"
        );
    });
}

#[test]
fn a_place_that_was_taken_for_nothing_is_told_as_good() {
    on_each_public(|app| async move {
        // The list begins with the first badge; the second stops once its place is taken.
        let kept = app.badge(BADGE, person("Gwenn", "gwenn@example.org")).await;
        let before = taken(&app).await;
        let stopped = app.with_entropy(RunsOut::after(2)).await;
        let asked = person("Enora", "enora@example.org");
        stopped.ask(BADGE, asked).await.unwrap_err();
        assert_eq!(
            (taken(&app).await, awards(&app).await.len()),
            (before + 1, 1)
        );
        let mut tx = app.store().await.read().await.unwrap();
        let list = tx.status_slots(kept).await.unwrap()[0].list;
        assert!(tx.set_places(list).await.unwrap().is_empty());
    });
}

#[test]
fn asked_for_at_the_same_time_it_is_made_once() {
    on_each_public(|app| async move {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move {
                    let issuer = app.issuer(None).await.unwrap();
                    let asked = award(BADGE, "Enora", "enora@example.org");
                    app.issue(&issuer, &[asked]).await.unwrap().remove(0)
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        for tried in tries {
            outcomes.push(tried.await.unwrap());
        }
        let id = |outcome: &Outcome| match outcome {
            Outcome::Issued(id) | Outcome::Already(id, _) => *id,
            Outcome::Refused(findings) => panic!("{findings:?}"),
        };
        let made = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Outcome::Issued(_)))
            .count();
        assert_eq!(made, 1, "{outcomes:?}");
        assert!(
            outcomes
                .iter()
                .all(|outcome| id(outcome) == id(&outcomes[0])),
            "{outcomes:?}"
        );
        assert_eq!(awards(&app).await.len(), 1);
        // What is stored is what one of them signed, whole.
        let report = app.judged(id(&outcomes[0])).await;
        assert_eq!(
            check(&report, CheckId::Issuer).title,
            "The badge was issued here"
        );
    });
}
