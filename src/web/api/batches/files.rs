//! What an organiser takes away: their sheet with what became of each row, and the badges.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::services::access::Scope;
use crate::services::presenting::Format;
use crate::services::slug;
use crate::spreadsheet::ResultFormat;
use crate::texts::Language;
use crate::web::Web;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::download;
use crate::web::language;
use crate::web::limits;
use crate::web::problem::Problem;
use crate::web::request;

/// How the result is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct ResultAsked {
    /// `csv` (where left out) or `xlsx`.
    #[param(pattern = "^(csv|xlsx)$")]
    format: Option<String>,
    /// `en`, `fr` or `br`; what `Accept-Language` wants where left out.
    #[param(pattern = "^(en|fr|br)$")]
    language: Option<String>,
}

impl ResultAsked {
    fn format(&self) -> Result<ResultFormat, Problem> {
        match self.format.as_deref() {
            None | Some("csv") => Ok(ResultFormat::Csv),
            Some("xlsx") => Ok(ResultFormat::Xlsx),
            Some(_) => Err(Problem::new("invalid", "The format is csv or xlsx.")),
        }
    }

    fn language(&self, wanted: Language) -> Result<Language, Problem> {
        let Some(code) = &self.language else {
            return Ok(wanted);
        };
        let language = Language::of_code(code);
        language.ok_or_else(|| Problem::new("invalid", "The language is en, fr or br."))
    }
}

/// The file again, with what became of each row
///
/// The organiser's own rows and columns, and three more: the outcome, what to correct in which cell, and the
/// badge's address. Correct the cells in this very file and send it: our columns are ignored, and only what is
/// missing is issued.
#[utoipa::path(
    get, path = "/api/v1/batches/{id}/result", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier"), ResultAsked),
    responses(
        (status = 200, description = "The file", content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 409, response = problems::Conflict),
        (status = 410, response = problems::Gone),
        (status = 422, response = problems::Invalid),
    )
)]
pub(in crate::web) async fn result(
    State(web): State<Web>,
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(id): Path<String>,
    request::Query(asked): request::Query<ResultAsked>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::BatchesWrite)?;
    let (format, language) = (asked.format()?, asked.language(language)?);
    let place = limits::place(&web.downloading).await?;
    let written = services.batch_result(&id, format, language);
    let written = written.await?;
    let (media_type, extension) = match format {
        ResultFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ResultFormat::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    let name = named_as(&written.name, extension);
    Ok(download::sent(Some(written.file), media_type, &name, place))
}

/// How the badges are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct BadgesAsked {
    /// `png` (where left out), `svg`, `json` or `jwt`.
    #[param(pattern = "^(png|svg|json|jwt)$")]
    format: Option<String>,
}

/// The badges of a batch, in one ZIP
///
/// Those that stand, badges that were issued before included: `BADGE/NAME-xxxxxxxx.png`. Of a batch that is on
/// its way, those that are there so far. A badge that has no such form is in it as JSON.
#[utoipa::path(
    get, path = "/api/v1/batches/{id}/badges", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier"), BadgesAsked),
    responses(
        (status = 200, description = "The badges", body = Vec<u8>, content_type = "application/zip"),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 409, response = problems::Conflict),
        (status = 410, response = problems::Gone),
        (status = 422, response = problems::Invalid),
    )
)]
pub(in crate::web) async fn badges(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    request::Query(asked): request::Query<BadgesAsked>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsRead)?;
    let format = asked.format.as_deref().map(str::parse::<Format>);
    let format = format.transpose()?.unwrap_or(Format::Png);
    let name = services.batch(&id).await?.file;
    let archive = services.batch_archive(&id, format).await?;
    let place = limits::place(&web.downloading).await?;
    let name = named_as(&name, "zip");
    Ok(download::sent(archive, "application/zip", &name, place))
}

/// A file that is called as the organiser's, in plain letters.
fn named_as(name: &str, extension: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = slug::of_name(stem).unwrap_or_else(|| "roster".into());
    format!("badgeons-{stem}.{extension}")
}
