//! `POST /api/v1/verifications`: anybody's badge, judged.

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::openbadges::verify::Report;
use crate::services::verifying::Held;
use crate::web::Web;
use crate::web::language;
use crate::web::limits::MAX_BADGE;
use crate::web::problem::Problem;
use crate::web::request::{Body, broken_form, media_type, read};
use crate::web::watch;

/// A badge at an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    /// Where the badge is: JSON, a JWT, a PNG or an SVG picture.
    #[schema(
        example = "https://badges.example.org/credentials/6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    )]
    url: String,
}

/// Verify a badge
///
/// The body is the badge itself, under its own media type; or `{"url": "https://…"}` as
/// `application/json`; or a file of a form (`multipart/form-data`). The answer is a report on every check,
/// whatever it says of the badge: a bad badge is no bad request. It is in the language that
/// `Accept-Language` wants: `en`, `fr` or `br`.
#[utoipa::path(
    post,
    path = "/api/v1/verifications",
    tag = "verification",
    request_body(
        description = "The badge",
        content(
            (serde_json::Value = "application/vc"),
            (serde_json::Value = "application/ld+json"),
            (serde_json::Value = "application/json"),
            (String = "application/vc+jwt"),
            (String = "application/jwt"),
            (String = "text/plain"),
            (Vec<u8> = "image/png"),
            (String = "image/svg+xml"),
            (Vec<u8> = "multipart/form-data"),
        )
    ),
    responses(
        (status = 200, description = "The report: its verdict is `valid`, `valid_with_warnings`, \
            `invalid` or `undetermined`", body = serde_json::Value),
        (status = 400, response = super::problems::Malformed),
        (status = 413, response = super::problems::TooLarge),
        (status = 415, response = super::problems::UnsupportedMediaType),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn verify(
    State(web): State<Web>,
    language::Asked(language): language::Asked,
    headers: HeaderMap,
    mut request: Request,
) -> Result<Json<Report>, Problem> {
    let _turn = web.verifying.acquire().await;
    DefaultBodyLimit::max(MAX_BADGE).apply(&mut request);
    let kind = media_type(&headers).unwrap_or_default();
    let held = match kind.as_str() {
        "multipart/form-data" => Held::Bytes(file(request).await?),
        "application/json" => {
            let Body(bytes) = Body::from_request(request, &web).await?;
            if names_an_address(&bytes) {
                let Address { url } = read(&bytes)?;
                Held::At(url)
            } else {
                Held::Bytes(bytes.to_vec())
            }
        }
        "application/vc"
        | "application/ld+json"
        | "application/vc+ld+json"
        | "application/vc+jwt"
        | "application/jwt"
        | "text/plain"
        | "image/png"
        | "image/svg+xml" => {
            let Body(bytes) = Body::from_request(request, &web).await?;
            Held::Bytes(bytes.to_vec())
        }
        _ => {
            return Err(Problem::new(
                "unsupported-media-type",
                "Send the badge under its own media type: application/vc, application/vc+jwt, \
                 image/png or image/svg+xml.",
            ));
        }
    };
    let report = web.services.verify(held).await?;
    watch::verified(report.verdict);
    Ok(Json(language::told(report, language)))
}

/// Whether a JSON body is the address of a badge rather than a badge.
fn names_an_address(bytes: &[u8]) -> bool {
    crate::openbadges::json::parse(bytes)
        .is_ok_and(|value| value.get("url").is_some() && value.get("@context").is_none())
}

async fn file(request: Request) -> Result<Vec<u8>, Problem> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| broken_form(error.status()))?;
    let broken = |error: MultipartError| broken_form(error.status());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.file_name().is_some() {
            return Ok(field.bytes().await.map_err(broken)?.to_vec());
        }
    }
    Err(Problem::new("malformed", "The form holds no file."))
}
