//! The tables, brought up to date: `migrations/sqlite` and `migrations/postgres`, embedded.

use sqlx::migrate::{Migrate as _, MigrateError, Migrator};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Store, StoreError, Tx};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Where the driver notes what was applied.
const NOTES: &str = "_sqlx_migrations";

/// Each migration this program knows, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The migrations.
    pub migrations: Vec<AppliedOrNot>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedOrNot {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Whether this database has it.
    pub applied: bool,
}

impl Status {
    /// How many are still to be applied.
    pub fn pending(&self) -> usize {
        self.migrations
            .iter()
            .filter(|migration| !migration.applied)
            .count()
    }
}

impl Store {
    /// Applies what is pending and returns the numbers of what was; two that start at once do it
    /// once.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Altered`]: nothing was changed then;
    /// [`StoreError::Migration`].
    pub async fn migrate(&self) -> Result<Vec<i64>, StoreError> {
        let before = self.status().await?;
        match self {
            Self::Sqlite { writer, .. } => {
                // The driver takes no lock on SQLite; this transaction is one, and makes it all or
                // nothing.
                let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                SQLITE
                    .run_direct(None, &mut *tx, false)
                    .await
                    .map_err(from_migrating)?;
                tx.commit().await?;
            }
            Self::Postgres(pool) => {
                // A connection of its own: the driver's advisory lock ends with it, also when a
                // migration fails.
                let mut connection = pool.connect_options().connect().await?;
                let outcome = POSTGRES.run_direct(None, &mut connection, false).await;
                connection.close().await?;
                outcome.map_err(from_migrating)?;
            }
        }
        let pending = before
            .migrations
            .into_iter()
            .filter(|migration| !migration.applied);
        Ok(pending.map(|migration| migration.version).collect())
    }

    /// Compares the database with what this program knows; writes nothing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Altered`].
    pub async fn status(&self) -> Result<Status, StoreError> {
        let mut tx = self.read().await?;
        let noted = match &mut tx {
            Tx::Sqlite(tx) => {
                sqlx::query_scalar("SELECT count(*) > 0 FROM sqlite_master WHERE name = $1")
                    .bind(NOTES)
                    .fetch_one(&mut **tx)
                    .await?
            }
            Tx::Postgres(tx) => {
                sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
                    .bind(NOTES)
                    .fetch_one(&mut **tx)
                    .await?
            }
        };
        let applied = if noted {
            on_each!(&mut tx, connection => connection.list_applied_migrations(NOTES).await)
                .map_err(from_migrating)?
        } else {
            Vec::new()
        };
        let known = match self {
            Self::Sqlite { .. } => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        };
        for migration in &applied {
            match known
                .iter()
                .find(|known| known.version == migration.version)
            {
                None => {
                    return Err(StoreError::Newer {
                        version: migration.version,
                    });
                }
                Some(known) if known.checksum != migration.checksum => {
                    return Err(StoreError::Altered {
                        version: migration.version,
                    });
                }
                Some(_) => {}
            }
        }
        let migrations = known
            .iter()
            .map(|known| AppliedOrNot {
                version: known.version,
                name: known.description.to_string(),
                applied: applied
                    .iter()
                    .any(|applied| applied.version == known.version),
            })
            .collect();
        Ok(Status { migrations })
    }

    /// Makes sure that all tables are there.
    ///
    /// # Errors
    /// [`StoreError::Outdated`], and as [`Store::status`].
    pub async fn require_current(&self) -> Result<(), StoreError> {
        match self.status().await?.pending() {
            0 => Ok(()),
            pending => Err(StoreError::Outdated { pending }),
        }
    }
}

fn from_migrating(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer { version },
        MigrateError::VersionMismatch(version) => StoreError::Altered { version },
        MigrateError::Execute(error) => error.into(),
        other => StoreError::Migration(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_migrations_in_the_same_order() {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator
                .iter()
                .map(|m| (m.version, m.description.to_string()))
                .collect()
        };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        assert!(
            names(&SQLITE)
                .iter()
                .map(|(version, _)| *version)
                .eq(1..=18)
        );
    }
}
