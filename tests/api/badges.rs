//! A badge at its public address: each form by suffix and by `Accept`, kept by browsers and caches,
//! open to every page, and in no search engine.

use axum::http::header;
use badgeons::openbadges::baking::{self, Baked};
use badgeons::openbadges::proof::vc_jwt;

use crate::harness::app::{App, on_each_local, on_each_public};
use crate::harness::web::{Answer, PARTNER, Site};

/// A site, and the address of a badge on it.
async fn with_a_badge(app: &App) -> (Site, String) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let id = site.issued(&token, "Enora", "enora@example.org").await;
    (site, format!("/credentials/{id}"))
}

async fn get(site: &Site, path: &str) -> Answer {
    site.get(path).send().await
}

/// The credential in a form of it.
fn inside(answer: &Answer) -> serde_json::Value {
    match answer.header("content-type") {
        "image/png" | "image/svg+xml" => {
            let Some(Baked::Credential(text)) = baking::unbake(&answer.body).unwrap() else {
                panic!("the picture holds no badge");
            };
            serde_json::from_str(&text).unwrap()
        }
        _ => answer.json(),
    }
}

fn algorithm(jwt: &Answer) -> String {
    let text = jwt.text();
    let read = vc_jwt::read(&text).unwrap();
    read.header.algorithm.name().to_owned()
}

#[test]
fn a_suffix_chooses_the_form() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for (suffix, media_type) in [
            ("json", "application/vc"),
            ("jwt", "application/vc+jwt"),
            ("png", "image/png"),
            ("svg", "image/svg+xml"),
        ] {
            let answer = get(&site, &format!("{path}.{suffix}")).await.is(200);
            assert_eq!(answer.header("content-type"), media_type);
        }
    });
}

#[test]
fn accept_chooses_the_form() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for (accept, media_type) in [
            ("application/vc", "application/vc"),
            ("application/ld+json", "application/ld+json"),
            ("application/json", "application/json"),
            ("application/vc+jwt", "application/vc+jwt"),
            ("image/png", "image/png"),
            ("image/*", "image/png"),
            ("image/svg+xml", "image/svg+xml"),
            ("*/*", "application/vc"),
            ("text/html;q=0.5, image/svg+xml", "image/svg+xml"),
            ("IMAGE/PNG", "image/png"),
        ] {
            let answer = site.get(&path).accept(accept).send().await.is(200);
            assert_eq!(answer.header("content-type"), media_type, "{accept}");
            assert_eq!(answer.header("vary"), "accept");
        }
    });
}

#[test]
fn without_a_wish_it_is_a_credential() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let answer = get(&site, &path).await.is(200);
        assert_eq!(answer.header("content-type"), "application/vc");
    });
}

#[test]
fn a_form_that_there_is_not_is_not_acceptable() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for accept in ["text/csv", "application/pdf", "image/png;q=0"] {
            let answer = site.get(&path).accept(accept).send().await;
            answer.problem(406, "not-acceptable");
        }
    });
}

#[test]
fn every_form_holds_the_same_badge() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let json = get(&site, &format!("{path}.json")).await.json();
        for suffix in ["png", "svg"] {
            let answer = get(&site, &format!("{path}.{suffix}")).await;
            assert_eq!(inside(&answer), json);
        }
    });
}

#[test]
fn a_jwt_is_signed_with_the_algorithm_that_is_asked_for() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for name in ["EdDSA", "ES256"] {
            let jwt = get(&site, &format!("{path}.jwt?alg={name}")).await.is(200);
            assert_eq!(algorithm(&jwt), name);
        }
    });
}

#[test]
fn accept_and_algorithm_go_together() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let call = site.get(&format!("{path}?alg=EdDSA"));
        let jwt = call.accept("application/vc+jwt").send().await.is(200);
        assert_eq!(algorithm(&jwt), "EdDSA");
    });
}

#[test]
fn an_algorithm_that_there_is_not_is_refused() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let answer = get(&site, &format!("{path}.jwt?alg=none")).await;
        answer.problem(422, "invalid");
    });
}

#[test]
fn a_badge_of_a_did_key_has_no_es256() {
    on_each_local(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let answer = get(&site, &format!("{path}.jwt?alg=ES256")).await;
        answer.problem(409, "conflict");
    });
}

#[test]
fn whoever_has_it_is_not_sent_it_again() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for suffix in ["json", "jwt", "png", "svg"] {
            let path = format!("{path}.{suffix}");
            let tag = get(&site, &path).await.header("etag").to_owned();
            let call = site.get(&path).with(header::IF_NONE_MATCH, &tag);
            let answer = call.send().await.is(304);
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("etag"), tag);
        }
    });
}

#[test]
fn forms_have_tags_of_their_own() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let json = get(&site, &format!("{path}.json")).await;
        let jwt = get(&site, &format!("{path}.jwt")).await;
        assert_ne!(json.header("etag"), jwt.header("etag"));
    });
}

#[test]
fn a_kept_badge_is_asked_for_again() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let answer = get(&site, &path).await;
        assert_eq!(answer.header("cache-control"), "no-cache");
    });
}

#[test]
fn every_page_may_read_it() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let call = site.get(&path);
        let call = call.with(header::ORIGIN, "https://wallet.example");
        let answer = call.send().await.is(200);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.maybe("access-control-allow-credentials"), None);
    });
}

#[test]
fn every_page_may_ask_whether_it_may() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let call = site.call("OPTIONS", &path);
        let call = call.with(header::ORIGIN, "https://wallet.example");
        let call = call.with(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
        let call = call.with(header::ACCESS_CONTROL_REQUEST_HEADERS, "accept");
        let answer = call.send().await.is(200);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    });
}

#[test]
fn no_search_engine_keeps_it() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for suffix in ["", ".json", ".jwt", ".png", ".svg"] {
            let answer = get(&site, &format!("{path}{suffix}")).await;
            assert_eq!(answer.header("x-robots-tag"), "noindex");
        }
    });
}

#[test]
fn it_may_be_asked_for_without_its_body() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let whole = get(&site, &path).await;
        let head = site.call("HEAD", &path).send().await.is(200);
        assert!(head.body.is_empty());
        for name in ["content-type", "etag", "cache-control", "content-length"] {
            assert_eq!(head.header(name), whole.header(name));
        }
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        for path in [
            "/credentials/6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            "/credentials/rien",
            "/credentials/%00",
            "/credentials/%ff",
            "/credentials/",
            "/credentials",
            &format!("{path}.html"),
            &format!("{path}.json.json"),
        ] {
            get(&site, path).await.problem(404, "not-found");
        }
    });
}

#[test]
fn nothing_lists_badges_to_the_world() {
    on_each_public(|app| async move {
        let (site, path) = with_a_badge(&app).await;
        let id = path.rsplit('/').next().unwrap();
        let told = get(&site, "/issuers/pays-de-vannes").await.is(200);
        assert!(!told.text().contains(id));
        get(&site, "/api/v1/credentials").await.is(401);
    });
}
