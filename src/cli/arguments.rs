//! Arguments that every command takes: where the installation is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use time::Date;
use time::format_description::well_known::Iso8601;

use super::outcome::WrongUse;
use crate::config::{self, Given, Settings};
use crate::openbadges::model::Timestamp;
use crate::services::issuers::NewIssuer;
use crate::services::opening::{self, DatabaseStatus, Initialised};
use crate::services::verifying::Verifier;
use crate::services::{Services, World};

/// Where data and keys are when nobody says otherwise.
const DATA_DIR: &str = "data";
const KEYS_DIR: &str = "keys";

/// Where data and keys are, and under which address the world reaches us.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Where")]
pub(super) struct Place {
    /// Folder of the database and of what goes with it
    #[arg(long, global = true, env = config::DATA_DIR, default_value = DATA_DIR, value_name = "DIR")]
    pub(super) data_dir: PathBuf,

    /// Folder of the master key
    #[arg(long, global = true, env = config::KEYS_DIR, default_value = KEYS_DIR, value_name = "DIR")]
    pub(super) keys_dir: PathBuf,

    /// Database, as `sqlite:FILE` or `postgres://…` (default: SQLite in the data folder)
    #[arg(long, global = true, env = config::DATABASE_URL, value_name = "URL", hide_env_values = true)]
    pub(super) database_url: Option<String>,

    /// Public https address of this installation, under which verifiers look up its keys; without
    /// one, a new issuer is identified by its key
    #[arg(long, global = true, env = config::PUBLIC_URL, value_name = "URL")]
    pub(super) public_url: Option<String>,
}

impl Place {
    /// The installation, open.
    pub(super) async fn services(&self) -> anyhow::Result<Services> {
        Ok(Services::open(self.settings(false)?, World::real(false)).await?)
    }

    /// The installation, made where it isn't there.
    pub(super) async fn initialise(
        &self,
        first: NewIssuer,
    ) -> anyhow::Result<(Services, Initialised)> {
        Ok(Services::initialise(self.settings(false)?, World::real(false), first).await?)
    }

    /// A verifier, which needs no installation.
    pub(super) async fn verifier(&self, allow_loopback: bool) -> anyhow::Result<Verifier> {
        let settings = self.settings(allow_loopback)?;
        Ok(Verifier::open(&settings, World::real(allow_loopback)).await?)
    }

    /// The database, brought up to date.
    pub(super) async fn migrate(&self) -> anyhow::Result<DatabaseStatus> {
        Ok(opening::migrate(&self.settings(false)?.database).await?)
    }

    /// The database's migrations.
    pub(super) async fn database_status(&self) -> anyhow::Result<DatabaseStatus> {
        Ok(opening::database_status(&self.settings(false)?.database).await?)
    }

    /// A command as the reader of a message can type it: the program as it was called, and the
    /// folders of this installation where they aren't the usual ones.
    pub(super) fn command(&self, what: &str) -> String {
        let mut words = vec![quoted(&config::program()), what.to_owned()];
        for (option, folder, usual) in [
            ("--data-dir", &self.data_dir, DATA_DIR),
            ("--keys-dir", &self.keys_dir, KEYS_DIR),
        ] {
            if folder != Path::new(usual) {
                words.extend([option.to_owned(), quoted(folder)]);
            }
        }
        words.join(" ")
    }

    fn settings(&self, allow_loopback: bool) -> anyhow::Result<Settings> {
        let given = Given {
            data_dir: Some(self.data_dir.clone()),
            keys_dir: Some(self.keys_dir.clone()),
            database_url: self.database_url.clone().map(Into::into),
            public_url: self.public_url.clone(),
            allow_loopback,
        };
        Settings::new(given).map_err(|error| WrongUse(error.to_string()).into())
    }
}

/// A path as a shell takes it.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') {
        format!("\"{text}\"")
    } else {
        text
    }
}

/// A day, or an instant with its zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateArgument(pub(super) Timestamp);

impl FromStr for DateArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = |text: &str| format!("{text}T00:00:00Z").parse().ok();
        text.parse()
            .ok()
            .or_else(|| day(text))
            .map(Self)
            .ok_or_else(|| {
                "write a day as 2026-11-20, or an instant as 2026-11-20T14:00:00Z".into()
            })
    }
}

/// A day.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayArgument(pub(super) Date);

impl FromStr for DayArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Date::parse(text, &Iso8601::DATE)
            .map(Self)
            .map_err(|_| "write the day as 2023-10-14".into())
    }
}
