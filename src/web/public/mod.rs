//! What the world reads of us, without asking who it is: credentials, achievements, issuers, their
//! keys, status lists, and the words of our own that badges use. Open to every origin and cacheable.
//!
//! Nothing here lists badges: whoever has the identifier of one has its private link. The addresses
//! are signed into badges and never change. Not here: what needs a token, which is in `api`.

mod achievements;
pub(in crate::web) mod answer;
mod credentials;
mod issuers;
mod status_lists;
mod terms;

use axum::Router;
use axum::routing::get;

use super::Web;

/// The addresses that badges name, and those of badges.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/credentials/{id}", get(credentials::credential))
        .route("/achievements/{id}", get(achievements::achievement))
        .route("/achievements/{id}/image", get(achievements::image))
        .route(
            "/achievements/{id}/versions/{number}",
            get(achievements::version),
        )
        .route(
            "/achievements/{id}/versions/{number}/image",
            get(achievements::version_image),
        )
        .route("/issuers/{slug}", get(issuers::profile))
        .route("/issuers/{slug}/image", get(issuers::logo))
        .route("/issuers/{slug}/did.json", get(issuers::document))
        .route("/issuers/{slug}/keys/{key}", get(issuers::key))
        .route("/status/{id}", get(status_lists::status_list))
        .route("/.well-known/did.json", get(issuers::collective))
        // Where a public address with a path has its document (did:web §3.2).
        .route("/did.json", get(issuers::collective))
        .route("/contexts/{name}", get(terms::context))
        .route("/schemas/{name}", get(terms::schema))
}
