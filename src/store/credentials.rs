//! Awards: finding and listing them. Their life is in [`super::issuing`], [`super::standing`] and
//! [`super::erasing`].

use std::fmt;
use std::ops::Range;

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{RecipientKey, Standing, StoreError, Tx};
use crate::ids::{AchievementId, AchievementVersionId, BatchId, CredentialId, IssuerId};

/// How far an award has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialState {
    /// Signed and stored.
    Issued,
    /// Its personal data and signed bytes are gone; only that it was remains.
    Erased,
}

text_column!(CredentialState { Issued = "issued", Erased = "erased" });

/// An award, without its signed bytes ([`Tx::signed`]) and its recipient ([`Tx::recipient`]).
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Credential {
    /// Where it stands in the order of entry; the cursor of a listing.
    pub position: i64,
    /// Its identifier here.
    pub id: CredentialId,
    /// Who issues it.
    pub issuer_id: IssuerId,
    /// What it is an award of.
    pub achievement_id: AchievementId,
    /// In which version.
    pub achievement_version_id: AchievementVersionId,
    /// The roster it came from.
    pub batch_id: Option<BatchId>,
    /// What it was earned at, by the name that was given.
    pub activity: Option<String>,
    /// How far it has come.
    pub state: CredentialState,
    /// When it was signed; of an erased one, the first instant of that month.
    pub reserved_at: OffsetDateTime,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
    /// Since when it is suspended.
    pub suspended_at: Option<OffsetDateTime>,
    /// When it was erased.
    pub erased_at: Option<OffsetDateTime>,
    /// The recipient as the credential names it (`urn:uuid:…`); this and what follows are there when
    /// it is issued.
    pub subject_id: Option<String>,
    /// `awardedDate`.
    pub awarded_at: Option<OffsetDateTime>,
    /// `validFrom`.
    pub valid_from: Option<OffsetDateTime>,
    /// `validUntil`.
    pub valid_until: Option<OffsetDateTime>,
    /// When it was signed.
    pub issued_at: Option<OffsetDateTime>,
}

impl Credential {
    /// Whether it still stands.
    pub fn standing(&self) -> Standing {
        Standing::of(self.revoked_at.is_some(), self.suspended_at.is_some())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("standing", &self.standing())
            .finish_non_exhaustive()
    }
}

/// Which awards to list; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct CredentialFilter {
    /// Of this issuer.
    pub issuer: Option<IssuerId>,
    /// Of this badge class, whatever its version.
    pub achievement: Option<AchievementId>,
    /// Earned at this activity, its name folded.
    pub activity_folded: Option<String>,
    /// From this roster.
    pub batch: Option<BatchId>,
    /// As far as this.
    pub state: Option<CredentialState>,
    /// In this standing.
    pub standing: Option<Standing>,
    /// Of this person or organisation.
    pub recipient: Option<RecipientKey>,
    /// Signed at this instant or later.
    pub issued_from: Option<OffsetDateTime>,
    /// Signed before this instant.
    pub issued_before: Option<OffsetDateTime>,
}

macro_rules! select {
    ($rest:literal) => {
        select!("credentials", $rest)
    };
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT c.position, c.id, c.issuer_id, v.achievement_id, c.achievement_version_id, \
             c.batch_id, c.activity, c.state, c.reserved_at, c.revoked_at, \
             c.suspended_at, c.erased_at, s.subject_id, s.awarded_at, \
             s.valid_from, s.valid_until, s.issued_at FROM ",
            $from,
            " c \
             JOIN achievement_versions v ON v.id = c.achievement_version_id \
             LEFT JOIN signed_credentials s ON s.credential_id = c.id ",
            $rest
        )
    };
}

