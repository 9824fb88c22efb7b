//! `/achievements/{id}` as a page: what a badge recognises, before anybody has it.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::badge::{Badge, Fact};
use super::directory;
use super::levels::Recognition;
use super::sharing::Shared;
use super::{Frame, sent};
use crate::ids::AchievementId;
use crate::services::showing::ClassShown;
use crate::web::Web;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "achievement.html", config = "src/web/pages/askama.toml")]
struct Achievement {
    f: Frame,
    badge: Badge,
    level: Recognition,
    picture: Option<String>,
    issuer: String,
    issuer_link: String,
    is_archived: bool,
    versions: Vec<Fact>,
    /// What can be measured of it.
    measured: Vec<String>,
    data: String,
    shared: Option<Shared>,
    /// What search engines read, as JSON that can stand in a page.
    described: String,
}

/// The page of a badge class, in the version in force or in another.
pub(in crate::web) async fn page(
    web: &Web,
    f: Frame,
    id: AchievementId,
    number: Option<u32>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let class = web.services.class_shown(id, number).await?;
    let badge = Badge::of_achievement(&class.document, f.language);
    let path = match number {
        None => format!("/achievements/{id}"),
        Some(number) => format!("/achievements/{id}/versions/{number}"),
    };
    let picture = directory::picture_of(class.id, class.version);
    let page = Achievement {
        level: Recognition::of(class.level, f.language),
        picture: class.picture.as_ref().map(|_| f.file(&picture)),
        issuer: class.issuer.name.clone(),
        issuer_link: f.to(&format!("/issuers/{}", class.issuer.slug)),
        is_archived: class.is_archived,
        versions: vec![Fact {
            label: f.say("fact-version"),
            value: class.version.to_string(),
        }],
        measured: measured(&class.document),
        data: f.file(&format!("{path}.json")),
        shared: Shared::of_class(&f, &path, &picture, &badge.title),
        described: described(&f, &class, &badge, &path),
        badge,
        f,
    };
    sent(&page, headers)
}

fn measured(document: &Value) -> Vec<String> {
    let results = document.get("resultDescription").and_then(Value::as_array);
    results
        .into_iter()
        .flatten()
        .filter_map(|result| result.get("name")?.as_str())
        .take(30)
        .map(crate::openbadges::model::legible::shown)
        .collect()
}

/// What schema.org says of it (EducationalOccupationalCredential): about the class, never a person.
fn described(f: &Frame, class: &ClassShown, badge: &Badge, path: &str) -> String {
    let skills: Vec<_> = badge
        .skills
        .iter()
        .map(|skill| skill.name.as_str())
        .collect();
    let described = json!({
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "name": badge.title,
        "description": badge.description,
        "url": f.public(path),
        "inLanguage": badge.language,
        "credentialCategory": "badge",
        "competencyRequired": skills,
        "recognizedBy": {"@type": "Organization", "name": class.issuer.name},
    });
    // Nothing in it ends the element it stands in.
    described.to_string().replace('<', "\\u003c")
}
