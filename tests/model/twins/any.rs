//! Credentials of any kind, and endorsements, that break one rule each.

use badgeons::openbadges::model::contexts::CREDENTIALS_V1;
use serde_json::json;

use super::{Twin, remove};

/// Of any credential: what the W3C's tests want refused (conformance §8.4).
pub(in crate::model) const CREDENTIAL: &[Twin] = &[
    ("member.required", "/@context", |c| remove(c, "@context")),
    ("context.first", "/@context/0", |c| {
        c["@context"] = json!(["https://example.org/"]);
    }),
    ("context.first", "/@context", |c| c["@context"] = json!([])),
    ("context.member", "/@context/1", |c| {
        c["@context"][1] = json!(7);
    }),
    ("context.member", "/@context/1", |c| {
        c["@context"][1] = json!("https ://example.org");
    }),
    ("member.required", "/type", |c| remove(c, "type")),
    ("class.type", "/type", |c| {
        c["type"] = json!(["https://example.org/vocab#Any"]);
    }),
    ("value.kind", "/type/1", |c| c["type"][1] = json!({})),
    ("value.kind", "/id", |c| c["id"] = json!(null)),
    ("value.kind", "/id", |c| {
        c["id"] = json!(["urn:uuid:1", "urn:uuid:2"]);
    }),
    ("uri.absolute", "/id", |c| c["id"] = json!("not a url")),
    ("value.kind", "/credentialSubject/0/id", |c| {
        c["credentialSubject"][0]["id"] = json!(null);
    }),
    ("uri.absolute", "/credentialSubject/0/id", |c| {
        c["credentialSubject"][0]["id"] = json!("me");
    }),
    ("member.required", "/issuer", |c| c["issuer"] = json!(null)),
    ("uri.absolute", "/issuer", |c| c["issuer"] = json!("me")),
    ("value.kind", "/issuer/id", |c| {
        c["issuer"]["id"] = json!(null);
    }),
    ("uri.absolute", "/issuer/id", |c| {
        c["issuer"]["id"] = json!("me");
    }),
    ("member.required", "/issuer/id", |c| c["issuer"] = json!({})),
    ("member.required", "/credentialSubject", |c| {
        remove(c, "credentialSubject");
    }),
    ("subject.empty", "/credentialSubject", |c| {
        c["credentialSubject"] = json!({});
    }),
    ("subject.empty", "/credentialSubject/1", |c| {
        c["credentialSubject"][1] = json!({});
    }),
    ("value.kind", "/credentialSubject", |c| {
        c["credentialSubject"] = json!("did:example:2");
    }),
    ("date.instant", "/validFrom", |c| {
        c["validFrom"] = json!("2026-01-01");
    }),
    ("date.instant", "/validUntil", |c| {
        c["validUntil"] = json!("2027-01-01T00:00:00");
    }),
    ("date.order", "/validUntil", |c| {
        c["validUntil"] = json!("2025-01-01T00:00:00Z");
    }),
    ("member.required", "/issuanceDate", |c| {
        c["@context"][0] = json!(CREDENTIALS_V1);
    }),
    ("member.required", "/credentialStatus/type", |c| {
        c["credentialStatus"] = json!({"a": 1});
    }),
    ("uri.absolute", "/credentialStatus/0/id", |c| {
        c["credentialStatus"][0]["id"] = json!("x");
    }),
    ("value.kind", "/credentialStatus/0/id", |c| {
        c["credentialStatus"][0]["id"] = json!(["urn:uuid:1", "urn:uuid:2"]);
    }),
    ("value.kind", "/credentialStatus/0/statusPurpose", |c| {
        c["credentialStatus"][0]["statusPurpose"] = json!(["revocation"]);
    }),
    ("status.index", "/credentialStatus/0/statusListIndex", |c| {
        c["credentialStatus"][0]["statusListIndex"] = json!(0);
    }),
    (
        "status.messages",
        "/credentialStatus/0/statusMessage",
        |c| {
            c["credentialStatus"][0]["statusSize"] = json!(8);
        },
    ),
    ("member.required", "/credentialSchema/type", |c| {
        remove(&mut c["credentialSchema"], "type");
    }),
    ("member.required", "/credentialSchema/id", |c| {
        remove(&mut c["credentialSchema"], "id");
    }),
    ("uri.absolute", "/credentialSchema/id", |c| {
        c["credentialSchema"]["id"] = json!("x");
    }),
    ("member.required", "/termsOfUse/0/type", |c| {
        c["termsOfUse"] = json!([{"id": "urn:a:b"}]);
    }),
    ("member.required", "/evidence/type", |c| {
        c["evidence"] = json!({"id": "urn:a:b"});
    }),
    ("member.required", "/refreshService/type", |c| {
        c["refreshService"] = json!({"id": "urn:a:b"});
    }),
    ("text.value-object", "/name", |c| {
        c["name"]["id"] = json!("urn:a:b");
    }),
    ("text.value-object", "/issuer/description", |c| {
        c["issuer"]["description"] = json!(7);
    }),
    ("value.kind", "/relatedResource", |c| {
        c["relatedResource"] = json!("https://example.org/");
    }),
    ("member.required", "/relatedResource/id", |c| {
        remove(&mut c["relatedResource"], "id");
    }),
    ("related-resource.unique", "/relatedResource/1/id", |c| {
        c["relatedResource"] = json!([c["relatedResource"], c["relatedResource"]]);
    }),
    ("related-resource.digest", "/relatedResource", |c| {
        remove(&mut c["relatedResource"], "digestMultibase");
    }),
    (
        "related-resource.digest",
        "/relatedResource/digestMultibase",
        |c| {
            c["relatedResource"]["digestMultibase"] = json!("uAAAA");
        },
    ),
];

/// Of endorsements as documents of their own.
pub(in crate::model) const ENDORSEMENT: &[Twin] = &[
    ("member.required", "/name", |e| remove(e, "name")),
    ("member.required", "/credentialSubject/id", |e| {
        remove(&mut e["credentialSubject"], "id");
    }),
    ("class.type", "/type", |e| {
        e["type"] = json!(["VerifiableCredential"]);
    }),
    ("class.type", "/credentialSubject/type", |e| {
        e["credentialSubject"]["type"] = json!(["Thing"]);
    }),
    ("date.order", "/validUntil", |e| {
        e["validUntil"] = json!("2020-01-01T00:00:00Z");
    }),
];
