//! What a roster is read for: which badges, for what activity, as of which day.

use std::collections::BTreeSet;

use time::Date;

use super::activity::Activity;
use super::settings::Settings;
use super::templates::cec::{organisation_slug, path_slug};
use super::templates::{Awarding, RecipientKind, Template, find};

/// What a roster is read for.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// Which badges.
    pub wanted: Wanted,
    /// The activity, where the sheet does not say otherwise.
    pub activity: Option<Activity>,
    /// Today, so that nothing is awarded for what has not happened yet.
    pub today: Date,
    /// The association's decisions.
    pub settings: &'a Settings,
    /// The badges, by slug, that each row is awarded anew, also for what an earlier row says already.
    pub repeatable: BTreeSet<String>,
}

/// Which badges a roster leads to.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Those of the fresque family: each row's workshop and role decide.
    Fresques,
    /// Those of a CEC cohort, to people and organisations: attendance decides ([`cec`](super::cec)).
    Cec,
    /// One and the same for all rows.
    One(Badge),
}

/// What must be known of a badge to award it from a roster.
#[derive(Debug, Clone)]
pub struct Badge {
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// For whom it is.
    pub recipient: RecipientKind,
    /// Who decides.
    pub awarding: Awarding,
    /// The keys of its results, each with the number it requires, if it does.
    pub results: Vec<(String, Option<f64>)>,
}

impl From<&Template> for Badge {
    fn from(template: &Template) -> Self {
        let results = template
            .results
            .iter()
            .map(|result| (result.key.clone(), result.required()));
        Self {
            slug: template.slug.clone(),
            name: template.name.clone(),
            recipient: template.recipient,
            awarding: template.awarding,
            results: results.collect(),
        }
    }
}

impl Wanted {
    /// What a word on the command line asks for: `fresques`, `cec`, or the slug of a founding badge.
    /// The whole path and the organisation's badge of a CEC are read off the attendance sheet alike.
    pub fn founding(word: &str, settings: &Settings) -> Option<Self> {
        let cohort = &settings.cohort;
        match word {
            "fresques" | "fresque" => Some(Self::Fresques),
            "cec" => Some(Self::Cec),
            slug if slug == path_slug(cohort) || slug == organisation_slug(cohort) => {
                Some(Self::Cec)
            }
            slug => find(slug, settings).map(|template| Self::One(Badge::from(&template))),
        }
    }
}
