//! `/vc-api`, as the W3C's suites drive it (conformance §8): in process, through every layer a request
//! goes through.
//!
//! `issuing`: what is signed and what is refused (vc-data-model-2.0, vc-di-eddsa); `verifying`,
//! `chains`, `controllers`: what holds and what does not; `presenting`: presentations and envelopes;
//! `statuses`: vc-bitstring-status-list; `offering`: the switch, and whose key it is. `holder` is
//! somebody with a key of their own.

mod chains;
mod controllers;
mod holder;
mod issuing;
mod offering;
mod presenting;
mod statuses;
mod verifying;

use std::future::Future;
use std::num::NonZeroU32;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use badgeons::config::{Database, Server};
use badgeons::web::{Web, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::harness::app::{ADDRESS, App};

const V2: &str = "https://www.w3.org/ns/credentials/v2";
const V1: &str = "https://www.w3.org/2018/credentials/v1";
const EXAMPLES: &str = "https://www.w3.org/ns/credentials/examples/v2";

/// An installation that offers the VC API.
struct Site {
    app: App,
    router: Router,
    /// Who signs.
    did: String,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

/// Runs `test` on an installation with an https address.
fn on_site<F: Future<Output = ()>>(test: impl FnOnce(Site) -> F) {
    on_site_at(Some(ADDRESS), test);
}

/// Runs `test` on an installation, on SQLite: what differs between databases is tested elsewhere.
fn on_site_at<F: Future<Output = ()>>(address: Option<&str>, test: impl FnOnce(Site) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::Sqlite(folder.path().join("test.db"));
        test(Site::of(&App::new(database, address).await).await).await;
    });
}

impl Site {
    async fn of(app: &App) -> Self {
        let services = (**app).clone().offering_vc_api().await.unwrap();
        Self {
            app: app.clone(),
            did: services.vc_api().unwrap().to_owned(),
            router: router(Web::new(services, &settings())),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        post(&self.router, path, body).await
    }

    /// Asks for a credential to be signed.
    async fn issue(&self, credential: &Value) -> Answer {
        self.issue_at("credentials/issue", credential).await
    }

    async fn issue_at(&self, path: &str, credential: &Value) -> Answer {
        let body = json!({"credential": credential, "options": {"madeUp": true}});
        self.post(&format!("/vc-api/{path}"), &body).await
    }

    /// A credential that must be signed.
    async fn issued(&self, credential: &Value) -> Value {
        let answer = self.issue(credential).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    /// Asks whether a credential holds.
    async fn verify(&self, credential: &Value) -> Answer {
        let body = json!({"verifiableCredential": credential, "options": {"checks": []}});
        self.post("/vc-api/credentials/verify", &body).await
    }

    /// The smallest credential: whatever may be left out is.
    fn credential(&self) -> Value {
        json!({
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "credentialSubject": {"id": "did:example:subject"},
        })
    }

    /// The same of data model 1.1, as vc-di-eddsa sends it.
    fn credential_1_1(&self) -> Value {
        json!({
            "@context": [V1],
            "id": "urn:uuid:86294362-4254-4f36-854f-3952fe42555d",
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "issuanceDate": "2020-03-16T22:37:26Z",
            "credentialSubject": {"id": "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"},
        })
    }
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        let kind = self.headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(kind.contains("json"), "{kind}");
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// It was not signed, for a reason that is the caller's to mend.
    #[track_caller]
    fn assert_refused(&self, pointer: &str) {
        assert_eq!(self.status, 422, "{self:?}");
        let pointers: Vec<_> = self.json()["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["pointer"].as_str().unwrap().to_owned())
            .collect();
        assert!(pointers.iter().any(|p| p == pointer), "{pointers:?}");
    }

    /// It holds, without reserve where there are no warnings to be expected.
    #[track_caller]
    fn assert_verified(&self) {
        let answer = self.json();
        assert_eq!(self.status, 200, "{answer}");
        assert_eq!(answer["verified"], true);
        assert_eq!(answer["errors"], json!([]));
        assert_eq!(answer["problemDetails"], json!([]));
    }

    /// It does not hold, for a reason of this kind.
    #[track_caller]
    fn assert_not_verified(&self, kind: &str) {
        let answer = self.json();
        assert_eq!(self.status, 400, "{answer}");
        assert_eq!(answer["verified"], false);
        assert!(!answer["errors"].as_array().unwrap().is_empty());
        let problems = answer["problemDetails"].as_array().unwrap();
        let is_it = |problem: &Value| problem["type"].as_str().unwrap().ends_with(kind);
        assert!(problems.iter().any(is_it), "{answer}");
    }
}

async fn post(router: &Router, path: &str, body: &Value) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/ld+json, application/json")
        .body(Body::from(body.to_string()));
    answer_to(router, request.unwrap()).await
}

async fn answer_to(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        bytes: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

fn settings() -> Server {
    Server {
        listen: ([127, 0, 0, 1], 0).into(),
        metrics_listen: None,
        rate: None::<NonZeroU32>,
        behind_proxy: false,
    }
}

/// A document with one member changed, added or taken away (`null`), by its pointer.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(members), Value::Null) => drop(members.shift_remove(name)),
        (Value::Object(members), value) => drop(members.insert(name.into(), value)),
        (Value::Array(items), value) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("nothing at {pointer}"),
    }
    document
}
