//! Status lists: random free places given out, and what shows there.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::{At, CHUNK, text_column};
use super::{StoreError, Tx};
use crate::entropy::{Entropy, NoEntropy};
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
    /// How many of them are given out before the next list begins: at most three quarters, so that
    /// random free places stay easy to find.
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

    /// A badge's places, in the order of their purposes' names.
    pub async fn status_slots(&mut self, id: CredentialId) -> Result<Vec<StatusSlot>, StoreError> {
        let mut slots = self.slots_of(&[id]).await?;
        Ok(slots.remove(&id).unwrap_or_default())
    }

    /// Has all lists of an issuer published anew.
    pub async fn renew_status_lists(&mut self, issuer: IssuerId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE status_lists SET revision = revision + 1 WHERE issuer_id = $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(issuer).execute(connection).await.map(drop))?;
        Ok(())
    }

    /// The places of many badges.
    pub(super) async fn slots_of(
        &mut self,
        credentials: &[CredentialId],
    ) -> Result<BTreeMap<CredentialId, Vec<StatusSlot>>, StoreError> {
        #[derive(FromRow)]
        struct Owned {
            credential_id: CredentialId,
            #[sqlx(flatten)]
            slot: StatusSlot,
        }
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for chunk in credentials.chunks(CHUNK) {
            let rows: Vec<Owned> = on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "SELECT e.credential_id, l.purpose, e.list_id, e.list_index \
                     FROM status_entries e JOIN status_lists l ON l.id = e.list_id \
                     WHERE e.credential_id IN (",
                );
                let mut list = sql.separated(", ");
                for id in chunk {
                    list.push_bind(*id);
                }
                sql.push(") ORDER BY l.purpose");
                sql.build_query_as().fetch_all(connection).await
            })?;
            for row in rows {
                found.entry(row.credential_id).or_default().push(row.slot);
            }
        }
        Ok(found)
    }

    /// Gives each credential a random free place in a list of this purpose, beginning new lists as
    /// they fill. The caller holds the issuer's lock, so nobody else gives out places meanwhile.
    pub(super) async fn take_places(
        &mut self,
        issuer: IssuerId,
        purpose: StatusPurpose,
        plan: &StatusPlan<'_>,
        credentials: &[CredentialId],
        at: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Result<Vec<(CredentialId, StatusSlot)>, StoreError> {
        const OPEN: &str = select!(
            "WHERE issuer_id = $1 AND purpose = $2 AND taken < capacity ORDER BY position LIMIT 1"
        );
        const TAKE: &str = "UPDATE status_lists SET taken = taken + $2 WHERE id = $1";
        let mut given = Vec::with_capacity(credentials.len());
        let mut waiting = credentials;
        while !waiting.is_empty() {
            let open: Option<StatusList> = on_each!(self, connection => sqlx::query_as(OPEN)
                .bind(issuer).bind(purpose).fetch_optional(connection).await)?;
            let list = match open {
                Some(list) => list,
                None => self.begin_list(issuer, purpose, plan, at, entropy).await?,
            };
            let free = usize::try_from(list.capacity.saturating_sub(list.taken)).unwrap_or(0);
            let (now, later) = waiting.split_at(free.min(waiting.len()));
            let places = self.draw_places(&list, now.len(), entropy).await?;
            let entries = now
                .iter()
                .copied()
                .zip(places.into_iter().map(|index| StatusSlot {
                    purpose,
                    list: list.id,
                    index,
                }));
            let entries: Vec<_> = entries.collect();
            self.insert_entries(&entries).await?;
            let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
            on_each!(self, connection => sqlx::query(TAKE)
                .bind(list.id).bind(count)
                .execute(connection).await.map(drop))?;
            given.extend(entries);
            waiting = later;
        }
        Ok(given)
    }

    async fn begin_list(
        &mut self,
        issuer: IssuerId,
        purpose: StatusPurpose,
        plan: &StatusPlan<'_>,
        at: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Result<StatusList, StoreError> {
        const SQL: &str = "INSERT INTO status_lists \
                           (id, issuer_id, purpose, size, capacity, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        let list = StatusList {
            id: StatusListId::mint(entropy)?,
            issuer_id: issuer,
            purpose,
            size: plan.size,
            capacity: plan.capacity,
            taken: 0,
            revision: 0,
            created_at: at,
        };
        on_each!(self, connection => sqlx::query(SQL)
            .bind(list.id).bind(issuer).bind(purpose)
            .bind(i64::from(list.size)).bind(i64::from(list.capacity)).bind(At(at))
            .execute(connection).await.map(drop))?;
        Ok(list)
    }

    /// Draws distinct places that nobody has. At least a quarter of a list is free, so
    /// few draws are in vain.
    async fn draw_places(
        &mut self,
        list: &StatusList,
        count: usize,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u32>, StoreError> {
        let mut drawn = Vec::with_capacity(count);
        let mut seen = BTreeSet::new();
        while drawn.len() < count {
            let wanted = count.saturating_sub(drawn.len()).min(CHUNK);
            let mut candidates = Vec::with_capacity(wanted);
            while candidates.len() < wanted {
                if u32::try_from(seen.len()).is_ok_and(|seen| seen >= list.size) {
                    let message = "a status list has fewer free places than it says";
                    return Err(StoreError::Failed(message.into()));
                }
                let candidate = draw(list.size, entropy)?;
                if seen.insert(candidate) {
                    candidates.push(candidate);
                }
            }
            let taken = self.taken_among(list.id, &candidates).await?;
            // In the order drawn: sorted, the places would tell the order of the awards.
            drawn.extend(
                candidates
                    .into_iter()
                    .filter(|candidate| !taken.contains(candidate)),
            );
        }
        Ok(drawn)
    }

    async fn taken_among(
        &mut self,
        list: StatusListId,
        candidates: &[u32],
    ) -> Result<BTreeSet<u32>, StoreError> {
        let rows: Vec<i64> = on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "SELECT list_index FROM status_entries WHERE list_id = ",
            );
            sql.push_bind(list).push(" AND list_index IN (");
            let mut among = sql.separated(", ");
            for candidate in candidates {
                among.push_bind(i64::from(*candidate));
            }
            sql.push(")");
            sql.build_query_scalar().fetch_all(connection).await
        })?;
        rows.into_iter().map(place).collect()
    }

    async fn insert_entries(
        &mut self,
        entries: &[(CredentialId, StatusSlot)],
    ) -> Result<(), StoreError> {
        for chunk in entries.chunks(CHUNK) {
            on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "INSERT INTO status_entries (list_id, list_index, credential_id) ",
                );
                sql.push_values(chunk, |mut row, (credential, slot)| {
                    row.push_bind(slot.list).push_bind(i64::from(slot.index))
                        .push_bind(*credential);
                });
                sql.build().execute(connection).await.map(drop)
            })?;
        }
        Ok(())
    }
}

