//! An installation in a temporary folder: a clock that stands still, known randomness, and nobody
//! to ask on the network.

use std::future::Future;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use badgeons::clock::FixedClock;
use badgeons::config::{Database, Settings};
use badgeons::entropy::{Entropy, SeededEntropy};
use badgeons::fetch::{Fetch, FixedFetch};
use badgeons::ids::CredentialId;
use badgeons::openbadges::verify::Report;
use badgeons::recognition::entry::Entry;
use badgeons::services::batches::{Dealt, Fate, How};
use badgeons::services::issuers::NewIssuer;
use badgeons::services::presenting::{Format, Pictures};
use badgeons::services::{Error, Services, World};
use badgeons::store::{Create, Store};
use serde_json::Value;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

use super::databases::on_each_empty_database;

/// When tests take place.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-23 10:00 UTC);

/// Where the world reaches a public installation.
pub(crate) const ADDRESS: &str = "https://badges.example.org";

/// The issuer's short name.
pub(crate) const ISSUER: &str = "pays-de-vannes";

/// An installation, open; every verb of [`Services`] is one of its own.
#[derive(Clone)]
pub(crate) struct App {
    services: Services,
    pub(crate) settings: Settings,
    pub(crate) world: World,
    _folder: Arc<TempDir>,
}

/// Runs `test` on a new installation with an https address (issuer: did:web), on each database.
pub(crate) fn on_each_public<F, T>(test: F)
where
    F: Fn(App) -> T,
    T: Future<Output = ()>,
{
    on_each(Some(ADDRESS), test);
}

/// Runs `test` on a new installation without an address (issuer: did:key), on each database.
pub(crate) fn on_each_local<F, T>(test: F)
where
    F: Fn(App) -> T,
    T: Future<Output = ()>,
{
    on_each(None, test);
}

fn on_each<F, T>(address: Option<&'static str>, test: F)
where
    F: Fn(App) -> T,
    T: Future<Output = ()>,
{
    let test = &test;
    on_each_empty_database(|database| async move {
        let app = App::new(database, address).await;
        test(app.clone()).await;
        app.services.close().await;
    });
}

impl App {
    /// A new installation on an empty database.
    pub(crate) async fn new(database: Database, address: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(database, folder.path(), address);
        let world = world(NOW, Arc::new(FixedFetch::new()));
        let made = Services::initialise(settings.clone(), world.clone(), issuer()).await;
        Self {
            services: made.unwrap().0,
            settings,
            world,
            _folder: Arc::new(folder),
        }
    }

    /// The same installation, opened at another time.
    pub(crate) async fn at(&self, now: OffsetDateTime) -> Self {
        let world = World {
            clock: Arc::new(FixedClock(now)),
            ..self.world.clone()
        };
        self.reopened(world).await
    }

    /// The same installation, opened with another source of randomness.
    pub(crate) async fn with_entropy(&self, entropy: impl Entropy + 'static) -> Self {
        self.reopened(World {
            entropy: Arc::new(entropy),
            ..self.world.clone()
        })
        .await
    }

    /// The same installation, with those documents to be had on the network.
    pub(crate) async fn with_fetch(&self, fetch: impl Fetch + 'static) -> Self {
        self.reopened(World {
            fetch: Arc::new(fetch),
            ..self.world.clone()
        })
        .await
    }

    async fn reopened(&self, world: World) -> Self {
        let services = Services::open(self.settings.clone(), world.clone())
            .await
            .unwrap();
        Self {
            services,
            world,
            ..self.clone()
        }
    }

    /// Its rows.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.settings.database, Create::Never)
            .await
            .unwrap()
    }

    /// Issues one badge as `badgeons issue` does, and tells what came of it.
    pub(crate) async fn ask(&self, achievement: &str, entry: Entry) -> Result<Dealt, Error> {
        self.issue_entry(None, achievement, entry, None, How::Once)
            .await
    }

    /// Issues one badge that must come about.
    pub(crate) async fn badge(&self, achievement: &str, entry: Entry) -> CredentialId {
        let dealt = self.ask(achievement, entry).await.unwrap();
        match &dealt.awards[..] {
            [award] if matches!(award.fate, Fate::Issued { .. }) => award.fate.id().unwrap(),
            _ => panic!("not issued: {dealt:?}"),
        }
    }

    /// A badge's bytes in one form.
    pub(crate) async fn presented(&self, id: CredentialId, format: Format) -> Vec<u8> {
        self.present(id, format, &mut Pictures::default())
            .await
            .unwrap()
    }

    /// A badge as JSON.
    pub(crate) async fn document(&self, id: CredentialId) -> Value {
        serde_json::from_slice(&self.presented(id, Format::Json).await).unwrap()
    }

    /// What this installation says of a badge of its own.
    pub(crate) async fn judged(&self, id: CredentialId) -> Report {
        let bytes = self.presented(id, Format::Json).await;
        self.verifier().verify(&bytes, None).await.unwrap()
    }
}

impl Deref for App {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

/// A world that stands still.
pub(crate) fn world(now: OffsetDateTime, fetch: Arc<dyn Fetch>) -> World {
    World {
        clock: Arc::new(FixedClock(now)),
        entropy: Arc::new(SeededEntropy::new(7)),
        fetch,
    }
}

/// Settings of an installation in `folder`.
pub(crate) fn settings(database: Database, folder: &Path, address: Option<&str>) -> Settings {
    Settings {
        data_dir: folder.join("data"),
        keys_dir: folder.join("keys"),
        database,
        public_url: address.map(|address| address.parse().unwrap()),
        allow_loopback: false,
    }
}

/// Who issues in the tests.
pub(crate) fn issuer() -> NewIssuer {
    NewIssuer {
        name: "Collectif Exemple du pays de Vannes".into(),
        slug: Some(ISSUER.into()),
        url: Some("https://collectif.example.org".into()),
        email: Some("contact@collectif.example.org".into()),
        country: Some("FR".into()),
        region: Some("Bretagne".into()),
        siret: None,
    }
}
