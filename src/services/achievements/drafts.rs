//! Drafts: what the next version of a badge is to say, until it is published.

use serde_json::Value;

use super::entering::Written;
use super::{
    AchievementDetail, AchievementSummary, NewAchievement, detail, kind_of, level_of,
    must_be_in_use, stored_kind, validity_of, written,
};
use crate::services::issuers::Issuer;
use crate::services::picture::Picture;
use crate::services::{Error, Services};
use crate::store::Draft;

impl Services {
    /// Keeps a draft of the next version of a badge that is there, in the place of the one before.
    /// Without a picture it has the one of the draft before, else of the version in force.
    pub async fn draft_achievement(
        &self,
        issuer: Option<&str>,
        slug: &str,
        mut given: NewAchievement,
    ) -> Result<AchievementSummary, Error> {
        let (issuer, row, mut tx) = self.class(issuer, slug).await?;
        if given.image.is_none() {
            let before = tx.draft(row.id).await?.and_then(|draft| draft.image);
            given.image = match before {
                Some(image) => Some(image),
                None => tx
                    .current_version(row.id)
                    .await?
                    .and_then(|version| version.image),
            };
        }
        drop(tx);
        given.slug = Some(row.slug);
        let written = self.written(&issuer, given).await?;
        self.keep_draft(&issuer, written).await
    }

    /// The draft of a badge.
    pub async fn achievement_draft(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<AchievementDetail, Error> {
        let (_, row, mut tx) = self.class(issuer, slug).await?;
        let told = self.told(&mut tx, &row).await?;
        let (Some((summary, _)), Some(draft)) = (told, tx.draft(row.id).await?) else {
            return Err(Error::not_found("draft", slug));
        };
        detail(summary, &draft.document)
    }

    /// Publishes the draft of a badge as its next version, which never changes.
    ///
    /// # Errors
    /// [`Error::Conflict`] where there is no draft; [`Error::Invalid`] with everything that is wrong
    /// with it, which stays a draft then.
    pub async fn publish_draft(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<AchievementSummary, Error> {
        let (issuer, row, mut tx) = self.class(issuer, slug).await?;
        must_be_in_use(&row)?;
        let draft = tx.draft(row.id).await?;
        drop(tx);
        let Some(mut draft) = draft else {
            return Err(Error::Conflict(format!(
                "there is no draft of “{slug}” to publish"
            )));
        };
        let document: Value = serde_json::from_str(&draft.document).map_err(Error::internal)?;
        let written = Written {
            id: row.id,
            slug: row.slug,
            is_known: true,
            document,
            image: draft.image.take().map(Picture::read).transpose()?,
            level: level_of(&draft.level)?,
            recipient: kind_of(draft.recipient_kind),
            validity: validity_of(draft.validity.as_deref())?,
        };
        self.publish(&issuer, written, Some(draft)).await
    }

    pub(super) async fn keep_draft(
        &self,
        issuer: &Issuer,
        given: Written,
    ) -> Result<AchievementSummary, Error> {
        let (image, image_media_type) = given
            .image
            .map(|image| (image.bytes, image.media_type.to_owned()))
            .unzip();
        let draft = Draft {
            achievement_id: given.id,
            document: given.document.to_string(),
            image,
            image_media_type,
            level: given.level.code().to_owned(),
            recipient_kind: stored_kind(given.recipient),
            validity: written(given.validity),
            edition: 0,
            updated_at: self.world.clock.now(),
        };
        let mut tx = self.store.write().await?;
        if !given.is_known {
            self.insert_class(&mut tx, issuer, given.id, &given.slug)
                .await?;
        }
        tx.put_draft(&draft).await?;
        self.audit(
            &mut tx,
            "achievement.draft",
            "achievement",
            Some(given.id.0),
        )
        .await?;
        let row = self.known(&mut tx, issuer, &given.slug).await?;
        let told = self.told(&mut tx, &row).await?;
        tx.commit().await?;
        told.map(|(summary, _)| summary)
            .ok_or_else(|| Error::internal("a draft that was kept is not there"))
    }
}
