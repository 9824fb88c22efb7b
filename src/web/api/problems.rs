//! The problems that calls have in common, for the document.

use utoipa::ToResponse;

use crate::web::problem::Problem;

macro_rules! problems {
    ($($(#[doc = $doc:literal])* $name:ident)*) => {$(
        $(#[doc = $doc])*
        #[allow(dead_code, reason = "describes the body of an answer, and is none")]
        #[derive(Debug, ToResponse)]
        #[response(content_type = "application/problem+json")]
        pub(in crate::web) struct $name(Problem);
    )*};
}

problems! {
    /// The request can't be read
    Malformed
    /// An access token is needed, or the one sent does not hold
    Unauthorized
    /// The token lacks a scope
    Forbidden
    /// There is no such thing, or it is another issuer's
    NotFound
    /// It does not go with what is there
    Conflict
    /// It was erased
    Gone
    /// The body has too many bytes
    TooLarge
    /// The body is not JSON
    UnsupportedMediaType
    /// What was sent breaks rules; every finding is listed
    Invalid
    /// Too many requests; `Retry-After` says how long to wait
    TooMany
    /// Our own fault
    Internal
    /// The server is not ready, or busy; the same request may be sent again
    Unavailable
    /// It took too long; the same request may be sent again
    Timeout
    /// What was being sent stopped coming; nothing of it is kept
    Stalled
}
