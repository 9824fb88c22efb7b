//! What holds while servers are killed: several nodes share a database and the master key, nothing
//! else, and whatever one of them has answered stays true.
//!
//! Eight clients issue and revoke for a minute, as careful programs do: what was not answered is asked
//! again. Half way one node is killed with SIGKILL and started again.

mod campaign;
mod node;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use badgeons::config::Database;
use badgeons::openbadges::status::PublishedList;
use serde_json::Value;

use self::campaign::{Badge, Campaign};
use self::node::{Node, Site};
use crate::harness::databases::on_each_empty_database;

/// How long clients issue and revoke.
const TIME: Duration = Duration::from_mins(1);

/// How long a node that was killed stays away.
const AWAY: Duration = Duration::from_secs(2);

const CLIENTS: usize = 8;

#[test]
#[ignore = "takes a minute for each database; tests/run.sh runs it, with nothing beside it"]
fn what_was_answered_stays_true_when_a_node_is_killed() {
    on_each_empty_database(|database| async move {
        // SQLite is for one node.
        let nodes = match database {
            Database::Sqlite(_) => 1,
            Database::Postgres { .. } => 2,
        };
        let site = Arc::new(Site::new(&database, nodes).await);
        let campaign = Arc::new(Campaign::new(Arc::clone(&site)));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| tokio::spawn(Arc::clone(&campaign).client(number)))
            .collect();
        let watcher = tokio::spawn(Arc::clone(&campaign).watch_status_lists());

        tokio::time::sleep(TIME / 2).await;
        let killed = site.nodes.last().unwrap();
        killed.kill().await;
        tokio::time::sleep(AWAY).await;
        killed.start().await;
        tokio::time::sleep(TIME / 2).await;
        campaign.end();

        let mut badges = Vec::new();
        for client in clients {
            badges.extend(client.await.unwrap());
        }
        watcher.await.unwrap();
        let revoked = badges.iter().filter(|badge| badge.is_revoked).count();
        assert!(badges.len() > 500 && revoked > 100, "too little was done");
        assert!(
            campaign.unanswered() > 0,
            "nobody noticed that a node was killed"
        );
        each_has_its_own_place(&badges);
        every_revocation_is_published(&site, &badges).await;
        each_is_there_and_verifies(&site, &badges).await;
        nobody_has_two(&site).await;
        site.audit_is_whole();
    });
}

fn each_has_its_own_place(badges: &[Badge]) {
    let ids: BTreeSet<_> = badges.iter().map(|badge| &badge.id).collect();
    assert_eq!(ids.len(), badges.len(), "two people have one badge");
    let places: BTreeSet<_> = badges
        .iter()
        .map(|badge| (&badge.list, badge.place))
        .collect();
    assert_eq!(places.len(), badges.len(), "two badges have one place");
}

/// Each node publishes every revocation that was answered, and no other.
async fn every_revocation_is_published(site: &Site, badges: &[Badge]) {
    for node in &site.nodes {
        let mut lists: BTreeMap<&str, PublishedList> = BTreeMap::new();
        for badge in badges {
            if !lists.contains_key(badge.list.as_str()) {
                lists.insert(&badge.list, node.status_list(&badge.list).await.unwrap());
            }
            let bit = lists[badge.list.as_str()].bits.get(badge.place, 1);
            assert_eq!(bit, Some(u64::from(badge.is_revoked)), "{}", badge.id);
        }
    }
}

async fn each_is_there_and_verifies(site: &Arc<Site>, badges: &[Badge]) {
    let mut verifying = tokio::task::JoinSet::new();
    for part in badges.chunks(badges.len().div_ceil(4)) {
        let (site, part) = (Arc::clone(site), part.to_vec());
        verifying.spawn(async move {
            for (number, badge) in part.iter().enumerate() {
                let node: &Node = &site.nodes[number % site.nodes.len()];
                let document = node.get(&badge.path()).await.unwrap();
                let report = node.verify(&document).await.unwrap();
                let expected = if badge.is_revoked { "invalid" } else { "valid" };
                assert_eq!(report["verdict"], expected, "{report:#}");
                let is_withdrawn =
                    |check: &Value| check["id"] == "status" && check["outcome"] == "fail";
                let checks = report["checks"].as_array().unwrap();
                assert_eq!(
                    checks.iter().any(is_withdrawn),
                    badge.is_revoked,
                    "{report:#}"
                );
            }
        });
    }
    verifying.join_all().await;
}

/// What was asked for twice, since no answer came, was made once.
async fn nobody_has_two(site: &Site) {
    let mut seen = BTreeSet::new();
    let mut next = Some("/api/v1/credentials?limit=200".to_owned());
    while let Some(address) = next {
        let (page, link) = site.nodes[0].list(&address).await.unwrap();
        for badge in page.as_array().unwrap() {
            let email = badge["recipient"]["email"].as_str().unwrap().to_owned();
            assert!(seen.insert(email), "issued twice: {badge}");
        }
        next = link;
    }
}
