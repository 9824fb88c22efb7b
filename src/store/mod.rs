//! Rows in SQLite or PostgreSQL, and nothing but rows.
//!
//! One concrete [`Store`], no trait: each statement is one `$1`-style text that `on_each!` compiles
//! for both databases, so that the two can't drift apart. Everything happens in a [`Tx`]:
//! [`Store::read`] sees one moment and writes nothing, [`Store::glance`] is for one statement,
//! [`Store::write`] is lost unless it is committed. Time and randomness are arguments; a missing row
//! is `Ok(None)`.
//!
//! One file per resource, each with its rows and its part of [`Tx`]. A column is a line in both
//! folders of `migrations/` (a new file there) and in the file of its resource. Where a statement
//! truly differs, its two texts stand side by side in a `match`.
//!
//! Not here: what the rows mean together (`services`), keys opened (`keystore`).

/// Runs one expression on the transaction's connection, whichever database it is; in it, `Db` is the
/// database's type.
macro_rules! on_each {
    ($tx:expr, $connection:ident => $run:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                #[allow(dead_code, reason = "most statements need not name their database")]
                type Db = sqlx::Sqlite;
                let $connection = &mut **tx;
                $run
            }
            $crate::store::Tx::Postgres(tx) => {
                #[allow(dead_code, reason = "most statements need not name their database")]
                type Db = sqlx::Postgres;
                let $connection = &mut **tx;
                $run
            }
        }
    };
}

mod access_tokens;
mod achievements;
mod audit;
mod award_keys;
mod batch_parts;
mod batches;
mod columns;
mod credentials;
mod drafts;
mod erasing;
mod error;
mod holders;
mod idempotency;
mod installation;
mod issuer_details;
mod issuers;
mod issuing;
mod issuing_days;
mod jwts;
mod keys;
mod migrations;
mod opening;
mod packing;
mod places;
mod recipients;
mod standing;
mod status_lists;
mod waiting;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use self::waiting::Waiting;

pub use access_tokens::AccessToken;
pub use achievements::{Achievement, AchievementVersion, DirectoryState, Duplicates, NewVersion};
pub use audit::{AuditEntry, AuditHead};
pub use award_keys::RecipientKey;
pub use batch_parts::{HeldPart, NewPart, Part, PartCounts, Progress, RowsThat};
pub use batches::{Batch, BatchState, NewBatch};
pub use credentials::{Credential, CredentialFilter, CredentialState};
pub use drafts::Draft;
pub use error::StoreError;
pub use holders::{Holder, HolderRequest, RequestKind, Visibility};
pub use idempotency::{AnswerColumns, RepeatKey, Repeatable};
pub use installation::Installation;
pub use issuer_details::IssuerDetails;
pub use issuers::Issuer;
pub use issuing::{ActivityName, Holding, NewAward, NewCredential, NewSigned, Signed};
pub use jwts::{Jwt, JwtAlgorithm};
pub use keys::{ActiveKeys, KeyAlgorithm, NewKey, SigningKey};
pub use migrations::{AppliedOrNot, Status};
pub use opening::Create;
pub use packing::{Packed, Packer, PackingRoom, pack, unpack};
pub use recipients::{Recipient, RecipientKind};
pub use standing::{Change, Standing, StandingChange};
pub use status_lists::{StatusList, StatusPlan, StatusPurpose, StatusSlot};

/// The database of this installation.
#[derive(Clone)]
pub enum Store {
    /// A file of SQLite. One connection writes, so that writers queue fairly instead of polling the
    /// file's lock; the others only read.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that refuse to write.
        readers: SqlitePool,
        /// When somebody waited last whom somebody waits for.
        waiting: Arc<Waiting>,
        /// Those that nobody waits for write one after the other: whoever somebody waits for is next after
        /// one of them, not after all.
        turn: Arc<Mutex<()>>,
        /// Whether nobody waits for what this one writes.
        behind: bool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// A transaction: rolled back when dropped, kept when committed. Or a connection that is outside of
/// any ([`Store::glance`]).
#[derive(Debug)]
pub enum Tx {
    /// In SQLite.
    Sqlite(Held<Sqlite>),
    /// In PostgreSQL.
    Postgres(Held<Postgres>),
}

/// A connection of the pool, as it is held.
#[derive(Debug)]
pub enum Held<Db: Database> {
    /// In a transaction, and perhaps in the turn of those that nobody waits for.
    Transaction(Transaction<'static, Db>, Option<OwnedMutexGuard<()>>),
    /// For one statement.
    Glance(PoolConnection<Db>),
}

impl<Db: Database> Deref for Held<Db> {
    type Target = Db::Connection;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Transaction(tx, _) => tx,
            Self::Glance(connection) => connection,
        }
    }
}

impl<Db: Database> DerefMut for Held<Db> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Transaction(tx, _) => tx,
            Self::Glance(connection) => connection,
        }
    }
}

