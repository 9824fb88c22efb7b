//! What the world reads of an issuer: its profile, did.json, keys, badges, and status lists.

use axum::http::header;
use badgeons::openbadges::did::document::{Purpose, find_method};
use badgeons::openbadges::keys::PublicKey;
use badgeons::openbadges::proof::vc_jwt;
use badgeons::recognition::microcredential;
use serde_json::{Value, json};

use crate::harness::app::{App, ISSUER, NOW, on_each_local, on_each_public};
use crate::harness::outside::list_of;
use crate::harness::web::{Answer, BADGE, PARTNER, Site};

const CONTEXT: &str = "/contexts/micro-credential-v1.jsonld";
const SCHEMA: &str = "/schemas/micro-credential-v1.json";

async fn get(site: &Site, path: &str) -> Answer {
    site.get(path).send().await
}

/// The address of a key of the issuer, without its last part.
fn keys() -> String {
    format!("/issuers/{ISSUER}/keys")
}

/// The verification methods of the issuer's document.
async fn methods(site: &Site) -> Vec<Value> {
    let document = get(site, &format!("/issuers/{ISSUER}/did.json")).await;
    document.json()["verificationMethod"]
        .as_array()
        .unwrap()
        .clone()
}

/// The path of the badge class that tests issue.
async fn achievement(site: &Site) -> String {
    let token = site.token(&PARTNER).await;
    let path = format!("/api/v1/achievements/{BADGE}");
    let told = site.get(&path).token(&token).send().await.is(200).json();
    let id = told["achievement"]["id"].as_str().unwrap();
    url::Url::parse(id).unwrap().path().to_owned()
}

/// A site, a partner's token, a badge, and the path of its status list.
async fn with_a_list(app: &App) -> (Site, String, String, String) {
    let site = Site::of(app).await;
    let token = site.token(&PARTNER).await;
    let id = site.issued(&token, "Enora", "enora@example.org").await;
    let badge = get(&site, &format!("/credentials/{id}.json")).await.json();
    let path = list_of(&badge).0.path().to_owned();
    (site, token, id, path)
}

async fn revoke(site: &Site, token: &str, id: &str) {
    let call = site
        .post(&format!("/api/v1/credentials/{id}/revoke"))
        .token(token);
    call.json(&json!({ "reason": "a trial" }))
        .send()
        .await
        .is(200);
}

#[test]
fn the_profile_is_the_one_badges_carry() {
    on_each_public(|app| async move {
        let (site, _, id, _) = with_a_list(&app).await;
        let badge = get(&site, &format!("/credentials/{id}.json")).await.json();
        let profile = get(&site, &format!("/issuers/{ISSUER}")).await.is(200);
        assert_eq!(profile.json(), badge["issuer"]);
        assert_eq!(profile.header("content-type"), "application/ld+json");
    });
}

#[test]
fn the_document_of_the_issuer_has_the_key_that_signed_a_badge() {
    on_each_public(|app| async move {
        let (site, _, id, _) = with_a_list(&app).await;
        let badge = get(&site, &format!("/credentials/{id}.json")).await.json();
        let answer = get(&site, &format!("/issuers/{ISSUER}/did.json"))
            .await
            .is(200);
        assert_eq!(answer.header("content-type"), "application/did+json");
        let document = answer.json();
        assert_eq!(document["id"], badge["issuer"]["id"]);
        let method = badge["proof"]["verificationMethod"].as_str().unwrap();
        find_method(&document, method, Purpose::AssertionMethod).unwrap();
    });
}

#[test]
fn the_document_of_the_issuer_is_kept_for_minutes() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let answer = get(&site, &format!("/issuers/{ISSUER}/did.json")).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
    });
}

#[test]
fn the_document_of_the_issuer_follows_a_new_key() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let before = methods(&site).await.len();
        let path = format!("/api/v1/issuers/{ISSUER}/keys/rotate");
        site.post(&path).token(&token).send().await.is(200);
        assert_eq!(methods(&site).await.len(), 2 * before);
    });
}

#[test]
fn a_key_is_a_bare_jwk() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let of_jwts = methods(&site).await;
        let of_jwts = of_jwts
            .iter()
            .find(|method| method["publicKeyJwk"].is_object());
        let method = of_jwts.unwrap();
        let name = method["id"].as_str().unwrap().rsplit('#').next().unwrap();
        let answer = get(&site, &format!("{}/{name}", keys())).await.is(200);
        assert_eq!(answer.header("content-type"), "application/jwk+json");
        let jwk = answer.json();
        assert_eq!(jwk["x"], method["publicKeyJwk"]["x"]);
        assert_eq!(jwk.get("d"), None);
    });
}

#[test]
fn a_key_is_a_multikey_for_whoever_asks_for_linked_data() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        for method in methods(&site).await {
            let Some(multikey) = method["publicKeyMultibase"].as_str() else {
                continue;
            };
            let call = site.get(&format!("{}/{multikey}", keys()));
            let answer = call.accept("application/ld+json").send().await.is(200);
            assert_eq!(answer.header("content-type"), "application/ld+json");
            let told = answer.json();
            assert_eq!(told["type"], "Multikey");
            assert_eq!(told["publicKeyMultibase"], multikey);
            PublicKey::from_multikey(multikey).unwrap();
        }
    });
}

