//! The European elements as a partner writes them into an achievement, read into [`Elements`].
//!
//! What is missing is for the [`Report`](super::Report) to say; here is told what is there and can't be
//! read. What [`complete`](super::complete) writes reads back.

use serde_json::{Map, Value};

use crate::openbadges::model::checked::{Finding, Severity};

use super::elements::{
    AssessmentType, Elements, EqfLevel, LearningOutcome, Participation, QualityAssurance,
};

/// The members that hold the elements Open Badges has no place for.
pub const MEMBERS: [&str; 10] = [
    "learningOutcome",
    "workload",
    "ects",
    "eqfLevel",
    "eqfLevelReason",
    "assessmentType",
    "participation",
    "prerequisites",
    "stackable",
    "qualityAssurance",
];

/// Takes the elements out of an achievement; `None` where it has none of them.
///
/// # Errors
/// A finding for each that can't be read.
pub fn take(achievement: &mut Map<String, Value>) -> Result<Option<Elements>, Vec<Finding>> {
    let mut taken = MEMBERS.map(|name| achievement.remove(name).filter(|value| !value.is_null()));
    if taken.iter().all(Option::is_none) {
        return Ok(None);
    }
    let [
        outcomes,
        workload,
        ects,
        level,
        reason,
        assessment,
        participation,
        prerequisites,
        stackable,
        assurance,
    ] = taken.each_mut().map(Option::take);
    let mut read = Reading::default();
    let elements = Elements {
        learning_outcomes: outcomes.map(|v| read.outcomes(&v)).unwrap_or_default(),
        workload_minutes: workload.and_then(|v| read.workload(&v)).unwrap_or(0),
        ects: ects.and_then(|v| read.ects(&v)),
        level: read.level(level.as_ref(), reason.as_ref()),
        assessment: assessment.map(|v| read.assessment(&v)).unwrap_or_default(),
        participation: participation.and_then(|v| read.participation(&v)),
        quality_assurance: assurance.and_then(|v| read.assurance(&v)),
        prerequisites: prerequisites.and_then(|v| read.text("/prerequisites", &v)),
        stackable: stackable.and_then(|v| read.stackable(&v)),
    };
    if read.findings.is_empty() {
        Ok(Some(elements))
    } else {
        Err(read.findings)
    }
}

/// What was found on the way.
#[derive(Default)]
struct Reading {
    findings: Vec<Finding>,
}

impl Reading {
    fn wrong<T>(&mut self, pointer: &str, message: &str, advice: &str) -> Option<T> {
        self.findings.push(Finding {
            pointer: pointer.to_owned(),
            rule: "microcredential.member",
            severity: Severity::Error,
            message: message.to_owned(),
            advice: advice.to_owned(),
        });
        None
    }

