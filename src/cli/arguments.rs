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
use crate::services::verifying::{Trust, Verifier};
use crate::services::{Services, World};
use crate::spreadsheet::ResultFormat;
use crate::texts::Language;

/// Where data and keys are, and under which address the world reaches us.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Where")]
pub(super) struct Place {
    /// Folder of the database and of what goes with it (default: data)
    #[arg(long, global = true, env = config::DATA_DIR, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// Folder of the master key (default: keys)
    #[arg(long, global = true, env = config::KEYS_DIR, value_name = "DIR")]
    keys_dir: Option<PathBuf>,

    /// Database, as `sqlite:FILE` or `postgres://…` (default: SQLite in the data folder)
    #[arg(long, global = true, env = config::DATABASE_URL, value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,

    /// Public https address of this installation, under which verifiers look up its keys; without
    /// one, a new issuer is identified by its key
    #[arg(long, global = true, env = config::PUBLIC_URL, value_name = "URL")]
    public_url: Option<String>,
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

    /// A verifier, which needs no installation. A database that just lies where a person is may be
    /// anybody's: it came with the badge, perhaps.
    pub(super) async fn verifier(&self, allow_loopback: bool) -> anyhow::Result<Verifier> {
        let settings = self.settings(allow_loopback)?;
        let trust = if self.names_database() {
            Trust::Named
        } else {
            Trust::Found
        };
        Ok(Verifier::open(&settings, World::real(allow_loopback), trust).await?)
    }

    /// Whether it was said which database is meant.
    pub(super) fn names_database(&self) -> bool {
        given(self.data_dir.as_ref()).is_some()
            || self
                .database_url
                .as_ref()
                .is_some_and(|url| !url.trim().is_empty())
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
        for (option, folder) in [
            ("--data-dir", &self.data_dir),
            ("--keys-dir", &self.keys_dir),
        ] {
            if let Some(folder) = given(folder.as_ref()) {
                words.extend([option.to_owned(), quoted(folder)]);
            }
        }
        words.join(" ")
    }

    fn settings(&self, allow_loopback: bool) -> anyhow::Result<Settings> {
        let given = Given {
            data_dir: self.data_dir.clone(),
            keys_dir: self.keys_dir.clone(),
            database_url: self.database_url.clone().map(Into::into),
            public_url: self.public_url.clone(),
            allow_loopback,
        };
        Settings::new(given).map_err(|error| WrongUse(error.to_string()).into())
    }
}

/// A folder that was named; an empty environment variable names none.
fn given(folder: Option<&PathBuf>) -> Option<&PathBuf> {
    folder.filter(|folder| !folder.as_os_str().is_empty())
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

/// In which language rows are told of.
#[derive(Debug, Clone, Args)]
pub(super) struct LanguageArgument {
    /// Language in which rows are told of: en, fr or br (default: your system's, else en)
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
}

impl LanguageArgument {
    /// The one that was asked for, else that of whoever types.
    pub(super) fn language(&self) -> Language {
        self.language.unwrap_or_else(|| {
            let locale = config::locale().unwrap_or_default();
            let code = locale.get(..2).filter(|_| {
                // “fra” is not “fr”, and a language alone is a locale too.
                !locale
                    .get(2..3)
                    .is_some_and(|next| next.bytes().all(|it| it.is_ascii_alphabetic()))
            });
            code.and_then(Language::of_code).unwrap_or(Language::En)
        })
    }
}

fn language(code: &str) -> Result<Language, String> {
    Language::of_code(code).ok_or_else(|| "write en, fr or br".into())
}

/// A file that a result is written to; its name says as what.
#[derive(Debug, Clone)]
pub(super) struct ResultPath {
    pub(super) path: PathBuf,
    pub(super) format: ResultFormat,
}

impl FromStr for ResultPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let is = |wanted: &str| {
            let extension = path.extension();
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
        };
        let format = if is("csv") {
            ResultFormat::Csv
        } else if is("xlsx") {
            ResultFormat::Xlsx
        } else {
            return Err("name a file that ends in .csv or .xlsx".into());
        };
        Ok(Self { path, format })
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
