//! Pages, as a browser is sent them. What it makes of them is in `tests/browser`.
//!
//! - [`asking`]: page or data, in which language, kept how long; [`holding`]: what the holder's page
//!   does; [`hostile`]: what strangers write; [`texts`]: that everything is said in every language.

mod asking;
mod holding;
mod hostile;
mod texts;

use crate::harness::app::App;
use crate::harness::web::{Call, PARTNER, Site};

/// What browsers send.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A site with a badge that was issued to somebody.
async fn site(app: &App) -> (Site, String) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let id = site
        .issued(&token, "Añaïg Le Coz", "anaig@example.org")
        .await;
    (site, id)
}

/// A browser asks for a page in French.
fn open<'s>(site: &'s Site, path: &str) -> Call<'s> {
    let call = site.get(path).accept(BROWSER);
    call.with(axum::http::header::ACCEPT_LANGUAGE, "fr-FR,fr;q=0.9")
}
