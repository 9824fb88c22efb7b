//! Awards that were signed, stored whole: the award, its recipient, its places in status lists, and the
//! signed bytes as they were signed.
//!
//! An award key is held by one award. Who stores an award whose key somebody holds stores nothing, on
//! however many nodes it happens at the same time, and learns who does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::{At, CHUNK};
use super::packing::Packed;
use super::{Recipient, Standing, StatusSlot, StoreError, Tx};
use crate::ids::{AchievementVersionId, BatchId, CredentialId, IssuerId, KeyId};

/// An award to be made.
#[derive(Debug, Clone)]
pub struct NewAward {
    /// Whose it is and which ([`super::RecipientKey::award_key`]): the same award has the same key.
    pub award_key: [u8; 32],
    /// What it is an award of.
    pub achievement_version: AchievementVersionId,
    /// The roster it comes from.
    pub batch: Option<BatchId>,
    /// What it was earned at.
    pub activity: Option<ActivityName>,
    /// To whom.
    pub recipient: Recipient,
}

/// The name of what a badge was earned at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityName {
    /// As it was given.
    pub name: String,
    /// As `recognition` folds it: to be found by, however it is spelt.
    pub folded: String,
}

/// A credential that was signed, to be stored.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Its identifier.
    pub id: CredentialId,
    /// The award it says.
    pub award: NewAward,
    /// The places in status lists that it names, taken before it was signed.
    pub slots: Vec<StatusSlot>,
    /// What was signed.
    pub signed: NewSigned,
}

/// What was signed, as it is to be kept.
#[derive(Clone)]
pub struct NewSigned {
    /// The recipient as the credential names it (`urn:uuid:…`).
    pub subject_id: String,
    /// `awardedDate`.
    pub awarded_at: Option<OffsetDateTime>,
    /// `validFrom`.
    pub valid_from: OffsetDateTime,
    /// `validUntil`.
    pub valid_until: Option<OffsetDateTime>,
    /// When it was signed.
    pub issued_at: OffsetDateTime,
    /// The key of the proof.
    pub key: KeyId,
    /// The credential with its proof, as JSON, packed.
    pub document: Packed,
}

/// A signed credential, as it was signed. It is served, baked and verified from these bytes and is
/// never written anew.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// The recipient as the credential names it (`urn:uuid:…`).
    pub subject_id: String,
    /// When it was signed.
    pub issued_at: OffsetDateTime,
    /// The key of the proof.
    pub key: KeyId,
    /// The credential with its proof, as JSON.
    pub document: Vec<u8>,
}

impl fmt::Debug for NewSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSigned")
            .field("issued_at", &self.issued_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("issued_at", &self.issued_at)
            .finish_non_exhaustive()
    }
}

/// Who holds an award key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The award.
    pub id: CredentialId,
    /// Its standing.
    pub standing: Standing,
    /// The roster it came from.
    pub batch: Option<BatchId>,
}

/// What was signed and how it is kept, as it is read: with the version it is unpacked by.
#[derive(FromRow)]
pub(super) struct Kept {
    subject_id: String,
    issued_at: OffsetDateTime,
    key_id: KeyId,
    packing: i64,
    document: Vec<u8>,
    version: String,
}

impl Kept {
    pub(super) fn unpacked(self) -> Result<Signed, StoreError> {
        let packed = Packed {
            packing: self.packing,
            bytes: self.document,
        };
        Ok(Signed {
            subject_id: self.subject_id,
            issued_at: self.issued_at,
            key: self.key_id,
            document: packed.document(&self.version)?,
        })
    }
}

