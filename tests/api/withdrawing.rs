//! Revoked, suspended, reinstated, erased over the API; and what the world reads of it, judged by the
//! core with nothing but what this server answers.

use badgeons::fetch::FixedFetch;
use badgeons::openbadges::verify::{CheckId, Report};
use serde_json::{Value, json};
use url::Url;

use crate::harness::app::{ADDRESS, App, NOW, on_each_local, on_each_public};
use crate::harness::databases::on_disk;
use crate::harness::judging::{assert_fails, assert_valid};
use crate::harness::outside::{did_json, judged_elsewhere, list_of};
use crate::harness::web::{Answer, BADGE, PARTNER, Site};

const CREDENTIALS: &str = "/api/v1/credentials";

/// A site, its partner and a badge.
async fn with_a_badge(app: &App) -> (Site, String, String) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let id = site.issued(&token, "Enora", "enora@example.org").await;
    (site, token, id)
}

async fn change(site: &Site, token: &str, id: &str, verb: &str) -> Answer {
    let call = site
        .post(&format!("{CREDENTIALS}/{id}/{verb}"))
        .token(token);
    call.json(&json!({ "reason": "a trial" })).send().await
}

async fn erase(site: &Site, token: &str, id: &str) -> Answer {
    let path = format!("{CREDENTIALS}/{id}/personal-data");
    site.call("DELETE", &path).token(token).send().await
}

/// The badge as its holder has it.
async fn copy(site: &Site, id: &str) -> Vec<u8> {
    let path = format!("/credentials/{id}.json");
    site.get(&path).send().await.is(200).body
}

/// What the router answers at an address of ours, for somebody elsewhere.
async fn fetched(site: &Site, web: FixedFetch, url: &Url) -> FixedFetch {
    let answer = site.get(url.path()).send().await.is(200);
    let media_type = answer.header("content-type").to_owned();
    web.with(url, &media_type, answer.body)
}

/// What somebody elsewhere says of a badge, who can ask this server and nobody else.
async fn judged(site: &Site, copy: &[u8]) -> Report {
    let badge: Value = serde_json::from_slice(copy).unwrap();
    let web = fetched(site, FixedFetch::new(), &did_json()).await;
    let web = fetched(site, web, &list_of(&badge).0).await;
    judged_elsewhere(copy, NOW, web).await
}

#[test]
fn a_badge_that_stands_is_valid_elsewhere() {
    on_each_public(|app| async move {
        let (site, _, id) = with_a_badge(&app).await;
        assert_valid(&judged(&site, &copy(&site, &id).await).await);
    });
}

#[test]
fn a_revoked_badge_is_invalid_elsewhere() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        change(&site, &token, &id, "revoke").await.is(200);
        assert_fails(
            &judged(&site, &copy(&site, &id).await).await,
            CheckId::Status,
        );
    });
}

#[test]
fn a_suspended_badge_is_invalid_elsewhere_until_it_is_reinstated() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let copy = copy(&site, &id).await;
        change(&site, &token, &id, "suspend").await.is(200);
        assert_fails(&judged(&site, &copy).await, CheckId::Status);
        change(&site, &token, &id, "reinstate").await.is(200);
        assert_valid(&judged(&site, &copy).await);
    });
}

#[test]
fn a_neighbour_in_the_list_stays_valid() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let other = site.issued(&token, "Gwenn", "gwenn@example.org").await;
        change(&site, &token, &id, "revoke").await.is(200);
        assert_valid(&judged(&site, &copy(&site, &other).await).await);
    });
}

#[test]
fn what_was_done_is_told() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let told = change(&site, &token, &id, "revoke").await.is(200).json();
        assert_eq!(
            told,
            json!({
                "credential": id, "achievement": BADGE, "change": "revoke",
                "was_so_already": false, "seen_by_others": true,
            })
        );
    });
}

#[test]
fn what_is_so_already_is_told() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        change(&site, &token, &id, "revoke").await.is(200);
        let told = change(&site, &token, &id, "revoke").await.is(200).json();
        assert_eq!(told["was_so_already"], true);
    });
}

#[test]
fn a_badge_without_a_status_list_is_known_to_be_revoked_here_alone() {
    on_each_local(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let told = change(&site, &token, &id, "revoke").await.is(200).json();
        assert_eq!(told["seen_by_others"], false);
    });
}