    fn text(&mut self, pointer: &str, value: &Value) -> Option<String> {
        match value.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Some(text.to_owned()),
            _ => self.wrong(
                pointer,
                "This is no text.",
                "Write a text, or leave it out.",
            ),
        }
    }

    fn outcomes(&mut self, value: &Value) -> Vec<LearningOutcome> {
        let read = |(place, outcome)| self.outcome(place, outcome);
        many(value).iter().enumerate().filter_map(read).collect()
    }

    fn outcome(&mut self, place: usize, outcome: &Value) -> Option<LearningOutcome> {
        let at = format!("/learningOutcome/{place}");
        let Some(members) = outcome.as_object() else {
            return self.wrong(
                &at,
                "A learning outcome is no such value.",
                "Write it as {\"name\": \"Animer …\", \"shownBy\": \"the id of a resultDescription\"}.",
            );
        };
        let known =
            |name: &&String| !["name", "shownBy", "resultDescription"].contains(&name.as_str());
        if let Some(unknown) = members.keys().find(known) {
            return self.wrong(
                &format!("{at}/{}", unknown.replace('~', "~0").replace('/', "~1")),
                "A learning outcome has no such member.",
                "Leave it out; there are name and shownBy.",
            );
        }
        let result = members.get("shownBy").or(members.get("resultDescription"));
        Some(LearningOutcome {
            name: self.text(
                &format!("{at}/name"),
                members.get("name").unwrap_or(&Value::Null),
            )?,
            result: self.text(&format!("{at}/shownBy"), result.unwrap_or(&Value::Null))?,
        })
    }

    fn workload(&mut self, value: &Value) -> Option<u32> {
        match value.as_str().and_then(minutes) {
            Some(minutes) => Some(minutes),
            None => self.wrong(
                "/workload",
                "This is no duration in hours and minutes.",
                "Write it as in PT45H or PT1H30M.",
            ),
        }
    }

    fn ects(&mut self, value: &Value) -> Option<u16> {
        let read = match value {
            Value::String(text) => digits(text).and_then(|credits| credits.try_into().ok()),
            other => other.as_u64().and_then(|credits| credits.try_into().ok()),
        };
        match read {
            Some(credits) if credits > 0 => Some(credits),
            _ => self.wrong(
                "/ects",
                "This is no number of ECTS credits.",
                "Write a whole number as a text, as in \"2\", or leave it out.",
            ),
        }
    }

    fn level(&mut self, level: Option<&Value>, reason: Option<&Value>) -> EqfLevel {
        let none = |reason| EqfLevel::NotApplicable { reason };
        let reason = reason.and_then(|value| self.text("/eqfLevelReason", value));
        let Some(level) = level else {
            return none(reason.unwrap_or_default());
        };
        // As the collective's own model writes it: {"applicable": false, "reason": "…"}.
        if level.get("applicable") == Some(&Value::Bool(false)) {
            let told = level.get("reason").unwrap_or(&Value::Null);
            return none(self.text("/eqfLevel/reason", told).unwrap_or_default());
        }
        let number = match level {
            Value::String(text) => {
                let prefix = "http://data.europa.eu/snb/eqf/";
                digits(text.strip_prefix(prefix).unwrap_or(text)).map(u64::from)
            }
            other => other.as_u64(),
        };
        match number.and_then(|number| u8::try_from(number).ok()) {
            Some(_) if reason.is_some() => {
                self.wrong::<()>(
                    "/eqfLevelReason",
                    "There is a level, and a reason why there is none.",
                    "Leave one of them out.",
                );
                none(String::new())
            }
            Some(number @ 1..=8) => EqfLevel::Level(number),
            _ => {
                self.wrong::<()>(
                    "/eqfLevel",
                    "This is no level of the European Qualifications Framework.",
                    "Write 1 to 8, or leave it out and say why in eqfLevelReason.",
                );
                none(String::new())
            }
        }
    }

    fn assessment(&mut self, value: &Value) -> Vec<AssessmentType> {
        let mut read = Vec::new();
        for (place, kind) in many(value).iter().enumerate() {
            let found = kind.as_str().and_then(|text| {
                AssessmentType::ALL
                    .iter()
                    .find(|kind| kind.as_str() == text)
            });
            if let Some(kind) = found {
                read.push(*kind);
            } else {
                let known = AssessmentType::ALL.map(AssessmentType::as_str).join(", ");
                self.wrong::<()>(
                    &format!("/assessmentType/{place}"),
                    "This is no type of assessment.",
                    &format!("Choose among {known}."),
                );
            }
        }
        read
    }

    fn participation(&mut self, value: &Value) -> Option<Participation> {
        let named = |form: &&Participation| value.as_str() == Some(form.as_str());
        if let Some(form) = Participation::ALL.iter().find(named) {
            return Some(*form);
        }
        let known = Participation::ALL.map(Participation::as_str).join(", ");
        self.wrong(
            "/participation",
            "This is no form of participation.",
            &format!("Choose among {known}."),
        )
    }

    fn stackable(&mut self, value: &Value) -> Option<bool> {
        match value {
            Value::Bool(yes) => Some(*yes),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            _ => self.wrong(
                "/stackable",
                "This is neither true nor false.",
                "Write true or false.",
            ),
        }
    }

    fn assurance(&mut self, value: &Value) -> Option<QualityAssurance> {
        let Some(members) = value.as_object() else {
            return self.wrong(
                "/qualityAssurance",
                "A quality assurance is no such value.",
                "Write it as {\"name\": \"Charte\", \"url\": \"https://…\"}.",
            );
        };
        let mut member = |name: &str| {
            let at = format!("/qualityAssurance/{name}");
            self.text(&at, members.get(name).unwrap_or(&Value::Null))
        };
        let (name, url) = (member("name"), member("url"));
        let (name, url) = (name?, url?);
        if !url.starts_with("https://") {
            return self.wrong(
                "/qualityAssurance/url",
                "Readers can't be sent there safely.",
                "Give the https:// address where the quality assurance is described.",
            );
        }
        Some(QualityAssurance { name, url })
    }
}

