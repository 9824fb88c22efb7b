//! The badges that can be issued: the founding ones, and those a partner brings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::issuers::Issuer;
use super::issuing::Awardable;
use super::picture::Picture;
use super::{Error, Services, slug};
use crate::ids::{AchievementId, AchievementVersionId, IssuerId};
use crate::openbadges::json;
use crate::openbadges::model::checked::{Finding, Profile as Rules, Severity};
use crate::openbadges::model::{Achievement, Image, rules};
use crate::recognition::award::Award;
use crate::recognition::levels::Level;
use crate::recognition::microcredential;
use crate::recognition::settings::Settings as Decisions;
use crate::recognition::templates::{Publication, RecipientKind, Template, Validity, founding};
use crate::store::{self, AchievementVersion, NewVersion, Tx};

/// A badge, as a list tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AchievementSummary {
    /// Its short name.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// What is checked before it is awarded: `R1` … `R6`, `L`.
    pub level: String,
    /// Whom it is for: `person` or `organisation`.
    pub recipient: &'static str,
    /// The version in force.
    pub version: u32,
    /// Its identifier.
    pub id: String,
    /// For how many months it holds; none for good.
    pub validity_months: Option<u16>,
}

/// A badge with everything it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AchievementDetail {
    /// In short.
    #[serde(flatten)]
    pub summary: AchievementSummary,
    /// What is checked, in words.
    pub checked: &'static str,
    /// The Achievement (Open Badges 3.0) as every badge of this version carries it.
    pub achievement: Value,
}

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

impl Services {
    /// All badges that can be issued: an issuer's, or without one everybody's whom the actor may see.
    pub async fn achievements(
        &self,
        issuer: Option<&str>,
    ) -> Result<Vec<AchievementSummary>, Error> {
        let of = match issuer {
            Some(slug) => Some(self.issuer(Some(slug)).await?.id),
            None => self.actor.issuer,
        };
        let mut tx = self.store.read().await?;
        let mut summaries = Vec::new();
        for row in tx.achievements(of).await? {
            if row.archived_at.is_none()
                && let Some(version) = tx.current_version(row.id).await?
            {
                summaries.push(summary(&row.slug, &version)?);
            }
        }
        Ok(summaries)
    }

