//! Opening the database, and saying well why it does not open.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Store, StoreError};
use crate::config::Database;

/// How long a write waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;

/// Whether a database file that is not there is made. A PostgreSQL database is never made: its
/// administrator gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// Only `badgeons init` and `badgeons demo` make one.
    IfMissing,
    /// All else opens what is there.
    Never,
}

impl Store {
    /// Opens the database; its tables are another matter ([`Store::migrate`],
    /// [`Store::require_current`]).
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::CannotOpen`], [`StoreError::Unreachable`].
    pub async fn open(database: &Database, create: Create) -> Result<Self, StoreError> {
        match database {
            Database::Sqlite(path) => {
                make_or_miss(path, create)?;
                open_sqlite(path)
                    .await
                    .map_err(|error| StoreError::CannotOpen {
                        path: path.clone(),
                        reason: reason(&error),
                    })
            }
            Database::Postgres { address, host } => {
                open_postgres(address.expose())
                    .await
                    .map_err(|error| StoreError::Unreachable {
                        host: host.clone(),
                        reason: reason(&error),
                    })
            }
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Store, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A badge that was handed out must survive a loss of power (FULL costs 1 to 14 percent).
        .synchronous(SqliteSynchronous::Full)
        // 256 MiB of log before it is folded into the file: a page that many commits change is then written
        // to the file once. Award keys and look-ups are hashes, so a batch changes pages all over their
        // indexes (measured with 500,000 rows: a fifth less time than with 32 MiB).
        .pragma("wal_autocheckpoint", "65536")
        // What was erased is overwritten, not only forgotten.
        .pragma("secure_delete", "ON");
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            // A file does not hang up; asking whether it did costs as much as a statement.
            .test_before_acquire(false)
    };
    let mut tries = 0;
    let writer = loop {
        match pool()
            .max_connections(1)
            // At most 64 MiB, for the same reason; less is used where less is written.
            .connect_with(options.clone().pragma("cache_size", "-65536"))
            .await
        {
            // While another process makes the file, SQLite refuses to wait: both are about to change
            // the journal's mode.
            Err(error) if is_locked(&error) && tries < 100 => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            outcome => break outcome?,
        }
    };
    let readers = pool()
        .max_connections(READERS)
        .min_connections(0)
        // 2 MiB each: the system keeps the file's pages too.
        .connect_lazy_with(options.pragma("cache_size", "-2048").pragma("query_only", "ON"));
    Ok(Store::Sqlite {
        writer,
        readers,
        waiting: Arc::default(),
        turn: Arc::default(),
        behind: false,
    })
}

async fn open_postgres(address: &str) -> Result<Store, sqlx::Error> {
    let options = PgConnectOptions::from_str(address)?
        .application_name("badgeons")
        .options([
            ("lock_timeout", "30s"),
            // Compiling a statement takes longer than any of ours (24 ms, measured on ten million badges).
            ("jit", "off"),
            ("idle_in_transaction_session_timeout", "5min"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    Ok(Store::Postgres(pool))
}

fn is_locked(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY
    error
        .as_database_error()
        .and_then(DatabaseError::code)
        .is_some_and(|code| code == "5")
}

/// Makes the file, empty and readable by its owner only, or says that it is missing. SQLite gives
/// its log files the mode of the file itself.
fn make_or_miss(path: &Path, create: Create) -> Result<(), StoreError> {
    if create == Create::Never {
        return match path.try_exists() {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Missing { path: path.into() }),
            Err(error) => Err(cannot_open(path, &error)),
        };
    }
    let mut directory = fs::DirBuilder::new();
    let mut file = fs::OpenOptions::new();
    directory.recursive(true);
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut directory, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    }
    let made = match path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        Some(parent) => directory.create(parent),
        None => Ok(()),
    }
    .and_then(|()| file.open(path));
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(cannot_open(path, &error)),
        _ => Ok(()),
    }
}

fn cannot_open(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::CannotOpen {
        path: path.into(),
        reason: error.to_string(),
    }
}

/// The system's or the server's own words, without the driver's around them.
fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::PoolTimedOut => "it does not answer in time".to_owned(),
        other => other.to_string(),
    }
}
