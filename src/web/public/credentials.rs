//! `/credentials/{id}`: a badge in each of its forms, by suffix or by `Accept`, from the very bytes that
//! were signed; and its page, for people. A revoked badge is still served, its status tells; an erased one
//! is gone.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::{Keep, kept, wanted, wants_page};
use crate::ids::CredentialId;
use crate::services::Error;
use crate::services::presenting::{Form, Format};
use crate::web::Web;
use crate::web::pages::{self, Frame};
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

/// What the address asks for. Whoever passes a link on may add to it, as social networks do.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `EdDSA` or `ES256`, of a JWT.
    alg: Option<String>,
}

pub(super) async fn credential(
    State(web): State<Web>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    f: Frame,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, suffix) = match name.split_once('.') {
        Some((id, suffix)) => (id, Some(suffix)),
        None => (name.as_str(), None),
    };
    let not_found = || Problem::from(Error::not_found("badge", &*name));
    let id: CredentialId = id.parse().map_err(|_| not_found())?;
    let (media_type, format) = match suffix {
        Some("pdf") => return pages::paper::pdf(&web, f, id, &headers).await,
        Some(suffix) => {
            let format: Format = suffix.parse().map_err(|_| not_found())?;
            (format.media_type(), format)
        }
        None => {
            let offered = FORMS.map(|(media_type, _)| media_type);
            if wants_page(&headers, &offered) {
                return pages::credential::page(&web, f, id, &headers).await;
            }
            let chosen = wanted(&headers, &offered);
            let form = FORMS.into_iter().find(|(name, _)| Some(*name) == chosen);
            form.ok_or_else(|| {
                Problem::new(
                    "not-acceptable",
                    "A badge is a page, JSON, a JWT, a PNG or an SVG picture.",
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
    let form = match (format, &asked.alg) {
        (Format::Jwt, Some(algorithm)) => Form::Jwt(algorithm),
        _ => Form::In(format),
    };
    let bytes = web.services.hand_out(id, form, None).await?;
    let mut response = kept(&headers, media_type, Keep::Never, bytes).into_response();
    response.headers_mut().insert(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex"),
    );
    Ok(response)
}
