//! `/oauth/token`: a token for an hour in exchange for a lasting one (OAuth 2.0 client credentials, RFC
//! 6749 §4.4), for software that expects just that.

use axum::Json;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openbadges::model::Timestamp;
use crate::services::Error;
use crate::services::access::{SHORT_LIVED, Scope};
use crate::web::Web;
use crate::web::problem::Problem;

/// The form of RFC 6749 §4.4.2.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AskedExchange)]
pub(in crate::web) struct Asked {
    /// `client_credentials`.
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// What the lasting token begins with, `bdg_…`; or in the `Authorization` header (Basic).
    client_id: Option<String>,
    /// The rest of the lasting token; or in the header.
    client_secret: Option<String>,
    /// What the new token may do, separated by spaces; all that the lasting one may, where left out.
    scope: Option<String>,
}

/// The answer of RFC 6749 §5.1.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Given {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 3600)]
    expires_in: i64,
    scope: String,
}

/// The error of RFC 6749 §5.2.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Refused {
    /// `invalid_request`, `invalid_client`, `invalid_scope` or `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    error_description: &'static str,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static("Basic realm=\"badgeons\""),
            );
        }
        response
    }
}

/// Exchange a lasting token for one that ends in an hour
///
/// The client's identifier is what the token begins with (`bdg_` and eight letters or so), its secret
/// the rest after the second underscore.
#[utoipa::path(
    post, path = "/oauth/token", tag = "tokens",
    request_body(content = Asked, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token", body = Given),
        (status = 400, description = "The request is refused", body = Refused),
        (status = 401, description = "The client is unknown or its secret is wrong", body = Refused),
        (status = 413, response = super::problems::TooLarge),
        (status = 415, response = super::problems::UnsupportedMediaType),
        (status = 422, response = super::problems::Invalid),
    )
)]
pub(in crate::web) async fn token(
    State(web): State<Web>,
    headers: HeaderMap,
    form: Result<Form<Asked>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let refuse = |error, error_description| {
        Ok(Refused {
            error,
            error_description,
        }
        .into_response())
    };
    let Ok(Form(asked)) = form else {
        return refuse(
            "invalid_request",
            "send the form of RFC 6749, section 4.4.2",
        );
    };
    if asked.grant_type != "client_credentials" {
        return refuse(
            "unsupported_grant_type",
            "only client_credentials is granted",
        );
    }
    let mut scopes = Vec::new();
    for text in asked
        .scope
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
    {
        match text.parse::<Scope>() {
            Ok(scope) => scopes.push(scope),
            Err(_) => return refuse("invalid_scope", "there is no such scope"),
        }
    }
    let Some((id, secret)) = basic(&headers).or(asked.client_id.zip(asked.client_secret)) else {
        return refuse("invalid_client", "send client_id and client_secret");
    };
    let lasting = format!("{id}_{secret}");
    match web.services.exchange_token(&lasting, &scopes).await {
        Ok(Some(made)) => {
            let scope: Vec<_> = made.summary.scopes.iter().map(|s| s.as_str()).collect();
            let given = Given {
                access_token: made.token,
                token_type: "Bearer",
                expires_in: seconds_left(&web, made.summary.expires_at),
                scope: scope.join(" "),
            };
            Ok(([(header::CACHE_CONTROL, "no-store")], Json(given)).into_response())
        }
        Ok(None) => refuse(
            "invalid_client",
            "the client is unknown or its secret is wrong",
        ),
        Err(Error::Forbidden { .. }) => refuse(
            "invalid_scope",
            "the client may not do all that was asked for",
        ),
        Err(error) => Err(error.into()),
    }
}

/// A token given in exchange ends no later than the lasting one.
fn seconds_left(web: &Web, end: Option<Timestamp>) -> i64 {
    let left = end.map(|end| end.instant() - web.services.now().instant());
    left.unwrap_or(SHORT_LIVED).whole_seconds()
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
