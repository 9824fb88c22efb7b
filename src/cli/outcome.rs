//! How a command went, as the exit code scripts read.

use std::process::ExitCode;

use super::remote::Refusal;
use crate::services::Error;

/// How a command that ran to its end went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done; for `verify`, valid (with or without warnings).
    Done,
    /// Invalid badge, refused document, or rows to correct.
    Invalid,
    /// Something needed for a verdict could not be had.
    CouldNotTell,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Invalid => Self::from(3),
            Outcome::CouldNotTell => Self::from(4),
        }
    }
}

/// The command was understood, but can't be done as it was asked (exit code 2).
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongUse(pub(super) String);

/// The exit code of what was stopped with Ctrl-C, as shells have it.
pub(super) const STOPPED: u8 = 130;

/// Somebody stopped it with Ctrl-C (exit code 130); the text says what was done and how to go on.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Stopped(pub(super) String);

/// The exit code of a failure: the asker's to mend (2, 3), or ours (1); 130 where somebody stopped it.
pub(super) fn code_of(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<WrongUse>().is_some() {
        return 2;
    }
    if error.downcast_ref::<Stopped>().is_some() {
        return STOPPED;
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return refusal.code();
    }
    match error.downcast_ref::<Error>() {
        Some(
            Error::NotFound { .. }
            | Error::Gone { .. }
            | Error::Private
            | Error::Refused(_)
            | Error::Conflict(_)
            | Error::Forbidden { .. }
            | Error::NotReady(_)
            | Error::KeyUnavailable(_),
        ) => 2,
        Some(Error::Invalid { .. }) => 3,
        Some(Error::Busy(_) | Error::Full | Error::Internal(_)) | None => 1,
    }
}
