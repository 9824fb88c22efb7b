//! `/status/{id}`: a signed list of which badges were withdrawn.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, kept, wanted};
use crate::ids::StatusListId;
use crate::services::Error;
use crate::web::Web;
use crate::web::problem::Problem;

pub(super) async fn status_list(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    const OFFERED: [&str; 4] = [
        "application/vc",
        "application/vc+ld+json",
        "application/ld+json",
        "application/json",
    ];
    let id: StatusListId = name
        .parse()
        .map_err(|_| Error::not_found("status list", &*name))?;
    let media_type = wanted(&headers, &OFFERED)
        .ok_or_else(|| Problem::new("not-acceptable", "A status list is a credential, as JSON."))?;
    let list = web.services.status_list(id).await?;
    Ok(kept(
        &headers,
        media_type,
        Keep::Minutes,
        Bytes::from_owner(list),
    ))
}
