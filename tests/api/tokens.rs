//! Tokens: made, shown once, used, ended, revoked; and who may make which.

use badgeons::services::access::Scope;
use serde_json::{Value, json};
use time::Duration;
use time::macros::datetime;

use crate::harness::app::{App, ISSUER, NOW, on_each_public};
use crate::harness::web::{Answer, PARTNER, Site};

const TOKENS: &str = "/api/v1/tokens";

/// Asks for a token.
async fn make(site: &Site, by: &str, scopes: &[&str]) -> Answer {
    let body = json!({ "name": "Inscriptions", "scopes": scopes });
    site.post(TOKENS).token(by).json(&body).send().await
}

/// Asks for one that ends at that time.
async fn make_until(site: &Site, by: &str, end: &str) -> Answer {
    let body = json!({ "name": "a", "scopes": ["credentials:read"], "expires_at": end });
    site.post(TOKENS).token(by).json(&body).send().await
}

/// Whether a token is believed.
async fn holds(site: &Site, token: &str) -> bool {
    let status = site.get("/api/v1/issuers").token(token).send().await.status;
    assert!([200, 401].contains(&status));
    status == 200
}

/// The list of tokens, as one of them sees it.
async fn listed(site: &Site, by: &str) -> Vec<Value> {
    let list = site.get(TOKENS).token(by).send().await.is(200).json();
    list.as_array().unwrap().clone()
}

async fn with_admin(app: &App) -> (Site, String) {
    let site = Site::of(app).await;
    let admin = site.token(&PARTNER).await;
    (site, admin)
}

#[test]
fn a_token_that_was_made_holds() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.is(201);
        let token = made.json()["token"].as_str().unwrap().to_owned();
        assert!(token.starts_with("bdg_"));
        assert!(holds(&site, &token).await);
    });
}

#[test]
fn what_is_told_of_a_token_is_what_was_asked_for() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        assert_eq!(made["name"], "Inscriptions");
        assert_eq!(made["scopes"], json!(["credentials:read"]));
        assert_eq!(made["issuer"], ISSUER);
        assert_eq!(made["created_at"], "2026-11-23T10:00:00Z");
        let prefix = made["prefix"].as_str().unwrap();
        assert!(made["token"].as_str().unwrap().starts_with(prefix));
    });
}

#[test]
fn a_token_is_shown_once() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let token = made["token"].as_str().unwrap();
        let secret = token.rsplit('_').next().unwrap();
        let list = listed(&site, &admin).await;
        assert!(list.iter().any(|told| told["id"] == made["id"]));
        let text = serde_json::to_string(&list).unwrap();
        assert!(
            !text.contains(secret) && !text.contains("\"token\""),
            "{text}"
        );
    });
}

#[test]
fn the_database_has_no_more_than_a_hash() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let [_, prefix, secret] = made["token"]
            .as_str()
            .unwrap()
            .split('_')
            .collect::<Vec<_>>()[..]
        else {
            panic!("{made}");
        };
        let mut tx = app.store().await.read().await.unwrap();
        let row = tx.token_by_prefix(prefix).await.unwrap().unwrap();
        assert_eq!(row.hash.len(), 32);
        let written = [&row.name, &row.prefix, &row.scopes].map(String::as_str);
        assert!(written.iter().all(|text| !text.contains(secret)));
        assert_ne!(row.hash, secret.as_bytes());
    });
}

#[test]
fn a_revoked_token_does_not_hold() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
        site.call("DELETE", &path)
            .token(&admin)
            .send()
            .await
            .is(204);
        assert!(!holds(&site, made["token"].as_str().unwrap()).await);
    });
}

#[test]
fn a_token_may_be_revoked_twice() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
        for _ in 0..2 {
            site.call("DELETE", &path)
                .token(&admin)
                .send()
                .await
                .is(204);
        }
    });
}

#[test]
fn the_list_says_which_tokens_were_revoked() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
        site.call("DELETE", &path)
            .token(&admin)
            .send()
            .await
            .is(204);
        let list = listed(&site, &admin).await;
        let told = list.iter().find(|told| told["id"] == made["id"]).unwrap();
        assert_eq!(told["revoked_at"], "2026-11-23T10:00:00Z");
    });
}

#[test]
fn a_token_that_has_ended_does_not_hold() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make_until(&site, &admin, "2026-11-24T10:00:00Z").await;
        let token = made.is(201).json()["token"].as_str().unwrap().to_owned();
        let just_before = app.at(NOW + Duration::DAY - Duration::SECOND).await;
        assert!(holds(&Site::of(&just_before).await, &token).await);
        let end = app.at(NOW + Duration::DAY).await;
        assert!(!holds(&Site::of(&end).await, &token).await);
    });
}

#[test]
fn a_token_that_would_have_ended_already_is_refused() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let answer = make_until(&site, &admin, "2026-11-23T10:00:00Z").await;
        answer.problem(422, "invalid");
    });
}

#[test]
fn an_end_beyond_the_calendar_is_refused() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        for end in [
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
            "2026-02-30T00:00:00Z",
            "tomorrow",
        ] {
            let problem = make_until(&site, &admin, end).await.problem(422, "invalid");
            assert_eq!(problem["findings"][0]["pointer"], "/expires_at", "{end}");
        }
    });
}

