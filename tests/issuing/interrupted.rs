//! What happens once also when it is interrupted, or asked for twice at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};

use badgeons::entropy::{Entropy, NoEntropy, SeededEntropy};
use badgeons::openbadges::verify::CheckId;
use badgeons::services::Error;
use badgeons::services::batches::{Fate, How};
use badgeons::services::issuing::Outcome;
use badgeons::store::{Credential, CredentialFilter, CredentialState};

use crate::harness::app::{App, on_each_public};
use crate::harness::judging::check;
use crate::harness::rows::{award, enora};

pub(super) const BADGE: &str = "participant-fresque-climat";

/// Randomness that runs out: whoever uses it is stopped wherever that happens.
#[derive(Debug)]
struct RunsOut {
    source: SeededEntropy,
    draws: AtomicUsize,
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

#[test]
fn wherever_issuing_stops_the_next_try_makes_one_badge_and_uses_what_was_reserved() {
    on_each_public(|app| async move {
        let mut reserved_before = 0;
        for draws in 0.. {
            let source = SeededEntropy::new(100 + draws as u64);
            let stopped = app
                .with_entropy(RunsOut {
                    source,
                    draws: draws.into(),
                })
                .await;
            let email = format!("person{draws}@example.org");
            let asked = crate::harness::rows::person("Enora", &email);
            let Err(error) = stopped.ask(BADGE, asked.clone()).await else {
                break;
            };
            assert!(matches!(error, Error::Internal(_)), "{error:?}");

            let left = awards(&app).await;
            let reservation = left
                .iter()
                .find(|award| award.state == CredentialState::Reserved);
            let id = app.badge(BADGE, asked).await;
            if let Some(reservation) = reservation {
                assert_eq!(id, reservation.id, "the reservation is taken up");
                reserved_before += 1;
            }
            let now = awards(&app).await;
            assert!(
                now.iter()
                    .all(|award| award.state == CredentialState::Issued)
            );
            assert_eq!(now.len(), draws + 1, "one badge for each person");
            let mut tx = app.store().await.read().await.unwrap();
            assert_eq!(
                tx.status_slots(id).await.unwrap().len(),
                1,
                "one place in the list"
            );
        }
        assert!(reserved_before > 0, "no reservation was ever left behind");
    });
}

#[test]
fn a_reservation_that_was_never_signed_is_no_badge() {
    on_each_public(|app| async move {
        // Its identifier and its place are drawn, its salt is not.
        let source = SeededEntropy::new(9);
        let stopped = app
            .with_entropy(RunsOut {
                source,
                draws: 3.into(),
            })
            .await;
        stopped.ask(BADGE, enora()).await.unwrap_err();
        let [ref left] = awards(&app).await[..] else {
            panic!("nothing was reserved")
        };
        let dry = app
            .issue_entry(None, BADGE, enora(), None, How::DryRun)
            .await
            .unwrap();
        assert_eq!(dry.awards[0].fate, Fate::WouldIssue);
        let revoke = badgeons::services::standing::StatusChange::Revoke;
        let revoked = app
            .change_status(&left.id.to_string(), revoke, "a trial")
            .await;
        assert!(
            matches!(revoked, Err(Error::NotFound { .. })),
            "{revoked:?}"
        );
        let shown = app
            .present(
                left.id,
                badgeons::services::presenting::Format::Json,
                &mut badgeons::services::presenting::Pictures::default(),
            )
            .await;
        assert!(matches!(shown, Err(Error::NotFound { .. })), "{shown:?}");
    });
}

#[test]
fn asked_for_at_the_same_time_it_is_made_once() {
    on_each_public(|app| async move {
        let tries: Vec<_> = (0..4)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move {
                    let issuer = app.issuer(None).await.unwrap();
                    let asked = award(BADGE, "Enora", "enora@example.org");
                    app.issue(&issuer, &[asked], None, |_| ())
                        .await
                        .unwrap()
                        .remove(0)
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
