//! What no issuing can outdo, measured as simply as it can be.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, QueryBuilder};

const MEASURED: Duration = Duration::from_secs(2);

/// Ed25519 signatures of 64 bytes a second, on all cores.
pub(crate) fn signatures() -> f64 {
    let cores = std::thread::available_parallelism().unwrap().get();
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|core| {
                scope.spawn(move || {
                    let key = SigningKey::from_bytes(&[u8::try_from(core).unwrap(); 32]);
                    let (begun, mut count) = (Instant::now(), 0_u32);
                    while begun.elapsed() < MEASURED {
                        let message = [u8::try_from(count % 251).unwrap(); 64];
                        std::hint::black_box(key.sign(&message));
                        count += 1;
                    }
                    f64::from(count) / begun.elapsed().as_secs_f64()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    counts.iter().sum()
}

/// Blocks of 4 KiB written and on the disk, a second.
pub(crate) fn fsyncs(folder: &Path) -> f64 {
    let path = folder.join("fsync");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .unwrap();
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < MEASURED {
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    fs::remove_file(path).unwrap();
    rate
}

macro_rules! inserts {
    ($connection:expr, $database:ty) => {{
        let (begun, mut count) = (Instant::now(), 0_u32);
        while begun.elapsed() < MEASURED {
            let mut tx = $connection.begin().await.unwrap();
            for _ in 0..10 {
                let mut sql = QueryBuilder::<$database>::new("INSERT INTO raw (id, body) ");
                sql.push_values(0..100_u32, |mut row, _| {
                    row.push_bind(i64::from(count)).push_bind(vec![7_u8; 600]);
                    count += 1;
                });
                sql.build().execute(&mut *tx).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        f64::from(count) / begun.elapsed().as_secs_f64()
    }};
}

/// Rows of SQLite a second, with the settings of an installation.
pub(crate) async fn sqlite_inserts(folder: &Path) -> f64 {
    let mut connection = SqliteConnectOptions::new()
        .filename(folder.join("raw.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .unwrap();
    sqlx::query("CREATE TABLE raw (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
        .execute(&mut connection)
        .await
        .unwrap();
    let rate = inserts!(connection, sqlx::Sqlite);
    connection.close().await.unwrap();
    fs::remove_file(folder.join("raw.db")).unwrap();
    rate
}

/// Rows of PostgreSQL a second, as the server is set.
pub(crate) async fn postgres_inserts(url: &str) -> f64 {
    let pool = PgPool::connect(url).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    sqlx::query("CREATE TABLE raw (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)")
        .execute(&mut *connection)
        .await
        .unwrap();
    let rate = inserts!(connection, sqlx::Postgres);
    sqlx::query("DROP TABLE raw")
        .execute(&mut *connection)
        .await
        .unwrap();
    rate
}

/// The most memory this process has had, in MiB.
pub(crate) fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// The bytes of an SQLite database and of its log.
pub(crate) fn size(folder: &Path) -> u64 {
    let length = |name| fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    length("badgeons.db") + length("badgeons.db-wal")
}

/// The bytes of a PostgreSQL database.
pub(crate) async fn postgres_size(url: &str) -> u64 {
    let pool = PgPool::connect(url).await.unwrap();
    let size: i64 = sqlx::query_scalar("SELECT pg_database_size(current_database())")
        .fetch_one(&pool)
        .await
        .unwrap();
    u64::try_from(size).unwrap()
}
