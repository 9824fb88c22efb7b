//! `Idempotency-Key`: a call whose answer was lost can be sent again, and is done once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Web;
use super::limits::{MAX_JSON, PATIENCE};
use super::problem::Problem;
use super::request;
use crate::services::access::Access;
use crate::services::idempotency::{Answer, Begun, Repeated, Ticket};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that an answer is one that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Whether an answer may be given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Again,
    /// It holds a secret, which is kept nowhere.
    Once,
}

/// Does a request once, and gives the same answer to the same request again.
pub(super) async fn once(State(web): State<Web>, request: Request, next: Next) -> Response {
    with_key(web, request, next, Told::Again).await
}

/// Does a request once; its answer holds a secret and is not given again.
pub(super) async fn once_told_once(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    with_key(web, request, next, Told::Once).await
}

async fn with_key(web: Web, request: Request, next: Next, told: Told) -> Response {
    // Whoever sends no token that holds is told so by the handler.
    let access = request.extensions().get::<Access>().cloned();
    match access {
        Some(access) if request.method() == Method::POST && request.headers().contains_key(KEY) => {
            // To its end, also when whoever asked is gone: a key that was begun is settled.
            let work =
                tokio::spawn(async move { try_once(web, &access, request, next, told).await });
            match work.await {
                Ok(done) => done.unwrap_or_else(Problem::into_response),
                Err(_) => Problem::new("internal", "Something went wrong here.").into_response(),
            }
        }
        _ => next.run(request).await,
    }
}

async fn try_once(
    web: Web,
    access: &Access,
    request: Request,
    next: Next,
    told: Told,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let request::Body(body) = request::Body::from_request(whole, &()).await?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    let asked = Repeated {
        key: key(&parts.headers)?,
        target,
        body: &body,
    };
    match web.services.begin(access, &asked).await? {
        Begun::First(ticket) => {
            let request = Request::from_parts(parts, Body::from(body));
            Ok(carry_out(web, ticket, request, next, told).await)
        }
        Begun::Again(answer) => replay(answer),
        Begun::Underway(seconds) => Err(Problem::new(
            "conflict",
            "The same request is being done at this moment; ask again a little later.",
        )
        .retry_after(seconds)),
        Begun::Other => Err(Problem::new(
            "conflict",
            "This Idempotency-Key came with another request; take a new one for each thing to do.",
        )),
    }
}

/// The key of a request, which has one.
fn key(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut keys = headers.get_all(KEY).iter();
    match (keys.next().map(HeaderValue::to_str), keys.next()) {
        (Some(Ok(key)), None) => Ok(key),
        _ => Err(Problem::new(
            "invalid",
            "Send one Idempotency-Key, of plain characters.",
        )),
    }
}

/// Does the request and settles its key, also when it panics.
async fn carry_out(web: Web, ticket: Ticket, request: Request, next: Next, told: Told) -> Response {
    let services = web.services.clone();
    let work = tokio::spawn(async move {
        let done = tokio::time::timeout(PATIENCE, next.run(request)).await;
        let response = done.unwrap_or_else(|_| {
            Problem::new("timeout", "The time for this request is over.").into_response()
        });
        let (response, answer) = kept(response, told).await;
        if let Err(error) = web.services.settle(ticket, answer).await {
            tracing::error!(%error, "an answer was not kept under its Idempotency-Key");
        }
        response
    });
    let Ok(response) = work.await else {
        // It panicked; the same request may be sent again.
        let _ = services.settle(ticket, None).await;
        return Problem::new("internal", "Something went wrong here.").into_response();
    };
    response
}

/// What is kept of an answer: all of one that went well, nothing of one that did not.
async fn kept(response: Response, told: Told) -> (Response, Option<Answer>) {
    if !response.status().is_success() {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_JSON).await else {
        let problem = Problem::new("internal", "Something went wrong here.");
        return (problem.into_response(), None);
    };
    let text = |name| {
        let value: Option<&HeaderValue> = parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map(ToOwned::to_owned)
    };
    let answer = Answer {
        status: parts.status.as_u16(),
        media_type: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        body: (told == Told::Again).then(|| body.to_vec()),
    };
    (Response::from_parts(parts, Body::from(body)), Some(answer))
}

fn replay(answer: Answer) -> Result<Response, Problem> {
    let Some(body) = answer.body else {
        return Err(Problem::new(
            "conflict",
            "This was done, and its answer held a secret that is shown once. If it was lost, revoke \
             what was made and make another with a new Idempotency-Key.",
        ));
    };
    let status = StatusCode::from_u16(answer.status)
        .map_err(|_| Problem::new("internal", "Something went wrong here."))?;
    let mut response = (status, Bytes::from(body)).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in [
        (header::CONTENT_TYPE, answer.media_type),
        (header::LOCATION, answer.location),
        (REPLAYED, Some("true".to_owned())),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}
