//! Issuing: what comes of a request, and how a wrong one is told.

use badgeons::services::access::Scope;
use serde_json::{Value, json};

use crate::harness::app::{App, ISSUER, on_each_public};
use crate::harness::web::{Answer, BADGE, NEIGHBOUR, PARTNER, Site, wanted};

const CREDENTIALS: &str = "/api/v1/credentials";

pub(super) async fn site(app: &App) -> (Site, String) {
    let site = Site::of(app).await;
    let token = site.token(&[
        Scope::CredentialsIssue,
        Scope::CredentialsRead,
        Scope::CredentialsRevoke,
    ]);
    let token = token.await;
    (site, token)
}

pub(super) async fn issue(site: &Site, token: &str, body: &Value) -> Answer {
    site.post(CREDENTIALS).token(token).json(body).send().await
}

async fn raw(app: &App, media_type: &str, body: String) -> Answer {
    let (site, token) = site(app).await;
    let call = site.post(CREDENTIALS).token(&token);
    call.body(media_type, body).send().await
}

pub(super) fn enora() -> Value {
    wanted("Enora Le Spécimen", "enora@example.org")
}

/// The request with a member set.
pub(super) fn with(pointer: &str, value: Value) -> Value {
    let mut body = enora();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

/// How many badges there are.
pub(super) async fn count(site: &Site, token: &str) -> usize {
    let list = site.get(CREDENTIALS).token(token).send().await.is(200);
    list.json().as_array().unwrap().len()
}

#[test]
fn a_badge_is_issued_and_found_at_its_address() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let answer = issue(&site, &token, &enora()).await.is(201);
        let told = answer.json();
        assert_eq!(told["outcome"], "issued");
        assert_eq!(told["achievement"], BADGE);
        assert_eq!(told["url"], answer.header("location"));
        site.get(answer.header("location")).send().await.is(200);
    });
}

#[test]
fn asked_for_again_it_is_the_same_badge() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let first = issue(&site, &token, &enora()).await.is(201).json();
        let again = issue(&site, &token, &enora()).await.is(200).json();
        assert_eq!(again["outcome"], "already_issued");
        assert_eq!(again["id"], first["id"]);
        assert_eq!(count(&site, &token).await, 1);
    });
}

#[test]
fn again_issues_nothing_while_the_badge_stands() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let first = issue(&site, &token, &enora()).await.json();
        let again = issue(&site, &token, &with("/again", true.into())).await;
        assert_eq!(again.is(200).json()["id"], first["id"]);
    });
}

#[test]
fn again_issues_anew_what_was_revoked() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let first = issue(&site, &token, &enora()).await.json();
        let path = format!("{CREDENTIALS}/{}/revoke", first["id"].as_str().unwrap());
        let revoke = site.post(&path).token(&token);
        revoke
            .json(&json!({ "reason": "a trial" }))
            .send()
            .await
            .is(200);
        issue(&site, &token, &enora()).await.is(200);
        let again = issue(&site, &token, &with("/again", true.into())).await;
        assert_ne!(again.is(201).json()["id"], first["id"]);
    });
}

#[test]
fn an_activity_makes_another_badge_of_it() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let first = issue(&site, &token, &enora()).await.is(201).json();
        let activity = json!({ "name": "Fresquathon", "place": "Vannes", "start": "2023-10-14" });
        let other = issue(&site, &token, &with("/activity", activity)).await;
        assert_ne!(other.is(201).json()["id"], first["id"]);
    });
}

#[test]
fn what_breaks_a_rule_is_told_with_its_place() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for (pointer, value) in [
            ("/recipient/email", json!("enora at example.org")),
            ("/recipient/email", json!("")),
            ("/recipient/name", json!("")),
            ("/recipient/name", json!("nul\u{0}")),
            ("/evidence", json!("not an address")),
        ] {
            let answer = issue(&site, &token, &with(pointer, value.clone())).await;
            assert_eq!(answer.status, 422, "{pointer} {value}: {}", answer.text());
            let problem = answer.problem(422, "invalid");
            let findings = problem["findings"].as_array();
            let places = findings
                .into_iter()
                .flatten()
                .map(|found| &found["pointer"]);
            assert!(
                places.into_iter().any(|place| place == pointer),
                "{value}: {problem}"
            );
        }
        assert_eq!(count(&site, &token).await, 0);
    });
}

#[test]
fn a_finding_says_what_to_do() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let body = with("/recipient/email", json!("enora at example.org"));
        let problem = issue(&site, &token, &body).await.problem(422, "invalid");
        for member in ["rule", "message", "advice"] {
            let text = problem["findings"][0][member].as_str().unwrap();
            assert!(!text.is_empty(), "{problem}");
        }
        assert_eq!(problem["findings"][0]["severity"], "error");
    });
}

