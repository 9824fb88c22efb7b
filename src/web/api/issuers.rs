//! `/api/v1/issuers`: organisations that issue, and their keys.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Once;
use crate::openbadges::model::Timestamp;
use crate::services::access::Scope;
use crate::services::issuers::{IssuerSummary, NewIssuer};
use crate::services::keys::KeySummary;
use crate::services::profiles::{Edit, Names, ProfileEdit};
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// An organisation that is to issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedIssuer)]
pub(in crate::web) struct Asked {
    /// Its name, as every badge says it.
    #[schema(example = "Territoire apprenant", max_length = 200)]
    name: String,
    /// Its short name in addresses; made from the name where left out.
    slug: Option<String>,
    /// Its web site.
    url: Option<String>,
    /// Its e-mail address, shown on badges.
    email: Option<String>,
    /// Its country, as two capitals.
    #[schema(example = "FR")]
    country: Option<String>,
    /// Its region.
    #[schema(example = "Bretagne")]
    region: Option<String>,
    /// Its SIRET number.
    siret: Option<String>,
}

/// List the issuers that the token reaches
#[utoipa::path(
    get, path = "/api/v1/issuers", tag = "issuers", security(("token" = [])),
    responses(
        (status = 200, description = "The issuers", body = [IssuerSummary]),
    )
)]
pub(in crate::web) async fn list(caller: Caller) -> Result<Json<Vec<IssuerSummary>>, Problem> {
    Ok(Json(caller.services().issuers().await?))
}

/// Make an issuer, with keys and the founding badges
///
/// Needs the scope `operator`. One that is there already stays as it is.
#[utoipa::path(
    post, path = "/api/v1/issuers", tag = "issuers", security(("token" = [])), params(Once),
    request_body = Asked,
    responses(
        (status = 200, description = "It was there already", body = IssuerSummary),
        (status = 201, description = "It was made", body = IssuerSummary),
        (status = 403, response = super::problems::Forbidden),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn create(
    caller: Caller,
    request::Json(asked): request::Json<Asked>,
) -> Result<(StatusCode, Json<IssuerSummary>), Problem> {
    let services = caller.may(Scope::Operator)?;
    let new = NewIssuer {
        name: asked.name,
        slug: asked.slug,
        url: asked.url,
        email: asked.email,
        country: asked.country,
        region: asked.region,
        siret: asked.siret,
    };
    let (issuer, made) = services.create_issuer(new).await?;
    let status = if made {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(issuer)))
}

/// An issuer's profile, as its badges carry it
///
/// Where it has a name in several languages, all are told; badges carry one of them.
#[utoipa::path(
    get, path = "/api/v1/issuers/{slug}", tag = "issuers", security(("token" = [])),
    params(("slug" = String, Path, description = "The issuer's short name")),
    responses(
        (status = 200, description = "The Profile (Open Badges 3.0)", body = Value),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn read(
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(caller.services().issuer_told(&slug).await?))
}

/// What is to be different about an issuer; what is left out stays, `null` takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EditedIssuer)]
pub(in crate::web) struct Edited {
    /// Its name, or its name in each language; badges carry the French one where there is one, else the
    /// English one.
    #[serde(default)]
    #[schema(value_type = Option<Names>, example = json!({"fr": "Pays de Vannes", "br": "Bro Gwened"}))]
    name: Edit<Names>,
    /// Its web site.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    url: Edit<String>,
    /// Its e-mail address, shown on badges.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    email: Edit<String>,
    /// Its country, as two capitals.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "FR")]
    country: Edit<String>,
    /// Its region.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    region: Edit<String>,
    /// Its town.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    locality: Edit<String>,
    /// Its postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    postal_code: Edit<String>,
    /// Street and number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    street: Edit<String>,
    /// Its SIRET number.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    siret: Edit<String>,
    /// The number under which it is known at LinkedIn: a badge added there carries its logo.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "1234567")]
    linkedin: Edit<String>,
    /// Its logo, PNG or SVG of at most 256 KiB, as base64.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    logo: Edit<String>,
}

