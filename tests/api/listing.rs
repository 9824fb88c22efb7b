//! Issued badges, listed for their issuer and read with their history.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::app::{App, NOW, on_each_public};
use crate::harness::web::{BADGE, PARTNER, Site, wanted};

const CREDENTIALS: &str = "/api/v1/credentials";

async fn list(site: &Site, token: &str, query: &str) -> Vec<Value> {
    let path = format!("{CREDENTIALS}{query}");
    let answer = site.get(&path).token(token).send().await.is(200);
    answer.json().as_array().unwrap().clone()
}

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter()
        .map(|told| told["id"].as_str().unwrap())
        .collect()
}

async fn change(site: &Site, token: &str, id: &str, verb: &str) {
    let call = site
        .post(&format!("{CREDENTIALS}/{id}/{verb}"))
        .token(token);
    call.json(&json!({ "reason": format!("to {verb}") }))
        .send()
        .await
        .is(200);
}

async fn erase(site: &Site, token: &str, id: &str) {
    let path = format!("{CREDENTIALS}/{id}/personal-data");
    site.call("DELETE", &path).token(token).send().await.is(204);
}

/// A site, its partner, and three badges, the first first.
async fn three(app: &App) -> (Site, String, [String; 3]) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let a = site.issued(&token, "Enora", "enora@example.org").await;
    let b = site.issued(&token, "Gwenn", "gwenn@example.org").await;
    let c = site.issued(&token, "Maël", "mael@example.org").await;
    (site, token, [a, b, c])
}

#[test]
fn the_latest_badge_is_the_first() {
    on_each_public(|app| async move {
        let (site, token, [a, b, c]) = three(&app).await;
        assert_eq!(ids(&list(&site, &token, "").await), [&*c, &*b, &*a]);
    });
}

#[test]
fn a_badge_is_told_with_its_recipient_and_standing() {
    on_each_public(|app| async move {
        let (site, token, [a, ..]) = three(&app).await;
        let told = list(&site, &token, "").await.pop().unwrap();
        assert_eq!(
            told,
            json!({
                "id": a, "achievement": BADGE, "state": "issued", "standing": "good",
                "recipient": { "kind": "person", "name": "Enora", "email": "enora@example.org" },
                "issued_at": "2026-11-23T10:00:00Z",
            })
        );
    });
}

#[test]
fn badges_are_found_by_their_activity_however_it_is_spelt() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let mut body = wanted("Nolwenn", "nolwenn@example.org");
        body["activity"] = json!({ "name": "Fresquathon d’été", "start": "2023-10-14" });
        let issued = site.post(CREDENTIALS).token(&token).json(&body);
        let id = issued.send().await.is(201).json()["id"].clone();
        let id = id.as_str().unwrap();
        for spelt in [
            "Fresquathon%20d%E2%80%99%C3%A9t%C3%A9",
            "FRESQUATHON+d'ete+!",
        ] {
            let found = list(&site, &token, &format!("?activity={spelt}")).await;
            assert_eq!(ids(&found), [id], "{spelt}");
            assert_eq!(found[0]["activity"], "Fresquathon d’été");
        }
        assert!(
            list(&site, &token, "?activity=Fresquathon")
                .await
                .is_empty()
        );
        erase(&site, &token, id).await;
        let found = list(&site, &token, "?activity=Fresquathon+d'ete").await;
        assert!(found.is_empty(), "{found:?}");
        let left = list(&site, &token, "").await;
        assert_eq!(left[0].get("activity"), None, "{left:?}");
    });
}

#[test]
fn a_list_is_told_to_nobody_else() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let answer = site.get(CREDENTIALS).token(&token).send().await;
        assert_eq!(answer.header("cache-control"), "no-store");
    });
}

