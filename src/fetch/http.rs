//! The real thing: one HTTPS request, guarded, bounded, following at most a few redirects.
//!
//! The client sends no cookies and no referrer, uses no proxy (a proxy would resolve the name itself,
//! past the guard), and keeps no connection, so that each document comes from an address that was
//! checked for it. Roots of trust are those of the operating system.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use super::resolver::{Guarded, Resolver, SystemResolver};
use super::{Document, Failure, Fetch, FetchError, Fetching, Guard};

/// What one document may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest body taken, in bytes.
    pub body: usize,
    /// The longest time for all of it: names, connections, redirects and body.
    pub total: Duration,
    /// The longest time for one connection.
    pub connect: Duration,
    /// The most redirects followed.
    pub redirects: usize,
}

impl Default for Limits {
    /// Enough for a status list of a million entries from a slow server.
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            total: Duration::from_secs(15),
            connect: Duration::from_secs(5),
            redirects: 3,
        }
    }
}

/// Fetches over HTTPS.
#[derive(Debug)]
pub struct HttpFetch {
    guard: Guard,
    limits: Limits,
    resolver: Arc<dyn Resolver>,
    /// Made when first used: most commands fetch nothing, and reading the roots of trust takes time.
    client: OnceLock<Result<Client, Failure>>,
}

impl HttpFetch {
    /// Fetches what `guard` lets pass, within `limits`.
    pub fn new(guard: Guard, limits: Limits) -> Self {
        Self::with_resolver(guard, limits, Arc::new(SystemResolver))
    }

    /// The same with names looked up by `resolver`; its answers are guarded too.
    pub fn with_resolver(guard: Guard, limits: Limits, resolver: Arc<dyn Resolver>) -> Self {
        Self {
            guard,
            limits,
            resolver,
            client: OnceLock::new(),
        }
    }

    fn client(&self) -> Result<&Client, Failure> {
        self.client
            .get_or_init(|| self.build())
            .as_ref()
            .map_err(Clone::clone)
    }

    fn build(&self) -> Result<Client, Failure> {
        // An error means that a provider is installed already, which serves as well.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .user_agent(concat!("badgeons/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.limits.connect)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .dns_resolver(Guarded {
                guard: self.guard,
                resolver: Arc::clone(&self.resolver),
            })
            .build()
            .map_err(|_| Failure::NoTrustedRoots)
    }

    async fn follow(&self, url: &Url, accept: &str) -> Result<Document, FetchError> {
        let mut next = self.guard.url(url)?;
        for _ in 0..=self.limits.redirects {
            match self.ask(&next, accept).await.map_err(|why| why.at(&next))? {
                Answer::Document(document) => return Ok(document),
                Answer::Redirect(location) => next = self.guard.redirect(&next, &location)?,
            }
        }
        Err(Failure::TooManyRedirects(self.limits.redirects).at(&next))
    }

    async fn ask(&self, url: &Url, accept: &str) -> Result<Answer, Failure> {
        let request = self.client()?.get(url.clone()).header(ACCEPT, accept);
        let response = request.send().await.map_err(|error| reason(&error))?;
        let headers = response.headers();
        match response.status() {
            StatusCode::OK => {}
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let location = text(headers, &LOCATION).ok_or(Failure::Redirect)?;
                return Ok(Answer::Redirect(location.to_owned()));
            }
            status => return Err(Failure::Status(status.as_u16())),
        }
        if text(headers, &CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            return Err(Failure::Compressed);
        }
        let media_type = essence(text(headers, &CONTENT_TYPE).unwrap_or_default());
        if !accepts(accept, &media_type) {
            return Err(Failure::WrongType {
                found: media_type,
                wanted: accept.to_owned(),
            });
        }
        let fresh_for = freshness(headers);
        let body = self.read(response).await?;
        Ok(Answer::Document(Document {
            url: url.clone(),
            media_type,
            body,
            fresh_for,
        }))
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let limit = self.limits.body;
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(Failure::TooLarge(limit));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
            if chunk.len() > limit.saturating_sub(body.len()) {
                return Err(Failure::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Fetch for HttpFetch {
    fn get<'a>(&'a self, url: &'a Url, accept: &'a str) -> Fetching<'a> {
        Box::pin(async move {
            let total = self.limits.total;
            tokio::time::timeout(total, self.follow(url, accept))
                .await
                .unwrap_or_else(|_| Err(Failure::TooSlow(total).at(url)))
        })
    }
}

enum Answer {
    Document(Document),
    Redirect(String),
}

/// What went wrong, from the innermost error that tells.
fn reason(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<Failure>() {
            return refused.clone();
        }
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return Failure::Certificate;
        }
        // An I/O error names as its source the source of what it wraps, and so hides what it wraps.
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        cause = wrapped.map(|inner| inner as _).or_else(|| error.source());
    }
    Failure::CannotConnect
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A media type without its parameters.
fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a caller that asked with `accept` takes an answer of that type, as [`Fetch::get`] says.
pub(super) fn accepts(accept: &str, media_type: &str) -> bool {
    accept
        .split(',')
        .map(essence)
        .any(|range| match range.as_str() {
            "*/*" => true,
            "application/json" if media_type.ends_with("+json") => true,
            range => range == media_type,
        })
}

/// How long the server lets the answer be used (RFC 9111 §4.2.1), less the time it has been under way.
fn freshness(headers: &HeaderMap) -> Option<Duration> {
    let directives = text(headers, &CACHE_CONTROL)?.to_ascii_lowercase();
    let mut fresh_for = None;
    for directive in directives.split(',').map(str::trim) {
        match directive.split_once('=') {
            None if ["no-store", "no-cache", "private"].contains(&directive) => {
                return Some(Duration::ZERO);
            }
            // An age that can't be read is taken as over (RFC 9111 §4.2.1).
            Some(("max-age", seconds)) => fresh_for = Some(seconds.parse().unwrap_or(0)),
            _ => {}
        }
    }
    let age = text(headers, &AGE)
        .and_then(|age| age.parse().ok())
        .unwrap_or(0);
    fresh_for.map(|seconds: u64| Duration::from_secs(seconds.saturating_sub(age)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_accepted_if_it_is_listed_or_everything_is() {
        let accept = "application/did+json, Application/JSON;q=0.9";
        for good in [
            "application/did+json",
            "application/json",
            "application/ld+json",
        ] {
            assert!(accepts(accept, good), "{good}");
        }
        for other in ["text/html", "text/plain", ""] {
            assert!(!accepts(accept, other), "{other}");
            assert!(accepts("application/json, */*;q=0.1", other), "{other}");
        }
        assert_eq!(
            essence("Application/LD+json; profile=\"x\""),
            "application/ld+json"
        );
    }

    #[test]
    fn freshness_is_what_the_server_says_and_not_more() {
        for (headers, expected) in [
            (vec![], None),
            (vec![("cache-control", "public")], None),
            (vec![("cache-control", "public, Max-Age=60")], Some(60)),
            (
                vec![("cache-control", "max-age=60"), ("age", "45")],
                Some(15),
            ),
            (
                vec![("cache-control", "max-age=60"), ("age", "90")],
                Some(0),
            ),
            (vec![("cache-control", "max-age=60, no-store")], Some(0)),
            (vec![("cache-control", "no-cache")], Some(0)),
            (vec![("cache-control", "max-age=-1")], Some(0)),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name, value.parse().unwrap());
            }
            assert_eq!(
                freshness(&map),
                expected.map(Duration::from_secs),
                "{map:?}"
            );
        }
    }
}
