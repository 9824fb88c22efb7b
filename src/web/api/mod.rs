//! `/api/v1`: for partner organisations, and for whoever verifies. JSON in, JSON out.
//!
//! Documented in `/api/openapi.json`; `routes!` makes a route without documentation impossible. One file
//! for each resource; a new route is a handler with its `utoipa::path` and a line in [`routes`].
//!
//! Not here: what verifiers fetch without asking leave, which is in `public`.

mod achievements;
mod asked;
mod batches;
mod credentials;
mod document;
mod drafts;
mod holders;
mod issuers;
mod oauth;
mod paging;
mod problems;
mod tokens;
mod verifications;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use tower_http::cors::{Any, CorsLayer};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoParams, Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use super::Web;
use super::idempotency;
use super::limits;
use super::problem::{KINDS, Problem};

/// What is said of the whole API.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Badgeons",
        description = "Issue Open Badges 3.0, and verify anybody's.\n\n\
            **A first badge in three calls**: `GET /api/v1/achievements` shows what can be issued; \
            `POST /api/v1/credentials` issues it; `GET /credentials/{id}.png` is the picture to hand \
            out. Send `Authorization: Bearer bdg_…` with the first two (press *Authorize* above).\n\n\
            Everything a request gets wrong is answered as `application/problem+json` (RFC 9457) with \
            the place of each fault. A token sees and touches what is its issuer's; everything else \
            is answered as not found.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Bearer),
    components(schemas(Problem), responses(
        problems::Malformed,
        problems::Unauthorized,
        problems::Forbidden,
        problems::NotFound,
        problems::Conflict,
        problems::Gone,
        problems::TooLarge,
        problems::UnsupportedMediaType,
        problems::Invalid,
        problems::TooMany,
        problems::Internal,
        problems::Unavailable,
        problems::Timeout,
        problems::Stalled,
    )),
    tags(
        (name = "credentials", description = "Issue badges, list them, withdraw them"),
        (name = "batches", description = "Issue from a spreadsheet, whatever its size"),
        (name = "achievements", description = "The badges that can be issued"),
        (name = "holders", description = "Those who hold badges, and what they ask for"),
        (name = "verification", description = "Is this badge what it says?"),
        (name = "issuers", description = "Organisations that issue, and their keys"),
        (name = "tokens", description = "Who may call this API"),
    )
)]
struct Description;

/// The security scheme of the calls that need a token.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_with(Default::default);
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("token", scheme);
    }
}

/// Whose things are meant.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Of {
    /// The issuer's short name; needed only where the token reaches several.
    #[param(example = "territoire-apprenant")]
    issuer: Option<String>,
}

/// What makes a call safe to send again.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that a layer reads")]
pub(super) struct Once {
    /// A new one for each thing to do, such as a UUID. The same key with the same request gets the same
    /// answer for a day, and nothing is done twice; with another request, or while the first is under
    /// way, the answer is 409. A request that was refused may be mended and sent under the same key.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        required = false
    )]
    key: Option<String>,
}

impl Of {
    fn slug(&self) -> Option<&str> {
        self.issuer.as_deref()
    }
}

/// The routes, and the document that describes them.
pub(super) fn routes(web: Web) -> (Router<Web>, Document) {
    let open = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([axum::http::Method::POST])
        .allow_headers([header::CONTENT_TYPE]);
    let (for_everybody, told) = OpenApiRouter::new()
        .routes(routes!(verifications::verify))
        .split_for_parts();
    // Within `open`, so that a browser's OPTIONS is answered before it is refused.
    let for_everybody = for_everybody
        .method_not_allowed_fallback(super::other_method)
        .layer(open);
    let once = OpenApiRouter::new()
        .routes(routes!(credentials::issue, credentials::list))
        .routes(routes!(achievements::list, achievements::publish))
        .routes(routes!(issuers::list, issuers::create))
        .layer(from_fn_with_state(web.clone(), idempotency::once));
    let once_told_once = OpenApiRouter::new()
        .routes(routes!(tokens::list, tokens::create))
        .layer(from_fn_with_state(web.clone(), idempotency::once_told_once));
    let for_partners = OpenApiRouter::new()
        .merge(once)
        .merge(once_told_once)
        .routes(routes!(credentials::check))
        .routes(routes!(credentials::read))
        .routes(routes!(credentials::erase))
        .routes(routes!(holders::link, holders::replace_link))
        .routes(routes!(holders::requests))
        .routes(routes!(holders::answer))
        .routes(routes!(credentials::renew))
        .routes(routes!(credentials::revoke))
        .routes(routes!(credentials::suspend))
        .routes(routes!(credentials::reinstate))
        .routes(routes!(achievements::read))
        .routes(routes!(achievements::versions))
        .routes(routes!(achievements::micro_credential))
        .routes(routes!(achievements::templates))
        .routes(routes!(drafts::draft, drafts::write_draft))
        .routes(routes!(drafts::publish_draft))
        .routes(routes!(drafts::archive))
        .routes(routes!(drafts::unarchive))
        .routes(routes!(achievements::duplicates))
        .routes(routes!(batches::list))
        .routes(routes!(batches::read))
        .routes(routes!(batches::report))
        .routes(routes!(batches::rows))
        .routes(routes!(batches::events))
        .routes(routes!(batches::pause))
        .routes(routes!(batches::resume))
        .routes(routes!(batches::cancel))
        .routes(routes!(batches::revoke))
        .routes(routes!(batches::erase))
        .routes(routes!(batches::result))
        .routes(routes!(batches::badges))
        .routes(routes!(issuers::read, issuers::edit))
        .routes(routes!(issuers::keys))
        .routes(routes!(issuers::rotate))
        .routes(routes!(issuers::retire))
        .routes(routes!(issuers::compromised))
        .routes(routes!(tokens::revoke))
        .layer(map_response(private))
        // Strangers take none of these places.
        .layer(from_fn_with_state(web, limits::in_turn));
    // A file takes the time it takes, and none of these places.
    let files = OpenApiRouter::new()
        .routes(routes!(batches::receive))
        .layer(map_response(private));
    let (router, mut document) = OpenApiRouter::with_openapi(Description::openapi())
        .merge(for_partners)
        .merge(files)
        .routes(routes!(oauth::token))
        .split_for_parts();
    document.merge(told);
    (router.merge(for_everybody), document::complete(document))
}

/// What a partner reads is kept by nobody on the way.
async fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The document itself, a page to try it, and what each kind of problem means.
pub(super) fn documentation(document: Document) -> Router<Web> {
    // The page runs scripts of its own from here, and styles written into it.
    const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                        img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; \
                        base-uri 'none'; form-action 'none'";
    let page: Router<Web> = SwaggerUi::new("/api/docs")
        .config(utoipa_swagger_ui::Config::new(["/api/openapi.json"]).validator_url("none"))
        .into();
    let page = page.layer(map_response(async |mut response: Response| {
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(PAGE),
        );
        response
    }));
    Router::new()
        .route("/api/openapi.json", get(async || Json(document)))
        .route("/api/problems/{kind}", get(explain))
        .merge(page)
}

async fn explain(Path(kind): Path<String>) -> Result<Response, Problem> {
    let found = KINDS.into_iter().find(|(name, ..)| *name == kind);
    let (_, status, title, text) =
        found.ok_or_else(|| Problem::new("not-found", "There is no such kind of problem."))?;
    let text = format!("{title} ({status})\n\n{text}\n");
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
