//! The same document again, without asking again, for a short while.
//!
//! Five hundred badges of one issuer need its DID document and its status list once, not five hundred
//! times. What a server allows is honoured up to a cap, because a key or a badge may be revoked at any
//! moment. Failures are not kept. Bounded in entries and bytes: the oldest go first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;
use url::Url;

use super::{Document, Fetch, Fetching};
use crate::clock::Clock;

/// What the cache may hold, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most documents.
    pub entries: usize,
    /// The most bytes of bodies.
    pub bytes: usize,
    /// The longest time a document is used, whatever its server allows: how late a revocation is seen.
    pub longest: Duration,
    /// How long a document is used whose server says nothing (RFC 9111 §4.2.2).
    pub silent: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            entries: 256,
            bytes: 16 * 1024 * 1024,
            longest: Duration::from_mins(5),
            silent: Duration::from_mins(1),
        }
    }
}

/// Keeps what another [`Fetch`] has fetched.
#[derive(Debug)]
pub struct CachedFetch<F> {
    inner: F,
    clock: Arc<dyn Clock>,
    bounds: Bounds,
    /// Oldest first. A list, because it is short and a look-up is nothing beside a request.
    kept: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    url: Url,
    accept: String,
    document: Document,
    until: OffsetDateTime,
}

impl<F: Fetch> CachedFetch<F> {
    /// A cache before `inner`, empty at first.
    pub fn new(inner: F, clock: Arc<dyn Clock>, bounds: Bounds) -> Self {
        Self {
            inner,
            clock,
            bounds,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recall(&self, url: &Url, accept: &str) -> Option<Document> {
        let now = self.clock.now();
        let mut kept = self.kept();
        kept.retain(|entry| entry.until > now);
        let entry = kept
            .iter()
            .find(|entry| entry.url == *url && entry.accept == accept)?;
        Some(entry.document.clone())
    }

    fn keep(&self, url: &Url, accept: &str, document: &Document) {
        let allowed = document
            .fresh_for
            .unwrap_or(self.bounds.silent)
            .min(self.bounds.longest);
        if allowed.is_zero() || document.body.len() > self.bounds.bytes {
            return;
        }
        let entry = Entry {
            url: url.clone(),
            accept: accept.to_owned(),
            document: document.clone(),
            until: self.clock.now() + allowed,
        };
        let mut kept = self.kept();
        kept.retain(|other| other.url != entry.url || other.accept != entry.accept);
        kept.push_back(entry);
        let mut bytes: usize = kept.iter().map(|entry| entry.document.body.len()).sum();
        while kept.len() > self.bounds.entries || bytes > self.bounds.bytes {
            let Some(oldest) = kept.pop_front() else {
                return;
            };
            bytes -= oldest.document.body.len();
        }
    }
}

impl<F: Fetch> Fetch for CachedFetch<F> {
    fn get<'a>(&'a self, url: &'a Url, accept: &'a str) -> Fetching<'a> {
        Box::pin(async move {
            if let Some(document) = self.recall(url, accept) {
                return Ok(document);
            }
            let document = self.inner.get(url, accept).await?;
            self.keep(url, accept, &document);
            Ok(document)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{Failure, FixedFetch};

    #[derive(Debug)]
    struct Hands(Mutex<OffsetDateTime>);

    impl Clock for Hands {
        fn now(&self) -> OffsetDateTime {
            *self.0.lock().unwrap()
        }
    }

    struct World {
        hands: Arc<Hands>,
        cache: CachedFetch<FixedFetch>,
    }

    impl World {
        fn new(bounds: Bounds, documents: &[(&str, usize, Option<u64>)]) -> Self {
            let hands = Arc::new(Hands(Mutex::new(OffsetDateTime::UNIX_EPOCH)));
            let mut table = FixedFetch::new();
            for (path, length, seconds) in documents {
                table = table.with_document(Document {
                    url: url(path),
                    media_type: "application/json".into(),
                    body: vec![b' '; *length],
                    fresh_for: seconds.map(Duration::from_secs),
                });
            }
            let cache = CachedFetch::new(table, hands.clone(), bounds);
            Self { hands, cache }
        }

        fn wait(&self, seconds: u64) {
            *self.hands.0.lock().unwrap() += Duration::from_secs(seconds);
        }

        async fn get(&self, path: &str) -> usize {
            self.cache
                .get(&url(path), "application/json")
                .await
                .unwrap();
            self.cache.inner.calls().len()
        }
    }

    fn url(path: &str) -> Url {
        Url::parse("https://issuer.example/")
            .unwrap()
            .join(path)
            .unwrap()
    }

    #[tokio::test]
    async fn a_document_is_asked_for_once_while_it_is_fresh() {
        let world = World::new(Bounds::default(), &[("a", 1, Some(100)), ("b", 1, Some(0))]);
        assert_eq!(world.get("a").await, 1);
        world.wait(99);
        assert_eq!(world.get("a").await, 1);
        world.wait(1);
        assert_eq!(world.get("a").await, 2);
        assert_eq!(world.get("b").await, 3);
        assert_eq!(world.get("b").await, 4);
    }

    #[tokio::test]
    async fn long_and_silent_ages_are_capped() {
        let world = World::new(
            Bounds::default(),
            &[("year", 1, Some(u64::MAX)), ("silent", 1, None)],
        );
        world.get("year").await;
        assert_eq!(world.get("silent").await, 2);
        world.wait(60);
        assert_eq!(world.get("year").await, 2);
        assert_eq!(world.get("silent").await, 3);
        world.wait(240);
        assert_eq!(world.get("year").await, 4);
    }

    #[tokio::test]
    async fn another_accept_is_another_document() {
        let world = World::new(Bounds::default(), &[("a", 1, None)]);
        assert_eq!(world.get("a").await, 1);
        world.cache.get(&url("a"), "*/*").await.unwrap();
        assert_eq!(world.cache.inner.calls().len(), 2);
    }

    #[tokio::test]
    async fn the_oldest_go_when_there_are_too_many_or_too_long_ones() {
        let documents = [
            ("a", 40, None),
            ("b", 40, None),
            ("c", 40, None),
            ("huge", 101, None),
        ];
        for bounds in [
            Bounds {
                entries: 2,
                ..Bounds::default()
            },
            Bounds {
                bytes: 100,
                ..Bounds::default()
            },
        ] {
            let world = World::new(bounds, &documents);
            for path in ["a", "b", "c"] {
                world.get(path).await;
            }
            assert_eq!(world.get("b").await, 3);
            assert_eq!(world.get("c").await, 3);
            assert_eq!(world.get("a").await, 4);
        }
        let world = World::new(
            Bounds {
                bytes: 100,
                ..Bounds::default()
            },
            &documents,
        );
        world.get("huge").await;
        assert_eq!(world.get("huge").await, 2);
    }

    #[tokio::test]
    async fn failures_are_not_kept() {
        let world = World::new(Bounds::default(), &[]);
        for calls in 1..=2 {
            let error = world.cache.get(&url("a"), "*/*").await.unwrap_err();
            assert_eq!(error.why, Failure::NotInTheTable);
            assert_eq!(world.cache.inner.calls().len(), calls);
        }
    }
}
