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
            id: String = Uri;
            /// Its title.
            name: Text = Text,
            /// What it recognises.
            description: Text = Text,
            /// What it takes.
            criteria: Criteria = Class(Criteria::table),
        }
        optional {
            /// What kind of achievement it is.
            achievement_type: AchievementType = Word(AchievementType::allows),
            /// Who designed it, if not the issuer of the credential.
            creator: Profile = Class(Profile::table),
            /// The credits it gives.
            credits_available: Number = Number,
            /// The field of study.
            field_of_study: Text = Text,
            /// The code people use for it in a catalogue.
            human_code: Text = Text,
            /// Its picture.
            image: Image = Class(Image::table),
            /// The language it is written in: `fr`, `br`, `fr-FR`.
            in_language: String = Language,
            /// The specialisation.
            specialization: Text = Text,
            /// Its version.
            version: Text = Text,
        }
        many {
            /// The frameworks it is aligned with.
            alignment: Alignment = Class(Alignment::table),
            /// Endorsements of this achievement, exactly as their issuers signed them.
            endorsement: Value = Endorsement,
            /// Endorsements of this achievement as VC-JWT.
            endorsement_jwt: String = Jws,
            /// Other identifiers.
            other_identifier: IdentifierEntry = Class(IdentifierEntry::table),
            /// Other achievements it is related to.
            related: Related = Class(Related::table),
            /// The results an earner may have.
            result_description: ResultDescription = Class(ResultDescription::table),
            /// Keywords.
            tag: Text = Text,
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
            id: String = Uri,
            /// The text that tells, in Markdown.
            narrative: Text = Text,
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
}

class! {
    /// Where an achievement or a result meets a framework (ESCO, RNCP, …).
    #[derive(Debug)]
    pub struct Alignment {
        types ["Alignment"]
        required {
            ;
            /// The name of what it is aligned with.
            target_name: Text = Text,
            /// Where that is described.
            target_url: String = Link,
        }
        optional {
            /// Its code within the framework.
            target_code: Text = Text,
            /// What it says.
            target_description: Text = Text,
            /// The framework's name.
            target_framework: Text = Text,
            /// What kind of thing it is.
            target_type: AlignmentTargetType = Word(AlignmentTargetType::allows),
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
            id: String = Uri;
        }
        optional {
            /// The language it is written in.
            in_language: String = Language,
            /// Its version.
            version: Text = Text,
        }
        many {}
    }
}
