//! The three founding badges, as data: the fresque family, the CEC, the Terdeskiñ label.
//!
//! A [`Template`] becomes an [`Achievement`] once it is told its identifier, version and picture.
//! Texts are in French; what the association has yet to decide comes from [`Settings`]. Skills are
//! aligned with ESCO only where `esco.rs` has them; ROME has no URLs to align with, and is a tag.
//!
//! To add a family: one file here with a function from settings to templates, one line in
//! [`founding`], and one picture per template in `images/`.

pub(super) mod cec;
mod esco;
mod fresque;
mod terdeskin;

use serde::Serialize;
use time::OffsetDateTime;

use crate::openbadges::model::{
    Achievement, AchievementType, Alignment, Criteria, Image, Profile, ResultDescription,
    ResultType, RubricCriterionLevel, Timestamp,
};

use super::levels::Level;
use super::microcredential::{self, Elements, Incomplete};
use super::settings::Settings;
use esco::Skill;

/// Whom a badge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecipientKind {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
}

/// How long a badge holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Validity {
    /// For good: what happened has happened.
    Unlimited,
    /// So many months.
    Months(u16),
}

/// Who or what decides that a badge is awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Awarding {
    /// The organiser, who saw the person there.
    Organiser,
    /// The count of what was done.
    Counted,
    /// A peer, by an endorsement. Never automatic.
    Peer,
    /// A named assessor. Never automatic.
    Assessor,
    /// A committee.
    Committee,
}

/// A result that holders of a badge may have.
#[derive(Debug, Clone)]
pub struct ResultTemplate {
    /// Names it within its badge: `ateliers`, `s1`.
    pub key: String,
    name: String,
    kind: ResultType,
    range: Option<(&'static str, &'static str)>,
    required: Option<String>,
    /// The levels of its rubric, from the lowest; the first is required.
    levels: Vec<String>,
}

/// A badge that is ready to be made: everything but its identifier, version and picture.
#[derive(Debug, Clone)]
pub struct Template {
    /// Names it in addresses and commands: `animateur-fresque`.
    pub slug: String,
    /// What is checked.
    pub level: Level,
    /// For whom.
    pub recipient: RecipientKind,
    /// For how long.
    pub validity: Validity,
    /// What renews it, where something does: the end of a sentence. Stands after the criteria, so that
    /// holders know what to do, and others what it means that a badge was renewed.
    pub renewal: Option<String>,
    /// Who decides.
    pub awarding: Awarding,
    /// Its title.
    pub name: String,
    /// What it recognises.
    pub description: String,
    /// What it takes, in Markdown.
    pub criteria: String,
    /// Its results.
    pub results: Vec<ResultTemplate>,
    /// What the European elements ask of a micro-certification; none otherwise.
    pub elements: Option<Elements>,
    kind: AchievementType,
    field_of_study: Option<&'static str>,
    tags: Vec<String>,
    skills: Vec<&'static Skill>,
    svg: &'static str,
}

/// What a template is told to become an achievement.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// The achievement's identifier: an https URL or `urn:uuid:…`. Its results' are made from it.
    pub id: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Its picture: a URL, or a `data:` URI.
    pub image: Option<&'a str>,
    /// Who issues it.
    pub issuer: &'a Profile,
}

impl Template {
    /// The achievement of this template.
    ///
    /// # Errors
    /// [`Incomplete`], when it is to be a micro-certification and lacks some of the European elements.
    pub fn achievement(&self, publication: &Publication<'_>) -> Result<Achievement, Incomplete> {
        let mut achievement = Achievement::new(
            publication.id,
            self.name.as_str(),
            self.description.as_str(),
            Criteria::told(self.narrative()),
        );
        achievement.achievement_type = Some(self.kind.clone());
        achievement.version = Some(publication.version.into());
        achievement.in_language = Some("fr".to_owned());
        achievement.field_of_study = self.field_of_study.map(Into::into);
        achievement.tag = self.tags.iter().map(|tag| tag.as_str().into()).collect();
        achievement.alignment = self.skills.iter().map(|skill| skill.alignment()).collect();
        achievement.result_description = self
            .results
            .iter()
            .map(|outcome| outcome.description(publication.id))
            .collect();
        achievement.image = publication.image.map(|uri| Image {
            caption: Some(self.name.as_str().into()),
            ..Image::new(uri)
        });
        if self.level == Level::R6 {
            let elements = self.elements.as_ref();
            return microcredential::complete(
                achievement,
                elements,
                publication.issuer,
                self.recipient,
            );
        }
        Ok(achievement)
    }

