//! The intent of an award, recorded before anything is signed: its identifier and its places in
//! status lists, so that what was signed can always be revoked.
//!
//! An award key is held by one award. Whoever reserves an award that is reserved but was never
//! completed (a crash, or somebody slower) takes it over, with the places it has; the former holder
//! can't complete it any more.

use std::collections::BTreeMap;

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::{At, CHUNK};
use super::recipients::NewRecipient;
use super::{CredentialState, Recipient, Standing, StatusPlan, StatusSlot, StoreError, Tx};
use crate::entropy::Entropy;
use crate::ids::{AchievementVersionId, BatchId, CredentialId, IssuerId};

/// Awards to be reserved together.
#[derive(Debug, Clone, Copy)]
pub struct Reserve<'a> {
    /// Who issues them.
    pub issuer: IssuerId,
    /// The awards; a thousand at a time is a good number.
    pub awards: &'a [NewAward],
    /// In which status lists they get a place.
    pub status: StatusPlan<'a>,
    /// Now.
    pub at: OffsetDateTime,
}

/// An award to be made.
#[derive(Debug, Clone)]
pub struct NewAward {
    /// The blind index of who, what and which activity: the same award has the same key.
    pub award_key: [u8; 32],
    /// What it is an award of.
    pub achievement_version: AchievementVersionId,
    /// The roster it comes from.
    pub batch: Option<BatchId>,
    /// What it was earned at.
    pub activity: Option<ActivityName>,
    /// To whom.
    pub recipient: Recipient,
    /// The blind index of the recipient's address or SIRET.
    pub lookup: Option<[u8; 32]>,
}

/// The name of what a badge was earned at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityName {
    /// As it was given.
    pub name: String,
    /// As `recognition` folds it: to be found by, however it is spelt.
    pub folded: String,
}

/// What became of an award that was to be reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// To be signed now.
    Reserved(Reserved),
    /// Issued before, whatever its standing is today.
    Issued {
        /// The award.
        id: CredentialId,
        /// Its standing.
        standing: Standing,
    },
    /// The same award came earlier in the same call.
    Repeated {
        /// The award.
        id: CredentialId,
    },
}

/// An award that is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// The award.
    pub id: CredentialId,
    /// Which taking-up of the reservation this is; completing needs it.
    pub attempt: i64,
    /// Its places in status lists, in the order of their purposes' names.
    pub slots: Vec<StatusSlot>,
}

/// An award that holds a key already.
#[derive(FromRow)]
struct Held {
    award_key: Vec<u8>,
    id: CredentialId,
    issuer_id: IssuerId,
    state: CredentialState,
    revoked: bool,
    suspended: bool,
}

impl Tx {
    /// Reserves awards; the answer has one item for each, in their order.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer, a version or a batch does not exist;
    /// [`StoreError::Conflict`] when another issuer holds one of the keys.
    pub async fn reserve(
        &mut self,
        request: &Reserve<'_>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<Reservation>, StoreError> {
        self.lock_issuer(request.issuer).await?;
        let held = self.held(request.awards).await?;
        if held.values().any(|held| held.issuer_id != request.issuer) {
            return Err(StoreError::Conflict {
                table: "credentials".into(),
                rule: "another issuer holds this award key".into(),
            });
        }

        let mut outcomes = Vec::with_capacity(request.awards.len());
        let mut earlier = BTreeMap::new();
        let (mut fresh, mut resumed) = (Vec::new(), Vec::new());
        for award in request.awards {
            if let Some(&id) = earlier.get(&award.award_key) {
                outcomes.push(Reservation::Repeated { id });
                continue;
            }
            let outcome = match held.get(award.award_key.as_slice()) {
                Some(held) if held.state == CredentialState::Reserved => {
                    match self.resume(held.id, award, request.at).await? {
                        Some(attempt) => {
                            resumed.push((held.id, award));
                            to_sign(held.id, attempt)
                        }
                        // Completed since it was looked up.
                        None => Reservation::Issued {
                            id: held.id,
                            standing: Standing::Good,
                        },
                    }
                }
                Some(held) => Reservation::Issued {
                    id: held.id,
                    standing: Standing::of(held.revoked, held.suspended),
                },
                None => {
                    let id = CredentialId::mint(entropy)?;
                    fresh.push((id, award));
                    to_sign(id, 1)
                }
            };
            earlier.insert(award.award_key, outcome.id());
            outcomes.push(outcome);
        }

        self.insert_reserved(request, &fresh).await?;
        let left_over: Vec<_> = resumed.iter().map(|(id, _)| *id).collect();
        let all: Vec<_> = fresh.into_iter().chain(resumed).collect();
        let recipients: Vec<_> = all
            .iter()
            .map(|(id, award)| NewRecipient {
                credential: *id,
                recipient: &award.recipient,
                lookup: award.lookup,
            })
            .collect();
        self.insert_recipients(&recipients).await?;
        let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
        let slots = self.slots_of(&left_over).await?;
        let mut slots = self.slots_for(request, &ids, slots, entropy).await?;
        for outcome in &mut outcomes {
            if let Reservation::Reserved(reserved) = outcome {
                reserved.slots = slots.remove(&reserved.id).unwrap_or_default();
            }
        }
        Ok(outcomes)
    }

