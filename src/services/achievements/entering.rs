//! A badge is entered: made whole, held to the rules, and published as a version that never changes.

use serde_json::{Value, json};

use super::micro_credentials::{elements_of, micro_credential};
use super::{AchievementSummary, must_be_in_use, stored_kind, summary, written};
use crate::ids::{AchievementId, AchievementVersionId};
use crate::openbadges::canonical::{Limits, canonicalize};
use crate::openbadges::json;
use crate::openbadges::model::checked::{Finding, Profile as Rules, Severity};
use crate::openbadges::model::contexts::{CREDENTIALS_V2, OPEN_BADGES};
use crate::openbadges::model::{Achievement, Image, rules};
use crate::recognition::levels::Level;
use crate::recognition::microcredential;
use crate::recognition::settings::Settings as Decisions;
use crate::recognition::templates::{RecipientKind, Validity, founding};
use crate::services::issuers::Issuer;
use crate::services::picture::Picture;
use crate::services::signing::without_meaning;
use crate::services::{Error, Services, slug};
use crate::store::{self, NewVersion, Tx};

/// A badge to import.
#[derive(Debug)]
pub struct ImportAchievement {
    /// The Achievement, as JSON text.
    pub achievement: Vec<u8>,
    /// Its short name; made from its title where none is given.
    pub slug: Option<String>,
    /// Its picture, SVG or PNG.
    pub image: Option<Vec<u8>>,
    /// What is checked before it is awarded.
    pub level: Level,
    /// Whom it is for.
    pub recipient: RecipientKind,
    /// For how long it holds.
    pub validity: Validity,
}

/// A badge to be made, whole or from a founding one.
#[derive(Debug, Default)]
pub struct NewAchievement {
    /// The founding badge it begins from, by its short name.
    pub template: Option<String>,
    /// The Achievement, as JSON text; with a template, what is to be different.
    pub achievement: Option<Vec<u8>>,
    /// Its short name; made from its title where none is given.
    pub slug: Option<String>,
    /// Its picture, SVG or PNG; the template's where none is given.
    pub image: Option<Vec<u8>>,
    /// What is checked before it is awarded; the template's where none is given.
    pub level: Option<Level>,
    /// Whom it is for; the template's, else persons.
    pub recipient: Option<RecipientKind>,
    /// For how long it holds; as the template, else for good.
    pub validity: Option<Validity>,
    /// Keep it as a draft instead of publishing it.
    pub draft: bool,
}

/// What a version is to say, read and not judged yet.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) id: AchievementId,
    pub(super) slug: String,
    /// Whether the class is there already.
    pub(super) is_known: bool,
    pub(super) document: Value,
    pub(super) image: Option<Picture>,
    pub(super) level: Level,
    pub(super) recipient: RecipientKind,
    pub(super) validity: Validity,
}

/// The longest Achievement, in bytes of JSON without its picture: it travels in every badge.
const LONGEST: usize = 64 * 1024;

fn must_be_of_a_size(document: &Value) -> Result<(), Error> {
    let members = document.as_object();
    let texts = members.map(|members| members.iter().filter(|(name, _)| *name != "image"));
    let bytes: usize = texts
        .into_iter()
        .flatten()
        .map(|(_, member)| member.to_string().len())
        .sum();
    if bytes > LONGEST {
        return Err(Error::Refused(format!(
            "the badge says {bytes} bytes, and every badge of its kind carries them; shorten it to {LONGEST}, \
             and put longer criteria at an address (criteria.id)"
        )));
    }
    Ok(())
}

impl From<ImportAchievement> for NewAchievement {
    fn from(given: ImportAchievement) -> Self {
        Self {
            achievement: Some(given.achievement),
            slug: given.slug,
            image: given.image,
            level: Some(given.level),
            recipient: Some(given.recipient),
            validity: Some(given.validity),
            ..Self::default()
        }
    }
}

impl Services {
    /// Enters a badge, or the next version of one that is there; badges issued before keep theirs.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it; nothing was entered then.
    pub async fn import_achievement(
        &self,
        issuer: Option<&str>,
        given: ImportAchievement,
    ) -> Result<AchievementSummary, Error> {
        self.new_achievement(issuer, given.into()).await
    }

    /// Makes a badge, whole or from a founding one: published, or kept as a draft. One that is there
    /// gets its next version.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with what is to be published.
    pub async fn new_achievement(
        &self,
        issuer: Option<&str>,
        given: NewAchievement,
    ) -> Result<AchievementSummary, Error> {
        let issuer = self.issuer(issuer).await?;
        let draft = given.draft;
        let written = self.written(&issuer, given).await?;
        if draft {
            self.keep_draft(&issuer, written).await
        } else {
            self.publish(&issuer, written, None).await
        }
    }

