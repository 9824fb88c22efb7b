//! Badge classes and their immutable versions.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{RecipientKind, StoreError, Tx};
use crate::ids::{AchievementId, AchievementVersionId, IssuerId};

/// A badge class; what it says is in its versions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Achievement {
    /// Its identifier here.
    pub id: AchievementId,
    /// Who issues it.
    pub issuer_id: IssuerId,
    /// Its short name in commands, unique among those of its issuer.
    pub slug: String,
    /// When it was entered.
    pub created_at: OffsetDateTime,
    /// When it was put away: not awarded any more, still verifiable.
    pub archived_at: Option<OffsetDateTime>,
}

/// One version of a badge class. Never changes: badges already issued say what it said.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AchievementVersion {
    /// Its identifier here.
    pub id: AchievementVersionId,
    /// The class it is a version of.
    pub achievement_id: AchievementId,
    /// 1, 2, 3 …; the highest is in force.
    #[sqlx(try_from = "i64")]
    pub number: u32,
    /// The Achievement (Open Badges 3.0), as JSON text.
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
    /// When it was entered.
    pub created_at: OffsetDateTime,
}

/// What a new version says; its number is given by the store.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// Its identifier.
    pub id: AchievementVersionId,
    /// The Achievement (Open Badges 3.0), as JSON text.
    pub document: String,
    /// Its picture and the picture's media type.
    pub image: Option<(Vec<u8>, String)>,
    /// Its level of recognition, as `recognition` writes it.
    pub level: String,
    /// Whom it is for.
    pub recipient_kind: RecipientKind,
    /// How long a badge is valid, as `recognition` writes it; `None` is for ever.
    pub validity: Option<String>,
    /// Now.
    pub created_at: OffsetDateTime,
}

/// What becomes of an award that was made before: the same recipient, badge and activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Duplicates {
    /// It is not made again, and nothing is wrong.
    #[default]
    Skip,
    /// It is not made again, and that is told as something to correct.
    Refuse,
    /// It is made again.
    Allow,
}

text_column!(Duplicates { Skip = "skip", Refuse = "refuse", Allow = "allow" });

/// What the directory of badge classes depends on.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DirectoryState {
    versions: i64,
    in_use: i64,
    archived_at: Option<OffsetDateTime>,
    issuers_at: Option<OffsetDateTime>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, issuer_id, slug, created_at, archived_at FROM achievements ",
            $rest
        )
    };
}

macro_rules! select_version {
    ($rest:literal) => {
        concat!(
            "SELECT id, achievement_id, number, document, image, image_media_type, level, \
             recipient_kind, validity, created_at FROM achievement_versions ",
            $rest
        )
    };
}

