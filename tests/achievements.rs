//! The badges that can be issued: the founding ones, and those a partner brings.

use badgeons::openbadges::model::checked::Finding;
use badgeons::recognition::levels::Level;
use badgeons::recognition::templates::{RecipientKind, Validity};
use badgeons::services::Error;
use badgeons::services::achievements::{AchievementSummary, ImportAchievement};
use badgeons::services::presenting::Format;
use serde_json::{Value, json};

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::judging::assert_valid;
use crate::harness::rows::{enora, organisation, person};

/// A badge of a partner, as they write it.
fn welcome() -> Value {
    json!({
        "name": "Accueil des nouveaux habitants",
        "description": "A accueilli de nouveaux habitants du pays de Vannes.",
        "criteria": { "narrative": "Avoir tenu le stand d’accueil une demi-journée." },
        "achievementType": "CommunityService",
    })
}

const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z" fill="#147"/></svg>"##;

fn given(achievement: &Value) -> ImportAchievement {
    ImportAchievement {
        achievement: achievement.to_string().into_bytes(),
        slug: Some("accueil".into()),
        image: Some(PICTURE.into()),
        level: Level::R3,
        recipient: RecipientKind::Person,
        validity: Validity::Months(24),
    }
}

async fn import(app: &App, given: ImportAchievement) -> Result<AchievementSummary, Error> {
    app.import_achievement(None, given).await
}

fn findings(refused: Result<AchievementSummary, Error>) -> Vec<Finding> {
    match refused {
        Err(Error::Invalid { findings }) => findings,
        other => panic!("not refused by a rule: {other:?}"),
    }
}

/// How many badges there are, which a refused import leaves as it was.
async fn known(app: &App) -> usize {
    app.achievements(None).await.unwrap().len()
}

#[test]
fn the_founding_badges_are_there() {
    on_each_local(|app| async move {
        let all = app.achievements(None).await.unwrap();
        assert_eq!(all.len(), 46);
        let label = all.iter().find(|badge| badge.slug == "terdeskin").unwrap();
        assert_eq!(
            (label.level.as_str(), label.recipient),
            ("L", "organisation")
        );
        assert_eq!((label.version, label.validity_months), (1, Some(36)));
        assert!(label.id.starts_with("urn:uuid:"));
    });
}

#[test]
fn with_an_address_badges_are_named_by_it() {
    on_each_public(|app| async move {
        let detail = app.achievement(None, "terdeskin").await.unwrap();
        let id = detail.summary.id.as_str();
        assert!(
            id.starts_with("https://badges.example.org/achievements/"),
            "{id}"
        );
        assert_eq!(detail.achievement["id"], id);
        assert_eq!(detail.achievement["image"]["id"], format!("{id}/image"));
    });
}

#[test]
fn a_badge_is_shown_whole_with_what_is_checked() {
    on_each_local(|app| async move {
        let detail = app.achievement(None, "confirme-fresque").await.unwrap();
        assert_eq!(detail.summary.level, "R4");
        assert!(detail.checked.contains("endorsement"), "{}", detail.checked);
        assert_eq!(detail.achievement["achievementType"], "Competency");
        assert_eq!(detail.achievement["id"], detail.summary.id.as_str());
    });
}

#[test]
fn a_badge_that_is_not_there_is_not_found() {
    on_each_local(|app| async move {
        let error = app.achievement(None, "confirme").await.unwrap_err();
        let Error::NotFound { near, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(near, &["confirme-fresque"]);
    });
}

#[test]
fn a_partner_s_badge_is_imported_and_issued() {
    for on_each in [on_each_local, on_each_public] {
        on_each(|app: App| async move {
            let imported = import(&app, given(&welcome())).await.unwrap();
            assert_eq!((imported.slug.as_str(), imported.version), ("accueil", 1));
            assert_eq!(imported.level, "R3");
            let id = app.badge("accueil", enora()).await;
            for format in Format::ALL {
                let bytes = app.presented(id, format).await;
                assert_valid(&app.verifier().verify(&bytes, None).await.unwrap());
            }
            assert_eq!(app.document(id).await["validUntil"], "2028-11-23T10:00:00Z");
        });
    }
}

#[test]
fn a_short_name_is_made_from_the_title() {
    on_each_local(|app| async move {
        let imported = import(
            &app,
            ImportAchievement {
                slug: None,
                ..given(&welcome())
            },
        )
        .await;
        assert_eq!(imported.unwrap().slug, "accueil-des-nouveaux-habitants");
        let wrong = ImportAchievement {
            slug: Some("Accueil !".into()),
            ..given(&welcome())
        };
        let refused = import(&app, wrong).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Refused(text) if text.contains("short name")),
            "{refused}"
        );
    });
}