#[test]
fn from_two_weeks_before_its_end_the_holder_is_warned() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make_until(&site, &admin, "2026-12-23T10:00:00Z").await;
        let token = made.is(201).json()["token"].as_str().unwrap().to_owned();
        let first = datetime!(2026-12-09 10:00 UTC);
        for (now, warned) in [
            (NOW, None),
            (first - Duration::SECOND, None),
            (first, Some("2026-12-23T10:00:00Z")),
        ] {
            let site = Site::of(&app.at(now).await).await;
            let answer = site.get("/api/v1/issuers").token(&token).send().await;
            assert_eq!(answer.maybe("badgeons-token-expires"), warned, "{now}");
        }
    });
}

#[test]
fn the_last_use_of_a_token_is_told() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let made = make(&site, &admin, &["credentials:read"]).await.json();
        let token = made["token"].as_str().unwrap();
        let used = async |site: &Site| {
            let list = listed(site, &admin).await;
            let told = list.into_iter().find(|told| told["id"] == made["id"]);
            told.unwrap()["last_used_at"].clone()
        };
        assert_eq!(used(&site).await, Value::Null);
        holds(&site, token).await;
        assert_eq!(used(&site).await, "2026-11-23T10:00:00Z");
    });
}

#[test]
fn the_last_use_of_a_token_is_known_to_the_hour() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        for (minutes, expected) in [
            (0, "2026-11-23T10:00:00Z"),
            (59, "2026-11-23T10:00:00Z"),
            (60, "2026-11-23T11:00:00Z"),
        ] {
            let later = Site::of(&app.at(NOW + Duration::minutes(minutes)).await).await;
            let list = listed(&later, &admin).await;
            assert_eq!(list[0]["last_used_at"], expected);
        }
        drop(site);
    });
}

#[test]
fn nobody_gives_what_they_do_not_have() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let admin = site.token(&[Scope::IssuerAdmin]).await;
        let answer = make(&site, &admin, &["issuer:admin", "credentials:issue"]).await;
        let problem = answer.problem(403, "forbidden");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("credentials:issue"), "{detail}");
    });
}

#[test]
fn an_issuers_admin_makes_no_operator() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let answer = make(&site, &admin, &["operator"]).await;
        answer.problem(403, "forbidden");
    });
}

#[test]
fn an_operator_gives_what_a_partner_needs() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let operator = site.token_of(None, &[Scope::Operator]).await;
        let made = make(&site, &operator, &["credentials:issue"]).await.is(201);
        assert_eq!(made.json()["issuer"], ISSUER);
    });
}

#[test]
fn an_operators_token_is_bound_to_no_issuer() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let operator = site.token_of(None, &[Scope::Operator]).await;
        let made = make(&site, &operator, &["operator"]).await.is(201).json();
        assert_eq!(made.get("issuer"), None);
        let path = format!("{TOKENS}?issuer={ISSUER}");
        let body = json!({ "name": "Exploitation", "scopes": ["operator"] });
        let bound = site.post(&path).token(&operator).json(&body).send().await;
        bound.problem(409, "conflict");
    });
}

#[test]
fn an_operators_token_is_not_an_issuers_to_see_or_to_revoke() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let operator = site.token_of(None, &[Scope::Operator]).await;
        let all = listed(&site, &operator).await;
        let id = all.last().unwrap()["id"].as_str().unwrap();
        assert!(
            listed(&site, &admin)
                .await
                .iter()
                .all(|told| told["id"] != id)
        );
        let path = format!("{TOKENS}/{id}");
        let answer = site.call("DELETE", &path).token(&admin).send().await;
        answer.problem(404, "not-found");
    });
}

#[test]
fn a_token_needs_a_name_and_something_to_do() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        for body in [
            json!({ "name": " ", "scopes": ["credentials:read"] }),
            json!({ "name": "x".repeat(101), "scopes": ["credentials:read"] }),
            json!({ "name": "a", "scopes": [] }),
            json!({ "name": "a\u{0}b", "scopes": ["credentials:read"] }),
        ] {
            let answer = site.post(TOKENS).token(&admin).json(&body).send().await;
            answer.problem(422, "invalid");
        }
    });
}

#[test]
fn a_scope_that_there_is_not_is_refused_where_it_stands() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let problem = make(&site, &admin, &["credentials:read", "everything"]).await;
        let problem = problem.problem(422, "invalid");
        assert_eq!(problem["findings"][0]["pointer"], "/scopes/1");
    });
}

#[test]
fn only_a_whole_token_under_its_scheme_is_believed() {
    on_each_public(|app| async move {
        let (site, admin) = with_admin(&app).await;
        let call = async |value: &str| {
            let call = site.get("/api/v1/issuers");
            let call = call.with(axum::http::header::AUTHORIZATION, value);
            call.send().await.status
        };
        assert_eq!(call(&format!("bearer {admin}")).await, 200);
        for wrong in [
            admin.clone(),
            format!("Basic {admin}"),
            format!("Bearer {}", admin.to_uppercase()),
            format!("Bearer {admin}x"),
            format!("Bearer {}", admin.replacen("bdg_", "", 1)),
            format!("Bearer {}", admin.rsplit_once('_').unwrap().0),
            "Bearer ".into(),
        ] {
            assert_eq!(call(&wrong).await, 401, "{wrong}");
        }
    });
}