#[test]
fn pages_lead_to_the_end_without_gaps_or_repeats() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        for number in 0..4 {
            let email = format!("person{number}@example.org");
            site.issued(&token, "Personne", &email).await;
        }
        let whole = list(&site, &token, "").await;
        for limit in [1, 2, 3, 7, 200] {
            let mut path = format!("{CREDENTIALS}?limit={limit}&achievement={BADGE}");
            let mut seen = Vec::new();
            loop {
                let answer = site.get(&path).token(&token).send().await.is(200);
                let page = answer.json().as_array().unwrap().clone();
                assert!(!page.is_empty() && page.len() <= limit, "{limit}");
                seen.extend(page);
                let Some(link) = answer.maybe("link") else {
                    break;
                };
                let (next, rel) = link.split_once(">; ").unwrap();
                assert_eq!(rel, "rel=\"next\"");
                path = next.trim_start_matches('<').to_owned();
            }
            assert_eq!(seen, whole, "{limit} a page");
        }
    });
}

#[test]
fn a_badge_issued_meanwhile_moves_no_page() {
    on_each_public(|app| async move {
        let (site, token, [a, b, c]) = three(&app).await;
        let path = format!("{CREDENTIALS}?limit=1");
        let first = site.get(&path).token(&token).send().await;
        assert_eq!(ids(first.json().as_array().unwrap()), [&*c]);
        site.issued(&token, "Personne", "personne@example.org")
            .await;
        let next = first.header("link").split_once('>').unwrap().0;
        let next = next.trim_start_matches('<').replace("limit=1", "limit=9");
        let rest = site.get(&next).token(&token).send().await;
        assert_eq!(ids(rest.json().as_array().unwrap()), [&*b, &*a]);
    });
}

#[test]
fn the_next_page_keeps_every_filter() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let query = "achievement=participant-fresque-climat&standing=good\
                     &issued_from=2026-11-23T11%3A00%3A00%2B01%3A00\
                     &issued_before=2026-11-24T00%3A00%3A00Z&limit=2";
        let path = format!("{CREDENTIALS}?{query}");
        let answer = site.get(&path).token(&token).send().await.is(200);
        let link = answer.header("link");
        for part in [
            "achievement=",
            "standing=good",
            "issued_from=",
            "issued_before=",
            "limit=2",
        ] {
            assert!(link.contains(part), "{link}");
        }
        let next = link.split_once('>').unwrap().0.trim_start_matches('<');
        let rest = site.get(next).token(&token).send().await.is(200);
        assert_eq!(rest.json().as_array().unwrap().len(), 1);
    });
}

#[test]
fn the_last_page_names_no_next() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let answer = site.get(&format!("{CREDENTIALS}?limit=3")).token(&token);
        assert_eq!(answer.send().await.maybe("link"), None);
    });
}

#[test]
fn the_badges_of_an_address_are_found_however_it_is_written() {
    on_each_public(|app| async move {
        let (site, token, [_, b, _]) = three(&app).await;
        for address in ["gwenn@example.org", "Gwenn@Example.ORG"] {
            let query = format!("?email={address}");
            assert_eq!(ids(&list(&site, &token, &query).await), [&*b], "{address}");
        }
    });
}

#[test]
fn nobody_has_badges_who_was_given_none() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        assert!(
            list(&site, &token, "?email=nobody@example.org")
                .await
                .is_empty()
        );
    });
}

#[test]
fn badges_of_one_class_are_found() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let class = format!("?achievement={BADGE}");
        assert_eq!(list(&site, &token, &class).await.len(), 3);
        let other = "?achievement=participant-fresque-eau";
        assert!(list(&site, &token, other).await.is_empty());
    });
}

#[test]
fn badges_of_a_class_that_there_is_not_are_not_found() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        let answer = site
            .get(&format!("{CREDENTIALS}?achievement=rien"))
            .token(&token);
        answer.send().await.problem(404, "not-found");
    });
}

#[test]
fn badges_are_found_by_their_standing() {
    on_each_public(|app| async move {
        let (site, token, [a, b, c]) = three(&app).await;
        change(&site, &token, &a, "revoke").await;
        change(&site, &token, &b, "suspend").await;
        for (standing, id) in [("revoked", a), ("suspended", b), ("good", c)] {
            let found = list(&site, &token, &format!("?standing={standing}")).await;
            assert_eq!(ids(&found), [&*id]);
            assert_eq!(found[0]["standing"], standing);
        }
    });
}

