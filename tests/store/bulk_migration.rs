//! Migrations 15 to 18 on a database that has been in use: what was signed reads back, what was only reserved
//! is nothing that anybody has.

use std::path::Path;

use badgeons::config::Database;
use badgeons::ids::{BatchId, StatusListId};
use badgeons::store::{
    BatchState, Create, CredentialState, Duplicates, Jwt, JwtAlgorithm, Standing, Tx,
};
use sqlx::migrate::Migrator;

use super::achievements::{assert_immutable, tamper};
use super::*;
use crate::harness::databases::on_each_empty_database;

/// The blind index of whoever all awards are for.
const ENORA: [u8; 32] = [9; 32];

/// Runs a statement that an older version of the store would make.
macro_rules! run {
    ($store:expr, $sql:expr $(, $bound:expr)*) => {{
        let mut tx = $store.write().await.unwrap();
        match &mut tx {
            Tx::Sqlite(tx) => sqlx::query($sql)$(.bind($bound))*.execute(&mut **tx).await.map(drop),
            Tx::Postgres(tx) => sqlx::query($sql)$(.bind($bound))*.execute(&mut **tx).await.map(drop),
        }
        .unwrap();
        tx.commit().await.unwrap();
    }};
}

/// A database as it was before migration 15, in use.
struct Old {
    world: World,
    /// Signed with both algorithms, from a batch, revoked.
    whole: CredentialId,
    /// Signed without any JWT.
    bare: CredentialId,
    /// Recorded and never signed, from the same batch.
    reserved: CredentialId,
    /// Revoked, so that the same award may be made anew.
    freed: CredentialId,
    batch: BatchId,
    list: StatusListId,
}

async fn before(database: &Database) -> Store {
    let store = Store::open(database, Create::IfMissing).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let migrations = async |kind: &str| Migrator::new(folder.join(kind)).await.unwrap();
    match &store {
        Store::Sqlite { writer, .. } => migrations("sqlite").await.run_to(14, writer).await,
        Store::Postgres(pool) => migrations("postgres").await.run_to(14, pool).await,
    }
    .unwrap();
    store
}

impl Old {
    async fn new(store: Store) -> Self {
        let world = World::new(store).await;
        let mint = || CredentialId::mint(&SystemEntropy).unwrap();
        let old = Self {
            whole: mint(),
            bare: mint(),
            reserved: mint(),
            freed: mint(),
            batch: BatchId::mint(&SystemEntropy).unwrap(),
            list: StatusListId::mint(&SystemEntropy).unwrap(),
            world,
        };
        let store = &old.world.store;
        run!(
            store,
            "INSERT INTO batches (id, issuer_id, digest, name, started_at, issued) \
             VALUES ($1, $2, $3, 'old.csv', '2026-01-02T03:04:05.000000Z', 2)",
            old.batch,
            old.world.issuer,
            vec![5_u8; 32]
        );
        run!(
            store,
            "INSERT INTO status_lists (id, issuer_id, purpose, size, capacity, taken, created_at) \
             VALUES ($1, $2, 'revocation', 131072, 65536, 4, '2026-01-02T03:04:05.000000Z')",
            old.list,
            old.world.issuer
        );
        let all = [old.whole, old.bare, old.reserved, old.freed];
        for (number, id) in all.into_iter().enumerate() {
            old.enter(id, u8::try_from(number).unwrap()).await;
        }
        for (id, es256, jwts) in [
            (
                old.whole,
                Some(old.world.p256),
                [Some("a.b.c"), Some("d.e.f")],
            ),
            (old.bare, None, [None, None]),
            (old.freed, None, [None, None]),
        ] {
            run!(
                store,
                "INSERT INTO signed_credentials (credential_id, subject_id, valid_from, issued_at, \
                 eddsa_key_id, es256_key_id, document, jwt_eddsa, jwt_es256) \
                 VALUES ($1, 'urn:uuid:x', '2026-01-02T03:04:05.000000Z', \
                 '2026-01-02T03:04:06.000000Z', $2, $3, $4, $5, $6)",
                id,
                old.world.ed25519,
                es256,
                DOCUMENT,
                jwts[0],
                jwts[1]
            );
        }
        run!(
            store,
            "UPDATE credentials SET state = 'issued' WHERE id <> $1",
            old.reserved
        );
        run!(
            store,
            "UPDATE credentials SET revoked_at = '2026-01-03T00:00:00.000000Z' WHERE id IN ($1, $2)",
            old.whole,
            old.freed
        );
        run!(
            store,
            "UPDATE credentials SET award_key = NULL WHERE id = $1",
            old.freed
        );
        old
    }

