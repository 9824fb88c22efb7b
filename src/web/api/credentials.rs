//! `/api/v1/credentials`: badges issued, listed, read, withdrawn, erased.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::asked::Asked;
use super::paging::followed;
use super::{Of, Once};
use crate::ids::CredentialId;
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::services::access::Scope;
use crate::services::batches::{Dealt, Fate, How};
use crate::services::checking::{self, About};
use crate::services::credentials::{CredentialDetail, CredentialSummary, Wanted};
use crate::services::standing::{StatusChange, StatusChanged};
use crate::texts::Language;
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::problem::{Problem, ProblemFinding, told};
use crate::web::request;

/// What came of asking for a badge.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Issued {
    /// Its identifier here.
    #[schema(value_type = String, format = Uuid)]
    id: CredentialId,
    /// `issued` now, or `already_issued`: the same recipient has this badge for the same activity.
    #[schema(example = "issued")]
    outcome: &'static str,
    /// The badge class, by its short name.
    #[schema(example = "animateur-fresque")]
    achievement: String,
    /// The badge as a private link; add `.json`, `.jwt`, `.png` or `.svg` to choose its form.
    #[schema(example = "/credentials/6ba7b810-9dad-41d1-80b4-00c04fd430c8")]
    url: String,
}

/// Issue a badge
///
/// To a person or an organisation. The same recipient, badge and activity are the same badge: asked
/// for again, it is not issued twice, so that a call whose answer was lost can be sent again.
#[utoipa::path(
    post, path = "/api/v1/credentials", tag = "credentials", security(("token" = [])),
    params(Of, Once),
    request_body = Asked,
    responses(
        (status = 200, description = "It was issued before", body = Issued),
        (status = 201, description = "It is issued", body = Issued,
            headers(("Location" = String, description = "The badge"))),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn issue(
    caller: Caller,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    let how = if asked.again { How::Again } else { How::Once };
    let activity = asked.activity()?;
    let entry = asked.entry()?;
    let dealt = services.issue_entry(of.slug(), &asked.achievement, entry, activity, how);
    let dealt = Box::pin(dealt).await?;
    let (outcome, status) = match fate(&dealt)? {
        Fate::Issued { .. } => ("issued", StatusCode::CREATED),
        _ => ("already_issued", StatusCode::OK),
    };
    let award = dealt.awards.first();
    let (Some(id), Some(award)) = (award.and_then(|award| award.fate.id()), award) else {
        return Err(Problem::new("internal", "Something went wrong here."));
    };
    Ok(issued(id, outcome, award.achievement.clone(), status))
}

/// The answer to whoever asked for a badge, wherever it came from.
fn issued(
    id: CredentialId,
    outcome: &'static str,
    achievement: String,
    status: StatusCode,
) -> Response {
    metrics::counter!("badgeons_issued_total", "outcome" => outcome).increment(1);
    let url = format!("/credentials/{id}");
    let location = HeaderValue::from_str(&url);
    let issued = Issued {
        id,
        outcome,
        achievement,
        url,
    };
    let mut response = (status, Json(issued)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Renew a badge
///
/// A new badge for the same award, from today on and for as long as its achievement says; it names the
/// old one in `relatedResource`. The old one stays as it is. Asked for again, the answer is the same badge.
#[utoipa::path(
    post, path = "/api/v1/credentials/{id}/renew", tag = "credentials", security(("token" = [])),
    params(("id" = String, Path, description = "The identifier of the badge to renew")),
    responses(
        (status = 200, description = "It was renewed before", body = Issued),
        (status = 201, description = "It is renewed", body = Issued,
            headers(("Location" = String, description = "The new badge"))),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
        (status = 410, response = super::problems::Gone),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn renew(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    let renewed = services.renew_credential(&id).await?;
    let (outcome, status) = if renewed.was_so_already {
        ("already_issued", StatusCode::OK)
    } else {
        ("issued", StatusCode::CREATED)
    };
    Ok(issued(renewed.id, outcome, renewed.achievement, status))
}

/// What would come of asking for a badge.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Checked {
    /// `would_issue`, `already_issued` or `refused`.
    #[schema(example = "would_issue")]
    outcome: &'static str,
    /// Everything that keeps it from being issued.
    findings: Vec<ProblemFinding>,
    /// What would be signed, where something could be composed. Identifiers, salt and the place in the
    /// status list are others when it is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
    /// What that was held to; empty where nothing could be composed.
    report: Vec<Examined>,
}

/// What came of holding a badge to one thing.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Examined {
    /// To what.
    about: About,
    /// `pass`, `warning`, `fail`, or `not_applicable` where it is not asked of this badge.
    #[schema(example = "pass")]
    outcome: &'static str,
    /// Everything that is wrong.
    findings: Vec<ProblemFinding>,
}

impl Examined {
    fn told(examined: &checking::Examined, language: Language) -> Self {
        let findings = examined.findings.as_deref();
        let worst = findings.map(|all| all.iter().map(|finding| finding.severity).max());
        Self {
            about: examined.about,
            outcome: match worst {
                None => "not_applicable",
                Some(None) => "pass",
                Some(Some(Severity::Warning)) => "warning",
                Some(Some(Severity::Error)) => "fail",
            },
            findings: told(language, findings.unwrap_or_default()),
        }
    }
}

/// Check a badge before it is issued
///
/// What would be signed, held to everything others will hold it to: the rules of Open Badges, the
/// official JSON Schema, JSON-LD, 1EdTech's validator, the European elements. Nothing is signed. Findings
/// are in the language that `Accept-Language` wants: `en`, `fr` or `br`.
#[utoipa::path(
    post, path = "/api/v1/credentials/check", tag = "credentials", security(("token" = [])),
    params(Of), request_body = Asked,
    responses(
        (status = 200, description = "What would come of it", body = Checked),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 409, response = super::problems::Conflict),
    )
)]
pub(in crate::web) async fn check(
    caller: Caller,
    language::Asked(language): language::Asked,
    request::Query(of): request::Query<Of>,
    request::Json(asked): request::Json<Asked>,
) -> Result<Json<Checked>, Problem> {
    let services = caller.may(Scope::CredentialsIssue)?;
    let activity = asked.activity()?;
    let entry = asked.entry()?;
    let checked = services.check_entry(of.slug(), &asked.achievement, entry, activity);
    let checked = Box::pin(checked).await?;
    let findings = findings(&checked.dealt);
    let outcome = match checked.dealt.awards.first().map(|award| &award.fate) {
        Some(Fate::AlreadyIssued { .. }) => "already_issued",
        Some(Fate::WouldIssue | Fate::Issued { .. }) if findings.is_empty() => "would_issue",
        _ => "refused",
    };
    let report = checked.report.iter();
    Ok(Json(Checked {
        outcome,
        findings: told(language, &findings),
        credential: checked.credential,
        report: report.map(|it| Examined::told(it, language)).collect(),
    }))
}