#[test]
fn badges_are_found_by_when_they_were_signed() {
    on_each_public(|app| async move {
        let (site, token, [a, b, c]) = three(&app).await;
        let later = Site::of(&app.at(NOW + Duration::DAY).await).await;
        let d = later
            .issued(&token, "Personne", "personne@example.org")
            .await;
        let from = "?issued_from=2026-11-24T10:00:00Z";
        assert_eq!(ids(&list(&site, &token, from).await), [&*d]);
        let before = "?issued_before=2026-11-24T10:00:00Z";
        assert_eq!(ids(&list(&site, &token, before).await), [&*c, &*b, &*a]);
    });
}

#[test]
fn a_filter_that_makes_no_sense_is_refused() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        for (query, status, kind) in [
            ("standing=fine", 422, "invalid"),
            ("email=enora", 422, "invalid"),
            ("limit=0", 422, "invalid"),
            ("limit=201", 422, "invalid"),
            ("limit=many", 400, "malformed"),
            ("cursor=x", 400, "malformed"),
            ("issued_from=yesterday", 400, "malformed"),
            ("issued_from=9999-12-31T23:59:59-01:00", 400, "malformed"),
            ("page=2", 400, "malformed"),
            ("achievement=%00", 400, "malformed"),
            ("limit=1&limit=2", 400, "malformed"),
        ] {
            let answer = site.get(&format!("{CREDENTIALS}?{query}")).token(&token);
            let answer = answer.send().await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text());
            answer.problem(status, kind);
        }
    });
}

#[test]
fn a_cursor_from_nowhere_leads_nowhere() {
    on_each_public(|app| async move {
        let (site, token, _) = three(&app).await;
        for cursor in ["0", "-1", "-9223372036854775808"] {
            let query = format!("?cursor={cursor}");
            assert!(list(&site, &token, &query).await.is_empty(), "{cursor}");
        }
    });
}

#[test]
fn an_erased_badge_is_listed_without_anybody() {
    on_each_public(|app| async move {
        let (site, token, [a, ..]) = three(&app).await;
        erase(&site, &token, &a).await;
        let told = list(&site, &token, "").await.pop().unwrap();
        assert_eq!(told["id"], a);
        assert_eq!(told["state"], "erased");
        assert_eq!(told.get("recipient"), None);
        assert!(!told.to_string().to_lowercase().contains("enora"), "{told}");
    });
}

#[test]
fn an_erased_badge_is_no_longer_found_by_the_address() {
    on_each_public(|app| async move {
        let (site, token, [a, ..]) = three(&app).await;
        erase(&site, &token, &a).await;
        assert!(
            list(&site, &token, "?email=enora@example.org")
                .await
                .is_empty()
        );
    });
}

#[test]
fn a_badge_is_read_with_all_that_became_of_it() {
    on_each_public(|app| async move {
        let (site, token, [a, ..]) = three(&app).await;
        for verb in ["suspend", "reinstate", "revoke"] {
            change(&site, &token, &a, verb).await;
        }
        let path = format!("{CREDENTIALS}/{a}");
        let told = site.get(&path).token(&token).send().await.is(200).json();
        let at = "2026-11-23T10:00:00Z";
        assert_eq!(
            told["history"],
            json!([
                { "at": at, "what": "issued" },
                { "at": at, "what": "suspended", "reason": "to suspend" },
                { "at": at, "what": "reinstated", "reason": "to reinstate" },
                { "at": at, "what": "revoked", "reason": "to revoke" },
            ])
        );
        assert_eq!(told["standing"], "revoked");
    });
}

#[test]
fn the_history_of_an_erased_badge_gives_no_reasons() {
    on_each_public(|app| async move {
        let (site, token, [a, ..]) = three(&app).await;
        change(&site, &token, &a, "revoke").await;
        erase(&site, &token, &a).await;
        let path = format!("{CREDENTIALS}/{a}");
        let told = site.get(&path).token(&token).send().await.is(200).json();
        let history = told["history"].as_array().unwrap();
        let what: Vec<_> = history.iter().map(|happened| &happened["what"]).collect();
        assert_eq!(what, ["revoked", "erased"]);
        assert!(
            history
                .iter()
                .all(|happened| happened.get("reason").is_none())
        );
    });
}