impl Store {
    /// A transaction that sees one moment of the database and can't write.
    ///
    /// # Errors
    /// [`StoreError`], as everywhere in this module.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                Tx::Sqlite(Held::Transaction(readers.begin().await?, None))
            }
            Self::Postgres(pool) => Tx::Postgres(Held::Transaction(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
                None,
            )),
        })
    }

    /// A connection for one statement that reads: it sees one moment without a transaction around
    /// it, which costs as much as three more statements. What belongs together is read in
    /// [`Store::read`].
    ///
    /// # Errors
    /// [`StoreError`], as everywhere in this module.
    pub async fn glance(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(Held::Glance(readers.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Held::Glance(pool.acquire().await?)),
        })
    }

    /// A transaction that writes. On SQLite there is one at a time. Hold it shortly, never while
    /// signing, and never begin another transaction while holding one: the two could wait for each
    /// other.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when other writers don't finish in time.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            // IMMEDIATE: a transaction that reads first and writes later could not be retried.
            Self::Sqlite {
                writer,
                waiting,
                turn,
                behind,
                ..
            } => {
                let turn = if *behind {
                    Some(Arc::clone(turn).lock_owned().await)
                } else {
                    waiting.note();
                    None
                };
                Tx::Sqlite(Held::Transaction(begin(writer).await?, turn))
            }
            Self::Postgres(pool) => Tx::Postgres(Held::Transaction(pool.begin().await?, None)),
        })
    }

    /// Whether the database is a server, which several nodes may share.
    pub fn is_a_server(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The same database for work that nobody waits for: it lets others write first.
    #[must_use]
    pub fn behind(&self) -> Self {
        let mut behind = self.clone();
        if let Self::Sqlite { behind, .. } = &mut behind {
            *behind = true;
        }
        behind
    }

    /// Whether somebody else waits to write who can't until this transaction ends, or did so not long ago.
    /// PostgreSQL has many writers.
    pub fn is_wanted(&self) -> bool {
        match self {
            Self::Sqlite { waiting, .. } => waiting.lately(),
            Self::Postgres(_) => false,
        }
    }

    /// Folds as much of SQLite's log into the file as can be without keeping anybody waiting. Else whoever
    /// writes would do it, and all others wait for that.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is lost.
    pub async fn fold_log(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { readers, .. } = self {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                .execute(readers)
                .await?;
        }
        Ok(())
    }

    /// Takes what was deleted out of SQLite's log as well, which keeps it until the log is folded into the
    /// file. `false` where somebody reads in it at this moment: it is folded later then. PostgreSQL's vacuum
    /// has ways of its own.
    ///
    /// # Errors
    /// [`StoreError`]; what was committed stays committed.
    pub async fn forget_deleted(&self) -> Result<bool, StoreError> {
        let Self::Sqlite { writer, .. } = self else {
            return Ok(true);
        };
        let mut connection = writer.acquire().await?;
        // Whoever reads for long keeps nobody from writing meanwhile.
        sqlx::query("PRAGMA busy_timeout = 500")
            .execute(&mut *connection)
            .await?;
        let folded: Result<(i64, i64, i64), _> = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *connection)
            .await;
        sqlx::query("PRAGMA busy_timeout = 30000")
            .execute(&mut *connection)
            .await?;
        Ok(folded?.0 == 0)
    }

    /// How many connections there are, and how many of them have nothing to do.
    pub fn connections(&self) -> (usize, usize) {
        let count = |size: u32, idle| (usize::try_from(size).unwrap_or(usize::MAX), idle);
        match self {
            Self::Sqlite {
                writer, readers, ..
            } => {
                let (writing, reading) = (
                    count(writer.size(), writer.num_idle()),
                    count(readers.size(), readers.num_idle()),
                );
                (
                    writing.0.saturating_add(reading.0),
                    writing.1.saturating_add(reading.1),
                )
            }
            Self::Postgres(pool) => count(pool.size(), pool.num_idle()),
        }
    }

    /// Closes all connections once they are free; SQLite then folds its log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite {
                writer, readers, ..
            } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Begins a transaction that writes. A full disk ends a transaction without its connection noticing, and
/// nothing could be begun on it any more: then another connection takes its place.
async fn begin(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match writer.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement | sqlx::Error::BeginFailed) => {
            writer.acquire().await?.close().await?;
            writer.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

impl Tx {
    /// Keeps what was written.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not keep it; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(held) => {
                let (tx, _turn) = held.transaction()?;
                tx.commit().await?;
            }
            Self::Postgres(held) => held.transaction()?.0.commit().await?,
        }
        Ok(())
    }

    /// Throws away what was written, at once (dropping does so too, a little later).
    ///
    /// # Errors
    /// [`StoreError`] when the connection is lost; then nothing was written either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(held) => {
                let (tx, _turn) = held.transaction()?;
                tx.rollback().await?;
            }
            Self::Postgres(held) => held.transaction()?.0.rollback().await?,
        }
        Ok(())
    }
}

impl<Db: Database> Held<Db> {
    /// The transaction, and the turn that ends after it.
    fn transaction(
        self,
    ) -> Result<(Transaction<'static, Db>, Option<OwnedMutexGuard<()>>), StoreError> {
        match self {
            Self::Transaction(tx, turn) => Ok((tx, turn)),
            Self::Glance(_) => Err(StoreError::Failed("a glance has nothing to end".into())),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite { .. } => "Store(SQLite)",
            Self::Postgres(_) => "Store(PostgreSQL)",
        })
    }
}
