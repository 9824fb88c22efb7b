//! The server of an installation, asked in process: no socket, and every layer a request goes through.
//!
//! Whatever a documented operation answers in any test is held against `/api/openapi.json`: a status or
//! a media type that is not written there fails the test.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use badgeons::config::Server;
use badgeons::services::access::{NewToken, Scope};
use badgeons::web::{Web, router};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use tower::ServiceExt as _;

use super::app::{App, ISSUER, issuer};
use super::documented::assert_documented;

/// The badge that tests issue.
pub(crate) const BADGE: &str = "participant-fresque-climat";

/// The other issuer of [`Site::with_neighbour`].
pub(crate) const NEIGHBOUR: &str = "pays-de-redon";

/// Everything that a partner may do for one issuer.
pub(crate) const PARTNER: [Scope; 6] = [
    Scope::AchievementsWrite,
    Scope::CredentialsIssue,
    Scope::CredentialsRevoke,
    Scope::CredentialsRead,
    Scope::BatchesWrite,
    Scope::IssuerAdmin,
];

/// An installation that is served.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) app: App,
    router: Router,
    document: Value,
}

/// A request being written.
#[must_use]
pub(crate) struct Call<'a> {
    site: &'a Site,
    request: Request<Body>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Site {
    /// Serves an installation, to whoever asks as often as they like.
    pub(crate) async fn of(app: &App) -> Self {
        Self::with(app, &settings()).await
    }

    /// Serves an installation in another way.
    pub(crate) async fn with(app: &App, server: &Server) -> Self {
        let services = (**app).clone();
        let router = router(Web::new(services, server));
        let request = Request::get("/api/openapi.json").body(Body::empty());
        let response = router.clone().oneshot(request.unwrap()).await.unwrap();
        let document = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Self {
            app: app.clone(),
            router,
            document: serde_json::from_slice(&document).unwrap(),
        }
    }

    /// Serves an installation of two issuers, the second being [`NEIGHBOUR`].
    pub(crate) async fn with_neighbour(app: &App) -> Self {
        let mut other = issuer();
        other.name = "Collectif Exemple du pays de Redon".into();
        other.slug = Some(NEIGHBOUR.into());
        app.create_issuer(other).await.unwrap();
        Self::of(app).await
    }

    /// The OpenAPI document.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// A token of the first issuer that may do that.
    pub(crate) async fn token(&self, scopes: &[Scope]) -> String {
        self.token_of(Some(ISSUER), scopes).await
    }

    /// A token of an issuer, or an operator's.
    pub(crate) async fn token_of(&self, issuer: Option<&str>, scopes: &[Scope]) -> String {
        let new = NewToken {
            name: "tests".into(),
            scopes: scopes.to_vec(),
            expires_at: None,
        };
        self.app.create_token(issuer, new).await.unwrap().token
    }

    /// A request.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = path.parse().unwrap();
        Call {
            site: self,
            request,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    /// Issues a badge by the API, which must come about, and gives its identifier.
    pub(crate) async fn issued(&self, token: &str, name: &str, email: &str) -> String {
        let answer = self.post("/api/v1/credentials").token(token);
        let answer = answer.json(&wanted(name, email)).send().await.is(201);
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

impl Call<'_> {
    /// With a header, beside those there are.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.request.headers_mut().append(name, value);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    pub(crate) fn accept(self, media_types: &str) -> Self {
        self.with(header::ACCEPT, media_types)
    }

    /// From that address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let address = SocketAddr::new(address.parse().unwrap(), 50_000);
        self.request.extensions_mut().insert(ConnectInfo(address));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self.with(header::CONTENT_TYPE, media_type)
    }

    /// Sends it; an answer that the OpenAPI document does not have fails the test.
    pub(crate) async fn send(self) -> Answer {
        let (method, path) = (
            self.request.method().as_str().to_ascii_lowercase(),
            self.request.uri().path().to_owned(),
        );
        let router = self.site.router.clone();
        let response = router.oneshot(self.request).await.unwrap();
        let (head, body) = response.into_parts();
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        };
        assert_documented(&self.site.document, &method, &path, &answer);
        answer
    }
}

impl Answer {
    /// This answer, if its status is that one.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The problem document this answer must be: of that status and kind, naming the request.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/api/problems/{kind}"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON: {error}\n{}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header that must be there.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.maybe(name);
        value.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    /// A header that need not be there.
    pub(crate) fn maybe(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A server without limits on how often somebody asks.
pub(crate) fn settings() -> Server {
    Server {
        listen: ([127, 0, 0, 1], 0).into(),
        metrics_listen: None,
        rate: None,
        behind_proxy: false,
    }
}

/// A server that answers so many requests a second to each who asks.
pub(crate) fn limited(per_second: u32) -> Server {
    Server {
        rate: NonZeroU32::new(per_second),
        ..settings()
    }
}

/// What is sent to have a badge issued to a person.
pub(crate) fn wanted(name: &str, email: &str) -> Value {
    json!({ "achievement": BADGE, "recipient": { "name": name, "email": email } })
}
