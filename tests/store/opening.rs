use badgeons::config::Database;
use badgeons::store::{Create, Tx};
use sqlx::Executor as _;

use super::achievements::tamper;
use super::*;
use crate::harness::databases::on_each_empty_database;

#[test]
fn a_new_database_is_migrated_once() {
    on_each_empty_database(|database| async move {
        let store = Store::open(&database, Create::IfMissing).await.unwrap();
        let before = store.status().await.unwrap();
        assert_eq!(before.pending(), before.migrations.len());
        let outdated = store.require_current().await.unwrap_err();
        assert!(
            matches!(outdated, StoreError::Outdated { pending: 18 }),
            "{outdated}"
        );
        assert_eq!(
            store.status().await.unwrap(),
            before,
            "asking writes nothing"
        );

        assert_eq!(store.migrate().await.unwrap(), (1..=18).collect::<Vec<_>>());
        assert_eq!(store.status().await.unwrap().pending(), 0);
        store.require_current().await.unwrap();
        assert!(store.migrate().await.unwrap().is_empty());
        store.close().await;
    });
}

#[test]
fn those_that_migrate_at_once_do_it_once() {
    on_each_empty_database(|database| async move {
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let database = database.clone();
                tokio::spawn(async move {
                    let store = Store::open(&database, Create::IfMissing).await?;
                    store.migrate().await?;
                    store.require_current().await?;
                    store.close().await;
                    Ok::<_, StoreError>(())
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_database_newer_than_the_program_is_refused() {
    on_each_database(|store| async move {
        tamper(
            &store,
            "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 18",
        )
        .await
        .unwrap();
        for outcome in [
            store.require_current().await,
            store.migrate().await.map(drop),
            store.status().await.map(drop),
        ] {
            let error = outcome.unwrap_err();
            assert!(
                matches!(error, StoreError::Newer { version: 9999 }),
                "{error}"
            );
            assert!(error.to_string().contains("newer than this version"));
        }
    });
}

#[test]
fn a_migration_with_another_text_is_refused() {
    on_each_database(|store| async move {
        let other_digest = match store {
            Store::Sqlite { .. } => {
                "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 3"
            }
            Store::Postgres(_) => {
                "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 3"
            }
        };
        tamper(&store, other_digest).await.unwrap();
        let error = store.migrate().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Altered { version: 3 }),
            "{error}"
        );
    });
}

#[test]
fn a_reading_transaction_can_not_write() {
    in_each_world(|world| async move {
        let mut tx = world.store.read().await.unwrap();
        let outcome = tx.update_issuer_profile(world.issuer, "{}", LATER).await;
        assert!(matches!(outcome, Err(StoreError::Failed(_))), "{outcome:?}");
    });
}

#[test]
fn a_reading_transaction_sees_one_moment() {
    in_each_world(|world| async move {
        let mut reading = world.store.read().await.unwrap();
        let before = reading.issuers().await.unwrap();
        World::named(world.store.clone(), "other").await;
        assert_eq!(reading.issuers().await.unwrap(), before);
        assert_eq!(
            world
                .store
                .read()
                .await
                .unwrap()
                .issuers()
                .await
                .unwrap()
                .len(),
            2
        );
    });
}

#[test]
fn a_missing_file_is_made_only_when_asked_and_is_private() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/badgeons.db");
    let database = Database::Sqlite(path.clone());
    runtime.block_on(async {
        let error = Store::open(&database, Create::Never).await.unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error}");
        assert!(error.to_string().contains("badgeons init"));
        assert!(!path.parent().unwrap().exists(), "nothing was made");

        let store = Store::open(&database, Create::IfMissing).await.unwrap();
        store.migrate().await.unwrap();
        #[cfg(unix)]
        for file in ["badgeons.db", "badgeons.db-wal", "badgeons.db-shm"] {
            use std::os::unix::fs::PermissionsExt as _;
            let metadata = std::fs::metadata(path.with_file_name(file)).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{file}");
        }
        store.close().await;
        Store::open(&database, Create::Never)
            .await
            .unwrap()
            .require_current()
            .await
            .unwrap();
    });
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "these are notes, and quite a few of them".repeat(100),
    )
    .unwrap();
    let error = runtime
        .block_on(Store::open(
            &Database::Sqlite(path.clone()),
            Create::IfMissing,
        ))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("notes.txt") && error.contains("not a database"),
        "{error}"
    );
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("these are notes")
    );

    let within_a_file = Database::Sqlite(path.join("x.db"));
    let error = runtime
        .block_on(Store::open(&within_a_file, Create::IfMissing))
        .unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error}");
}

#[test]
fn a_server_that_does_not_answer_is_named_without_the_password() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = "postgres://user:hush-hush@127.0.0.1:1/badges";
    let database = Database::parse(address.into()).unwrap();
    let error = runtime
        .block_on(Store::open(&database, Create::IfMissing))
        .unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }));
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"));
}

#[test]
fn a_database_that_is_locked_from_outside_is_said_to_be_busy() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("x.db"));
    runtime.block_on(async {
        let store = Store::open(&database, Create::IfMissing).await.unwrap();
        store.migrate().await.unwrap();
        let other = Store::open(&database, Create::Never).await.unwrap();
        let _held = store.write().await.unwrap();
        // Another process waits half a minute; a test does not.
        let Store::Sqlite { writer, .. } = &other else {
            panic!("SQLite was asked for")
        };
        writer
            .acquire()
            .await
            .unwrap()
            .execute("PRAGMA busy_timeout = 10")
            .await
            .unwrap();
        let error = other.write().await.unwrap_err();
        assert!(matches!(error, StoreError::Busy), "{error}");
    });
}

#[test]
fn what_a_column_can_not_hold_is_said_without_the_value() {
    in_each_world(|world| async move {
        world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        // Constraints off, as in a database that somebody repaired by hand.
        let corrupt = match &mut tx {
            Tx::Sqlite(tx) => tx
                .execute("PRAGMA ignore_check_constraints = ON; UPDATE credentials SET state = 'hush'")
                .await
                .map(drop),
            Tx::Postgres(tx) => tx
                .execute("ALTER TABLE credentials DROP CONSTRAINT credentials_state_check; UPDATE credentials SET state = 'hush'")
                .await
                .map(drop),
        };
        corrupt.unwrap();
        let error = tx.credential_by_award_key([1; 32]).await.unwrap_err();
        assert!(
            matches!(&error, StoreError::Unreadable { column, .. } if column.contains("state")),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("hush"));
    });
}
