//! In which language whoever asks is answered.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::openbadges::verify::Report;
use crate::texts::{self, Language};

/// The language of ours that `Accept-Language` wants most (RFC 9110 §12.5.4); English where it wants
/// none of them. A range counts by its first part, so that `fr-CA` is French (RFC 4647 §3.4).
pub(super) fn asked(headers: &HeaderMap) -> Language {
    let ranges = headers
        .get_all(header::ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut best = (Language::En, 0.0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let primary = parts.next().and_then(|range| range.split('-').next());
        let named = |language: &Language| {
            primary.is_some_and(|primary| primary.eq_ignore_ascii_case(language.code()))
        };
        let weight: Option<f32> = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(Some(1.0), |text| text.parse().ok());
        if let (Some(language), Some(weight)) = (Language::ALL.into_iter().find(named), weight)
            && weight > best.1
        {
            best = (language, weight);
        }
    }
    best.0
}

/// The language a page speaks: as [`asked`], and French, the collective's own, to whoever says nothing.
pub(super) fn of_a_page(headers: &HeaderMap) -> Language {
    if headers.contains_key(header::ACCEPT_LANGUAGE) {
        asked(headers)
    } else {
        Language::Fr
    }
}

/// A report, its checks told in a language.
pub(super) fn told(mut report: Report, language: Language) -> Report {
    for check in &mut report.checks {
        check.title = texts::say(language, &check.title).into_owned();
        check.detail = texts::say(language, &check.detail).into_owned();
    }
    report
}

/// The language to answer in, as a handler takes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked(pub(super) Language);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(asked(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_wanted_most_is_spoken() {
        for (wanted, spoken) in [
            ("", Language::En),
            ("de, *;q=0.5", Language::En),
            ("fr-FR,fr;q=0.9,en;q=0.8", Language::Fr),
            ("br, fr;q=0.9", Language::Br),
            ("en;q=0.5, FR;q=0.7", Language::Fr),
            ("fr;q=0, br;q=0.1", Language::Br),
            ("fr;q=NaN, br;q=x", Language::En),
            ("fr, br", Language::Fr),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, wanted.parse().unwrap());
            assert_eq!(asked(&headers), spoken, "{wanted}");
        }
        assert_eq!(asked(&HeaderMap::new()), Language::En);
    }
}