    /// Reserves an award, as it was done.
    async fn enter(&self, id: CredentialId, number: u8) {
        let world = &self.world;
        run!(
            world.store,
            "INSERT INTO credentials (id, issuer_id, achievement_version_id, batch_id, award_key, \
             state, attempt, reserved_at, activity, activity_folded) VALUES ($1, $2, $3, $4, $5, \
             'reserved', 1, '2026-01-02T03:04:05.000000Z', 'Fresquathon', 'fresquathon')",
            id,
            world.issuer,
            world.version,
            self.batch,
            vec![number; 32]
        );
        run!(
            world.store,
            "INSERT INTO recipients (credential_id, kind, lookup, name, email) \
             VALUES ($1, 'person', $2, 'Enora', 'enora@example.org')",
            id,
            ENORA.to_vec()
        );
        run!(
            world.store,
            "INSERT INTO status_entries (list_id, list_index, credential_id) VALUES ($1, $2, $3)",
            self.list,
            i64::from(number),
            id
        );
    }
}

/// Runs a test on a database of each kind that was in use before migration 15, and has all now.
fn on_each_migrated<T: Future<Output = ()>>(test: impl Fn(Old) -> T) {
    let test = &test;
    on_each_empty_database(|database| async move {
        let old = Old::new(before(&database).await).await;
        let store = old.world.store.clone();
        assert_eq!(store.migrate().await.unwrap(), [15, 16, 17, 18]);
        store.require_current().await.unwrap();
        test(old).await;
        store.close().await;
    });
}

#[test]
fn what_was_signed_before_reads_back_byte_for_byte() {
    on_each_migrated(|old| async move {
        let mut tx = old.world.store.read().await.unwrap();
        for id in [old.whole, old.bare] {
            let signed = tx.signed(id).await.unwrap().unwrap();
            assert_eq!(signed.document, DOCUMENT);
            assert_eq!(
                (signed.subject_id.as_str(), signed.key, signed.issued_at),
                (
                    "urn:uuid:x",
                    old.world.ed25519,
                    datetime!(2026-01-02 03:04:06 UTC)
                )
            );
            let row = tx.credential(id).await.unwrap().unwrap();
            assert_eq!(row.state, CredentialState::Issued);
            assert_eq!(row.valid_from, Some(datetime!(2026-01-02 03:04:05 UTC)));
            assert_eq!(
                (row.batch_id, row.activity.as_deref()),
                (Some(old.batch), Some("Fresquathon"))
            );
            assert_eq!(tx.recipient(id).await.unwrap().unwrap().name, "Enora");
        }
        let revoked = tx.credential(old.whole).await.unwrap().unwrap();
        assert_eq!(revoked.standing(), Standing::Revoked);
    });
}

#[test]
fn what_was_signed_before_is_found_by_its_day() {
    on_each_migrated(|old| async move {
        let mut tx = old.world.store.read().await.unwrap();
        for (from, found) in [
            (datetime!(2026-01-02 03:04:06 UTC), 3),
            (datetime!(2026-01-02 03:04:07 UTC), 0),
        ] {
            let filter = CredentialFilter {
                issued_from: Some(from),
                issued_before: Some(datetime!(2026-01-02 04:00 UTC)),
                ..CredentialFilter::default()
            };
            let listed = tx.credentials(&filter, None, 10).await.unwrap();
            assert_eq!(listed.len(), found, "{from}");
        }
    });
}

#[test]
fn what_was_revoked_before_is_listed_as_revoked() {
    on_each_migrated(|old| async move {
        let filter = CredentialFilter {
            issuer: Some(old.world.issuer),
            standing: Some(Standing::Revoked),
            ..CredentialFilter::default()
        };
        let mut tx = old.world.store.read().await.unwrap();
        let listed = tx.credentials(&filter, None, 10).await.unwrap();
        let listed: Vec<_> = listed.iter().map(|found| found.id).collect();
        assert_eq!(listed, [old.freed, old.whole]);
    });
}

#[test]
fn jwts_from_before_are_kept_as_they_are() {
    on_each_migrated(|old| async move {
        let jwt = |algorithm, key_id, jwt: &str| Jwt {
            algorithm,
            key_id,
            jwt: jwt.into(),
        };
        let world = &old.world;
        let expected = [
            jwt(JwtAlgorithm::Es256, world.p256, "d.e.f"),
            jwt(JwtAlgorithm::EdDsa, world.ed25519, "a.b.c"),
        ];
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.jwts(old.whole).await.unwrap(), expected);
        assert_eq!(tx.jwts(old.bare).await.unwrap(), []);
        assert!(
            !tx.insert_jwt(old.whole, &jwt(JwtAlgorithm::Es256, world.p256, "x"))
                .await
                .unwrap()
        );
        assert!(tx.insert_jwt(old.bare, &expected[0]).await.unwrap());
    });
}

