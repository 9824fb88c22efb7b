//! A roster on its way, issued by processes of their own.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Child;

use badgeons::config::Database;
use badgeons::store::{Create, CredentialFilter, CredentialState, Store};
use serde_json::Value;

use crate::harness::binary::{Badgeons, Ran};

/// Enough that issuing them takes longer than all interruptions together.
pub(super) const ROWS: usize = 12_000;

pub(super) struct Batch {
    place: Badgeons,
    database: Database,
}

impl Batch {
    /// An installation in an empty database, and a roster beside it.
    pub(super) fn new(database: &Database) -> Self {
        let place = Badgeons::public_on(database);
        let mut roster = String::from("Prénom;Nom;Courriel\n");
        for row in 0..ROWS {
            writeln!(roster, "Enora;Le Coz {row};{}", address_of(row)).unwrap();
        }
        std::fs::write(place.path("roster.csv"), roster).unwrap();
        let database = database.clone();
        Self { place, database }
    }

    const COMMAND: [&str; 6] = [
        "issue",
        "--achievement",
        "participant-fresque-climat",
        "--spreadsheet",
        "roster.csv",
        "--json",
    ];

    /// Issues to the end.
    pub(super) fn issue(&self) -> Ran {
        self.place.run(&Self::COMMAND)
    }

    /// Begins to issue.
    pub(super) fn start(&self) -> Child {
        self.place.start(&Self::COMMAND)
    }

    /// What those said that were started.
    pub(super) fn said(&self) -> String {
        self.place.said()
    }

    /// What the batch that was started came to.
    pub(super) fn report(&self) -> Value {
        self.issue().succeeded().json()
    }

    pub(super) async fn credentials(&self) -> usize {
        let store = Store::open(&self.database, Create::Never).await.unwrap();
        let mut tx = store.read().await.unwrap();
        let all = tx
            .credentials(&CredentialFilter::default(), None, u32::MAX)
            .await
            .unwrap();
        all.len()
    }

    /// Every row has one badge of its own in the database, every report tells of every row, and what they
    /// tell is what is there.
    pub(super) async fn is_whole(&self, reports: &[Value]) {
        let store = Store::open(&self.database, Create::Never).await.unwrap();
        let mut tx = store.read().await.unwrap();
        let all = tx
            .credentials(&CredentialFilter::default(), None, u32::MAX)
            .await
            .unwrap();
        assert!(all.iter().all(|one| one.state == CredentialState::Issued));
        let ids: Vec<_> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), ROWS, "one badge for each row");
        let recipients = tx.recipients(&ids).await.unwrap();
        let people: BTreeSet<_> = recipients
            .values()
            .filter_map(|one| one.email.clone())
            .collect();
        assert_eq!(
            people,
            (0..ROWS).map(address_of).collect(),
            "each person has one"
        );
        let mut places = BTreeSet::new();
        for id in &ids {
            let signed = tx.signed(*id).await.unwrap().expect("what was signed");
            let document: Value = serde_json::from_slice(&signed.document).unwrap();
            places.insert(
                document["credentialStatus"]["id"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
        assert_eq!(places.len(), ROWS, "each badge has a place of its own");
        for report in reports {
            assert_eq!(report["state"], "done", "{:#}", report["counts"]);
            let awards = report["awards"].as_array().unwrap();
            let rows: BTreeSet<_> = awards
                .iter()
                .map(|award| award["rows"][0].as_u64())
                .collect();
            assert_eq!(
                (awards.len(), rows.len()),
                (ROWS, ROWS),
                "each row is told once"
            );
            for award in awards {
                let id = award["id"].as_str().unwrap().parse().unwrap();
                let name = &recipients[&id].name;
                assert_eq!(award["recipient"], name.as_str(), "its own badge");
            }
        }
        let issued: u64 = reports
            .iter()
            .filter_map(|report| report["counts"]["issued"].as_u64())
            .sum();
        assert_eq!(
            issued % ROWS as u64,
            0,
            "no row is told to be issued in two batches"
        );
        self.place.run(&["audit", "verify"]).succeeded();
    }
}

fn address_of(row: usize) -> String {
    format!("personne{row}@example.org")
}
