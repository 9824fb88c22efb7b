//! When somebody last had to wait to write where one writes at a time, so that whoever writes much writes
//! little at a time then.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// For how long whoever waited is expected to come again.
const LATELY: Duration = Duration::from_secs(1);

/// When somebody waited last.
#[derive(Debug)]
pub struct Waiting {
    begun: Instant,
    /// In milliseconds since `begun`; nobody waited yet where it is 0.
    last: AtomicU64,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            last: AtomicU64::new(0),
        }
    }
}

impl Waiting {
    /// Somebody waits at this moment.
    pub(super) fn note(&self) {
        self.last.store(self.age().max(1), Ordering::Relaxed);
    }

    /// Whether somebody waits, or did so not long ago.
    pub(super) fn lately(&self) -> bool {
        let last = self.last.load(Ordering::Relaxed);
        last > 0 && u128::from(self.age().saturating_sub(last)) < LATELY.as_millis()
    }

    fn age(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_remembered_for_a_moment() {
        let waiting = Waiting::default();
        assert!(!waiting.lately());
        waiting.note();
        assert!(waiting.lately());
        let long_ago = Waiting {
            begun: Instant::now().checked_sub(LATELY * 3).unwrap(),
            last: AtomicU64::new(1),
        };
        assert!(!long_ago.lately());
    }
}
