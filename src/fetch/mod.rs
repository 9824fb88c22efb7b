//! Documents from other people's servers: DID documents, issuer profiles, status lists, keys.
//!
//! The one door to the network. Whoever presents a badge chooses the URLs in it, so every address is
//! hostile until [`guard`] has passed it, and every answer is bounded in size and time. What the
//! documents mean is decided elsewhere: `openbadges::verify` says what it needs, `services` fetches
//! it here and hands it back.
//!
//! - [`guard`]: which URLs and which network addresses may be asked at all.
//! - [`resolver`]: names to addresses, refused before they are used and not looked up again.
//! - [`http`]: the real thing, over HTTPS.
//! - [`cache`]: the same again without asking twice, for a short while.
//! - [`fixed`]: answers from a table, for tests.
//!
//! A new kind of document needs nothing here: ask for its media types.

pub mod cache;
pub mod fixed;
pub mod guard;
pub mod http;
pub mod resolver;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use url::Url;

pub use cache::CachedFetch;
pub use fixed::FixedFetch;
pub use guard::Guard;
pub use http::{HttpFetch, Limits};

/// What [`Fetch::get`] returns: a document on its way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Document, FetchError>> + Send + 'a>>;

/// Fetches documents by URL.
pub trait Fetch: Send + Sync + fmt::Debug {
    /// The document at `url`, in one of the media types of `accept`.
    ///
    /// `accept` is written as an HTTP `Accept` header. It is also what is taken: an answer of another
    /// type is refused, unless `*/*` is in the list. `application/json` takes every `…+json` too.
    ///
    /// # Errors
    /// [`FetchError`], which says in words why there is no document.
    fn get<'a>(&'a self, url: &'a Url, accept: &'a str) -> Fetching<'a>;
}

/// A document as its server sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it was found in the end, after redirects, without fragment.
    pub url: Url,
    /// Its media type, in lower case and without parameters; empty if the server named none.
    pub media_type: String,
    /// Its bytes, never decoded or changed.
    pub body: Vec<u8>,
    /// How long its server lets it be used without asking again; `None` if the server says nothing.
    pub fresh_for: Option<Duration>,
}

/// Why a document could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address} could not be fetched: {why}")]
pub struct FetchError {
    /// The address that failed: the one asked for, or the one it redirected to. Without its user
    /// information, query and fragment, which may be secret and would end in logs.
    pub address: String,
    /// What was wrong with it.
    pub why: Failure,
}

/// The ways in which fetching fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Plain HTTP, or no web address at all.
    #[error("only https addresses are fetched")]
    NotHttps,
    /// A user name or a password in the URL.
    #[error("addresses with a user name or a password are not fetched")]
    UserInformation,
    /// A port where no web server of other people is expected.
    #[error("port {0} is not fetched; a web server answers on 443 or from 1024 up")]
    Port(u16),
    /// An address inside somebody's network, or in no network at all.
    #[error("its network address is not public ({0})")]
    Address(&'static str),
    /// The name has no address.
    #[error("no server of that name was found")]
    UnknownHost,
    /// Nobody answers there, or the line breaks.
    #[error("the server cannot be reached, or breaks off")]
    CannotConnect,
    /// The server does not prove who it is.
    #[error("the server's certificate is not trusted")]
    Certificate,
    /// The server redirects with no address, or with one that is not a URL.
    #[error("the server redirects to no usable address")]
    Redirect,
    /// Redirects of redirects.
    #[error("the server redirects more than {0} times")]
    TooManyRedirects(usize),
    /// Anything but 200.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// The answer is in another format than asked for.
    #[error("the server answers with {}, not with {wanted}", or_untyped(.found))]
    WrongType {
        /// The media type of the answer; empty if the server named none.
        found: String,
        /// What was asked for.
        wanted: String,
    },
    /// The answer is compressed, which nobody asked for.
    #[error("the server sends a compressed answer that was not asked for")]
    Compressed,
    /// More bytes than a document of its kind needs.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
    /// The time for all of it has passed.
    #[error("the server needs more than {} seconds", .0.as_secs_f32())]
    TooSlow(Duration),
    /// This machine cannot make secure connections.
    #[error("this machine has no list of trusted certificates; install ca-certificates")]
    NoTrustedRoots,
    /// A test asked for what it had not prepared.
    #[error("the table of this test has no such document")]
    NotInTheTable,
}

impl Failure {
    /// This failure, of that address.
    pub(crate) fn at(self, url: &Url) -> FetchError {
        let host = url.host_str().unwrap_or_default();
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let address = format!("{}://{host}{port}{}", url.scheme(), url.path());
        FetchError { address, why: self }
    }
}

fn or_untyped(media_type: &str) -> &str {
    if media_type.is_empty() {
        "no named type"
    } else {
        media_type
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_address_without_what_may_be_secret_in_it() {
        let url = Url::parse("https://me:pw@a.example:8443/list?token=t#f").unwrap();
        assert_eq!(
            Failure::Status(404).at(&url).to_string(),
            "https://a.example:8443/list could not be fetched: the server answers with status 404"
        );
    }
}
