//! What one request may cost, and how often somebody may ask.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Web;
use super::language;
use super::pages::{self, Frame};
use super::problem::Problem;
use super::request::RequestId;
use crate::services::access::Access;

/// How long a request may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// How long somebody waits for a place: less than a request may take.
const QUEUE: Duration = Duration::from_secs(20);

/// The largest JSON body, in bytes.
pub(super) const MAX_JSON: usize = 1024 * 1024;

/// The largest badge to verify: a picture with a badge in it.
pub(super) const MAX_BADGE: usize = 16 * 1024 * 1024;

/// How many requests of partners are under way at the same time, each with a body of up to [`MAX_JSON`]
/// bytes. What the world reads, and whether the server lives, waits for none of them.
pub(super) const UNDER_WAY: usize = 512;

/// How many badges are verified at the same time: each may be as large as [`MAX_BADGE`].
pub(super) const VERIFYING: usize = 16;

/// Where files of any size are sent: the time for that is in [`upload`](super::upload).
const UPLOADS: &str = "/api/v1/batches";

/// How many files are received at the same time; others wait.
pub(super) const UPLOADING: usize = 4;

/// How many files are made and sent at the same time; others wait.
pub(super) const DOWNLOADING: usize = 8;

/// How many follow a batch at the same time.
pub(super) const FOLLOWING: usize = 64;

/// How many badges are judged or drawn for a page at the same time.
pub(super) const SHOWING: usize = 32;

/// The largest form of a holder's page.
pub(super) const MAX_FORM: usize = 16 * 1024;

/// How many callers are remembered before those that have been silent are forgotten.
const CALLERS: usize = 50_000;

/// How often a caller may ask, each token and each address on its own.
#[derive(Debug)]
pub(super) struct Rate {
    limiter: DefaultKeyedRateLimiter<Key>,
}

/// Who is counted: a token, or an address without one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Token(uuid::Uuid),
    Address(IpAddr),
}

impl Rate {
    /// That many requests a second, and for a moment five times as many.
    pub(super) fn new(per_second: NonZeroU32) -> Self {
        let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(4));
        Self {
            limiter: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
        }
    }

    /// The seconds to wait, for whoever asks too often.
    fn check(&self, key: &Key) -> Result<(), u32> {
        if self.limiter.len() > CALLERS {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }
}

/// A place among those who may do something at the same time, given back when it is dropped; whoever
/// gets none in time is told to come again.
pub(super) async fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    let waiting = Arc::clone(places).acquire_owned();
    match tokio::time::timeout(QUEUE, waiting).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(
            Problem::new("busy", "Others are doing the same; try again in a minute.")
                .retry_after(60),
        ),
    }
}

/// Refuses whoever asks too often.
pub(super) async fn rate(State(web): State<Web>, request: Request, next: Next) -> Response {
    match too_often(&web, &request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

/// Counts a request, and tells whoever asks too often to wait.
pub(super) fn too_often(web: &Web, request: &Request) -> Option<Problem> {
    let key = key(request, web.behind_proxy)?;
    let seconds = web.rate.as_ref()?.check(&key).err()?;
    let detail = format!("Wait {seconds} s and go on more slowly.");
    Some(Problem::new("too-many", detail).retry_after(seconds))
}

/// A token is counted as itself. An address counts for all who call without one; behind a proxy it is
/// the one that the proxy adds last to `X-Forwarded-For`, since whoever calls can write the others.
fn key(request: &Request, behind_proxy: bool) -> Option<Key> {
    if let Some(access) = request.extensions().get::<Access>() {
        return Some(Key::Token(access.token.0));
    }
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back();
    let forwarded = forwarded
        .filter(|_| behind_proxy)
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = forwarded.or_else(|| connection.map(|ConnectInfo(from)| from.ip()))?;
    Some(Key::Address(network(address)))
}

/// Of IPv6 a household has a whole network of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => {
            let prefix = u128::from(long) >> 64 << 64;
            IpAddr::V6(prefix.into())
        }
    }
}

/// Lets a request wait while too many are under way; one that waits too long is ended as any other.
pub(super) async fn in_turn(State(web): State<Web>, request: Request, next: Next) -> Response {
    match web.under_way.acquire().await {
        Ok(_turn) => next.run(request).await,
        Err(_) => Problem::new("busy", "The server is stopping.").into_response(),
    }
}

/// Ends a request that takes too long, but for a file on its way.
pub(super) async fn patience(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    if request.method() == Method::POST && route.is_some_and(|route| route.as_str() == UPLOADS) {
        return next.run(request).await;
    }
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new("timeout", "The time for this request is over.").into_response(),
    }
}

/// Names each request, and says so in the answer and in the log. A name that the caller or a proxy
/// gives is kept if it is short and plain.
pub(super) async fn name(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    let given = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (8..=64).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
        .map(ToOwned::to_owned);
    let id = match given {
        Some(id) => id,
        None => match web.services.random_id() {
            Ok(id) => id.to_string(),
            Err(error) => return Problem::from(error).into_response(),
        },
    };
    let id = RequestId(id);
    let language = language::asked(request.headers());
    let frame = Frame::of_browser(&request, &web);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    match (response.extensions().get::<Problem>(), frame) {
        (Some(problem), Some(frame)) => {
            response = problem.page(frame, &id);
        }
        _ => Problem::complete(&mut response, &id, language),
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Headers that make browsers careful with everything we serve.
pub(super) async fn careful(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ];
    let mut response = next.run(request).await;
    let framed = response.headers().get(header::CONTENT_SECURITY_POLICY);
    let may_be_framed = framed.is_some_and(|policy| policy.as_bytes() == pages::FRAMED.as_bytes());
    for (name, value) in HEADERS {
        // The older of the two headers knows no exception but its absence.
        if may_be_framed && name == header::X_FRAME_OPTIONS {
            continue;
        }
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_waits_and_others_do_not() {
        let rate = Rate::new(NonZeroU32::MIN);
        let [one, other] = [1, 2].map(|end| Key::Address([192, 0, 2, end].into()));
        for _ in 0..5 {
            assert_eq!(rate.check(&one), Ok(()));
        }
        assert!(rate.check(&one).is_err_and(|seconds| seconds >= 1));
        assert_eq!(rate.check(&other), Ok(()));
    }

    #[test]
    fn a_household_is_one_caller() {
        let [one, other, elsewhere] = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]
            .map(|text| network(text.parse().unwrap()));
        assert!(one == other && one != elsewhere);
    }
}
