//! Whether a badge is a micro-credential: the eleven mandatory elements of Annex I of the Council
//! Recommendation of 16 June 2022 (2022/C 243/02).
//!
//! “Micro-credential” is a claim that can be checked, so it is: [`complete`] gives an achievement its
//! `MicroCredential` type only when every element is met, and otherwise says which are not. Using
//! the elements implies no official validation (the Recommendation's own words).

mod elements;
mod reading;
mod report;
mod terms;

use serde_json::{Map, Value, json};

use crate::openbadges::model::{Achievement, AchievementType, Profile};

use super::templates::{RecipientKind, result_id};

pub use elements::{
    AssessmentType, Elements, EqfLevel, LearningOutcome, Participation, QualityAssurance,
};
pub use reading::{MEMBERS, take};
pub use report::{Element, Incomplete, Report, Status, assess};
pub use terms::{context, schema};

/// The type an achievement has besides, and that [`context`] defines.
pub const TYPE: &str = "MicroCredentialAchievement";

/// Makes an achievement a micro-credential, with the members its elements need.
///
/// # Errors
/// [`Incomplete`], with the whole report, when an element is missing.
pub fn complete(
    mut achievement: Achievement,
    elements: Option<&Elements>,
    issuer: &Profile,
    recipient: RecipientKind,
) -> Result<Achievement, Incomplete> {
    let report = assess(&achievement, elements, issuer, recipient);
    let Some(elements) = elements.filter(|_| report.is_complete()) else {
        return Err(Incomplete(report));
    };
    achievement.achievement_type = Some(AchievementType::MicroCredential);
    if !achievement.types.iter().any(|known| known == TYPE) {
        achievement.types.push(TYPE.to_owned());
    }
    let members = members(&achievement, elements);
    achievement.extra.extend(members);
    Ok(achievement)
}

/// Whether an achievement uses the terms of [`context`].
pub fn uses_context(achievement: &Achievement) -> bool {
    achievement.types.iter().any(|kind| kind == TYPE)
}

/// The identifier of the result that shows an outcome, if the achievement has it.
fn result_of(achievement: &Achievement, outcome: &LearningOutcome) -> Option<String> {
    let known = |id: &str| {
        achievement
            .result_description
            .iter()
            .any(|result| result.id == id)
    };
    let of_key = result_id(&achievement.id, &outcome.result);
    [outcome.result.clone(), of_key]
        .into_iter()
        .find(|id| known(id))
}

fn members(achievement: &Achievement, elements: &Elements) -> Map<String, Value> {
    let outcome = |outcome: &LearningOutcome| json!({ "name": outcome.name, "shownBy": result_of(achievement, outcome) });
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    put(
        "learningOutcome",
        Some(elements.learning_outcomes.iter().map(outcome).collect()),
    );
    put("workload", Some(duration(elements.workload_minutes).into()));
    // A text: numbers in signed JSON are read differently by different readers.
    put(
        "ects",
        elements.ects.map(|credits| credits.to_string().into()),
    );
    match &elements.level {
        EqfLevel::Level(level) => {
            put(
                "eqfLevel",
                Some(format!("http://data.europa.eu/snb/eqf/{level}").into()),
            );
        }
        EqfLevel::NotApplicable { reason } => put("eqfLevelReason", Some(reason.as_str().into())),
    }
    put(
        "assessmentType",
        Some(
            elements
                .assessment
                .iter()
                .map(|kind| kind.as_str())
                .collect(),
        ),
    );
    put(
        "participation",
        elements.participation.map(|form| form.as_str().into()),
    );
    put(
        "prerequisites",
        elements.prerequisites.as_deref().map(Into::into),
    );
    put(
        "stackable",
        elements
            .stackable
            .map(|yes| if yes { "true" } else { "false" }.into()),
    );
    let assurance = elements.quality_assurance.as_ref();
    put(
        "qualityAssurance",
        assurance.map(|qa| json!({ "name": qa.name, "url": qa.url })),
    );
    members
}

