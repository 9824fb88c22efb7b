//! The badges that can be issued: the founding ones, and those a partner brings.
//!
//! A badge class is a draft, then published, then perhaps archived. What is published never changes:
//! a change is the next version, and badges issued before keep theirs. `entering` makes versions,
//! `drafts` what comes before, `templates` begins from a founding badge, `micro_credentials` asks for
//! the European elements, `duplicates` decides what may be awarded twice.

mod drafts;
mod duplicates;
mod entering;
mod micro_credentials;
mod templates;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::issuers::Issuer;
use super::issuing::Awardable;
use super::{Error, Services};
use crate::ids::{AchievementId, AchievementVersionId};
use crate::recognition::levels::Level;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::store::{self, AchievementVersion, Draft, Packer, Tx};

pub use duplicates::Duplicates;
pub use entering::{ImportAchievement, NewAchievement};
pub use micro_credentials::Completeness;
pub(super) use micro_credentials::missing_elements;
pub use templates::{TemplateSummary, templates};

/// The most versions that are kept ready to be awarded.
const KEPT: usize = 200;

/// Versions of badge classes, ready to be awarded. They never change; nothing depends on this but speed.
#[derive(Debug, Default)]
pub(super) struct Awardables(Mutex<BTreeMap<AchievementVersionId, Arc<Awardable>>>);

impl Awardables {
    fn known(&self, version: AchievementVersionId) -> Option<Arc<Awardable>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&version).cloned()
    }

    fn keep(&self, awardable: &Arc<Awardable>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(awardable.version, Arc::clone(awardable));
    }
}

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
    /// `draft`, `published` or `archived`.
    #[schema(example = "published")]
    pub state: &'static str,
    /// The version in force; 0 where none is published yet.
    pub version: u32,
    /// Whether a draft waits to be published as the next version.
    pub draft: bool,
    /// Its identifier.
    pub id: String,
    /// For how many months it holds; none for good.
    pub validity_months: Option<u16>,
    /// What becomes of an award that was made before.
    pub duplicates: Duplicates,
}

/// A badge with everything it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AchievementDetail {
    /// In short.
    #[serde(flatten)]
    pub summary: AchievementSummary,
    /// What is checked, in words.
    pub checked: &'static str,
    /// The Achievement (Open Badges 3.0) as every badge of this version carries it; of a draft, as it
    /// was written.
    pub achievement: Value,
}

/// Which badges to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shown {
    /// Those that can be issued.
    #[default]
    Published,
    /// Those of which no version is published yet.
    Drafts,
    /// Those that were put away.
    Archived,
    /// All.
    All,
}

impl Shown {
    fn shows(self, state: &str) -> bool {
        match self {
            Self::Published => state == PUBLISHED,
            Self::Drafts => state == DRAFT,
            Self::Archived => state == ARCHIVED,
            Self::All => true,
        }
    }
}

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";
const ARCHIVED: &str = "archived";

/// What a badge class says: its version in force, else its draft.
enum Said {
    Version(AchievementVersion),
    Draft(Draft),
}

impl Services {
    /// All badges that can be issued: an issuer's, or without one everybody's whom the actor may see.
    pub async fn achievements(
        &self,
        issuer: Option<&str>,
    ) -> Result<Vec<AchievementSummary>, Error> {
        self.achievements_shown(issuer, Shown::Published).await
    }

    /// The same, in whatever state.
    pub async fn achievements_shown(
        &self,
        issuer: Option<&str>,
        shown: Shown,
    ) -> Result<Vec<AchievementSummary>, Error> {
        let of = match issuer {
            Some(slug) => Some(self.issuer(Some(slug)).await?.id),
            None => self.actor.issuer,
        };
        let mut tx = self.store.read().await?;
        let mut summaries = Vec::new();
        for row in tx.achievements(of).await? {
            if let Some((summary, _)) = self.told(&mut tx, &row).await?
                && shown.shows(summary.state)
            {
                summaries.push(summary);
            }
        }
        Ok(summaries)
    }

