//! What the product does; every verb is a method of [`Services`], one file of verbs per subject.
//!
//! Here the pure rooms (`openbadges`, `recognition`) meet the world (`store`, `keystore`, `fetch`):
//! load, decide, sign, store, tell. A verb takes and gives values that a command line, a server or a
//! page can use alike; it knows nothing of any of them. Personal data and key material never get into
//! an error's text or a `Debug`.
//!
//! - [`opening`]: from an empty folder to an installation, and back into it; [`actor`]: who acts,
//!   [`access`]: with which token.
//! - [`audit`]: who did what, provably.
//! - [`idempotency`]: what is sent again is done once.
//! - [`issuers`], [`profiles`], [`keys`], [`achievements`]: who issues, with what, which badges.
//! - [`issuing`]: awards to signed credentials; `weighing`: which are to be made; `together`: single ones that arrive at the same time;
//!   [`batches`]: the same for a roster; [`renewing`]: the same award for the time that follows.
//! - [`checking`]: what would be signed, held to everything before it is.
//! - [`credentials`]: issued badges listed, read, erased.
//! - [`standing`]: revoke, suspend, reinstate; [`publishing`], [`status_lists`]: what the world reads of us.
//! - [`showing`]: a badge for its page; [`directory`]: all badges that can be issued; [`holders`]: what its holder decides.
//! - [`presenting`]: a credential as JSON, JWT, PNG, SVG; [`verifying`]: anybody's.
//! - [`vc_api`]: credentials that are no badges, as the W3C's VC API has them signed and verified.

pub mod access;
pub mod achievements;
pub mod actor;
pub mod audit;
pub mod batches;
pub mod checking;
mod cores;
pub mod credentials;
pub mod directory;
mod drawable;
pub mod error;
pub mod holders;
pub mod idempotency;
pub mod issuers;
pub mod issuing;
mod judging;
pub mod keys;
pub mod opening;
mod operator_texts;
mod picture;
pub mod presenting;
pub mod profiles;
pub mod publishing;
pub mod renewing;
pub mod showing;
mod signing;
pub mod slug;
pub mod standing;
pub mod status_lists;
mod stock;
mod together;
pub mod vc_api;
pub mod verifying;
mod weighing;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use self::achievements::Awardables;
use self::cores::Cores;
use self::directory::Directory;
use self::status_lists::Editions;
use self::stock::Stock;
use self::together::Arrivals;
use crate::clock::{Clock, SystemClock};
use crate::config::Settings;
use crate::entropy::{Entropy, SystemEntropy};
use crate::fetch::cache::Bounds;
use crate::fetch::{CachedFetch, Fetch, Guard, HttpFetch, Limits};
use crate::keystore::Keystore;
use crate::openbadges::model::Timestamp;
use crate::store::Store;

pub use actor::Actor;
pub use error::Error;

/// What the services need of the world besides database and keys; tests bring their own.
#[derive(Debug, Clone)]
pub struct World {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness for keys, salts and identifiers.
    pub entropy: Arc<dyn Entropy>,
    /// Other people's documents.
    pub fetch: Arc<dyn Fetch>,
}

impl World {
    /// The real one. `allow_loopback` lets documents come from this very machine, for development.
    pub fn real(allow_loopback: bool) -> Self {
        let clock = Arc::new(SystemClock);
        let fetch = HttpFetch::new(Guard { allow_loopback }, Limits::default());
        Self {
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            fetch: Arc::new(CachedFetch::new(fetch, clock, Bounds::default())),
        }
    }

    /// Now, in whole seconds: the precision in which things are signed.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from(self.clock.now()).whole_seconds()
    }
}

/// An installation that is open: its database, its keys, its settings and the world around it.
#[derive(Debug, Clone)]
pub struct Services {
    store: Store,
    keystore: Arc<Keystore>,
    settings: Arc<Settings>,
    world: World,
    actor: Arc<Actor>,
    editions: Arc<Editions>,
    directory: Arc<Directory>,
    arrivals: Arc<Arrivals>,
    stock: Arc<Stock>,
    cores: Cores,
    awardables: Arc<Awardables>,
    /// Told when a batch comes in.
    batches_waiting: Arc<tokio::sync::Notify>,
    /// Rows of batches that were dealt with here.
    batch_rows: Arc<AtomicU64>,
    /// Who signs what the VC API is asked to, where that is offered.
    vc_api: Option<Arc<issuers::Issuer>>,
}

/// How busy a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Single awards that wait for their turn to be issued.
    pub awards_waiting: usize,
    /// Connections to the database.
    pub connections: usize,
    /// How many of them have nothing to do.
    pub idle_connections: usize,
    /// Rows of batches that were dealt with since it began.
    pub batch_rows: u64,
}

impl Services {
    /// The settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Now, by the installation's own clock.
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// How busy it is at this moment.
    pub fn load(&self) -> Load {
        let (connections, idle_connections) = self.store.connections();
        Load {
            awards_waiting: self.arrivals.waiting(),
            connections,
            idle_connections,
            batch_rows: self.batch_rows.load(Ordering::Relaxed),
        }
    }

    /// An identifier nobody had before.
    pub fn random_id(&self) -> Result<uuid::Uuid, Error> {
        Ok(crate::ids::random_uuid(self.world.entropy.as_ref())?)
    }

    /// Whether the world reaches us under an address that signatures may name.
    fn is_public(&self) -> bool {
        self.address("").is_some()
    }

    /// An address below our public one, which signatures may name; `None` where the world can't
    /// reach us over https.
    fn address(&self, path: &str) -> Option<String> {
        let public = self.settings.public_url.as_ref();
        Some(public.filter(|url| url.is_https())?.join(path))
    }
}