#[test]
fn a_key_has_no_picture() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let path = format!("/api/v1/issuers/{ISSUER}/keys");
        let all = site.get(&path).token(&token).send().await.json();
        let key = all[0]["public"].as_str().unwrap();
        let call = site.get(&format!("{}/{key}", keys())).accept("image/png");
        call.send().await.problem(406, "not-acceptable");
    });
}

#[test]
fn an_achievement_is_the_one_badges_carry() {
    on_each_public(|app| async move {
        let (site, _, id, _) = with_a_list(&app).await;
        let badge = get(&site, &format!("/credentials/{id}.json")).await.json();
        let answer = get(&site, &achievement(&site).await).await.is(200);
        assert_eq!(answer.header("content-type"), "application/ld+json");
        assert_eq!(answer.json(), badge["credentialSubject"]["achievement"]);
    });
}

#[test]
fn the_picture_of_an_achievement_is_where_it_says() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let told = get(&site, &achievement(&site).await).await.json();
        let image = url::Url::parse(told["image"]["id"].as_str().unwrap()).unwrap();
        let answer = get(&site, image.path()).await.is(200);
        assert!(answer.header("content-type").starts_with("image/"));
    });
}

#[test]
fn the_picture_of_an_achievement_runs_no_scripts() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let path = format!("{}/image", achievement(&site).await);
        let answer = get(&site, &path).await.is(200);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
    });
}

#[test]
fn a_version_stays_when_another_follows() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let token = site.token(&PARTNER).await;
        let path = achievement(&site).await;
        let first = get(&site, &format!("{path}/versions/1")).await.is(200);
        assert_eq!(
            first.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let body = json!({
            "slug": BADGE, "level": "R2",
            "achievement": {
                "name": "Autre", "description": "Autre.", "achievementType": "Badge",
                "criteria": { "narrative": "Autre." },
            },
        });
        let made = site.post("/api/v1/achievements").token(&token).json(&body);
        assert_eq!(made.send().await.is(201).json()["version"], 2);
        let again = get(&site, &format!("{path}/versions/1")).await;
        assert_eq!(again.body, first.body);
        assert_eq!(get(&site, &path).await.json()["name"], "Autre");
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let path = achievement(&site).await;
        for path in [
            "/issuers/personne".into(),
            "/issuers/personne/did.json".into(),
            format!("{}/z6Mk", keys()),
            "/issuers/personne/keys/z6Mk".into(),
            "/achievements/rien".into(),
            "/achievements/6ba7b810-9dad-41d1-80b4-00c04fd430c8".into(),
            format!("{path}/versions/2"),
            format!("{path}/versions/0"),
            format!("{path}/versions/one"),
            format!("{path}/versions/-1"),
            "/status/rien".into(),
            "/status/6ba7b810-9dad-41d1-80b4-00c04fd430c8".into(),
            "/contexts/micro-credential-v2.jsonld".into(),
            "/schemas/micro-credential-v1.jsonld".into(),
            "/issuers/%00".into(),
            "/issuers/%c3%28/did.json".into(),
        ] {
            get(&site, &path).await.problem(404, "not-found");
        }
    });
}

#[test]
fn everything_published_is_open_to_every_page_and_not_sent_twice() {
    on_each_public(|app| async move {
        let (site, _, _, list) = with_a_list(&app).await;
        let achievement = achievement(&site).await;
        for path in [
            format!("/issuers/{ISSUER}"),
            format!("/issuers/{ISSUER}/did.json"),
            format!("{achievement}/versions/1"),
            format!("{achievement}/image"),
            "/.well-known/did.json".into(),
            CONTEXT.into(),
            SCHEMA.into(),
            achievement,
            format!("{list}.jwt"),
            list,
        ] {
            let call = site
                .get(&path)
                .with(header::ORIGIN, "https://wallet.example");
            let answer = call.send().await.is(200);
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            let call = site.get(&path);
            let call = call.with(header::IF_NONE_MATCH, answer.header("etag"));
            call.send().await.is(304);
        }
    });
}

#[test]
fn the_status_list_is_the_same_bytes_until_something_changes() {
    on_each_public(|app| async move {
        let (site, token, _, list) = with_a_list(&app).await;
        let first = get(&site, &list).await.is(200);
        assert_eq!(first.header("content-type"), "application/vc");
        assert_eq!(first.header("cache-control"), "public, max-age=300");
        site.issued(&token, "Gwenn", "gwenn@example.org").await;
        assert_eq!(get(&site, &list).await.body, first.body);
    });
}

#[test]
fn the_status_list_changes_with_a_revocation() {
    on_each_public(|app| async move {
        let (site, token, id, list) = with_a_list(&app).await;
        let first = get(&site, &list).await.is(200);
        revoke(&site, &token, &id).await;
        let second = get(&site, &list).await.is(200);
        assert_ne!(second.header("etag"), first.header("etag"));
        let bits = |answer: &Answer| answer.json()["credentialSubject"]["encodedList"].clone();
        assert_ne!(bits(&second), bits(&first));
    });
}

