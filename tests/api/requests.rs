//! What all requests have in common: their names, careful headers, limits, and what is at no address.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, Request};
use badgeons::fetch::{Fetch, Fetching};
use badgeons::web::{Web, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use crate::harness::app::on_each_public;
use crate::harness::web::{Answer, PARTNER, Site, limited, settings};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A network that makes the program stumble.
#[derive(Debug)]
struct Stumbles;

/// A network that never answers.
#[derive(Debug)]
struct Never;

impl Fetch for Never {
    fn get<'a>(&'a self, _: &'a Url, _: &'a str) -> Fetching<'a> {
        Box::pin(std::future::pending())
    }
}

impl Fetch for Stumbles {
    fn get<'a>(&'a self, _: &'a Url, _: &'a str) -> Fetching<'a> {
        panic!("SELECT secret FROM keys")
    }
}

#[test]
fn each_request_has_a_name_of_its_own() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let mut names = BTreeSet::new();
        for path in ["/healthz", "/healthz", "/nowhere", "/api/v1/issuers"] {
            let answer = site.get(path).send().await;
            names.insert(answer.header("x-request-id").to_owned());
        }
        assert_eq!(names.len(), 4);
    });
}

#[test]
fn a_name_that_is_given_is_kept_if_it_is_plain() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let long = "a".repeat(65);
        for (given, kept) in [
            ("01234567", true),
            ("7d4f2c86-8c1e-4a6b-9a55-2f6f0a7c0e11", true),
            (&long[..64], true),
            (&long[..], false),
            ("0123456", false),
            ("with space", false),
            ("name\"; evil", false),
            ("under_score", false),
        ] {
            let call = site.get("/nowhere").with(REQUEST_ID, given);
            let answer = call.send().await;
            assert_eq!(answer.header("x-request-id") == given, kept, "{given}");
            answer.problem(404, "not-found");
        }
    });
}

#[test]
fn browsers_are_told_to_be_careful_with_everything() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let id = site.issued(&token, "Enora", "enora@example.org").await;
        for path in [
            "/healthz",
            "/nowhere",
            "/metrics",
            "/api/openapi.json",
            "/api/v1/issuers",
            &format!("/credentials/{id}.svg"),
        ] {
            let answer = site.get(path).send().await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("x-frame-options", "DENY"),
            ] {
                assert_eq!(answer.header(name), value, "{path}");
            }
            let policy = answer.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none';"),
                "{path}: {policy}"
            );
        }
    });
}

#[test]
fn the_page_to_try_the_api_needs_nobody_else() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let page = site.get("/api/docs/").send().await.is(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let text = page.text();
        assert!(
            !text.contains("https://") && !text.contains("src=\"//"),
            "{text}"
        );
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{policy}");
    });
}

#[test]
fn what_is_at_no_address_is_a_problem() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for path in [
            "/nowhere",
            "/api/v1",
            "/api/v2/issuers",
            "/%ff",
            "/%00",
            "//",
        ] {
            site.get(path).send().await.problem(404, "not-found");
        }
    });
}

#[test]
fn what_can_not_be_done_there_is_a_problem() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for (method, path, allowed) in [
            ("POST", "/healthz", "GET,HEAD"),
            ("PUT", "/api/v1/credentials", "GET,HEAD,POST"),
            ("GET", "/oauth/token", "POST"),
            ("DELETE", "/credentials/a", "GET,HEAD"),
        ] {
            let answer = site.call(method, path).send().await;
            answer.problem(405, "method-not-allowed");
            let mut methods: Vec<_> = answer.header("allow").split(',').collect();
            methods.sort_unstable();
            assert_eq!(methods.join(","), allowed, "{path}");
        }
    });
}

#[test]
fn each_kind_of_problem_is_explained_at_its_address() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let problem = site.get("/nowhere").send().await.json();
        let told = site.get(problem["type"].as_str().unwrap()).send().await;
        assert!(
            told.is(200)
                .text()
                .contains(problem["title"].as_str().unwrap())
        );
    });
}

#[test]
fn a_stumble_is_our_own_fault_and_tells_nothing() {
    on_each_public(|app| async move {
        let site = Site::of(&app.with_fetch(Stumbles).await).await;
        let body = json!({ "url": "https://elsewhere.example/badge" });
        let answer = site.post("/api/v1/verifications").json(&body).send().await;
        answer.problem(500, "internal");
        assert!(!answer.text().contains("SELECT"), "{}", answer.text());
    });
}

#[test]
fn after_a_stumble_the_server_goes_on() {
    on_each_public(|app| async move {
        let site = Site::of(&app.with_fetch(Stumbles).await).await;
        let body = json!({ "url": "https://elsewhere.example/badge" });
        site.post("/api/v1/verifications")
            .json(&body)
            .send()
            .await
            .is(500);
        site.get("/readyz").send().await.is(200);
    });
}

