//! What went wrong, for people: the same problems that programs are answered with.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{Frame, sent_privately};

#[derive(Template)]
#[template(path = "error.html", config = "src/web/pages/askama.toml")]
struct Failure {
    f: Frame,
    title: String,
    text: String,
    request: Option<String>,
}

/// The page about a kind of problem.
pub(in crate::web) fn page(f: Frame, kind: &str, status: StatusCode, request: &str) -> Response {
    let (title, text) = match kind {
        "not-found" => ("error-not-found", "error-not-found-text"),
        "gone" => ("error-gone", "error-gone-text"),
        "private" => ("error-private", "error-private-text"),
        "too-many" => ("error-too-many", "error-too-many-text"),
        "too-large" => ("error-too-large", "error-too-large-text"),
        "busy" | "timeout" | "not-ready" | "unavailable" => ("error-busy", "error-busy-text"),
        "internal" => ("error-internal", "error-internal-text"),
        _ => ("error-refused", "error-refused-text"),
    };
    let page = Failure {
        title: f.say(title),
        text: f.say(text),
        request: status.is_server_error().then(|| request.to_owned()),
        f,
    };
    sent_privately(&page, status).unwrap_or_else(|_| status.into_response())
}
