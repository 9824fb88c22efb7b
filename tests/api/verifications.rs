//! `POST /api/v1/verifications`: a badge in every form it comes in. A bad badge is a good request.

use axum::http::header;
use badgeons::fetch::{Failure, FixedFetch};
use serde_json::{Value, json};
use url::Url;

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::web::{Answer, PARTNER, Site};

const VERIFICATIONS: &str = "/api/v1/verifications";
const ELSEWHERE: &str = "https://elsewhere.example/badge";

async fn verify(site: &Site, media_type: &str, body: impl Into<axum::body::Body>) -> Answer {
    let call = site.post(VERIFICATIONS).body(media_type, body);
    call.send().await
}

/// A badge of this installation in a form.
async fn badge(app: &App, suffix: &str) -> Vec<u8> {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let email = format!("{suffix}@example.org");
    let id = site.issued(&token, "Enora", &email).await;
    let path = format!("/credentials/{id}.{suffix}");
    site.get(&path).send().await.is(200).body
}

fn json_of(badge: &[u8]) -> Value {
    serde_json::from_slice(badge).unwrap()
}

/// What is said of a body that is to be verified.
async fn verdict(app: &App, media_type: &str, body: impl Into<axum::body::Body>) -> Value {
    let answer = verify(&Site::of(app).await, media_type, body).await.is(200);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()["verdict"].clone()
}

/// A form with one file in it.
fn form(name: &str, file: &[u8]) -> Vec<u8> {
    let head = format!(
        "--boundary\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
         --boundary\r\nContent-Disposition: form-data; name=\"badge\"; {name}\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), file, b"\r\n--boundary--\r\n"].concat()
}

const FORM: &str = "multipart/form-data; boundary=boundary";

#[test]
fn a_badge_is_valid_under_each_of_its_media_types() {
    on_each_public(|app| async move {
        for (suffix, media_types) in [
            (
                "json",
                &[
                    "application/vc",
                    "application/vc+ld+json",
                    "application/ld+json",
                    "application/json",
                    "application/json; charset=utf-8",
                ][..],
            ),
            (
                "jwt",
                &["application/vc+jwt", "application/jwt", "text/plain"],
            ),
            ("png", &["image/png"]),
            ("svg", &["image/svg+xml"]),
        ] {
            let badge = badge(&app, suffix).await;
            for media_type in media_types {
                let verdict = verdict(&app, media_type, badge.clone()).await;
                assert_eq!(verdict, "valid", "{media_type}");
            }
        }
    });
}

#[test]
fn a_badge_is_valid_as_a_file_of_a_form() {
    on_each_public(|app| async move {
        for suffix in ["json", "jwt", "png", "svg"] {
            let form = form("filename=\"b\"", &badge(&app, suffix).await);
            assert_eq!(verdict(&app, FORM, form).await, "valid", "{suffix}");
        }
    });
}

#[test]
fn a_badge_is_valid_at_an_address() {
    on_each_public(|app| async move {
        let url = Url::parse(ELSEWHERE).unwrap();
        let web = FixedFetch::new().with(&url, "application/vc", badge(&app, "json").await);
        let app = app.with_fetch(web).await;
        let body = json!({ "url": ELSEWHERE }).to_string();
        assert_eq!(verdict(&app, "application/json", body).await, "valid");
    });
}

#[test]
fn an_address_that_can_not_be_asked_is_refused() {
    on_each_public(|app| async move {
        let url = Url::parse(ELSEWHERE).unwrap();
        let web = FixedFetch::new().with_failure(&url, Failure::Status(404));
        let site = Site::of(&app.with_fetch(web).await).await;
        for address in [ELSEWHERE, "nowhere", "", "https://[::1"] {
            let body = json!({ "url": address }).to_string();
            let answer = verify(&site, "application/json", body).await;
            answer.problem(422, "invalid");
        }
    });
}

#[test]
fn what_comes_with_an_address_is_refused_by_name() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let body = json!({ "url": ELSEWHERE, "recipient": "a" }).to_string();
        let problem = verify(&site, "application/json", body)
            .await
            .problem(422, "invalid");
        assert!(problem["detail"].as_str().unwrap().contains("recipient"));
    });
}

#[test]
fn a_changed_badge_is_invalid_and_the_request_is_good() {
    on_each_public(|app| async move {
        let mut changed = json_of(&badge(&app, "json").await);
        changed["name"] = "Expert·e".into();
        let verdict = verdict(&app, "application/vc", changed.to_string()).await;
        assert_eq!(verdict, "invalid");
    });
}

#[test]
fn a_revoked_badge_is_invalid() {
    on_each_local(|app| async move {
        let badge = badge(&app, "json").await;
        let id = json_of(&badge)["id"].as_str().unwrap().to_owned();
        let change = badgeons::services::standing::StatusChange::Revoke;
        app.change_status(&id, change, "a trial").await.unwrap();
        assert_eq!(verdict(&app, "application/vc", badge).await, "invalid");
    });
}

