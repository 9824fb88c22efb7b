//! Fills a database with copies of the credentials that are in it, a million at a time.

use std::path::Path;

use badgeons::ids::CredentialId;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use uuid::Uuid;

use super::List;

/// What is there to be asked for.
pub(crate) struct Sample {
    /// Credentials from all over.
    pub(crate) ids: Vec<CredentialId>,
    /// The list that gives out places.
    pub(crate) list: List,
    /// The position in the middle.
    pub(crate) middle: i64,
}

/// Places of a list that are given out.
const CAPACITY: u64 = 98_304;

/// Issued on each day up to today.
pub(crate) const A_DAY: u64 = 10_000;

/// As many credentials as were asked for, all of one batch and its issuer's.
pub(crate) async fn fill(postgres: Option<&str>, sqlite: &Path, rows: u64) -> Sample {
    match postgres {
        Some(url) => in_postgres(url, rows).await,
        None => in_sqlite(sqlite, rows).await,
    }
}

async fn in_postgres(url: &str, rows: u64) -> Sample {
    let pool = PgPool::connect(url).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let mut from = 0;
    while from < rows {
        let to = (from + 1_000_000).min(rows);
        let source = format!(
            "CREATE TEMP TABLE copies AS SELECT n, gen_random_uuid() AS id, c.id AS like_id, \
             sha256(('award ' || n)::bytea) AS award_key, \
             n / {CAPACITY} AS list, now() - make_interval(days => (({rows} - n) / {A_DAY})::int) AS at \
             FROM generate_series({from}, {}) AS n \
             JOIN LATERAL (SELECT id FROM credentials WHERE position = 1 + n % 200) c ON TRUE",
            to - 1
        );
        for sql in [
            source.as_str(),
            "INSERT INTO status_lists (id, issuer_id, purpose, size, capacity, taken, created_at) \
             SELECT md5('list ' || list)::uuid, (SELECT id FROM issuers ORDER BY position LIMIT 1), \
             'revocation', 131072, 98304, 98304, now() FROM copies GROUP BY list ON CONFLICT DO NOTHING",
            "INSERT INTO credentials (id, issuer_id, achievement_version_id, award_key, state, attempt, \
             reserved_at) SELECT x.id, c.issuer_id, c.achievement_version_id, x.award_key, c.state, 1, \
             x.at FROM copies x JOIN credentials c ON c.id = x.like_id ORDER BY x.n",
            "INSERT INTO recipients (credential_id, kind, name, email) SELECT x.id, r.kind, \
             r.name, r.email FROM copies x JOIN recipients r ON r.credential_id = x.like_id",
            "INSERT INTO signed_credentials (credential_id, subject_id, awarded_at, valid_from, \
             valid_until, issued_at, key_id, packing, document) SELECT x.id, s.subject_id, s.awarded_at, \
             s.valid_from, s.valid_until, x.at, s.key_id, s.packing, s.document FROM copies x \
             JOIN signed_credentials s ON s.credential_id = x.like_id",
            "INSERT INTO status_entries (list_id, list_index, credential_id) \
             SELECT md5('list ' || list)::uuid, n % 98304, id FROM copies",
            "INSERT INTO issuing_days (day, stretch) \
             SELECT DISTINCT floor(extract(epoch FROM x.at) / 86400)::bigint, c.position / 4096 \
             FROM copies x JOIN credentials c ON c.id = x.id",
            "DROP TABLE copies",
        ] {
            sqlx::query(AssertSqlSafe(sql.to_owned()))
                .execute(&mut *connection)
                .await
                .unwrap();
        }
        from = to;
    }
    // What is measured is a database at rest, not what making it leaves to be written.
    for sql in ["VACUUM ANALYZE", "CHECKPOINT"] {
        sqlx::query(sql).execute(&mut *connection).await.unwrap();
    }
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM credentials WHERE position > 200 AND position % greatest(1, \
         (SELECT max(position) FROM credentials) / 1000) = 0 LIMIT 1000",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let row = sqlx::query(
        "SELECT (SELECT id FROM status_lists WHERE seed IS NOT NULL ORDER BY position DESC LIMIT 1), \
         (SELECT max(position) / 2 FROM credentials)",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    sample(ids, row.get(0), row.get(1))
}

