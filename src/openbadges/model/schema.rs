//! The official JSON Schemas (draft 2019-09), embedded, compiled when first asked, never fetched.
//!
//! The files at hand are 1EdTech's variants for JSON-LD, which let a bare value stand for an array
//! of one; that we write arrays ourselves is a rule (`member.array`). A badge of data model 1.1 has
//! other schemas: do not ask these.
//!
//! Hostile documents: patterns run in linear time, and whether a document is valid is decided in
//! one pass. The library's errors hold copies of what they are about, once for each level, so they
//! are only asked for when the document is of ordinary size.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::{Value, json};

use super::checked::{Finding, Severity};
use crate::openbadges::json::pointer_step;

/// Documents up to this [`weight`] are told where they are wrong.
const EXPLAINED: usize = 4 * 1024 * 1024;
/// The most findings listed.
const MOST: usize = 100;

const ACHIEVEMENT_CREDENTIAL: &str =
    include_str!("../../../schemas/json/ob_v3p0_achievementcredential_schema.json");
const PROFILE: &str = include_str!("../../../schemas/json/ob_v3p0_profile_schema.json");

/// Which schema a document is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// An `AchievementCredential` of data model 2.0.
    AchievementCredential,
    /// An `EndorsementCredential` of data model 2.0.
    EndorsementCredential,
    /// A `Profile`.
    Profile,
}

// Compiling one takes longer than verifying a badge, which asks the first alone.
static COMPILED_CREDENTIAL: LazyLock<Validator> =
    LazyLock::new(|| compile(&read(ACHIEVEMENT_CREDENTIAL)));
static COMPILED_ENDORSEMENT: LazyLock<Validator> = LazyLock::new(|| {
    let credential = read(ACHIEVEMENT_CREDENTIAL);
    compile(&json!({
        "$schema": credential.get("$schema"),
        "$defs": credential.get("$defs"),
        "$ref": "#/$defs/EndorsementCredential",
    }))
});
static COMPILED_PROFILE: LazyLock<Validator> = LazyLock::new(|| compile(&read(PROFILE)));

#[expect(clippy::expect_used, reason = "the embedded text is tested")]
fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("an embedded schema is JSON")
}

#[expect(clippy::expect_used, reason = "the embedded schema is tested")]
fn compile(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft201909)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .expect("an embedded schema is a schema")
}

impl Schema {
    fn validator(self) -> &'static Validator {
        match self {
            Self::AchievementCredential => &COMPILED_CREDENTIAL,
            Self::EndorsementCredential => &COMPILED_ENDORSEMENT,
            Self::Profile => &COMPILED_PROFILE,
        }
    }
}

/// What keeps a document from following the schema; empty when it does.
pub fn findings(document: &Value, schema: Schema) -> Vec<Finding> {
    let validator = schema.validator();
    if validator.is_valid(document) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if weight(document, 1) <= EXPLAINED {
        for error in validator.iter_errors(document) {
            explain(&error, &mut found);
        }
    }
    if found.is_empty() {
        let message =
            "This document does not follow the official schema, and is too large to say where.";
        found.push(finding(String::new(), "schema.invalid", message.to_owned()));
    }
    found
}

/// What explaining may cost, in bytes: each value is copied once for each level above it.
fn weight(value: &Value, depth: usize) -> usize {
    let below = depth.saturating_add(1);
    let (own, inside) = match value {
        Value::String(text) => (text.len(), 0),
        Value::Array(items) => (0, items.iter().map(|item| weight(item, below)).fold(0, add)),
        Value::Object(members) => {
            let names = members.keys().map(String::len).fold(0, add);
            (
                names,
                members
                    .values()
                    .map(|value| weight(value, below))
                    .fold(0, add),
            )
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => (0, 0),
    };
    own.saturating_add(size_of::<Value>())
        .saturating_mul(depth)
        .saturating_add(inside)
}

fn add(a: usize, b: usize) -> usize {
    a.saturating_add(b)
}

/// Lists one error. Where there is a choice of forms, what counts is the form that was meant: the
/// one that does not already fail by being another kind of value.
fn explain(error: &ValidationError<'_>, found: &mut Vec<Finding>) {
    if found.len() >= MOST {
        return;
    }
    let at = error.instance_path().as_str();
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = error.kind()
        && let Some(branch) = context.iter().find(|branch| is_meant(branch, at))
    {
        return branch.iter().for_each(|inner| explain(inner, found));
    }
    let (pointer, rule, message) = match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (
                format!("{at}/{}", pointer_step(name)),
                "schema.required",
                format!("“{name}” is missing."),
            )
        }
        Kind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map_or("", String::as_str);
            let message = "This member has no place here.";
            (
                format!("{at}/{}", pointer_step(name)),
                "schema.closed",
                message.to_owned(),
            )
        }
        kind => {
            let (rule, message) = match kind {
                Kind::Type { .. } => ("schema.type", "This is another kind of value."),
                Kind::Enum { .. } | Kind::Constant { .. } => (
                    "schema.enumeration",
                    "This is none of the values the schema has.",
                ),
                Kind::Contains => ("schema.contains", "The value that must be here is missing."),
                Kind::Pattern { .. } => (
                    "schema.pattern",
                    "This is not written as the schema has it.",
                ),
                Kind::Format { .. } => {
                    ("schema.format", "This is not a date as the schema has it.")
                }
                Kind::MinItems { .. } => ("schema.items", "This array has too few items."),
                Kind::AnyOf { .. }
                | Kind::OneOfNotValid { .. }
                | Kind::OneOfMultipleValid { .. } => {
                    ("schema.forms", "This has none of the forms the schema has.")
                }
                _ => (
                    "schema.invalid",
                    "This does not follow the official schema.",
                ),
            };
            (at.to_owned(), rule, message.to_owned())
        }
    };
    let finding = finding(pointer, rule, message);
    if !found.contains(&finding) {
        found.push(finding);
    }
}

/// Whether a form is the one that was meant for the value at this place.
fn is_meant(branch: &[ValidationError<'_>], at: &str) -> bool {
    !branch.is_empty() && !branch.iter().any(|error| is_other_kind(error, at))
}

/// Whether the value at this place is of another kind than a form wants, in each of its own forms.
fn is_other_kind(error: &ValidationError<'_>, at: &str) -> bool {
    error.instance_path().as_str() == at
        && match error.kind() {
            Kind::Type { .. } => true,
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                !context.iter().any(|branch| is_meant(branch, at))
            }
            _ => false,
        }
}

fn finding(pointer: String, rule: &'static str, message: String) -> Finding {
    let advice = "Write it as the Open Badges 3.0 schema describes it.".to_owned();
    Finding {
        pointer,
        rule,
        severity: Severity::Error,
        message,
        advice,
    }
}
