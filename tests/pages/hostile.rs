//! What strangers write is shown, and does nothing.

use badgeons::texts::Language;
use serde_json::{Value, json};

use super::open;
use crate::harness::app::on_each_local;
use crate::harness::web::Site;

/// What must not stand in any page as it is.
const HARM: [&str; 8] = [
    "<script>alert",
    "</title><",
    "<img src=x",
    "javascript:",
    "\u{202e}",
    "\0",
    "<iframe",
    "onerror=alert(1)>",
];

fn hostile() -> String {
    format!(
        "</title><script>alert(1)</script><img src=x onerror=alert(1)><iframe src=javascript:alert(1)>\
         [x](javascript:alert(1))\u{202e}\u{0}😀{}",
        "é".repeat(10_000)
    )
}

/// A badge with that in every text, and with that as every address.
fn badge(text: &str, address: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", text],
        "id": address, "type": ["VerifiableCredential", "OpenBadgeCredential", text],
        "name": text,
        "issuer": {"id": address, "type": ["Profile"], "name": text, "url": address},
        "validFrom": text, "validUntil": "2026-01-01T00:00:00Z", "awardedDate": text,
        "evidence": [{"id": address, "type": ["Evidence"], "name": text, "narrative": text}],
        "credentialStatus": {"id": address, "type": text},
        "endorsement": [{"issuer": {"name": text}}],
        "credentialSubject": {
            "identifier": [{"identityHash": text, "identityType": "name", "hashed": false}],
            "narrative": text, "role": text, "licenseNumber": text, "activityStartDate": text,
            "result": [{"resultDescription": "urn:1", "value": text, "status": text}],
            "achievement": {
                "id": address, "name": text, "description": text, "image": {"id": address},
                "inLanguage": text, "fieldOfStudy": text, "creator": {"id": address, "name": text},
                "criteria": {"id": address, "narrative": text},
                "resultDescription": [{"id": "urn:1", "name": text}],
                "alignment": [{"targetName": text, "targetUrl": address, "targetFramework": text}],
            },
        },
        "proof": {"type": text, "cryptosuite": text, "verificationMethod": address},
    })
}

async fn verified(site: &Site, bytes: Vec<u8>, language: Language) -> String {
    const BOUNDARY: &str = "boundary0badgeons";
    let mut form = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.json\"\r\n\r\n"
    )
    .into_bytes();
    form.extend(bytes);
    form.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let call = site.post(&format!("/verify?lang={}", language.code()));
    let call = call.accept(super::BROWSER);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    call.body(&kind, form).send().await.is(200).text()
}

#[test]
fn a_badge_that_is_hostile_in_every_field_is_shown_and_does_nothing() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        for address in [
            "javascript:alert(1)",
            "https://a.example/\"onmouseover=alert(1)\"<script>alert(1)</script>",
            "data:image/svg+xml;base64,\"><script>alert(1)</script>",
            "data:text/html,<script>alert(1)</script>",
        ] {
            for language in Language::ALL {
                let badge = badge(&hostile(), address).to_string();
                let page = verified(&site, badge.into_bytes(), language).await;
                // The receipt holds it, encoded.
                for harm in HARM.iter().filter(|harm| **harm != "javascript:") {
                    assert!(!page.contains(harm), "{address}: {harm:?}");
                }
                assert!(!page.contains("=\"javascript:") && !page.contains("\"onmouseover"));
                assert_eq!(page.matches("</html>").count(), 1);
                assert!(page.len() < 400_000, "{}", page.len());
            }
        }
    });
}

#[test]
fn what_is_no_badge_is_told_in_words() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        for bytes in [
            b"".as_slice(),
            b"{",
            b"\x89PNG\r\n\x1a\n",
            &[0xff; 5000],
            b"[[[[[[",
        ] {
            if bytes.is_empty() {
                continue;
            }
            let page = verified(&site, bytes.to_vec(), Language::Fr).await;
            assert!(page.contains("class=\"verdict"), "{page}");
            assert!(!page.contains("<strong>Valide"), "{page}");
        }
    });
}

#[test]
fn a_search_is_shown_as_it_was_written_and_does_nothing() {
    on_each_local(|app| async move {
        let site = Site::of(&app).await;
        let query =
            "/badges?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&level=%22%3E&page=99999999999";
        let page = open(&site, query).send().await.is(200).text();
        assert!(
            !page.contains("<script>alert") && page.contains("&#60;script&#62;"),
            "{page}"
        );
    });
}
