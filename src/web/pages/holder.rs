//! `/holders/{link}`: the holder decides about their badge, through the link that is theirs.

use std::io::{Cursor, Write as _};

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use zip::write::SimpleFileOptions;

use super::badge::Badge;
use super::credential::page_of_holder;
use super::directory::Choice;
use super::format::date;
use super::{Frame, paper, privately, sent_privately, sharing};
use crate::services::Error;
use crate::services::holders::{HolderDesk, HolderLink, Visibility};
use crate::services::presenting::{self, Format};
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::public::answer::{Keep, kept};
use crate::web::request::{Query, broken_form};

#[derive(Template)]
#[template(path = "holder.html", config = "src/web/pages/askama.toml")]
struct Desk {
    f: Frame,
    badge: Badge,
    done: Option<String>,
    refused: Option<String>,
    here: String,
    page: String,
    all: String,
    visibilities: Vec<Choice>,
    language: Option<String>,
    name_asked: Option<String>,
    erasure_asked: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    /// What was done, after it was.
    #[serde(default)]
    done: String,
}

/// What a form of the page sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    r#do: String,
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    text: String,
}

pub(super) async fn desk(
    State(web): State<Web>,
    f: Frame,
    Path(link): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let done = match told.done.as_str() {
        "decide" => Some("holder-done-decide"),
        "name" | "erasure" => Some("holder-done-asked"),
        "link" => Some("holder-done-link"),
        _ => None,
    };
    shown(&web, f, &link.parse()?, done, None, StatusCode::OK).await
}

async fn shown(
    web: &Web,
    f: Frame,
    link: &HolderLink,
    done: Option<&str>,
    refused: Option<&str>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let desk = web.services.holder_desk(link).await?;
    let shown = web.services.badge_shown(desk.badge, Some(link)).await?;
    let f = f.preferring(desk.language.as_deref());
    let asked = |kind: &str| {
        let asked = desk.asked.iter().find(|asked| asked.kind == kind)?;
        Some(date(f.language, asked.made_at))
    };
    let page = Desk {
        badge: sharing::badge(&shown, true, f.language),
        done: done.map(|key| f.say(key)),
        refused: refused.map(|key| f.say(key)),
        here: f.to(&format!("/holders/{link}")),
        page: f.to(&format!("/holders/{link}/badge")),
        all: f.to(&format!("/holders/{link}/badge.zip")),
        visibilities: visibilities(&f, &desk),
        name_asked: asked("name"),
        erasure_asked: asked("erasure"),
        language: desk.language,
        f,
    };
    sent_privately(&page, status)
}

fn visibilities(f: &Frame, desk: &HolderDesk) -> Vec<Choice> {
    let choice = |visibility: Visibility, name: &str, text: &str| Choice {
        code: visibility.as_str().to_owned(),
        name: f.say(name),
        checked: f.say(text),
        address: String::new(),
        is_this: visibility == desk.visibility,
    };
    vec![
        choice(
            Visibility::Private,
            "visibility-private",
            "visibility-private-text",
        ),
        choice(Visibility::Link, "visibility-link", "visibility-link-text"),
        choice(
            Visibility::Anonymous,
            "visibility-anonymous",
            "visibility-anonymous-text",
        ),
        choice(
            Visibility::Public,
            "visibility-public",
            "visibility-public-text",
        ),
    ]
}

/// Does what a form asks for, then shows the page again: reloading it does nothing twice.
pub(super) async fn act(
    State(web): State<Web>,
    f: Frame,
    Path(link): Path<String>,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|error| broken_form(error.status()))?;
    let link: HolderLink = link.parse()?;
    let mut next = link.clone();
    let outcome = match sent.r#do.as_str() {
        "decide" => match visibility_of(&sent.visibility) {
            Some(visibility) => {
                let language = Some(sent.language.as_str()).filter(|code| !code.is_empty());
                web.services.decide(&link, visibility, language).await
            }
            None => Err(Error::Refused("there is no such visibility".into())),
        },
        kind @ ("name" | "erasure") => web.services.ask_issuer(&link, kind, &sent.text).await,
        "link" => web
            .services
            .replace_own_link(&link)
            .await
            .map(|new| next = new),
        _ => Err(Error::Refused("there is no such thing to do".into())),
    };
    match outcome {
        Ok(()) => {
            let place = f.to(&format!("/holders/{next}?done={}", sent.r#do));
            Ok(privately(Redirect::to(&place).into_response()))
        }
        Err(Error::Refused(_)) => {
            let why = "holder-refused";
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&web, f, &link, None, Some(why), status).await
        }
        Err(error) => Err(error.into()),
    }
}

fn visibility_of(code: &str) -> Option<Visibility> {
    [
        Visibility::Private,
        Visibility::Link,
        Visibility::Anonymous,
        Visibility::Public,
    ]
    .into_iter()
    .find(|visibility| visibility.as_str() == code)
}

/// The badge's page as its holder sees it, the badge in one form, or all of them in one file.
pub(super) async fn file(
    State(web): State<Web>,
    f: Frame,
    Path((link, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let link: HolderLink = link.parse()?;
    if name == "badge" {
        return page_of_holder(&web, f, &link).await;
    }
    let form = name.strip_prefix("badge.").unwrap_or_default();
    let (media_type, bytes) = match form {
        "zip" => ("application/zip", everything(&web, f, &link).await?),
        "pdf" => (
            "application/pdf",
            paper::certificate(&web, f, link.badge(), Some(&link)).await?,
        ),
        _ => {
            let format: Format = form.parse().map_err(|_| Error::not_found("file", name))?;
            let form = presenting::Form::In(format);
            let bytes = web
                .services
                .hand_out(link.badge(), form, Some(&link))
                .await?;
            (format.media_type(), bytes)
        }
    };
    let mut response = kept(&HeaderMap::new(), media_type, Keep::Never, bytes);
    if media_type == "application/zip" {
        let name = HeaderValue::from_static("attachment; filename=\"badge.zip\"");
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(privately(response))
}

/// All there is of a badge, so that its holder needs nobody to keep it (GDPR art. 20).
async fn everything(web: &Web, f: Frame, link: &HolderLink) -> Result<Vec<u8>, Problem> {
    let mut files = Vec::new();
    for format in Format::ALL {
        let form = presenting::Form::In(format);
        match web.services.hand_out(link.badge(), form, Some(link)).await {
            Ok(bytes) => files.push((format.extension(), bytes)),
            // It has no such form.
            Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match paper::certificate(web, f, link.badge(), Some(link)).await {
        Ok(pdf) => files.push(("pdf", pdf)),
        // On paper nobody would see that it was withdrawn.
        Err(problem) if problem.is("conflict") => {}
        Err(problem) => return Err(problem),
    }
    packed(&files).map_err(|error| Error::internal(error).into())
}

fn packed(files: &[(&str, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (extension, bytes) in files {
        zip.start_file(format!("badge.{extension}"), SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