impl Tx {
    /// Enters a badge class; it can be awarded once it has a version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken.
    pub async fn insert_achievement(&mut self, new: &Achievement) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO achievements (id, issuer_id, slug, created_at, archived_at) \
                           VALUES ($1, $2, $3, $4, $5)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(new.id).bind(new.issuer_id).bind(&new.slug)
            .bind(At(new.created_at)).bind(new.archived_at.map(At))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Enters the next version of a badge class, which is in force from then on; returns its number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody entered one at the same time.
    pub async fn insert_achievement_version(
        &mut self,
        achievement: AchievementId,
        new: &NewVersion,
    ) -> Result<u32, StoreError> {
        const SQL: &str = "INSERT INTO achievement_versions (id, achievement_id, number, document, \
                           image, image_media_type, level, recipient_kind, validity, created_at) \
                           SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9 \
                           FROM achievement_versions WHERE achievement_id = $2 RETURNING number";
        let (image, media_type) = new.image.clone().unzip();
        let number: i64 = on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(new.id).bind(achievement).bind(&new.document)
            .bind(image).bind(media_type)
            .bind(&new.level).bind(new.recipient_kind).bind(&new.validity).bind(At(new.created_at))
            .fetch_one(connection).await)?;
        u32::try_from(number).map_err(|error| StoreError::Unreadable {
            column: "number".into(),
            reason: error.to_string(),
        })
    }

    /// Puts a badge class away (`Some`) or takes it up again (`None`); `false` when there is none.
    pub async fn archive_achievement(
        &mut self,
        id: AchievementId,
        archived_at: Option<OffsetDateTime>,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE achievements SET archived_at = $2 WHERE id = $1";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(archived_at.map(At))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// A badge class.
    pub async fn achievement(
        &mut self,
        id: AchievementId,
    ) -> Result<Option<Achievement>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// A badge class of an issuer by its short name.
    pub async fn achievement_by_slug(
        &mut self,
        issuer: IssuerId,
        slug: &str,
    ) -> Result<Option<Achievement>, StoreError> {
        const SQL: &str = select!("WHERE issuer_id = $1 AND slug = $2");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).bind(slug).fetch_optional(connection).await)?)
    }

    /// All badge classes, archived ones included, in the order they were entered; of one issuer, or
    /// of all.
    pub async fn achievements(
        &mut self,
        issuer: Option<IssuerId>,
    ) -> Result<Vec<Achievement>, StoreError> {
        const SQL: &str = select!("WHERE $1 IS NULL OR issuer_id = $1 ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// The version in force of a badge class that is in use, by its issuer and short name.
    pub async fn version_in_use(
        &mut self,
        issuer: IssuerId,
        slug: &str,
    ) -> Result<Option<AchievementVersion>, StoreError> {
        const SQL: &str = select_version!(
            "WHERE achievement_id = (SELECT id FROM achievements \
             WHERE issuer_id = $1 AND slug = $2 AND archived_at IS NULL) \
             ORDER BY number DESC LIMIT 1"
        );
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).bind(slug).fetch_optional(connection).await)?)
    }

    /// Which version of a badge class is in force, of one that is in use, and what becomes of duplicates.
    pub async fn in_use(
        &mut self,
        issuer: IssuerId,
        slug: &str,
    ) -> Result<Option<(AchievementVersionId, Duplicates)>, StoreError> {
        const SQL: &str = "SELECT v.id, a.duplicates FROM achievements a \
                           JOIN achievement_versions v ON v.achievement_id = a.id \
                           WHERE a.issuer_id = $1 AND a.slug = $2 AND a.archived_at IS NULL \
                           ORDER BY v.number DESC LIMIT 1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).bind(slug).fetch_optional(connection).await)?)
    }

    /// What becomes of awards of a badge class that were made before.
    pub async fn duplicates(&mut self, id: AchievementId) -> Result<Duplicates, StoreError> {
        const SQL: &str = "SELECT duplicates FROM achievements WHERE id = $1";
        let found = on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(id).fetch_optional(connection).await)?;
        Ok(found.unwrap_or_default())
    }

    /// The badge classes of an issuer, by short name, whose awards may be made again.
    pub async fn repeatable_badges(&mut self, issuer: IssuerId) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT slug FROM achievements \
                           WHERE issuer_id = $1 AND duplicates = 'allow' ORDER BY slug";
        Ok(on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// Decides what becomes of awards that were made before.
    pub async fn decide_duplicates(
        &mut self,
        id: AchievementId,
        duplicates: Duplicates,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE achievements SET duplicates = $2 WHERE id = $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(duplicates).execute(connection).await.map(drop))?;
        Ok(())
    }

    /// What the directory of badge classes depends on: as long as it is the same, nothing in it changed.
    pub async fn directory_state(&mut self) -> Result<DirectoryState, StoreError> {
        const SQL: &str = "SELECT (SELECT count(*) FROM achievement_versions) AS versions, \
                           (SELECT count(*) FROM achievements WHERE archived_at IS NULL) AS in_use, \
                           (SELECT max(archived_at) FROM achievements) AS archived_at, \
                           (SELECT max(updated_at) FROM issuers) AS issuers_at";
        Ok(on_each!(self, connection => sqlx::query_as(SQL).fetch_one(connection).await)?)
    }

    /// The versions in force of all badge classes in use, with whose they are, in the order the classes
    /// were entered; of one issuer, or of all. Without their pictures.
    pub async fn versions_in_use(
        &mut self,
        issuer: Option<IssuerId>,
    ) -> Result<Vec<(IssuerId, AchievementVersion)>, StoreError> {
        #[derive(FromRow)]
        struct Both {
            issuer_id: IssuerId,
            #[sqlx(flatten)]
            version: AchievementVersion,
        }
        const SQL: &str = "SELECT a.issuer_id, v.id, v.achievement_id, v.number, v.document, \
                           NULL AS image, v.image_media_type, v.level, v.recipient_kind, \
                           v.validity, v.created_at FROM achievements a \
                           JOIN achievement_versions v ON v.achievement_id = a.id \
                           WHERE a.archived_at IS NULL AND ($1 IS NULL OR a.issuer_id = $1) \
                           AND v.number = (SELECT max(number) FROM achievement_versions \
                               WHERE achievement_id = a.id) ORDER BY a.position";
        let found: Vec<Both> = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?;
        Ok(found
            .into_iter()
            .map(|both| (both.issuer_id, both.version))
            .collect())
    }

    /// The version in force.
    pub async fn current_version(
        &mut self,
        achievement: AchievementId,
    ) -> Result<Option<AchievementVersion>, StoreError> {
        const SQL: &str = select_version!("WHERE achievement_id = $1 ORDER BY number DESC LIMIT 1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(achievement).fetch_optional(connection).await)?)
    }

    /// One version.
    pub async fn achievement_version(
        &mut self,
        id: AchievementVersionId,
    ) -> Result<Option<AchievementVersion>, StoreError> {
        const SQL: &str = select_version!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// The version of that number.
    pub async fn numbered_version(
        &mut self,
        achievement: AchievementId,
        number: u32,
    ) -> Result<Option<AchievementVersion>, StoreError> {
        const SQL: &str = select_version!("WHERE achievement_id = $1 AND number = $2");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(achievement).bind(i64::from(number)).fetch_optional(connection).await)?)
    }

    /// All versions of a badge class, the first first.
    pub async fn achievement_versions(
        &mut self,
        achievement: AchievementId,
    ) -> Result<Vec<AchievementVersion>, StoreError> {
        const SQL: &str = select_version!("WHERE achievement_id = $1 ORDER BY number");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(achievement).fetch_all(connection).await)?)
    }
}
