//! A badge as its page shows it: what was signed, judged at this moment, and who may see it.

use std::sync::Arc;

use serde_json::Value;

use super::achievements::level_of;
use super::holders::{HolderLink, Visibility};
use super::issuers::{Issuer, IssuerSummary};
use super::presenting::{Form, Pictures};
use super::verifying::{Held, read};
use super::{Error, Services};
use crate::ids::{AchievementId, CredentialId};
use crate::openbadges::verify::Report;
use crate::recognition::levels::Level;
use crate::store::AchievementVersion;

/// Anybody's badge, judged.
#[derive(Debug, Clone)]
pub struct Examined {
    /// What came of judging it.
    pub report: Report,
    /// What it says, where it could be read.
    pub credential: Option<Value>,
}

/// A badge of this installation, for its page.
#[derive(Debug, Clone)]
pub struct BadgeShown {
    /// Its identifier here.
    pub id: CredentialId,
    /// Judged at this moment, as a stranger's badge would be.
    pub examined: Examined,
    /// Who sees its page.
    pub visibility: Visibility,
    /// The language the holder chose for it.
    pub language: Option<String>,
    /// What is checked before it is awarded.
    pub level: Level,
    /// The badge class.
    pub achievement: AchievementId,
    /// Who issued it.
    pub issuer: IssuerSummary,
    /// The version it is an award of.
    pub version: u32,
    /// The number under which its issuer is known at LinkedIn.
    pub linkedin_organisation: Option<String>,
    /// The picture's media type, where it has one.
    pub picture: Option<String>,
    /// Whether there is a JWT.
    pub has_jwt: bool,
}

/// A badge class that is published, for its page.
#[derive(Debug, Clone)]
pub struct ClassShown {
    /// Its identifier here.
    pub id: AchievementId,
    /// Who issues it.
    pub issuer: IssuerSummary,
    /// The Achievement (Open Badges 3.0).
    pub document: Arc<Value>,
    /// What is checked before it is awarded.
    pub level: Level,
    /// Its version.
    pub version: u32,
    /// The picture's media type, where it has one.
    pub picture: Option<String>,
    /// Whether it was put away: not issued any more.
    pub is_archived: bool,
}

impl Services {
    /// Judges anybody's badge, and gives what it says beside.
    pub async fn examine(&self, held: Held) -> Result<(Vec<u8>, Examined), Error> {
        let bytes = self.bytes_of(held).await?;
        self.judged_beside(bytes).await
    }

    async fn judged_beside(&self, bytes: Vec<u8>) -> Result<(Vec<u8>, Examined), Error> {
        let (bytes, presented) = read(bytes).await?;
        let credential = presented.credential().cloned();
        let report = self.verifier().judge(presented, None).await?;
        Ok((bytes, Examined { report, credential }))
    }

    /// A badge for its page: for whoever has its address, or for its holder.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Gone`] once it is erased; [`Error::Private`] where its holder keeps
    /// it to themselves.
    pub async fn badge_shown(
        &self,
        id: CredentialId,
        holder: Option<&HolderLink>,
    ) -> Result<BadgeShown, Error> {
        let not_found = || Error::not_found("badge", id.to_string());
        let mut tx = self.store.read().await?;
        let holder = holder.filter(|link| link.badge() == id);
        let decided = match holder {
            Some(link) => self.opened(&mut tx, link).await?,
            None => tx.holder(id).await?,
        };
        let row = tx.credential(id).await?.ok_or_else(not_found)?;
        if holder.is_none() && decided.visibility == Visibility::Private {
            return Err(Error::Private);
        }
        let Some(signed) = tx.signed(id).await? else {
            drop(tx);
            return Err(self.missing(id).await?);
        };
        let version = tx.achievement_version(row.achievement_version_id).await?;
        let version = version.ok_or_else(not_found)?;
        let issuer = tx.issuer(row.issuer_id).await?.ok_or_else(not_found)?;
        let class = tx
            .achievement(row.achievement_id)
            .await?
            .ok_or_else(not_found)?;
        // What the VC API signed is kept as it was asked for, and in no other form.
        let has_jwt = class.slug != super::vc_api::SLUG;
        let linkedin_organisation = tx.issuer_details(row.issuer_id).await?.linkedin;
        drop(tx);
        Ok(BadgeShown {
            id,
            examined: self.judged_beside(signed.document).await?.1,
            visibility: decided.visibility,
            language: decided.language,
            level: level_of(&version.level)?,
            achievement: row.achievement_id,
            issuer: Issuer::from_row(&issuer)?.summary(),
            version: version.number,
            linkedin_organisation,
            picture: version.image_media_type,
            has_jwt,
        })
    }

    /// One badge class, in the version in force or in another.
    pub async fn class_shown(
        &self,
        id: AchievementId,
        number: Option<u32>,
    ) -> Result<ClassShown, Error> {
        let not_found = || Error::not_found("achievement", id.to_string());
        let mut tx = self.store.read().await?;
        let row = tx.achievement(id).await?.ok_or_else(not_found)?;
        let version = match number {
            None => tx.current_version(id).await?,
            Some(number) => tx.numbered_version(id, number).await?,
        };
        let issuer = tx.issuer(row.issuer_id).await?.ok_or_else(not_found)?;
        let issuer = Issuer::from_row(&issuer)?.summary();
        let is_archived = row.archived_at.is_some();
        class(version.ok_or_else(not_found)?, issuer, is_archived)
    }

    /// A badge in some form for whoever has its address, or for its holder. Where the page names
    /// nobody, the signed badge, which does, is the holder's alone.
    ///
    /// # Errors
    /// As [`Services::present`], and [`Error::Private`].
    pub async fn hand_out(
        &self,
        id: CredentialId,
        form: Form<'_>,
        holder: Option<&HolderLink>,
    ) -> Result<Vec<u8>, Error> {
        let mut tx = self.store.glance().await?;
        let found = tx.signed_and_visibility(id).await?;
        let holder = holder.filter(|link| link.badge() == id);
        if let Some(link) = holder {
            self.opened(&mut tx, link).await?;
        }
        drop(tx);
        let Some((signed, visibility)) = found else {
            return Err(self.missing(id).await?);
        };
        let is_open = matches!(visibility, Visibility::Link | Visibility::Public);
        if !is_open && holder.is_none() {
            return Err(Error::Private);
        }
        self.formed(id, signed, form, &mut Pictures::default())
            .await
    }
}

fn class(
    version: AchievementVersion,
    issuer: IssuerSummary,
    is_archived: bool,
) -> Result<ClassShown, Error> {
    let document: Value = serde_json::from_str(&version.document).map_err(Error::internal)?;
    Ok(ClassShown {
        id: version.achievement_id,
        issuer,
        document: document.into(),
        level: level_of(&version.level)?,
        version: version.number,
        picture: version.image_media_type,
        is_archived,
    })
}
