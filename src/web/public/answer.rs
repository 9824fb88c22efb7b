//! Answers that may be kept for a while: with an `ETag`, and 304 for whoever has them already.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// How long an answer may be kept without asking again, in seconds.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum Keep {
    /// As long as a status list says it may be (`ttl`).
    Minutes,
    /// It changes rarely.
    Hour,
    /// It never changes.
    Forever,
    /// It is kept, and asked for again each time.
    Never,
}

/// Bytes to be kept, unless the asker has them.
pub(in crate::web) fn kept(
    asked: &HeaderMap,
    media_type: &str,
    keep: Keep,
    bytes: impl Into<Body> + AsRef<[u8]>,
) -> Response {
    let digest = Sha256::digest(bytes.as_ref());
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]));
    // Texts are compressed on their way: the same to read, not the same bytes.
    let weak = if media_type.starts_with("text/") {
        "W/"
    } else {
        ""
    };
    let has_it = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| {
            matches!(known.trim().trim_start_matches("W/"), "*")
                || known.trim().trim_start_matches("W/") == tag
        });
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        bytes.into().into_response()
    };
    let headers = response.headers_mut();
    let cache = match keep {
        Keep::Minutes => "public, max-age=300",
        Keep::Hour => "public, max-age=3600",
        Keep::Forever => "public, max-age=31536000, immutable",
        Keep::Never => "no-cache",
    };
    set(headers, header::CONTENT_TYPE, media_type);
    set(headers, header::CACHE_CONTROL, cache);
    set(headers, header::ETAG, &format!("{weak}{tag}"));
    set(headers, header::VARY, "accept");
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// What browsers ask for.
const PAGE: &str = "text/html";

/// The first of these media types that an `Accept` header wants most; the first of all where it wants
/// anything, `None` where it wants none of them (RFC 9110 §12.5.1).
pub(in crate::web) fn wanted<'a>(asked: &HeaderMap, offered: &[&'a str]) -> Option<&'a str> {
    let accepts: Vec<&str> = asked
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    if accepts.is_empty() {
        return offered.first().copied();
    }
    let quality = |offer: &str| {
        let (kind, _) = offer.split_once('/')?;
        let ranges = accepts.iter().filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let closeness = if name == offer {
                2
            } else if name.strip_suffix("/*") == Some(kind) {
                1
            } else if name == "*/*" {
                0
            } else {
                return None;
            };
            let weight = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
            Some((closeness, weight))
        });
        let (_, weight) = ranges.max_by_key(|(closeness, _)| *closeness)?;
        Some(weight).filter(|weight| *weight > 0.0)
    };
    let mut best: Option<(&str, f32)> = None;
    for offer in offered {
        if let Some(weight) = quality(offer)
            && best.is_none_or(|(_, known)| weight > known)
        {
            best = Some((offer, weight));
        }
    }
    best.map(|(offer, _)| offer)
}

/// Whether somebody wants a page, to read, rather than data of these media types.
pub(in crate::web) fn wants_page(asked: &HeaderMap, data: &[&str]) -> bool {
    let offered: Vec<&str> = data.iter().copied().chain([PAGE]).collect();
    wanted(asked, &offered) == Some(PAGE)
}

/// A name without the `.json` that asks for data whatever the headers say, and whether a page is wanted.
pub(super) fn data_or_page<'n>(name: &'n str, asked: &HeaderMap, data: &[&str]) -> (&'n str, bool) {
    match name.strip_suffix(".json") {
        Some(name) => (name, false),
        None => (name, wants_page(asked, data)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: [&str; 3] = ["application/vc", "image/png", "application/vc+jwt"];

    fn asking(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        wanted(&headers, &OFFERED)
    }

    #[test]
    fn what_is_wanted_most_is_given() {
        assert_eq!(wanted(&HeaderMap::new(), &OFFERED), Some("application/vc"));
        assert_eq!(asking("*/*"), Some("application/vc"));
        assert_eq!(asking("image/*"), Some("image/png"));
        assert_eq!(
            asking("application/vc;q=0.2, application/vc+jwt"),
            Some("application/vc+jwt")
        );
        assert_eq!(asking("image/png;q=0, */*"), Some("application/vc"));
        assert_eq!(asking("text/html"), None);
    }

    #[test]
    fn a_browser_wants_a_page_and_a_program_does_not() {
        let wants = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            wants_page(&headers, &OFFERED)
        };
        assert!(wants("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!wants("*/*") && !wants("application/vc, text/html;q=0.5"));
        assert!(!wants_page(&HeaderMap::new(), &OFFERED));
    }

    #[test]
    fn whoever_has_it_is_not_sent_it_again() {
        let first = kept(&HeaderMap::new(), "text/plain", Keep::Hour, "a");
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(kept(&asked, "text/plain", Keep::Hour, "a").status(), 304);
        assert_eq!(kept(&asked, "text/plain", Keep::Hour, "b").status(), 200);
    }
}
