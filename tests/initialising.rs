//! From an empty folder to an installation, and back into it with the right master key only.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use badgeons::config::{Database, Settings};
use badgeons::fetch::FixedFetch;
use badgeons::services::issuers::NewIssuer;
use badgeons::services::opening::{Initialised, migrate};
use badgeons::services::{Error, Services};
use badgeons::store::{Create, Store};
use sha2::{Digest as _, Sha256};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::harness::app::{NOW, issuer, on_each_local, on_each_public, settings, world};
use crate::harness::binary::Badgeons;
use crate::harness::judging::assert_valid;
use crate::harness::rows::enora;

/// The tests' master key as text.
const GIVEN: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

async fn initialise(settings: &Settings) -> Result<Initialised, Error> {
    let world = world(NOW, Arc::new(FixedFetch::new()));
    let (services, made) = Services::initialise(settings.clone(), world, issuer()).await?;
    services.close().await;
    Ok(made)
}

/// A folder in which an installation was made and closed, on SQLite.
async fn installation() -> (TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("data/badgeons.db"));
    let settings = settings(database, folder.path(), None);
    initialise(&settings).await.unwrap();
    (folder, settings)
}

/// Every file below a folder with its digest; not the empty log and the locks that SQLite leaves.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let ending = path.extension().unwrap().to_str().unwrap();
        if ending != "db-shm" && !(ending == "db-wal" && bytes.is_empty()) {
            found.push((path, Sha256::digest(bytes).to_vec()));
        }
    }
    found.sort();
    found
}

fn master_key(settings: &Settings) -> PathBuf {
    settings.keys_dir.join("master.key")
}

/// What an error about the master key says.
fn about_the_key<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::KeyUnavailable(text)) => text,
        other => panic!("not refused for its master key: {other:?}"),
    }
}

#[tokio::test]
async fn everything_that_is_missing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("data/badgeons.db"));
    let settings = settings(database, folder.path(), None);
    let made = initialise(&settings).await.unwrap();
    assert!(made.database_made && made.master_key_made && made.issuer_made);
    assert_eq!(made.achievements, 46);
    assert_eq!(made.master_key, master_key(&settings).display().to_string());
    let names = files(folder.path()).into_iter().map(|(path, _)| path);
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            folder.path().join("data/badgeons.db"),
            master_key(&settings)
        ],
        "and nothing else"
    );
}

#[test]
fn a_new_installation_issues_and_its_badge_is_valid() {
    on_each_local(|app| async move {
        let id = app.badge("participant-fresque-climat", enora()).await;
        assert_valid(&app.judged(id).await);
    });
}

#[test]
fn without_an_address_the_issuer_is_its_key_and_with_one_it_is_that_address() {
    on_each_local(|app| async move {
        assert!(
            app.issuers().await.unwrap()[0]
                .id
                .starts_with("did:key:z6Mk")
        );
    });
    on_each_public(|app| async move {
        let expected = "did:web:badges.example.org:issuers:pays-de-vannes";
        assert_eq!(app.issuers().await.unwrap()[0].id, expected);
    });
}

#[test]
fn run_twice_it_changes_nothing() {
    on_each_local(|app| async move {
        let state = || async {
            let mut tx = app.store().await.read().await.unwrap();
            let issuers = tx.issuers().await.unwrap();
            let achievements = tx.achievements(None).await.unwrap();
            let keys = tx.keys(issuers[0].id).await.unwrap();
            (
                issuers,
                achievements,
                keys,
                tx.audit(None, 1000).await.unwrap(),
            )
        };
        let (before, key) = (state().await, files(&app.settings.keys_dir));
        let again = initialise(&app.settings).await.unwrap();
        assert!(!again.database_made && !again.master_key_made && !again.issuer_made);
        assert_eq!(again.achievements, 46);
        assert_eq!(state().await, before);
        assert_eq!(files(&app.settings.keys_dir), key);
    });
}

#[test]
fn a_second_issuer_can_be_made_beside_the_first() {
    on_each_local(|app| async move {
        let second = NewIssuer {
            name: "Autre Collectif".into(),
            slug: None,
            ..issuer()
        };
        let made = Services::initialise(app.settings.clone(), app.world.clone(), second).await;
        let (services, made) = made.unwrap();
        assert!(made.issuer_made && !made.database_made && !made.master_key_made);
        assert_eq!(services.issuers().await.unwrap().len(), 2);
        let error = services.keys(None).await.unwrap_err().to_string();
        assert!(
            error.contains("--issuer") && error.contains("autre-collectif"),
            "{error}"
        );
    });
}

#[tokio::test]
async fn another_master_key_is_recognised_and_nothing_is_touched() {
    let (folder, settings) = installation().await;
    fs::write(master_key(&settings), GIVEN).unwrap();
    let before = files(folder.path());
    let said = about_the_key(initialise(&settings).await);
    assert!(
        said.contains("not the one the database was made with"),
        "{said}"
    );
    let world = world(NOW, Arc::new(FixedFetch::new()));
    about_the_key(Services::open(settings.clone(), world).await);
    assert_eq!(files(folder.path()), before);
}

