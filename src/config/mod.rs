//! Settings, read once at the start; nothing else reads the environment.
//!
//! The command line gathers what a person gave, as options or as the environment variables named
//! here ([`Given`]), and [`Settings::new`] turns it into values that cannot be wrong. The one secret,
//! the master key, never is an option (it would show in the list of processes): [`signing`] reads it
//! from the environment itself.
//!
//! To add a setting: a name here, a member of [`Given`] and of [`Settings`], and its type in the file
//! of its subject: [`database`], [`server`], [`signing`].

pub mod database;
pub mod server;
pub mod signing;

use std::path::PathBuf;

pub use database::Database;
pub use server::{PublicUrl, Server};

/// Names `--data-dir` in the environment.
pub const DATA_DIR: &str = "BADGEONS_DATA_DIR";
/// Names `--keys-dir` in the environment.
pub const KEYS_DIR: &str = "BADGEONS_KEYS_DIR";
/// Names `--database-url` in the environment.
pub const DATABASE_URL: &str = "BADGEONS_DATABASE_URL";
/// Names `--public-url` in the environment.
pub const PUBLIC_URL: &str = "BADGEONS_PUBLIC_URL";
/// Names `--allow-loopback` in the environment.
pub const ALLOW_LOOPBACK: &str = "BADGEONS_ALLOW_LOOPBACK";
/// Names `--listen` in the environment.
pub const LISTEN: &str = "BADGEONS_LISTEN";
/// Names `--metrics-listen` in the environment.
pub const METRICS_LISTEN: &str = "BADGEONS_METRICS_LISTEN";
/// Names `--rate-limit` in the environment.
pub const RATE_LIMIT: &str = "BADGEONS_RATE_LIMIT";
/// Names `--behind-proxy` in the environment.
pub const BEHIND_PROXY: &str = "BADGEONS_BEHIND_PROXY";
/// Names `--vc-api` in the environment.
pub const VC_API: &str = "BADGEONS_VC_API";
/// Names `--log-json` in the environment.
pub const LOG_JSON: &str = "BADGEONS_LOG_JSON";
/// Names `--server` in the environment.
pub const SERVER: &str = "BADGEONS_SERVER";
/// Names `--token` in the environment.
pub const TOKEN: &str = "BADGEONS_TOKEN";
/// The environment variable that holds the master key, where `keys/master.key` does not.
pub const MASTER_KEY: &str = "BADGEONS_MASTER_KEY";

/// What a person gave, as text, before anybody looked at it; an empty text counts as not given.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The data directory.
    pub data_dir: Option<PathBuf>,
    /// The directory of the master key.
    pub keys_dir: Option<PathBuf>,
    /// The database's address; it may hold a password.
    pub database_url: Option<database::SecretText>,
    /// The address under which the world reaches this installation.
    pub public_url: Option<String>,
    /// Whether documents may be fetched from this very machine, for development.
    pub allow_loopback: bool,
}

/// The settings of this run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the SQLite database is, and whatever else this installation keeps; default `data`.
    pub data_dir: PathBuf,
    /// Where the master key is; default `keys`.
    pub keys_dir: PathBuf,
    /// Which database; default the file `badgeons.db` in the data directory.
    pub database: Database,
    /// The address under which the world reaches this installation, if it does.
    pub public_url: Option<PublicUrl>,
    /// Whether `fetch` may ask this very machine: for development only.
    pub allow_loopback: bool,
}

impl Settings {
    /// Checks what was given and fills in the defaults.
    ///
    /// # Errors
    /// [`ConfigError`], naming the setting and what to write instead.
    pub fn new(given: Given) -> Result<Self, ConfigError> {
        let data_dir = directory(given.data_dir, "data");
        let database = match given.database_url {
            Some(address) if !address.is_blank() => Database::parse(address)?,
            _ => Database::Sqlite(data_dir.join("badgeons.db")),
        };
        let public_url = match given.public_url {
            Some(address) if !address.trim().is_empty() => Some(address.parse()?),
            _ => None,
        };
        Ok(Self {
            data_dir,
            keys_dir: directory(given.keys_dir, "keys"),
            database,
            public_url,
            allow_loopback: given.allow_loopback,
        })
    }
}

/// The program as it was called, to be called again.
pub fn program() -> PathBuf {
    let called = std::env::args_os().next();
    called.map_or_else(|| "badgeons".into(), PathBuf::from)
}

/// What the environment says of the language of whoever types, as in `fr_FR.UTF-8`: the first of
/// `LC_ALL`, `LC_MESSAGES` and `LANG` that says something (POSIX, 8.2).
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door to the environment"
)]
pub fn locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|said| !said.is_empty()))
}

fn directory(given: Option<PathBuf>, default: &str) -> PathBuf {
    given
        .filter(|path| !path.as_os_str().is_empty())
        .unwrap_or_else(|| default.into())
}

/// A setting that can't be used. Never repeats an address, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `--database-url` is no address of a database we know.
    #[error(
        "the database address can't be used: {0}; \
         write sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE"
    )]
    Database(String),
    /// `--public-url` can't begin the addresses of badges.
    #[error("the public address can't be used: {0}; write it as in https://badges.example.org")]
    PublicUrl(String),
    /// [`MASTER_KEY`] holds bytes that are no text.
    #[error("{MASTER_KEY} is not text; put the 64 characters of a master.key file there")]
    MasterKeyNotText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_given_gives_the_defaults() {
        let settings = Settings::new(Given::default()).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("data"));
        assert_eq!(settings.keys_dir, PathBuf::from("keys"));
        assert!(matches!(&settings.database, Database::Sqlite(path)
            if *path == PathBuf::from("data").join("badgeons.db")));
        assert!(settings.public_url.is_none() && !settings.allow_loopback);
    }

    #[test]
    fn an_empty_environment_variable_counts_as_not_given() {
        let given = Given {
            data_dir: Some(PathBuf::new()),
            keys_dir: Some(PathBuf::new()),
            database_url: Some(" ".into()),
            public_url: Some(String::new()),
            allow_loopback: false,
        };
        let settings = Settings::new(given).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("data"));
        assert!(matches!(settings.database, Database::Sqlite(_)));
        assert!(settings.public_url.is_none());
    }

    #[test]
    fn the_default_database_follows_the_data_directory() {
        let given = Given {
            data_dir: Some("elsewhere".into()),
            ..Given::default()
        };
        let settings = Settings::new(given).unwrap();
        assert!(matches!(settings.database, Database::Sqlite(path)
            if path.starts_with("elsewhere")));
    }
}
