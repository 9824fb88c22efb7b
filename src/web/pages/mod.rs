//! What people see: pages rendered here, readable without a script, in French, Breton and English.
//!
//! A page is its file here with its data, and its template of the same name; `frame` is what every page
//! has around it, `badge` and `judgement` make ready what badges and reports say, `texts` is what pages
//! say themselves. The addresses of badges, achievements and issuers are those of their JSON: `public`
//! asks for a page where a browser wants one.
//!
//! To add a page: a file, a template, its texts in each language, a line in [`routes`], and a line in
//! `tests/browser/pages.mjs`. Not here: what is judged, which the core does, and what may be seen, which
//! the services say.

pub(in crate::web) mod achievement;
mod assets;
mod badge;
pub(in crate::web) mod credential;
mod directory;
pub(in crate::web) mod error;
mod format;
mod frame;
mod holder;
mod home;
pub(in crate::web) mod issuer;
mod judgement;
mod legal;
mod levels;
mod markdown;
pub(in crate::web) mod paper;
mod profile;
mod sharing;
mod texts;
mod verify;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

use super::Web;
use super::limits::{MAX_BADGE, MAX_FORM};
use super::problem::Problem;
use super::public::answer::{Keep, kept};

use assets::ICON;
pub(in crate::web) use frame::Frame;

/// The pages that are at no address of a badge's.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home::home))
        .route("/badges", get(directory::directory))
        .route(
            "/verify",
            get(verify::form)
                .post(verify::verify)
                .layer(DefaultBodyLimit::max(MAX_BADGE)),
        )
        .route("/credentials/{id}/card.png", get(paper::share_card))
        .route("/credentials/{id}/embed", get(sharing::embedded))
        .route("/credentials/{id}/expiry.ics", get(sharing::reminder))
        .route("/oembed", get(sharing::oembed))
        .route(
            "/holders/{link}",
            get(holder::desk)
                .post(holder::act)
                .layer(DefaultBodyLimit::max(MAX_FORM)),
        )
        .route("/holders/{link}/{file}", get(holder::file))
        .route("/legal/{name}", get(legal::text))
        .route("/assets/{name}", get(assets::asset))
}

/// Makes pages small on their way; what is signed, baked or compressed already stays as it is.
pub(super) fn compressed() -> CompressionLayer<impl Predicate> {
    let is_text =
        |_: StatusCode, _: axum::http::Version, headers: &HeaderMap, _: &axum::http::Extensions| {
            let kind = headers.get(header::CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok());
            kind.is_some_and(|kind| kind.starts_with("text/"))
        };
    CompressionLayer::new().compress_when(SizeAbove::new(512).and(is_text))
}

/// What a page may do: show what comes from here, run what comes from here, send forms here.
const CAREFUL: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                       img-src 'self' data:; connect-src 'self'; form-action 'self'; \
                       frame-ancestors 'none'; base-uri 'none'";

/// The same for what may stand in others' pages: nothing in it can be done.
pub(in crate::web) const FRAMED: &str = "default-src 'none'; style-src 'self'; \
                                          img-src 'self' data:; frame-ancestors *; \
                                          base-uri 'none'; form-action 'none'";

/// A page to be sent: each time anew, unless whoever asks has this very one.
fn sent(page: &impl Template, asked: &HeaderMap) -> Result<Response, Problem> {
    let html = page.render().map_err(crate::services::Error::internal)?;
    let mut response = kept(asked, "text/html; charset=utf-8", Keep::Never, html);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CAREFUL),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("accept, accept-language, accept-encoding"),
    );
    Ok(response)
}

/// A page that is somebody's alone: kept nowhere.
fn sent_privately(page: &impl Template, status: StatusCode) -> Result<Response, Problem> {
    let response = sent(page, &HeaderMap::new())?;
    Ok((status, privately(response)).into_response())
}

/// Whatever is somebody's alone: kept nowhere, found by nobody.
fn privately(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.remove(header::ETAG);
    response
}