    /// Reads what was given.
    pub(super) async fn written(
        &self,
        issuer: &Issuer,
        given: NewAchievement,
    ) -> Result<Written, Error> {
        let template = given.template.as_deref().map(super::templates::named);
        let template = template.transpose()?;
        let changes = match &given.achievement {
            Some(text) => json::parse(text).map_err(|e| Error::Refused(e.to_string()))?,
            None if template.is_some() => json!({}),
            None => return Err(Error::Refused("say what the badge is".into())),
        };
        if !changes.is_object() {
            return Err(Error::Refused("a badge is a JSON object".into()));
        }
        let title = changes.get("name").and_then(Value::as_str);
        let slug = match (&given.slug, title, &template) {
            (Some(slug), ..) if slug::is_slug(slug) => slug.clone(),
            (Some(slug), ..) => return Err(Error::Refused(slug::refusal(slug))),
            (None, None, Some(template)) => template.slug.clone(),
            (None, title, _) => slug::of_name(title.unwrap_or_default()).ok_or_else(|| {
                Error::Refused(
                    "the badge has no name to make a short name from; give one (slug, or --slug)"
                        .into(),
                )
            })?,
        };
        let mut tx = self.store.read().await?;
        let row = tx.achievement_by_slug(issuer.id, &slug).await?;
        drop(tx);
        row.as_ref().map(must_be_in_use).transpose()?;
        let id = match &row {
            Some(row) => row.id,
            None => AchievementId::mint(self.world.entropy.as_ref())?,
        };
        let missing = "say what is checked before it is awarded, as a level from R1 to R6, or L";
        let level = given
            .level
            .or(template.as_ref().map(|template| template.level));
        let picture = template.as_ref().map(|it| it.svg().as_bytes().to_vec());
        Ok(Written {
            id,
            slug,
            is_known: row.is_some(),
            level: level.ok_or_else(|| Error::Refused(missing.into()))?,
            recipient: given
                .recipient
                .or(template.as_ref().map(|template| template.recipient))
                .unwrap_or(RecipientKind::Person),
            validity: given
                .validity
                .or(template.as_ref().map(|template| template.validity))
                .unwrap_or(Validity::Unlimited),
            image: given.image.or(picture).map(Picture::read).transpose()?,
            document: match &template {
                Some(template) => self.changed_template(template, issuer, id, &changes)?,
                None => changes,
            },
        })
    }

    /// Publishes the next version, and takes away the draft it comes from.
    pub(super) async fn publish(
        &self,
        issuer: &Issuer,
        given: Written,
        draft: Option<store::Draft>,
    ) -> Result<AchievementSummary, Error> {
        let id = given.id;
        let new = self.judged(
            issuer,
            given.document,
            id,
            given.image,
            Kept {
                level: given.level,
                recipient: given.recipient,
                validity: given.validity,
            },
        )?;
        let mut tx = self.store.write().await?;
        if !given.is_known {
            self.insert_class(&mut tx, issuer, id, &given.slug).await?;
        }
        tx.insert_achievement_version(id, &new).await?;
        if let Some(draft) = draft
            && !tx.delete_draft(id, draft.edition).await?
        {
            return Err(Error::Conflict(
                "the draft was changed at the same moment; look at it, and publish it again".into(),
            ));
        }
        self.audit(&mut tx, "achievement.publish", "achievement", Some(id.0))
            .await?;
        let row = tx.achievement(id).await?;
        let version = tx.current_version(id).await?;
        let waits = tx.draft(id).await?.is_some();
        let duplicates = tx.duplicates(id).await?.into();
        tx.commit().await?;
        let (row, version) = row
            .zip(version)
            .ok_or_else(|| Error::internal("what was published is not there"))?;
        summary(&row, &version, waits, duplicates)
    }

    /// Enters the founding badges that an issuer lacks; tells how many badges it has.
    pub(in crate::services) async fn ensure_founding_achievements(
        &self,
        issuer: &Issuer,
    ) -> Result<usize, Error> {
        let mut tx = self.store.write().await?;
        for template in founding(&Decisions::default()) {
            let known = tx.achievement_by_slug(issuer.id, &template.slug).await?;
            if known.is_some() {
                continue;
            }
            let id = AchievementId::mint(self.world.entropy.as_ref())?;
            let image = Picture::read(template.svg().as_bytes().to_vec())?;
            let uri = self.image_uri(id, &image);
            let achievement = self.of_template(&template, issuer, id, Some(&uri))?;
            let new = self.new_version(
                &achievement,
                Some(image),
                Kept {
                    level: template.level,
                    recipient: template.recipient,
                    validity: template.validity,
                },
            )?;
            self.insert_class(&mut tx, issuer, id, &template.slug)
                .await?;
            tx.insert_achievement_version(id, &new).await?;
            self.audit(&mut tx, "achievement.publish", "achievement", Some(id.0))
                .await?;
        }
        tx.commit().await?;
        let mut tx = self.store.read().await?;
        Ok(tx.achievements(Some(issuer.id)).await?.len())
    }

    pub(super) async fn insert_class(
        &self,
        tx: &mut Tx,
        issuer: &Issuer,
        id: AchievementId,
        slug: &str,
    ) -> Result<(), Error> {
        let row = store::Achievement {
            id,
            issuer_id: issuer.id,
            slug: slug.to_owned(),
            created_at: self.world.clock.now(),
            archived_at: None,
        };
        Ok(tx.insert_achievement(&row).await?)
    }