    /// What it takes to have the badge, and to keep it.
    fn narrative(&self) -> String {
        let renewal = self.renewal.as_ref();
        let renewal = renewal.map(|renewal| format!("\n\nRenouvellement : {renewal}"));
        format!("{}{}", self.criteria, renewal.unwrap_or_default())
    }

    /// Its picture, as SVG.
    pub fn svg(&self) -> &'static str {
        self.svg
    }
}

impl ResultTemplate {
    /// The number it takes, where it takes one.
    pub(super) fn required(&self) -> Option<f64> {
        self.required
            .as_deref()
            .and_then(|required| required.parse().ok())
    }

    fn status(key: &str, name: impl Into<String>) -> Self {
        Self::new(key, name, ResultType::Status)
    }

    fn count(key: &str, name: impl Into<String>) -> Self {
        Self {
            range: Some(("0", "9999")),
            ..Self::new(key, name, ResultType::RawScore)
        }
    }

    fn rubric(key: &str, name: impl Into<String>, levels: &[String]) -> Self {
        Self {
            levels: levels.to_vec(),
            ..Self::new(key, name, ResultType::RubricCriterionLevel)
        }
    }

    fn at_least(self, required: u32) -> Self {
        Self {
            required: Some(required.to_string()),
            ..self
        }
    }

    fn new(key: &str, name: impl Into<String>, kind: ResultType) -> Self {
        Self {
            key: key.to_owned(),
            name: name.into(),
            kind,
            range: None,
            required: None,
            levels: Vec::new(),
        }
    }

    fn description(&self, achievement: &str) -> ResultDescription {
        let id = result_id(achievement, &self.key);
        let level = |index: usize| format!("{id}-{}", index + 1);
        let mut description =
            ResultDescription::new(id.as_str(), self.name.as_str(), self.kind.clone());
        description.value_min = self.range.map(|(lowest, _)| lowest.into());
        description.value_max = self.range.map(|(_, highest)| highest.into());
        description.required_value = self.required.as_deref().map(Into::into);
        description.required_level = (!self.levels.is_empty()).then(|| level(0));
        description.rubric_criterion_level = self
            .levels
            .iter()
            .enumerate()
            .map(|(index, name)| RubricCriterionLevel::new(level(index), name.as_str()))
            .collect();
        description
    }
}

/// The identifier of an achievement's result: stable as long as the achievement's own.
pub(super) fn result_id(achievement: &str, key: &str) -> String {
    format!("{achievement}#{key}")
}

impl Skill {
    fn alignment(&self) -> Alignment {
        Alignment {
            target_framework: Some("ESCO".into()),
            ..Alignment::new(self.name, self.url())
        }
    }
}

impl Validity {
    /// Until when a badge holds that holds from `start`: the same day of the month, or the month's
    /// last where it is shorter. `None` when it holds for good.
    pub fn until(self, start: Timestamp) -> Option<Timestamp> {
        let Self::Months(months) = self else {
            return None;
        };
        let instant = start.whole_seconds().instant();
        let months = i32::from(u8::from(instant.month()) - 1) + i32::from(months);
        let year = instant.year() + months / 12;
        let month = u8::try_from(months % 12 + 1).ok()?.try_into().ok()?;
        let day = instant.day().min(time::util::days_in_month(month, year));
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(Timestamp::from(OffsetDateTime::new_utc(
            date,
            instant.time(),
        )))
    }
}

/// All templates of the founding badges.
pub fn founding(settings: &Settings) -> Vec<Template> {
    [
        fresque::templates(settings),
        cec::templates(settings),
        terdeskin::templates(settings),
    ]
    .concat()
}

/// The template with that slug.
pub fn find(slug: &str, settings: &Settings) -> Option<Template> {
    founding(settings)
        .into_iter()
        .find(|template| template.slug == slug)
}

#[cfg(test)]
mod tests;
