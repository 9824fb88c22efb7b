//! What can go wrong with the database, in words for whoever runs the installation.
//!
//! Nothing of a row gets into an error: neither its text nor its `Debug` (a driver's own error holds
//! the offending values, so it is taken apart here and not kept).

use std::path::PathBuf;

use sqlx::error::{DatabaseError, ErrorKind};

use crate::entropy::NoEntropy;

/// The database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no database file yet.
    #[error("there is no database at {}; `badgeons init` makes one", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The file can't be opened or made.
    #[error("the database {} can't be opened: {reason}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the system or SQLite says.
        reason: String,
    },
    /// The PostgreSQL server can't be reached, or lets us not in.
    #[error("PostgreSQL at {host} can't be used: {reason}")]
    Unreachable {
        /// Host and port, or the socket's folder; never the whole address.
        host: String,
        /// What the system or the server says.
        reason: String,
    },
    /// Somebody else is writing and did not finish in time; trying again is right.
    #[error("the database is busy: another write did not finish in time; try again")]
    Busy,
    /// The disk is full, or what this installation may use of it.
    #[error("there is no room left for the database")]
    Full,
    /// The database was made by a newer version of this program.
    #[error(
        "the database is newer than this version of badgeons (it has migration {version}); \
         install that version or a later one"
    )]
    Newer {
        /// The first migration that is unknown here.
        version: i64,
    },
    /// Tables are missing: the database is older than this program.
    #[error("the database needs {pending} migration(s); run `badgeons database migrate`")]
    Outdated {
        /// How many.
        pending: usize,
    },
    /// A migration that was applied is not the one this program has.
    #[error("migration {version} was applied with another text than this version of badgeons has")]
    Altered {
        /// Which.
        version: i64,
    },
    /// A migration did not run; nothing of it was kept.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
    /// A value that must be unique is there already.
    #[error("another row of {table} has the same value already ({rule})")]
    Conflict {
        /// The table.
        table: String,
        /// The rule, as the database names it.
        rule: String,
    },
    /// A row names another one that is not there.
    #[error("a row of {table} names another one that does not exist")]
    Dangling {
        /// The table, where the database tells.
        table: String,
    },
    /// A value breaks a rule of its table.
    #[error("a row breaks a rule of the database: {rule}")]
    Refused {
        /// The rule, as the database names it.
        rule: String,
    },
    /// Something that never changes was about to.
    #[error("rows of {table} are never changed or deleted")]
    Immutable {
        /// The table.
        table: String,
    },
    /// A stored value is not what its column should hold.
    #[error("the database holds a value that can't be read, in column {column}: {reason}")]
    Unreadable {
        /// The column.
        column: String,
        /// Why.
        reason: String,
    },
    /// No randomness, no identifier and no place in a status list.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// Anything else the database or its connection says.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(error.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::ColumnDecode { index, source } => Self::Unreadable {
                column: index,
                reason: source.to_string(),
            },
            other => Self::Failed(other.to_string()),
        }
    }
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    let message = error.message();
    if let Some(table) = message.strip_prefix("immutable: ") {
        return StoreError::Immutable {
            table: table.into(),
        };
    }
    // SQLite: BUSY (5) and LOCKED (6), whatever their extension. PostgreSQL: serialization failure,
    // deadlock, lock not available.
    let code = error.code().unwrap_or_default();
    let sqlite = code.parse::<u32>().map(|code| code & 0xff);
    if matches!(sqlite, Ok(5 | 6)) && code.len() < 5
        || ["40001", "40P01", "55P03"].contains(&code.as_ref())
    {
        return StoreError::Busy;
    }
    // SQLite: FULL. PostgreSQL: disk full.
    if matches!(sqlite, Ok(13)) && code.len() < 5 || code == "53100" {
        return StoreError::Full;
    }
    // SQLite: "UNIQUE constraint failed: issuers.slug".
    let rule = error.constraint().map_or_else(
        || message.rsplit(": ").next().unwrap_or(message).to_owned(),
        ToOwned::to_owned,
    );
    let table = error.table().map_or_else(
        || rule.split('.').next().unwrap_or_default().to_owned(),
        ToOwned::to_owned,
    );
    match error.kind() {
        ErrorKind::UniqueViolation => StoreError::Conflict { table, rule },
        ErrorKind::ForeignKeyViolation => StoreError::Dangling {
            table: error.table().unwrap_or("the database").into(),
        },
        ErrorKind::NotNullViolation | ErrorKind::CheckViolation => StoreError::Refused { rule },
        _ => StoreError::Failed(message.to_owned()),
    }
}