/// The fate of the one badge that was asked for, or all that is wrong with what was sent.
fn fate(dealt: &Dealt) -> Result<&Fate, Problem> {
    let findings = findings(dealt);
    if findings.is_empty()
        && let Some(award) = dealt.awards.first()
    {
        return Ok(&award.fate);
    }
    let detail = match findings.first() {
        Some(first) => format!("{} {}", first.message, first.advice),
        None => match dealt.set_aside.first() {
            Some(aside) => aside.reason.to_string(),
            None => "It leads to no badge.".into(),
        },
    };
    Err(Problem::new("invalid", detail).with_findings(&findings))
}

/// Everything that is wrong with what was asked for; a place is the pointer of a member.
fn findings(dealt: &Dealt) -> Vec<Finding> {
    let corrections = dealt.corrections.iter().map(|correction| Finding {
        pointer: correction
            .place
            .as_ref()
            .map(|place| place.heading.to_string())
            .unwrap_or_default(),
        rule: correction.rule,
        severity: Severity::Error,
        message: correction.what.clone(),
        advice: correction.advice.clone(),
    });
    let refused = dealt.awards.iter().filter_map(|award| match &award.fate {
        Fate::Refused { findings } => Some(findings.clone()),
        _ => None,
    });
    corrections.chain(refused.flatten()).collect()
}

/// Which badges to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Filter {
    /// The issuer's short name; needed only where the token reaches several.
    issuer: Option<String>,
    /// Of this badge class, by its short name.
    achievement: Option<String>,
    /// Of whoever has this e-mail address.
    email: Option<String>,
    /// Earned at this activity; case, accents and punctuation do not matter.
    activity: Option<String>,
    /// `good`, `suspended` or `revoked`.
    #[param(pattern = "^(good|suspended|revoked)$")]
    standing: Option<String>,
    /// Signed at this instant or later.
    #[param(value_type = Option<String>, format = DateTime)]
    issued_from: Option<Timestamp>,
    /// Signed before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    issued_before: Option<Timestamp>,
    /// Where the next page begins, as the page before says in its `Link`.
    cursor: Option<i64>,
    /// How many, at most 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// List issued badges, the latest first
