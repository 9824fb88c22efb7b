//! Results: what can be measured of an achievement, and what somebody reached.

use super::achievement::Alignment;
use super::class::{class, debug_without_content};
use super::enumerations::{ResultStatusType, ResultType};
use super::text::Text;

class! {
    /// A result an earner may have, and the values it may take.
    #[derive(Debug)]
    pub struct ResultDescription {
        types ["ResultDescription"]
        required {
            /// Which result; a [`Result`] names it.
            id: String = Uri;
            /// Its title.
            name: Text = Text,
            /// What kind of result it is.
            result_type: ResultType = Word(ResultType::allows),
        }
        optional {
            /// The level that must be reached: the `id` of one of `rubric_criterion_level`.
            required_level: String = Uri,
            /// The value that must be reached.
            required_value: Text = Text,
            /// The highest value; a text, also for numbers.
            value_max: Text = Text,
            /// The lowest value; a text, also for numbers.
            value_min: Text = Text,
        }
        many {
            /// The frameworks it is aligned with.
            alignment: Alignment = Class(Alignment::table),
            /// The values it may take, from the lowest to the highest.
            allowed_value: Text = Text,
            /// The levels of its rubric.
            rubric_criterion_level: RubricCriterionLevel = Class(RubricCriterionLevel::table),
        }
    }
}

class! {
    /// What somebody reached.
    pub struct Result {
        types ["Result"]
        required { ; }
        optional {
            /// The `id` of the [`ResultDescription`] in the achievement.
            result_description: String = Uri,
            /// The value reached.
            value: Text = Text,
            /// How far they have come; a result of type `Status` must have one.
            status: ResultStatusType = Word(ResultStatusType::allows),
            /// The level reached: the `id` of a [`RubricCriterionLevel`].
            achieved_level: String = Uri,
        }
        many {
            /// The frameworks it is aligned with.
            alignment: Alignment = Class(Alignment::table),
        }
    }
}

class! {
    /// One level of a rubric.
    #[derive(Debug)]
    pub struct RubricCriterionLevel {
        types ["RubricCriterionLevel"]
        required {
            /// Which level.
            id: String = Uri;
            /// Its title.
            name: Text = Text,
        }
        optional {
            /// What it means.
            description: Text = Text,
            /// Its rank or letter.
            level: Text = Text,
            /// The points it is worth.
            points: Text = Text,
        }
        many {
            /// The frameworks it is aligned with.
            alignment: Alignment = Class(Alignment::table),
        }
    }
}

debug_without_content!(Result);