#[test]
fn what_was_only_reserved_is_a_tombstone_that_names_nobody() {
    on_each_migrated(|old| async move {
        let mut tx = old.world.store.read().await.unwrap();
        let stone = tx.credential(old.reserved).await.unwrap().unwrap();
        assert_eq!(stone.state, CredentialState::Erased);
        assert_eq!((stone.batch_id, stone.activity.as_deref()), (None, None));
        assert_eq!((stone.issued_at, stone.subject_id.as_ref()), (None, None));
        assert_eq!(tx.recipient(old.reserved).await.unwrap(), None);
        let slots = tx.status_slots(old.reserved).await.unwrap();
        assert_eq!(slots.len(), 1, "its place is nobody else's");
        assert_eq!(tx.credential_by_award_key([2; 32]).await.unwrap(), None);
        drop(tx);
        // Whoever was to have it gets it now.
        old.world.issued(2).await;
    });
}

#[test]
fn keys_that_were_held_are_held() {
    on_each_migrated(|old| async move {
        for (number, holder, standing) in [
            (0, old.whole, Standing::Revoked),
            (1, old.bare, Standing::Good),
        ] {
            let key = RecipientKey::of(ENORA).award_key([number; 32]);
            let mut again = old.world.ready(number).await;
            again.award.award_key = key;
            assert!(old.world.store(&[again]).await.is_empty());
            let mut tx = old.world.store.read().await.unwrap();
            let held = tx.holding(&[key]).await.unwrap()[&key];
            assert_eq!(
                (held.id, held.standing, held.batch),
                (holder, standing, Some(old.batch))
            );
        }
    });
}

#[test]
fn all_awards_of_somebody_are_found_also_one_that_may_be_made_anew() {
    on_each_migrated(|old| async move {
        let found = old.world.of_recipient(ENORA).await;
        assert_eq!(found, [old.freed, old.bare, old.whole]);
    });
}

#[test]
fn places_from_before_are_never_given_out_again() {
    on_each_migrated(|old| async move {
        let places = old.world.places(3).await.concat();
        assert!(places.iter().all(|slot| slot.list != old.list));
        let mut tx = old.world.store.write().await.unwrap();
        assert_eq!(tx.status_list(old.list).await.unwrap().unwrap().taken, 4);
        assert!(tx.revoke(old.bare, "x", NOW).await.unwrap());
        assert_eq!(
            tx.set_places(old.list).await.unwrap(),
            [1],
            "their bits still show"
        );
    });
}

#[test]
fn batches_from_before_are_done_and_badge_classes_skip_duplicates() {
    on_each_migrated(|old| async move {
        let mut tx = old.world.store.read().await.unwrap();
        let batch = tx.batch(old.batch).await.unwrap().unwrap();
        assert_eq!((batch.state, batch.dry_run), (BatchState::Done, false));
        assert_eq!((batch.name.as_str(), batch.asked), ("old.csv", None));
        assert_eq!(tx.badges_of_batch(old.batch, 0, 9).await.unwrap().len(), 3);
        let duplicates = tx.duplicates(old.world.achievement).await.unwrap();
        assert_eq!(duplicates, Duplicates::Skip);
    });
}

#[test]
fn what_was_signed_before_is_still_protected_and_can_still_be_erased() {
    on_each_migrated(|old| async move {
        let store = &old.world.store;
        for (statement, table) in [
            (
                "UPDATE signed_credentials SET subject_id = 'x'",
                "signed_credentials",
            ),
            ("DELETE FROM signed_credentials", "signed_credentials"),
            ("UPDATE credential_jwts SET jwt = 'x'", "credential_jwts"),
            ("DELETE FROM credential_jwts", "credential_jwts"),
        ] {
            assert_immutable(tamper(store, statement).await, table);
        }
        let mut tx = store.write().await.unwrap();
        assert!(tx.erase(old.whole, NOW).await.unwrap());
        assert_eq!(tx.signed(old.whole).await.unwrap(), None);
        assert_eq!(tx.jwts(old.whole).await.unwrap(), []);
        assert!(tx.signed(old.bare).await.unwrap().is_some());
    });
}
