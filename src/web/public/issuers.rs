//! `/issuers/{slug}`: the issuer's profile, its logo, its DID document and its keys.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{Keep, data_or_page, kept, wanted};
use crate::services::publishing::KeyForm;
use crate::web::Web;
use crate::web::pages::{self, Frame};
use crate::web::problem::Problem;

pub(super) async fn profile(
    State(web): State<Web>,
    f: Frame,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let data = ["application/ld+json", "application/json"];
    let (slug, page) = data_or_page(&name, &headers, &data);
    if page {
        return pages::issuer::page(&web, f, slug, &headers).await;
    }
    let profile = web.services.issuer_profile(slug).await?;
    Ok(kept(
        &headers,
        "application/ld+json",
        Keep::Hour,
        profile.to_string(),
    ))
}

pub(super) async fn logo(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (bytes, media_type) = web.services.issuer_logo(&slug).await?;
    Ok(kept(&headers, &media_type, Keep::Hour, bytes))
}

/// What the issuer's did:web resolves to.
pub(super) async fn document(
    State(web): State<Web>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let document = web.services.issuer_document(&slug).await?;
    Ok(kept(
        &headers,
        "application/did+json",
        Keep::Minutes,
        document.to_string(),
    ))
}

/// What the did:web of the public address alone resolves to.
pub(super) async fn collective(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let document = web.services.collective_document().await?;
    Ok(kept(
        &headers,
        "application/did+json",
        Keep::Minutes,
        document.to_string(),
    ))
}

/// One key: a bare JWK, or a Multikey for whoever asks for JSON-LD.
pub(super) async fn key(
    State(web): State<Web>,
    Path((slug, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    const OFFERED: [&str; 3] = [
        "application/jwk+json",
        "application/json",
        "application/ld+json",
    ];
    let media_type = wanted(&headers, &OFFERED)
        .ok_or_else(|| Problem::new("not-acceptable", "A key is a JWK or a Multikey, as JSON."))?;
    let form = match media_type {
        "application/ld+json" => KeyForm::Multikey,
        _ => KeyForm::Jwk,
    };
    let key = web.services.issuer_key(&slug, &key, form).await?;
    Ok(kept(&headers, media_type, Keep::Hour, key.to_string()))
}
