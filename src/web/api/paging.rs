//! Lists are answered a page at a time, and each says where the next one is.

use axum::http::{HeaderValue, header};
use axum::response::Response;

/// An answer with the address of the next page (RFC 8288), where there is one.
pub(super) fn followed<const N: usize>(
    mut response: Response,
    path: &str,
    query: [(&str, Option<String>); N],
    is_followed: bool,
) -> Response {
    let given = query
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    let query = written.extend_pairs(given).finish();
    let link = HeaderValue::from_str(&format!("<{path}?{query}>; rel=\"next\""));
    if let Ok(link) = link
        && is_followed
    {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}
