//! The terms that the European elements need and Open Badges lacks: what they mean (a JSON-LD context)
//! and how they are written (a JSON Schema). Open Badges asks for both of whoever extends it, and neither
//! has to be fetched to verify a badge: it carries the context itself.
//!
//! Badges are signed with them: a term never changes its meaning, a change is a new version.

use serde_json::{Value, json};

use super::{AssessmentType, Participation, TYPE};

/// The JSON-LD context of the members we add: their terms are the European Learning Model's.
///
/// Inline, so that no server has to answer for a signature to be verified.
pub fn context() -> Value {
    let elm = |term: &str| format!("http://data.europa.eu/snb/model/elm/{term}");
    json!({
        TYPE: elm("LearningAchievementSpecification"),
        "learningOutcome": { "@id": elm("learningOutcome"), "@container": "@set" },
        "shownBy": { "@id": elm("provenBy"), "@type": "@id" },
        "workload": elm("volumeOfLearning"),
        "ects": elm("creditPoint"),
        "eqfLevel": { "@id": elm("eqfLevel"), "@type": "@id" },
        "eqfLevelReason": elm("additionalNote"),
        "assessmentType": { "@id": elm("dcType"), "@container": "@set" },
        "participation": elm("mode"),
        "prerequisites": elm("entryRequirement"),
        "stackable": elm("isPartialQualification"),
        "qualityAssurance": elm("accreditation"),
    })
}

/// The JSON Schema of an achievement with these members; `id` is where it is published.
pub fn schema(id: &str) -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    json!({
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "$id": id,
        "title": TYPE,
        "description": "An Open Badges 3.0 Achievement with the elements of a European micro-credential \
            (Council Recommendation of 16 June 2022, 2022/C 243/02, Annex I) that Open Badges has no place for",
        "type": "object",
        "required": ["type", "achievementType", "learningOutcome", "workload", "assessmentType", "participation",
            "qualityAssurance"],
        "oneOf": [{ "required": ["eqfLevel"] }, { "required": ["eqfLevelReason"] }],
        "properties": {
            "type": {
                "type": "array",
                "allOf": [{ "contains": { "const": "Achievement" } }, { "contains": { "const": TYPE } }],
            },
            "achievementType": { "const": "MicroCredential" },
            "learningOutcome": {
                "description": "What the learner can do, each with the resultDescription that shows it",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["name", "shownBy"],
                    "properties": { "name": text, "shownBy": { "type": "string", "format": "uri" } },
                    "additionalProperties": false,
                },
            },
            "workload": {
                "description": "The notional workload as a duration of ISO 8601, in hours and minutes",
                "type": "string",
                "pattern": "^PT([1-9][0-9]*H)?([1-9][0-9]?M)?$",
                "minLength": 4,
            },
            "ects": { "description": "ECTS credits, as a text", "type": "string", "pattern": "^[1-9][0-9]*$" },
            "eqfLevel": { "type": "string", "pattern": "^http://data[.]europa[.]eu/snb/eqf/[1-8]$" },
            "eqfLevelReason": { "description": "Why no EQF level applies", "type": "string", "minLength": 1 },
            "assessmentType": {
                "type": "array",
                "minItems": 1,
                "items": { "enum": AssessmentType::ALL.map(AssessmentType::as_str) },
            },
            "participation": { "enum": Participation::ALL.map(Participation::as_str) },
            "prerequisites": text,
            "stackable": { "enum": ["true", "false"] },
            "qualityAssurance": {
                "type": "object",
                "required": ["name", "url"],
                "properties": { "name": text, "url": { "type": "string", "format": "uri" } },
                "additionalProperties": false,
            },
        },
    })
}
