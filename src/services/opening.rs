//! From an empty folder to an installation, and back into it.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::audit::beginning;
use super::cores::Cores;
use super::issuers::{IssuerSummary, NewIssuer};
use super::{Actor, Error, Services, World};
use crate::config::database::SecretText;
use crate::config::signing::master_key_from_environment;
use crate::config::{Database, Settings};
use crate::keystore::{FILE_NAME, Keystore, KeystoreError, MasterKey};
use crate::store::{Create, Installation, Store};

/// What `badgeons init` made, and what was there before.
#[derive(Debug, Clone, Serialize)]
pub struct Initialised {
    /// The database, without its password.
    pub database: String,
    /// Whether its tables were made now.
    pub database_made: bool,
    /// Where the master key is.
    pub master_key: String,
    /// Whether it was made now.
    pub master_key_made: bool,
    /// The first issuer.
    pub issuer: IssuerSummary,
    /// Whether it was entered now.
    pub issuer_made: bool,
    /// How many badges can be issued.
    pub achievements: usize,
}

/// The migrations of a database.
#[derive(Debug, Clone, Serialize)]
pub struct DatabaseStatus {
    /// The database, without its password.
    pub database: String,
    /// Each migration, in order.
    pub migrations: Vec<Migration>,
}

/// A step of the database's tables.
#[derive(Debug, Clone, Serialize)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

impl Services {
    /// Opens an installation that [`Services::initialise`] made.
    ///
    /// # Errors
    /// [`Error::NotReady`] with the command that helps; [`Error::KeyUnavailable`] when the master key
    /// is missing or another installation's: nothing was touched then.
    pub async fn open(settings: Settings, world: World) -> Result<Self, Error> {
        let store = Store::open(&settings.database, Create::Never).await?;
        store.require_current().await?;
        let Some(installation) = store.glance().await?.installation().await? else {
            return Err(Error::NotReady(
                "this database belongs to no installation yet; run `badgeons init`".into(),
            ));
        };
        let keystore = open_keystore(&settings.keys_dir)?;
        keystore.recognise(installation.key_check)?;
        Ok(Self::of(store, keystore, settings, world))
    }

    /// An installation that is open, with nothing on its way yet.
    fn of(store: Store, keystore: Keystore, settings: Settings, world: World) -> Self {
        Self {
            store,
            keystore: Arc::new(keystore),
            settings: Arc::new(settings),
            world,
            actor: Actor::cli().into(),
            editions: Arc::default(),
            directory: Arc::default(),
            arrivals: Arc::default(),
            stock: Arc::default(),
            cores: Cores::default(),
            awardables: Arc::default(),
            batches_waiting: Arc::default(),
            batch_rows: Arc::default(),
            vc_api: None,
        }
    }

    /// Makes what is missing: database, tables, master key, the first issuer with its keys, and the
    /// founding badges. What is there stays as it is.
    ///
    /// # Errors
    /// [`Error::KeyUnavailable`] when the database was made with a master key that is not at hand: a
    /// new one would lock every key away for good.
    pub async fn initialise(
        settings: Settings,
        world: World,
        first: NewIssuer,
    ) -> Result<(Self, Initialised), Error> {
        let first = first.checked()?;
        // A key that can't be used is told of before anything is made, and one that is another's
        // before anything is changed.
        let at_hand = keystore_at_hand(&settings.keys_dir)?;
        let store = Store::open(&settings.database, Create::IfMissing).await?;
        let known = installation_of(&store).await?;
        if let Some(installation) = &known {
            open_keystore(&settings.keys_dir)?.recognise(installation.key_check)?;
        }
        let applied = store.migrate().await?;
        let master_key_made = at_hand.is_none();
        let keystore = match at_hand {
            Some(keystore) => keystore,
            None => Keystore::new(&MasterKey::create(
                &settings.keys_dir,
                world.entropy.as_ref(),
            )?),
        };
        if known.is_none() {
            let mut tx = store.write().await?;
            tx.insert_installation(keystore.check_value(), world.clock.now())
                .await?;
            tx.insert_audit_head(&beginning(&keystore)).await?;
            tx.commit().await?;
        }
        let services = Self::of(store, keystore, settings, world);
        let (issuer, issuer_made) = services.ensure_issuer(first).await?;
        let achievements = services.ensure_founding_achievements(&issuer).await?;
        let initialised = Initialised {
            database: services.settings.database.to_string(),
            database_made: !applied.is_empty(),
            master_key: master_key_place(&services.settings.keys_dir)?,
            master_key_made,
            issuer: issuer.summary(),
            issuer_made,
            achievements,
        };
        Ok((services, initialised))
    }

    /// Whether everything is there to work with: the database answers, has the tables of this
    /// version, and belongs to the master key.
    ///
    /// # Errors
    /// [`Error::NotReady`], [`Error::KeyUnavailable`], or what the database says.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store.require_current().await?;
        let installation = self.store.glance().await?.installation().await?;
        let check = installation.map(|installation| installation.key_check);
        match check {
            Some(check) => Ok(self.keystore.recognise(check)?),
            None => Err(Error::NotReady(
                "this database belongs to no installation".into(),
            )),
        }
    }

    /// Closes the database; SQLite then folds its log into the file.
    pub async fn close(self) {
        self.store.close().await;
    }
}

/// Brings the database up to date and tells what it has.
pub async fn migrate(database: &Database) -> Result<DatabaseStatus, Error> {
    let store = Store::open(database, Create::IfMissing).await?;
    store.migrate().await?;
    told(database, &store).await
}

/// Tells what the database has, and changes nothing.
pub async fn database_status(database: &Database) -> Result<DatabaseStatus, Error> {
    let store = Store::open(database, Create::Never).await?;
    told(database, &store).await
}

async fn told(database: &Database, store: &Store) -> Result<DatabaseStatus, Error> {
    let status = store.status().await?;
    store.close().await;
    let migrations = status
        .migrations
        .into_iter()
        .map(|step| Migration {
            version: step.version,
            name: step.name,
            applied: step.applied,
        })
        .collect();
    Ok(DatabaseStatus {
        database: database.to_string(),
        migrations,
    })
}

fn open_keystore(keys_dir: &Path) -> Result<Keystore, Error> {
    Ok(Keystore::open(keys_dir, given_master_key()?.as_ref())?)
}

/// The keystore; `None` where there is no master key.
fn keystore_at_hand(keys_dir: &Path) -> Result<Option<Keystore>, Error> {
    match Keystore::open(keys_dir, given_master_key()?.as_ref()) {
        Err(KeystoreError::Missing { .. }) => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

/// The installation this database belongs to, whatever tables it still lacks.
async fn installation_of(store: &Store) -> Result<Option<Installation>, Error> {
    // The first migration is the installation's own.
    match store.status().await?.migrations.first() {
        Some(first) if first.applied => Ok(store.glance().await?.installation().await?),
        _ => Ok(None),
    }
}

fn master_key_place(keys_dir: &Path) -> Result<String, Error> {
    Ok(match given_master_key()? {
        Some(_) => format!("the environment ({})", crate::config::MASTER_KEY),
        None => keys_dir.join(FILE_NAME).display().to_string(),
    })
}

fn given_master_key() -> Result<Option<SecretText>, Error> {
    master_key_from_environment().map_err(|error| Error::KeyUnavailable(error.to_string()))
}
