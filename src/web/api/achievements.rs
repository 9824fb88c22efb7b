//! `/api/v1/achievements`: the badges that can be issued, and how they come to be.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Of, Once};
use crate::recognition::levels::Level;
use crate::recognition::microcredential::Status;
use crate::recognition::templates::{RecipientKind, Validity};
use crate::services::access::Scope;
use crate::services::achievements::{
    self, AchievementDetail, AchievementSummary, Completeness, Duplicates, NewAchievement, Shown,
    TemplateSummary,
};
use crate::texts::{self, Language};
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::problem::{Problem, ProblemFinding, told};
use crate::web::request;

/// Which badges to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Filter {
    /// The issuer's short name; needed only where the token reaches several.
    issuer: Option<String>,
    /// `published` (where left out), `draft`, `archived` or `all`.
    #[param(pattern = "^(published|draft|archived|all)$")]
    state: Option<String>,
}

/// List the badges that can be issued
#[utoipa::path(
    get, path = "/api/v1/achievements", tag = "achievements", security(("token" = [])),
    params(Filter),
    responses(
        (status = 200, description = "The badges", body = [AchievementSummary]),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn list(
    caller: Caller,
    request::Query(filter): request::Query<Filter>,
) -> Result<Json<Vec<AchievementSummary>>, Problem> {
    let shown = match filter.state.as_deref() {
        None | Some("published") => Shown::Published,
        Some("draft") => Shown::Drafts,
        Some("archived") => Shown::Archived,
        Some("all") => Shown::All,
        Some(_) => {
            let told = "The state is published, draft, archived or all.";
            return Err(Problem::new("invalid", told));
        }
    };
    let issuer = filter.issuer.as_deref();
    let found = caller.services().achievements_shown(issuer, shown).await?;
    Ok(Json(found))
}

/// List the founding badges, from which others can be made
#[utoipa::path(
    get, path = "/api/v1/templates", tag = "achievements", security(("token" = [])),
    responses(
        (status = 200, description = "The templates", body = [TemplateSummary]),
    )
)]
pub(in crate::web) async fn templates(_caller: Caller) -> Json<Vec<TemplateSummary>> {
    Json(achievements::templates())
}

/// One badge, with everything it says
#[utoipa::path(
    get, path = "/api/v1/achievements/{slug}", tag = "achievements", security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    responses(
        (status = 200, description = "The badge", body = AchievementDetail),
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

/// All that a badge said, the first version first
#[utoipa::path(
    get, path = "/api/v1/achievements/{slug}/versions", tag = "achievements",
    security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    responses(
        (status = 200, description = "The versions", body = [AchievementDetail]),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn versions(
    caller: Caller,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
) -> Result<Json<Vec<AchievementDetail>>, Problem> {
    let services = caller.services();
    Ok(Json(services.achievement_versions(of.slug(), &slug).await?))
}

/// How far a badge is from being a micro-credential.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct MicroCredential {
    /// Whether all eleven elements are met.
    complete: bool,
    /// Whether the draft was looked at; else the version in force.
    draft: bool,
    /// The elements of Annex I of the Council Recommendation 2022/C 243/02, in its order.
    elements: Vec<Element>,
    /// What is met but unusual.
    warnings: Vec<String>,
    /// What is written and can't be read.
    findings: Vec<ProblemFinding>,
}

/// One of the eleven elements.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Element {
    /// 1 to 11.
    #[schema(minimum = 1, maximum = 11)]
    number: u8,
    /// Its name.
    #[schema(example = "workload")]
    name: &'static str,
    /// `ok`, `absent` or `not_applicable`.
    #[schema(example = "absent")]
    status: &'static str,
    /// What to do, or why it does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Give the learner's hours of work.")]
    note: Option<String>,
}

impl MicroCredential {
    fn told(it: Completeness, language: Language) -> Self {
        let say = |text: &str| texts::say(language, text).into_owned();
        let elements = it.report.elements.into_iter().map(|element| {
            let (status, note) = match element.status {
                Status::Ok => ("ok", None),
                Status::Absent { advice } => ("absent", Some(say(advice))),
                Status::NotApplicable { reason } => ("not_applicable", Some(reason)),
            };
            Element {
                number: element.number,
                name: element.name,
                status,
                note,
            }
        });
        Self {
            complete: it.complete,
            draft: it.draft,
            elements: elements.collect(),
            warnings: it.report.warnings.iter().map(|text| say(text)).collect(),
            findings: told(language, &it.findings),
        }
    }
}

