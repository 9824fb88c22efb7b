//! `/achievements/{id}`: what a badge recognises, in the version in force or in an earlier one, as data or
//! as a page.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, data_or_page, kept};
use crate::ids::AchievementId;
use crate::services::Error;
use crate::web::Web;
use crate::web::pages::{self, Frame};
use crate::web::problem::Problem;

const DATA: &str = "application/ld+json";

fn id(text: &str) -> Result<AchievementId, Problem> {
    text.parse()
        .map_err(|_| Error::not_found("achievement", text).into())
}

fn number(text: &str) -> Result<u32, Problem> {
    text.parse()
        .map_err(|_| Error::not_found("version", text).into())
}

pub(super) async fn achievement(
    State(web): State<Web>,
    f: Frame,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (name, page) = data_or_page(&name, &headers, &[DATA, "application/json"]);
    if page {
        return pages::achievement::page(&web, f, id(name)?, None, &headers).await;
    }
    let document = web.services.published_achievement(id(name)?, None).await?;
    Ok(kept(&headers, DATA, Keep::Hour, document.to_string()))
}

pub(super) async fn version(
    State(web): State<Web>,
    f: Frame,
    Path((name, version)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (version, page) = data_or_page(&version, &headers, &[DATA, "application/json"]);
    let version = Some(number(version)?);
    if page {
        return pages::achievement::page(&web, f, id(&name)?, version, &headers).await;
    }
    let document = web.services.published_achievement(id(&name)?, version);
    Ok(kept(
        &headers,
        DATA,
        Keep::Forever,
        document.await?.to_string(),
    ))
}

pub(super) async fn image(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let picture = web.services.achievement_image(id(&name)?, None);
    let (bytes, media_type) = picture.await?;
    Ok(kept(&headers, &media_type, Keep::Hour, bytes))
}

pub(super) async fn version_image(
    State(web): State<Web>,
    Path((name, version)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = number(&version)?;
    let picture = web.services.achievement_image(id(&name)?, Some(version));
    let (bytes, media_type) = picture.await?;
    Ok(kept(&headers, &media_type, Keep::Forever, bytes))
}
