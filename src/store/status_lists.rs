//! Status lists: places given out, and what shows there.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{StoreError, Tx, places};
use crate::entropy::Entropy;
use crate::ids::{CredentialId, IssuerId, StatusListId};

/// What a list tells (Bitstring Status List 1.0, `statusPurpose`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusPurpose {
    /// A set bit is for good.
    Revocation,
    /// A set bit may be cleared again.
    Suspension,
}

text_column!(StatusPurpose { Revocation = "revocation", Suspension = "suspension" });

/// In which lists new badges get a place, and how large a new list is.
#[derive(Debug, Clone, Copy)]
pub struct StatusPlan<'a> {
    /// One place for each of these.
    pub purposes: &'a [StatusPurpose],
    /// Places of a new list.
    pub size: u32,
    /// How many of them are given out before the next list begins: at most three quarters.
    pub capacity: u32,
}

/// A status list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StatusList {
    /// Its identifier here.
    pub id: StatusListId,
    /// Whose it is.
    pub issuer_id: IssuerId,
    /// What it tells.
    pub purpose: StatusPurpose,
    /// How many places it has.
    #[sqlx(try_from = "i64")]
    pub size: u32,
    /// How many of them are given out before the next list begins.
    #[sqlx(try_from = "i64")]
    pub capacity: u32,
    /// How many are given out.
    #[sqlx(try_from = "i64")]
    pub taken: u32,
    /// Grows whenever a bit changes: a signed list of the same revision is still right.
    pub revision: i64,
    /// When it was begun.
    pub created_at: OffsetDateTime,
}

/// A badge's place in a status list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromRow)]
pub struct StatusSlot {
    /// What the list tells.
    pub purpose: StatusPurpose,
    /// The list.
    #[sqlx(rename = "list_id")]
    pub list: StatusListId,
    /// The place (`statusListIndex`).
    #[sqlx(rename = "list_index", try_from = "i64")]
    pub index: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, issuer_id, purpose, size, capacity, taken, revision, created_at \
             FROM status_lists ",
            $rest
        )
    };
}

/// The list that gives out places.
macro_rules! open {
    () => {
        "SELECT id, size, capacity, taken, seed FROM status_lists \
         WHERE issuer_id = $1 AND purpose = $2 AND taken < capacity AND seed IS NOT NULL \
         ORDER BY position LIMIT 1"
    };
}

/// A list that gives out places.
#[derive(FromRow)]
struct OpenList {
    id: StatusListId,
    #[sqlx(try_from = "i64")]
    size: u32,
    #[sqlx(try_from = "i64")]
    capacity: u32,
    #[sqlx(try_from = "i64")]
    taken: u32,
    #[sqlx(try_from = "Vec<u8>")]
    seed: [u8; 32],
}