    /// One badge, whole.
    pub async fn achievement(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<AchievementDetail, Error> {
        let issuer = self.issuer(issuer).await?;
        let (row, version) = self.current(&issuer, slug).await?;
        let level = level_of(&version.level)?;
        Ok(AchievementDetail {
            summary: summary(&row.slug, &version)?,
            checked: level.checked().en,
            achievement: serde_json::from_str(&version.document).map_err(Error::internal)?,
        })
    }

    /// Enters a badge, or the next version of one that is there; badges issued before keep theirs.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong with it; nothing was entered then.
    pub async fn import_achievement(
        &self,
        issuer: Option<&str>,
        given: ImportAchievement,
    ) -> Result<AchievementSummary, Error> {
        let issuer = self.issuer(issuer).await?;
        let parsed = json::parse(&given.achievement).map_err(|e| Error::Refused(e.to_string()))?;
        let title = parsed
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let slug = match &given.slug {
            Some(slug) if slug::is_slug(slug) => slug.clone(),
            Some(slug) => return Err(Error::Refused(slug::refusal(slug))),
            None => slug::of_name(title).ok_or_else(|| {
                Error::Refused(
                    "the badge has no name to make a short name from; give one (slug, or --slug)"
                        .into(),
                )
            })?,
        };
        let existing = self
            .store
            .read()
            .await?
            .achievement_by_slug(issuer.id, &slug)
            .await?;
        let image = given.image.map(Picture::read).transpose()?;
        let id = match &existing {
            Some(row) => row.id,
            None => AchievementId::mint(self.world.entropy.as_ref())?,
        };
        let mut achievement = self.complete(parsed, id, given.level, image.as_ref())?;
        if given.level == Level::R6
            || achievement
                .types
                .iter()
                .any(|kind| kind == microcredential::TYPE)
        {
            achievement = micro_credential(achievement, &issuer, given.recipient)?;
        }
        let new = self.new_version(
            &achievement,
            image,
            given.level,
            given.recipient,
            given.validity,
        )?;
        let mut tx = self.store.write().await?;
        let created = existing.is_none();
        if created {
            self.insert(&mut tx, id, issuer.id, &slug).await?;
        }
        tx.insert_achievement_version(id, &new).await?;
        self.audit(&mut tx, "achievement.publish", "achievement", Some(id.0))
            .await?;
        tx.commit().await?;
        let (row, version) = self.current(&issuer, &slug).await?;
        summary(&row.slug, &version)
    }

    /// Enters the founding badges that an issuer lacks; tells how many badges it has.
    pub(super) async fn ensure_founding_achievements(
        &self,
        issuer: &Issuer,
    ) -> Result<usize, Error> {
        let mut tx = self.store.write().await?;
        for template in founding(&Decisions::default()) {
            if tx
                .achievement_by_slug(issuer.id, &template.slug)
                .await?
                .is_none()
            {
                self.found(&mut tx, issuer, &template).await?;
            }
        }
        tx.commit().await?;
        let mut tx = self.store.read().await?;
        Ok(tx.achievements(Some(issuer.id)).await?.len())
    }

    async fn found(&self, tx: &mut Tx, issuer: &Issuer, template: &Template) -> Result<(), Error> {
        let id = AchievementId::mint(self.world.entropy.as_ref())?;
        let image = Picture::read(template.svg().as_bytes().to_vec())?;
        let uri = self.image_uri(id, &image);
        let achievement = template
            .achievement(&Publication {
                id: &self.achievement_uri(id),
                version: "1",
                image: Some(&uri),
                issuer: &issuer.profile,
            })
            .map_err(|incomplete| Error::Refused(incomplete.to_string()))?;
        self.insert(tx, id, issuer.id, &template.slug).await?;
        let new = self.new_version(
            &achievement,
            Some(image),
            template.level,
            template.recipient,
            template.validity,
        )?;
        tx.insert_achievement_version(id, &new).await?;
        self.audit(tx, "achievement.publish", "achievement", Some(id.0))
            .await
    }

    async fn insert(
        &self,
        tx: &mut Tx,
        id: AchievementId,
        issuer_id: IssuerId,
        slug: &str,
    ) -> Result<(), Error> {
        let created_at = self.world.clock.now();
        let slug = slug.to_owned();
        let row = store::Achievement {
            id,
            issuer_id,
            slug,
            created_at,
            archived_at: None,
        };
        Ok(tx.insert_achievement(&row).await?)
    }

    fn new_version(
        &self,
        achievement: &Achievement,
        image: Option<Picture>,
        level: Level,
        recipient: RecipientKind,
        validity: Validity,
    ) -> Result<NewVersion, Error> {
        Ok(NewVersion {
            id: AchievementVersionId::mint(self.world.entropy.as_ref())?,
            document: serde_json::to_string(achievement).map_err(Error::internal)?,
            image: image.map(|image| (image.bytes, image.media_type.to_owned())),
            level: level.code().to_owned(),
            recipient_kind: match recipient {
                RecipientKind::Person => store::RecipientKind::Person,
                RecipientKind::Organisation => store::RecipientKind::Organisation,
            },
            validity: match validity {
                Validity::Unlimited => None,
                Validity::Months(months) => Some(format!("P{months}M")),
            },
            created_at: self.world.clock.now(),
        })
    }

    /// An imported achievement with what we add to it, held to the rules of an issuer.
    fn complete(
        &self,
        mut given: Value,
        id: AchievementId,
        level: Level,
        image: Option<&Picture>,
    ) -> Result<Achievement, Error> {
        if let Some(members) = given.as_object_mut() {
            members
                .entry("id")
                .or_insert_with(|| self.achievement_uri(id).into());
            members
                .entry("type")
                .or_insert_with(|| json!(["Achievement"]));
            if let Some(image) = image {
                let image = Image::new(self.image_uri(id, image));
                members.insert(
                    "image".into(),
                    serde_json::to_value(image).map_err(Error::internal)?,
                );
            }
        }
        let mut findings = findings_of(&given);
        let achievement = serde_json::from_value::<Achievement>(given);
        if let Ok(achievement) = &achievement
            && let Some(kind) = &achievement.achievement_type
            && !level.allows(kind)
        {
            findings.push(Finding {
                pointer: "/achievementType".into(),
                rule: "achievement.level",
                severity: Severity::Error,
                message: format!(
                    "A badge of level {level} can't be called {}.",
                    kind.as_str()
                ),
                advice: format!(
                    "Level {level} checks {}; choose the type or the level that says what is \
                     checked.",
                    level.checked().en
                ),
            });
        }
        if findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            return Err(Error::Invalid { findings });
        }
        achievement.map_err(|error| Error::Refused(format!("this is no Achievement: {error}")))
    }