#[test]
fn whoever_has_the_old_list_is_sent_the_new_one() {
    on_each_public(|app| async move {
        let (site, token, id, list) = with_a_list(&app).await;
        let tag = get(&site, &list).await.header("etag").to_owned();
        revoke(&site, &token, &id).await;
        let call = site.get(&list).with(header::IF_NONE_MATCH, &tag);
        call.send().await.is(200);
    });
}

#[test]
fn a_revocation_by_another_node_is_in_the_list() {
    on_each_public(|app| async move {
        let (site, token, id, list) = with_a_list(&app).await;
        let first = get(&site, &list).await.is(200);
        // Another node: the same database, and nothing else in common.
        let other = Site::of(&app.at(NOW).await).await;
        revoke(&other, &token, &id).await;
        assert_ne!(get(&site, &list).await.body, first.body);
    });
}

#[test]
fn a_status_list_has_no_picture() {
    on_each_public(|app| async move {
        let (site, _, _, list) = with_a_list(&app).await;
        let answer = site.get(&list).accept("image/png").send().await;
        answer.problem(406, "not-acceptable");
    });
}

#[test]
fn a_status_list_has_no_picture_by_suffix_either() {
    on_each_public(|app| async move {
        let (site, _, _, list) = with_a_list(&app).await;
        let answer = get(&site, &format!("{list}.png")).await;
        answer.problem(404, "not-found");
    });
}

#[test]
fn a_status_list_is_a_jwt_for_whoever_asks_for_one() {
    on_each_public(|app| async move {
        let (site, token, id, list) = with_a_list(&app).await;
        revoke(&site, &token, &id).await;
        let by_suffix = get(&site, &format!("{list}.jwt")).await.is(200);
        assert_eq!(by_suffix.header("content-type"), "application/vc+jwt");
        let call = site.get(&list).accept("application/vc+jwt");
        assert_eq!(call.send().await.is(200).body, by_suffix.body);
        let compact = by_suffix.text();
        let jwt = vc_jwt::read(&compact).unwrap();
        let told = vc_jwt::credential(&jwt.payload).unwrap();
        let mut as_json = get(&site, &list).await.json();
        as_json.as_object_mut().unwrap().shift_remove("proof");
        assert_eq!(told, as_json);
        let document = get(&site, &format!("/issuers/{ISSUER}/did.json")).await;
        let kid = jwt.header.kid.clone().unwrap();
        let method = find_method(&document.json(), &kid, Purpose::AssertionMethod).unwrap();
        jwt.verify(&method.key).unwrap();
    });
}

#[test]
fn a_status_list_is_signed_once_for_each_change_however_many_ask() {
    on_each_public(|app| async move {
        let (site, token, id, list) = with_a_list(&app).await;
        let site = std::sync::Arc::new(site);
        // Each signature with ES256 is another one.
        let ask_together = async || {
            let mut asking = tokio::task::JoinSet::new();
            for _ in 0..10 {
                let (site, path) = (std::sync::Arc::clone(&site), format!("{list}.jwt"));
                asking.spawn(async move { get(&site, &path).await.body });
            }
            let mut told = asking.join_all().await;
            told.dedup();
            told
        };
        let before = ask_together().await;
        revoke(&site, &token, &id).await;
        let after = ask_together().await;
        assert_eq!((before.len(), after.len()), (1, 1));
        assert_ne!(before, after);
    });
}

#[test]
fn the_collective_has_the_public_address_as_its_name() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let answer = get(&site, "/.well-known/did.json").await.is(200);
        assert_eq!(answer.header("content-type"), "application/did+json");
        let document = answer.json();
        assert_eq!(document["id"], "did:web:badges.example.org");
        let issuer = format!("did:web:badges.example.org:issuers:{ISSUER}");
        assert_eq!(document["alsoKnownAs"], json!([issuer]));
        let key = &app.keys(None).await.unwrap()[0].public;
        let method = format!("did:web:badges.example.org#{key}");
        find_method(&document, &method, Purpose::AssertionMethod).unwrap();
        assert_eq!(get(&site, "/did.json").await.json(), document);
    });
}

#[test]
fn without_a_public_address_the_collective_has_no_document() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let answer = get(&site, "/.well-known/did.json").await;
        answer.problem(404, "not-found");
    });
}

#[test]
fn terms_of_our_own_are_published_with_their_schema() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let context = get(&site, CONTEXT).await.is(200);
        assert_eq!(context.header("content-type"), "application/ld+json");
        assert_eq!(context.json()["@context"], microcredential::context());
        let schema = get(&site, SCHEMA).await.is(200);
        assert_eq!(schema.header("content-type"), "application/schema+json");
        let id = format!("https://badges.example.org{SCHEMA}");
        assert_eq!(schema.json(), microcredential::schema(&id));
    });
}