fn place(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|error| StoreError::Unreadable {
        column: "list_index".into(),
        reason: error.to_string(),
    })
}

/// A uniform number below `size`: what would favour small numbers is drawn again.
fn draw(size: u32, entropy: &dyn Entropy) -> Result<u32, NoEntropy> {
    let size = size.max(1);
    let even = u32::MAX - u32::MAX % size;
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes)?;
        let number = u32::from_be_bytes(bytes);
        if number < even {
            return Ok(number % size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn every_place_is_drawn_and_none_beyond_the_end() {
        let entropy = SeededEntropy::new(1);
        for size in [1, 2, 3, 7] {
            let drawn: BTreeSet<u32> = (0..200).map(|_| draw(size, &entropy).unwrap()).collect();
            assert!(drawn.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn a_draw_that_would_favour_small_numbers_is_repeated() {
        /// Gives the highest number first, which has no full round of 3 above it.
        #[derive(Debug)]
        struct HighThenTwo(std::sync::atomic::AtomicBool);
        impl Entropy for HighThenTwo {
            fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy> {
                let first = !self.0.swap(true, std::sync::atomic::Ordering::Relaxed);
                let number = if first { u32::MAX } else { 2 };
                buffer.copy_from_slice(&number.to_be_bytes());
                Ok(())
            }
        }
        assert_eq!(draw(3, &HighThenTwo(false.into())), Ok(2));
    }
}
