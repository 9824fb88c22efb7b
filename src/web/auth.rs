//! Who calls: a bearer token becomes a [`Caller`] with scopes. No caller, no call.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Web;
use super::limits::too_often;
use super::problem::Problem;
use super::request::RequestId;
use crate::openbadges::model::Timestamp;
use crate::services::Services;
use crate::services::access::{Access, Scope, WARNING};

/// Tells the holder of a token that its end is near, and when.
const EXPIRES: HeaderName = HeaderName::from_static("badgeons-token-expires");

/// Whoever calls, with a token that holds.
#[derive(Debug)]
pub(super) struct Caller {
    services: Services,
    access: Access,
}

impl Caller {
    /// The services with the caller acting, if the token may do that.
    pub(super) fn may(&self, scope: Scope) -> Result<&Services, Problem> {
        self.access.require(scope)?;
        Ok(&self.services)
    }

    /// The services with the caller acting, for what every token may do.
    pub(super) fn services(&self) -> &Services {
        &self.services
    }

    /// Whether the token was given in exchange for a lasting one.
    pub(super) fn is_short_lived(&self) -> bool {
        self.access.token != self.access.lasting
    }

    /// What the token may do.
    pub(super) fn scopes(&self) -> &[Scope] {
        &self.access.scopes
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let access = parts.extensions.get::<Access>().cloned().ok_or_else(|| {
            Problem::new(
                "unauthorized",
                "Send an access token: Authorization: Bearer bdg_….",
            )
        })?;
        let request = parts.extensions.get::<RequestId>().map(ToString::to_string);
        Ok(Self {
            services: web.services.acting_as(access.actor(request)),
            access,
        })
    }
}

/// Recognises the token of a request, where it has one, and warns when its end is near.
pub(super) async fn recognise(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(token) = bearer(request.headers()) else {
        return next.run(request).await;
    };
    let access = match web.services.authenticate(token).await {
        Ok(Some(access)) => access,
        Ok(None) => {
            // Whoever guesses tokens is counted as whoever has none.
            let refused = too_often(&web, &request).unwrap_or_else(|| {
                Problem::new(
                    "unauthorized",
                    "This token does not hold: it is unknown, has ended or was revoked.",
                )
            });
            return refused.into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    };
    let end = access.expires_at.filter(|end| web.is_near(*end));
    request.extensions_mut().insert(access);
    let mut response = next.run(request).await;
    if let Some(end) = end
        && let Ok(value) = HeaderValue::from_str(&end.to_string())
    {
        response.headers_mut().insert(EXPIRES, value);
    }
    response
}

impl Web {
    fn is_near(&self, end: Timestamp) -> bool {
        end.instant() - self.services.now().instant() <= WARNING
    }
}

/// The token of an `Authorization` header. The scheme's name has no case (RFC 9110 §11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
