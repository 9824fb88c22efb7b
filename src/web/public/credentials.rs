//! `/credentials/{id}`: a badge in each of its forms, by suffix or by `Accept`, from the very bytes that
//! were signed. A revoked badge is still served, its status tells; an erased one is gone.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::{Keep, kept, wanted};
use crate::ids::CredentialId;
use crate::services::Error;
use crate::services::presenting::{Format, Pictures};
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::request::Query;

/// The media types a badge has, the one given without a wish first.
const FORMS: [(&str, Format); 8] = [
    ("application/vc", Format::Json),
    ("application/vc+ld+json", Format::Json),
    ("application/ld+json", Format::Json),
    ("application/json", Format::Json),
    ("application/vc+jwt", Format::Jwt),
    ("application/jwt", Format::Jwt),
    ("image/png", Format::Png),
    ("image/svg+xml", Format::Svg),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `EdDSA` or `ES256`, of a JWT.
    alg: Option<String>,
}

pub(super) async fn credential(
    State(web): State<Web>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, suffix) = match name.split_once('.') {
        Some((id, suffix)) => (id, Some(suffix)),
        None => (name.as_str(), None),
    };
    let not_found = || Problem::from(Error::not_found("badge", &*name));
    let id: CredentialId = id.parse().map_err(|_| not_found())?;
    let (media_type, format) = match suffix {
        Some("json") => FORMS[0],
        Some("jwt") => FORMS[4],
        Some("png") => FORMS[6],
        Some("svg") => FORMS[7],
        Some(_) => return Err(not_found()),
        None => {
            let offered = FORMS.map(|(media_type, _)| media_type);
            let chosen = wanted(&headers, &offered);
            let form = FORMS.into_iter().find(|(name, _)| Some(*name) == chosen);
            form.ok_or_else(|| {
                Problem::new(
                    "not-acceptable",
                    "A badge is JSON, a JWT, a PNG or an SVG picture.",
                )
            })?
        }
    };
    if asked
        .alg
        .as_deref()
        .is_some_and(|alg| !["EdDSA", "ES256"].contains(&alg))
    {
        return Err(Problem::new("invalid", "A JWT's alg is EdDSA or ES256."));
    }
    let bytes = if let (Format::Jwt, Some(algorithm)) = (format, &asked.alg) {
        web.services.present_jwt(id, algorithm).await?
    } else {
        let mut pictures = Pictures::default();
        web.services.present(id, format, &mut pictures).await?
    };
    let mut response = kept(&headers, media_type, Keep::Never, bytes).into_response();
    response.headers_mut().insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    Ok(response)
}
