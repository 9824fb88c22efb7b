//! A badge is checked before it is issued: what would be signed, and all that others will hold it to.

use badgeons::openbadges::model::checked::Profile;
use badgeons::openbadges::model::rules;
use serde_json::{Value, json};

use super::issuing::{count, enora, issue, site, with};
use crate::harness::app::{on_each_local, on_each_public};
use crate::harness::web::Site;

const CHECK: &str = "/api/v1/credentials/check";

async fn check(site: &Site, token: &str, body: &Value) -> Value {
    let call = site.post(CHECK).token(token).json(body);
    call.send().await.is(200).json()
}

async fn check_in(language: &str, site: &Site, token: &str, body: &Value) -> Value {
    let call = site.post(CHECK).token(token).json(body);
    let call = call.with(axum::http::header::ACCEPT_LANGUAGE, language);
    call.send().await.is(200).json()
}

/// To what it was held, and what came of each.
fn outcomes(told: &Value) -> Vec<(&str, &str)> {
    let report = told["report"].as_array().unwrap().iter();
    report
        .map(|it| {
            (
                it["about"].as_str().unwrap(),
                it["outcome"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_check_issues_nothing() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let told = check(&site, &token, &enora()).await;
        assert_eq!(told["outcome"], "would_issue");
        assert_eq!(told["findings"], json!([]));
        assert_eq!(count(&site, &token).await, 0);
        // And what follows is as if it had never been.
        issue(&site, &token, &enora()).await.is(201);
    });
}

#[test]
fn a_check_shows_what_would_be_signed() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let told = check(&site, &token, &enora()).await;
        let id = issue(&site, &token, &enora()).await.is(201).json()["id"].clone();
        let path = format!("/credentials/{}.json", id.as_str().unwrap());
        let mut signed = site.get(&path).send().await.is(200).json();
        let mut shown = told["credential"].clone();
        rules::check(
            badgeons::openbadges::model::checked::Unsigned(shown.clone()),
            Profile::OpenBadge,
        )
        .unwrap();
        signed
            .as_object_mut()
            .unwrap()
            .shift_remove("proof")
            .unwrap();
        // What is drawn anew for each badge.
        for badge in [&mut signed, &mut shown] {
            badge["id"] = Value::Null;
            badge["credentialSubject"]["id"] = Value::Null;
            badge["credentialSubject"]["identifier"][1] = Value::Null;
            for member in ["id", "statusListIndex", "statusListCredential"] {
                badge["credentialStatus"][member] = Value::Null;
            }
        }
        assert_eq!(shown, signed);
    });
}

#[test]
fn a_badge_is_held_to_each_thing_by_itself() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let told = check(&site, &token, &enora()).await;
        let expected = [
            ("open_badges", "pass"),
            ("json_schema", "pass"),
            ("json_ld", "pass"),
            ("validator", "pass"),
            ("micro_credential", "not_applicable"),
        ];
        assert_eq!(outcomes(&told), expected, "{told:#}");
    });
}

#[test]
fn without_a_public_address_the_validator_reads_no_jwt() {
    on_each_local(|app| async move {
        let (site, token) = site(&app).await;
        let told = check(&site, &token, &enora()).await;
        assert_eq!(told["outcome"], "would_issue");
        assert_eq!(outcomes(&told)[3], ("validator", "warning"), "{told:#}");
        assert_eq!(told["report"][3]["findings"][0]["rule"], "validator.jwt");
        assert_eq!(told["credential"].get("credentialStatus"), None);
    });
}

#[test]
fn a_check_tells_what_is_wrong() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let body = with("/recipient/email", json!("enora at example.org"));
        let told = check(&site, &token, &body).await;
        assert_eq!(told["outcome"], "refused");
        assert_eq!(told["findings"][0]["pointer"], "/recipient/email");
        // Nothing could be composed.
        assert_eq!(told.get("credential"), None);
        assert_eq!(told["report"], json!([]));
    });
}

#[test]
fn findings_are_in_the_language_that_is_asked_for() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let body = with("/recipient/email", json!("enora at example.org"));
        for (language, message, advice) in [
            (
                "en",
                "There is no @ in this address.",
                "Write “enora@example.org”, if that is what is meant.",
            ),
            (
                "fr-FR, en;q=0.5",
                "Il n’y a pas de @ dans cette adresse.",
                "Écrivez «\u{a0}enora@example.org\u{a0}», si c’est bien cela.",
            ),
            (
                "br",
                "N’eus @ ebet er chomlec’h-mañ.",
                "Skrivit “enora@example.org”, mard eo an dra-se.",
            ),
        ] {
            let told = check_in(language, &site, &token, &body).await;
            let finding = &told["findings"][0];
            assert_eq!(finding["message"], message);
            assert_eq!(finding["advice"], advice);
            assert_eq!(finding["rule"], "email.syntax");
            let refused = site.post("/api/v1/credentials").token(&token).json(&body);
            let refused = refused.with(axum::http::header::ACCEPT_LANGUAGE, language);
            let problem = refused.send().await.problem(422, "invalid");
            assert_eq!(&problem["findings"][0]["message"], message);
            assert_eq!(problem["detail"], format!("{message} {advice}"));
        }
    });
}

#[test]
fn a_check_knows_what_was_issued() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        issue(&site, &token, &enora()).await.is(201);
        let told = check(&site, &token, &enora()).await;
        assert_eq!(told["outcome"], "already_issued");
    });
}
