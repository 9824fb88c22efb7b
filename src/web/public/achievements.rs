//! `/achievements/{id}`: what a badge recognises, in the version in force or in an earlier one.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, kept};
use crate::ids::AchievementId;
use crate::services::Error;
use crate::web::Web;
use crate::web::problem::Problem;

fn id(text: &str) -> Result<AchievementId, Problem> {
    text.parse()
        .map_err(|_| Error::not_found("achievement", text).into())
}

pub(super) async fn achievement(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let document = web.services.published_achievement(id(&name)?, None).await?;
    Ok(kept(
        &headers,
        "application/ld+json",
        Keep::Hour,
        document.to_string(),
    ))
}

pub(super) async fn version(
    State(web): State<Web>,
    Path((name, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let number = number
        .parse()
        .map_err(|_| Error::not_found("version", number))?;
    let document = web
        .services
        .published_achievement(id(&name)?, Some(number))
        .await?;
    Ok(kept(
        &headers,
        "application/ld+json",
        Keep::Forever,
        document.to_string(),
    ))
}

pub(super) async fn image(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (bytes, media_type) = web.services.achievement_image(id(&name)?).await?;
    Ok(kept(&headers, &media_type, Keep::Hour, bytes))
}
