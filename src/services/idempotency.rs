//! A call whose answer was lost can be sent again, and is done once: the same holder of a token, with
//! the same key and the same request, gets the same answer, for a day.
//!
//! The key is noted before the work begins and the answer after it ended well. A request that was
//! refused changed nothing, and is judged anew: nothing of it is kept, since a refusal may quote what
//! was sent. If the program is stopped in between, the key is free again after a minute.
//!
//! Not here: what is done. Issuing knows the same award by itself, whatever the key.

use time::Duration;

use super::access::Access;
use super::{Error, Services};
use crate::store::{AnswerColumns, RepeatKey};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::hours(24);

/// After how long a request without answer is given up: longer than any request may take.
const GIVEN_UP: Duration = Duration::minutes(1);

/// The longest key, in bytes.
pub const LONGEST_KEY: usize = 255;

/// A request that came with a key.
#[derive(Debug, Clone, Copy)]
pub struct Repeated<'a> {
    /// The key.
    pub key: &'a str,
    /// What is asked of which address.
    pub target: &'a str,
    /// What was sent.
    pub body: &'a [u8],
}

/// An answer to be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// Its media type.
    pub media_type: Option<String>,
    /// Where what was made is.
    pub location: Option<String>,
    /// The body; `None` where it holds a secret, which is told once and kept nowhere.
    pub body: Option<Vec<u8>>,
}

/// What to do with a request that came with a key.
#[derive(Debug)]
pub enum Begun {
    /// It is the first: do it, and settle the ticket.
    First(Ticket),
    /// It was done: this was the answer.
    Again(Answer),
    /// It is being done at this moment; ask again after so many seconds.
    Underway(u32),
    /// The key came with another request before.
    Other,
}

/// The right to do a request, to be settled by [`Services::settle`].
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    of: RepeatKey,
    attempt: i64,
}

impl Services {
    /// Notes that a request begins, unless it was done or is being done.
    ///
    /// # Errors
    /// [`Error::Refused`] for a key that is none.
    pub async fn begin(&self, access: &Access, asked: &Repeated<'_>) -> Result<Begun, Error> {
        let plain = asked.key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if asked.key.trim().is_empty() || asked.key.len() > LONGEST_KEY || !plain {
            return Err(Error::Refused(format!(
                "write the Idempotency-Key with 1 to {LONGEST_KEY} plain characters, such as a UUID"
            )));
        }
        let of = RepeatKey {
            token: access.lasting,
            key: self.keyed(&[b"key", asked.key.as_bytes()]),
        };
        let fingerprint = self.fingerprint(access, asked);
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        tx.purge_repeatable(now - KEPT).await?;
        if tx.begin_repeatable(of, fingerprint, now).await? {
            tx.commit().await?;
            return Ok(Begun::First(Ticket { of, attempt: 1 }));
        }
        let Some(known) = tx.repeatable(of).await? else {
            // Forgotten between the two statements: whoever did it is done.
            return Ok(Begun::Underway(1));
        };
        if known.fingerprint != fingerprint {
            return Ok(Begun::Other);
        }
        if let Some(answer) = read(known.answer)? {
            return Ok(Begun::Again(answer));
        }
        let left = known.begun_at + GIVEN_UP - now;
        if left.is_positive() {
            let seconds = u32::try_from(left.whole_seconds()).unwrap_or(0);
            return Ok(Begun::Underway(seconds.clamp(1, 5)));
        }
        if !tx.resume_repeatable(of, known.attempt, now).await? {
            return Ok(Begun::Underway(1));
        }
        tx.commit().await?;
        let attempt = known.attempt.saturating_add(1);
        Ok(Begun::First(Ticket { of, attempt }))
    }

    /// Keeps the answer of a request that was done; without one it changed nothing, and its key is
    /// free for another.
    pub async fn settle(&self, ticket: Ticket, answer: Option<Answer>) -> Result<(), Error> {
        let Ticket { of, attempt } = ticket;
        let mut tx = self.store.write().await?;
        match answer {
            Some(answer) => {
                let columns = AnswerColumns {
                    status: Some(answer.status.into()),
                    media_type: answer.media_type,
                    location: answer.location,
                    body: answer.body,
                };
                if !tx.answer_repeatable(of, attempt, &columns).await? {
                    tracing::warn!("a request with an Idempotency-Key was done twice");
                }
            }
            None => tx.forget_repeatable(of, attempt).await?,
        }
        Ok(tx.commit().await?)
    }

    /// What makes two requests the same. The scopes are in it: a token given in exchange shares the
    /// keys of the lasting one, and may be allowed less.
    fn fingerprint(&self, access: &Access, asked: &Repeated<'_>) -> [u8; 32] {
        let mut scopes: Vec<_> = access.scopes.iter().map(|scope| scope.as_str()).collect();
        scopes.sort_unstable();
        let scopes = scopes.join(" ");
        self.keyed(&[
            b"request",
            scopes.as_bytes(),
            asked.target.as_bytes(),
            asked.body,
        ])
    }

    /// Keyed, since a key or a body may name somebody.
    fn keyed(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut spelled = b"idempotency ".to_vec();
        for part in parts {
            spelled.extend((part.len() as u64).to_be_bytes());
            spelled.extend(*part);
        }
        self.keystore.blind_index(&spelled)
    }
}

fn read(columns: AnswerColumns) -> Result<Option<Answer>, Error> {
    let Some(status) = columns.status else {
        return Ok(None);
    };
    Ok(Some(Answer {
        status: status.try_into().map_err(Error::internal)?,
        media_type: columns.media_type,
        location: columns.location,
        body: columns.body,
    }))
}
