//! A badge on paper, and on the card that previews show: what `printing` draws, in the reader's words.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::badge::Badge;
use super::credential::unlisted;
use super::markdown::to_text;
use super::texts::say_about;
use super::{Frame, levels, sharing};
use crate::ids::CredentialId;
use crate::openbadges::model::Text;
use crate::printing::card::{self, Card};
use crate::printing::certificate::{self, Certificate};
use crate::printing::{Picture, PrintError};
use crate::services::Error;
use crate::services::holders::{HolderLink, Visibility};
use crate::services::showing::BadgeShown;
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::public::answer::{Keep, kept};

/// How many facts there is room for.
const FACTS: usize = 9;

/// The certificate of a badge as PDF, for whoever has the badge's address.
pub(in crate::web) async fn pdf(
    web: &Web,
    f: Frame,
    id: CredentialId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let bytes = certificate(web, f, id, None).await?;
    let mut response = kept(headers, "application/pdf", Keep::Never, bytes);
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline; filename=\"badge.pdf\""),
    );
    Ok(unlisted(response))
}

/// The bytes of a certificate. There is one for a badge that stands: on paper nobody sees that it was
/// withdrawn.
pub(super) async fn certificate(
    web: &Web,
    f: Frame,
    id: CredentialId,
    holder: Option<&HolderLink>,
) -> Result<Vec<u8>, Problem> {
    let turn = web.showing.acquire().await;
    let shown = web.services.badge_shown(id, holder).await?;
    if shown.visibility == Visibility::Anonymous && holder.is_none() {
        return Err(Error::Private.into());
    }
    let f = f.preferring(shown.language.as_deref());
    sharing::must_stand(&shown)?;
    let picture = picture(web, &shown).await;
    let bytes = spawn_blocking(move || printed(&f, &shown, picture.as_ref())).await;
    drop(turn);
    made(bytes)
}

fn made(
    outcome: Result<Result<Vec<u8>, PrintError>, tokio::task::JoinError>,
) -> Result<Vec<u8>, Problem> {
    let printed = outcome.map_err(Error::internal)?;
    Ok(printed.map_err(Error::internal)?)
}

/// Its picture, where it has one.
async fn picture(web: &Web, shown: &BadgeShown) -> Option<(Vec<u8>, String)> {
    let picture = web
        .services
        .achievement_image(shown.achievement, Some(shown.version));
    picture.await.ok()
}

fn opened((bytes, media_type): &(Vec<u8>, String)) -> Picture<'_> {
    match media_type.as_str() {
        "image/svg+xml" => Picture::Svg(bytes),
        _ => Picture::Png(bytes),
    }
}

fn printed(
    f: &Frame,
    shown: &BadgeShown,
    picture: Option<&(Vec<u8>, String)>,
) -> Result<Vec<u8>, PrintError> {
    let badge = sharing::badge(shown, true, f.language);
    let recipient = badge.recipient.clone().unwrap_or_default();
    let mut facts = vec![(f.say("certificate-issuer"), badge.issuer.clone())];
    let told = badge.dates(f.language).into_iter();
    facts.extend(told.map(|fact| (fact.label, fact.value)));
    let told = badge.facts.iter();
    facts.extend(told.map(|fact| (fact.label.clone(), fact.value.clone())));
    let reached = badge.results.iter();
    if facts.len().saturating_add(reached.len()) > FACTS {
        // All of them or none: a part would read as the whole.
        let count = i64::try_from(reached.len()).unwrap_or(i64::MAX);
        let told = f.about("certificate-results", "count", count);
        facts.push((f.say("section-results"), told));
    } else {
        facts.extend(reached.map(|it| (it.name.clone(), it.reached.clone())));
    }
    let facts: Vec<_> = facts
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let level = levels::name(shown.level, f.language);
    let about = [
        ("badge", badge.title.as_str().into()),
        ("name", recipient.as_str().into()),
    ];
    let address = f.public(&format!("/credentials/{}", shown.id));
    let criteria = criteria(shown.examined.credential.as_ref());
    certificate::pdf(&Certificate {
        language: f.code(),
        title: &say_about(f.language, "certificate-title", &about),
        heading: &f.say("certificate-heading"),
        recipient_label: &f.say("awarded-to"),
        recipient: &recipient,
        achievement_label: &f.say("certificate-for"),
        achievement: &badge.title,
        description: &badge.description,
        level: Some((&f.say("certificate-level"), &level)),
        facts: &facts,
        criteria: Some((&f.say("section-criteria"), &criteria)),
        notice: &match address {
            Some(_) => f.say("certificate-notice"),
            None => f.say("certificate-notice-file"),
        },
        link_label: &f.say("certificate-link"),
        link: address.as_deref().unwrap_or_default(),
        picture: picture.map(opened),
        picture_label: &f.about("certificate-picture", "badge", badge.title.as_str()),
    })
}

/// What it takes, without its marks: paper has no Markdown.
fn criteria(credential: Option<&Value>) -> String {
    let narrative = credential
        .and_then(|it| it.pointer("/credentialSubject/achievement/criteria/narrative"))
        .and_then(|it| Text::of(it, &["fr", "br", "en"]));
    narrative.map(to_text).unwrap_or_default()
}

/// What previews of a public badge show.
pub(super) async fn share_card(
    State(web): State<Web>,
    f: Frame,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shown = sharing::public(&web, &id).await?;
    sharing::must_stand(&shown)?;
    let f = f.preferring(shown.language.as_deref());
    let picture = picture(&web, &shown).await;
    let turn = web.showing.acquire().await;
    let drawn = spawn_blocking(move || {
        let badge: Badge = sharing::badge(&shown, false, f.language);
        card::png(&Card {
            heading: &f.say("card-heading"),
            title: &badge.title,
            subtitle: &badge.issuer,
            recipient: badge.recipient.as_deref(),
            picture: picture.as_ref().map(opened),
        })
    });
    let bytes = made(drawn.await)?;
    drop(turn);
    Ok(kept(&headers, "image/png", Keep::Never, bytes))
}
