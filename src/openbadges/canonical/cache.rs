//! Processed contexts, kept for the next document.
//!
//! Processing the pinned contexts costs a hundred times what a credential does, so each is processed
//! once per place it is used in. Only contexts that pinned contexts alone made are kept for other
//! documents; those a document's own definitions touched are kept for that document only.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use super::context::Context;

/// How many contexts are kept between documents; an Open Badge uses about twenty.
const CAPACITY: usize = 512;

/// Which context a step of processing starts from, and what it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A pinned context, by its position in the table, applied to a context by its number.
    Url { onto: u64, position: usize },
    /// The context of a type's definition.
    OfType { onto: u64, scoped: u64 },
    /// The context of a property's definition.
    OfProperty { onto: u64, scoped: u64 },
}

/// The contexts kept, by what made them.
#[derive(Debug, Default)]
pub(super) struct Cache(HashMap<Key, Arc<Context>>);

impl Cache {
    pub(super) fn get(&self, key: Key) -> Option<Arc<Context>> {
        self.0.get(&key).cloned()
    }

    pub(super) fn put(&mut self, key: Key, context: &Arc<Context>) {
        // A stranger who combines pinned contexts in ever new ways costs time, never memory. Emptying
        // the cache rather than closing it lets the honest documents that follow have it back.
        if self.0.len() >= CAPACITY {
            self.0.clear();
        }
        self.0.insert(key, Arc::clone(context));
    }
}

static SHARED: LazyLock<RwLock<Cache>> = LazyLock::new(RwLock::default);

/// A context kept from another document.
pub(super) fn shared(key: Key) -> Option<Arc<Context>> {
    SHARED
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(key)
}

/// Keeps a context for other documents, if pinned contexts alone made it.
pub(super) fn share(key: Key, context: &Arc<Context>) {
    if context.pinned {
        SHARED
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .put(key, context);
    }
}

/// The initial context, the same for all documents.
pub(super) fn initial() -> Arc<Context> {
    static INITIAL: LazyLock<Arc<Context>> = LazyLock::new(|| Arc::new(Context::initial()));
    Arc::clone(&INITIAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_never_grows_beyond_its_capacity() {
        let mut cache = Cache::default();
        let context = initial();
        for onto in 0..3 * CAPACITY as u64 {
            let key = Key::Url { onto, position: 0 };
            cache.put(key, &context);
            assert!(cache.get(key).is_some() && cache.0.len() <= CAPACITY);
        }
    }

    #[test]
    fn what_a_document_defined_is_not_shared() {
        let own = Arc::new(Context {
            id: u64::MAX,
            pinned: false,
            ..Context::initial()
        });
        let key = Key::Url {
            onto: u64::MAX,
            position: 0,
        };
        share(key, &own);
        assert!(shared(key).is_none());
    }
}
