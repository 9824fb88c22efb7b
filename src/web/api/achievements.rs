//! `/api/v1/achievements`: the badges that can be issued.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Of, Once};
use crate::recognition::levels::Level;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::services::access::Scope;
use crate::services::achievements::{AchievementDetail, AchievementSummary, ImportAchievement};
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// List the badges that can be issued
#[utoipa::path(
    get, path = "/api/v1/achievements", tag = "achievements", security(("token" = [])), params(Of),
    responses(
        (status = 200, description = "The badges", body = [AchievementSummary]),
        (status = 400, response = super::problems::Malformed),
        (status = 401, response = super::problems::Unauthorized),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn list(
    caller: Caller,
    request::Query(of): request::Query<Of>,
) -> Result<Json<Vec<AchievementSummary>>, Problem> {
    Ok(Json(caller.services().achievements(of.slug()).await?))
}

/// One badge, with everything it says
#[utoipa::path(
    get, path = "/api/v1/achievements/{slug}", tag = "achievements", security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    responses(
        (status = 200, description = "The badge", body = AchievementDetail),
        (status = 400, response = super::problems::Malformed),
        (status = 401, response = super::problems::Unauthorized),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn read(
    caller: Caller,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
) -> Result<Json<AchievementDetail>, Problem> {
    Ok(Json(caller.services().achievement(of.slug(), &slug).await?))
}

/// A badge to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedAchievement, example = json!({
    "achievement": {
        "name": "Atelier vélo", "description": "A participé à l’atelier vélo.",
        "achievementType": "Badge", "criteria": {"narrative": "Être présent·e du début à la fin."}
    },
    "level": "R2"
}))]
pub(in crate::web) struct Asked {
    /// The Achievement of Open Badges 3.0, without `id` and `type` where they are to be given:
    /// <https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json>.
    #[schema(value_type = Object)]
    achievement: Value,
    /// Its short name; made from its name where left out. One that is there gets a new version, and
    /// badges issued before keep theirs.
    slug: Option<String>,
    /// Its picture, PNG or SVG, as base64.
    image: Option<String>,
    /// What is checked before it is awarded: `R1` to `R6`, or `L` for a label.
    #[schema(example = "R2", pattern = "^(R[1-6]|L)$")]
    level: String,
    /// Whom it is for: `person` (where left out) or `organisation`.
    #[schema(pattern = "^(person|organisation)$")]
    recipient: Option<String>,
    /// For how many months it holds; for good where left out.
    #[schema(minimum = 1)]
    validity_months: Option<u16>,
}

impl Asked {
    fn given(self) -> Result<ImportAchievement, Problem> {
        let invalid = |detail: String| Problem::new("invalid", detail);
        let level = Level::ALL
            .into_iter()
            .find(|level| level.code() == self.level)
            .ok_or_else(|| invalid("Write the level as R1, R2, R3, R4, R5, R6 or L.".into()))?;
        let recipient = match self.recipient.as_deref() {
            None | Some("person") => RecipientKind::Person,
            Some("organisation") => RecipientKind::Organisation,
            Some(_) => return Err(invalid("It is for a person or for an organisation.".into())),
        };
        let image = self.image.map(|text| STANDARD.decode(text)).transpose();
        Ok(ImportAchievement {
            achievement: self.achievement.to_string().into_bytes(),
            slug: self.slug,
            image: image.map_err(|_| invalid("The picture is not base64.".into()))?,
            level,
            recipient,
            validity: self
                .validity_months
                .map_or(Validity::Unlimited, Validity::Months),
        })
    }
}

/// Publish a badge, or the next version of one
///
/// A published version never changes.
#[utoipa::path(
    post, path = "/api/v1/achievements", tag = "achievements", security(("token" = [])),
    params(Of, Once),
    request_body = Asked,
    responses(
        (status = 201, description = "It is published", body = AchievementSummary),
        (status = 400, response = super::problems::Malformed),
        (status = 401, response = super::problems::Unauthorized),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
        (status = 413, response = super::problems::TooLarge),
        (status = 415, response = super::problems::UnsupportedMediaType),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn publish(
    caller: Caller,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<(StatusCode, Json<AchievementSummary>), Problem> {
    let services = caller.may(Scope::AchievementsWrite)?;
    let published = services
        .import_achievement(of.slug(), asked.given()?)
        .await?;
    Ok((StatusCode::CREATED, Json(published)))
}
