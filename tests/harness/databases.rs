//! One test body, both databases.
//!
//! SQLite in a temporary folder, always. PostgreSQL from `TEST_POSTGRES_URL` (a database in
//! which schemas may be made), else a throw-away cluster that `postgres.sh run` starts once for this
//! process and stops when the process is gone. Without PostgreSQL a run says so on standard error;
//! with `REQUIRE_POSTGRES=1` it fails.

use std::future::Future;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use badgeons::config::Database;
use badgeons::store::{Create, Store};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Runs `test` on an empty, migrated store of each kind, each in a runtime of its own.
pub(crate) fn on_each_database<F, T>(test: F)
where
    F: Fn(Store) -> T,
    T: Future<Output = ()>,
{
    let test = &test;
    on_each_empty_database(|database| async move {
        let store = Store::open(&database, Create::IfMissing).await.unwrap();
        store.migrate().await.unwrap();
        test(store.clone()).await;
        store.close().await;
    });
}

/// Runs `test` with the address of a database of each kind in which nothing is yet.
pub(crate) fn on_each_empty_database<F, T>(test: F)
where
    F: Fn(Database) -> T,
    T: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    named(
        "SQLite",
        test(Database::Sqlite(folder.path().join("test.db"))),
    );
    if let Some(server) = server() {
        named("PostgreSQL", async {
            let (schema, database) = make_schema(server).await;
            test(database).await;
            // A panic before this leaves the schema behind; a throw-away cluster goes as a whole.
            administer(server, format!("DROP SCHEMA {schema} CASCADE")).await;
        });
    }
}

/// Everything a database has on disk; nothing for one that is on a server.
pub(crate) fn on_disk(database: &Database) -> Vec<u8> {
    let Database::Sqlite(path) = database else {
        return Vec::new();
    };
    let log = path.with_extension("db-wal");
    let files = [path, &log].map(|file| std::fs::read(file).unwrap_or_default());
    files.concat()
}

/// Runs a future to its end, and says of which database a panic is.
fn named(database: &'static str, test: impl Future<Output = ()>) {
    struct Named(&'static str);
    impl Drop for Named {
        fn drop(&mut self) {
            if std::thread::panicking() {
                say(&format!("the panic above is on {}", self.0));
            }
        }
    }
    let _named = Named(database);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// A schema is as empty as a database, and ten times as fast to make and to drop.
async fn make_schema(server: &str) -> (String, Database) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let schema = format!("badgeons_test_{}_{number}", std::process::id());
    administer(
        server,
        format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}"),
    )
    .await;
    let mut address = url::Url::parse(server).unwrap();
    address
        .query_pairs_mut()
        .append_pair("options[search_path]", &schema);
    (schema, Database::parse(address.as_str().into()).unwrap())
}

async fn administer(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
    connection.close().await.unwrap();
}

/// The address of a PostgreSQL server for this process, if there is one.
fn server() -> Option<&'static str> {
    /// The child is kept so that its standard input stays open as long as this process lives.
    static CLUSTER: OnceLock<Option<(String, Option<Child>)>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| {
        let given = variable("TEST_POSTGRES_URL").map(|address| (address, None));
        let cluster = given.or_else(start_cluster);
        if cluster.is_none() {
            assert!(
                variable("REQUIRE_POSTGRES").as_deref() != Some("1"),
                "REQUIRE_POSTGRES=1, and there is no PostgreSQL"
            );
            say("WARNING: NOT TESTED ON POSTGRESQL: install it, or set TEST_POSTGRES_URL");
        }
        cluster
    });
    cluster.as_ref().map(|(address, _)| address.as_str())
}

fn start_cluster() -> Option<(String, Option<Child>)> {
    let mut child = Command::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/harness/postgres.sh"
    ))
    .arg("run")
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .ok()?;
    let mut address = String::new();
    BufReader::new(child.stdout.take()?)
        .read_line(&mut address)
        .ok()?;
    if !address.is_empty() {
        return Some((address.trim().to_owned(), Some(child)));
    }
    // 3: not installed. Whatever else goes wrong must not pass for that.
    assert_eq!(
        child.wait().unwrap().code(),
        Some(3),
        "postgres.sh failed; see above"
    );
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests ask for their setting"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Written straight to standard error: the test runner keeps what `eprintln!` writes to itself when
/// a test passes.
pub(crate) fn say(message: &str) {
    std::io::stderr()
        .write_all(format!("\n*** {message} ***\n").as_bytes())
        .unwrap();
}