#[test]
fn a_new_version_leaves_the_badges_issued_before_alone() {
    on_each_local(|app| async move {
        import(&app, given(&welcome())).await.unwrap();
        let old = app.badge("accueil", enora()).await;
        let before: Vec<Vec<u8>> = vec![
            app.presented(old, Format::Json).await,
            app.presented(old, Format::Svg).await,
        ];
        let mut changed = welcome();
        changed["description"] = "Autre chose.".into();
        let picture = PICTURE.replace("#147", "#741");
        let next = ImportAchievement {
            image: Some(picture.into()),
            ..given(&changed)
        };
        assert_eq!(import(&app, next).await.unwrap().version, 2);
        let after: Vec<Vec<u8>> = vec![
            app.presented(old, Format::Json).await,
            app.presented(old, Format::Svg).await,
        ];
        assert_eq!(after, before);
        assert_valid(&app.judged(old).await);
        let new = app
            .badge("accueil", person("Mael", "mael@example.org"))
            .await;
        let achievement = &app.document(new).await["credentialSubject"]["achievement"];
        assert_eq!(achievement["description"], "Autre chose.");
        assert_eq!(known(&app).await, 47);
    });
}

#[test]
fn each_fault_is_found_where_it_is() {
    on_each_local(|app| async move {
        let twin = |change: &dyn Fn(&mut Value)| {
            let mut achievement = welcome();
            change(&mut achievement);
            achievement
        };
        let cases = [
            (
                twin(&|a| drop(a.as_object_mut().unwrap().remove("name"))),
                "/name",
            ),
            (
                twin(&|a| drop(a.as_object_mut().unwrap().remove("criteria"))),
                "/criteria",
            ),
            (twin(&|a| a["description"] = 7.into()), "/description"),
            (
                twin(&|a| a["achievementType"] = "Diploma of Kindness".into()),
                "/achievementType",
            ),
            (
                twin(&|a| a["alignment"] = json!([{ "type": ["Alignment"], "targetName": "x" }])),
                "/alignment/0/targetUrl",
            ),
            (twin(&|a| a["id"] = "not a uri".into()), "/id"),
        ];
        for (achievement, pointer) in cases {
            let found = findings(import(&app, given(&achievement)).await);
            assert!(
                found.iter().any(|f| f.pointer == pointer),
                "{pointer}: {found:#?}"
            );
            assert!(
                found
                    .iter()
                    .all(|f| !f.message.is_empty() && !f.advice.is_empty())
            );
        }
        assert_eq!(known(&app).await, 46);
    });
}

#[test]
fn what_no_standard_has_a_word_for_is_refused_when_it_is_entered() {
    on_each_local(|app| async move {
        for (member, value) in [
            ("humeur", json!("bonne")),
            (
                "alignment",
                json!([{
                    "type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example/", "humeur": "bonne",
                }]),
            ),
        ] {
            let mut badge = welcome();
            badge[member] = value;
            let found = findings(import(&app, given(&badge)).await);
            let [finding] = &found[..] else {
                panic!("{found:?}")
            };
            assert_eq!(finding.rule, "achievement.words");
            assert!(finding.pointer.contains(member), "{finding:?}");
        }
    });
}

#[test]
fn soft_recognition_is_not_called_a_certification() {
    on_each_local(|app| async move {
        for level in [Level::R1, Level::R2, Level::R3, Level::R4] {
            for kind in [
                "MicroCredential",
                "Certificate",
                "CertificateOfCompletion",
                "Certification",
            ] {
                let mut achievement = welcome();
                achievement["achievementType"] = kind.into();
                let found = findings(
                    import(
                        &app,
                        ImportAchievement {
                            level,
                            ..given(&achievement)
                        },
                    )
                    .await,
                );
                let rules: Vec<_> = found.iter().map(|f| (f.pointer.as_str(), f.rule)).collect();
                assert_eq!(
                    rules,
                    [("/achievementType", "achievement.level")],
                    "{level} {kind}"
                );
            }
        }
        let mut assessed = welcome();
        assessed["achievementType"] = "Certificate".into();
        import(
            &app,
            ImportAchievement {
                level: Level::R5,
                ..given(&assessed)
            },
        )
        .await
        .unwrap();
    });
}

