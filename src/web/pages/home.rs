//! `/`: what this is, for each of its three audiences, on one screen.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::{Frame, sent};
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "home.html", config = "src/web/pages/askama.toml")]
struct Home {
    f: Frame,
}

pub(super) async fn home(f: Frame, headers: HeaderMap) -> Result<Response, Problem> {
    sent(&Home { f }, &headers)
}
