//! `badgeons serve`: partners issue over REST, anybody verifies.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::arguments::Place;
use super::outcome::Outcome;
use super::print::{Printer, Tone, remark};
use crate::config::{self, Server};
use crate::services::Services;
use crate::web;

/// How often it is looked whether something is to be forgotten.
const HOUR: Duration = Duration::from_hours(1);

/// Serve the API, the badges and what verifiers read, until it is stopped
///
/// Stopped with Ctrl-C or SIGTERM, it finishes what is under way.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  badgeons serve
  badgeons serve --listen 0.0.0.0:8080 --behind-proxy \\
      --public-url https://badges.example.org

Tokens for partners: badgeons tokens create. The API to read and to try: /api/docs.
For the W3C's test suites: --vc-api; its key: badgeons keys list --issuer vc-api.")]
pub(super) struct Serve {
    #[command(flatten)]
    how: ServerArguments,
}

/// Where and how to listen.
#[derive(Debug, Args)]
pub(super) struct ServerArguments {
    /// Address to listen at
    #[arg(long, env = config::LISTEN, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(super) listen: SocketAddr,

    /// Another address for /metrics alone
    #[arg(long, env = config::METRICS_LISTEN, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,

    /// Requests a second that a token, or an address without one, may send; 0 for as many as it likes
    #[arg(long, env = config::RATE_LIMIT, default_value_t = 100, value_name = "NUMBER")]
    rate_limit: u32,

    /// A proxy stands before the server and writes X-Forwarded-For
    #[arg(long, env = config::BEHIND_PROXY)]
    behind_proxy: bool,

    /// Offer the W3C's VC API too, at /vc-api: anybody who reaches it can have any credential signed,
    /// with a key that is made for that and vouches for nothing
    #[arg(long, env = config::VC_API)]
    vc_api: bool,

    /// Write the log as JSON
    #[arg(long, env = config::LOG_JSON)]
    log_json: bool,
}

impl ServerArguments {
    fn settings(&self) -> Server {
        Server {
            listen: self.listen,
            metrics_listen: self.metrics_listen,
            rate: NonZeroU32::new(self.rate_limit),
            behind_proxy: self.behind_proxy,
        }
    }

    /// Where it listens.
    pub(super) fn listen(&self) -> String {
        self.listen.to_string()
    }

    /// Serves until somebody stops it.
    pub(super) async fn serve(&self, services: Services) -> anyhow::Result<()> {
        begin_log(self.log_json);
        let services = if self.vc_api {
            services.offering_vc_api().await?
        } else {
            services
        };
        let mut terminated = signal(SignalKind::terminate())?;
        let stop = async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            tracing::info!("stopping");
        };
        let signer = services.vc_api().map(ToOwned::to_owned);
        let ready = |address: SocketAddr| {
            remark(format_args!(
                "{} on http://{address} (the API: http://{address}/api/docs). Ctrl-C stops it.",
                Tone::Good.paint("Serving")
            ));
            if let Some(signer) = signer {
                remark(format_args!(
                    "The VC API (http://{address}/vc-api) signs whatever it is asked to, as {signer}."
                ));
            }
        };
        let working = tokio::spawn(work(services.clone()));
        let served = web::serve(services.clone(), &self.settings(), stop, ready).await;
        // Dropped at any moment, nothing of it is lost.
        working.abort();
        let _ = working.await;
        served.with_context(|| {
            format!(
                "{} can't be listened at; choose another with --listen",
                self.listen
            )
        })?;
        services.close().await;
        Ok(())
    }
}

/// What goes on beside the server: batches are issued, and what is old is forgotten.
async fn work(services: Services) {
    let forgetting = async {
        let mut hours = tokio::time::interval(HOUR);
        loop {
            hours.tick().await;
            if let Err(error) = services.forget_old_batches().await {
                tracing::warn!(%error, "the rows of old batches are not forgotten yet");
            }
        }
    };
    tokio::join!(services.work_on_batches(), forgetting);
}

impl Serve {
    pub(super) async fn run(self, place: &Place, _: &Printer) -> anyhow::Result<Outcome> {
        self.how.serve(place.services().await?).await?;
        Ok(Outcome::Done)
    }
}

/// The log goes to the standard error: one line for each event, as text or as JSON.
fn begin_log(json: bool) {
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_max_level(tracing::Level::INFO)
        .with_target(false);
    let begun = if json {
        log.json().flatten_event(true).try_init()
    } else {
        log.try_init()
    };
    if begun.is_err() {
        remark("Somebody else writes a log already.");
    }
}