#[test]
fn a_micro_certification_needs_its_european_elements_whatever_it_is_called() {
    on_each_local(|app| async move {
        let [mut typed, mut untyped, mut hidden] = [welcome(), welcome(), welcome()];
        typed["achievementType"] = "MicroCredential".into();
        untyped.as_object_mut().unwrap().remove("achievementType");
        hidden["type"] = json!(["Achievement", "MicroCredentialAchievement"]);
        for (level, achievement) in [
            (Level::R6, typed),
            (Level::R6, untyped),
            (Level::R3, hidden),
        ] {
            let refused = import(
                &app,
                ImportAchievement {
                    level,
                    ..given(&achievement)
                },
            )
            .await;
            let found = findings(refused);
            assert_eq!(found[0].rule, "achievement.microcredential");
            assert!(found[0].message.contains("European elements"), "{found:?}");
        }
        assert_eq!(known(&app).await, 46);
    });
}

#[test]
fn a_picture_that_is_none_or_does_something_is_refused() {
    on_each_local(|app| async move {
        let svg = |inside: &str| {
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>"#)
        };
        for image in [
            svg("<script>alert(1)</script>"),
            svg(r#"<rect onclick="alert(1)"/>"#),
            svg("<foreignObject/>"),
            svg(r#"<image href="https://elsewhere.example/track.png"/>"#),
            svg(r#"<a href="javascript:alert(1)"/>"#),
            svg(r#"<filter id="f"><feTurbulence numOctaves="2000000"/></filter>"#),
            svg(r#"<image href="data:image/png;base64,iVBORw0KGgo="/>"#),
            svg("<text>R5</text>"),
            format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", svg("&a;")),
            "<html/>".into(),
            "\u{89}PNG\r\n".into(),
            "x".repeat(1024 * 1024 + 1),
        ] {
            let hostile = ImportAchievement {
                image: Some(image.into()),
                ..given(&welcome())
            };
            let refused = import(&app, hostile).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        }
        assert_eq!(known(&app).await, 46);
    });
}

#[test]
fn what_is_no_json_is_refused() {
    on_each_local(|app| async move {
        for text in ["", "{", "[]", r#"{"name":"a","name":"b"}"#] {
            let wrong = ImportAchievement {
                achievement: text.into(),
                ..given(&welcome())
            };
            assert!(import(&app, wrong).await.is_err(), "{text}");
        }
        assert_eq!(known(&app).await, 46);
    });
}

#[test]
fn a_badge_for_organisations_is_not_for_people() {
    on_each_local(|app| async move {
        let wanted = ImportAchievement {
            recipient: RecipientKind::Organisation,
            ..given(&welcome())
        };
        import(&app, wanted).await.unwrap();
        assert_eq!(app.ask("accueil", enora()).await.unwrap().counts.issued, 0);
        app.badge("accueil", organisation("Exemple SARL")).await;
    });
}

#[test]
fn two_imports_at_once_make_two_versions_or_say_so() {
    on_each_local(|app| async move {
        let (one, two) = tokio::join!(
            import(&app, given(&welcome())),
            import(&app, given(&welcome()))
        );
        let made = [&one, &two]
            .into_iter()
            .filter(|outcome| outcome.is_ok())
            .count();
        assert!(made >= 1, "{one:?} {two:?}");
        for refused in [one, two].into_iter().filter_map(Result::err) {
            assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
        }
        let version = app
            .achievement(None, "accueil")
            .await
            .unwrap()
            .summary
            .version;
        assert_eq!(usize::try_from(version).unwrap(), made);
    });
}

#[test]
fn a_badge_that_says_too_much_is_refused() {
    on_each_local(|app| async move {
        let before = known(&app).await;
        let mut long = welcome();
        long["criteria"]["narrative"] = "é".repeat(40_000).into();
        let refused = import(&app, given(&long)).await;
        assert!(
            matches!(&refused, Err(Error::Refused(text)) if text.contains("shorten")),
            "{refused:?}"
        );
        assert_eq!(known(&app).await, before);
        long["criteria"]["narrative"] = "é".repeat(30_000).into();
        import(&app, given(&long)).await.unwrap();
    });
}
