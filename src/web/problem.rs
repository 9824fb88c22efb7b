//! What went wrong, as a problem document (RFC 9457): the only table of status codes.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::pages::{self, Frame};
use super::request::RequestId;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::services::Error;
use crate::texts::{self, Language};

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Which kind of problem it is: an address of this server that explains it.
    #[serde(rename = "type", serialize_with = "as_address")]
    #[schema(example = "/api/problems/invalid")]
    kind: &'static str,
    /// The kind, in words.
    #[schema(example = "What was sent breaks rules")]
    title: &'static str,
    /// The HTTP status code.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong this time, and what to do.
    #[schema(example = "The badge has no criteria at /criteria. Say what one must do to earn it.")]
    detail: String,
    /// Names this request in the server's log; tell it when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    request_id: Option<Box<str>>,
    /// Everything that is wrong, where what was sent breaks rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<ProblemFinding>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// One thing that is wrong with what was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProblemFinding {
    /// Where, as a JSON pointer (RFC 6901).
    #[schema(example = "/criteria")]
    pointer: String,
    /// The rule that is broken.
    #[schema(example = "criteria.missing")]
    rule: String,
    /// `error` or `warning`.
    #[schema(example = "error")]
    severity: &'static str,
    /// What is wrong.
    message: String,
    /// What to do.
    advice: String,
}

/// The kinds of problems there are: name, status, title, explanation.
pub(super) const KINDS: [(&str, StatusCode, &str, &str); 19] = [
    (
        "malformed",
        StatusCode::BAD_REQUEST,
        "The request can't be read",
        "The body is no JSON, or not of the form that is documented. Mend it and send it again.",
    ),
    (
        "unauthorized",
        StatusCode::UNAUTHORIZED,
        "An access token is needed",
        "Send “Authorization: Bearer bdg_…” with a token that holds. Tokens are made with `badgeons tokens create` or POST /api/v1/tokens.",
    ),
    (
        "forbidden",
        StatusCode::FORBIDDEN,
        "The token may not do this",
        "The token is good and lacks a scope. Use another one, or ask who made it.",
    ),
    (
        "not-found",
        StatusCode::NOT_FOUND,
        "There is no such thing",
        "It does not exist, or belongs to another issuer than the token's.",
    ),
    (
        "method-not-allowed",
        StatusCode::METHOD_NOT_ALLOWED,
        "This can't be done here",
        "The address exists, and not with this method. See /api/docs.",
    ),
    (
        "not-acceptable",
        StatusCode::NOT_ACCEPTABLE,
        "Not available in this form",
        "The thing exists, and in none of the media types that were asked for.",
    ),
    (
        "conflict",
        StatusCode::CONFLICT,
        "It does not go with what is there",
        "The request is sound, and what is there already stands against it.",
    ),
    (
        "private",
        StatusCode::FORBIDDEN,
        "Kept private",
        "The holder of this badge chose not to show this. Ask them for the file, or to open it.",
    ),
    (
        "gone",
        StatusCode::GONE,
        "It was erased",
        "The personal data of this badge were erased. Whoever holds a copy can still have it verified.",
    ),
    (
        "too-large",
        StatusCode::PAYLOAD_TOO_LARGE,
        "Too much was sent",
        "The body has more bytes than are read. The limits are in /api/docs.",
    ),
    (
        "unsupported-media-type",
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "This kind of content is not read here",
        "Say in Content-Type what the body is; the kinds that are read are in /api/docs.",
    ),
    (
        "invalid",
        StatusCode::UNPROCESSABLE_ENTITY,
        "What was sent breaks rules",
        "Every finding says where, what and what to do. Nothing was changed.",
    ),
    (
        "too-many",
        StatusCode::TOO_MANY_REQUESTS,
        "Too many requests",
        "Wait as many seconds as Retry-After says, and go on more slowly.",
    ),
    (
        "internal",
        StatusCode::INTERNAL_SERVER_ERROR,
        "Our own fault",
        "Something went wrong here. Tell the operator the request id.",
    ),
    (
        "not-ready",
        StatusCode::SERVICE_UNAVAILABLE,
        "Not ready",
        "The server lacks its database or its keys. The operator has to look after it.",
    ),
    (
        "busy",
        StatusCode::SERVICE_UNAVAILABLE,
        "Busy",
        "Others are using what is needed. The same request may be sent again; nothing is done twice.",
    ),
    (
        "unavailable",
        StatusCode::SERVICE_UNAVAILABLE,
        "Not possible at the moment",
        "The server's disk is full. Ask whoever runs it to make room, then send the same again; nothing is done twice.",
    ),
    (
        "stalled",
        StatusCode::REQUEST_TIMEOUT,
        "The rest never came",
        "What was being sent stopped coming. Nothing of it is kept; send it again.",
    ),
    (
        "timeout",
        StatusCode::GATEWAY_TIMEOUT,
        "It took too long",
        "The time for a request was over. The same request may be sent again; nothing is done twice.",
    ),
];

