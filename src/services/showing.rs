//! A badge as its page shows it: what was signed, judged at this moment, and who may see it.

use std::sync::Arc;

use serde_json::Value;

use super::achievements::level_of;
use super::holders::{HolderLink, Visibility};
use super::issuers::{Issuer, IssuerSummary};
use super::presenting::{Form, Pictures};
use super::verifying::Held;
use super::{Error, Services, vc_api};
use crate::ids::{AchievementId, CredentialId, IssuerId};
use crate::openbadges::verify::{Presented, Report};
use crate::recognition::folding::fold;
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

/// A badge class that is published, for its page and the directory.
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
        let examined = self.judged_beside(&bytes).await?;
        Ok((bytes, examined))
    }

    async fn judged_beside(&self, bytes: &[u8]) -> Result<Examined, Error> {
        let report = self.verifier().verify(bytes, None).await?;
        let credential = Presented::read(bytes).credential().cloned();
        Ok(Examined { report, credential })
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
        let linkedin_organisation = tx.issuer_details(row.issuer_id).await?.linkedin;
        drop(tx);
        Ok(BadgeShown {
            id,
            examined: self.judged_beside(&signed.document).await?,
            visibility: decided.visibility,
            language: decided.language,
            level: level_of(&version.level)?,
            achievement: row.achievement_id,
            issuer: Issuer::from_row(&issuer)?.summary(),
            version: version.number,
            linkedin_organisation,
            picture: version.image_media_type,
            has_jwt: signed.jwt_eddsa.is_some() || signed.jwt_es256.is_some(),
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

    /// Every badge class that can be issued: of all issuers, or of one.
    pub async fn classes_shown(&self, issuer: Option<&str>) -> Result<Vec<ClassShown>, Error> {
        let of = match issuer {
            Some(slug) => Some(self.issuer(Some(slug)).await?.id),
            None => None,
        };
        let mut tx = self.store.read().await?;
        let issuers: Vec<(IssuerId, IssuerSummary)> = tx
            .issuers()
            .await?
            .iter()
            .filter(|row| row.slug != vc_api::SLUG)
            .map(|row| Ok((row.id, Issuer::from_row(row)?.summary())))
            .collect::<Result<_, Error>>()?;
        let mut shown = Vec::new();
        for (owner, version) in tx.versions_in_use(of).await? {
            if let Some((_, issuer)) = issuers.iter().find(|(id, _)| *id == owner) {
                shown.push(class(version, issuer.clone(), false)?);
            }
        }
        Ok(shown)
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

/// What a search of the directory asks for; what is `None` does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    /// Words of the title, the description, the tags or the skills; case and accents do not matter.
    pub words: Option<&'a str>,
    /// What is checked.
    pub level: Option<Level>,
    /// By an issuer, by its short name.
    pub issuer: Option<&'a str>,
}

impl Search<'_> {
    /// Whether a badge class is among what is looked for.
    pub fn finds(&self, class: &ClassShown) -> bool {
        let words = fold(self.words.unwrap_or_default());
        self.level.is_none_or(|level| level == class.level)
            && self.issuer.is_none_or(|slug| slug == class.issuer.slug)
            && (words.is_empty() || {
                let text = folded_text(&class.document);
                words.split(' ').all(|word| text.contains(word))
            })
    }
}

/// What a badge class is found by.
fn folded_text(document: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut all = vec![
        text(document.get("name")),
        text(document.get("description")),
    ];
    let list = |member: &str| document.get(member).and_then(Value::as_array).cloned();
    all.extend(
        list("tag")
            .into_iter()
            .flatten()
            .map(|tag| text(Some(&tag))),
    );
    let skills = list("alignment").into_iter().flatten();
    all.extend(skills.map(|skill| text(skill.get("targetName"))));
    fold(&all.join(" "))
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
