//! `POST /api/v1/batches`: a file comes in.

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::told::Told;
use crate::recognition::activity::Activity;
use crate::services::Error;
use crate::services::access::Scope;
use crate::services::batches::Roster;
use crate::spreadsheet::{Limits, Mapping};
use crate::web::Web;
use crate::web::api::asked::AskedActivity;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::limits;
use crate::web::problem::Problem;
use crate::web::request::{self, media_type};
use crate::web::upload::{self, FORM, Uploaded};

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 200;

/// What bodies may be; which of them it is, the bytes decide.
const KINDS: [&str; 6] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-ndjson",
    "application/octet-stream",
    "text/plain",
    FORM,
];

/// What is to be made of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// The issuer's short name; needed only where the token reaches several.
    issuer: Option<String>,
    /// Which badge, by its short name; `fresques` lets workshop and role of each row choose, `cec` reads
    /// the attendance sheet of a CEC.
    #[param(example = "participant-fresque-climat", max_length = 200)]
    achievement: String,
    /// Only tell what would happen.
    dry_run: Option<bool>,
    /// What the file is called; as the form calls it where left out.
    #[param(example = "fresquathon.csv", min_length = 1, max_length = 200)]
    name: Option<String>,
    /// What a column holds, where its heading does not say: `Adresse mail=email`, `Remarques=ignore`, or by
    /// its letters `C=email`; may be repeated.
    #[param(example = json!(["Adresse mail=email"]), max_items = 200)]
    map: Option<Vec<String>>,
    /// What the badges were earned at, where the file does not say.
    #[param(example = "Fresquathon")]
    activity: Option<String>,
    /// Where that took place.
    place: Option<String>,
    /// Its day, or the first.
    #[param(format = Date)]
    date: Option<String>,
    /// Its last day.
    #[param(format = Date)]
    end_date: Option<String>,
}

impl FromRequestParts<Web> for Asked {
    type Rejection = Problem;

    /// As any query, but for `map`, which may be there several times.
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let (maps, others): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == "map");
        let others = form_urlencoded::Serializer::new("/?".to_owned())
            .extend_pairs(others)
            .finish();
        let illegible = |_| Problem::new("malformed", "The query of the address can't be read.");
        let mut others_alone = parts.clone();
        others_alone.uri = Uri::try_from(others).map_err(illegible)?;
        let asked = request::Query::from_request_parts(&mut others_alone, web);
        let request::Query(asked) = asked.await?;
        let maps = maps.into_iter().map(|(_, map)| map).collect();
        Ok(Self {
            map: Some(maps),
            ..asked
        })
    }
}

impl Asked {
    fn mapping(&self) -> Result<Mapping, Problem> {
        let maps = self.map.iter().flatten();
        Mapping::parse(maps).map_err(|error| Problem::new("invalid", error.to_string()))
    }

    fn activity(&self) -> Result<Option<Activity>, Problem> {
        let invalid = |detail| Err(Problem::new("invalid", detail));
        let days = (&self.date, &self.end_date);
        let Some(name) = self.activity.clone() else {
            return match (&self.place, days) {
                (None, (None, None)) => Ok(None),
                _ => invalid("Name the activity, too: place and days are those of an activity."),
            };
        };
        if matches!(days, (None, Some(_))) {
            return invalid("Give the first day of the activity, too: there is only a last one.");
        }
        let asked = AskedActivity {
            name,
            place: self.place.clone(),
            start: self.date.clone(),
            end: self.end_date.clone(),
        };
        Ok(Some(asked.activity()?))
    }

    /// What the file is called: as was asked, else as the form calls it.
    fn name(&self, given: Option<&str>) -> Result<String, Problem> {
        if let Some(name) = &self.name {
            let name = name.trim();
            let length = name.chars().count();
            if !(1..=LONGEST_NAME).contains(&length) || name.contains(char::is_control) {
                let detail = "Give the file a name of at most 200 plain characters.";
                return Err(Problem::new("invalid", detail));
            }
            return Ok(name.to_owned());
        }
        // Some send the whole path.
        let name = given.and_then(|name| name.rsplit(['/', '\\']).next());
        let plain = name.unwrap_or_default().chars().filter(|c| !c.is_control());
        let name: String = plain.take(LONGEST_NAME).collect();
        let name = name.trim();
        Ok(if name.is_empty() { "roster" } else { name }.to_owned())
    }

