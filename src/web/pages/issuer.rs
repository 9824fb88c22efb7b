//! `/issuers/{slug}` as a page: who issues, which badges, with which keys.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

use super::badge::Fact;
use super::directory::{self, Card};
use super::markdown::web_address;
use super::{Frame, sent};
use crate::openbadges::model::Text;
use crate::openbadges::model::legible::shown;
use crate::services::keys::State;
use crate::web::Web;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "issuer.html", config = "src/web/pages/askama.toml")]
struct Issuer {
    f: Frame,
    name: String,
    site: Option<String>,
    logo: Option<String>,
    facts: Vec<Fact>,
    classes: Vec<Card>,
    /// Where all of them are, if there are more.
    more: Option<More>,
    keys: Vec<Key>,
    id: String,
    did: String,
    data: String,
    address: Option<String>,
}

/// Where there is more.
struct More {
    name: String,
    address: String,
}

/// A key, as it is told.
struct Key {
    name: String,
    kind: String,
    state: String,
}

/// The page of an issuer.
pub(in crate::web) async fn page(
    web: &Web,
    f: Frame,
    slug: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let profile = web.services.issuer_told(slug).await?;
    let all = web.services.directory().await?;
    let classes: Vec<_> = all
        .iter()
        .filter(|class| class.issuer.slug == slug)
        .collect();
    let keys = web.services.keys(Some(slug)).await?;
    let has_logo = web.services.issuer_logo(slug).await.is_ok();
    let text = |pointer: &str| {
        let text = profile.pointer(pointer).and_then(Value::as_str);
        text.map(shown).filter(|text| !text.is_empty())
    };
    let place = [
        "/address/addressLocality",
        "/address/addressRegion",
        "/address/addressCountryCode",
    ];
    let place: Vec<String> = place.into_iter().filter_map(text).collect();
    let siret = profile
        .get("otherIdentifier")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|it| it.get("identifierType").and_then(Value::as_str) == Some("ext:siret"))
        .and_then(|it| it.get("identifier")?.as_str())
        .map(shown);
    let told = [
        ("fact-place", (!place.is_empty()).then(|| place.join(", "))),
        ("fact-siret", siret),
        ("fact-email", text("/email")),
    ];
    let facts = told.into_iter().filter_map(|(label, value)| {
        Some(Fact {
            label: f.say(label),
            value: value?,
        })
    });
    let page = Issuer {
        name: name(&profile, f.code()),
        site: text("/url").and_then(|site| web_address(&site)),
        logo: has_logo.then(|| f.file(&format!("/issuers/{slug}/image"))),
        facts: facts.collect(),
        classes: classes
            .iter()
            .take(directory::PAGE)
            .map(|class| Card::of(class, &f))
            .collect(),
        more: (classes.len() > directory::PAGE).then(|| More {
            name: f.about(
                "issuer-all-badges",
                "count",
                i64::try_from(classes.len()).unwrap_or(i64::MAX),
            ),
            address: f.to(&format!("/badges?issuer={slug}")),
        }),
        keys: keys
            .into_iter()
            .map(|key| Key {
                name: key.public,
                kind: key.algorithm,
                state: f.say(match key.state {
                    State::Active => "key-active",
                    State::Retired { .. } => "key-retired",
                    State::Compromised { .. } => "key-compromised",
                }),
            })
            .collect(),
        id: text("/id").unwrap_or_default(),
        did: f.file(&format!("/issuers/{slug}/did.json")),
        data: f.file(&format!("/issuers/{slug}.json")),
        address: f.public(&format!("/issuers/{slug}")),
        f,
    };
    sent(&page, headers)
}

/// Its name, in the language of the page where it has one.
fn name(profile: &Value, language: &str) -> String {
    let name = profile.get("name");
    let said = name.and_then(|name| Text::of(name, &[language, "fr", "en"]));
    said.map(shown).unwrap_or_default()
}
