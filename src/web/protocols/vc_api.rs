//! `/vc-api`: how the W3C's test suites drive an issuer and a verifier (conformance §8).
//!
//! Anybody may call it, with or without a token: what it signs with vouches for nothing
//! ([`services::vc_api`](crate::services::vc_api)). The suites want a bare credential in answer to
//! `issue`, and any status but 200 for what does not verify; options they make up are ignored.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::openbadges::verify::generic::{Asked, Judgement, Remark};
use crate::services::vc_api::Securing;
use crate::services::{Actor, Services};
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::request::{Json, RequestId};

/// The issue paths, one for each way to secure a credential, and the two that verify.
pub(in crate::web) fn routes() -> Router<Web> {
    const ISSUE: [(&str, Securing); 5] = [
        ("/vc-api/credentials/issue", Securing::Rdfc),
        ("/vc-api/eddsa-rdfc-2022/credentials/issue", Securing::Rdfc),
        ("/vc-api/eddsa-jcs-2022/credentials/issue", Securing::Jcs),
        ("/vc-api/status/credentials/issue", Securing::RdfcWithStatus),
        ("/vc-api/enveloped/credentials/issue", Securing::Enveloped),
    ];
    let verify = Router::new()
        .route("/vc-api/credentials/verify", post(verify_credential))
        .route("/vc-api/presentations/verify", post(verify_presentation));
    ISSUE.into_iter().fold(verify, |router, (path, securing)| {
        let issue = async move |web, request, asked| issue(web, request, asked, securing).await;
        router.route(path, post(issue))
    })
}

/// A credential to be secured.
#[derive(Debug, Deserialize)]
struct ToIssue {
    credential: Value,
    #[serde(default)]
    options: Option<IssueOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IssueOptions {
    /// The proofs that the new one builds on, by name.
    #[serde(default)]
    previous_proof: Option<OneOrMany>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

async fn issue(
    State(web): State<Web>,
    request: RequestId,
    Json(asked): Json<ToIssue>,
    securing: Securing,
) -> Result<Response, Problem> {
    let previous = match asked.options.unwrap_or_default().previous_proof {
        None => Vec::new(),
        Some(OneOrMany::One(id)) => vec![id],
        Some(OneOrMany::Many(ids)) => ids,
    };
    let secured = acting(&web, &request)
        .secure(asked.credential, securing, previous)
        .await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, NOT_KEPT);
    let place = secured.id.map(|id| format!("/credentials/{id}"));
    if let Some(place) = place.and_then(|place| HeaderValue::try_from(place).ok()) {
        headers.insert(header::LOCATION, place);
    }
    Ok((StatusCode::CREATED, headers, secured.document).into_response())
}

/// A credential or presentation to be verified.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialToVerify {
    verifiable_credential: Value,
    #[serde(default)]
    options: Option<VerifyOptions>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PresentationToVerify {
    verifiable_presentation: Value,
    #[serde(default)]
    options: Option<VerifyOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyOptions {
    #[serde(default)]
    checks: Option<Vec<String>>,
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    challenge: Option<String>,
    #[serde(default)]
    expected_proof_purpose: Option<String>,
}

impl From<Option<VerifyOptions>> for Asked {
    /// Nothing but the proof is checked where the list of checks names it alone; an empty list names
    /// nothing that should be left out.
    fn from(options: Option<VerifyOptions>) -> Self {
        let options = options.unwrap_or_default();
        let checks = options.checks.unwrap_or_default();
        Self {
            purpose: options.expected_proof_purpose,
            domain: options.domain,
            challenge: options.challenge,
            proof_only: !checks.is_empty() && checks.iter().all(|check| check == "proof"),
        }
    }
}

async fn verify_credential(
    State(web): State<Web>,
    Json(asked): Json<CredentialToVerify>,
) -> Result<Response, Problem> {
    let (credential, asked) = (asked.verifiable_credential, asked.options.into());
    let judgement = web.services.verify_credential(credential, asked).await?;
    Ok(answer(&judgement))
}

async fn verify_presentation(
    State(web): State<Web>,
    Json(asked): Json<PresentationToVerify>,
) -> Result<Response, Problem> {
    let (presentation, asked) = (asked.verifiable_presentation, asked.options.into());
    let judgement = web
        .services
        .verify_presentation(presentation, asked)
        .await?;
    Ok(answer(&judgement))
}

/// What the suites read of a judgement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict<'a> {
    verified: bool,
    checks: &'a [&'static str],
    problem_details: Vec<Said<'a>>,
    warnings: Vec<Said<'a>>,
    errors: Vec<&'a str>,
}

/// One thing that is wrong or worth knowing (RFC 9457).
#[derive(Debug, Serialize)]
struct Said<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    detail: &'a str,
    pointer: &'a str,
}

impl<'a> From<&'a Remark> for Said<'a> {
    fn from(remark: &'a Remark) -> Self {
        Self {
            kind: remark.kind.url(),
            title: &remark.title,
            detail: &remark.detail,
            pointer: &remark.pointer,
        }
    }
}

/// The suites take 400 for “not verified”, and 200 for nothing else (conformance §8.3).
fn answer(judgement: &Judgement) -> Response {
    let status = if judgement.is_verified() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let verdict = Verdict {
        verified: judgement.is_verified(),
        checks: &judgement.checks,
        problem_details: judgement.problems.iter().map(Said::from).collect(),
        warnings: judgement.warnings.iter().map(Said::from).collect(),
        errors: judgement
            .problems
            .iter()
            .map(|p| p.detail.as_str())
            .collect(),
    };
    let kept = [(header::CACHE_CONTROL, NOT_KEPT)];
    (status, kept, axum::Json(verdict)).into_response()
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// Nobody is known who calls: the audit log names the door they came through.
fn acting(web: &Web, request: &RequestId) -> Services {
    web.services.acting_as(Actor {
        name: "vc-api".into(),
        issuer: None,
        request: Some(request.to_string()),
    })
}
