//! What operators see: whether the server is ready, its figures, and a log that names nobody.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use badgeons::store::Store;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::app::{App, ISSUER, on_each_public};
use crate::harness::web::{BADGE, PARTNER, Site};
use crate::store::tamper;

/// A log that can be read.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Does what partners and verifiers do, well and badly; gives what no log may say.
async fn a_day_at_work(app: &App) -> Vec<String> {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let id = site
        .issued(&token, "Enora Le Spécimen", "enora@example.org")
        .await;
    let list = "/api/v1/credentials?email=enora@example.org";
    site.get(list).token(&token).send().await.is(200);
    let path = format!("/api/v1/credentials/{id}");
    site.get(&path).token(&token).send().await.is(200);
    let badge = site.get(&format!("/credentials/{id}.json")).send().await;
    let call = site.post("/api/v1/verifications");
    call.body("application/vc", badge.body).send().await.is(200);
    let call = site.post(&format!("{path}/revoke")).token(&token);
    let reason = json!({ "reason": "Enora asked for it" });
    call.json(&reason).send().await.is(200);
    let wrong = json!({
        "achievement": BADGE, "recipient": { "name": "Enora", "email": "enora at example.org" },
    });
    let call = site.post("/api/v1/credentials").token(&token);
    call.json(&wrong).send().await.is(422);
    site.get("/nowhere/enora@example.org").send().await.is(404);
    let erase = site.call("DELETE", &format!("{path}/personal-data"));
    erase.token(&token).send().await.is(204);
    let secret = token.rsplit('_').next().unwrap().to_owned();
    vec!["enora".into(), "example.org".into(), id, secret]
}

#[track_caller]
fn assert_silent(text: &str, secrets: &[String]) {
    let lower = text.to_lowercase();
    for secret in secrets {
        assert!(!lower.contains(&secret.to_lowercase()), "{secret}: {text}");
    }
}

#[test]
fn the_log_names_nobody() {
    on_each_public(|app| async move {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().with_writer(log.clone());
        let subscriber = subscriber
            .with_ansi(false)
            .with_max_level(tracing::Level::INFO);
        let listening = tracing::subscriber::set_default(subscriber.finish());
        let secrets = a_day_at_work(&app).await;
        drop(listening);
        assert!(
            log.text().contains("/api/v1/credentials/{id}"),
            "{}",
            log.text()
        );
        assert_silent(&log.text(), &secrets);
    });
}

#[test]
fn a_line_of_the_log_names_the_request() {
    on_each_public(|app| async move {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt().json().flatten_event(true);
        let subscriber = subscriber.with_writer(log.clone()).finish();
        let site = Site::of(&app).await;
        let listening = tracing::subscriber::set_default(subscriber);
        let answer = site.get("/healthz").send().await;
        drop(listening);
        let line: serde_json::Value = serde_json::from_str(log.text().trim()).unwrap();
        assert_eq!(line["request"], answer.header("x-request-id"));
        assert_eq!(line["route"], "/healthz");
        assert_eq!(line["method"], "GET");
        assert_eq!(line["status"], 200);
    });
}

#[test]
fn the_figures_name_nobody() {
    on_each_public(|app| async move {
        let secrets = a_day_at_work(&app).await;
        let answer = Site::of(&app).await.get("/metrics").send().await.is(200);
        assert_silent(&answer.text(), &secrets);
    });
}

#[test]
fn the_figures_count_requests_badges_and_verdicts() {
    on_each_public(|app| async move {
        a_day_at_work(&app).await;
        let answer = Site::of(&app).await.get("/metrics").send().await.is(200);
        assert!(
            answer
                .header("content-type")
                .starts_with("text/plain; version=0.0.4")
        );
        let text = answer.text();
        for figure in [
            "badgeons_requests_total{method=\"POST\",route=\"/api/v1/credentials\",status=\"201\"}",
            "badgeons_request_seconds",
            "badgeons_issued_total{outcome=\"issued\"}",
            "badgeons_verified_total{verdict=\"valid\"}",
            "badgeons_requests_under_way ",
            "badgeons_awards_waiting 0",
            "badgeons_database_connections ",
            "badgeons_database_connections_idle ",
        ] {
            assert!(text.contains(figure), "{figure}: {text}");
        }
    });
}

#[test]
fn a_stranger_makes_no_figures_of_their_own() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        site.call("BREW", "/coffee").send().await;
        site.call("BREW", "/healthz").send().await;
        site.get("/tea").send().await;
        let text = site.get("/metrics").send().await.text();
        for made in ["coffee", "BREW", "tea"] {
            assert!(!text.contains(made), "{made}: {text}");
        }
    });
}

#[test]
fn a_server_in_order_lives_and_is_ready() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        assert_eq!(site.get("/healthz").send().await.is(200).text(), "alive\n");
        assert_eq!(site.get("/readyz").send().await.is(200).text(), "ready\n");
    });
}

/// What a server says whose database became another one behind its back.
async fn assert_not_ready(app: &App, store: &Store, statement: &'static str) {
    let site = Site::of(app).await;
    tamper(store, statement).await.unwrap();
    let answer = site.get("/readyz").send().await;
    answer.problem(503, "not-ready");
    assert!(!answer.text().contains("migrat"), "{}", answer.text());
    site.get("/healthz").send().await.is(200);
}

#[test]
fn without_a_migration_it_is_not_ready() {
    on_each_public(|app| async move {
        let statement = "DELETE FROM _sqlx_migrations WHERE version > 8";
        assert_not_ready(&app, &app.store().await, statement).await;
    });
}

#[test]
fn with_another_master_key_it_is_not_ready() {
    on_each_public(|app| async move {
        let store = app.store().await;
        let statement = match &store {
            Store::Sqlite { .. } => "UPDATE installation SET key_check = zeroblob(32)",
            Store::Postgres { .. } => {
                "UPDATE installation SET key_check = decode(repeat('00', 32), 'hex')"
            }
        };
        assert_not_ready(&app, &store, statement).await;
    });
}

#[test]
fn the_document_is_told_to_everybody() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let answer = site.get("/api/openapi.json").send().await.is(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(!answer.text().contains(ISSUER));
    });
}
