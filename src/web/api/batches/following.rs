//! `GET /api/v1/batches/{id}/events`: how far a batch is, as it happens.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

use super::told::Told;
use crate::services::access::Scope;
use crate::services::{Error, Services};
use crate::texts::Language;
use crate::web::Web;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::language;
use crate::web::problem::Problem;

/// How often the database is asked.
const LOOK: Duration = Duration::from_millis(500);

/// How often something is sent where nothing changes, so that nobody on the way takes it for dead.
const ALIVE: Duration = Duration::from_secs(15);

/// How long one is told; then whoever still listens asks again, with a token that still holds.
const LONGEST: Duration = Duration::from_mins(15);

/// Asks proxies to hand on each event at once.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Somebody who follows a batch.
struct Follower {
    services: Services,
    id: String,
    language: Language,
    tell: mpsc::Sender<Result<Event, Infallible>>,
    stopping: watch::Receiver<bool>,
}

/// An event, as it stands in the stream.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is written line by line")]
pub(in crate::web) struct BatchEvent {
    /// `progress` or `done`.
    #[schema(example = "progress")]
    event: String,
    /// The batch, as JSON.
    data: String,
}

/// Follow a batch as it is issued
///
/// Server-sent events: `progress` with the batch as JSON, as it is and each time it changes, twice a second
/// at most; `done` with the batch once it has ended, and that is the last. A batch is told for a quarter of an
/// hour; ask again for more.
#[utoipa::path(
    get, path = "/api/v1/batches/{id}/events", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier")),
    responses(
        (status = 200, description = "The events", body = BatchEvent, content_type = "text/event-stream"),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
    )
)]
pub(in crate::web) async fn events(
    State(web): State<Web>,
    caller: Caller,
    language::Asked(language): language::Asked,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::BatchesWrite)?.clone();
    services.batch(&id).await?;
    let following = Arc::clone(&web.following).try_acquire_owned();
    let place = following.map_err(|_| {
        let detail =
            "Too many follow batches at this moment; ask for the batch itself from time to time.";
        Problem::new("busy", detail).retry_after(60)
    })?;
    let (tell, told) = mpsc::channel(2);
    let stopping = web.stopping.subscribe();
    let follower = Follower {
        services,
        id,
        language,
        tell,
        stopping,
    };
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = follower.follow().await {
            tracing::warn!(%error, "a batch could not be followed to its end");
        }
    });
    let events = Sse::new(ReceiverStream::new(told)).keep_alive(KeepAlive::new().interval(ALIVE));
    let mut response = events.into_response();
    response
        .headers_mut()
        .insert(BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

impl Follower {
    async fn follow(mut self) -> Result<(), Error> {
        let end = Instant::now() + LONGEST;
        let mut before = None;
        loop {
            match self.services.batch(&self.id).await {
                Ok(batch) => {
                    let now = Told::of(batch, self.language);
                    if before.as_ref() != Some(&now) && !self.say("progress", &now).await {
                        return Ok(());
                    }
                    if now.has_ended() {
                        self.say("done", &now).await;
                        return Ok(());
                    }
                    before = Some(now);
                }
                Err(Error::Busy(_)) => {}
                Err(error) => return Err(error),
            }
            let waiting = async {
                tokio::select! {
                    () = self.tell.closed() => false,
                    _ = self.stopping.wait_for(|stopping| *stopping) => false,
                    () = sleep(LOOK) => true,
                }
            };
            if !matches!(timeout_at(end, waiting).await, Ok(true)) {
                return Ok(());
            }
        }
    }

    /// Whether somebody still listens.
    async fn say(&self, what: &str, told: &Told) -> bool {
        let Ok(event) = Event::default().event(what).json_data(told) else {
            return false;
        };
        self.tell.send(Ok(event)).await.is_ok()
    }
}
