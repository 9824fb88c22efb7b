//! `/contexts/{name}` and `/schemas/{name}`: what the terms mean that our badges add to the standard's.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, kept};
use crate::web::Web;
use crate::web::problem::Problem;

pub(super) async fn context(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let context = web.services.published_context(&name)?.to_string();
    Ok(kept(
        &headers,
        "application/ld+json",
        Keep::Forever,
        context,
    ))
}

pub(super) async fn schema(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let schema = web.services.published_schema(&name)?.to_string();
    Ok(kept(
        &headers,
        "application/schema+json",
        Keep::Hour,
        schema,
    ))
}
