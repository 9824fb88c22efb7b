//! OAuth 2.0 client credentials (RFC 6749 §4.4): a lasting token for one that ends in an hour.

use axum::http::header;
use badgeons::services::access::Scope;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::Duration;

use crate::harness::app::{NOW, on_each_public};
use crate::harness::web::{Answer, PARTNER, Site};

/// A token as client identifier and secret.
fn client(token: &str) -> (&str, &str) {
    token.rsplit_once('_').unwrap()
}

/// Exchanges a token, the client in the form.
async fn exchange(site: &Site, token: &str, scope: Option<&str>) -> Answer {
    let (id, secret) = client(token);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials")
        .append_pair("client_id", id)
        .append_pair("client_secret", secret);
    if let Some(scope) = scope {
        form.append_pair("scope", scope);
    }
    send(site, form.finish()).await
}

async fn send(site: &Site, form: String) -> Answer {
    let call = site.post("/oauth/token");
    let call = call.body("application/x-www-form-urlencoded", form);
    call.send().await
}

fn given(answer: &Answer) -> String {
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn status(site: &Site, token: &str, path: &str) -> u16 {
    site.get(path).token(token).send().await.status
}

#[track_caller]
fn assert_refused(answer: &Answer, code: u16, error: &str) {
    assert_eq!(answer.status, code, "{}", answer.text());
    assert_eq!(answer.json()["error"], error);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[test]
fn a_lasting_token_is_exchanged_for_one_that_holds() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let answer = exchange(&site, &lasting, None).await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let told = answer.json();
        assert_eq!(told["token_type"], "Bearer");
        assert_eq!(told["expires_in"], 3600);
        assert_eq!(told["scope"], "credentials:read");
        assert_eq!(
            status(&site, &given(&answer), "/api/v1/credentials").await,
            200
        );
    });
}

#[test]
fn what_holds_for_an_hour_makes_nothing_that_lasts() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::IssuerAdmin]).await;
        let short = given(&exchange(&site, &lasting, None).await.is(200));
        let body = json!({ "name": "one more", "scopes": ["issuer:admin"] });
        let made = site.post("/api/v1/tokens").token(&short).json(&body);
        made.send().await.problem(403, "forbidden");
    });
}

#[test]
fn the_client_may_be_named_in_the_header() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let (id, secret) = client(&lasting);
        let basic = STANDARD.encode(format!("{id}:{secret}"));
        for scheme in ["Basic", "basic"] {
            let call = site.post("/oauth/token");
            let call = call.body(
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials",
            );
            let call = call.with(header::AUTHORIZATION, &format!("{scheme} {basic}"));
            call.send().await.is(200);
        }
    });
}

#[test]
fn after_an_hour_it_has_ended() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let short = given(&exchange(&site, &lasting, None).await);
        for (seconds, expected) in [(3599, 200), (3600, 401)] {
            let later = app.at(NOW + Duration::seconds(seconds)).await;
            let later = Site::of(&later).await;
            assert_eq!(
                status(&later, &short, "/api/v1/credentials").await,
                expected
            );
        }
    });
}

#[test]
fn it_may_be_narrowed() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&PARTNER).await;
        let answer = exchange(&site, &lasting, Some("credentials:read"))
            .await
            .is(200);
        assert_eq!(answer.json()["scope"], "credentials:read");
        let short = given(&answer);
        assert_eq!(status(&site, &short, "/api/v1/credentials").await, 200);
        assert_eq!(status(&site, &short, "/api/v1/tokens").await, 403);
    });
}

#[test]
fn it_is_never_wider() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let answer = exchange(&site, &lasting, Some("credentials:issue")).await;
        assert_refused(&answer, 400, "invalid_scope");
    });
}

#[test]
fn a_scope_that_there_is_not_is_refused() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&PARTNER).await;
        let answer = exchange(&site, &lasting, Some("everything")).await;
        assert_refused(&answer, 400, "invalid_scope");
    });
}

#[test]
fn one_given_in_exchange_is_not_exchanged_again() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let short = given(&exchange(&site, &lasting, None).await);
        let answer = exchange(&site, &short, None).await;
        assert_refused(&answer, 401, "invalid_client");
    });
}

#[test]
fn revoking_the_lasting_one_ends_it() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let admin = site.token(&PARTNER).await;
        let lasting = site.token(&[Scope::CredentialsRead]).await;
        let short = given(&exchange(&site, &lasting, None).await);
        let list = site.get("/api/v1/tokens").token(&admin).send().await.json();
        let id = list[1]["id"].as_str().unwrap();
        let path = format!("/api/v1/tokens/{id}");
        site.call("DELETE", &path)
            .token(&admin)
            .send()
            .await
            .is(204);
        assert_eq!(status(&site, &short, "/api/v1/credentials").await, 401);
    });
}

#[test]
fn it_ends_no_later_than_the_lasting_one() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let admin = site.token(&PARTNER).await;
        let body = serde_json::json!({
            "name": "a", "scopes": ["credentials:read"], "expires_at": "2026-11-23T10:10:00Z",
        });
        let made = site
            .post("/api/v1/tokens")
            .token(&admin)
            .json(&body)
            .send()
            .await;
        let lasting = made.is(201).json()["token"].as_str().unwrap().to_owned();
        let answer = exchange(&site, &lasting, None).await.is(200);
        assert_eq!(answer.json()["expires_in"], 600);
        let later = Site::of(&app.at(NOW + Duration::minutes(10)).await).await;
        assert_eq!(
            status(&later, &given(&answer), "/api/v1/credentials").await,
            401
        );
    });
}

#[test]
fn it_is_in_no_list() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&PARTNER).await;
        exchange(&site, &lasting, None).await.is(200);
        let list = site
            .get("/api/v1/tokens")
            .token(&lasting)
            .send()
            .await
            .json();
        assert_eq!(list.as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_wrong_client_is_told_nothing() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let lasting = site.token(&PARTNER).await;
        let mut answers = Vec::new();
        for wrong in [
            format!("{lasting}x"),
            "bdg_nobody_secret".into(),
            "bdg_\u{0}_secret".into(),
            "bdg__".into(),
        ] {
            let answer = exchange(&site, &wrong, None).await;
            assert_refused(&answer, 401, "invalid_client");
            assert_eq!(
                answer.header("www-authenticate"),
                "Basic realm=\"badgeons\""
            );
            answers.push(answer.json());
        }
        assert!(
            answers.iter().all(|told| *told == answers[0]),
            "{answers:?}"
        );
    });
}

#[test]
fn another_grant_is_refused() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let answer = send(&site, "grant_type=password&username=a&password=b".into()).await;
        assert_refused(&answer, 400, "unsupported_grant_type");
    });
}

#[test]
fn what_is_no_form_is_an_error_of_oauth() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for (media_type, body) in [
            (
                "application/json",
                "{\"grant_type\":\"client_credentials\"}",
            ),
            ("application/x-www-form-urlencoded", "a=b"),
            ("application/x-www-form-urlencoded", "%ff%fe"),
        ] {
            let answer = site.post("/oauth/token").body(media_type, body);
            let answer = answer.send().await;
            assert_refused(&answer, 400, "invalid_request");
            assert!(matches!(
                answer.json()["error_description"],
                Value::String(_)
            ));
        }
    });
}