/// Asks until it is refused, or often.
async fn insist(ask: impl AsyncFn() -> Answer) -> Option<Answer> {
    for _ in 0..100 {
        let answer = ask().await;
        if answer.status == 429 {
            return Some(answer);
        }
    }
    None
}

#[test]
fn whoever_asks_too_often_is_told_how_long_to_wait() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &limited(1)).await;
        let answer = insist(async || site.get("/healthz").from("192.0.2.1").send().await).await;
        let answer = answer.expect("a limit");
        answer.problem(429, "too-many");
        let seconds: u32 = answer.header("retry-after").parse().unwrap();
        assert!((1..=10).contains(&seconds));
    });
}

#[test]
fn others_do_not_wait_for_whoever_asks_too_often() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &limited(1)).await;
        insist(async || site.get("/healthz").from("192.0.2.1").send().await).await;
        site.get("/healthz").from("192.0.2.2").send().await.is(200);
        let token = site.token(&PARTNER).await;
        let call = site.get("/api/v1/issuers").from("192.0.2.1").token(&token);
        call.send().await.is(200);
    });
}

#[test]
fn a_token_is_counted_wherever_it_comes_from() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &limited(1)).await;
        let token = site.token(&PARTNER).await;
        let mut last = 0;
        for end in 1..=100 {
            let from = format!("192.0.2.{end}");
            let call = site.get("/api/v1/issuers").from(&from).token(&token);
            last = call.send().await.status;
            if last == 429 {
                break;
            }
        }
        assert_eq!(last, 429);
    });
}

#[test]
fn guessing_tokens_is_counted() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &limited(1)).await;
        let guess = async || {
            let call = site.get("/api/v1/issuers").from("192.0.2.1");
            call.token("bdg_abcdefgh_guess").send().await
        };
        insist(guess)
            .await
            .expect("a limit")
            .problem(429, "too-many");
    });
}

#[test]
fn an_address_is_not_believed_without_a_proxy() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &limited(1)).await;
        let number = std::sync::atomic::AtomicU8::new(0);
        let ask = async || {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let call = site.get("/healthz").from("192.0.2.1");
            call.with(FORWARDED, &format!("198.51.100.{number}"))
                .send()
                .await
        };
        insist(ask).await.expect("a limit");
    });
}

#[test]
fn behind_a_proxy_the_last_address_is_the_one_that_counts() {
    on_each_public(|app| async move {
        let server = badgeons::config::Server {
            behind_proxy: true,
            ..limited(1)
        };
        let site = Site::with(&app, &server).await;
        let number = std::sync::atomic::AtomicU8::new(0);
        let ask = async || {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let written = format!("203.0.113.{number}, 198.51.100.1");
            let call = site.get("/healthz").from("192.0.2.1");
            call.with(FORWARDED, &written).send().await
        };
        insist(ask).await.expect("a limit");
        let other = site.get("/healthz").from("192.0.2.1");
        other.with(FORWARDED, "198.51.100.2").send().await.is(200);
    });
}

#[test]
fn without_a_limit_nobody_waits() {
    on_each_public(|app| async move {
        let site = Site::with(&app, &settings()).await;
        let ask = async || site.get("/healthz").from("192.0.2.1").send().await;
        assert!(insist(ask).await.is_none());
    });
}

#[test]
fn beyond_so_many_requests_under_way_the_next_waits_for_one_to_end() {
    on_each_public(|app| async move {
        let app = app.with_fetch(Never).await;
        let services = (*app).clone().offering_vc_api().await.unwrap();
        let router = router(Web::new(services, &settings()));
        let ask = |path: &str, body: &Value| {
            let request = Request::post(path)
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()));
            tokio::spawn(router.clone().oneshot(request.unwrap()))
        };
        // Its key is on a server that never answers.
        let method = "did:web:never.example#key";
        let slow = json!({ "verifiableCredential": {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": "did:web:never.example",
            "credentialSubject": { "id": "did:example:subject" },
            "proof": {
                "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
                "created": "2026-11-01T00:00:00Z", "verificationMethod": method,
                "proofPurpose": "assertionMethod",
                "proofValue": format!("z{}", bs58::encode([1; 64]).into_string()),
            },
        } });
        let mut slow: Vec<_> = (0..512)
            .map(|_| ask("/vc-api/credentials/verify", &slow))
            .collect();
        let next = || {
            let answer = ask("/vc-api/credentials/issue", &json!({}));
            tokio::time::timeout(Duration::from_millis(500), answer)
        };
        // Until all of them are under way.
        while next().await.is_ok() {}
        // What everybody may read waits for none of them.
        let alive = Request::get("/healthz").body(Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(alive).await.unwrap().status(), 200);
        slow.pop().unwrap().abort();
        next()
            .await
            .expect("it waits for nothing")
            .unwrap()
            .unwrap();
    });
}
