//! What a badge recognises: the badge class.

use serde_json::{Number, Value};

use super::class::class;
use super::enumerations::{AchievementType, AlignmentTargetType};
use super::image::Image;
use super::profile::{IdentifierEntry, Profile};
use super::result::ResultDescription;
use super::text::Text;

class! {
    /// Something that can be achieved, and what it takes.
    #[derive(Debug)]
    pub struct Achievement {
        types ["Achievement"]
        required {
            /// Which achievement: an https URL, or `urn:uuid:…`.
            id: String;
            /// Its title.
            name: Text,
            /// What it recognises.
            description: Text,
            /// What it takes.
            criteria: Criteria,
        }
        optional {
            /// What kind of achievement it is.
            achievement_type: AchievementType,
            /// Who designed it, if not the issuer of the credential.
            creator: Profile,
            /// The credits it gives.
            credits_available: Number,
            /// The field of study.
            field_of_study: Text,
            /// The code people use for it in a catalogue.
            human_code: Text,
            /// Its picture.
            image: Image,
            /// The language it is written in: `fr`, `br`, `fr-FR`.
            in_language: String,
            /// The specialisation.
            specialization: Text,
            /// Its version.
            version: Text,
        }
        many {
            /// The frameworks it is aligned with.
            alignment: Alignment,
            /// Endorsements of this achievement, exactly as their issuers signed them.
            endorsement: Value,
            /// Endorsements of this achievement as VC-JWT.
            endorsement_jwt: String,
            /// Other identifiers.
            other_identifier: IdentifierEntry,
            /// Other achievements it is related to.
            related: Related,
            /// The results an earner may have.
            result_description: ResultDescription,
            /// Keywords.
            tag: Text,
        }
    }
}

class! {
    /// What it takes to earn an achievement: a page, a text, or both.
    #[derive(Debug)]
    pub struct Criteria {
        required { ; }
        optional {
            /// The page that tells.
            id: String,
            /// The text that tells, in Markdown.
            narrative: Text,
        }
        many {}
    }
}

impl Criteria {
    /// Criteria told here, in Markdown.
    pub fn told(narrative: impl Into<Text>) -> Self {
        Self {
            narrative: Some(narrative.into()),
            ..Self::new()
        }
    }

    /// Criteria told on a page.
    pub fn page(url: impl Into<String>) -> Self {
        Self {
            id: Some(url.into()),
            ..Self::new()
        }
    }
}

class! {
    /// Where an achievement or a result meets a framework (ESCO, RNCP, …).
    #[derive(Debug)]
    pub struct Alignment {
        types ["Alignment"]
        required {
            ;
            /// The name of what it is aligned with.
            target_name: Text,
            /// Where that is described.
            target_url: String,
        }
        optional {
            /// Its code within the framework.
            target_code: Text,
            /// What it says.
            target_description: Text,
            /// The framework's name.
            target_framework: Text,
            /// What kind of thing it is.
            target_type: AlignmentTargetType,
        }
        many {}
    }
}

class! {
    /// Another achievement this one is related to.
    #[derive(Debug)]
    pub struct Related {
        types ["Related"]
        required {
            /// The other achievement.
            id: String;
        }
        optional {
            /// The language it is written in.
            in_language: String,
            /// Its version.
            version: Text,
        }
        many {}
    }
}
