//! `/api/v1/tokens`: who may call this API.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Of, Once};
use crate::openbadges::model::Timestamp;
use crate::services::Error;
use crate::services::access::{MadeToken, NewToken, Scope, TokenSummary};
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedToken, example = json!({
    "name": "Inscriptions en ligne", "scopes": ["credentials:issue", "credentials:read"]
}))]
pub(in crate::web) struct Asked {
    /// What it is called, in this list and in the audit log; name no person in it.
    #[schema(example = "Inscriptions en ligne", min_length = 1, max_length = 100)]
    name: String,
    /// What it may do; nothing that your own token may not.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// When it ends; never where it is left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// List the tokens of an issuer
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "tokens", security(("token" = [])), params(Of),
    responses(
        (status = 200, description = "The tokens, without their secrets", body = [TokenSummary]),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn list(
    caller: Caller,
    request::Query(of): request::Query<Of>,
) -> Result<Json<Vec<TokenSummary>>, Problem> {
    let services = caller.may(Scope::IssuerAdmin)?;
    Ok(Json(services.tokens(of.slug()).await?))
}

/// Make a token
///
/// The answer holds it; it is shown this once and kept nowhere.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "tokens", security(("token" = [])),
    params(Of, Once),
    request_body = Asked,
    responses(
        (status = 201, description = "The token", body = MadeToken),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn create(
    caller: Caller,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    let services = caller.may(Scope::IssuerAdmin)?;
    if caller.is_short_lived() {
        return Err(Problem::new(
            "forbidden",
            "A token that was given for an hour makes no others; use the lasting one.",
        ));
    }
    if !caller.scopes().contains(&Scope::Operator)
        && let Some(scope) = asked
            .scopes
            .iter()
            .find(|scope| !caller.scopes().contains(scope))
    {
        return Err(Error::Forbidden { scope: *scope }.into());
    }
    let new = NewToken {
        name: asked.name,
        scopes: asked.scopes,
        expires_at: asked.expires_at,
    };
    let made = services.create_token(of.slug(), new).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revoke a token
///
/// Whoever holds it is refused from then on.
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", tag = "tokens", security(("token" = [])),
    params(("id" = String, Path, description = "The token's identifier")),
    responses(
        (status = 204, description = "It is revoked"),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn revoke(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.may(Scope::IssuerAdmin)?.revoke_token(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