    fn new_version(
        &self,
        achievement: &Achievement,
        image: Option<Picture>,
        kept: Kept,
    ) -> Result<NewVersion, Error> {
        Ok(NewVersion {
            id: AchievementVersionId::mint(self.world.entropy.as_ref())?,
            document: serde_json::to_string(achievement).map_err(Error::internal)?,
            image: image.map(|image| (image.bytes, image.media_type.to_owned())),
            level: kept.level.code().to_owned(),
            recipient_kind: stored_kind(kept.recipient),
            validity: written(kept.validity),
            created_at: self.world.clock.now(),
        })
    }

    /// What was written with what we add to it, held to the rules of an issuer.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it.
    pub(super) fn judged(
        &self,
        issuer: &Issuer,
        mut document: Value,
        id: AchievementId,
        image: Option<Picture>,
        kept: Kept,
    ) -> Result<NewVersion, Error> {
        must_be_of_a_size(&document)?;
        self.complete(&mut document, id, image.as_ref())?;
        let (elements, mut findings) = elements_of(&mut document, kept.level);
        findings.extend(findings_of(&document));
        let achievement = serde_json::from_value::<Achievement>(document);
        if let Ok(achievement) = &achievement {
            findings.extend(wrong_type(achievement, kept.level));
        }
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if findings.iter().any(is_error) {
            return Err(Error::Invalid { findings });
        }
        let mut achievement = achievement
            .map_err(|error| Error::Refused(format!("this is no Achievement: {error}")))?;
        if kept.level == Level::R6 {
            achievement = micro_credential(achievement, elements.as_ref(), issuer, kept.recipient)?;
        }
        if let Some(finding) = unsignable(&achievement)? {
            let findings = vec![finding];
            return Err(Error::Invalid { findings });
        }
        self.new_version(&achievement, image, kept)
    }

    /// Adds the members that are ours to give.
    pub(super) fn complete(
        &self,
        document: &mut Value,
        id: AchievementId,
        image: Option<&Picture>,
    ) -> Result<(), Error> {
        let Some(members) = document.as_object_mut() else {
            return Ok(());
        };
        members
            .entry("id")
            .or_insert_with(|| self.achievement_uri(id).into());
        members
            .entry("type")
            .or_insert_with(|| json!(["Achievement"]));
        if let Some(image) = image {
            let image = Image::new(self.image_uri(id, image));
            let image = serde_json::to_value(image).map_err(Error::internal)?;
            members.insert("image".into(), image);
        }
        Ok(())
    }

    /// Where the picture is: at our address, else inside the badge itself.
    fn image_uri(&self, id: AchievementId, image: &Picture) -> String {
        image.uri(self.address(&format!("achievements/{id}/image")))
    }
}

/// What is kept beside the Achievement itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) level: Level,
    pub(super) recipient: RecipientKind,
    pub(super) validity: Validity,
}

/// A type that claims more, or other things, than the level checks.
fn wrong_type(achievement: &Achievement, level: Level) -> Option<Finding> {
    let kind = achievement.achievement_type.as_ref()?;
    if level.allows(kind) {
        return None;
    }
    Some(Finding {
        pointer: "/achievementType".into(),
        rule: "achievement.level",
        severity: Severity::Error,
        message: format!(
            "A badge of level {level} can't be called {}.",
            kind.as_str()
        ),
        advice: format!(
            "Level {level} checks {}; choose the type or the level that says what is checked.",
            level.checked().en
        ),
    })
}

/// Why no badge of this achievement could be signed: a word that no context has, an address that is
/// relative. Found when it is entered, rather than each time it is issued.
fn unsignable(achievement: &Achievement) -> Result<Option<Finding>, Error> {
    const AT: &str = "/credentialSubject/achievement";
    let mut contexts = vec![json!(CREDENTIALS_V2), json!(OPEN_BADGES)];
    if microcredential::uses_context(achievement) {
        contexts.push(microcredential::context());
    }
    let achievement = serde_json::to_value(achievement).map_err(Error::internal)?;
    let badge = json!({
        "@context": contexts,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "credentialSubject": { "type": ["AchievementSubject"], "achievement": achievement },
    });
    let refused = canonicalize(&badge, &Limits::ISSUE).err();
    Ok(refused.map(|error| {
        let pointer = error.pointer.strip_prefix(AT).unwrap_or(&error.pointer);
        Finding {
            pointer: pointer.to_owned(),
            ..without_meaning("achievement.words", &error)
        }
    }))
}

/// What the rules find in an achievement, as part of the badge it would be in.
fn findings_of(achievement: &Value) -> Vec<Finding> {
    const AT: &str = "/credentialSubject/achievement";
    let badge = json!({ "credentialSubject": { "achievement": achievement } });
    rules::findings(&badge, Rules::OpenBadge)
        .into_iter()
        .filter_map(|finding| {
            let pointer = finding.pointer.strip_prefix(AT)?.to_owned();
            Some(Finding { pointer, ..finding })
        })
        .collect()
}