impl Tx {
    /// An award.
    pub async fn credential(&mut self, id: CredentialId) -> Result<Option<Credential>, StoreError> {
        const SQL: &str = select!("WHERE c.id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// The award that holds an award key.
    pub async fn credential_by_award_key(
        &mut self,
        award_key: [u8; 32],
    ) -> Result<Option<Credential>, StoreError> {
        const SQL: &str = select!("WHERE c.award_key = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(award_key.to_vec()).fetch_optional(connection).await)?)
    }

    /// At most `limit` awards, the latest first, before a position (for the next page).
    pub async fn credentials(
        &mut self,
        filter: &CredentialFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Credential>, StoreError> {
        let mut positions = i64::MIN..before.unwrap_or(i64::MAX);
        let (from, until) = (filter.issued_from, filter.issued_before);
        if from.is_some() || until.is_some() {
            let Some(issued) = self.positions_issued(from, until).await? else {
                return Ok(Vec::new());
            };
            positions = issued.start..positions.end.min(issued.end);
        }
        let Some(achievement) = filter.achievement else {
            return self.listed(filter, None, &positions, limit).await;
        };
        let of = self.achievement(achievement).await?.map(|of| of.issuer_id);
        if filter.issuer.is_some() && of != filter.issuer {
            return Ok(Vec::new());
        }
        // Version by version, so that each is read along its index: a class may have a million badges.
        let mut found = Vec::new();
        for version in self.achievement_versions(achievement).await? {
            let of_it = self.listed(filter, Some(version.id), &positions, limit);
            found.extend(of_it.await?);
        }
        found.sort_unstable_by_key(|credential| std::cmp::Reverse(credential.position));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// Only what is asked for stands in the statement, and nothing that follows from the rest: the database
    /// then finds the index for it.
    async fn listed(
        &mut self,
        filter: &CredentialFilter,
        version: Option<AchievementVersionId>,
        positions: &Range<i64>,
        limit: u32,
    ) -> Result<Vec<Credential>, StoreError> {
        let keys = filter.recipient.map(RecipientKey::award_keys);
        // Whether those that are revoked are wanted, or suspended: they have a table of their own.
        let withdrawn = filter
            .standing
            .filter(|_| keys.is_none())
            .and_then(|standing| match standing {
                Standing::Good => None,
                Standing::Suspended => Some(false),
                Standing::Revoked => Some(true),
            });
        let listed = if withdrawn.is_some() { "w" } else { "c" };
        let issuer = filter
            .issuer
            .filter(|_| version.is_none() || withdrawn.is_some());
        let rows = on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::default();
            if let Some([first, last]) = &keys {
                // The few badges of one person are found first: SQLite would look for them among all.
                sql.push("WITH theirs AS MATERIALIZED \
                          (SELECT * FROM credentials WHERE award_key BETWEEN ")
                    .push_bind(first.as_slice()).push(" AND ").push_bind(last.as_slice())
                    .push(") ").push(select!("theirs", ""));
            } else if withdrawn.is_some() {
                // Found among those alone. SQLite keeps to the order of what is joined so.
                sql.push(select!("withdrawn w CROSS JOIN credentials", ""));
            } else {
                sql.push(select!(""));
            }
            sql.push(format_args!(" WHERE {listed}.position < ")).push_bind(positions.end);
            if positions.start > i64::MIN {
                sql.push(format_args!(" AND {listed}.position >= ")).push_bind(positions.start);
            }
            if let Some(revoked) = withdrawn {
                sql.push(" AND c.position = w.position AND w.revoked = ").push_bind(revoked);
            }
            if let Some(issuer) = issuer {
                sql.push(format_args!(" AND {listed}.issuer_id = ")).push_bind(issuer);
            }
            if let Some(version) = version {
                sql.push(" AND c.achievement_version_id = ").push_bind(version);
            }
            if let Some(batch) = filter.batch {
                sql.push(" AND c.batch_id = ").push_bind(batch);
            }
            if let Some(state) = filter.state {
                sql.push(" AND c.state = ").push_bind(state);
            }
            if let Some(activity) = &filter.activity_folded {
                sql.push(" AND c.activity_folded = ").push_bind(activity);
            }
            sql.push(match filter.standing.filter(|_| withdrawn.is_none()) {
                None => "",
                Some(Standing::Revoked) => " AND c.revoked_at IS NOT NULL",
                Some(Standing::Suspended) => {
                    " AND c.suspended_at IS NOT NULL AND c.revoked_at IS NULL"
                }
                Some(Standing::Good) => " AND c.revoked_at IS NULL AND c.suspended_at IS NULL",
            });
            if let Some(from) = filter.issued_from {
                sql.push(" AND c.state = 'issued' AND c.reserved_at >= ").push_bind(At(from));
            }
            if let Some(before) = filter.issued_before {
                sql.push(" AND c.state = 'issued' AND c.reserved_at < ").push_bind(At(before));
            }
            sql.push(format_args!(" ORDER BY {listed}.position DESC LIMIT "))
                .push_bind(i64::from(limit));
            // Planned for these values each time: a plan for any dates and positions would sort all there are.
            sql.build_query_as().persistent(false).fetch_all(connection).await
        })?;
        Ok(rows)
    }
}
