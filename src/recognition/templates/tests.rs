use time::macros::datetime;

use super::*;
use crate::recognition::microcredential::Status;
use crate::recognition::settings::Axis;

fn issuer() -> Profile {
    Profile::new("did:web:example.org")
}

fn made(template: &Template) -> serde_json::Value {
    let issuer = issuer();
    let image = format!("https://example.org/images/{}.svg", template.slug);
    let publication = Publication {
        id: "https://example.org/a",
        version: "1",
        image: Some(&image),
        issuer: &issuer,
    };
    serde_json::to_value(template.achievement(&publication).unwrap()).unwrap()
}

#[test]
fn there_are_as_many_as_the_domain_says_each_with_its_own_slug() {
    let templates = founding(&Settings::default());
    let slugs: std::collections::BTreeSet<_> = templates.iter().map(|t| &t.slug).collect();
    assert_eq!((templates.len(), slugs.len()), (33 + 4 + 6 + 2 + 1, 46));
}

#[test]
fn every_template_is_whole_and_of_a_type_its_level_allows() {
    for template in founding(&Settings::default()) {
        assert!(template.level.allows(&template.kind), "{}", template.slug);
        assert!(
            template.svg().contains("viewBox=\"0 0 512 512\""),
            "{}",
            template.slug
        );
        for text in [&template.name, &template.description, &template.criteria] {
            assert!(
                text.len() > 10 && !text.contains("  "),
                "{}: {text}",
                template.slug
            );
        }
    }
}

#[test]
fn soft_badges_never_speak_of_certification() {
    for template in founding(&Settings::default()) {
        if template.level <= Level::R4 {
            assert!(
                !made(&template)
                    .to_string()
                    .to_lowercase()
                    .contains("certif"),
                "{}",
                template.slug
            );
        }
    }
}

#[test]
fn a_label_has_the_axes_the_committee_names() {
    let bare = made(&find("terdeskin", &Settings::default()).unwrap());
    assert!(bare.get("resultDescription").is_none());
    let axes = vec![Axis {
        name: "Apprendre".into(),
        levels: vec!["Engagé".into(), "Confirmé".into()],
    }];
    let settings = Settings {
        label_axes: axes,
        ..Settings::default()
    };
    let result = &made(&find("terdeskin", &settings).unwrap())["resultDescription"][0];
    assert_eq!(result["requiredLevel"], "https://example.org/a#axe-1-1");
    assert_eq!(result["rubricCriterionLevel"][1]["name"], "Confirmé");
}

#[test]
fn what_the_association_decides_changes_the_badges() {
    let settings = Settings {
        confirmed_workshops: 12,
        facilitator_months: 24,
        ..Settings::default()
    };
    let confirmed = find("confirme-fresque", &settings).unwrap();
    assert_eq!(
        made(&confirmed)["resultDescription"][0]["requiredValue"],
        "12"
    );
    assert!(confirmed.criteria.contains("Au moins 12 ateliers"));
    assert_eq!(
        find("animateur-fresque", &settings).unwrap().validity,
        Validity::Months(24)
    );
}

#[test]
fn what_renews_a_badge_is_said_in_it_and_only_of_badges_that_end() {
    let settings = Settings {
        confirmed_renewal_workshops: 5,
        ..Settings::default()
    };
    for template in founding(&settings) {
        let ends = template.validity != Validity::Unlimited;
        assert_eq!(template.renewal.is_some(), ends, "{}", template.slug);
        let made = made(&template);
        let narrative = made["criteria"]["narrative"].as_str().unwrap();
        assert!(narrative.starts_with(&template.criteria));
        assert_eq!(narrative.contains("Renouvellement"), ends, "{narrative}");
    }
    let confirmed = made(&find("confirme-fresque", &settings).unwrap());
    let narrative = confirmed["criteria"]["narrative"].as_str().unwrap();
    let ending =
        "\n\nRenouvellement : animer ou co-animer 5 ateliers pendant la durée de validité.";
    assert!(narrative.ends_with(ending), "{narrative}");
}

#[test]
fn a_template_that_asks_to_be_a_micro_credential_is_refused_with_the_list() {
    let confirmed = find("confirme-fresque", &Settings::default()).unwrap();
    let template = Template {
        level: Level::R6,
        ..confirmed
    };
    let issuer = issuer();
    let publication = Publication {
        id: "https://example.org/a",
        version: "1",
        image: None,
        issuer: &issuer,
    };
    let Incomplete(report) = template.achievement(&publication).unwrap_err();
    assert_eq!(report.elements.len(), 11);
    let missing: Vec<u8> = report.missing().map(|element| element.number).collect();
    assert_eq!(missing, [3, 4, 6, 7, 8, 9, 10, 11]);
    assert_eq!(report.elements[0].status, Status::Ok);
}

#[test]
fn validity_counts_calendar_months() {
    let until = |months, start: OffsetDateTime| {
        Validity::Months(months)
            .until(Timestamp::from(start))
            .unwrap()
            .to_string()
    };
    assert_eq!(
        until(36, datetime!(2026-11-23 10:00:00.5 UTC)),
        "2029-11-23T10:00:00Z"
    );
    assert_eq!(
        until(12, datetime!(2024-02-29 0:00 UTC)),
        "2025-02-28T00:00:00Z"
    );
    assert_eq!(
        until(2, datetime!(2026-12-31 0:00 UTC)),
        "2027-02-28T00:00:00Z"
    );
    assert_eq!(
        until(1, datetime!(2026-11-30 0:00 UTC)),
        "2026-12-30T00:00:00Z"
    );
    assert_eq!(
        Validity::Unlimited.until(Timestamp::from(datetime!(2026-11-23 0:00 UTC))),
        None
    );
}
