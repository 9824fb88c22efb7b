//! Whether the server lives, whether it is ready, and its figures.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::Web;
use super::limits::UNDER_WAY;
use super::problem::Problem;

/// `/healthz`, `/readyz`, `/metrics`.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .merge(figures_alone())
}

/// `/metrics`, for a listener of its own.
pub(super) fn figures_alone() -> Router<Web> {
    Router::new().route("/metrics", get(figures))
}

/// Database, migrations and master key are in order.
async fn ready(State(web): State<Web>) -> Result<&'static str, Problem> {
    web.services.ready().await?;
    Ok("ready\n")
}

async fn figures(State(web): State<Web>) -> impl IntoResponse {
    let load = web.services.load();
    metrics::counter!("badgeons_batch_rows_total").absolute(load.batch_rows);
    // Where the database does not answer, the figure before stays: the others tell why.
    if let Ok(running) = web.services.batches_running().await {
        let running = u32::try_from(running).unwrap_or(u32::MAX);
        metrics::gauge!("badgeons_batches_running").set(running);
    }
    let under_way = UNDER_WAY.saturating_sub(web.under_way.available_permits());
    for (name, value) in [
        ("badgeons_requests_under_way", under_way),
        ("badgeons_awards_waiting", load.awards_waiting),
        ("badgeons_database_connections", load.connections),
        ("badgeons_database_connections_idle", load.idle_connections),
    ] {
        metrics::gauge!(name).set(u32::try_from(value).unwrap_or(u32::MAX));
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, web.figures.render())
}
