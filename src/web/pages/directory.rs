//! `/badges`: the collective's published badges, searched by words, level and issuer, and the map of the
//! spectrum.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use url::form_urlencoded;

use super::badge::is_language;
use super::levels::{name, said};
use super::{Frame, sent};
use crate::ids::AchievementId;
use crate::recognition::levels::Level;
use crate::services::directory::{Listed, Search};
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::request::Query;

/// How many badges there are on a page.
pub(super) const PAGE: usize = 12;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "directory.html", config = "src/web/pages/askama.toml")]
struct Directory {
    f: Frame,
    chosen: Option<&'static str>,
    words: String,
    levels: Vec<Choice>,
    issuers: Vec<Choice>,
    found: String,
    classes: Vec<Card>,
    before: Option<String>,
    next: Option<String>,
}

/// Something that can be chosen.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) checked: String,
    pub(super) address: String,
    pub(super) is_this: bool,
}

/// A badge class in a list.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) title: String,
    pub(super) language: Option<String>,
    pub(super) address: String,
    pub(super) picture: Option<String>,
    pub(super) level: String,
    pub(super) issuer: String,
}

impl Card {
    pub(super) fn of(class: &Listed, f: &Frame) -> Self {
        let picture = picture_of(class.id, class.version);
        Self {
            title: class.title.clone(),
            language: class.language.clone().filter(|code| is_language(code)),
            address: f.to(&format!("/achievements/{}", class.id)),
            picture: class.has_picture.then(|| f.file(&picture)),
            level: name(class.level, f.language),
            issuer: class.issuer.name.clone(),
        }
    }
}

/// The path of a badge class's picture, which never changes with its version.
pub(super) fn picture_of(class: AchievementId, version: u32) -> String {
    format!("/achievements/{class}/versions/{version}/image")
}

pub(super) async fn directory(
    State(web): State<Web>,
    f: Frame,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let all = web.services.directory().await?;
    let level = Level::of_code(&asked.level);
    let issuer = Some(asked.issuer.as_str()).filter(|slug| !slug.is_empty());
    let search = Search::new(&asked.q, level, issuer);
    let found: Vec<&Listed> = all.iter().filter(|class| search.finds(class)).collect();
    // What is no number is the first page.
    let number: usize = asked.page.parse().unwrap_or(0);
    let first = number.saturating_mul(PAGE);
    let shown = found.iter().skip(first).take(PAGE);
    let page = Directory {
        chosen: f.chosen(),
        words: asked.q.clone(),
        levels: levels(&f, &asked),
        issuers: issuers(&all, &asked),
        found: f.about(
            "badges-found",
            "count",
            i64::try_from(found.len()).unwrap_or(i64::MAX),
        ),
        classes: shown.map(|class| Card::of(class, &f)).collect(),
        before: number
            .checked_sub(1)
            .map(|number| numbered(&f, &asked, number)),
        next: (found.len() > first.saturating_add(PAGE))
            .then(|| numbered(&f, &asked, number.saturating_add(1))),
        f,
    };
    sent(&page, &headers)
}

/// The address of a page of what is found.
fn numbered(f: &Frame, asked: &Asked, number: usize) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("q", &asked.q)
        .append_pair("level", &asked.level)
        .append_pair("issuer", &asked.issuer)
        .append_pair("page", &number.to_string())
        .finish();
    f.to(&format!("/badges?{query}"))
}

fn levels(f: &Frame, asked: &Asked) -> Vec<Choice> {
    let choice = |level: Level| Choice {
        code: level.code().to_owned(),
        name: name(level, f.language),
        checked: capitalised(said(level.checked(), f.language)),
        address: f.to(&format!("/badges?level={}", level.code())),
        is_this: level.code() == asked.level,
    };
    Level::ALL.into_iter().map(choice).collect()
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

fn issuers(all: &[Listed], asked: &Asked) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for class in all {
        if choices.iter().all(|known| known.code != class.issuer.slug) {
            choices.push(Choice {
                code: class.issuer.slug.clone(),
                name: class.issuer.name.clone(),
                checked: String::new(),
                address: String::new(),
                is_this: class.issuer.slug == asked.issuer,
            });
        }
    }
    choices
}
