//! `/status/{id}`: a signed list of which badges were withdrawn, by suffix or by `Accept`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, kept, wanted};
use crate::ids::StatusListId;
use crate::services::Error;
use crate::web::Web;
use crate::web::problem::Problem;

const JSON: &str = "application/vc";
const JWT: &str = "application/vc+jwt";

/// The media types a list has, the one given without a wish first.
const OFFERED: [&str; 6] = [
    JSON,
    "application/vc+ld+json",
    "application/ld+json",
    "application/json",
    JWT,
    "application/jwt",
];

pub(super) async fn status_list(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, suffix) = match name.split_once('.') {
        Some((id, suffix)) => (id, Some(suffix)),
        None => (name.as_str(), None),
    };
    let not_found = || Problem::from(Error::not_found("status list", &*name));
    let id: StatusListId = id.parse().map_err(|_| not_found())?;
    let media_type = match suffix {
        Some("json") => JSON,
        Some("jwt") => JWT,
        Some(_) => return Err(not_found()),
        None => wanted(&headers, &OFFERED).ok_or_else(|| {
            Problem::new(
                "not-acceptable",
                "A status list is a credential: JSON, or a JWT.",
            )
        })?,
    };
    let list = web.services.status_list(id).await?;
    let bytes = if media_type.ends_with("jwt") {
        Bytes::from_owner(list.jwt)
    } else {
        Bytes::from_owner(list.document)
    };
    Ok(kept(&headers, media_type, Keep::Minutes, bytes))
}