    fn roster(
        self,
        uploaded: Uploaded,
        mapping: Mapping,
        activity: Option<Activity>,
    ) -> Result<Roster, Problem> {
        Ok(Roster {
            name: self.name(uploaded.name.as_deref())?,
            file: Box::new(uploaded.file),
            achievement: self.achievement,
            activity,
            mapping,
            dry_run: self.dry_run.unwrap_or(false),
        })
    }
}

/// Issue badges from a spreadsheet
///
/// The body is the file: CSV in any encoding and with any separator, XLSX, or NDJSON; its bytes decide. A
/// form (`multipart/form-data`) with one file is read, too. It may have a million rows. It is answered once
/// all rows are read and kept, and shows how each column was understood: try a new kind of file with
/// `dry_run=true`. Then every good row is issued whatever the others are; a batch can be watched, paused,
/// ended, revoked. The same recipient, badge and activity are the same badge, so that a corrected file can be
/// sent again as a whole: only what is missing is issued. The same file, sent again while it is on its way, is
/// the same batch. Give a file that takes long to be sent or read a long time-out.
#[utoipa::path(
    post, path = "/api/v1/batches", tag = "batches", security(("token" = [])),
    params(Asked),
    request_body(
        description = "The file",
        content(
            (String = "text/csv", example = json!("Nom;Courriel\nAñaïg Le Coz;anaig@example.org\n")),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"),
            (Vec<u8> = "application/octet-stream"),
            (String = "text/plain"),
            (Vec<u8> = "multipart/form-data"),
        )
    ),
    responses(
        (status = 202, description = "The rows are kept and will be issued", body = Told,
            headers(("Location" = String, description = "The batch"))),
        (status = 400, response = problems::Malformed),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 408, response = problems::Stalled),
        (status = 409, response = problems::Conflict),
        (status = 413, response = problems::TooLarge),
        (status = 415, response = problems::UnsupportedMediaType),
        (status = 422, response = problems::Invalid),
    )
)]
pub(in crate::web) async fn receive(
    State(web): State<Web>,
    caller: Caller,
    language::Asked(language): language::Asked,
    asked: Asked,
    request: Request,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::BatchesWrite)?.clone();
    let issuer = asked.issuer.clone();
    let expected = services.expect_roster(issuer.as_deref(), &asked.achievement);
    expected.await?;
    let (mapping, activity) = (asked.mapping()?, asked.activity()?);
    asked.name(None)?;
    must_be_read(&request)?;
    let place = limits::place(&web.uploading).await?;
    let uploaded = upload::receive(request, Limits::bulk().bytes).await?;
    let roster = asked.roster(uploaded, mapping, activity)?;
    // To its end, also when whoever sent it is gone: it arrived.
    let receiving = tokio::spawn(async move {
        let _place = place;
        let id = services.receive_roster(issuer.as_deref(), roster).await?;
        services.batch(&id.to_string()).await
    });
    let batch = receiving.await.map_err(Error::internal)??;
    let location = [(header::LOCATION, format!("/api/v1/batches/{}", batch.id))];
    let told = Json(Told::of(batch, language));
    Ok((StatusCode::ACCEPTED, location, told).into_response())
}

fn must_be_read(request: &Request) -> Result<(), Problem> {
    let kind = media_type(request.headers()).unwrap_or_default();
    if KINDS.contains(&kind.as_str()) {
        return Ok(());
    }
    Err(Problem::new(
        "unsupported-media-type",
        "Send the file as it is, and say so: Content-Type: text/csv for CSV, application/octet-stream for any.",
    ))
}
