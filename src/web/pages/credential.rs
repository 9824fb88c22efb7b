//! `/credentials/{id}` as a page: judged at the moment it is opened, the verdict first.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::badge::{Badge, Fact};
use super::judgement::{Check, Judgement};
use super::levels::Recognition;
use super::sharing::{self, Shared};
use super::{Frame, privately, sent};
use crate::ids::CredentialId;
use crate::openbadges::verify::CheckId;
use crate::services::holders::{HolderLink, Visibility};
use crate::services::showing::BadgeShown;
use crate::web::Web;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "credential.html", config = "src/web/pages/askama.toml")]
struct Credential {
    f: Frame,
    badge: Badge,
    judgement: Judgement,
    level: Recognition,
    vouching: Vec<Check>,
    dates: Vec<Fact>,
    picture: Option<String>,
    /// Whether whoever sees the page may take the badge with them.
    can_be_handed_out: bool,
    links: Links,
    address: Option<String>,
    linkedin: Option<String>,
    reminder: Option<String>,
    embed: Option<String>,
    shared: Option<Shared>,
}

/// Where the forms of a badge are, and what it is about.
struct Links {
    json: String,
    jwt: Option<String>,
    png: Option<String>,
    svg: Option<String>,
    /// Of a badge that stands: on paper nobody sees that it was withdrawn.
    pdf: Option<String>,
    issuer: String,
    achievement: String,
}

/// The page for whoever has its address.
pub(in crate::web) async fn page(
    web: &Web,
    f: Frame,
    id: CredentialId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let _turn = web.showing.acquire().await;
    let shown = web.services.badge_shown(id, None).await?;
    let is_open = shown.visibility == Visibility::Link;
    let response = sent(&credential(f, &shown, None), headers)?;
    Ok(if is_open {
        unlisted(response)
    } else {
        response
    })
}

/// The page for its holder, whoever else sees it.
pub(super) async fn page_of_holder(
    web: &Web,
    f: Frame,
    link: &HolderLink,
) -> Result<Response, Problem> {
    let shown = web.services.badge_shown(link.badge(), Some(link)).await?;
    let page = credential(f, &shown, Some(link));
    Ok(privately(sent(&page, &HeaderMap::new())?))
}

/// Found by whoever has the link, and by no search engine.
pub(super) fn unlisted(mut response: Response) -> Response {
    let noindex = axum::http::HeaderValue::from_static("noindex");
    response.headers_mut().insert("x-robots-tag", noindex);
    response
}

fn credential(f: Frame, shown: &BadgeShown, holder: Option<&HolderLink>) -> Credential {
    let f = f.preferring(shown.language.as_deref());
    let language = f.language;
    let badge = sharing::badge(shown, holder.is_some(), language);
    let names_nobody = shown.visibility == Visibility::Anonymous && holder.is_none();
    let mut report = shown.examined.report.clone();
    if names_nobody {
        // Whoever vouches for a person may have named them.
        report
            .checks
            .retain(|check| check.id != CheckId::Endorsements);
    }
    let report = &report;
    let judgement = Judgement::of(report, language);
    let is_open = matches!(shown.visibility, Visibility::Link | Visibility::Public);
    let is_public = matches!(shown.visibility, Visibility::Public | Visibility::Anonymous);
    let place = match holder {
        Some(link) => format!("/holders/{link}/badge"),
        None => format!("/credentials/{}", shown.id),
    };
    let address = f.public(&format!("/credentials/{}", shown.id));
    let shared = Shared::of_badge(&f, shown, &badge).filter(|_| is_public && judgement.stands);
    // Whoever boasts of a badge links to its page, which must be there for whoever follows.
    let linkedin = address
        .as_deref()
        .filter(|_| is_public && judgement.stands)
        .map(|address| sharing::linkedin(shown, &badge, address));
    let form = |name: &str, is_there: bool| is_there.then(|| f.file(&format!("{place}.{name}")));
    let reminder = badge.valid_until.filter(|_| judgement.stands && is_open);
    Credential {
        vouching: Judgement::endorsements(report, language),
        level: Recognition::of(shown.level, language),
        dates: badge.dates(language),
        picture: sharing::picture(&f, shown),
        can_be_handed_out: !names_nobody,
        links: Links {
            json: f.file(&format!("{place}.json")),
            jwt: form("jwt", shown.has_jwt),
            png: form("png", shown.picture.is_some()),
            svg: form("svg", shown.picture.as_deref() == Some("image/svg+xml")),
            pdf: judgement.stands.then(|| f.to(&format!("{place}.pdf"))),
            issuer: f.to(&format!("/issuers/{}", shown.issuer.slug)),
            achievement: f.to(&format!("/achievements/{}", shown.achievement)),
        },
        reminder: reminder.map(|_| f.to(&format!("/credentials/{}/expiry.ics", shown.id))),
        embed: sharing::embed_code(&f, shown).filter(|_| is_public),
        address,
        linkedin,
        shared,
        judgement,
        badge,
        f,
    }
}