impl Problem {
    /// A problem of a kind of [`KINDS`].
    pub(super) fn new(kind: &str, detail: impl Into<String>) -> Self {
        let (name, status, title, _) = KINDS
            .into_iter()
            .find(|(name, ..)| *name == kind)
            .unwrap_or((
                "internal",
                StatusCode::INTERNAL_SERVER_ERROR,
                "Our own fault",
                "",
            ));
        Self {
            kind: name,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            request_id: None,
            findings: Vec::new(),
            retry_after: None,
        }
    }

    /// Whether it is of that kind.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    /// The same with all that is wrong.
    pub(super) fn with_findings(mut self, findings: &[Finding]) -> Self {
        self.findings = told(Language::En, findings);
        self
    }

    /// The same, with the seconds after which to ask again.
    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Names the request in an answer that is a problem, and tells its findings in a language.
    pub(super) fn complete(response: &mut Response, id: &RequestId, language: Language) {
        if let Some(mut problem) = response.extensions_mut().remove::<Self>() {
            problem.request_id = Some(id.0.as_str().into());
            problem.translate(language);
            *response.body_mut() = problem.body();
        }
    }

    /// The same, as a page for people.
    pub(super) fn page(&self, frame: Frame, id: &RequestId) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = pages::error::page(frame, self.kind, status, &id.0);
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// The findings in a language, and the first of them as what is wrong.
    fn translate(&mut self, language: Language) {
        for finding in &mut self.findings {
            finding.message = texts::say(language, &finding.message).into_owned();
            finding.advice = texts::say(language, &finding.advice).into_owned();
        }
        match self.findings.first() {
            Some(first) if language != Language::En => {
                self.detail = format!("{} {}", first.message, first.advice);
            }
            _ => self.detail = texts::say(language, &self.detail).into_owned(),
        }
    }

    fn body(&self) -> Body {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

fn as_address<S: Serializer>(kind: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("/api/problems/{kind}"))
}

/// Findings of the rules, to be sent in a language.
pub(super) fn told(language: Language, findings: &[Finding]) -> Vec<ProblemFinding> {
    let told = |finding: &Finding| ProblemFinding {
        pointer: finding.pointer.clone(),
        rule: finding.rule.to_owned(),
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: texts::say(language, &finding.message).into_owned(),
        advice: texts::say(language, &finding.advice).into_owned(),
    };
    findings.iter().map(told).collect()
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let clause = error.to_string();
        let said = sentence(&clause);
        match error {
            Error::NotFound { .. } => Self::new("not-found", said),
            Error::Gone { .. } => Self::new("gone", said),
            Error::Private => Self::new("private", said),
            Error::Invalid { findings } => Self::new("invalid", clause).with_findings(&findings),
            Error::Refused(_) => Self::new("invalid", said),
            Error::Conflict(_) => Self::new("conflict", said),
            Error::Forbidden { .. } => Self::new("forbidden", said),
            Error::Busy(_) => Self::new("busy", said).retry_after(1),
            Error::Full => {
                tracing::error!("the disk is full");
                Self::new("unavailable", said).retry_after(60)
            }
            Error::NotReady(_) | Error::KeyUnavailable(_) => {
                tracing::error!(reason = %said, "not ready");
                Self::new("not-ready", "The server can't do this at the moment.")
            }
            Error::Internal(source) => {
                tracing::error!(%source, "internal error");
                Self::new("internal", "Something went wrong here.")
            }
        }
    }
}

/// What verbs of the services say as a clause, as the sentence it is for whoever reads it here.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let begun: String = first.into_iter().flatten().chain(letters).collect();
    if begun.ends_with(['.', '!', '?']) {
        begun
    } else {
        begun + "."
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body()).into_response();
        response.extensions_mut().insert(self.clone());
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"badgeons\""),
            );
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_there_once_and_explained() {
        for (place, (name, status, title, text)) in KINDS.iter().enumerate() {
            assert!(KINDS[..place].iter().all(|(other, ..)| other != name));
            assert!(status.is_client_error() || status.is_server_error());
            assert!(!title.is_empty() && text.ends_with('.'), "{name}");
            assert_eq!(Problem::new(name, "").status, status.as_u16());
        }
    }

    #[test]
    fn our_own_fault_tells_nothing_of_us() {
        let problem = Problem::from(Error::internal("SELECT secret FROM keys"));
        let text = serde_json::to_string(&problem).unwrap();
        assert!(!text.contains("SELECT"), "{text}");
        assert_eq!(problem.status, 500);
    }
}
