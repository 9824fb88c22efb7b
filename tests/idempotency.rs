//! A call whose answer was lost is sent again, and done once.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use badgeons::clock::FixedClock;
use badgeons::config::Server;
use badgeons::services::access::{Access, NewToken, Scope};
use badgeons::services::idempotency::{Answer, Begun, Repeated, Ticket};
use badgeons::services::{Error, Services, World};
use badgeons::web::{Web, router};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tower::ServiceExt as _;

use crate::harness::app::{App, ISSUER, NOW, on_each_local, on_each_public};

const BADGE: &str = "participant-fresque-climat";

/// A server, and a token that may do everything for one issuer.
struct Site {
    router: Router,
    token: String,
}

struct Told {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn token(app: &App, issuer: Option<&str>, scopes: &[Scope]) -> String {
    let new = NewToken {
        name: "Essais".into(),
        scopes: scopes.to_vec(),
        expires_at: None,
    };
    app.create_token(issuer, new).await.unwrap().token
}

impl Site {
    async fn of(app: &App) -> Self {
        let server = Server {
            listen: ([127, 0, 0, 1], 0).into(),
            metrics_listen: None,
            rate: None,
            behind_proxy: false,
        };
        let scopes: Vec<_> = Scope::ALL
            .into_iter()
            .filter(|scope| *scope != Scope::Operator)
            .collect();
        Self {
            router: router(Web::new((**app).clone(), &server)),
            token: token(app, Some(ISSUER), &scopes).await,
        }
    }

    async fn post(&self, address: &str, key: Option<&str>, body: &Value) -> Told {
        let mut request = Request::post(address)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Told {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }
}

fn badge(name: &str) -> Value {
    json!({ "achievement": BADGE, "recipient": { "name": name, "email": "e@example.org" } })
}

fn class() -> Value {
    json!({
        "level": "R2", "slug": "velo",
        "achievement": {
            "name": "Atelier vélo", "description": "A participé.", "achievementType": "Badge",
            "criteria": { "narrative": "Être là." }
        }
    })
}

#[test]
fn the_same_request_gets_the_same_answer() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for (key, address, body) in [
            ("one", "/api/v1/credentials", badge("Enora")),
            ("two", "/api/v1/achievements", class()),
        ] {
            let first = site.post(address, Some(key), &body).await;
            assert_eq!(first.status, 201);
            let again = site.post(address, Some(key), &body).await;
            assert_eq!((again.status, &again.body), (201, &first.body));
            for header in ["location", "content-type"] {
                assert_eq!(again.headers.get(header), first.headers.get(header));
            }
            assert_eq!(again.headers["idempotency-replayed"], "true");
            assert!(!first.headers.contains_key("idempotency-replayed"));
        }
        let version = app.achievement(None, "velo").await.unwrap().summary.version;
        assert_eq!(version, 1);
    });
}

#[test]
fn without_a_key_a_request_is_done_each_time() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        for version in [1, 2] {
            let told = site.post("/api/v1/achievements", None, &class()).await;
            assert_eq!(told.json()["version"], version);
        }
    });
}

#[test]
fn the_same_key_with_another_request_is_refused() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let key = Some("0b7a");
        assert_eq!(
            site.post("/api/v1/credentials", key, &badge("A"))
                .await
                .status,
            201
        );
        for (address, body) in [
            ("/api/v1/credentials", badge("B")),
            ("/api/v1/credentials?issuer=pays-de-vannes", badge("A")),
            ("/api/v1/achievements", class()),
        ] {
            let told = site.post(address, key, &body).await;
            assert_eq!(told.status, 409, "{address}");
            assert!(
                told.json()["detail"]
                    .as_str()
                    .unwrap()
                    .contains("another request")
            );
        }
        // Another token has keys of its own.
        let other = Site {
            token: token(&app, Some(ISSUER), &[Scope::CredentialsIssue]).await,
            ..site
        };
        let told = other.post("/api/v1/credentials", key, &badge("B")).await;
        assert_eq!(told.status, 200);
    });
}

#[test]
fn a_secret_is_not_told_twice() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let body = json!({ "name": "Autre", "scopes": ["credentials:issue"] });
        let first = site.post("/api/v1/tokens", Some("t"), &body).await;
        assert_eq!(first.status, 201);
        let again = site.post("/api/v1/tokens", Some("t"), &body).await;
        assert_eq!(again.status, 409);
        assert!(!again.headers.contains_key("retry-after"));
        assert_eq!(app.tokens(None).await.unwrap().len(), 2, "made once");
        let secret = first.json()["token"].as_str().unwrap().to_owned();
        assert!(!String::from_utf8_lossy(&again.body).contains(&secret));
    });
}

#[test]
fn an_issuer_is_made_once() {
    on_each_local(|app| async move {
        let operator = Site {
            token: token(&app, None, &[Scope::Operator]).await,
            ..Site::of(&app).await
        };
        let body = json!({ "name": "Pays de Redon" });
        for _ in 0..2 {
            let told = operator.post("/api/v1/issuers", Some("i"), &body).await;
            assert_eq!(told.status, 201);
        }
        assert_eq!(
            operator.post("/api/v1/issuers", None, &body).await.status,
            200
        );
    });
}

#[test]
fn a_refused_request_may_be_mended_under_its_key() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let key = Some("mended");
        let mut wrong = badge("Enora");
        wrong["recipient"]["email"] = "no address".into();
        for _ in 0..2 {
            assert_eq!(
                site.post("/api/v1/credentials", key, &wrong).await.status,
                422
            );
        }
        assert_eq!(
            site.post("/api/v1/credentials", key, &badge("Enora"))
                .await
                .status,
            201
        );
    });
}