#[test]
fn what_is_no_badge_is_not_valid_and_the_request_is_good() {
    on_each_public(|app| async move {
        for (media_type, body) in [
            ("application/vc", "hello"),
            ("application/vc", ""),
            ("application/json", "{"),
            ("application/json", "[]"),
            (
                "application/json",
                "{\"url\":\"https://a.example\",\"@context\":[]}",
            ),
            ("application/vc+jwt", "a.b.c"),
            ("text/plain", "\u{0}"),
            ("image/png", "\u{89}PNG"),
            ("image/svg+xml", "<svg"),
        ] {
            let verdict = verdict(&app, media_type, body).await;
            let not_valid = ["invalid", "undetermined"];
            assert!(
                not_valid.contains(&verdict.as_str().unwrap()),
                "{media_type} {body}"
            );
        }
    });
}

#[test]
fn instants_at_the_edge_of_the_calendar_break_nothing() {
    on_each_public(|app| async move {
        let badge = json_of(&badge(&app, "json").await);
        for instant in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            for pointer in ["/validFrom", "/proof/created"] {
                let mut changed = badge.clone();
                *changed.pointer_mut(pointer).unwrap() = instant.into();
                let verdict = verdict(&app, "application/vc", changed.to_string()).await;
                assert_eq!(verdict, "invalid", "{pointer} {instant}");
            }
        }
    });
}

#[test]
fn the_report_lists_every_check_with_its_reason() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let answer = verify(&site, "application/vc", badge(&app, "json").await).await;
        let checks = answer.json()["checks"].as_array().unwrap().clone();
        assert!(checks.len() > 5);
        for check in checks {
            for member in ["id", "outcome", "title", "detail"] {
                assert!(check[member].is_string(), "{check}");
            }
        }
    });
}

#[test]
fn another_kind_of_content_is_not_read() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for media_type in ["application/pdf", "image/jpeg", "text/html", ""] {
            let answer = verify(&site, media_type, "{}").await;
            answer.problem(415, "unsupported-media-type");
        }
        let answer = site.post(VERIFICATIONS).send().await;
        answer.problem(415, "unsupported-media-type");
    });
}

#[test]
fn a_form_without_a_file_is_refused() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for (media_type, body) in [
            (FORM, form("x=y", b"{}")),
            (FORM, b"--boundary--\r\n".to_vec()),
            (FORM, b"hello".to_vec()),
            ("multipart/form-data", form("filename=\"b\"", b"{}")),
        ] {
            verify(&site, media_type, body)
                .await
                .problem(400, "malformed");
        }
    });
}

#[test]
fn sixteen_mebibytes_are_read_and_no_more() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let most = 16 * 1024 * 1024;
        verify(&site, "image/png", vec![0; most]).await.is(200);
        let answer = verify(&site, "image/png", vec![0; most + 1]).await;
        answer.problem(413, "too-large");
        let large = form("filename=\"b\"", &vec![0; most + 1]);
        verify(&site, FORM, large).await.problem(413, "too-large");
    });
}

#[test]
fn every_page_may_have_a_badge_verified() {
    on_each_public(|app| async move {
        use axum::http::header;
        let site = Site::of(&app).await;
        let origin = "https://wallet.example";
        let asked = site.call("OPTIONS", VERIFICATIONS);
        let asked = asked.with(header::ORIGIN, origin);
        let asked = asked.with(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        let asked = asked.with(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
        let allowed = asked.send().await.is(200);
        assert_eq!(allowed.header("access-control-allow-origin"), "*");
        let headers = allowed.header("access-control-allow-headers");
        assert!(headers.contains("content-type"));
        let call = site.post(VERIFICATIONS).with(header::ORIGIN, origin);
        let answer = call.body("application/vc", "{}").send().await.is(200);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    });
}

#[test]
fn no_page_may_act_for_a_partner() {
    on_each_public(|app| async move {
        use axum::http::header;
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let call = site.get("/api/v1/credentials").token(&token);
        let answer = call
            .with(header::ORIGIN, "https://evil.example")
            .send()
            .await;
        assert_eq!(answer.maybe("access-control-allow-origin"), None);
    });
}

#[test]
fn a_report_is_in_the_language_that_is_asked_for() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let id = site.issued(&token, "Enora", "enora@example.org").await;
        let revoke = site
            .post(&format!("/api/v1/credentials/{id}/revoke"))
            .token(&token);
        revoke
            .json(&json!({ "reason": "a trial" }))
            .send()
            .await
            .is(200);
        let report = async |suffix: &str, media_type: &str, language: &str| {
            let badge = site.get(&format!("/credentials/{id}.{suffix}"));
            let badge = badge.send().await.is(200).body;
            let call = site.post(VERIFICATIONS).body(media_type, badge);
            let call = call.with(header::ACCEPT_LANGUAGE, language);
            call.send().await.is(200).json()
        };
        for (suffix, media_type) in [("png", "image/png"), ("jwt", "application/vc+jwt")] {
            let english = report(suffix, media_type, "en").await;
            for language in ["fr", "br"] {
                let told = report(suffix, media_type, language).await;
                assert_eq!(told["verdict"], "invalid");
                let both = told["checks"].as_array().unwrap().iter();
                for (said, in_english) in both.zip(english["checks"].as_array().unwrap()) {
                    assert_eq!(said["outcome"], in_english["outcome"]);
                    for text in ["title", "detail"] {
                        assert_ne!(said[text], in_english[text], "not said in {language}");
                    }
                }
            }
        }
    });
}