    /// One reservation at a time for each issuer, and one change of it. SQLite has one writer anyway.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer does not exist.
    pub async fn lock_issuer(&mut self, issuer: IssuerId) -> Result<(), StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => "SELECT 1 FROM issuers WHERE id = $1",
            // NO KEY: rows that name the issuer can still be entered by others.
            Tx::Postgres(_) => "SELECT 1 FROM issuers WHERE id = $1 FOR NO KEY UPDATE",
        };
        on_each!(self, connection => sqlx::query(sql)
            .bind(issuer).fetch_optional(connection).await.map(|row| row.map(drop)))?
        .ok_or_else(|| StoreError::Dangling {
            table: "credentials".into(),
        })
    }

    /// The awards that hold the keys asked for, by key.
    async fn held(&mut self, awards: &[NewAward]) -> Result<BTreeMap<Vec<u8>, Held>, StoreError> {
        let mut found = BTreeMap::new();
        for chunk in awards.chunks(CHUNK) {
            let rows: Vec<Held> = on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "SELECT award_key, id, issuer_id, state, \
                     revoked_at IS NOT NULL AS revoked, suspended_at IS NOT NULL AS suspended \
                     FROM credentials WHERE award_key IN (",
                );
                let mut keys = sql.separated(", ");
                for award in chunk {
                    keys.push_bind(award.award_key.to_vec());
                }
                sql.push(")");
                sql.build_query_as().fetch_all(connection).await
            })?;
            found.extend(rows.into_iter().map(|held| (held.award_key.clone(), held)));
        }
        Ok(found)
    }

    async fn insert_reserved(
        &mut self,
        request: &Reserve<'_>,
        fresh: &[(CredentialId, &NewAward)],
    ) -> Result<(), StoreError> {
        for chunk in fresh.chunks(CHUNK) {
            on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "INSERT INTO credentials (id, issuer_id, achievement_version_id, batch_id, \
                     award_key, activity, activity_folded, state, attempt, reserved_at) ",
                );
                sql.push_values(chunk, |mut row, (id, award)| {
                    row.push_bind(*id).push_bind(request.issuer)
                        .push_bind(award.achievement_version).push_bind(award.batch)
                        .push_bind(award.award_key.to_vec())
                        .push_bind(award.activity.as_ref().map(|activity| &activity.name))
                        .push_bind(award.activity.as_ref().map(|activity| &activity.folded))
                        .push_bind(CredentialState::Reserved).push_bind(1_i64)
                        .push_bind(At(request.at));
                });
                sql.build().execute(connection).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Takes a reservation up again, as it is asked for now; the number of this attempt, unless it
    /// is no reservation any more.
    async fn resume(
        &mut self,
        id: CredentialId,
        award: &NewAward,
        at: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "UPDATE credentials SET attempt = attempt + 1, \
                           achievement_version_id = $2, batch_id = $3, reserved_at = $4, \
                           activity = $5, activity_folded = $6 \
                           WHERE id = $1 AND state = 'reserved' RETURNING attempt";
        let attempt = on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(id).bind(award.achievement_version).bind(award.batch).bind(At(at))
            .bind(award.activity.as_ref().map(|activity| &activity.name))
            .bind(award.activity.as_ref().map(|activity| &activity.folded))
            .fetch_optional(connection).await)?;
        if attempt.is_some() {
            self.delete_recipient(id).await?;
        }
        Ok(attempt)
    }

    /// The places that awards have, and those they still lack.
    async fn slots_for(
        &mut self,
        request: &Reserve<'_>,
        ids: &[CredentialId],
        mut slots: BTreeMap<CredentialId, Vec<StatusSlot>>,
        entropy: &dyn Entropy,
    ) -> Result<BTreeMap<CredentialId, Vec<StatusSlot>>, StoreError> {
        for purpose in request.status.purposes {
            let has = |id: &CredentialId| {
                slots
                    .get(id)
                    .is_some_and(|slots| slots.iter().any(|s| s.purpose == *purpose))
            };
            let lacking: Vec<_> = ids.iter().copied().filter(|id| !has(id)).collect();
            let given = self
                .take_places(
                    request.issuer,
                    *purpose,
                    &request.status,
                    &lacking,
                    request.at,
                    entropy,
                )
                .await?;
            for (id, slot) in given {
                slots.entry(id).or_default().push(slot);
            }
        }
        for slots in slots.values_mut() {
            slots.sort_unstable();
        }
        Ok(slots)
    }
}

impl Reservation {
    /// The award, whatever became of it.
    pub fn id(&self) -> CredentialId {
        match self {
            Self::Reserved(reserved) => reserved.id,
            Self::Issued { id, .. } | Self::Repeated { id } => *id,
        }
    }
}

fn to_sign(id: CredentialId, attempt: i64) -> Reservation {
    Reservation::Reserved(Reserved {
        id,
        attempt,
        slots: Vec::new(),
    })
}
