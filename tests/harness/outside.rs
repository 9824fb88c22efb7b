//! Somebody elsewhere, who has a badge and what we publish, and nothing else of ours.

use std::path::Path;
use std::sync::Arc;

use badgeons::config::Database;
use badgeons::fetch::FixedFetch;
use badgeons::ids::StatusListId;
use badgeons::openbadges::verify::Report;
use badgeons::services::verifying::{Trust, Verifier};
use serde_json::Value;
use time::OffsetDateTime;
use url::Url;

use super::app::{ADDRESS, App, ISSUER, settings, world};

/// Where the issuer's did:web resolves to.
pub(crate) fn did_json() -> Url {
    Url::parse(&format!("{ADDRESS}/issuers/{ISSUER}/did.json")).unwrap()
}

/// The status list a badge names: its address and its identifier here.
pub(crate) fn list_of(badge: &Value) -> (Url, StatusListId) {
    let text = badge["credentialStatus"]["statusListCredential"]
        .as_str()
        .unwrap();
    (
        Url::parse(text).unwrap(),
        text.rsplit('/').next().unwrap().parse().unwrap(),
    )
}

/// What a web server would answer for this installation, now: did.json and one badge's status list.
pub(crate) async fn published(app: &App, badge: &Value) -> FixedFetch {
    let (url, id) = list_of(badge);
    let list = app.status_list(id).await.unwrap().document;
    keys_of(app)
        .await
        .with(&url, "application/vc", list.to_vec())
}

/// The same with did.json alone.
pub(crate) async fn keys_of(app: &App) -> FixedFetch {
    let document = app.issuer_document(ISSUER).await.unwrap();
    FixedFetch::new().with(&did_json(), "application/did+json", document.to_string())
}

/// What somebody elsewhere says of a badge, at that time.
pub(crate) async fn judged_elsewhere(bytes: &[u8], now: OffsetDateTime, web: FixedFetch) -> Report {
    let nothing = Database::Sqlite("/nonexistent/badgeons.db".into());
    let settings = settings(nothing, Path::new("/nonexistent"), None);
    let verifier = Verifier::open(&settings, world(now, Arc::new(web)), Trust::Named)
        .await
        .unwrap();
    verifier.verify(bytes, None).await.unwrap()
}
