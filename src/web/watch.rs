//! What is told of each request: one line in the log, and figures.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::request::RequestId;
use crate::openbadges::verify::Verdict;

/// The methods that are told apart.
const KNOWN: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Logs and counts a request, by its route: an address may hold the identifier of a private badge.
pub(super) async fn watch(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // Anybody may invent a method; figures have room for those that there are.
    let method = match request.method() {
        known if KNOWN.contains(known) => known.as_str().to_owned(),
        _ => "other".to_owned(),
    };
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let took = begun.elapsed();
    let status = response.status().as_u16();
    tracing::info!(
        %method,
        route,
        status,
        took_ms = took.as_secs_f64() * 1000.0,
        request = id.map(|id| id.0),
        "request"
    );
    let labels = [
        ("method", method),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!("badgeons_requests_total", &labels).increment(1);
    metrics::histogram!("badgeons_request_seconds", &labels[..2]).record(took.as_secs_f64());
    response
}

/// Counts a badge that was verified, by what came of it.
pub(super) fn verified(verdict: Verdict) {
    metrics::counter!("badgeons_verified_total", "verdict" => verdict.as_str()).increment(1);
}
