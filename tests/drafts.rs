//! The life of a badge class: drafted, published, changed, archived; and micro-credentials.

use badgeons::openbadges::model::checked::{Finding, Severity};
use badgeons::recognition::levels::Level;
use badgeons::recognition::microcredential::Status;
use badgeons::recognition::templates::{RecipientKind, Validity};
use badgeons::services::Error;
use badgeons::services::achievements::{AchievementSummary, NewAchievement, Shown, templates};
use badgeons::services::presenting::Format;
use serde_json::{Value, json};

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::binary::Badgeons;
use crate::harness::judging::assert_valid;
use crate::harness::rows::{enora, field, person};

const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#147"/></svg>"##;

fn bike() -> Value {
    json!({
        "name": "Atelier vélo", "description": "A participé.", "achievementType": "Badge",
        "criteria": { "narrative": "Être là du début à la fin." },
    })
}

fn new(achievement: &Value) -> NewAchievement {
    NewAchievement {
        achievement: Some(achievement.to_string().into_bytes()),
        slug: Some("velo".into()),
        level: Some(Level::R2),
        ..NewAchievement::default()
    }
}

fn drafted(achievement: &Value) -> NewAchievement {
    NewAchievement {
        draft: true,
        ..new(achievement)
    }
}

async fn make(app: &App, given: NewAchievement) -> Result<AchievementSummary, Error> {
    app.new_achievement(None, given).await
}

async fn slugs(app: &App, shown: Shown) -> Vec<String> {
    let all = app.achievements_shown(None, shown).await.unwrap();
    all.into_iter().map(|badge| badge.slug).collect()
}

