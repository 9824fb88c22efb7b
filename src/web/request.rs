//! What a request brings: its id, and its body, read strictly and within bounds.

use std::fmt;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use super::problem::Problem;
use crate::openbadges::json;
use crate::openbadges::model::checked::{Finding, Severity};

/// Names a request in the log, in answers and in the audit log.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let id = parts.extensions.get::<Self>().cloned();
        id.ok_or_else(|| Problem::new("internal", "Something went wrong here."))
    }
}

/// The media type of a body, without its parameters, in lower case.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    Some(essence.to_ascii_lowercase())
}

/// The bytes of a body, no more than the route allows.
#[derive(Debug)]
pub(super) struct Body(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await;
        bytes.map(Self).map_err(|error| unreadable(&error))
    }
}

/// Why a form (`multipart/form-data`) was not read.
pub(super) fn broken_form(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new("too-large", "The form has more bytes than are read here.")
    } else {
        Problem::new("malformed", "The form can't be read; send it again.")
    }
}

fn unreadable(error: &BytesRejection) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new("too-large", "The body has more bytes than are read here.")
    } else {
        Problem::new("malformed", "The body broke off; send it again.")
    }
}

/// The query of an address: nothing in it that is not known.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            let detail = "The address holds the character U+0000; leave it out.";
            return Err(Problem::new("malformed", detail));
        }
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        let axum::extract::Query(asked) =
            query.map_err(|error| Problem::new("malformed", sentence(&error.body_text())))?;
        Ok(Self(asked))
    }
}

/// A JSON body: no member twice, none that is not known, not too deep.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if media_type(request.headers()).is_none_or(|kind| kind != "application/json") {
            return Err(Problem::new(
                "unsupported-media-type",
                "Send JSON, and say so: Content-Type: application/json.",
            ));
        }
        let Body(bytes) = Body::from_request(request, state).await?;
        read(&bytes).map(Self)
    }
}

/// Reads a JSON text as a value of our own.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = json::parse(bytes).map_err(|error| Problem::new("malformed", error.to_string()))?;
    let wrong = |pointer, message| {
        let finding = Finding {
            pointer,
            rule: "request.member",
            severity: Severity::Error,
            message,
            advice: "Write it as /api/docs shows it.".into(),
        };
        let detail = format!("{} {}", finding.message, finding.advice);
        Problem::new("invalid", detail).with_findings(&[finding])
    };
    if let Some(place) = nul(&value) {
        return Err(wrong(place, "There is a character U+0000 in it.".into()));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| wrong(pointer(error.path()), sentence(&error.inner().to_string())))
}

/// Where there is a text with U+0000, which PostgreSQL can't store and nobody writes in good faith.
fn nul(value: &Value) -> Option<String> {
    let step = |name: &str, inner| Some(format!("/{}{}", escaped(name), nul(inner)?));
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| step(&index.to_string(), item))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            if name.contains('\0') {
                return Some(String::new());
            }
            step(name, member)
        }),
        _ => None,
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Answers a path that is no text, which names nothing here.
pub(super) async fn legible(request: Request, next: Next) -> Response {
    let unwritten = |text: &str| text.contains(['\0', char::REPLACEMENT_CHARACTER]);
    let mut parts = form_urlencoded::parse(request.uri().path().as_bytes());
    if parts.any(|(before, after)| unwritten(&before) || unwritten(&after)) {
        return Problem::new("not-found", "There is nothing at this address.").into_response();
    }
    next.run(request).await
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        let text = match segment {
            serde_path_to_error::Segment::Seq { index } => index.to_string(),
            serde_path_to_error::Segment::Map { key } => escaped(key),
            _ => continue,
        };
        pointer.push('/');
        pointer.push_str(&text);
    }
    pointer
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[expect(dead_code, reason = "only read")]
        people: Vec<Person>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Person {
        #[expect(dead_code, reason = "only read")]
        name: String,
    }

    fn told(text: &str) -> String {
        let problem = read::<Asked>(text.as_bytes()).unwrap_err();
        serde_json::to_string(&problem).unwrap()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = told(r#"{"people": [{"name": "a"}, {"name": 7}]}"#);
        assert!(told.contains("/people/1/name"), "{told}");
    }

    #[test]
    fn an_unknown_member_is_refused_by_name() {
        let told = told(r#"{"people": [{"name": "a", "nom": "b"}]}"#);
        assert!(told.contains("nom") && told.contains("/people/0"), "{told}");
    }

    #[test]
    fn a_member_written_twice_is_refused() {
        let told = told(r#"{"people": [], "people": []}"#);
        assert!(told.contains("/api/problems/malformed"), "{told}");
    }
}
