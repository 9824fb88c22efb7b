//! The one door to the current time.
//!
//! Nothing else in the house asks what time it is: a service holds a [`Clock`], and the pure core is
//! given an instant as an argument. Tests stop the clock with [`FixedClock`].

use time::OffsetDateTime;

/// Tells the current instant, in UTC.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current instant, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// A clock that stands still at the instant it was given, for tests and reproducible demonstrations.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub OffsetDateTime);

impl Clock for FixedClock {
    fn now(&self) -> OffsetDateTime {
        self.0
    }
}