    /// Badges named by the awards, in the version in force.
    pub(super) async fn awardables(
        &self,
        issuer: &Issuer,
        awards: &[Award],
    ) -> Result<std::collections::BTreeMap<String, std::sync::Arc<Awardable>>, Error> {
        let mut found = std::collections::BTreeMap::new();
        for award in awards {
            if found.contains_key(&award.achievement) {
                continue;
            }
            let (_, version) = self.current(issuer, &award.achievement).await?;
            let awardable = Awardable {
                version: version.id,
                achievement: serde_json::from_str(&version.document).map_err(Error::internal)?,
                recipient: kind_of(version.recipient_kind),
                validity: validity_of(version.validity.as_deref())?,
            };
            found.insert(award.achievement.clone(), awardable.into());
        }
        Ok(found)
    }

    pub(super) async fn current(
        &self,
        issuer: &Issuer,
        slug: &str,
    ) -> Result<(store::Achievement, AchievementVersion), Error> {
        let mut tx = self.store.read().await?;
        if let Some(row) = tx.achievement_by_slug(issuer.id, slug).await?
            && row.archived_at.is_none()
            && let Some(version) = tx.current_version(row.id).await?
        {
            return Ok((row, version));
        }
        let all = tx.achievements(Some(issuer.id)).await?;
        Err(Error::NotFound {
            what: "badge",
            id: slug.into(),
            near: all
                .into_iter()
                .map(|row| row.slug)
                .filter(|known| alike(known, slug))
                .collect(),
        })
    }

    /// The identifier of an achievement: an address where the world reaches us, else a URN.
    fn achievement_uri(&self, id: AchievementId) -> String {
        self.address(&format!("achievements/{id}"))
            .unwrap_or_else(|| id.urn())
    }

    /// Where the picture is: at our address, else inside the badge itself.
    fn image_uri(&self, id: AchievementId, image: &Picture) -> String {
        self.address(&format!("achievements/{id}/image"))
            .unwrap_or_else(|| {
                let bytes = STANDARD.encode(&image.bytes);
                format!("data:{};base64,{bytes}", image.media_type)
            })
    }
}

/// An achievement that is to be a micro-certification must show its European elements. An import has
/// no place for them yet, so the answer is what they would be.
fn micro_credential(
    achievement: Achievement,
    issuer: &Issuer,
    recipient: RecipientKind,
) -> Result<Achievement, Error> {
    microcredential::complete(achievement, None, &issuer.profile, recipient).map_err(|incomplete| {
        let finding = Finding {
            pointer: "/achievementType".into(),
            rule: "achievement.microcredential",
            severity: Severity::Error,
            message: incomplete.to_string(),
            advice: "Import it at the level R5, as a Certificate, until it has them.".into(),
        };
        Error::Invalid {
            findings: vec![finding],
        }
    })
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

pub(super) fn summary(
    slug: &str,
    version: &AchievementVersion,
) -> Result<AchievementSummary, Error> {
    let document: Value = serde_json::from_str(&version.document).map_err(Error::internal)?;
    let text = |member| {
        document
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(AchievementSummary {
        slug: slug.into(),
        name: text("name"),
        level: version.level.clone(),
        recipient: version.recipient_kind.as_str(),
        version: version.number,
        id: text("id"),
        validity_months: match validity_of(version.validity.as_deref())? {
            Validity::Unlimited => None,
            Validity::Months(months) => Some(months),
        },
    })
}

fn validity_of(stored: Option<&str>) -> Result<Validity, Error> {
    let Some(text) = stored else {
        return Ok(Validity::Unlimited);
    };
    text.strip_prefix('P')
        .and_then(|text| text.strip_suffix('M'))
        .and_then(|months| months.parse().ok())
        .map(Validity::Months)
        .ok_or_else(|| Error::internal(format!("“{text}” is no validity")))
}

pub(super) fn level_of(stored: &str) -> Result<Level, Error> {
    Level::ALL
        .into_iter()
        .find(|level| level.code() == stored)
        .ok_or_else(|| Error::internal(format!("“{stored}” is no level")))
}

pub(super) fn kind_of(stored: store::RecipientKind) -> RecipientKind {
    match stored {
        store::RecipientKind::Person => RecipientKind::Person,
        store::RecipientKind::Organisation => RecipientKind::Organisation,
    }
}

/// Whether a known short name could have been meant.
fn alike(known: &str, asked: &str) -> bool {
    let asked = asked.to_lowercase();
    known.contains(&asked)
        || asked
            .split('-')
            .any(|part| part.len() > 3 && known.contains(part))
}