impl Edited {
    fn edit(self) -> Result<ProfileEdit, Problem> {
        let logo = match self.logo {
            Edit::Keep => Edit::Keep,
            Edit::Clear => Edit::Clear,
            Edit::To(text) => Edit::To(
                STANDARD
                    .decode(text)
                    .map_err(|_| Problem::new("invalid", "The logo is not base64."))?,
            ),
        };
        Ok(ProfileEdit {
            name: self.name,
            url: self.url,
            email: self.email,
            country: self.country,
            region: self.region,
            locality: self.locality,
            postal_code: self.postal_code,
            street: self.street,
            siret: self.siret,
            linkedin: self.linkedin,
            logo,
        })
    }
}

/// Change what an issuer says of itself
///
/// Badges issued later carry it; those issued before keep what they were signed with.
#[utoipa::path(
    patch, path = "/api/v1/issuers/{slug}", tag = "issuers", security(("token" = [])),
    params(("slug" = String, Path, description = "The issuer's short name")),
    request_body = Edited,
    responses(
        (status = 200, description = "The Profile (Open Badges 3.0)", body = Value),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn edit(
    caller: Caller,
    Path(slug): Path<String>,
    request::Json(edited): request::Json<Edited>,
) -> Result<Json<Value>, Problem> {
    let services = caller.may(Scope::IssuerAdmin)?;
    Ok(Json(services.edit_issuer(&slug, edited.edit()?).await?))
}

/// The keys an issuer ever signed with
#[utoipa::path(
    get, path = "/api/v1/issuers/{slug}/keys", tag = "issuers", security(("token" = [])),
    params(("slug" = String, Path, description = "The issuer's short name")),
    responses(
        (status = 200, description = "The keys", body = [KeySummary]),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn keys(
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Vec<KeySummary>>, Problem> {
    Ok(Json(caller.services().keys(Some(&slug)).await?))
}

/// Make new keys, and sign with them from now on
#[utoipa::path(
    post, path = "/api/v1/issuers/{slug}/keys/rotate", tag = "issuers", security(("token" = [])),
    params(("slug" = String, Path, description = "The issuer's short name")),
    responses(
        (status = 200, description = "The keys", body = [KeySummary]),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn rotate(
    caller: Caller,
    Path(slug): Path<String>,
) -> Result<Json<Vec<KeySummary>>, Problem> {
    let services = caller.may(Scope::IssuerAdmin)?;
    Ok(Json(services.rotate_keys(Some(&slug)).await?))
}

/// Sign no more with a key; what it signed stays valid
#[utoipa::path(
    post, path = "/api/v1/keys/{id}/retire", tag = "issuers", security(("token" = [])),
    params(("id" = String, Path, description = "The key's identifier")),
    responses(
        (status = 200, description = "The issuer's keys", body = [KeySummary]),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn retire(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<KeySummary>>, Problem> {
    Ok(Json(caller.may(Scope::IssuerAdmin)?.retire_key(&id).await?))
}

/// Since when a key can't be trusted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Since {
    /// What was signed with it from this instant on is not valid.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// Say since when somebody else may hold a key
#[utoipa::path(
    post, path = "/api/v1/keys/{id}/compromised", tag = "issuers", security(("token" = [])),
    params(("id" = String, Path, description = "The key's identifier")), request_body = Since,
    responses(
        (status = 200, description = "The issuer's keys", body = [KeySummary]),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn compromised(
    caller: Caller,
    Path(id): Path<String>,
    request::Json(Since { since }): request::Json<Since>,
) -> Result<Json<Vec<KeySummary>>, Problem> {
    let services = caller.may(Scope::IssuerAdmin)?;
    Ok(Json(services.key_compromised(&id, since).await?))
}