async fn in_sqlite(path: &Path, rows: u64) -> Sample {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("cache_size", "-262144")
        .pragma("synchronous", "OFF")
        .connect()
        .await
        .unwrap();
    let mut from = 0;
    while from < rows {
        let to = (from + 1_000_000).min(rows);
        let source = format!(
            "CREATE TEMP TABLE copies AS WITH RECURSIVE s(n) AS (SELECT {from} UNION ALL \
             SELECT n + 1 FROM s WHERE n < {}) SELECT n, randomblob(16) AS id, \
             (SELECT id FROM credentials WHERE position = 1 + n % 200) AS like_id, \
             randomblob(32) AS award_key, strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', \
             format('-%d days', ({rows} - n) / {A_DAY})) AS at, \
             CAST(printf('list%012d', n / {CAPACITY}) AS BLOB) AS list FROM s",
            to - 1
        );
        for sql in [
            source.as_str(),
            "INSERT OR IGNORE INTO status_lists (id, issuer_id, purpose, size, capacity, taken, \
             created_at) SELECT list, (SELECT id FROM issuers ORDER BY position LIMIT 1), 'revocation', \
             131072, 98304, 98304, '2026-01-01T00:00:00.000000Z' FROM copies GROUP BY list",
            "INSERT INTO credentials (id, issuer_id, achievement_version_id, award_key, state, attempt, \
             reserved_at) SELECT x.id, c.issuer_id, c.achievement_version_id, x.award_key, c.state, 1, \
             x.at FROM copies x JOIN credentials c ON c.id = x.like_id ORDER BY x.n",
            "INSERT INTO recipients (credential_id, kind, name, email) SELECT x.id, r.kind, \
             r.name, r.email FROM copies x JOIN recipients r ON r.credential_id = x.like_id \
             ORDER BY x.id",
            "INSERT INTO signed_credentials (credential_id, subject_id, awarded_at, valid_from, \
             valid_until, issued_at, key_id, packing, document) SELECT x.id, s.subject_id, s.awarded_at, \
             s.valid_from, s.valid_until, x.at, s.key_id, s.packing, s.document FROM copies x \
             JOIN signed_credentials s ON s.credential_id = x.like_id",
            "INSERT INTO status_entries (list_id, list_index, credential_id) \
             SELECT list, n % 98304, id FROM copies",
            "INSERT INTO issuing_days (day, stretch) \
             SELECT DISTINCT CAST(strftime('%s', x.at) AS INTEGER) / 86400, c.position / 4096 \
             FROM copies x JOIN credentials c ON c.id = x.id",
            "DROP TABLE copies",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ] {
            sqlx::query(AssertSqlSafe(sql.to_owned()))
                .execute(&mut connection)
                .await
                .unwrap();
        }
        from = to;
    }
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM credentials WHERE position > 200 AND position % max(1, \
         (SELECT max(position) FROM credentials) / 1000) = 0 LIMIT 1000",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let row = sqlx::query(
        "SELECT (SELECT id FROM status_lists WHERE seed IS NOT NULL ORDER BY position DESC LIMIT 1), \
         (SELECT max(position) / 2 FROM credentials)",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let sample = sample(ids, row.get(0), row.get(1));
    connection.close().await.unwrap();
    sample
}

fn sample(ids: Vec<Uuid>, list: Uuid, middle: i64) -> Sample {
    Sample {
        ids: ids.into_iter().map(CredentialId).collect(),
        list: badgeons::ids::StatusListId(list),
        middle,
    }
}