#[test]
fn a_key_is_short_and_plain() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let (longest, longer) = ("k".repeat(255), "k".repeat(256));
        for key in [" ", "", longer.as_str(), "clé"] {
            let told = site
                .post("/api/v1/credentials", Some(key), &badge("A"))
                .await;
            assert_eq!(told.status, 422, "{key}");
        }
        let told = site
            .post("/api/v1/credentials", Some(&longest), &badge("A"))
            .await;
        assert_eq!(told.status, 201);
    });
}

#[test]
fn many_at_once_are_done_once() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let body = class();
        let one = || site.post("/api/v1/achievements", Some("at-once"), &body);
        let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
        for told in [a, b, c, d] {
            assert!(
                told.status == 201 || told.headers.contains_key("retry-after"),
                "{}",
                told.status
            );
        }
        let version = app.achievement(None, "velo").await.unwrap().summary.version;
        assert_eq!(version, 1);
    });
}

#[test]
fn what_was_begun_is_done_also_when_whoever_asked_is_gone() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let body = class();
        let post = || site.post("/api/v1/achievements", Some("gone"), &body);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(3), post()).await;
        let mut told = post().await;
        for _ in 0..500 {
            if told.status != 409 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            told = post().await;
        }
        assert_eq!((told.status, &told.json()["version"]), (201, &json!(1)));
    });
}

/// What the services say of a request that was sent before.
struct Desk {
    services: Services,
    access: Access,
}

impl Desk {
    async fn of(app: &App) -> Self {
        let token = token(app, Some(ISSUER), &[Scope::CredentialsIssue]).await;
        Self {
            services: (**app).clone(),
            access: app.authenticate(&token).await.unwrap().unwrap(),
        }
    }

    async fn begin(&self, body: &str) -> Begun {
        let asked = Repeated {
            key: "key",
            target: "/api/v1/credentials",
            body: body.as_bytes(),
        };
        self.services.begin(&self.access, &asked).await.unwrap()
    }

    async fn first(&self) -> Ticket {
        match self.begin("{}").await {
            Begun::First(ticket) => ticket,
            other => panic!("not the first: {other:?}"),
        }
    }

    async fn at(&self, app: &App, now: OffsetDateTime) -> Self {
        let world = World {
            clock: std::sync::Arc::new(FixedClock(now)),
            ..app.world.clone()
        };
        Self {
            services: Services::open(app.settings.clone(), world).await.unwrap(),
            access: self.access.clone(),
        }
    }
}

fn answer() -> Answer {
    Answer {
        status: 201,
        media_type: Some("application/json".into()),
        location: None,
        body: Some(b"{}".to_vec()),
    }
}

#[test]
fn what_is_under_way_is_not_begun_again() {
    on_each_local(|app| async move {
        let desk = Desk::of(&app).await;
        desk.first().await;
        assert!(matches!(desk.begin("{}").await, Begun::Underway(1..=5)));
        assert!(matches!(desk.begin("[]").await, Begun::Other));
    });
}

#[test]
fn a_crash_leaves_no_key_stuck() {
    on_each_local(|app| async move {
        let desk = Desk::of(&app).await;
        let crashed = desk.first().await;
        let soon = desk.at(&app, NOW + Duration::seconds(59)).await;
        assert!(matches!(soon.begin("{}").await, Begun::Underway(1)));
        let later = desk.at(&app, NOW + Duration::seconds(61)).await;
        let taken_up = later.first().await;
        // Only one takes it up, and the one that was thought dead keeps nothing.
        assert!(matches!(later.begin("{}").await, Begun::Underway(_)));
        desk.services.settle(crashed, None).await.unwrap();
        desk.services.settle(crashed, Some(answer())).await.unwrap();
        assert!(matches!(later.begin("{}").await, Begun::Underway(_)));
        later
            .services
            .settle(taken_up, Some(answer()))
            .await
            .unwrap();
        match later.begin("{}").await {
            Begun::Again(told) => assert_eq!(told, answer()),
            other => panic!("not told again: {other:?}"),
        }
    });
}

#[test]
fn an_answer_is_kept_for_a_day() {
    on_each_local(|app| async move {
        let desk = Desk::of(&app).await;
        let ticket = desk.first().await;
        desk.services.settle(ticket, Some(answer())).await.unwrap();
        let within = desk.at(&app, NOW + Duration::hours(24)).await;
        assert!(matches!(within.begin("{}").await, Begun::Again(_)));
        let after = desk
            .at(&app, NOW + Duration::hours(24) + Duration::SECOND)
            .await;
        after.first().await;
    });
}

#[test]
fn a_token_given_in_exchange_shares_the_keys_and_not_the_rights() {
    on_each_local(|app| async move {
        let scopes = [Scope::CredentialsIssue, Scope::CredentialsRead];
        let lasting = token(&app, Some(ISSUER), &scopes).await;
        let exchanged = async |asked: &[Scope]| {
            let made = app.exchange_token(&lasting, asked).await.unwrap().unwrap();
            let access = app.authenticate(&made.token).await.unwrap().unwrap();
            Desk {
                services: (*app).clone(),
                access,
            }
        };
        let first = exchanged(&[]).await;
        let ticket = first.first().await;
        first.services.settle(ticket, Some(answer())).await.unwrap();
        let next = exchanged(&[]).await;
        assert!(matches!(next.begin("{}").await, Begun::Again(_)));
        let narrowed = exchanged(&[Scope::CredentialsRead]).await;
        assert!(matches!(narrowed.begin("{}").await, Begun::Other));
    });
}

#[test]
fn a_key_that_is_none_is_refused() {
    on_each_local(|app| async move {
        let desk = Desk::of(&app).await;
        let asked = Repeated {
            key: "",
            target: "/",
            body: b"",
        };
        let refused = desk.services.begin(&desk.access, &asked).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    });
}
