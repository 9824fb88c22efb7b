//! A server of this product, spoken to over REST: the operator's own, with their token.
//!
//! This is no way to other people's documents; those are fetched behind the guard of `fetch`. Here the
//! person names one server, and nothing else is asked: no redirect is followed, and the token goes out
//! encrypted, or not further than this machine.
//!
//! A connection that is lost is tried again for a good while: a batch goes on meanwhile, and every
//! request here may be sent twice. Not here: what is asked for, which is in `batches`.

use std::fmt;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LINK};
use reqwest::{Body, Client, RequestBuilder, Response, StatusCode, redirect};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};
use url::{Host, Url};

use super::outcome::WrongUse;
use super::print::remark;
use super::sending::{media_type, pieces};

pub(super) use reqwest::Method;

/// How long a lost connection is tried again.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// How long to wait before the next try, at first and at most.
const SOON: Duration = Duration::from_secs(1);
const LATER: Duration = Duration::from_secs(15);

/// How long an answer may take; that to a file takes as long as it is sent and read.
const ANSWER: Duration = Duration::from_mins(1);

/// How long a download may say nothing.
const SILENCE: Duration = Duration::from_mins(1);

/// The longest JSON that is read, in bytes: a report tells tens of thousands of badges at most.
const LONGEST: usize = 128 << 20;

/// An access token. It is shown nowhere.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    /// An empty environment variable holds none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let token = text.trim();
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("a token is one word, as `badgeons tokens create` showed it".into());
        }
        Ok(Self(token.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What the server does not do, and why.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub(super) struct Refusal {
    said: String,
    code: u8,
}

impl Refusal {
    /// The exit code: as if the same had been refused here.
    pub(super) fn code(&self) -> u8 {
        self.code
    }
}

/// A problem document (RFC 9457), as the server writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    detail: String,
    findings: Vec<Value>,
    request_id: Option<String>,
}

/// JSON that was answered, and where the next page is.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether all was done that was asked for; else it goes on.
    pub(super) is_whole: bool,
    /// What was answered.
    pub(super) body: Value,
    /// What the next page's address asks for, where there is one.
    pub(super) next: Option<Vec<(String, String)>>,
}

/// The server.
#[derive(Debug)]
pub(super) struct Remote {
    base: Url,
    token: Token,
    client: Client,
    /// Whether it has ever answered: an address that is wrong is told at once.
    known: AtomicBool,
}

impl Remote {
    /// A server at an address such as `https://badges.example.org`; nothing is sent yet.
    pub(super) fn new(server: &str, token: Token) -> anyhow::Result<Self> {
        // An error means that a provider is installed already, which serves as well.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("badgeons/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .tcp_keepalive(Duration::from_secs(30))
            .redirect(redirect::Policy::none())
            .referer(false)
            .build()?;
        Ok(Self {
            base: address(server)?,
            token,
            client,
            known: AtomicBool::new(false),
        })
    }

    /// Its address.
    pub(super) fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Asks for JSON.
    pub(super) async fn get(
        &self,
        path: &[&str],
        query: &[(String, String)],
    ) -> anyhow::Result<Answer> {
        let request = || Ok(self.request(Method::GET, path, query).timeout(ANSWER));
        answer(self.patiently(request).await?).await
    }

