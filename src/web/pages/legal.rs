//! `/legal/{name}`: what the operator of an installation has to say. Ours until they write their own:
//! `legal/{name}.{lang}.md` in the data directory takes the place of a text.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::markdown::page_to_html;
use super::{Frame, sent};
use crate::services::Error;
use crate::texts::Language;
use crate::web::Web;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "legal.html", config = "src/web/pages/askama.toml")]
struct Legal {
    f: Frame,
    title: String,
    text: String,
}

/// What pages weigh, as `tests/browser` measured it (`tests/browser/run.sh figures`).
const FIGURES: &str = include_str!("legal/figures.md");

macro_rules! ours {
    ($name:literal, $language:expr) => {
        match $language {
            Language::Fr => include_str!(concat!("legal/", $name, ".fr.md")),
            Language::Br => include_str!(concat!("legal/", $name, ".br.md")),
            Language::En => include_str!(concat!("legal/", $name, ".en.md")),
        }
    };
}

pub(super) async fn text(
    State(web): State<Web>,
    f: Frame,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (title, ours) = match name.as_str() {
        "notice" => ("legal-notice", ours!("notice", f.language)),
        "privacy" => ("legal-privacy", ours!("privacy", f.language)),
        "accessibility" => ("legal-accessibility", ours!("accessibility", f.language)),
        "ecodesign" => ("legal-ecodesign", ours!("ecodesign", f.language)),
        _ => return Err(Error::not_found("page", name).into()),
    };
    let theirs = web.services.operator_text(&name, f.code()).await?;
    let text = theirs.unwrap_or_else(|| ours.replace("{figures}", FIGURES));
    let page = Legal {
        title: f.say(title),
        text: page_to_html(&text),
        f,
    };
    sent(&page, &headers)
}
