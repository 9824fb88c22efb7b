//! Judge, fetch what is needed, judge again: the core does no I/O and says what it lacks.
//!
//! What strangers send may be much work, for the processor and on the network: judging takes place off
//! the threads that serve, and fetching within a number of rounds and a time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use super::Error;
use crate::fetch::{Document, Fetch, FetchError};
use crate::openbadges::verify::{Evidence, Fetched, Need, Purpose};

/// Rounds of fetching: keys, then status, then the keys of the status list's issuer, with room for a
/// newer version that has all of these again.
const MAX_ROUNDS: usize = 8;

/// How long all fetching for one judgement may take together.
const PATIENCE: Duration = Duration::from_secs(15);

/// Judges as often as something is needed that can be fetched.
pub(super) async fn judged<R, F>(
    mut evidence: Evidence,
    judge: impl Fn(&Evidence) -> (R, Vec<Need>) + Send + Sync + 'static,
    fetch: impl Fn(Need) -> F,
) -> Result<R, Error>
where
    R: Send + 'static,
    F: Future<Output = Fetched> + Send + 'static,
{
    let judge = Arc::new(judge);
    let deadline = Instant::now() + PATIENCE;
    let mut rounds = 0..MAX_ROUNDS;
    loop {
        let judge = Arc::clone(&judge);
        let work = spawn_blocking(move || (judge(&evidence), evidence));
        let ((judgement, needs), known) = work.await.map_err(Error::internal)?;
        if needs.is_empty() || rounds.next().is_none() {
            return Ok(judgement);
        }
        evidence = known;
        fetch_all(needs, &fetch, deadline, &mut evidence).await?;
    }
}

/// Fetches everything that is needed, all at once; what is not there in time is missing.
async fn fetch_all<F>(
    needs: Vec<Need>,
    fetch: impl Fn(Need) -> F,
    deadline: Instant,
    evidence: &mut Evidence,
) -> Result<(), Error>
where
    F: Future<Output = Fetched> + Send + 'static,
{
    let mut fetching = JoinSet::new();
    for need in needs {
        let reason = "the time for verifying was over before it answered".into();
        evidence.insert(&need.url, Fetched::Failed { reason });
        let url = need.url.clone();
        let fetched = fetch(need);
        fetching.spawn(async move { (url, fetched.await) });
    }
    while let Ok(Some(done)) = timeout_at(deadline, fetching.join_next()).await {
        let (url, fetched) = done.map_err(Error::internal)?;
        evidence.insert(&url, fetched);
    }
    Ok(())
}

/// What a need is answered with. A key speaks for the server it was asked of: where that leads
/// elsewhere, perhaps by a redirect anybody can make, it speaks for nobody.
pub(super) async fn fetch_need(fetch: &dyn Fetch, need: &Need) -> Fetched {
    match fetch.get(&need.url, need.accept).await {
        Ok(document)
            if need.purpose == Purpose::Key && document.url.origin() != need.url.origin() =>
        {
            Fetched::Failed {
                reason: "its address leads to another server, which may be anybody's".into(),
            }
        }
        answer => told(answer),
    }
}

/// What came of fetching, as the core takes it.
pub(super) fn told(answer: Result<Document, FetchError>) -> Fetched {
    match answer {
        Ok(document) => Fetched::Document {
            media_type: document.media_type,
            body: document.body,
        },
        Err(error) => Fetched::Failed {
            reason: error.why.to_string(),
        },
    }
}