    /// Has something done; doing it twice is doing it once.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let request = || {
            let request = self.request(method.clone(), path, &[]).timeout(ANSWER);
            Ok(match body {
                Some(body) => request
                    .header(CONTENT_TYPE, "application/json")
                    .body(body.to_string()),
                None => request,
            })
        };
        answer(self.patiently(request).await?).await
    }

    /// Sends a file, piece by piece; `sent` is told how many bytes have gone out.
    pub(super) async fn upload(
        &self,
        path: &[&str],
        query: &[(String, String)],
        file: &File,
        sent: impl Fn(u64) + Send + Sync + Clone + 'static,
    ) -> anyhow::Result<Answer> {
        let length = file.metadata()?.len();
        let kind = media_type(file)?;
        let request = || {
            let pieces = pieces(file.try_clone()?, sent.clone());
            Ok(self
                .request(Method::POST, path, query)
                .header(CONTENT_TYPE, kind)
                .header(CONTENT_LENGTH, length)
                .body(Body::wrap_stream(pieces)))
        };
        answer(self.patiently(request).await?).await
    }

    /// Asks for a file, and keeps it under no name; `received` is told how many bytes have come, and how
    /// many there are if the server says so.
    pub(super) async fn download(
        &self,
        path: &[&str],
        query: &[(String, String)],
        accept: &str,
        received: impl Fn(u64, Option<u64>),
    ) -> anyhow::Result<File> {
        let request = || {
            let request = self.client.get(self.url(path, query));
            Ok(request.bearer_auth(&self.token.0).header(ACCEPT, accept))
        };
        let mut response = self.patiently(request).await?;
        let length = response.content_length();
        let mut file = tempfile::tempfile()?;
        let mut come = 0_u64;
        while let Some(chunk) = timeout(SILENCE, response.chunk()).await?.map_err(lost)? {
            file.write_all(&chunk)?;
            come = come.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            received(come, length);
        }
        file.rewind()?;
        Ok(file)
    }

    fn request(&self, method: Method, path: &[&str], query: &[(String, String)]) -> RequestBuilder {
        let request = self.client.request(method, self.url(path, query));
        request
            .bearer_auth(&self.token.0)
            .header(ACCEPT, "application/json, application/problem+json")
            .header(reqwest::header::ACCEPT_LANGUAGE, "en")
    }

    fn url(&self, path: &[&str], query: &[(String, String)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Sends a request until it is answered, for as long as there is patience; what the server refuses
    /// is an error.
    async fn patiently(
        &self,
        request: impl Fn() -> anyhow::Result<RequestBuilder>,
    ) -> anyhow::Result<Response> {
        let mut since: Option<Instant> = None;
        let mut wait = SOON;
        loop {
            let why = match request()?.send().await {
                Ok(response) if response.status().is_success() => {
                    self.known.store(true, Ordering::Relaxed);
                    if since.is_some() {
                        remark("The server answers again.");
                    }
                    return Ok(response);
                }
                Ok(response) => {
                    let is_passing = is_passing(response.status());
                    let refusal = self.refusal(response).await;
                    if !is_passing || !self.known.load(Ordering::Relaxed) {
                        return Err(refusal.into());
                    }
                    refusal.said
                }
                Err(error) => {
                    let error = lost(error);
                    if !self.known.load(Ordering::Relaxed) {
                        return Err(error.context(format!(
                            "{} can't be reached; check the address and that the server runs",
                            self.address()
                        )));
                    }
                    format!("{error:#}")
                }
            };
            let first = *since.get_or_insert_with(|| {
                remark(format_args!(
                    "The server does not answer ({}); it is asked again for {} minutes …",
                    why.trim_end_matches('.'),
                    PATIENCE.as_secs() / 60
                ));
                Instant::now()
            });
            if first.elapsed() > PATIENCE {
                anyhow::bail!(
                    "{} has not answered for {} minutes ({why}); run the same command again later: \
                     nothing is issued twice",
                    self.address(),
                    PATIENCE.as_secs() / 60
                );
            }
            sleep(wait).await;
            wait = LATER.min(wait.saturating_mul(2));
        }
    }

    async fn refusal(&self, response: Response) -> Refusal {
        let status = response.status();
        let problem: Option<Problem> = match body(response).await {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(_) => None,
        };
        let Some(problem) = problem.filter(|it| !it.title.is_empty()) else {
            return Refusal {
                said: format!(
                    "{} answered {status}, and not as a server of badgeons does; check the address",
                    self.address()
                ),
                code: 1,
            };
        };
        let is_ours = status.is_server_error() && !problem.kind.ends_with("/not-ready");
        let mut said = if problem.detail.is_empty() {
            problem.title
        } else {
            problem.detail
        };
        if status == StatusCode::UNAUTHORIZED {
            said.push_str(" Give the token as BADGEONS_TOKEN, or with --token.");
        }
        if let Some(id) = problem.request_id.filter(|_| is_ours) {
            said = format!("{said} (request {id})");
        }
        Refusal {
            said,
            code: match problem.findings.len() {
                _ if is_ours => 1,
                0 => 2,
                _ => 3,
            },
        }
    }
}

/// Whether the same request, sent later, may well be answered.
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Where a server is. What is not encrypted goes no further than this machine.
fn address(text: &str) -> Result<Url, WrongUse> {
    let wrong = |why: &str| {
        let told = "write it as in https://badges.example.org";
        WrongUse(format!("the server's address can't be used: {why}; {told}"))
    };
    let url: Url = text.trim().parse().map_err(|_| wrong("it is no URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "it holds a name or a password, where a token is used",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it asks for something"));
    }
    let is_near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(wrong("it names no server")),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_near => Ok(url),
        "http" => Err(wrong("the token would go over the network for all to read")),
        _ => Err(wrong("it is no web address")),
    }
}