#[test]
fn a_revoked_badge_stays_revoked() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        change(&site, &token, &id, "revoke").await.is(200);
        for verb in ["suspend", "reinstate"] {
            let answer = change(&site, &token, &id, verb).await;
            answer.problem(409, "conflict");
        }
    });
}

#[test]
fn a_reason_is_needed() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        for body in [
            json!({}),
            json!({ "reason": " " }),
            json!({ "reason": "x".repeat(501) }),
            json!({ "reason": format!("{}x", " ".repeat(500)) }),
            json!({ "reason": "nul\u{0}" }),
            json!({ "reason": "a", "raison": "b" }),
        ] {
            let call = site
                .post(&format!("{CREDENTIALS}/{id}/revoke"))
                .token(&token);
            call.json(&body).send().await.problem(422, "invalid");
        }
        assert_valid(&judged(&site, &copy(&site, &id).await).await);
    });
}

#[test]
fn a_revoked_badge_is_still_served() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let before = copy(&site, &id).await;
        change(&site, &token, &id, "revoke").await.is(200);
        assert_eq!(copy(&site, &id).await, before);
    });
}

#[test]
fn an_erased_badge_leaves_nobodys_name_or_address_on_the_disk() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let id = site
            .issued(&token, "Nolwenn Gwechall", "nolwenn@example.org")
            .await;
        let names = ["Nolwenn Gwechall", "nolwenn@example.org"];
        let on_it = |name: &str| {
            let disk = on_disk(&app.settings.database);
            disk.windows(name.len()).any(|part| part == name.as_bytes())
        };
        // PostgreSQL is on a disk of its own.
        let is_sqlite = !on_disk(&app.settings.database).is_empty();
        assert!(names.iter().all(|name| on_it(name) == is_sqlite));
        erase(&site, &token, &id).await.is(204);
        assert!(!names.iter().any(|name| on_it(name)));
    });
}

#[test]
fn an_erased_badge_is_gone_in_every_form() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        erase(&site, &token, &id).await.is(204);
        for suffix in ["", ".json", ".jwt", ".jwt?alg=EdDSA", ".png", ".svg"] {
            let answer = site.get(&format!("/credentials/{id}{suffix}")).send().await;
            answer.problem(410, "gone");
        }
    });
}

#[test]
fn the_holders_copy_of_an_erased_badge_is_valid() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let copy = copy(&site, &id).await;
        erase(&site, &token, &id).await.is(204);
        assert_valid(&judged(&site, &copy).await);
    });
}

#[test]
fn the_holders_copy_of_a_badge_revoked_and_erased_is_invalid() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let copy = copy(&site, &id).await;
        change(&site, &token, &id, "revoke").await.is(200);
        erase(&site, &token, &id).await.is(204);
        assert_fails(&judged(&site, &copy).await, CheckId::Status);
    });
}

#[test]
fn the_holders_copy_of_an_erased_badge_is_not_invalid_here() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let copy = copy(&site, &id).await;
        erase(&site, &token, &id).await.is(204);
        let call = site.post("/api/v1/verifications");
        let report = call
            .body("application/vc", copy)
            .send()
            .await
            .is(200)
            .json();
        assert_ne!(report["verdict"], "invalid", "{report}");
    });
}

#[test]
fn an_erased_badge_can_be_revoked() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        let copy = copy(&site, &id).await;
        erase(&site, &token, &id).await.is(204);
        change(&site, &token, &id, "revoke").await.is(200);
        assert_fails(&judged(&site, &copy).await, CheckId::Status);
    });
}

#[test]
fn a_badge_may_be_erased_twice() {
    on_each_public(|app| async move {
        let (site, token, id) = with_a_badge(&app).await;
        for _ in 0..2 {
            erase(&site, &token, &id).await.is(204);
        }
    });
}

#[test]
fn the_status_list_is_below_our_address() {
    on_each_public(|app| async move {
        let (site, _, id) = with_a_badge(&app).await;
        let badge = serde_json::from_slice(&copy(&site, &id).await).unwrap();
        assert!(list_of(&badge).0.as_str().starts_with(ADDRESS));
    });
}