    /// One badge, whole, in whatever state.
    pub async fn achievement(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<AchievementDetail, Error> {
        let (_, row, mut tx) = self.class(issuer, slug).await?;
        let Some((summary, said)) = self.told(&mut tx, &row).await? else {
            return Err(Error::not_found("badge", slug));
        };
        let document = match &said {
            Said::Version(version) => &version.document,
            Said::Draft(draft) => &draft.document,
        };
        detail(summary, document)
    }

    /// All that a badge said, the first first, whole.
    pub async fn achievement_versions(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<Vec<AchievementDetail>, Error> {
        let (_, row, mut tx) = self.class(issuer, slug).await?;
        let draft = tx.draft(row.id).await?.is_some();
        let duplicates = tx.duplicates(row.id).await?.into();
        let versions = tx.achievement_versions(row.id).await?;
        let told = versions.iter().map(|version| {
            detail(
                summary(&row, version, draft, duplicates)?,
                &version.document,
            )
        });
        told.collect()
    }

    /// Puts a badge away, or takes it up again: an archived one is not issued any more, and still
    /// read and verified.
    pub async fn archive_achievement(
        &self,
        issuer: Option<&str>,
        slug: &str,
        archive: bool,
    ) -> Result<AchievementSummary, Error> {
        let issuer = self.issuer(issuer).await?;
        let mut tx = self.store.write().await?;
        let mut row = self.known(&mut tx, &issuer, slug).await?;
        if row.archived_at.is_some() != archive {
            row.archived_at = archive.then(|| self.world.clock.now());
            tx.archive_achievement(row.id, row.archived_at).await?;
            let action = if archive {
                "achievement.archive"
            } else {
                "achievement.unarchive"
            };
            self.audit(&mut tx, action, "achievement", Some(row.id.0))
                .await?;
        }
        let told = self.told(&mut tx, &row).await?;
        tx.commit().await?;
        told.map(|(summary, _)| summary)
            .ok_or_else(|| Error::not_found("badge", slug))
    }

    /// What is told of a badge class, and what it says; `None` where it says nothing yet.
    async fn told(
        &self,
        tx: &mut Tx,
        row: &store::Achievement,
    ) -> Result<Option<(AchievementSummary, Said)>, Error> {
        let draft = tx.draft(row.id).await?;
        let duplicates = tx.duplicates(row.id).await?.into();
        if let Some(version) = tx.current_version(row.id).await? {
            let summary = summary(row, &version, draft.is_some(), duplicates)?;
            return Ok(Some((summary, Said::Version(version))));
        }
        let Some(draft) = draft else {
            return Ok(None);
        };
        let document: Value = serde_json::from_str(&draft.document).map_err(Error::internal)?;
        let summary = AchievementSummary {
            slug: row.slug.clone(),
            name: text(&document, "name"),
            level: draft.level.clone(),
            recipient: draft.recipient_kind.as_str(),
            state: if row.archived_at.is_some() {
                ARCHIVED
            } else {
                DRAFT
            },
            version: 0,
            draft: true,
            id: self.achievement_uri(row.id),
            validity_months: months(draft.validity.as_deref())?,
            duplicates,
        };
        Ok(Some((summary, Said::Draft(draft))))
    }

    /// Badges named by the awards, in the version in force.
    pub(super) async fn awardables<'a>(
        &self,
        issuer: &Issuer,
        slugs: impl Iterator<Item = &'a str>,
    ) -> Result<BTreeMap<String, Arc<Awardable>>, Error> {
        let mut found = BTreeMap::new();
        for slug in slugs {
            if found.contains_key(slug) {
                continue;
            }
            let known = self.store.glance().await?.in_use(issuer.id, slug).await?;
            let known = known.and_then(|(version, duplicates)| {
                let awardable = self.awardables.known(version)?;
                (awardable.duplicates == duplicates).then_some(awardable)
            });
            let awardable = match known {
                Some(awardable) => awardable,
                None => self.awardable(issuer, slug).await?,
            };
            found.insert(slug.to_owned(), awardable);
        }
        Ok(found)
    }

    async fn awardable(&self, issuer: &Issuer, slug: &str) -> Result<Arc<Awardable>, Error> {
        let version = self.current(issuer, slug).await?;
        let mut tx = self.store.glance().await?;
        let awardable = Arc::new(Awardable {
            version: version.id,
            achievement: serde_json::from_str(&version.document).map_err(Error::internal)?,
            recipient: kind_of(version.recipient_kind),
            validity: validity_of(version.validity.as_deref())?,
            duplicates: tx.duplicates(version.achievement_id).await?,
            packer: Arc::new(Packer::of(&version.document)),
        });
        self.awardables.keep(&awardable);
        Ok(awardable)
    }

    /// A badge that can be issued, in the version in force.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for one that is a draft or archived.
    pub(super) async fn current(
        &self,
        issuer: &Issuer,
        slug: &str,
    ) -> Result<AchievementVersion, Error> {
        let mut tx = self.store.glance().await?;
        if let Some(version) = tx.version_in_use(issuer.id, slug).await? {
            return Ok(version);
        }
        let row = self.known(&mut tx, issuer, slug).await?;
        must_be_in_use(&row)?;
        Err(Error::Conflict(format!(
            "“{slug}” is a draft; publish it, and it can be issued"
        )))
    }

    /// A badge class and whose it is, and the moment in which to read what it says.
    async fn class(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<(Issuer, store::Achievement, Tx), Error> {
        let issuer = self.issuer(issuer).await?;
        let mut tx = self.store.read().await?;
        let row = self.known(&mut tx, &issuer, slug).await?;
        Ok((issuer, row, tx))
    }

    /// A badge class of an issuer, in whatever state.
    async fn known(
        &self,
        tx: &mut Tx,
        issuer: &Issuer,
        slug: &str,
    ) -> Result<store::Achievement, Error> {
        if let Some(row) = tx.achievement_by_slug(issuer.id, slug).await? {
            return Ok(row);
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
}

/// Fails for a badge that was put away.
pub(super) fn must_be_in_use(row: &store::Achievement) -> Result<(), Error> {
    match row.archived_at {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(format!(
            "“{}” is archived; take it up again first, and nothing it was issued to is affected",
            row.slug
        ))),
    }
}

/// The title of a version.
pub(super) fn name_of(version: &AchievementVersion) -> Result<String, Error> {
    let document: Value = serde_json::from_str(&version.document).map_err(Error::internal)?;
    Ok(text(&document, "name"))
}

/// What is told of a version.
fn summary(
    row: &store::Achievement,
    version: &AchievementVersion,
    draft: bool,
    duplicates: Duplicates,
) -> Result<AchievementSummary, Error> {
    let document: Value = serde_json::from_str(&version.document).map_err(Error::internal)?;
    Ok(AchievementSummary {
        slug: row.slug.clone(),
        name: text(&document, "name"),
        level: version.level.clone(),
        recipient: version.recipient_kind.as_str(),
        state: if row.archived_at.is_some() {
            ARCHIVED
        } else {
            PUBLISHED
        },
        version: version.number,
        draft,
        id: text(&document, "id"),
        validity_months: months(version.validity.as_deref())?,
        duplicates,
    })
}

fn detail(summary: AchievementSummary, document: &str) -> Result<AchievementDetail, Error> {
    Ok(AchievementDetail {
        checked: level_of(&summary.level)?.checked().en,
        achievement: serde_json::from_str(document).map_err(Error::internal)?,
        summary,
    })
}

fn text(document: &Value, member: &str) -> String {
    let text = document.get(member).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn months(stored: Option<&str>) -> Result<Option<u16>, Error> {
    Ok(match validity_of(stored)? {
        Validity::Unlimited => None,
        Validity::Months(months) => Some(months),
    })
}

/// As it is stored.
fn written(validity: Validity) -> Option<String> {
    match validity {
        Validity::Unlimited => None,
        Validity::Months(months) => Some(format!("P{months}M")),
    }
}

/// As it is stored.
fn stored_kind(recipient: RecipientKind) -> store::RecipientKind {
    match recipient {
        RecipientKind::Person => store::RecipientKind::Person,
        RecipientKind::Organisation => store::RecipientKind::Organisation,
    }
}

pub(super) fn validity_of(stored: Option<&str>) -> Result<Validity, Error> {
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
    Level::of_code(stored).ok_or_else(|| Error::internal(format!("“{stored}” is no level")))
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
