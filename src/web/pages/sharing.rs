//! What others show of a badge: previews, a frame in their page, an entry in a calendar, LinkedIn. Of a
//! badge that is not public they get nothing.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::badge::Badge;
use super::credential::unlisted;
use super::directory::picture_of;
use super::judgement::{Judgement, stands};
use super::{FRAMED, Frame, sent};
use crate::ids::CredentialId;
use crate::openbadges::model::Timestamp;
use crate::services::Error;
use crate::services::holders::Visibility;
use crate::services::showing::BadgeShown;
use crate::texts::Language;
use crate::web::Web;
use crate::web::problem::Problem;
use crate::web::public::answer::{Keep, kept};
use crate::web::request::Query;

/// The size of the frame in others' pages.
const FRAME: (u32, u32) = (480, 180);

/// What previews show of a public page.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) address: String,
    pub(super) title: String,
    pub(super) card: String,
    pub(super) oembed: String,
    pub(super) locale: &'static str,
}

impl Shared {
    /// What previews may show of a badge; nothing where the world can't reach us.
    pub(super) fn of_badge(f: &Frame, shown: &BadgeShown, badge: &Badge) -> Option<Self> {
        let address = f.public(&format!("/credentials/{}", shown.id))?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("url", &address)
            .finish();
        Some(Self {
            title: match &badge.recipient {
                Some(name) => format!("{name} – {}", badge.title),
                None => badge.title.clone(),
            },
            card: format!("{address}/card.png"),
            oembed: f.public(&format!("/oembed?{query}"))?,
            locale: locale(f.language),
            address,
        })
    }

    /// What previews show of an achievement.
    pub(super) fn of_class(f: &Frame, path: &str, picture: &str, title: &str) -> Option<Self> {
        Some(Self {
            address: f.public(path)?,
            title: title.to_owned(),
            card: f.public(picture)?,
            oembed: String::new(),
            locale: locale(f.language),
        })
    }
}

fn locale(language: Language) -> &'static str {
    match language {
        Language::Fr => "fr_FR",
        Language::Br => "br_FR",
        Language::En => "en_GB",
    }
}

/// What a badge says to whoever looks at it: without what names its holder, where they want that.
pub(super) fn badge(shown: &BadgeShown, is_holder: bool, language: Language) -> Badge {
    let nothing = Value::Null;
    let credential = shown.examined.credential.as_ref().unwrap_or(&nothing);
    let badge = Badge::of(credential, language);
    if is_holder || shown.visibility != Visibility::Anonymous {
        return badge;
    }
    // What was written about a person may name them.
    Badge {
        recipient: None,
        narrative: String::new(),
        evidence: Vec::new(),
        facts: Vec::new(),
        ..badge
    }
}

/// The path of its picture.
pub(super) fn picture(f: &Frame, shown: &BadgeShown) -> Option<String> {
    let path = picture_of(shown.achievement, shown.version);
    shown.picture.as_ref().map(|_| f.file(&path))
}

/// The address at LinkedIn that adds a badge to a profile. Its months begin with 1.
pub(super) fn linkedin(shown: &BadgeShown, badge: &Badge, address: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("startTask", "CERTIFICATION_NAME")
        .append_pair("name", &badge.title);
    match &shown.linkedin_organisation {
        Some(id) => query.append_pair("organizationId", id),
        None => query.append_pair("organizationName", &badge.issuer),
    };
    let mut date = |at: Option<Timestamp>, year: &str, month: &str| {
        if let Some(at) = at {
            let day = at.instant().date();
            query.append_pair(year, &day.year().to_string());
            query.append_pair(month, &u8::from(day.month()).to_string());
        }
    };
    date(
        badge.awarded.or(badge.valid_from),
        "issueYear",
        "issueMonth",
    );
    date(badge.valid_until, "expirationYear", "expirationMonth");
    query
        .append_pair("certUrl", address)
        .append_pair("certId", &shown.id.to_string());
    format!("https://www.linkedin.com/profile/add?{}", query.finish())
}

/// What to write into a page of one's own to show the badge there.
pub(super) fn embed_code(f: &Frame, shown: &BadgeShown) -> Option<String> {
    embed_code_of(f, shown, FRAME)
}

/// The same in a frame of that width and height.
fn embed_code_of(f: &Frame, shown: &BadgeShown, (width, height): (u32, u32)) -> Option<String> {
    let address = f.public(&format!("/credentials/{}/embed", shown.id))?;
    Some(format!(
        "<iframe src=\"{address}\" width=\"{width}\" height=\"{height}\" title=\"Open Badge\" \
         style=\"border:0\"></iframe>"
    ))
}

/// A badge whose page everybody may see.
pub(super) async fn public(web: &Web, id: &str) -> Result<BadgeShown, Problem> {
    let not_found = || Error::not_found("badge", id);
    let parsed: CredentialId = id.parse().map_err(|_| not_found())?;
    let _turn = web.showing.acquire().await;
    let shown = web.services.badge_shown(parsed, None).await?;
    match shown.visibility {
        Visibility::Public | Visibility::Anonymous => Ok(shown),
        Visibility::Link | Visibility::Private => Err(not_found().into()),
    }
}

