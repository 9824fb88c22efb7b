//! Single awards that arrive at the same time are issued together: their places taken at once, one round
//! at the signing desk, one commit for all of them.
//!
//! Nobody waits for company: whoever has an issuer's turn takes all who wait for it, and those who
//! arrive meanwhile are the next turn. Each gets its own outcome, in its own name in the audit
//! log. Nothing but speed depends on it: several nodes know nothing of each other's arrivals.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::issuers::Issuer;
use super::issuing::{Asked, Outcome};
use super::{Actor, Error, Services};
use crate::ids::IssuerId;
use crate::recognition::award::Award;

/// The most awards of one turn.
const TURN: usize = 200;

/// Awards that wait for their turn, by issuer: a slow one keeps no other waiting.
#[derive(Debug, Default)]
pub(super) struct Arrivals(Mutex<BTreeMap<IssuerId, Arc<Queue>>>);

/// Those of one issuer.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Vec<Arrival>>,
    /// One turn at a time: the database has one writer for an issuer anyway, and the longer a turn
    /// takes, the more there are in the next (measured: two at a time issue fewer badges).
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Arrival {
    issuer: Arc<Issuer>,
    award: Award,
    actor: Arc<Actor>,
    answer: oneshot::Sender<Result<Outcome, Error>>,
}

impl Arrivals {
    fn of(&self, issuer: IssuerId) -> Arc<Queue> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(issuer).or_default())
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        let queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.values().map(|queue| queue.waiting().len()).sum()
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Vec<Arrival>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first who waits, and all who wait with the issuer as it is for the first. Whoever has gone
    /// away is forgotten: nothing is issued that nobody asks for any more.
    fn next(&self) -> Vec<Arrival> {
        let mut waiting = self.waiting();
        waiting.retain(|arrival| !arrival.answer.is_closed());
        let Some(issuer) = waiting.first().map(|first| Arc::clone(&first.issuer)) else {
            return Vec::new();
        };
        let (mut turn, mut later) = (Vec::new(), Vec::new());
        for arrival in waiting.drain(..) {
            if arrival.issuer.profile == issuer.profile && turn.len() < TURN {
                turn.push(arrival);
            } else {
                later.push(arrival);
            }
        }
        *waiting = later;
        turn
    }
}

impl Services {
    /// Issues one award, together with others that arrive at the same time.
    ///
    /// # Errors
    /// As [`Services::issue`]; those of one award are not another's.
    pub async fn issue_together(&self, issuer: &Issuer, award: Award) -> Result<Outcome, Error> {
        let (answer, mut answered) = oneshot::channel();
        let queue = self.arrivals.of(issuer.id);
        queue.waiting().push(Arrival {
            issuer: Arc::new(issuer.clone()),
            award,
            actor: Arc::clone(&self.actor),
            answer,
        });
        let outcome = loop {
            let turn = tokio::select! {
                biased;
                outcome = &mut answered => break outcome,
                turn = Arc::clone(&queue.turn).lock_owned() => turn,
            };
            let arrivals = queue.next();
            if arrivals.is_empty() {
                // It is in somebody else's turn.
                drop(turn);
                break answered.await;
            }
            let services = self.clone();
            // To its end, also when whoever took the turn goes away.
            tokio::spawn(async move {
                services.serve(arrivals).await;
                drop(turn);
            });
        };
        outcome.map_err(|_| lost())?
    }

    /// Issues what waits for one issuer. Where that can't be done together, each is issued on its
    /// own: one's fault is not another's.
    async fn serve(&self, arrivals: Vec<Arrival>) {
        let asked: Vec<_> = arrivals.iter().map(Arrival::asked).collect();
        let Some(issuer) = arrivals.first().map(|first| Arc::clone(&first.issuer)) else {
            return;
        };
        match self.issue_asked(&issuer, &asked).await {
            Ok(outcomes) => {
                for (arrival, outcome) in arrivals.into_iter().zip(outcomes) {
                    arrival.tell(Ok(outcome));
                }
            }
            Err(error) if arrivals.len() == 1 => {
                if let Some(arrival) = arrivals.into_iter().next() {
                    arrival.tell(Err(error));
                }
            }
            Err(error) if !is_ones_own(&error) => refuse(arrivals, &error),
            Err(_) => {
                let mut arrivals = arrivals.into_iter();
                while let Some(arrival) = arrivals.next() {
                    if arrival.answer.is_closed() {
                        continue;
                    }
                    let alone = self.issue_asked(&issuer, &[arrival.asked()]).await;
                    let told = alone.and_then(|mut outcomes| outcomes.pop().ok_or_else(lost));
                    let stop = told.as_ref().err().filter(|error| !is_ones_own(error));
                    let stop = stop.map(|error| Error::Busy(error.to_string()));
                    arrival.tell(told);
                    if let Some(error) = stop {
                        return refuse(arrivals.collect(), &error);
                    }
                }
            }
        }
    }
}

/// Whether an error can be that of one award, so that the others are worth a try of their own. Else the
/// database, the keys or the machine are at fault, and trying each would keep everybody waiting.
fn is_ones_own(error: &Error) -> bool {
    match error {
        Error::NotFound { .. }
        | Error::Gone { .. }
        | Error::Private
        | Error::Invalid { .. }
        | Error::Refused(_)
        | Error::Conflict(_)
        | Error::Internal(_) => true,
        Error::NotReady(_)
        | Error::Forbidden { .. }
        | Error::Busy(_)
        | Error::Full
        | Error::KeyUnavailable(_) => false,
    }
}

/// Tells all of them the same.
fn refuse(arrivals: Vec<Arrival>, error: &Error) {
    for arrival in arrivals {
        arrival.tell(Err(match error {
            Error::KeyUnavailable(text) => Error::KeyUnavailable(text.clone()),
            Error::NotReady(text) => Error::NotReady(text.clone()),
            Error::Full => Error::Full,
            other => Error::Busy(other.to_string()),
        }));
    }
}

/// Whoever had the turn ended without a word: it panicked.
fn lost() -> Error {
    Error::internal("an award was left without outcome")
}

impl Arrival {
    fn asked(&self) -> Asked<'_> {
        Asked {
            award: &self.award,
            actor: &self.actor,
        }
    }

    fn tell(self, outcome: Result<Outcome, Error>) {
        // Whoever asked may have gone; the badge is issued, and asking again finds it.
        let _ = self.answer.send(outcome);
    }
}
