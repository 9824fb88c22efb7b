//! The switch, and whose key signs.

use axum::body::Body;
use axum::http::Request;
use badgeons::openbadges::verify::{CheckId, Outcome};
use badgeons::services::Error;
use badgeons::services::issuers::NewIssuer;
use badgeons::services::verifying::Held;
use badgeons::web::{Web, router};
use serde_json::{Value, json};

use super::{Site, answer_to, on_site, post, settings, with};
use crate::harness::app::{ISSUER, issuer, on_each_public};
use crate::harness::judging::check;

#[test]
fn it_is_off_until_it_is_asked_for() {
    on_site(|site| async move {
        let off = router(Web::new((*site.app).clone(), &settings()));
        for path in [
            "credentials/issue",
            "credentials/verify",
            "presentations/verify",
            "status/credentials/issue",
        ] {
            let answer = post(&off, &format!("/vc-api/{path}"), &json!({})).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(
                site.post(&format!("/vc-api/{path}"), &json!({}))
                    .await
                    .status,
                422
            );
        }
        assert_eq!((*site.app).vc_api(), None);
    });
}

#[test]
fn it_is_no_part_of_the_documented_api() {
    on_site(|site| async move {
        let request = Request::get("/api/openapi.json")
            .body(Body::empty())
            .unwrap();
        let document = answer_to(&site.router, request).await;
        assert!(
            !String::from_utf8(document.bytes)
                .unwrap()
                .contains("vc-api")
        );
    });
}

#[test]
fn its_key_is_made_once_and_is_its_identity() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        assert!(site.did.starts_with("did:key:z6Mk"));
        assert_eq!(Site::of(&app).await.did, site.did);
        let keys = app.keys(Some("vc-api")).await.unwrap();
        let [key] = &keys[..] else { panic!("{keys:?}") };
        assert_eq!(site.did, format!("did:key:{}", key.public));
        assert_eq!(key.algorithm, "EdDSA");
        let rotated = app.rotate_keys(Some("vc-api")).await;
        assert!(matches!(rotated, Err(Error::Conflict(_))));
    });
}

#[test]
fn it_is_not_meant_where_no_issuer_is_named() {
    on_site(|site| async move {
        assert_eq!(site.app.issuer(None).await.unwrap().slug, ISSUER);
        assert_eq!(
            site.app.issuer(Some("vc-api")).await.unwrap().profile.id,
            site.did
        );
    });
}

#[test]
fn an_issuer_of_badges_never_signs_for_it() {
    on_each_public(|app| async move {
        let same = NewIssuer {
            slug: Some("vc-api".into()),
            ..issuer()
        };
        app.create_issuer(same).await.unwrap();
        let refused = (*app).clone().offering_vc_api().await;
        assert!(matches!(refused, Err(Error::Conflict(_))));
    });
}

#[test]
fn a_badge_it_signs_is_a_strangers() {
    on_site(|site| async move {
        let badge = json!({
            "@context": [super::V2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": site.did, "type": ["Profile"], "name": "Collectif"},
            "validFrom": "2026-11-01T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "id": "did:example:1"},
        });
        let badge = site.issued(&badge).await;
        let report = site
            .app
            .verify(Held::Bytes(badge.to_string().into()))
            .await
            .unwrap();
        let issuer = check(&report, CheckId::Issuer);
        assert_eq!(issuer.outcome, Outcome::Warning, "{issuer:?}");
        assert!(issuer.title.contains("not known here"), "{issuer:?}");
    });
}

#[test]
fn a_request_is_read_strictly_and_within_bounds() {
    on_site(|site| async move {
        let send = |kind: &'static str, body: String| {
            let request = Request::post("/vc-api/credentials/issue").header("content-type", kind);
            answer_to(&site.router, request.body(Body::from(body)).unwrap())
        };
        let twice = r#"{"credential": {}, "credential": {}}"#;
        assert_eq!(send("application/json", twice.into()).await.status, 400);
        assert_eq!(send("text/plain", "{}".into()).await.status, 415);
        let large = with(
            site.credential(),
            "/name",
            Value::from("x".repeat(1024 * 1024)),
        );
        let large = json!({ "credential": large }).to_string();
        assert_eq!(send("application/json", large).await.status, 413);
    });
}
