//! What pages are made with: the style sheet and two scripts, under names that change with them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::services::Error;
use crate::web::problem::Problem;
use crate::web::public::answer::{Keep, kept};

/// An asset: its name, its media type, what it is.
type Asset = (&'static str, &'static str, &'static str);

const ASSETS: [Asset; 3] = [
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("assets/style.css"),
    ),
    (
        "copy.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/copy.js"),
    ),
    (
        "verify.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/verify.js"),
    ),
];

/// A sail on the water, drawn in the address itself.
pub(super) const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns=%27http://www.w3.org/2000/svg%27%20\
    viewBox=%270%200%2016%2016%27%3E%3Ccircle%20cx=%278%27%20cy=%278%27%20r=%278%27%20\
    fill=%27%230b4a63%27/%3E%3Cpath%20fill=%27%23ffc61a%27%20d=%27M8%202v8H3zM9%204l4%206H9z%27/%3E\
    %3Cpath%20fill=%27%23fffdf4%27%20d=%27M2%2011h12l-3%202H5z%27/%3E%3C/svg%3E";

/// The path of each asset.
static PATHS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let named = |(name, _, text): Asset| {
        let digest = Sha256::digest(text);
        let tag = URL_SAFE_NO_PAD.encode(&digest[..9]);
        (name, format!("/assets/{tag}-{name}"))
    };
    ASSETS.into_iter().map(named).collect()
});

/// The path of an asset by its name.
pub(super) fn path(name: &str) -> String {
    let found = PATHS.iter().find(|(known, _)| *known == name);
    found.map(|(_, path)| path.clone()).unwrap_or_default()
}

pub(super) async fn asset(
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let place = format!("/assets/{name}");
    let found = PATHS.iter().find(|(_, path)| *path == place);
    let asset = found.and_then(|(known, _)| ASSETS.into_iter().find(|(it, ..)| it == known));
    let (_, media_type, text) = asset.ok_or_else(|| Error::not_found("file", &*name))?;
    Ok(kept(&headers, media_type, Keep::Forever, text))
}
