//! Credentials with a status (conformance §8.6: vc-bitstring-status-list).

use badgeons::ids::CredentialId;
use badgeons::openbadges::status::{PublishedList, StatusEntry};
use badgeons::services::standing::StatusChange;
use serde_json::{Value, json};

use super::{Site, V2, on_site, on_site_at, with};
use crate::harness::app::{ADDRESS, on_each_public};
use crate::harness::outside::list_of;

const PATH: &str = "status/credentials/issue";

fn asked(site: &Site) -> Value {
    let subject = "did:key:z6MkhTNL7i2etLerDK8Acz5t528giE5KA4p75T6ka1E1D74r";
    let credential = with(
        site.credential(),
        "/id",
        json!("urn:uuid:7a6cafb9-11c3-41a8-98d8-8b5a45c2548f"),
    );
    with(credential, "/credentialSubject/id", json!(subject))
}

/// A credential with a status, and what it is called in the register.
async fn issued(site: &Site) -> (Value, CredentialId) {
    let answer = site.issue_at(PATH, &asked(site)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let place = answer.headers["location"].to_str().unwrap();
    let id = place
        .strip_prefix("/credentials/")
        .unwrap()
        .parse()
        .unwrap();
    (answer.json(), id)
}

#[test]
fn the_issuer_itself_adds_the_status() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let (credential, _) = issued(&site).await;
        assert_eq!(
            credential["credentialSubject"],
            asked(&site)["credentialSubject"]
        );
        assert_eq!(credential["@context"], json!([V2]));
        assert_eq!(credential["type"], json!(["VerifiableCredential"]));
        let status = &credential["credentialStatus"];
        assert_eq!(status["type"], "BitstringStatusListEntry");
        assert_eq!(status["statusPurpose"], "revocation");
        let index = status["statusListIndex"].as_str().unwrap();
        assert_eq!(index.parse::<u64>().unwrap().to_string(), index);
        let list = status["statusListCredential"].as_str().unwrap();
        assert!(list.starts_with(&format!("{ADDRESS}/status/")));
        assert!(status.get("statusSize").is_none());
        let (other, _) = issued(&site).await;
        assert_ne!(
            other["credentialStatus"]["statusListIndex"],
            status["statusListIndex"]
        );
    });
}

#[test]
fn its_list_is_published_as_the_suite_reads_it() {
    on_site(|site| async move {
        let (credential, _) = issued(&site).await;
        let (url, id) = list_of(&credential);
        let list: Value =
            serde_json::from_slice(&site.app.status_list(id).await.unwrap().document).unwrap();
        assert!(list["@context"].as_array().unwrap().contains(&json!(V2)));
        assert_eq!(list["issuer"], site.did);
        let entry = StatusEntry::read(&credential["credentialStatus"]).unwrap();
        assert_eq!(entry.list, url.as_str());
        assert!(PublishedList::read(&list, url.as_str()).is_ok());
        assert_eq!(list["credentialSubject"]["statusPurpose"], "revocation");
        site.verify(&list).await.assert_verified();
    });
}

#[test]
fn it_holds_until_it_is_revoked_and_the_list_is_not_asked_for_on_the_network() {
    on_each_public(|app| async move {
        let site = Site::of(&app).await;
        let (credential, id) = issued(&site).await;
        let answer = site.verify(&credential).await;
        answer.assert_verified();
        assert_eq!(answer.json()["warnings"], json!([]));
        assert_eq!(app.document(id).await, credential);
        app.change_status(&id.to_string(), StatusChange::Revoke, "a trial")
            .await
            .unwrap();
        let revoked = site.verify(&credential).await;
        revoked.assert_not_verified("about:blank");
        assert!(
            revoked.json()["errors"][0]
                .as_str()
                .unwrap()
                .contains("revoked")
        );
        let body = json!({"verifiableCredential": credential, "options": {"checks": ["proof"]}});
        site.post("/vc-api/credentials/verify", &body)
            .await
            .assert_verified();
    });
}

#[test]
fn a_status_that_cant_be_looked_up_does_not_pass() {
    on_site(|site| async move {
        let entry = |list: &str| {
            json!({
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "7",
                "statusListCredential": list,
            })
        };
        let elsewhere = format!("{ADDRESS}/status/6ba7b810-9dad-41d1-80b4-00c04fd430c8");
        let credential = with(site.credential(), "/credentialStatus", entry(&elsewhere));
        let credential = site.issued(&credential).await;
        site.verify(&credential)
            .await
            .assert_not_verified("STATUS_RETRIEVAL_ERROR");
    });
}

#[test]
fn malformed_statuses_are_refused() {
    on_site(|site| async move {
        let term = with(asked(&site), "/statusEntry", json!("x"));
        site.issue_at(PATH, &term)
            .await
            .assert_refused("/statusEntry");
        for (member, value, pointer) in [
            (
                "/statusListIndex",
                json!(7),
                "/credentialStatus/statusListIndex",
            ),
            (
                "/statusListIndex",
                json!("-7"),
                "/credentialStatus/statusListIndex",
            ),
            (
                "/statusPurpose",
                json!(["revocation"]),
                "/credentialStatus/statusPurpose",
            ),
            (
                "/statusListCredential",
                json!("not a url"),
                "/credentialStatus/statusListCredential",
            ),
        ] {
            let entry = json!({
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "7",
                "statusListCredential": "https://example.org/status/1",
            });
            let credential = with(
                asked(&site),
                "/credentialStatus",
                with(entry, member, value),
            );
            site.issue(&credential).await.assert_refused(pointer);
        }
    });
}

#[test]
fn a_status_is_added_to_those_that_are_there() {
    on_site(|site| async move {
        let context = json!([V2, {"Own": "https://example.org/#Own"}]);
        let credential = with(asked(&site), "/@context", context);
        let own = json!({"type": "Own"});
        let credential = with(credential, "/credentialStatus", own.clone());
        let two = site.issue_at(PATH, &credential).await.json();
        assert_eq!(two["credentialStatus"][0], own);
        assert_eq!(
            two["credentialStatus"][1]["type"],
            "BitstringStatusListEntry"
        );
    });
}

#[test]
fn data_model_1_1_has_no_words_for_it() {
    on_site(|site| async move {
        let answer = site.issue_at(PATH, &site.credential_1_1()).await;
        assert_eq!(answer.status, 422, "{answer:?}");
    });
}

#[test]
fn without_an_https_address_it_says_why_not() {
    for address in [None, Some("http://127.0.0.1:8080")] {
        on_site_at(address, |site| async move {
            let answer = site.issue_at(PATH, &asked(&site)).await;
            assert_eq!(answer.status, 422);
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("--public-url"), "{detail}");
            site.issued(&asked(&site)).await;
        });
    }
}