impl Tx {
    /// A status list.
    pub async fn status_list(
        &mut self,
        id: StatusListId,
    ) -> Result<Option<StatusList>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// An issuer's status lists, the first first.
    pub async fn status_lists(&mut self, issuer: IssuerId) -> Result<Vec<StatusList>, StoreError> {
        const SQL: &str = select!("WHERE issuer_id = $1 ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// The places of a list whose bit is set, in ascending order; all others are clear.
    pub async fn set_places(&mut self, list: StatusListId) -> Result<Vec<u32>, StoreError> {
        // Each database has a partial index under this condition, written as it is there.
        let sql = match self {
            Tx::Sqlite(_) => {
                "SELECT list_index FROM status_entries WHERE list_id = $1 AND state = 1 \
                 ORDER BY list_index"
            }
            Tx::Postgres(_) => {
                "SELECT list_index FROM status_entries WHERE list_id = $1 AND state \
                 ORDER BY list_index"
            }
        };
        let places: Vec<i64> = on_each!(self, connection => sqlx::query_scalar(sql)
            .bind(list).fetch_all(connection).await)?;
        places.into_iter().map(place).collect()
    }

    /// Has all lists of an issuer published anew.
    pub async fn renew_status_lists(&mut self, issuer: IssuerId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE status_lists SET revision = revision + 1 WHERE issuer_id = $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(issuer).execute(connection).await.map(drop))?;
        Ok(())
    }

    /// A badge's places, in the order of their purposes' names.
    pub async fn status_slots(&mut self, id: CredentialId) -> Result<Vec<StatusSlot>, StoreError> {
        const SQL: &str = "SELECT l.purpose, e.list_id, e.list_index \
                           FROM status_entries e JOIN status_lists l ON l.id = e.list_id \
                           WHERE e.credential_id = $1 ORDER BY l.purpose";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_all(connection).await)?)
    }

    /// Takes places for that many badges, one of each purpose for each, beginning new lists as they
    /// fill. Nobody else is ever given them; those that are not used stay clear.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer does not exist.
    pub async fn take_places(
        &mut self,
        issuer: IssuerId,
        plan: &StatusPlan<'_>,
        badges: usize,
        at: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Result<Vec<Vec<StatusSlot>>, StoreError> {
        let mut slots = vec![Vec::with_capacity(plan.purposes.len()); badges];
        for purpose in plan.purposes {
            let mut lacking = slots.as_mut_slice();
            while !lacking.is_empty() {
                let list = self.open_list(issuer, *purpose, plan, at, entropy).await?;
                let free = usize::try_from(list.capacity.saturating_sub(list.taken)).unwrap_or(0);
                let (now, later) = lacking.split_at_mut(free.min(lacking.len()));
                self.count_places(list.id, now.len()).await?;
                for (count, slots) in (list.taken..).zip(&mut *now) {
                    slots.push(StatusSlot {
                        purpose: *purpose,
                        list: list.id,
                        index: places::place(&list.seed, count, list.size),
                    });
                }
                lacking = later;
            }
        }
        Ok(slots)
    }

    /// The list that gives out places now. It is held until this transaction ends: nobody else takes
    /// places of it meanwhile.
    async fn open_list(
        &mut self,
        issuer: IssuerId,
        purpose: StatusPurpose,
        plan: &StatusPlan<'_>,
        at: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Result<OpenList, StoreError> {
        const BEGIN: &str = "INSERT INTO status_lists \
                             (id, issuer_id, purpose, size, capacity, seed, created_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let sql = match self {
            Tx::Sqlite(_) => open!(),
            // Whoever stores entries of the list holds its key: that is no reason to wait.
            Tx::Postgres(_) => concat!(open!(), " FOR NO KEY UPDATE"),
        };
        let open: Option<OpenList> = on_each!(self, connection => sqlx::query_as(sql)
            .bind(issuer).bind(purpose).fetch_optional(connection).await)?;
        if let Some(open) = open {
            return Ok(open);
        }
        let mut list = OpenList {
            id: StatusListId::mint(entropy)?,
            size: plan.size,
            capacity: plan.capacity,
            taken: 0,
            seed: [0; 32],
        };
        entropy.fill(&mut list.seed)?;
        on_each!(self, connection => sqlx::query(BEGIN)
            .bind(list.id).bind(issuer).bind(purpose)
            .bind(i64::from(list.size)).bind(i64::from(list.capacity))
            .bind(list.seed.as_slice()).bind(At(at))
            .execute(connection).await.map(drop))?;
        Ok(list)
    }

    async fn count_places(&mut self, list: StatusListId, taken: usize) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE status_lists SET taken = taken + $2 WHERE id = $1";
        let taken = i64::try_from(taken).unwrap_or(i64::MAX);
        on_each!(self, connection => sqlx::query(SQL)
            .bind(list).bind(taken).execute(connection).await.map(drop))?;
        Ok(())
    }
}

fn place(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|error| StoreError::Unreadable {
        column: "list_index".into(),
        reason: error.to_string(),
    })
}