/// How far a badge is from being a micro-credential
///
/// Of its draft where it has one, else of the version in force: which of the eleven European elements
/// are met. A badge of the level R6 is published only when all are.
#[utoipa::path(
    get, path = "/api/v1/achievements/{slug}/micro-credential", tag = "achievements",
    security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    responses(
        (status = 200, description = "The eleven elements", body = MicroCredential),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn micro_credential(
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
) -> Result<Json<MicroCredential>, Problem> {
    let it = caller.services().micro_credential(of.slug(), &slug).await?;
    Ok(Json(MicroCredential::told(it, language)))
}

/// A badge to be made.
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
    /// The founding badge to begin from, by its short name; `achievement` then holds only what is to
    /// be different (JSON Merge Patch), and all else may be left out.
    template: Option<String>,
    /// The Achievement of Open Badges 3.0, without `id` and `type` where they are to be given:
    /// <https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json>.
    /// At the level R6 with the European elements: learningOutcome, workload, ects, eqfLevel or
    /// eqfLevelReason, assessmentType, participation, prerequisites, stackable, qualityAssurance.
    #[schema(value_type = Option<Object>)]
    achievement: Option<Value>,
    /// Its short name; made from its name where left out. One that is there gets a new version, and
    /// badges issued before keep theirs.
    slug: Option<String>,
    /// Its picture, PNG or SVG, as base64.
    image: Option<String>,
    /// What is checked before it is awarded: `R1` to `R6`, or `L` for a label; the template's where
    /// left out.
    #[schema(example = "R2", pattern = "^(R[1-6]|L)$")]
    level: Option<String>,
    /// Whom it is for: `person` or `organisation`; the template's, else `person`, where left out.
    #[schema(pattern = "^(person|organisation)$")]
    recipient: Option<String>,
    /// For how many months it holds; as the template, else for good, where left out.
    #[schema(minimum = 1)]
    validity_months: Option<u16>,
    /// Keep it as a draft instead of publishing it.
    #[serde(default)]
    draft: bool,
}

impl Asked {
    fn given(self) -> Result<NewAchievement, Problem> {
        let rest = Rest {
            image: self.image,
            level: self.level,
            recipient: self.recipient,
            validity_months: self.validity_months,
        };
        Ok(NewAchievement {
            template: self.template,
            achievement: self.achievement.map(|it| it.to_string().into_bytes()),
            slug: self.slug,
            draft: self.draft,
            ..rest.given()?
        })
    }
}

/// What is said of a badge beside the Achievement itself.
pub(super) struct Rest {
    pub(super) image: Option<String>,
    pub(super) level: Option<String>,
    pub(super) recipient: Option<String>,
    pub(super) validity_months: Option<u16>,
}

impl Rest {
    pub(super) fn given(self) -> Result<NewAchievement, Problem> {
        let invalid = |detail: &str| Problem::new("invalid", detail);
        let level = |code: &String| {
            let found = Level::of_code(code);
            found.ok_or_else(|| invalid("Write the level as R1, R2, R3, R4, R5, R6 or L."))
        };
        let recipient = match self.recipient.as_deref() {
            None => None,
            Some("person") => Some(RecipientKind::Person),
            Some("organisation") => Some(RecipientKind::Organisation),
            Some(_) => return Err(invalid("It is for a person or for an organisation.")),
        };
        let image = self.image.map(|text| STANDARD.decode(text)).transpose();
        if self.validity_months == Some(0) {
            return Err(invalid("It holds for a month at least."));
        }
        Ok(NewAchievement {
            image: image.map_err(|_| invalid("The picture is not base64."))?,
            level: self.level.as_ref().map(level).transpose()?,
            recipient,
            validity: self.validity_months.map(Validity::Months),
            ..NewAchievement::default()
        })
    }
}

/// Publish a badge, or the next version of one
///
/// A published version never changes. With `draft` it is kept to be changed and published later.
#[utoipa::path(
    post, path = "/api/v1/achievements", tag = "achievements", security(("token" = [])),
    params(Of, Once),
    request_body = Asked,
    responses(
        (status = 201, description = "It is published, or kept as a draft", body = AchievementSummary),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn publish(
    caller: Caller,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<(StatusCode, Json<AchievementSummary>), Problem> {
    let services = caller.may(Scope::AchievementsWrite)?;
    let made = services.new_achievement(of.slug(), asked.given()?).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// What is to become of awards that were made before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskedDuplicates)]
pub(in crate::web) struct Decided {
    /// `skip`, `refuse` or `allow`.
    duplicates: Duplicates,
}

/// Decide what becomes of awards that were made before
///
/// The same recipient, badge and activity are the same award: asked for again it is skipped, which is how
/// every badge begins, refused as something to correct, or made again each time.
#[utoipa::path(
    put, path = "/api/v1/achievements/{slug}/duplicates", tag = "achievements",
    security(("token" = [])),
    params(("slug" = String, Path, description = "The badge's short name"), Of),
    request_body = Decided,
    responses(
        (status = 200, description = "It is decided", body = AchievementSummary),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn duplicates(
    caller: Caller,
    Path(slug): Path<String>,
    request::Query(of): request::Query<Of>,
    request::Json(Decided { duplicates }): request::Json<Decided>,
) -> Result<Json<AchievementSummary>, Problem> {
    let services = caller.may(Scope::AchievementsWrite)?;
    let decided = services.decide_duplicates(of.slug(), &slug, duplicates);
    Ok(Json(decided.await?))
}
