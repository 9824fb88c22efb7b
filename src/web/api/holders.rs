//! `/api/v1/credentials/{id}/holder-link` and `/api/v1/holder-requests`: what an issuer has to do with
//! the holders of its badges. What holders decide themselves is on their page (`web::pages::holder`).

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Of;
use crate::services::access::Scope;
use crate::services::holders::{Asked, HolderLink};
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// The holder's own link to a badge.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Link {
    /// Below the address of this service. Whoever has it decides about the badge: send it to its holder,
    /// and to nobody else.
    #[schema(example = "/holders/a7gQ3J2tEdGAtADAT9QwyGq3EAud1xLRgLQAwE_UMMg")]
    url: String,
}

impl From<HolderLink> for Link {
    fn from(link: HolderLink) -> Self {
        Self {
            url: format!("/holders/{link}"),
        }
    }
}

/// The holder's own link to a badge
///
/// Through it the holder decides, without an account, who sees the page of the badge; downloads
/// everything; asks for a correction of their name or for erasure.
#[utoipa::path(
    get, path = "/api/v1/credentials/{id}/holder-link", tag = "holders", security(("token" = [])),
    params(("id" = String, Path, description = "The badge's identifier")),
    responses(
        (status = 200, description = "The link", body = Link),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 410, response = super::problems::Gone),
    )
)]
pub(in crate::web) async fn link(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Link>, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    Ok(Json(services.holder_link(&id, false).await?.into()))
}

/// Replace the holder's own link to a badge
///
/// Those before it open nothing any more.
#[utoipa::path(
    post, path = "/api/v1/credentials/{id}/holder-link", tag = "holders", security(("token" = [])),
    params(("id" = String, Path, description = "The badge's identifier")),
    responses(
        (status = 200, description = "The new link", body = Link),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 410, response = super::problems::Gone),
    )
)]
pub(in crate::web) async fn replace_link(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Link>, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    Ok(Json(services.holder_link(&id, true).await?.into()))
}

/// What holders ask for, the oldest first
///
/// That their name be corrected (issue the badge anew and revoke the old one), or that a badge be erased.
#[utoipa::path(
    get, path = "/api/v1/holder-requests", tag = "holders", security(("token" = [])), params(Of),
    responses(
        (status = 200, description = "The requests that wait for an answer", body = [Asked]),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn requests(
    caller: Caller,
    request::Query(of): request::Query<Of>,
) -> Result<Json<Vec<Asked>>, Problem> {
    let services = caller.may(Scope::CredentialsRead)?;
    Ok(Json(services.holder_requests(of.slug()).await?))
}

/// Take a holder's request away, since it is answered
#[utoipa::path(
    delete, path = "/api/v1/credentials/{id}/requests/{kind}", tag = "holders",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "The badge's identifier"),
        ("kind" = String, Path, description = "`name` or `erasure`"),
    ),
    responses(
        (status = 204, description = "It is taken away"),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn answer(
    caller: Caller,
    Path((id, kind)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    services.answer_holder_request(&id, &kind).await?;
    Ok(StatusCode::NO_CONTENT)
}
