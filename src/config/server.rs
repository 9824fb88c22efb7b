//! The address under which the world reaches this installation.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::str::FromStr;

use url::Url;

use super::ConfigError;

/// Where and how the server listens.
#[derive(Debug, Clone)]
pub struct Server {
    /// The address it listens at.
    pub listen: SocketAddr,
    /// Another address for its figures; none: `/metrics` beside everything else.
    pub metrics_listen: Option<SocketAddr>,
    /// How many requests a second a token, or an address without one, may send; none: as many as
    /// they like.
    pub rate: Option<NonZeroU32>,
    /// Whether a proxy stands before it, whose `X-Forwarded-For` says who calls.
    pub behind_proxy: bool,
}

/// An http or https address that begins the addresses of issuers, badges and status lists.
///
/// Written without a slash at its end, without user, query or fragment: identifiers are made from
/// it and signed, so there must be one way to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// Whether it is https, as `did:web` and verifiers elsewhere demand.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address as a URL; a path, when there is one, has no slash at its end.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// An address below this one: `join("badges/x")` is `https://badges.example.org/badges/x`.
    pub fn join(&self, path: &str) -> String {
        format!("{self}/{}", path.trim_start_matches('/'))
    }
}

impl FromStr for PublicUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let refused = |reason: &str| Err(ConfigError::PublicUrl(reason.into()));
        let Ok(mut url) = Url::parse(text.trim()) else {
            return refused("it is not a URL");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refused("it must begin with https:// (or http:// for a trial)");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("it must not hold a user or a password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refused("it must end before any ? or #");
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_one_way() {
        for text in [
            "https://Badges.Example.org",
            "https://badges.example.org:443/",
            " https://badges.example.org// ",
        ] {
            let url: PublicUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), "https://badges.example.org", "{text}");
            assert!(url.is_https());
        }
        let below: PublicUrl = "http://localhost:8080/badges/".parse().unwrap();
        assert_eq!(
            below.join("/status/1"),
            "http://localhost:8080/badges/status/1"
        );
        assert!(!below.is_https());
    }

    #[test]
    fn what_identifiers_can_not_be_made_from_is_refused() {
        for (text, reason) in [
            ("badges.example.org", "not a URL"),
            ("ftp://badges.example.org", "must begin with https"),
            ("https://u@badges.example.org", "user or a password"),
            ("https://:secret@badges.example.org", "user or a password"),
            ("https://badges.example.org/?a", "any ? or #"),
            ("https://badges.example.org/#a", "any ? or #"),
        ] {
            let error = text.parse::<PublicUrl>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
            assert!(!error.contains("secret"));
        }
    }
}
