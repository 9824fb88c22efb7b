//! The directory: every badge class that can be issued, in short, found by words, level and issuer.
//!
//! What is listed is kept in memory, since a page shows a dozen of perhaps thousands, and read anew when
//! the database says that something about it changed.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Mutex;

use super::achievements::level_of;
use super::issuers::{Issuer, IssuerSummary};
use super::{Error, Services, vc_api};
use crate::ids::AchievementId;
use crate::openbadges::model::legible::shown;
use crate::openbadges::model::{Text, many};
use crate::recognition::folding::fold;
use crate::recognition::levels::Level;
use crate::store::DirectoryState;

/// The longest text a class is found by, and the longest that is looked for, in characters.
const LONGEST: (usize, usize) = (4_000, 200);

/// A badge class, as the directory tells it.
#[derive(Debug)]
pub struct Listed {
    /// Its identifier here.
    pub id: AchievementId,
    /// The version in force.
    pub version: u32,
    /// Who issues it.
    pub issuer: IssuerSummary,
    /// What is checked before it is awarded.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// The language it speaks, where it says so.
    pub language: Option<String>,
    /// Whether it has a picture.
    pub has_picture: bool,
    /// What it is found by, folded.
    folded: String,
}

/// What was listed last, and as of which state of the database.
#[derive(Debug, Default)]
pub(super) struct Directory(Mutex<Option<(DirectoryState, Arc<[Listed]>)>>);

/// What a search of the directory asks for; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Search {
    words: String,
    level: Option<Level>,
    issuer: Option<String>,
}

impl Search {
    /// A search for words (of the title, the description, the tags or the skills; case and accents do not
    /// matter), a level, and an issuer by its short name.
    pub fn new(words: &str, level: Option<Level>, issuer: Option<&str>) -> Self {
        let words: String = words.chars().take(LONGEST.1).collect();
        Self {
            words: fold(&words),
            level,
            issuer: issuer.map(ToOwned::to_owned),
        }
    }

    /// Whether a badge class is among what is looked for.
    pub fn finds(&self, class: &Listed) -> bool {
        self.level.is_none_or(|level| level == class.level)
            && self
                .issuer
                .as_ref()
                .is_none_or(|slug| *slug == class.issuer.slug)
            && self
                .words
                .split_whitespace()
                .all(|word| class.folded.contains(word))
    }
}

impl Services {
    /// Every badge class that can be issued, in the order they were entered.
    pub async fn directory(&self) -> Result<Arc<[Listed]>, Error> {
        // One at a time reads it anew, and the others take what was read.
        let mut known = self.directory.0.lock().await;
        let mut tx = self.store.read().await?;
        let state = tx.directory_state().await?;
        if let Some((of, listed)) = &*known
            && *of == state
        {
            return Ok(Arc::clone(listed));
        }
        let issuers = tx.issuers().await?;
        let issuers: Vec<_> = issuers
            .iter()
            .filter(|row| row.slug != vc_api::SLUG)
            .map(|row| Ok((row.id, Issuer::from_row(row)?.summary())))
            .collect::<Result<_, Error>>()?;
        let mut listed = Vec::new();
        for (owner, version) in tx.versions_in_use(None).await? {
            let Some((_, issuer)) = issuers.iter().find(|(id, _)| *id == owner) else {
                continue;
            };
            let document: Value =
                serde_json::from_str(&version.document).map_err(Error::internal)?;
            let text = |member: &str| document.get(member).and_then(|it| Text::of(it, &["fr"]));
            listed.push(Listed {
                id: version.achievement_id,
                version: version.number,
                issuer: issuer.clone(),
                level: level_of(&version.level)?,
                title: text("name").map(shown).unwrap_or_default(),
                language: text("inLanguage").map(shown),
                has_picture: version.image_media_type.is_some(),
                folded: folded(&document),
            });
        }
        let listed: Arc<[Listed]> = listed.into();
        *known = Some((state, Arc::clone(&listed)));
        Ok(listed)
    }
}

/// What a badge class is found by.
fn folded(document: &Value) -> String {
    let text = |value: Option<&Value>| {
        let text = value.and_then(|it| Text::of(it, &["fr"]));
        text.unwrap_or_default().to_owned()
    };
    let mut all = vec![
        text(document.get("name")),
        text(document.get("description")),
    ];
    let tags = many::items(document.get("tag"));
    all.extend(tags.iter().map(|tag| text(Some(tag))));
    let skills = many::items(document.get("alignment"));
    all.extend(skills.iter().map(|skill| text(skill.get("targetName"))));
    let all: String = all.join(" ").chars().take(LONGEST.0).collect();
    fold(&all)
}
