//! All that a batch issued is revoked, or erased.
//!
//! A large batch takes minutes: the work goes on when nobody waits for it any more, and asked for again it
//! goes on from where it was, so that not even a server that stopped meanwhile leaves half of it undone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::Error;
use crate::services::access::Scope;
use crate::services::batches::Withdrawn;
use crate::web::api::credentials::Reason;
use crate::web::api::problems;
use crate::web::auth::Caller;
use crate::web::problem::Problem;
use crate::web::request;

/// How long it is waited for.
const WAIT: Duration = Duration::from_secs(15);

/// How far something has come that goes on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BatchUnderWay)]
pub(in crate::web) struct UnderWay {
    /// How many badges are done so far.
    done: usize,
}

/// Revoke every badge that a batch issued
///
/// It must have ended. A large one takes minutes: then the answer is 202, and it goes on. Send the same
/// again until the answer is 200.
#[utoipa::path(
    post, path = "/api/v1/batches/{id}/revoke", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier")),
    request_body = Reason,
    responses(
        (status = 200, description = "All are revoked", body = Withdrawn),
        (status = 202, description = "It goes on", body = UnderWay),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 409, response = problems::Conflict),
    )
)]
pub(in crate::web) async fn revoke(
    caller: Caller,
    Path(id): Path<String>,
    request::Json(Reason { reason }): request::Json<Reason>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsRevoke)?.clone();
    let (done, tell) = counted();
    to_its_end(done, async move {
        services.revoke_batch(&id, &reason, tell).await
    })
    .await
}

/// Erase the personal data of every badge that a batch issued
///
/// And the rows of the file. It must have ended. Erasing is not revoking: whoever holds a copy of a badge can
/// still have it verified. A large batch takes minutes: then the answer is 202, and it goes on. Send the same
/// again until the answer is 200.
#[utoipa::path(
    delete, path = "/api/v1/batches/{id}/personal-data", tag = "batches", security(("token" = [])),
    params(("id" = String, Path, description = "The batch's identifier")),
    responses(
        (status = 200, description = "All are erased", body = Withdrawn),
        (status = 202, description = "It goes on", body = UnderWay),
        (status = 403, response = problems::Forbidden),
        (status = 404, response = problems::NotFound),
        (status = 409, response = problems::Conflict),
    )
)]
pub(in crate::web) async fn erase(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let services = caller.may(Scope::CredentialsRevoke)?.clone();
    let (done, tell) = counted();
    to_its_end(done, async move { services.erase_batch(&id, tell).await }).await
}

/// Where it is noted how many are done, and how it is noted.
fn counted() -> (Arc<AtomicUsize>, impl Fn(usize) + Send) {
    let done = Arc::new(AtomicUsize::new(0));
    let noted = Arc::clone(&done);
    (done, move |count| noted.store(count, Ordering::Relaxed))
}

/// Waits for it, and lets it go on where that takes too long.
async fn to_its_end(
    done: Arc<AtomicUsize>,
    work: impl Future<Output = Result<Withdrawn, Error>> + Send + 'static,
) -> Result<Response, Problem> {
    let (finish, finished) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        if let Err(Err(error)) = finish.send(work.await) {
            tracing::error!(%error, "badges of a batch are not all withdrawn; it has to be asked for again");
        }
    });
    if let Ok(finished) = tokio::time::timeout(WAIT, finished).await {
        return Ok(Json(finished.map_err(Error::internal)??).into_response());
    }
    let done = done.load(Ordering::Relaxed);
    Ok((StatusCode::ACCEPTED, Json(UnderWay { done })).into_response())
}
