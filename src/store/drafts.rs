//! Drafts: what the next version of a badge class is to say.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{RecipientKind, StoreError, Tx};
use crate::ids::AchievementId;

/// A draft. A badge class has one at most.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Draft {
    /// The class whose next version it is to be.
    pub achievement_id: AchievementId,
    /// The Achievement as it was written, as JSON text: perhaps not whole yet.
    pub document: String,
    /// Its picture.
    pub image: Option<Vec<u8>>,
    /// The picture's media type, there when the picture is.
    pub image_media_type: Option<String>,
    /// Its level of recognition, as `recognition` writes it.
    pub level: String,
    /// Whom it is for.
    pub recipient_kind: RecipientKind,
    /// How long a badge is valid, as `recognition` writes it; `None` is for ever.
    pub validity: Option<String>,
    /// How often it was written; the store counts.
    pub edition: i64,
    /// When it was last written.
    pub updated_at: OffsetDateTime,
}

impl Tx {
    /// Keeps a draft in the place of the one before.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the badge class does not exist.
    pub async fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO achievement_drafts (achievement_id, document, image, \
                           image_media_type, level, recipient_kind, validity, edition, updated_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) \
                           ON CONFLICT (achievement_id) DO UPDATE SET document = excluded.document, \
                           image = excluded.image, image_media_type = excluded.image_media_type, \
                           level = excluded.level, recipient_kind = excluded.recipient_kind, \
                           validity = excluded.validity, updated_at = excluded.updated_at, \
                           edition = achievement_drafts.edition + 1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(draft.achievement_id).bind(&draft.document)
            .bind(&draft.image).bind(&draft.image_media_type)
            .bind(&draft.level).bind(draft.recipient_kind).bind(&draft.validity)
            .bind(At(draft.updated_at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// The draft of a badge class.
    pub async fn draft(&mut self, of: AchievementId) -> Result<Option<Draft>, StoreError> {
        const SQL: &str = "SELECT achievement_id, document, image, image_media_type, level, \
                           recipient_kind, validity, edition, updated_at FROM achievement_drafts \
                           WHERE achievement_id = $1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_optional(connection).await)?)
    }

    /// Takes away a draft that was published; `false` when it was written again meanwhile.
    pub async fn delete_draft(
        &mut self,
        of: AchievementId,
        edition: i64,
    ) -> Result<bool, StoreError> {
        const SQL: &str =
            "DELETE FROM achievement_drafts WHERE achievement_id = $1 AND edition = $2";
        let gone = on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(edition)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(gone > 0)
    }
}