fn told(summary: &AchievementSummary) -> (&'static str, u32, bool) {
    (summary.state, summary.version, summary.draft)
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(outcome: Result<T, Error>, word: &str) {
    match outcome {
        Err(Error::Conflict(text)) => assert!(text.contains(word), "{text}"),
        other => panic!("no conflict: {other:?}"),
    }
}

#[track_caller]
fn pointers<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<String> {
    match outcome {
        Err(Error::Invalid { findings }) => findings.into_iter().map(|f| f.pointer).collect(),
        other => panic!("not refused by a rule: {other:?}"),
    }
}

#[test]
fn a_draft_is_not_issued_before_it_is_published() {
    on_each_public(|app| async move {
        let kept = make(&app, drafted(&bike())).await.unwrap();
        assert_eq!(told(&kept), ("draft", 0, true));
        assert_eq!(slugs(&app, Shown::Drafts).await, ["velo"]);
        assert!(!slugs(&app, Shown::Published).await.contains(&"velo".into()));
        conflict(app.ask("velo", enora()).await, "draft");
        let detail = app.achievement(None, "velo").await.unwrap();
        assert_eq!(detail.achievement["name"], "Atelier vélo");

        let published = app.publish_draft(None, "velo").await.unwrap();
        assert_eq!(told(&published), ("published", 1, false));
        assert_eq!(published.id, kept.id);
        let id = app.badge("velo", enora()).await;
        assert_valid(&app.judged(id).await);
        let in_it = &app.document(id).await["credentialSubject"]["achievement"];
        assert_eq!(in_it["id"], kept.id.as_str());
        conflict(app.publish_draft(None, "velo").await, "no draft");
    });
}

#[test]
fn a_draft_of_the_next_version_changes_nothing_until_it_is_published() {
    on_each_local(|app| async move {
        let first = NewAchievement {
            image: Some(PICTURE.into()),
            validity: Some(Validity::Months(12)),
            ..new(&bike())
        };
        make(&app, first).await.unwrap();
        let mut changed = bike();
        changed["description"] = "Autre chose.".into();
        let kept = app
            .draft_achievement(None, "velo", new(&changed))
            .await
            .unwrap();
        assert_eq!(told(&kept), ("published", 1, true));
        assert_eq!(kept.validity_months, Some(12), "of the version in force");
        let draft = app.achievement_draft(None, "velo").await.unwrap();
        assert_eq!(draft.achievement["description"], "Autre chose.");
        let old = app.badge("velo", enora()).await;
        let in_it = app.document(old).await["credentialSubject"]["achievement"].clone();
        assert_eq!(in_it["description"], "A participé.");

        let published = app.publish_draft(None, "velo").await.unwrap();
        assert_eq!(told(&published), ("published", 2, false));
        assert_eq!(published.validity_months, None);
        let young = app.badge("velo", person("Mael", "mael@example.org")).await;
        let in_it = app.document(young).await["credentialSubject"]["achievement"].clone();
        assert_eq!(in_it["description"], "Autre chose.");
        // The picture was left out, and kept.
        assert!(!app.presented(young, Format::Svg).await.is_empty());
        let versions = app.achievement_versions(None, "velo").await.unwrap();
        let said: Vec<_> = versions
            .iter()
            .map(|it| {
                (
                    it.summary.version,
                    it.achievement["description"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(said, [(1, "A participé."), (2, "Autre chose.")]);
    });
}

#[test]
fn a_draft_need_not_be_whole_and_is_kept_where_it_can_not_be_published() {
    on_each_local(|app| async move {
        make(&app, drafted(&json!({ "name": "Atelier vélo" })))
            .await
            .unwrap();
        let found = pointers(app.publish_draft(None, "velo").await);
        assert_eq!(found, ["/description", "/criteria"]);
        assert_eq!(slugs(&app, Shown::Drafts).await, ["velo"]);
        app.draft_achievement(None, "velo", new(&bike()))
            .await
            .unwrap();
        assert_eq!(app.publish_draft(None, "velo").await.unwrap().version, 1);
    });
}

#[test]
fn what_is_no_badge_is_no_draft() {
    on_each_local(|app| async move {
        for wrong in [json!([]), json!("velo"), json!({})] {
            let given = NewAchievement {
                slug: None,
                ..drafted(&wrong)
            };
            let refused = make(&app, given).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        let unlevelled = NewAchievement {
            level: None,
            ..drafted(&bike())
        };
        assert!(matches!(
            make(&app, unlevelled).await,
            Err(Error::Refused(_))
        ));
        let unpictured = NewAchievement {
            image: Some(b"<html/>".to_vec()),
            ..drafted(&bike())
        };
        assert!(matches!(
            make(&app, unpictured).await,
            Err(Error::Refused(_))
        ));
        let nothing = app.draft_achievement(None, "velo", new(&bike())).await;
        assert!(
            matches!(nothing, Err(Error::NotFound { .. })),
            "{nothing:?}"
        );
        let nothing = app.achievement_draft(None, "terdeskin").await;
        assert!(
            matches!(nothing, Err(Error::NotFound { .. })),
            "{nothing:?}"
        );
        assert!(slugs(&app, Shown::Drafts).await.is_empty());
    });
}

#[test]
fn a_draft_changed_while_it_is_published_is_not_lost() {
    on_each_local(|app| async move {
        make(&app, drafted(&bike())).await.unwrap();
        let (published, written) = tokio::join!(
            app.publish_draft(None, "velo"),
            app.draft_achievement(None, "velo", new(&bike()))
        );
        written.unwrap();
        let kept = app.achievement_draft(None, "velo").await;
        match published {
            // Written before it was read, or after it was taken away.
            Ok(summary) => assert_eq!(summary.version, 1),
            Err(error) => {
                assert!(matches!(error, Error::Conflict(_)), "{error}");
                assert!(kept.is_ok());
            }
        }
    });
}

#[test]
fn an_archived_badge_is_not_issued_and_still_read_and_verified() {
    on_each_public(|app| async move {
        make(&app, new(&bike())).await.unwrap();
        let id = app.badge("velo", enora()).await;
        for _ in 0..2 {
            let away = app.archive_achievement(None, "velo", true).await.unwrap();
            assert_eq!(told(&away), ("archived", 1, false));
        }
        assert_eq!(slugs(&app, Shown::Archived).await, ["velo"]);
        assert!(!slugs(&app, Shown::Published).await.contains(&"velo".into()));
        assert!(slugs(&app, Shown::All).await.contains(&"velo".into()));
        conflict(
            app.ask("velo", person("Mael", "mael@example.org")).await,
            "archived",
        );
        conflict(make(&app, new(&bike())).await, "archived");
        conflict(app.publish_draft(None, "velo").await, "archived");
        assert_valid(&app.judged(id).await);
        assert_eq!(
            app.achievement(None, "velo").await.unwrap().summary.state,
            "archived"
        );
        let listed = app.achievement_versions(None, "velo").await.unwrap();
        assert_eq!(listed[0].summary.state, "archived");

        let back = app.archive_achievement(None, "velo", false).await.unwrap();
        assert_eq!(told(&back), ("published", 1, false));
        app.badge("velo", person("Mael", "mael@example.org")).await;
        let actions: Vec<_> = app
            .audit_log(None, 4)
            .await
            .unwrap()
            .into_iter()
            .map(|entry| entry.action)
            .collect();
        let expected = [
            "credential.issue",
            "achievement.unarchive",
            "achievement.archive",
            "credential.issue",
        ];
        assert_eq!(actions, expected, "archived once");
    });
}

#[test]
fn a_badge_of_ones_own_is_made_from_a_template() {
    on_each_public(|app| async move {
        assert_eq!(templates().len(), 46);
        let changes =
            json!({ "name": "Animer la Fresque du vélo", "tag": ["vélo"], "alignment": null });
        let given = NewAchievement {
            template: Some("animateur-fresque".into()),
            achievement: Some(changes.to_string().into_bytes()),
            ..NewAchievement::default()
        };
        let made = make(&app, given).await.unwrap();
        assert_eq!(made.slug, "animer-la-fresque-du-velo");
        assert_eq!(told(&made), ("published", 1, false));
        let own = app.achievement(None, &made.slug).await.unwrap().achievement;
        let template = app.achievement(None, "animateur-fresque").await.unwrap();
        assert_eq!(made.level, template.summary.level);
        assert_eq!(own["criteria"], template.achievement["criteria"]);
        assert_eq!(
            (&own["tag"], own.get("alignment")),
            (&json!(["vélo"]), None)
        );
        assert_eq!(own["id"], made.id.as_str());
        let result = own["resultDescription"][0]["id"].as_str().unwrap();
        assert!(result.starts_with(&made.id), "{result}");
        let id = app.badge(&made.slug, enora()).await;
        assert_valid(&app.judged(id).await);

        // With nothing different it is the founding badge's next version.
        let same = NewAchievement {
            template: Some("animateur-fresque".into()),
            level: Some(Level::R3),
            ..NewAchievement::default()
        };
        let again = make(&app, same).await.unwrap();
        assert_eq!(
            (again.slug.as_str(), again.version),
            ("animateur-fresque", 2)
        );
        let unknown = NewAchievement {
            template: Some("rien".into()),
            ..NewAchievement::default()
        };
        let refused = make(&app, unknown).await;
        assert!(matches!(
            refused,
            Err(Error::NotFound {
                what: "template",
                ..
            })
        ));
        let nothing = make(&app, NewAchievement::default()).await;
        assert!(matches!(nothing, Err(Error::Refused(_))), "{nothing:?}");
    });
}

/// A micro-credential with all that is asked for.
fn micro() -> Value {
    json!({
        "name": "Animer un atelier de fresque", "description": "Sait animer un atelier.",
        "criteria": { "narrative": "Dix ateliers observés par un pair." },
        "resultDescription": [{
            "id": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8", "type": ["ResultDescription"],
            "name": "Ateliers animés", "resultType": "RawScore"
        }],
        "learningOutcome": [{
            "name": "Animer en autonomie un atelier de 3 h",
            "shownBy": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"
        }],
        "workload": "PT45H", "ects": null, "participation": "blended",
        "assessmentType": ["peer_observation", "portfolio"],
        "prerequisites": "Avoir participé à une fresque", "stackable": true,
        "qualityAssurance": { "name": "Charte du collectif", "url": "https://example.org/charte" },
        "eqfLevelReason": "Apprentissage non formel, niveau non évalué"
    })
}

fn at_r6(achievement: &Value) -> NewAchievement {
    NewAchievement {
        level: Some(Level::R6),
        ..new(achievement)
    }
}

#[test]
fn a_micro_credential_that_shows_all_elements_is_published_and_issued() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let made = make(&app, at_r6(&micro())).await.unwrap();
            assert_eq!(made.level, "R6");
            let achievement = app.achievement(None, "velo").await.unwrap().achievement;
            assert_eq!(achievement["achievementType"], "MicroCredential");
            assert_eq!(achievement["workload"], "PT45H");
            assert!(achievement.get("ects").is_none());
            let told = app.micro_credential(None, "velo").await.unwrap();
            assert!(told.complete && !told.draft, "{told:?}");
            assert_eq!(told.report.elements.len(), 11);
            let mut asked = enora();
            asked.assessor = field("Katell Le Gabarit");
            let id = app.badge("velo", asked).await;
            assert_valid(&app.judged(id).await);
            let in_it = &app.document(id).await["credentialSubject"]["achievement"];
            assert_eq!(in_it, &achievement);
            // What is read back can be published again.
            assert_eq!(make(&app, at_r6(&achievement)).await.unwrap().version, 2);
        });
    }
}

#[test]
fn a_micro_credential_that_lacks_elements_is_refused_with_their_list() {
    on_each_local(|app| async move {
        for (member, pointer) in [
            ("learningOutcome", "/learningOutcome"),
            ("workload", "/workload"),
            ("eqfLevelReason", "/eqfLevel"),
            ("assessmentType", "/assessmentType"),
            ("participation", "/participation"),
            ("qualityAssurance", "/qualityAssurance"),
        ] {
            let mut lacking = micro();
            lacking.as_object_mut().unwrap().remove(member);
            assert_eq!(pointers(make(&app, at_r6(&lacking)).await), [pointer]);
        }
        let mut unread = micro();
        unread["workload"] = "45 heures".into();
        assert_eq!(pointers(make(&app, at_r6(&unread)).await), ["/workload"]);
        let for_organisations = NewAchievement {
            recipient: Some(RecipientKind::Organisation),
            ..at_r6(&micro())
        };
        assert_eq!(pointers(make(&app, for_organisations).await), [""]);
        assert!(!slugs(&app, Shown::All).await.contains(&"velo".into()));
    });
}

#[test]
fn the_elements_belong_to_micro_credentials_alone() {
    on_each_local(|app| async move {
        let mut soft = bike();
        soft["workload"] = "PT3H".into();
        soft["type"] = json!(["Achievement", "MicroCredentialAchievement"]);
        assert_eq!(
            pointers(make(&app, new(&soft)).await),
            ["/type", "/workload"]
        );
    });
}

#[test]
fn a_draft_says_how_far_it_is_from_a_micro_credential() {
    on_each_local(|app| async move {
        let mut lacking = micro();
        lacking.as_object_mut().unwrap().remove("workload");
        let given = NewAchievement {
            draft: true,
            ..at_r6(&lacking)
        };
        make(&app, given).await.unwrap();
        let told = app.micro_credential(None, "velo").await.unwrap();
        assert!(told.draft && !told.complete);
        let absent: Vec<_> = told
            .report
            .missing()
            .map(|element| element.number)
            .collect();
        assert_eq!(absent, [7]);
        let level = &told.report.elements[7].status;
        assert!(matches!(level, Status::NotApplicable { .. }), "{level:?}");
        // Elements that can't be read, and a level that is another, are told.
        lacking["workload"] = "long".into();
        app.draft_achievement(None, "velo", new(&lacking))
            .await
            .unwrap();
        let told = app.micro_credential(None, "velo").await.unwrap();
        let found: Vec<(&str, Severity)> = told
            .findings
            .iter()
            .map(
                |Finding {
                     pointer, severity, ..
                 }| (pointer.as_str(), *severity),
            )
            .collect();
        assert_eq!(
            found,
            [("/workload", Severity::Error), ("", Severity::Warning)]
        );
        assert!(!told.complete);
    });
}

#[test]
fn the_command_imports_a_micro_credential_and_puts_it_away() {
    let badgeons = Badgeons::new();
    let init = ["init", "--issuer", "Collectif Exemple", "--country", "FR"];
    badgeons.run(&init).succeeded();
    let import = |achievement: &Value| {
        let arguments = [
            "achievements",
            "import",
            "-",
            "--slug",
            "velo",
            "--level",
            "R6",
            "--json",
        ];
        badgeons.feed(&arguments, achievement.to_string().as_bytes())
    };
    let mut lacking = micro();
    lacking.as_object_mut().unwrap().remove("participation");
    let refused = import(&lacking).exits(3).json().to_string();
    assert!(refused.contains("10 is missing"), "{refused}");
    assert_eq!(import(&micro()).succeeded().json()["level"], "R6");
    for (command, state) in [("archive", "archived"), ("unarchive", "published")] {
        let ran = badgeons.run(&["achievements", command, "velo", "--json"]);
        assert_eq!(ran.succeeded().json()["state"], state);
    }
    badgeons.run(&["achievements", "archive", "rien"]).exits(2);
}