///
/// The next page is at the address that the header `Link` names with `rel="next"`.
#[utoipa::path(
    get, path = "/api/v1/credentials", tag = "credentials", security(("token" = [])), params(Filter),
    responses(
        (status = 200, description = "A page of badges", body = [CredentialSummary],
            headers(("Link" = String, description = "The next page, where there is one"))),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn list(
    caller: Caller,
    request::Query(filter): request::Query<Filter>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsRead)?;
    let wanted = Wanted {
        achievement: filter.achievement.clone(),
        email: filter.email.clone(),
        activity: filter.activity.clone(),
        standing: filter.standing.clone(),
        issued_from: filter.issued_from,
        issued_before: filter.issued_before,
        cursor: filter.cursor,
        limit: filter.limit.unwrap_or(50),
    };
    let page = services
        .credentials(filter.issuer.as_deref(), &wanted)
        .await?;
    let query = [
        ("issuer", filter.issuer),
        ("achievement", filter.achievement),
        ("email", filter.email),
        ("activity", filter.activity),
        ("standing", filter.standing),
        ("issued_from", filter.issued_from.map(|at| at.to_string())),
        (
            "issued_before",
            filter.issued_before.map(|at| at.to_string()),
        ),
        ("limit", filter.limit.map(|limit| limit.to_string())),
        ("cursor", page.next.map(|next| next.to_string())),
    ];
    let list = Json(page.items).into_response();
    Ok(followed(
        list,
        "/api/v1/credentials",
        query,
        page.next.is_some(),
    ))
}

/// One issued badge, with all that became of it
#[utoipa::path(
    get, path = "/api/v1/credentials/{id}", tag = "credentials", security(("token" = [])),
    params(("id" = String, Path, description = "The badge's identifier")),
    responses(
        (status = 200, description = "The badge", body = CredentialDetail),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn read(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CredentialDetail>, Problem> {
    Ok(Json(
        caller.may(Scope::CredentialsRead)?.credential(&id).await?,
    ))
}

/// Erase the personal data of a badge
///
/// Name, address and the signed badge are deleted for good; its address answers 410 from then on.
/// Erasing is not revoking: whoever holds a copy can still have it verified.
#[utoipa::path(
    delete, path = "/api/v1/credentials/{id}/personal-data", tag = "credentials",
    security(("token" = [])),
    params(("id" = String, Path, description = "The badge's identifier")),
    responses(
        (status = 204, description = "They are erased"),
        (status = 403, response = super::problems::Forbidden),
        (status = 404, response = super::problems::NotFound),
    )
)]
pub(in crate::web) async fn erase(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller
        .may(Scope::CredentialsRevoke)?
        .erase_credential(&id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Reason {
    /// Kept beside the badge, and never shown to others. Name no person in it.
    #[schema(
        example = "Issued to the wrong person",
        min_length = 1,
        max_length = 500
    )]
    pub(super) reason: String,
}

macro_rules! changes {
    ($($name:ident $verb:literal $change:ident $title:literal;)*) => {$(
        #[doc = $title]
        #[utoipa::path(
            post, path = concat!("/api/v1/credentials/{id}/", $verb), tag = "credentials",
            security(("token" = [])),
            params(("id" = String, Path, description = "The badge's identifier")),
            request_body = Reason,
            responses(
                (status = 200, description = "It is done", body = StatusChanged),
                (status = 403, response = super::problems::Forbidden),
                (status = 404, response = super::problems::NotFound),
                (status = 409, response = super::problems::Conflict),
            )
        )]
        pub(in crate::web) async fn $name(
            caller: Caller,
            Path(id): Path<String>,
            request::Json(Reason { reason }): request::Json<Reason>,
        ) -> Result<Json<StatusChanged>, Problem> {
            let services = caller.may(Scope::CredentialsRevoke)?;
            let changed = services.change_status(&id, StatusChange::$change, &reason).await?;
            Ok(Json(changed))
        }
    )*};
}

changes! {
    revoke "revoke" Revoke "Withdraw a badge for good";
    suspend "suspend" Suspend "Withdraw a badge for a time";
    reinstate "reinstate" Reinstate "End the suspension of a badge";
}
