//! What every page has around it: its language, its address, where the links lead.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use fluent_bundle::FluentValue;
use url::form_urlencoded;

use super::assets;
use super::texts::{say, say_about};
use crate::texts::Language;
use crate::web::Web;
use crate::web::language;
use crate::web::public::answer::wants_page;

/// What a page is asked in.
#[derive(Debug, Clone)]
pub(in crate::web) struct Frame {
    /// The language it speaks.
    pub(super) language: Language,
    /// Whether the address says so, so that its links have to as well.
    chosen: bool,
    /// What is asked for besides the language, to be kept when another is chosen.
    query: String,
    /// The path of the public address, which a proxy takes away before it asks.
    base: String,
    /// The public address, where there is one.
    public: Option<String>,
}

impl FromRequestParts<Web> for Frame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        Ok(Self::new(&parts.uri, &parts.headers, web))
    }
}

impl Frame {
    /// What a browser is told in, where a browser asks; programs are told in JSON.
    pub(in crate::web) fn of_browser(request: &Request, web: &Web) -> Option<Self> {
        let is_page = !request.uri().path().starts_with("/api/");
        let wants_page = wants_page(request.headers(), &["application/json"]);
        (is_page && wants_page).then(|| Self::new(request.uri(), request.headers(), web))
    }

    fn new(uri: &Uri, headers: &HeaderMap, web: &Web) -> Self {
        let query = uri.query().unwrap_or_default();
        let named = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "lang")
            .and_then(|(_, code)| Language::of_code(&code));
        let rest: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name != "lang")
            .collect();
        let public = web.services.settings().public_url.as_ref();
        Self {
            language: named.unwrap_or_else(|| language::of_a_page(headers)),
            chosen: named.is_some(),
            query: form_urlencoded::Serializer::new(String::new())
                .extend_pairs(rest)
                .finish(),
            base: public
                .map(|url| url.url().path().trim_end_matches('/').to_owned())
                .unwrap_or_default(),
            public: public.map(ToString::to_string),
        }
    }

    /// The language that the address asks for, where it does.
    pub(super) fn chosen(&self) -> Option<&'static str> {
        self.chosen.then(|| self.code())
    }

    /// The code of its language.
    pub(super) fn code(&self) -> &'static str {
        self.language.code()
    }

    /// A message.
    pub(super) fn say(&self, key: &str) -> String {
        say(self.language, key)
    }

    /// A message about one thing.
    pub(super) fn about<'a>(
        &self,
        key: &str,
        name: &'static str,
        value: impl Into<FluentValue<'a>>,
    ) -> String {
        say_about(self.language, key, &[(name, value.into())])
    }

    /// The address of another page, in the language of this one if that was chosen.
    pub(super) fn to(&self, path: &str) -> String {
        let lang = match (self.chosen, path.contains('?')) {
            (false, _) => String::new(),
            (true, false) => format!("?lang={}", self.code()),
            (true, true) => format!("&lang={}", self.code()),
        };
        match path.split_once('#') {
            Some((path, place)) => format!("{}{path}{lang}#{place}", self.base),
            None => format!("{}{path}{lang}", self.base),
        }
    }

    /// The address of a file, which has no language.
    pub(super) fn file(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of something the page is made with.
    pub(super) fn asset(&self, name: &str) -> String {
        self.file(&assets::path(name))
    }

    /// The address as others write it, where the world reaches us.
    pub(super) fn public(&self, path: &str) -> Option<String> {
        self.public.as_ref().map(|public| format!("{public}{path}"))
    }

    /// This page in each language: code, the language's own name, address, whether it is this one.
    pub(super) fn languages(&self) -> Vec<Tongue> {
        [Language::Fr, Language::Br, Language::En]
            .into_iter()
            .map(|language| {
                let mut query = self.query.clone();
                if !query.is_empty() {
                    query.push('&');
                }
                Tongue {
                    code: language.code(),
                    name: match language {
                        Language::Fr => "Français",
                        Language::Br => "Brezhoneg",
                        Language::En => "English",
                    },
                    // Relative to this page, so that no path leads elsewhere.
                    address: format!("?{query}lang={}", language.code()),
                    is_spoken: language == self.language,
                }
            })
            .collect()
    }

    /// The same in another language, unless one was chosen.
    pub(super) fn preferring(mut self, code: Option<&str>) -> Self {
        let preferred = code.and_then(Language::of_code);
        if let (Some(language), false) = (preferred, self.chosen) {
            self.language = language;
        }
        self
    }
}

/// A language a page can be read in.
#[derive(Debug)]
pub(super) struct Tongue {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) address: String,
    pub(super) is_spoken: bool,
}
