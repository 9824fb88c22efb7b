//! A program or a browser sends a request: the router, which is the table of contents of every address.
//!
//! - `api`: `/api/v1`, JSON for partner organisations and for whoever verifies, documented in
//!   `/api/openapi.json`.
//! - `pages`: what people see.
//! - `public`: what the world reads: credentials, achievements, issuers, keys, status lists.
//! - `protocols`: other people's contracts, where they are switched on.
//! - `health`: whether it lives and is ready, and its figures.
//!
//! A handler reads the input, calls one verb of the services, and answers; what two doors need is a
//! service. Status codes are in `problem`, who calls in `auth`, what a request may cost in
//! `limits`. To add a route: a handler with its `utoipa::path`, and a line in `api::routes` or
//! `public::routes`.

mod api;
mod auth;
mod download;
mod health;
mod idempotency;
mod language;
mod limits;
mod pages;
mod problem;
mod protocols;
mod public;
mod request;
mod upload;
mod watch;

use std::future::Future;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch as signal};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::config::Server;
use crate::services::Services;
use limits::Rate;
use problem::Problem;

/// What every handler can reach.
#[derive(Debug, Clone)]
pub struct Web(Arc<Shared>);

/// One for all requests.
#[derive(Debug)]
pub struct Shared {
    services: Services,
    rate: Option<Rate>,
    behind_proxy: bool,
    /// Requests under way; others wait for one to end.
    under_way: Semaphore,
    /// How many badges of strangers are read, fetched and verified at the same time; others wait.
    verifying: Semaphore,
    /// How many of our own badges are judged or drawn for a page at the same time: no stranger's slow
    /// upload keeps a page waiting.
    showing: Semaphore,
    /// Files that are received.
    uploading: Arc<Semaphore>,
    /// Files that are made and sent.
    downloading: Arc<Semaphore>,
    /// Those who follow a batch.
    following: Arc<Semaphore>,
    /// Whether the server is asked to stop.
    stopping: signal::Sender<bool>,
    figures: PrometheusHandle,
}

impl Deref for Web {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Web {
    /// The server of an installation; nothing listens yet.
    pub fn new(services: Services, server: &Server) -> Self {
        Self(Arc::new(Shared {
            services,
            rate: server.rate.map(Rate::new),
            behind_proxy: server.behind_proxy,
            under_way: Semaphore::new(limits::UNDER_WAY),
            verifying: Semaphore::new(limits::VERIFYING),
            showing: Semaphore::new(limits::SHOWING),
            uploading: Arc::new(Semaphore::new(limits::UPLOADING)),
            downloading: Arc::new(Semaphore::new(limits::DOWNLOADING)),
            following: Arc::new(Semaphore::new(limits::FOLLOWING)),
            stopping: signal::channel(false).0,
            figures: figures(),
        }))
    }
}

/// Figures are one for the process: whoever asks first begins them.
fn figures() -> PrometheusHandle {
    static FIGURES: std::sync::LazyLock<PrometheusHandle> = std::sync::LazyLock::new(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("somebody else counts already; /metrics stays empty");
        }
        handle
    });
    FIGURES.clone()
}

/// Every address this server answers.
pub fn router(web: Web) -> Router {
    let (api, document) = api::routes(web.clone());
    let open = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::ACCEPT])
        .expose_headers([header::ETAG, HeaderName::from_static("x-request-id")]);
    // Within `open`, so that a browser's OPTIONS is answered before it is refused.
    let public = public::routes()
        .merge(pages::routes())
        .layer(pages::compressed())
        .method_not_allowed_fallback(other_method);
    let vc_api = match web.services.vc_api() {
        Some(_) => {
            protocols::vc_api::routes().layer(from_fn_with_state(web.clone(), limits::in_turn))
        }
        None => Router::new(),
    };
    Router::new()
        .merge(api)
        .merge(api::documentation(document))
        .merge(public.layer(open))
        .merge(health::routes())
        .merge(vc_api)
        .fallback(async || Problem::new("not-found", "There is nothing at this address."))
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(limits::MAX_JSON))
        .layer(from_fn(request::legible))
        .layer(from_fn_with_state(web.clone(), limits::rate))
        .layer(from_fn_with_state(web.clone(), auth::recognise))
        .layer(from_fn(limits::patience))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::new("internal", "Something went wrong here.").into_response()
        }))
        .layer(from_fn(watch::watch))
        .layer(from_fn_with_state(web.clone(), limits::name))
        .layer(from_fn(limits::careful))
        .with_state(web)
}

async fn other_method() -> Problem {
    Problem::new("method-not-allowed", "This address is not for this method.")
}

/// How long what is under way may take to end, once the server is asked to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Serves until `stop` is done; then what is under way is finished, within a limit.
///
/// # Errors
/// When the addresses can't be listened at.
pub async fn serve(
    services: Services,
    server: &Server,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let web = Web::new(services, server);
    let listener = TcpListener::bind(server.listen).await?;
    let (stopping, stopped) = (web.stopping.clone(), web.stopping.subscribe());
    let figures = match server.metrics_listen {
        Some(address) => {
            let listener = TcpListener::bind(address).await?;
            let router = health::figures_alone().with_state(web.clone());
            Some(tokio::spawn(run(listener, router, stopped.clone())))
        }
        None => None,
    };
    ready(listener.local_addr()?);
    let main = tokio::spawn(run(listener, router(web), stopped));
    stop.await;
    stopping.send_replace(true);
    let all = async {
        let ended = main.await;
        if let Some(figures) = figures {
            figures.await??;
        }
        ended?
    };
    if let Ok(ended) = tokio::time::timeout(LAST_REQUESTS, all).await {
        return ended;
    }
    tracing::warn!("some requests did not end in time and were cut off");
    Ok(())
}

async fn run(
    listener: TcpListener,
    router: Router,
    mut stopped: signal::Receiver<bool>,
) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        })
        .await
}