#[test]
fn a_member_of_the_wrong_type_is_told_with_its_place() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for (pointer, value) in [
            ("/recipient/name", json!(7)),
            ("/credits", json!("many")),
            ("/workshops_led", json!(-1)),
            ("/again", json!("yes")),
        ] {
            let problem = issue(&site, &token, &with(pointer, value)).await;
            let problem = problem.problem(422, "invalid");
            assert_eq!(problem["findings"][0]["pointer"], pointer);
        }
    });
}

#[test]
fn an_unknown_member_is_refused_by_name() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for (pointer, at) in [("/nom", ""), ("/recipient/courriel", "/recipient")] {
            let problem = issue(&site, &token, &with(pointer, json!("a"))).await;
            let problem = problem.problem(422, "invalid");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains(pointer.rsplit('/').next().unwrap()),
                "{detail}"
            );
            let place = problem["findings"][0]["pointer"].as_str().unwrap();
            assert!(place.starts_with(at), "{problem}");
        }
    });
}

#[test]
fn an_unknown_parameter_is_refused_by_name() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let call = site.post(&format!("{CREDENTIALS}?isuer=a")).token(&token);
        let problem = call.json(&enora()).send().await.problem(400, "malformed");
        assert!(
            problem["detail"].as_str().unwrap().contains("isuer"),
            "{problem}"
        );
    });
}

#[test]
fn a_day_that_there_is_not_is_refused() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        for day in ["2023-02-30", "14/10/2023", "+12023-10-14", "2023-W41-6"] {
            let activity = json!({ "name": "Fresquathon", "start": day });
            let answer = issue(&site, &token, &with("/activity", activity)).await;
            answer.problem(422, "invalid");
        }
    });
}

#[test]
fn another_media_type_is_not_read() {
    on_each_public(|app| async move {
        for media_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "text/json",
        ] {
            let answer = raw(&app, media_type, enora().to_string()).await;
            answer.problem(415, "unsupported-media-type");
        }
    });
}

#[test]
fn a_charset_may_be_named() {
    on_each_public(|app| async move {
        let body = enora().to_string();
        raw(&app, "Application/JSON; charset=utf-8", body)
            .await
            .is(201);
    });
}

#[test]
fn too_large_a_body_is_not_read() {
    on_each_public(|app| async move {
        let body = with("/narrative", "x".repeat(1024 * 1024).into()).to_string();
        raw(&app, "application/json", body)
            .await
            .problem(413, "too-large");
    });
}

#[test]
fn a_member_written_twice_is_refused() {
    on_each_public(|app| async move {
        let body = enora()
            .to_string()
            .replacen('{', "{\"achievement\":\"a\",", 1);
        raw(&app, "application/json", body)
            .await
            .problem(400, "malformed");
    });
}

#[test]
fn what_is_not_json_is_refused() {
    on_each_public(|app| async move {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in ["", "{", "{} {}", "NaN", &deep] {
            let answer = raw(&app, "application/json", body.into()).await;
            answer.problem(400, "malformed");
        }
    });
}

#[test]
fn a_badge_that_there_is_not_is_not_found() {
    on_each_public(|app| async move {
        let (site, token) = site(&app).await;
        let answer = issue(&site, &token, &with("/achievement", "rien".into())).await;
        answer.problem(404, "not-found");
    });
}

#[test]
fn anothers_badge_is_not_issued() {
    on_each_public(|app| async move {
        let site = Site::with_neighbour(&app).await;
        let theirs = site
            .token_of(Some(NEIGHBOUR), &[Scope::AchievementsWrite])
            .await;
        let body = json!({
            "slug": "atelier", "level": "R2",
            "achievement": {
                "name": "Atelier", "description": "A participé.",
                "achievementType": "Badge", "criteria": { "narrative": "Être présent·e." },
            },
        });
        let made = site.post("/api/v1/achievements").token(&theirs).json(&body);
        made.send().await.is(201);
        let ours = site.token(&[Scope::CredentialsIssue]).await;
        let answer = issue(&site, &ours, &with("/achievement", "atelier".into())).await;
        answer.problem(404, "not-found");
    });
}

#[test]
fn the_key_that_signs_is_not_taken_away_without_another() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let keys = format!("/api/v1/issuers/{ISSUER}/keys");
        let all = site.get(&keys).token(&token).send().await.json();
        for (key, status) in all.as_array().unwrap().iter().zip([409, 200]) {
            let path = format!("/api/v1/keys/{}/retire", key["id"].as_str().unwrap());
            let answer = site
                .post(&path)
                .token(&token)
                .send()
                .await
                .is(status)
                .json();
            let told = answer["detail"].as_str().unwrap_or_default();
            assert_eq!(told.contains("keys/rotate"), status == 409, "{answer}");
        }
        issue(&site, &token, &enora()).await.is(201);
    });
}