/// ISO 8601: `PT45H`, `PT1H30M`.
fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("PT{hours}H"),
        (0, minutes) => format!("PT{minutes}M"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openbadges::model::{Address, Criteria, ResultDescription, ResultType};

    fn achievement() -> Achievement {
        let mut achievement = Achievement::new("urn:x", "Confirmé·e", "Anime", Criteria::told("…"));
        let result = ResultDescription::new("urn:x#ateliers", "Ateliers", ResultType::RawScore);
        achievement.result_description = vec![result];
        achievement
    }

    fn issuer() -> Profile {
        let mut issuer = Profile::new("did:web:example.org");
        issuer.name = Some("Collectif".into());
        issuer.address = Some(Address {
            address_country_code: Some("FR".into()),
            ..Address::new()
        });
        issuer
    }

    fn elements() -> Elements {
        Elements {
            learning_outcomes: vec![LearningOutcome {
                name: "Animer".into(),
                result: "ateliers".into(),
            }],
            workload_minutes: 45 * 60,
            ects: None,
            level: EqfLevel::NotApplicable {
                reason: "Apprentissage non formel".into(),
            },
            assessment: vec![AssessmentType::PeerObservation],
            participation: Some(Participation::Blended),
            quality_assurance: Some(QualityAssurance {
                name: "Charte".into(),
                url: "https://example.org/charte".into(),
            }),
            prerequisites: Some("Avoir participé".into()),
            stackable: Some(true),
        }
    }

    fn missing(
        achievement: &Achievement,
        elements: &Elements,
        issuer: &Profile,
        kind: RecipientKind,
    ) -> Vec<u8> {
        assess(achievement, Some(elements), issuer, kind)
            .missing()
            .map(|element| element.number)
            .collect()
    }

    #[test]
    fn all_eleven_make_a_micro_credential() {
        let done = complete(
            achievement(),
            Some(&elements()),
            &issuer(),
            RecipientKind::Person,
        )
        .unwrap();
        assert_eq!(
            done.achievement_type,
            Some(AchievementType::MicroCredential)
        );
        assert_eq!(done.types, ["Achievement", TYPE]);
        assert_eq!(done.extra["workload"], "PT45H");
        assert_eq!(
            done.extra["learningOutcome"][0]["shownBy"],
            "urn:x#ateliers"
        );
        let terms = context();
        assert!(
            done.extra.keys().all(|member| terms.get(member).is_some()),
            "{:?}",
            done.extra
        );
    }

    /// Whether an achievement follows the schema we publish.
    fn follows_schema(achievement: &Value) -> bool {
        let schema = schema("https://badges.example.org/schemas/micro-credential-v1.json");
        jsonschema::is_valid(&schema, achievement)
    }

    #[test]
    fn what_is_written_follows_our_schema_and_each_element_counts_in_it() {
        let level = Elements {
            level: EqfLevel::Level(5),
            ects: Some(2),
            workload_minutes: 90,
            stackable: Some(true),
            ..elements()
        };
        for elements in [elements(), level] {
            let person = RecipientKind::Person;
            let done = complete(achievement(), Some(&elements), &issuer(), person).unwrap();
            let done = serde_json::to_value(done).unwrap();
            assert!(follows_schema(&done), "{done:#}");
            for (member, wrong) in [
                ("type", json!(["Achievement"])),
                ("achievementType", json!("Badge")),
                ("learningOutcome", json!([])),
                ("learningOutcome", json!([{ "name": "Animer" }])),
                ("workload", json!("PT")),
                ("workload", json!(45)),
                ("ects", json!(2)),
                ("assessmentType", json!(["none"])),
                ("participation", json!("by post")),
                ("stackable", json!(true)),
                ("qualityAssurance", json!({ "name": "Charte" })),
                ("eqfLevel", json!("http://data.europa.eu/snb/eqf/9")),
            ] {
                let mut changed = done.clone();
                changed[member] = wrong;
                assert!(!follows_schema(&changed), "{member}: {:#}", changed[member]);
            }
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let level = Elements {
            level: EqfLevel::Level(5),
            ects: Some(2),
            ..elements()
        };
        for mut elements in [elements(), level] {
            let person = RecipientKind::Person;
            let done = complete(achievement(), Some(&elements), &issuer(), person).unwrap();
            elements.learning_outcomes[0].result = "urn:x#ateliers".into();
            assert_eq!(take(&mut done.extra.clone()), Ok(Some(elements.clone())));
            let again = complete(achievement(), Some(&elements), &issuer(), person).unwrap();
            assert_eq!(again, done);
        }
    }

    #[test]
    fn each_element_has_its_failing_twin() {
        let person = RecipientKind::Person;
        let with = |change: fn(&mut Elements)| {
            let mut elements = elements();
            change(&mut elements);
            missing(&achievement(), &elements, &issuer(), person)
        };
        let issued_by = |change: fn(&mut Profile)| {
            let mut issuer = issuer();
            change(&mut issuer);
            missing(&achievement(), &elements(), &issuer, person)
        };
        assert_eq!(with(|_| ()), [0; 0]);
        assert_eq!(
            missing(
                &achievement(),
                &elements(),
                &issuer(),
                RecipientKind::Organisation
            ),
            [1]
        );
        let untitled = Achievement {
            name: "é".into(),
            ..achievement()
        };
        assert_eq!(missing(&untitled, &elements(), &issuer(), person), [2]);
        assert_eq!(issued_by(|issuer| issuer.address = None), [3]);
        assert_eq!(issued_by(|issuer| issuer.name = None), [4]);
        assert_eq!(with(|elements| elements.learning_outcomes.clear()), [6]);
        assert_eq!(
            with(|elements| elements.learning_outcomes[0].result = "autre".into()),
            [6]
        );
        assert_eq!(with(|elements| elements.workload_minutes = 0), [7]);
        assert_eq!(with(|elements| elements.level = EqfLevel::Level(9)), [8]);
        assert_eq!(
            with(|elements| elements.level = EqfLevel::NotApplicable { reason: " ".into() }),
            [8]
        );
        assert_eq!(with(|elements| elements.assessment.clear()), [9]);
        assert_eq!(with(|elements| elements.participation = None), [10]);
        assert_eq!(with(|elements| elements.quality_assurance = None), [11]);
        assert_eq!(with(|elements| elements.level = EqfLevel::Level(5)), [0; 0]);
    }

    #[test]
    fn what_lacks_elements_is_refused_with_their_list() {
        let error = complete(achievement(), None, &issuer(), RecipientKind::Person).unwrap_err();
        assert_eq!(error.0.missing().count(), 6);
        assert!(error.to_string().contains("7 workload"), "{error}");
    }

    #[test]
    fn unusual_figures_are_warned_about_and_not_refused() {
        let short = Elements {
            workload_minutes: 90,
            ects: Some(1),
            ..elements()
        };
        let report = assess(
            &achievement(),
            Some(&short),
            &issuer(),
            RecipientKind::Person,
        );
        assert!(report.is_complete());
        assert_eq!(report.warnings.len(), 2);
        assert_eq!(
            ["PT1H30M", "PT30M"],
            [duration(90), duration(30)].each_ref().map(String::as_str)
        );
    }
}
