//! Clients that issue and revoke, and somebody who looks at the status lists meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::node::{Answer, Node, Site};
use crate::harness::app::ADDRESS;

/// Between two requests of a client, and before it asks again what was not answered.
const PAUSE: Duration = Duration::from_millis(50);

/// How often a client asks again.
const TRIES: usize = 400;

/// A badge whose issuing was answered.
#[derive(Debug, Clone)]
pub(super) struct Badge {
    pub(super) id: String,
    /// The address of its status list.
    pub(super) list: String,
    pub(super) place: u64,
    /// Whether its revocation was answered.
    pub(super) is_revoked: bool,
}

impl Badge {
    pub(super) fn path(&self) -> String {
        format!("/credentials/{}.json", self.id)
    }
}

/// Everybody who works at the same time.
pub(super) struct Campaign {
    site: Arc<Site>,
    is_over: AtomicBool,
    /// How many requests nobody answered.
    unanswered: AtomicUsize,
    revoked: Mutex<Vec<Badge>>,
}

impl Campaign {
    pub(super) fn new(site: Arc<Site>) -> Self {
        Self {
            site,
            is_over: false.into(),
            unanswered: 0.into(),
            revoked: Mutex::default(),
        }
    }

    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// How many requests nobody answered.
    pub(super) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::Relaxed)
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Issues badges, and revokes every third, each time at another node.
    pub(super) async fn client(self: Arc<Self>, number: usize) -> Vec<Badge> {
        let mut badges = Vec::new();
        while !self.is_over() {
            let count = badges.len();
            let email = format!("person{count}.{number}@example.org");
            let id = self.insist(count, |node| node.issue(&email)).await;
            let mut badge = self.read(id).await;
            if count.is_multiple_of(3) {
                self.insist(count + 1, |node| node.revoke(&badge.id)).await;
                badge.is_revoked = true;
                self.revoked.lock().unwrap().push(badge.clone());
            }
            badges.push(badge);
            tokio::time::sleep(PAUSE).await;
        }
        badges
    }

    /// The badge as it is published.
    async fn read(&self, id: String) -> Badge {
        let path = format!("/credentials/{id}.json");
        let document = self.insist(0, |node| node.get(&path)).await;
        let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
        let status = &document["credentialStatus"];
        let place = status["statusListIndex"].as_str().unwrap();
        let list = status["statusListCredential"].as_str().unwrap();
        assert!(list.starts_with(ADDRESS), "{list}");
        Badge {
            id,
            list: list.to_owned(),
            place: place.parse().unwrap(),
            is_revoked: false,
        }
    }

    /// Asks one node after the other until one answers.
    async fn insist<'a, T, F: Future<Output = Answer<T>>>(
        &'a self,
        first: usize,
        ask: impl Fn(&'a Node) -> F,
    ) -> T {
        let mut last = String::new();
        for try_number in 0..TRIES {
            let node = (first + try_number) % self.site.nodes.len();
            match ask(&self.site.nodes[node]).await {
                Ok(answer) => return answer,
                Err(why) => last = why,
            }
            self.unanswered.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
        }
        panic!("nobody answers any more: {last}");
    }

    /// A list that is asked for after a revocation was answered shows it, whichever node is asked.
    pub(super) async fn watch_status_lists(self: Arc<Self>) {
        let mut looks = 0;
        while !self.is_over() {
            let known = self.revoked.lock().unwrap().clone();
            for node in &self.site.nodes {
                let Some(first) = known.first() else { break };
                let Ok(list) = node.status_list(&first.list).await else {
                    continue;
                };
                for badge in known.iter().filter(|badge| badge.list == first.list) {
                    let bit = list.bits.get(badge.place, 1);
                    assert_eq!(bit, Some(1), "a revocation is not published");
                }
                looks += 1;
            }
            tokio::time::sleep(3 * PAUSE).await;
        }
        assert!(looks > 20, "the lists were hardly looked at");
    }
}