/// One value, or several.
fn many(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

fn digits(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// ISO 8601, in hours and minutes: `PT45H`, `PT1H30M`.
fn minutes(text: &str) -> Option<u32> {
    let time = text.trim().strip_prefix("PT")?;
    let (hours, rest) = match time.split_once('H') {
        Some((hours, rest)) => (digits(hours)?, rest),
        None => (0, time),
    };
    let minutes = match rest {
        "" if time.contains('H') => 0,
        rest => digits(rest.strip_suffix('M')?)?,
    };
    hours.checked_mul(60)?.checked_add(minutes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "name": "Animer",
            "learningOutcome": [{ "name": "Animer un atelier", "shownBy": "urn:x#ateliers" }],
            "workload": "PT45H", "ects": null, "eqfLevelReason": "Non évalué",
            "assessmentType": ["peer_observation", "portfolio"], "participation": "blended",
            "prerequisites": "Avoir participé", "stackable": true,
            "qualityAssurance": { "name": "Charte", "url": "https://example.org/charte" }
        })
    }

    fn taken(value: &Value) -> Result<Option<Elements>, Vec<Finding>> {
        take(&mut value.as_object().unwrap().clone())
    }

    #[test]
    fn elements_are_read_and_taken_out() {
        let mut achievement = whole().as_object().unwrap().clone();
        let elements = take(&mut achievement).unwrap().unwrap();
        assert_eq!(achievement.len(), 1, "{achievement:?}");
        assert_eq!(elements.workload_minutes, 45 * 60);
        assert_eq!(elements.ects, None);
        assert_eq!(elements.learning_outcomes[0].result, "urn:x#ateliers");
        assert_eq!(elements.assessment.len(), 2);
        assert_eq!(elements.participation, Some(Participation::Blended));
        assert_eq!(elements.stackable, Some(true));
        assert_eq!(
            elements.level,
            EqfLevel::NotApplicable {
                reason: "Non évalué".into()
            }
        );
        assert_eq!(
            taken(&json!({ "name": "Animer", "ects": null })).unwrap(),
            None
        );
    }

    #[test]
    fn what_is_written_in_another_way_is_read_too() {
        let with = |member: &str, value: Value| {
            let mut written = whole();
            written[member] = value;
            taken(&written).unwrap().unwrap()
        };
        assert_eq!(with("ects", json!("2")).ects, Some(2));
        assert_eq!(with("ects", json!(2)).ects, Some(2));
        assert_eq!(with("workload", json!("PT1H30M")).workload_minutes, 90);
        assert_eq!(with("workload", json!("PT90M")).workload_minutes, 90);
        assert_eq!(with("stackable", json!("false")).stackable, Some(false));
        assert_eq!(
            with("assessmentType", json!("oral")).assessment,
            [AssessmentType::Oral]
        );
        let outcome = json!({ "name": "Animer", "resultDescription": "urn:x#ateliers" });
        let outcomes = with("learningOutcome", outcome).learning_outcomes;
        assert_eq!(outcomes[0].result, "urn:x#ateliers");
        for level in [
            json!(5),
            json!("5"),
            json!("http://data.europa.eu/snb/eqf/5"),
        ] {
            let mut written = whole();
            written.as_object_mut().unwrap().remove("eqfLevelReason");
            written["eqfLevel"] = level;
            assert_eq!(taken(&written).unwrap().unwrap().level, EqfLevel::Level(5));
        }
        let told = json!({ "applicable": false, "reason": "Non formel" });
        let reason = "Non formel".to_owned();
        assert_eq!(
            with("eqfLevel", told).level,
            EqfLevel::NotApplicable { reason }
        );
    }

    #[test]
    fn what_can_not_be_read_is_told_with_its_place() {
        for (member, value, pointer) in [
            ("learningOutcome", json!(["Animer"]), "/learningOutcome/0"),
            (
                "learningOutcome",
                json!([{ "name": "Animer" }]),
                "/learningOutcome/0/shownBy",
            ),
            (
                "learningOutcome",
                json!([{ "shownBy": "x" }]),
                "/learningOutcome/0/name",
            ),
            (
                "learningOutcome",
                json!([{ "name": "a", "shownBy": "x", "b/c": 1 }]),
                "/learningOutcome/0/b~1c",
            ),
            ("workload", json!("45 h"), "/workload"),
            ("workload", json!("PT"), "/workload"),
            ("workload", json!("PT99999999H"), "/workload"),
            ("workload", json!(45), "/workload"),
            ("ects", json!("0"), "/ects"),
            ("ects", json!("+2"), "/ects"),
            ("ects", json!(1.5), "/ects"),
            ("eqfLevel", json!(5), "/eqfLevelReason"),
            ("eqfLevelReason", json!(" "), "/eqfLevelReason"),
            (
                "assessmentType",
                json!(["oral", "none"]),
                "/assessmentType/1",
            ),
            ("participation", json!("remote"), "/participation"),
            ("prerequisites", json!(7), "/prerequisites"),
            ("stackable", json!("oui"), "/stackable"),
            ("qualityAssurance", json!("Charte"), "/qualityAssurance"),
            (
                "qualityAssurance",
                json!({ "name": "Charte" }),
                "/qualityAssurance/url",
            ),
            (
                "qualityAssurance",
                json!({ "name": "Charte", "url": "http://example.org" }),
                "/qualityAssurance/url",
            ),
        ] {
            let mut written = whole();
            written[member] = value.clone();
            let findings = taken(&written).unwrap_err();
            let pointers: Vec<_> = findings.iter().map(|f| f.pointer.as_str()).collect();
            assert_eq!(pointers, [pointer], "{member}: {value}");
        }
        for level in [
            json!(0),
            json!(9),
            json!("B2"),
            json!({ "applicable": true }),
        ] {
            let mut written = whole();
            written.as_object_mut().unwrap().remove("eqfLevelReason");
            written["eqfLevel"] = level.clone();
            assert_eq!(
                taken(&written).unwrap_err()[0].pointer,
                "/eqfLevel",
                "{level}"
            );
        }
    }
}
