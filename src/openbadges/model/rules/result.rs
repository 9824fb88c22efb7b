//! Results and their descriptions: what refers to what, and which values are allowed.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::catalogue::{
    DESCRIPTION_LEVEL, DESCRIPTION_RANGE, DESCRIPTION_UNIQUE, DESCRIPTION_VALUE,
    RESULT_DESCRIPTION, RESULT_LEVEL, RESULT_STATUS, RESULT_VALUE, Rule,
};
use super::findings::{At, Findings};
use crate::openbadges::model::many::items;

/// What a description allows, looked up once for all results.
struct Allowed<'a> {
    is_status: bool,
    levels: HashSet<&'a str>,
    values: HashSet<&'a str>,
    least: Option<f64>,
    most: Option<f64>,
}

impl<'a> Allowed<'a> {
    fn of(description: &'a Value) -> Self {
        let number = |name| {
            description
                .get(name)
                .and_then(Value::as_str)
                .and_then(number)
        };
        Self {
            is_status: description
                .get("resultType")
                .is_some_and(|kind| kind == "Status"),
            levels: items(description.get("rubricCriterionLevel"))
                .iter()
                .filter_map(|level| level.get("id")?.as_str())
                .collect(),
            values: items(description.get("allowedValue"))
                .iter()
                .filter_map(Value::as_str)
                .collect(),
            least: number("valueMin"),
            most: number("valueMax"),
        }
    }

    /// A level must be one of the rubric, and a value one that the result may take.
    fn check(
        &self,
        level: &At<'_>,
        level_rule: &Rule,
        value: &At<'_>,
        value_rule: &Rule,
        findings: &mut Findings,
    ) {
        if level
            .text()
            .is_some_and(|level| !self.levels.contains(level))
        {
            findings.add(level, level_rule);
        }
        if value.text().is_some_and(|value| !self.takes(value)) {
            findings.add(value, value_rule);
        }
    }

    /// Whether a result may take this value: one of the list or, without a list, one in the range.
    fn takes(&self, value: &str) -> bool {
        if !self.values.is_empty() {
            return self.values.contains(value);
        }
        match (number(value), self.least, self.most) {
            (_, None, None) => true,
            (None, _, _) => false,
            (Some(value), least, most) => {
                least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
            }
        }
    }
}

/// The result descriptions of an achievement, each in itself.
pub(super) fn check_descriptions(achievement: &At<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    let descriptions = achievement.member("resultDescription");
    for description in descriptions.items() {
        let id = description.member("id");
        let text = description.value.get("id").and_then(Value::as_str);
        if text.is_some_and(|text| !seen.insert(text)) {
            findings.add(&id, &DESCRIPTION_UNIQUE);
        }
        let allowed = Allowed::of(description.value);
        let (level, value) = (
            description.member("requiredLevel"),
            description.member("requiredValue"),
        );
        allowed.check(
            &level,
            &DESCRIPTION_LEVEL,
            &value,
            &DESCRIPTION_VALUE,
            findings,
        );
        if let (Some(least), Some(most)) = (allowed.least, allowed.most)
            && most < least
        {
            findings.add(&description.member("valueMax"), &DESCRIPTION_RANGE);
        }
    }
}

/// The results of a subject, against the descriptions of its achievement.
pub(super) fn check_results(subject: &At<'_>, findings: &mut Findings) {
    let achievement = subject.member("achievement");
    let descriptions = achievement.member("resultDescription");
    let allowed: HashMap<&str, Allowed<'_>> = descriptions
        .items()
        .filter_map(|at| Some((at.value.get("id")?.as_str()?, Allowed::of(at.value))))
        .collect();
    for result in subject.member("result").items() {
        let reference = result.member("resultDescription");
        let Some(id) = reference.text() else { continue };
        let Some(allowed) = allowed.get(id) else {
            findings.add(&reference, &RESULT_DESCRIPTION);
            continue;
        };
        if allowed.is_status && result.present("status").is_none() {
            findings.add(&result.member("status"), &RESULT_STATUS);
        }
        let (level, value) = (result.member("achievedLevel"), result.member("value"));
        allowed.check(&level, &RESULT_LEVEL, &value, &RESULT_VALUE, findings);
    }
}

/// A number as people write it in a text, also with a decimal comma or a percent sign.
fn number(text: &str) -> Option<f64> {
    let text = text
        .trim()
        .trim_end_matches('%')
        .trim_end()
        .replace(',', ".");
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