/// Fails for a badge that does not stand: what is kept elsewhere would go on boasting of it.
pub(super) fn must_stand(shown: &BadgeShown) -> Result<(), Problem> {
    if stands(&shown.examined.report) {
        return Ok(());
    }
    let why = "this is for a badge that stands, and this one does not";
    Err(Error::Conflict(why.into()).into())
}

#[derive(Template)]
#[template(path = "embed.html", config = "src/web/pages/askama.toml")]
struct Embedded {
    f: Frame,
    badge: Badge,
    judgement: Judgement,
    picture: Option<String>,
    page: String,
}

/// A public badge, small, to stand in others' pages.
pub(super) async fn embedded(
    State(web): State<Web>,
    f: Frame,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shown = public(&web, &id).await?;
    let f = f.preferring(shown.language.as_deref());
    let page = Embedded {
        badge: badge(&shown, false, f.language),
        judgement: Judgement::of(&shown.examined.report, f.language),
        picture: picture(&f, &shown),
        page: f.to(&format!("/credentials/{}", shown.id)),
        f,
    };
    let mut response = sent(&page, &headers)?;
    let framed = HeaderValue::from_static(FRAMED);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, framed);
    Ok(response)
}

#[derive(Debug, Deserialize)]
pub(super) struct OembedAsked {
    url: String,
    format: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

/// How others show a public badge (oEmbed 1.0).
pub(super) async fn oembed(
    State(web): State<Web>,
    f: Frame,
    Query(asked): Query<OembedAsked>,
) -> Result<Response, Problem> {
    if asked
        .format
        .as_deref()
        .is_some_and(|format| format != "json")
    {
        return Err(Problem::new(
            "not-acceptable",
            "Only JSON is answered here.",
        ));
    }
    let not_found = || Problem::from(Error::not_found("badge", "oembed"));
    let id = f
        .public("/credentials/")
        .and_then(|begin| asked.url.strip_prefix(&begin))
        .map(|rest| rest.split(['?', '#', '/']).next().unwrap_or_default())
        .ok_or_else(not_found)?;
    let shown = public(&web, id).await?;
    let badge = badge(&shown, false, f.language);
    let (width, height) = FRAME;
    let (width, height) = (
        asked.maxwidth.map_or(width, |most| width.min(most)),
        asked.maxheight.map_or(height, |most| height.min(most)),
    );
    let html = embed_code_of(&f, &shown, (width, height)).ok_or_else(not_found)?;
    Ok(Json(json!({
        "type": "rich",
        "version": "1.0",
        "title": badge.title,
        "provider_name": "Badgeons",
        "provider_url": f.public("/"),
        "width": width,
        "height": height,
        "html": html,
    }))
    .into_response())
}

/// The end of a badge, a month before, as an entry for a calendar (RFC 5545).
pub(super) async fn reminder(
    State(web): State<Web>,
    f: Frame,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let not_found = || Error::not_found("badge", &*id);
    let parsed: CredentialId = id.parse().map_err(|_| not_found())?;
    let _turn = web.showing.acquire().await;
    let shown = web.services.badge_shown(parsed, None).await?;
    let id = shown.id;
    must_stand(&shown)?;
    let badge = badge(&shown, false, f.language);
    let until = badge.valid_until.ok_or_else(not_found)?;
    let day = |at: Timestamp| at.instant().date().to_string().replace('-', "");
    let title = f.about("reminder-title", "badge", badge.title.as_str());
    let address = f.public(&format!("/credentials/{id}")).unwrap_or_default();
    let stamp = web.services.now().to_string().replace(['-', ':'], "");
    let entry = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Badgeons//Badgeons//FR".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}@badgeons"),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART;VALUE=DATE:{}", day(until)),
        format!("SUMMARY:{}", escaped(&title)),
        format!("URL:{address}"),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "TRIGGER:-P30D".to_owned(),
        format!("DESCRIPTION:{}", escaped(&title)),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    let text: String = entry.iter().map(|line| folded(line)).collect();
    let mut response = kept(&headers, "text/calendar; charset=utf-8", Keep::Never, text);
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"badge.ics\""),
    );
    Ok(unlisted(response))
}

/// A text in a calendar (RFC 5545 §3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace(['\n', '\r'], " ")
}

/// A line of a calendar: at most 75 bytes, and what is longer goes on after a space (RFC 5545 §3.1).
fn folded(line: &str) -> String {
    let (mut folded, mut length) = (String::new(), 0);
    for c in line.chars() {
        if length + c.len_utf8() > 73 {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(c);
        length += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_has_short_lines_and_nothing_to_obey() {
        let text = folded(&format!("SUMMARY:{}", escaped(&"é;,\n".repeat(60))));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains("é\\;\\, é"), "{text}");
    }
}
