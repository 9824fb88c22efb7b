//! Batches, their reports and their rows.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::told::Told;
use crate::services::access::Scope;
use crate::services::batches::rows::{RowOutcome, RowTold};
use crate::services::batches::{Fate, RosterReport};
use crate::texts::{self, Language};
use crate::web::api::paging::followed;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::problem::Problem;
use crate::web::request;

/// The most batches, and the most rows, of one page.
const LARGEST_PAGE: u32 = 200;
const MOST_ROWS: u32 = 1000;

/// Which batches to list.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Filter {
    /// The issuer's short name; all that the token reaches where left out.
    issuer: Option<String>,
    /// Where the next page begins, as the page before says in its `Link`.
    cursor: Option<i64>,
    /// How many, at most 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// List batches, the latest first
///
/// The next page is at the address that the header `Link` names with `rel="next"`.
#[utoipa::path(
    get, path = "/api/v1/batches", tag = "batches", security(("token" = [])), params(Filter),
    responses(
        (status = 200, description = "A page of batches", body = [Told],
            headers(("Link" = String, description = "The next page, where there is one"))),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 422, response = problems::Invalid),
    )
)]
pub(in crate::web) async fn list(
    caller: Caller,
    language::Asked(language): language::Asked,
    request::Query(filter): request::Query<Filter>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::BatchesWrite)?;
    let limit = within(filter.limit, 50, LARGEST_PAGE)?;
    let issuer = filter.issuer.as_deref();
    // One more, to know whether there is one.
    let found = services.batches(issuer, filter.cursor, limit.saturating_add(1));
    let mut found = found.await?;
    let places = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > places;
    found.truncate(places);
    let next = found.last().filter(|_| more).map(|batch| batch.position);
    let told = found.into_iter().map(|batch| Told::of(batch, language));
    let list = Json(told.collect::<Vec<_>>()).into_response();
    let query = [
        ("issuer", filter.issuer),
        ("limit", filter.limit.map(|limit| limit.to_string())),
        ("cursor", next.map(|next| next.to_string())),
    ];
    Ok(followed(list, "/api/v1/batches", query, next.is_some()))
}

/// A limit that was asked for, if it is one.
fn within(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::new(
        "invalid",
        format!("The limit is a number from 1 to {most}."),
    ))
}

/// One batch, and how far it has come
#[utoipa::path(
    get, path = "/api/v1/batches/{id}", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier")),
    responses(
        (status = 200, description = "The batch", body = Told),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
    )
)]
pub(in crate::web) async fn read(
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(id): Path<String>,
) -> Result<Json<Told>, Problem> {
    let batch = caller.may(Scope::BatchesWrite)?.batch(&id).await;
    Ok(Json(Told::of(batch?, language)))
}

/// What became of a whole file
///
/// As the command line tells it with `--json`: every badge, everything to correct, every row set aside, the
/// first 20,000 of each; where there are more, `complete` is false, and `rows` or `result` tell all.
#[utoipa::path(
    get, path = "/api/v1/batches/{id}/report", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier")),
    responses(
        (status = 200, description = "The report", body = serde_json::Value),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 409, response = problems::Conflict),
        (status = 410, response = problems::Gone),
    )
)]
pub(in crate::web) async fn report(
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(id): Path<String>,
) -> Result<Json<RosterReport>, Problem> {
    let report = caller.may(Scope::BatchesWrite)?.roster_report(&id).await;
    let mut report = report?;
    translate(&mut report, language);
    Ok(Json(report))
}

fn translate(report: &mut RosterReport, language: Language) {
    for correction in &mut report.dealt.corrections {
        say(language, &mut correction.what);
        say(language, &mut correction.advice);
    }
    for award in &mut report.dealt.awards {
        if let Fate::Refused { findings } = &mut award.fate {
            for finding in findings {
                say(language, &mut finding.message);
                say(language, &mut finding.advice);
            }
        }
    }
}

fn say(language: Language, text: &mut String) {
    *text = texts::say(language, text).into_owned();
}

/// Which rows to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct RowsFilter {
    /// Those that came out in this way; all where left out.
    #[param(
        pattern = "^(issued|already_issued|would_issue|counted|to_correct|set_aside|refused|waiting|cancelled)$"
    )]
    outcome: Option<String>,
    /// Those after this row of the file.
    #[param(minimum = 0)]
    after: Option<u32>,
    /// How many, at most 1000.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What became of each row
///
/// In the order of the file, in the language that `Accept-Language` wants: `en`, `fr` or `br`. The next page
/// is at the address that the header `Link` names with `rel="next"`.
#[utoipa::path(
    get, path = "/api/v1/batches/{id}/rows", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier"), RowsFilter),
    responses(
        (status = 200, description = "A page of rows", body = [RowTold],
            headers(("Link" = String, description = "The next page, where there is one"))),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 410, response = problems::Gone),
        (status = 422, response = problems::Invalid),
    )
)]
pub(in crate::web) async fn rows(
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(id): Path<String>,
    request::Query(filter): request::Query<RowsFilter>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::BatchesWrite)?;
    let outcome = filter.outcome.as_deref().map(str::parse::<RowOutcome>);
    let outcome = outcome.transpose()?;
    let limit = within(filter.limit, 200, MOST_ROWS)?;
    let places = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = services.batch_rows(&id, outcome, filter.after, places);
    let mut page = page.await?;
    for row in &mut page.rows {
        row.reason.iter_mut().for_each(|text| say(language, text));
        for correction in &mut row.corrections {
            say(language, &mut correction.what);
            say(language, &mut correction.advice);
        }
    }
    let query = [
        ("outcome", filter.outcome),
        ("limit", filter.limit.map(|limit| limit.to_string())),
        ("after", page.next.map(|next| next.to_string())),
    ];
    let path = format!("/api/v1/batches/{id}/rows");
    Ok(followed(
        Json(page.rows).into_response(),
        &path,
        query,
        page.next.is_some(),
    ))
}