/// What went wrong on the way, in short and without the address, which holds what was asked for.
fn lost(error: reqwest::Error) -> anyhow::Error {
    let error = anyhow::Error::new(error.without_url());
    anyhow::anyhow!("the connection failed: {}", error.root_cause())
}

async fn answer(response: Response) -> anyhow::Result<Answer> {
    let is_whole = response.status() != StatusCode::ACCEPTED;
    let next = response
        .headers()
        .get(LINK)
        .and_then(|link| next_page(link.to_str().ok()?));
    let bytes = body(response).await?;
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes)?
    };
    Ok(Answer {
        is_whole,
        body,
        next,
    })
}

async fn body(mut response: Response) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = timeout(SILENCE, response.chunk()).await?.map_err(lost)? {
        anyhow::ensure!(
            bytes.len().saturating_add(chunk.len()) <= LONGEST,
            "the server answered more than is read"
        );
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What the next page's address asks for, as a `Link` says it (RFC 8288).
fn next_page(link: &str) -> Option<Vec<(String, String)>> {
    let (address, rest) = link.strip_prefix('<')?.split_once('>')?;
    let (_, query) = address.split_once('?')?;
    let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    rest.contains("rel=\"next\"").then(|| pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_out_encrypted_or_stays_on_this_machine() {
        for fine in [
            "https://badges.example.org",
            "https://example.org/badges/",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://[::1]:8080/",
        ] {
            assert!(address(fine).is_ok(), "{fine}");
        }
        for wrong in [
            "badges.example.org",
            "http://badges.example.org",
            "http://localhost.example.org",
            "http://192.168.0.1",
            "https://a:b@example.org",
            "https://example.org/?x=1",
            "ftp://localhost",
            "file:///etc/passwd",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_keep_the_servers_path_and_quote_what_people_type() {
        let token: Token = "bdg_x".parse().unwrap();
        let remote = Remote::new("https://example.org/badges/", token).unwrap();
        let query = [("map".to_owned(), "Adresse mail=email".to_owned())];
        assert_eq!(
            remote
                .url(&["api", "v1", "batches", "../x"], &query)
                .as_str(),
            "https://example.org/badges/api/v1/batches/..%2Fx?map=Adresse+mail%3Demail"
        );
        assert!(!format!("{remote:?}").contains("bdg_x"));
    }

    #[test]
    fn the_next_page_is_where_the_link_says() {
        let link = "</api/v1/batches/x/rows?after=500&limit=2>; rel=\"next\"";
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            next_page(link),
            Some(vec![pair("after", "500"), pair("limit", "2")])
        );
        assert_eq!(next_page("</x?a=1>; rel=\"prev\""), None);
        assert_eq!(next_page("nothing"), None);
    }
}
