//! What a caller of the services can act on.

use std::io::{self, ErrorKind};

use super::access::Scope;
use crate::entropy::NoEntropy;
use crate::keystore::KeystoreError;
use crate::openbadges::keys::KeyError;
use crate::openbadges::model::checked::Finding;
use crate::store::StoreError;

/// Why a verb of the services could not be done.
///
/// “This badge is not valid” is not among them: verification answers with a report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it isn't the asker's to see.
    #[error("there is no {what} “{id}”{}", hint(.near))]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// The name or identifier that was asked for.
        id: String,
        /// Names that exist and could have been meant.
        near: Vec<String>,
    },
    /// It was there and is erased: its personal data are gone for good.
    #[error("the {what} “{id}” was erased; whoever holds a copy can still have it verified")]
    Gone {
        /// What kind of thing.
        what: &'static str,
        /// Its identifier.
        id: String,
    },
    /// Its holder keeps it, or what was asked for of it, to themselves.
    #[error("its holder chose not to show this")]
    Private,
    /// What was given breaks rules; nothing was signed or stored.
    #[error("{}", first_of(.findings))]
    Invalid {
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
    /// What was given can't be understood; the text says what to do.
    #[error("{0}")]
    Refused(String),
    /// It does not go with what is already there.
    #[error("{0}")]
    Conflict(String),
    /// The installation is not ready; the text says which command makes it so.
    #[error("{0}")]
    NotReady(String),
    /// The access token may not do this.
    #[error("this token may not do that; it lacks the scope “{scope}”")]
    Forbidden {
        /// What it lacks.
        scope: Scope,
    },
    /// Somebody else is using what is needed; trying again is right.
    #[error("{0}")]
    Busy(String),
    /// The disk is full; once there is room again, the same may be tried again.
    #[error(
        "there is no room left on the server's disk; ask whoever runs it to make room, then send the same again"
    )]
    Full,
    /// The key needed can't be used; nothing was touched.
    #[error("{0}")]
    KeyUnavailable(String),
    /// Our own fault, or the machine's; the source is for those who run it.
    #[error("{0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps what the caller can do nothing about.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// For an argument that names something that isn't there.
    pub fn not_found(what: &'static str, id: impl Into<String>) -> Self {
        Self::NotFound {
            what,
            id: id.into(),
            near: Vec::new(),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing { .. } | StoreError::Outdated { .. } | StoreError::Newer { .. } => {
                Self::NotReady(error.to_string())
            }
            StoreError::Conflict { .. } => Self::Conflict(error.to_string()),
            StoreError::Busy => Self::Busy(error.to_string()),
            StoreError::Full => Self::Full,
            other => Self::internal(other),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::internal(error),
        }
    }
}

impl From<KeystoreError> for Error {
    fn from(error: KeystoreError) -> Self {
        Self::KeyUnavailable(error.to_string())
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::KeyUnavailable(error.to_string())
    }
}

impl From<NoEntropy> for Error {
    fn from(error: NoEntropy) -> Self {
        Self::internal(error)
    }
}

fn hint(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!("; there is: {}", near.join(", "))
    }
}

fn first_of(findings: &[Finding]) -> String {
    let Some(first) = findings.first() else {
        return "what was given breaks a rule".into();
    };
    let more = match findings.len() {
        0 | 1 => String::new(),
        n => format!(" (and {} more)", n.saturating_sub(1)),
    };
    let at = if first.pointer.is_empty() {
        String::new()
    } else {
        format!(" at {}", first.pointer)
    };
    format!(
        "{}{at}. {}{more}",
        first.message.trim_end_matches('.'),
        first.advice
    )
}