#[tokio::test]
async fn another_master_key_does_not_even_bring_an_old_database_up_to_date() {
    let (folder, settings) = installation().await;
    let file = folder.path().join("data/badgeons.db");
    let mut connection = SqliteConnectOptions::new()
        .filename(&file)
        .connect()
        .await
        .unwrap();
    connection
        .execute("DROP TABLE issuer_details")
        .await
        .unwrap();
    connection
        .execute("DELETE FROM _sqlx_migrations WHERE version = 12")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let key = fs::read(master_key(&settings)).unwrap();
    fs::write(master_key(&settings), GIVEN).unwrap();
    let before = files(folder.path());
    about_the_key(initialise(&settings).await);
    assert_eq!(files(folder.path()), before);
    // With its own key, it is.
    fs::write(master_key(&settings), key).unwrap();
    assert!(initialise(&settings).await.unwrap().database_made);
}

#[test]
fn a_lost_master_key_is_not_replaced_by_another() {
    on_each_local(|app| async move {
        fs::remove_file(master_key(&app.settings)).unwrap();
        let said = about_the_key(initialise(&app.settings).await);
        assert!(
            said.contains("there is no master key") && said.contains("its own back"),
            "{said}"
        );
        assert!(!master_key(&app.settings).exists());
        about_the_key(Services::open(app.settings.clone(), app.world.clone()).await);
    });
}

#[tokio::test]
async fn a_master_key_others_can_read_is_refused() {
    let (folder, settings) = installation().await;
    fs::set_permissions(master_key(&settings), fs::Permissions::from_mode(0o644)).unwrap();
    let before = files(folder.path());
    let said = about_the_key(initialise(&settings).await);
    assert!(said.contains("chmod 600"), "{said}");
    assert_eq!(files(folder.path()), before);
    fs::set_permissions(master_key(&settings), fs::Permissions::from_mode(0o600)).unwrap();
    initialise(&settings).await.unwrap();
}

#[tokio::test]
async fn a_refused_master_key_leaves_no_database_behind() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("data/badgeons.db"));
    let settings = settings(database, folder.path(), None);
    fs::create_dir(&settings.keys_dir).unwrap();
    fs::write(master_key(&settings), "not a key").unwrap();
    fs::set_permissions(master_key(&settings), fs::Permissions::from_mode(0o600)).unwrap();
    about_the_key(initialise(&settings).await);
    assert!(!folder.path().join("data").exists());
}

#[tokio::test]
async fn what_was_not_initialised_says_which_command_helps() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("badgeons.db");
    let settings = settings(Database::Sqlite(file), folder.path(), None);
    let world = world(NOW, Arc::new(FixedFetch::new()));
    let open = || async {
        let refused = Services::open(settings.clone(), world.clone())
            .await
            .unwrap_err();
        assert!(matches!(refused, Error::NotReady(_)), "{refused:?}");
        refused.to_string()
    };
    assert!(open().await.contains("badgeons init"));
    Store::open(&settings.database, Create::IfMissing)
        .await
        .unwrap()
        .close()
        .await;
    assert!(open().await.contains("badgeons database migrate"));
    migrate(&settings.database).await.unwrap();
    assert!(open().await.contains("badgeons init"));
}

#[tokio::test]
async fn an_issuer_that_can_not_be_one_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(folder.path().join("data/badgeons.db"));
    let settings = settings(database, folder.path(), None);
    for (wrong, because) in [
        (
            NewIssuer {
                name: " ".into(),
                ..issuer()
            },
            "a name",
        ),
        (
            NewIssuer {
                slug: Some("É".into()),
                ..issuer()
            },
            "short name",
        ),
        (
            NewIssuer {
                url: Some("x".into()),
                ..issuer()
            },
            "web address",
        ),
        (
            NewIssuer {
                country: Some("France".into()),
                ..issuer()
            },
            "country",
        ),
        (
            NewIssuer {
                siret: Some("1".into()),
                ..issuer()
            },
            "SIRET",
        ),
        (
            NewIssuer {
                email: Some("x".into()),
                ..issuer()
            },
            "e-mail",
        ),
    ] {
        let world = world(NOW, Arc::new(FixedFetch::new()));
        let refused = Services::initialise(settings.clone(), world, wrong)
            .await
            .unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
        assert!(refused.to_string().contains(because), "{refused}");
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn the_master_key_may_come_from_the_environment_and_then_no_file_is_made() {
    let badgeons = Badgeons::new().with("BADGEONS_MASTER_KEY", GIVEN);
    let made = badgeons
        .run(&["init", "--issuer", "Collectif Exemple", "--json"])
        .succeeded();
    assert_eq!(
        made.json()["master_key"],
        "the environment (BADGEONS_MASTER_KEY)"
    );
    assert_eq!(made.json()["master_key_made"], false);
    assert!(!badgeons.path("keys").exists());
    badgeons.run(&["keys", "list"]).succeeded();
}

#[test]
fn a_wrong_master_key_in_the_environment_is_said_and_never_repeated() {
    let badgeons = Badgeons::initialised().with("BADGEONS_MASTER_KEY", GIVEN);
    let ran = badgeons.run(&["keys", "list"]).exits(2);
    assert!(
        ran.stderr
            .contains("not the one the database was made with"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains(GIVEN));
}
