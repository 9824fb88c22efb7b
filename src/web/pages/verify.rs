//! `/verify`: anybody's badge, as a file, a text or an address; the answer is as on a badge's own page.

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::badge::{Badge, Fact};
use super::judgement::Judgement;
use super::{Frame, sent, sent_privately};
use crate::openbadges::model::identity::hex;
use crate::services::Error;
use crate::services::showing::Examined;
use crate::services::verifying::Held;
use crate::web::Web;
use crate::web::language::told;
use crate::web::problem::Problem;
use crate::web::request::broken_form;
use crate::web::watch;

#[derive(Template)]
#[template(path = "verify.html", config = "src/web/pages/askama.toml")]
struct Verify {
    f: Frame,
    result: Option<Verified>,
    refused: Option<String>,
}

/// What came of it.
struct Verified {
    judgement: Judgement,
    badge: Option<Badge>,
    dates: Vec<Fact>,
    /// The report with what it is about, as an address that holds it: nothing is kept here.
    receipt: String,
    receipt_name: String,
}

pub(super) async fn form(f: Frame, headers: HeaderMap) -> Result<Response, Problem> {
    let page = Verify {
        f,
        result: None,
        refused: None,
    };
    sent(&page, &headers)
}

pub(super) async fn verify(
    State(web): State<Web>,
    f: Frame,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Problem> {
    let _turn = web.verifying.acquire().await;
    let held = match form {
        Ok(form) => held(form).await,
        Err(error) => Err(broken_form(error.status())),
    };
    let outcome = match held {
        Ok(Some(held)) => web.services.examine(held).await,
        Ok(None) => return refused(f, "verify-nothing", StatusCode::UNPROCESSABLE_ENTITY),
        Err(problem) => return Err(problem),
    };
    match outcome {
        Ok((bytes, examined)) => {
            watch::verified(examined.report.verdict);
            let result = Verified::of(&f, &bytes, &examined);
            let page = Verify {
                f,
                result: Some(result),
                refused: None,
            };
            sent_privately(&page, StatusCode::OK)
        }
        Err(Error::Refused(_) | Error::NotFound { .. } | Error::Gone { .. } | Error::Private) => {
            refused(f, "verify-unreachable", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(f: Frame, why: &str, status: StatusCode) -> Result<Response, Problem> {
    let page = Verify {
        result: None,
        refused: Some(f.say(why)),
        f,
    };
    sent_privately(&page, status)
}

/// What the form holds out: the file, else the text, else the address.
async fn held(mut form: Multipart) -> Result<Option<Held>, Problem> {
    let broken = |error: MultipartError| broken_form(error.status());
    let (mut text, mut url) = (None, None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                let bytes = field.bytes().await.map_err(broken)?;
                if !bytes.is_empty() {
                    return Ok(Some(Held::Bytes(bytes.to_vec())));
                }
            }
            Some("text") => text = Some(field.bytes().await.map_err(broken)?),
            Some("url") => url = Some(field.text().await.map_err(broken)?),
            _ => {}
        }
    }
    let text = text.filter(|text| !text.trim_ascii().is_empty());
    if let Some(text) = text {
        let text = text.trim_ascii();
        // People paste an address where a badge is asked for.
        return Ok(Some(match std::str::from_utf8(text) {
            Ok(address) if address.starts_with("https://") => Held::At(address.to_owned()),
            _ => Held::Bytes(text.to_vec()),
        }));
    }
    Ok(url
        .map(|url| url.trim().to_owned())
        .filter(|url| !url.is_empty())
        .map(Held::At))
}

impl Verified {
    fn of(f: &Frame, bytes: &[u8], examined: &Examined) -> Self {
        let language = f.language;
        let badge = examined
            .credential
            .as_ref()
            .map(|credential| Badge::of(credential, language));
        let report = told(examined.report.clone(), language);
        let digest = hex(&Sha256::digest(bytes));
        let receipt = json!({
            "verifier": f.public("/verify").unwrap_or_else(|| "Badgeons".into()),
            "sha256": digest,
            "bytes": bytes.len(),
            "report": report,
        });
        let receipt = format!("{receipt:#}");
        Self {
            judgement: Judgement::of(&examined.report, language),
            dates: badge
                .as_ref()
                .map(|badge| badge.dates(language))
                .unwrap_or_default(),
            badge,
            receipt: format!("data:application/json;base64,{}", STANDARD.encode(receipt)),
            receipt_name: format!("verification-{}.json", &digest[..12]),
        }
    }
}