impl Tx {
    /// Who holds which of these award keys.
    pub async fn holding(
        &mut self,
        keys: &[[u8; 32]],
    ) -> Result<BTreeMap<[u8; 32], Holding>, StoreError> {
        #[derive(FromRow)]
        struct Row {
            #[sqlx(try_from = "Vec<u8>")]
            award_key: [u8; 32],
            id: CredentialId,
            batch_id: Option<BatchId>,
            revoked: bool,
            suspended: bool,
        }
        let mut found = BTreeMap::new();
        for chunk in keys.chunks(CHUNK) {
            let rows: Vec<Row> = on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "SELECT award_key, id, batch_id, \
                     revoked_at IS NOT NULL AS revoked, suspended_at IS NOT NULL AS suspended \
                     FROM credentials WHERE award_key IN (",
                );
                let mut keys = sql.separated(", ");
                for key in chunk {
                    keys.push_bind(key.as_slice());
                }
                sql.push(")");
                sql.build_query_as().fetch_all(connection).await
            })?;
            found.extend(rows.into_iter().map(|row| {
                let holding = Holding {
                    id: row.id,
                    standing: Standing::of(row.revoked, row.suspended),
                    batch: row.batch_id,
                };
                (row.award_key, holding)
            }));
        }
        Ok(found)
    }

    /// Stores credentials of one issuer, and returns those that are stored by that. The award key of one
    /// that is missing in the answer is held by another award: what was signed for it must be thrown
    /// away.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer, a version or a batch does not exist;
    /// [`StoreError::Conflict`] when an identifier or a place was given out twice. Nothing is stored
    /// then.
    pub async fn insert_credentials(
        &mut self,
        issuer: IssuerId,
        new: &[&NewCredential],
    ) -> Result<BTreeSet<CredentialId>, StoreError> {
        let mut stored = Vec::with_capacity(new.len());
        for chunk in new.chunks(CHUNK) {
            let ids = self.insert_awards(issuer, chunk).await?;
            let kept: Vec<_> = chunk
                .iter()
                .copied()
                .filter(|new| ids.contains(&new.id))
                .collect();
            if kept.is_empty() {
                continue;
            }
            self.insert_recipients(&kept).await?;
            self.insert_entries(&kept).await?;
            self.insert_signed(&kept).await?;
            stored.extend(kept);
        }
        self.note_issuing_days(&stored).await?;
        Ok(stored.iter().map(|new| new.id).collect())
    }

    async fn insert_awards(
        &mut self,
        issuer: IssuerId,
        new: &[&NewCredential],
    ) -> Result<BTreeSet<CredentialId>, StoreError> {
        let stored = on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "INSERT INTO credentials (state, attempt, issuer_id, id, achievement_version_id, \
                 batch_id, award_key, activity, activity_folded, reserved_at) ",
            );
            let mut first = true;
            sql.push_values(new, |mut row, NewCredential { id, award, signed, .. }| {
                row.push("'issued'").push("1");
                // One value for all rows is given once: it is the first of the statement.
                if std::mem::take(&mut first) { row.push_bind(issuer); } else { row.push("$1"); }
                row.push_bind(*id)
                    .push_bind(award.achievement_version).push_bind(award.batch)
                    .push_bind(award.award_key.as_slice())
                    .push_bind(award.activity.as_ref().map(|activity| &activity.name))
                    .push_bind(award.activity.as_ref().map(|activity| &activity.folded))
                    .push_bind(At(signed.issued_at));
            });
            sql.push(" ON CONFLICT (award_key) DO NOTHING");
            sql.build().execute(connection).await.map(|done| done.rows_affected())
        })?;
        let all: BTreeSet<_> = new.iter().map(|new| new.id).collect();
        if u64::try_from(new.len()).is_ok_and(|len| len == stored) {
            return Ok(all);
        }
        let ids: Vec<CredentialId> = on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new("SELECT id FROM credentials WHERE id IN (");
            let mut list = sql.separated(", ");
            for id in &all {
                list.push_bind(*id);
            }
            sql.push(")");
            sql.build_query_scalar().fetch_all(connection).await
        })?;
        Ok(ids.into_iter().collect())
    }

    async fn insert_recipients(&mut self, new: &[&NewCredential]) -> Result<(), StoreError> {
        on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "INSERT INTO recipients \
                 (credential_id, kind, name, email, organisation, siret) ",
            );
            sql.push_values(new, |mut row, NewCredential { id, award, .. }| {
                let recipient = &award.recipient;
                row.push_bind(*id).push_bind(recipient.kind).push_bind(&recipient.name)
                    .push_bind(&recipient.email).push_bind(&recipient.organisation).push_bind(&recipient.siret);
            });
            sql.build().execute(connection).await.map(drop)
        })?;
        Ok(())
    }

    async fn insert_entries(&mut self, new: &[&NewCredential]) -> Result<(), StoreError> {
        let entries = new
            .iter()
            .flat_map(|new| new.slots.iter().map(|slot| (new.id, *slot)));
        let entries: Vec<_> = entries.collect();
        if entries.is_empty() {
            return Ok(());
        }
        on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "INSERT INTO status_entries (list_id, list_index, credential_id) ",
            );
            sql.push_values(&entries, |mut row, (credential, slot)| {
                row.push_bind(slot.list).push_bind(i64::from(slot.index)).push_bind(*credential);
            });
            sql.build().execute(connection).await.map(drop)
        })?;
        Ok(())
    }

    async fn insert_signed(&mut self, new: &[&NewCredential]) -> Result<(), StoreError> {
        on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "INSERT INTO signed_credentials (credential_id, subject_id, awarded_at, \
                 valid_from, valid_until, issued_at, key_id, packing, document) ",
            );
            sql.push_values(new, |mut row, NewCredential { id, signed, .. }| {
                row.push_bind(*id).push_bind(&signed.subject_id)
                    .push_bind(signed.awarded_at.map(At)).push_bind(At(signed.valid_from))
                    .push_bind(signed.valid_until.map(At)).push_bind(At(signed.issued_at))
                    .push_bind(signed.key)
                    .push_bind(signed.document.packing).push_bind(&signed.document.bytes);
            });
            sql.build().execute(connection).await.map(drop)
        })?;
        Ok(())
    }

    /// What was signed; `None` once it is erased.
    pub async fn signed(&mut self, id: CredentialId) -> Result<Option<Signed>, StoreError> {
        const SQL: &str = "SELECT s.subject_id, s.issued_at, s.key_id, s.packing, s.document, \
                           v.document AS version FROM signed_credentials s \
                           JOIN credentials c ON c.id = s.credential_id \
                           JOIN achievement_versions v ON v.id = c.achievement_version_id \
                           WHERE s.credential_id = $1";
        let kept: Option<Kept> = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?;
        kept.map(Kept::unpacked).transpose()
    }
}
