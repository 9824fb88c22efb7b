//! `/api/v1/achievements/{slug}/draft` and what follows: a badge is drafted, published, put away.

use axum::Json;
use axum::extract::Path;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Of;
use super::achievements::Rest;
use crate::services::access::Scope;
use crate::services::achievements::{AchievementDetail, AchievementSummary, NewAchievement};
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// What the next version of a badge is to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedDraft, example = json!({
    "achievement": {
        "name": "Atelier vélo", "description": "A participé à l’atelier vélo.",
        "achievementType": "Badge", "criteria": {"narrative": "Être présent·e du début à la fin."}
    },
    "level": "R2"
}))]
pub(in crate::web) struct Asked {
    /// The Achievement of Open Badges 3.0; it need not be whole before it is published.
    #[schema(value_type = Object)]
    achievement: Value,
    /// Its picture, PNG or SVG, as base64; the one it has where left out.
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
    fn given(self) -> Result<NewAchievement, Problem> {
        let rest = Rest {
            image: self.image,
            level: Some(self.level),
            recipient: self.recipient,
            validity_months: self.validity_months,
        };
        Ok(NewAchievement {
            achievement: Some(self.achievement.to_string().into_bytes()),
            ..rest.given()?
        })
    }
}

/// The draft of a badge
#[utoipa::path(
    get, path = "/api/v1/achievements/{slug}/draft", tag = "achievements",
    security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    responses(
        (status = 200, description = "The draft", body = AchievementDetail),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn draft(
    caller: Caller,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
) -> Result<Json<AchievementDetail>, Problem> {
    let services = caller.services();
    Ok(Json(services.achievement_draft(of.slug(), &slug).await?))
}

/// Write the draft of a badge anew
///
/// It becomes the next version when it is published; until then nothing that can be issued changes.
#[utoipa::path(
    put, path = "/api/v1/achievements/{slug}/draft", tag = "achievements",
    security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    request_body = Asked,
    responses(
        (status = 200, description = "It is kept", body = AchievementSummary),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn write_draft(
    caller: Caller,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<Json<AchievementSummary>, Problem> {
    let services = caller.may(Scope::AchievementsWrite)?;
    let given = asked.given()?;
    let kept = services.draft_achievement(of.slug(), &slug, given).await?;
    Ok(Json(kept))
}

macro_rules! steps {
    ($($name:ident $verb:literal $title:literal $about:literal
       ($services:ident, $of:ident, $slug:ident) => $call:expr;)*) => {$(
        #[doc = $title]
        #[doc = ""]
        #[doc = $about]
        #[utoipa::path(
            post, path = concat!("/api/v1/achievements/{slug}/", $verb), tag = "achievements",
            security(("token" = [])),
            params(("slug" = String, Path, description = "The badge's short name"), Of),
            responses(
                (status = 200, description = "It is done", body = AchievementSummary),
                (status = 403, response = super::problems::Forbidden),
                (status = 404, response = super::problems::NotFound),
                (status = 409, response = super::problems::Conflict),
                (status = 422, response = super::problems::Invalid),
            )
        )]
        pub(in crate::web) async fn $name(
            caller: Caller,
            Path($slug): Path<String>,
            request::Query($of): request::Query<Of>,
        ) -> Result<Json<AchievementSummary>, Problem> {
            let $services = caller.may(Scope::AchievementsWrite)?;
            Ok(Json($call.await?))
        }
    )*};
}

steps! {
    publish_draft "publish" "Publish the draft of a badge"
        "It becomes the next version, which never changes; badges issued before keep theirs."
        (services, of, slug) => services.publish_draft(of.slug(), &slug);
    archive "archive" "Put a badge away"
        "It is not issued any more; what was issued stays valid, and it can still be read."
        (services, of, slug) => services.archive_achievement(of.slug(), &slug, true);
    unarchive "unarchive" "Take a badge up again"
        "It can be issued as before."
        (services, of, slug) => services.archive_achievement(of.slug(), &slug, false);
}
