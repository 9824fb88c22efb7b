//! What holders decide about their badges, and what they ask their issuers for.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::issuing::Kept;
use super::{Signed, StoreError, Tx};
use crate::ids::{CredentialId, IssuerId};

/// Who sees the page of a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Visibility {
    /// The holder alone.
    Private,
    /// Whoever has the link.
    #[default]
    Link,
    /// Everybody, without the holder's name.
    Anonymous,
    /// Everybody.
    Public,
}

text_column!(Visibility { Private = "private", Link = "link", Anonymous = "anonymous", Public = "public" });

/// What a holder asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// That their name be corrected.
    Name,
    /// That the badge be erased.
    Erasure,
}

text_column!(RequestKind { Name = "name", Erasure = "erasure" });

/// What the holder of a badge decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Holder {
    /// Who sees its page.
    pub visibility: Visibility,
    /// The language its page and certificate speak: `br`, `en`, `fr`; `None` is that of whoever opens it.
    pub language: Option<String>,
    /// How often the holder's own link was replaced.
    pub link_number: i64,
}

/// What a holder asks for. There is one of each kind at most.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct HolderRequest {
    /// For which badge.
    pub credential_id: CredentialId,
    /// What.
    pub kind: RequestKind,
    /// In their words.
    pub text: Option<String>,
    /// Since when.
    pub made_at: OffsetDateTime,
}

impl fmt::Debug for HolderRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HolderRequest")
            .field("kind", &self.kind)
            .field("made_at", &self.made_at)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// What the holder of a badge decided; what holds without a decision where there was none.
    pub async fn holder(&mut self, of: CredentialId) -> Result<Holder, StoreError> {
        const SQL: &str =
            "SELECT visibility, language, link_number FROM holders WHERE credential_id = $1";
        let found = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_optional(connection).await)?;
        Ok(found.unwrap_or_default())
    }

    /// What was signed, and who sees the badge's page; `None` unless the award is issued.
    pub async fn signed_and_visibility(
        &mut self,
        of: CredentialId,
    ) -> Result<Option<(Signed, Visibility)>, StoreError> {
        #[derive(FromRow)]
        struct Both {
            #[sqlx(flatten)]
            kept: Kept,
            visibility: Option<Visibility>,
        }
        const SQL: &str = "SELECT s.subject_id, s.issued_at, s.key_id, s.packing, s.document, \
                           v.document AS version, h.visibility FROM signed_credentials s \
                           JOIN credentials c ON c.id = s.credential_id \
                           JOIN achievement_versions v ON v.id = c.achievement_version_id \
                           LEFT JOIN holders h ON h.credential_id = s.credential_id \
                           WHERE s.credential_id = $1";
        let found: Option<Both> = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_optional(connection).await)?;
        let told = |both: Both| {
            let visibility = both.visibility.unwrap_or_default();
            Ok((both.kept.unpacked()?, visibility))
        };
        found.map(told).transpose()
    }

    /// Decides who sees a badge's page, and in which language it speaks; `false` when the holder's link is
    /// another one by now, so that whoever has an old one decides nothing.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the badge does not exist.
    pub async fn decide(&mut self, of: CredentialId, decided: &Holder) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO holders (credential_id, visibility, language, link_number) \
                           VALUES ($1, $2, $3, $4) ON CONFLICT (credential_id) DO UPDATE SET \
                           visibility = excluded.visibility, language = excluded.language \
                           WHERE holders.link_number = excluded.link_number";
        let kept = on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(decided.visibility).bind(&decided.language).bind(decided.link_number)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(kept > 0)
    }

    /// The number of the link that takes the place of that one; `None` when another took it already.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the badge does not exist.
    pub async fn replace_link(
        &mut self,
        of: CredentialId,
        number: i64,
    ) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "INSERT INTO holders (credential_id, visibility, link_number) \
                           VALUES ($1, 'link', $2 + 1) ON CONFLICT (credential_id) DO UPDATE SET \
                           link_number = holders.link_number + 1 WHERE holders.link_number = $2 \
                           RETURNING link_number";
        Ok(on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(of).bind(number).fetch_optional(connection).await)?)
    }

    /// Has a badge shown as another one is, unless its holder decided something already.
    pub async fn decide_alike(
        &mut self,
        of: CredentialId,
        like: CredentialId,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO holders (credential_id, visibility, language, link_number) \
                           SELECT $1, visibility, language, 0 FROM holders \
                           WHERE credential_id = $2 ON CONFLICT (credential_id) DO NOTHING";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(like).execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Notes what a holder asks for, in the place of what they asked before of that kind.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the badge does not exist.
    pub async fn put_holder_request(&mut self, request: &HolderRequest) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO holder_requests (credential_id, kind, text, made_at) \
                           VALUES ($1, $2, $3, $4) ON CONFLICT (credential_id, kind) DO UPDATE SET \
                           text = excluded.text, made_at = excluded.made_at";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(request.credential_id).bind(request.kind).bind(&request.text)
            .bind(At(request.made_at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// What the holder of a badge asks for.
    pub async fn requests_about(
        &mut self,
        of: CredentialId,
    ) -> Result<Vec<HolderRequest>, StoreError> {
        const SQL: &str = "SELECT credential_id, kind, text, made_at FROM holder_requests \
                           WHERE credential_id = $1 ORDER BY kind";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_all(connection).await)?)
    }

    /// What holders ask an issuer for, the oldest first.
    pub async fn requests_to(
        &mut self,
        issuer: IssuerId,
    ) -> Result<Vec<HolderRequest>, StoreError> {
        const SQL: &str = "SELECT r.credential_id, r.kind, r.text, r.made_at FROM holder_requests r \
                           JOIN credentials c ON c.id = r.credential_id WHERE c.issuer_id = $1 \
                           ORDER BY r.made_at, c.position, r.kind";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// Takes away what a holder asked for, since it is answered; `false` when there was nothing.
    pub async fn answer_request(
        &mut self,
        of: CredentialId,
        kind: RequestKind,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM holder_requests WHERE credential_id = $1 AND kind = $2";
        let gone = on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(kind)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(gone > 0)
    }

    /// Forgets the holder of a badge.
    pub(super) async fn delete_holder(&mut self, of: CredentialId) -> Result<(), StoreError> {
        const REQUESTS: &str = "DELETE FROM holder_requests WHERE credential_id = $1";
        const HOLDER: &str = "DELETE FROM holders WHERE credential_id = $1";
        for sql in [REQUESTS, HOLDER] {
            on_each!(self, connection => sqlx::query(sql)
                .bind(of).execute(connection).await.map(drop))?;
        }
        Ok(())
    }
}
