//! Badges that break one rule each.

use serde_json::json;

use super::{Twin, class, description, earner, identity, logo, reached, remove};

/// Of the document and of what all classes share.
pub(in crate::model) const DOCUMENT: &[Twin] = &[
    ("value.null", "/credentialSubject/licenseNumber", |b| {
        earner(b)["licenseNumber"] = json!(null);
    }),
    ("value.null", "/credentialSubject/achievement/own/0", |b| {
        class(b)["own"] = json!([null]);
    }),
    ("value.empty-array", "/evidence", |b| {
        b["evidence"] = json!([]);
    }),
    ("value.empty-array", "/own", |b| b["own"] = json!([])),
    ("credential.registered-claim", "/jti", |b| {
        b["jti"] = b["id"].clone();
    }),
    ("credential.registered-claim", "/vc", |b| {
        b["vc"] = json!({});
    }),
    ("credential.proof-present", "/proof", |b| {
        b["proof"] = json!([{"type": "DataIntegrityProof"}]);
    }),
    ("context.member", "/@context/3", |b| {
        b["@context"].as_array_mut().unwrap().push(json!(7));
    }),
    ("context.member", "/@context/2", |b| {
        b["@context"]
            .as_array_mut()
            .unwrap()
            .insert(2, json!("https ://example.org"));
    }),
    ("context.first", "/@context/0", |b| {
        b["@context"][0] = json!("https://example.org/v2");
    }),
    ("context.open-badges", "/@context/1", |b| {
        b["@context"][1] = json!("https://example.org/ob");
    }),
    ("context.version", "/@context/1", |b| {
        b["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json");
    }),
    ("context.alias", "/@context/1", |b| {
        b["@context"][1] = json!("https://purl.imsglobal.org/spec/ob/v3p0/context.json");
    }),
    ("context.extensions", "/@context", |b| {
        b["@context"].as_array_mut().unwrap().pop();
    }),
    ("member.required", "/@context", |b| remove(b, "@context")),
    ("member.required", "/id", |b| remove(b, "id")),
    ("member.required", "/type", |b| remove(b, "type")),
    ("member.required", "/validFrom", |b| remove(b, "validFrom")),
    ("member.required", "/validFrom", |b| {
        b["issuanceDate"] = b["validFrom"].clone();
        remove(b, "validFrom");
    }),
    ("member.required", "/issuer", |b| remove(b, "issuer")),
    ("member.required", "/issuer/id", |b| {
        remove(&mut b["issuer"], "id");
    }),
    ("member.required", "/credentialSubject", |b| {
        remove(b, "credentialSubject");
    }),
    ("member.required", "/credentialSubject/achievement", |b| {
        earner(b)["result"] = json!([{"type": ["Result"]}]);
        remove(earner(b), "achievement");
    }),
    (
        "member.required",
        "/credentialSubject/achievement/name",
        |b| remove(class(b), "name"),
    ),
    (
        "member.required",
        "/credentialSubject/identifier/0/identityType",
        |b| {
            remove(identity(b), "identityType");
        },
    ),
    ("member.required", "/credentialStatus/statusPurpose", |b| {
        remove(&mut b["credentialStatus"], "statusPurpose");
    }),
    ("member.array", "/evidence", |b| {
        b["evidence"] = b["evidence"][0].clone();
    }),
    ("member.array", "/issuer/type", |b| {
        b["issuer"]["type"] = json!("Profile");
    }),
    ("member.array", "/credentialSubject/achievement/tag", |b| {
        class(b)["tag"] = json!("climat");
    }),
    ("member.single", "/refreshService", |b| {
        b["refreshService"] = json!([b["refreshService"]]);
    }),
    ("subject.single", "/credentialSubject", |b| {
        b["credentialSubject"] = json!([b["credentialSubject"], b["credentialSubject"]]);
    }),
    ("value.kind", "/name", |b| b["name"] = json!(7)),
    ("value.kind", "/issuer/address", |b| {
        b["issuer"]["address"] = json!("Vannes");
    }),
    ("value.kind", "/credentialSubject/creditsEarned", |b| {
        earner(b)["creditsEarned"] = json!("2");
    }),
    (
        "value.kind",
        "/credentialSubject/identifier/0/hashed",
        |b| identity(b)["hashed"] = json!("yes"),
    ),
    ("value.kind", "/type/2", |b| {
        b["type"].as_array_mut().unwrap().push(json!(7));
    }),
    ("class.closed", "/issuer/image/width", |b| {
        logo(b)["width"] = json!(64);
    }),
    (
        "class.closed",
        "/credentialSubject/identifier/0/name",
        |b| identity(b)["name"] = json!("Anna"),
    ),
    ("class.closed", "/issuer/otherIdentifier/0/note", |b| {
        b["issuer"]["otherIdentifier"][0]["note"] = json!("SIRET");
    }),
    ("class.type", "/type", |b| {
        b["type"] = json!(["VerifiableCredential"]);
    }),
    ("class.type", "/type", |b| {
        b["type"] = json!(["OpenBadgeCredential"]);
    }),
    ("class.type", "/issuer/image/type", |b| {
        logo(b)["type"] = json!("Picture");
    }),
    ("class.type", "/credentialSubject/result/0/type", |b| {
        reached(b, 0)["type"] = json!(["R"]);
    }),
    ("text.hidden", "/name", |b| {
        b["name"] = json!("Animateur\u{202E}ecirt");
    }),
    ("text.hidden", "/issuer/name", |b| {
        b["issuer"]["name"] = json!("Badgeons\u{1b}[2J");
    }),
    (
        "text.hidden",
        "/credentialSubject/achievement/criteria/narrative",
        |b| {
            class(b)["criteria"]["narrative"] = json!("Deux\n\tlignes\u{7}");
        },
    ),
    ("text.hidden", "/own/0/a", |b| {
        b["own"] = json!([{"a": "\u{2066}"}]);
    }),
    (
        "text.empty",
        "/credentialSubject/achievement/description",
        |b| {
            class(b)["description"] = json!(" ");
        },
    ),
    ("text.plain", "/credentialSubject/achievement/name", |b| {
        class(b)["name"] = json!({"fr": "Fresque"});
    }),
    ("uri.absolute", "/id", |b| b["id"] = json!("badge-1")),
    ("uri.absolute", "/evidence/0/id", |b| {
        b["evidence"][0]["id"] = json!("www.example.org");
    }),
    ("uri.link", "/issuer/url", |b| {
        b["issuer"]["url"] = json!("www.example.org");
    }),
    (
        "uri.link",
        "/credentialSubject/achievement/alignment/0/targetUrl",
        |b| {
            class(b)["alignment"][0]["targetUrl"] = json!("esco");
        },
    ),
    (
        "vocabulary.word",
        "/credentialSubject/achievement/achievementType",
        |b| {
            class(b)["achievementType"] = json!("Fresque");
        },
    ),
    (
        "vocabulary.word",
        "/credentialSubject/result/3/status",
        |b| {
            reached(b, 3)["status"] = json!("ext:Done");
        },
    ),
    (
        "language.code",
        "/credentialSubject/achievement/inLanguage",
        |b| {
            class(b)["inLanguage"] = json!("français");
        },
    ),
    ("country.code", "/issuer/address/addressCountryCode", |b| {
        b["issuer"]["address"]["addressCountryCode"] = json!("FRA");
    }),
];

/// Of dates, of the issuer and of the recipient.
pub(in crate::model) const PEOPLE: &[Twin] = &[
    ("date.instant", "/awardedDate", |b| {
        b["awardedDate"] = json!("2026-10-01");
    }),
    ("date.instant", "/validUntil", |b| {
        b["validUntil"] = json!("2030-10-01T10:00:00");
    }),
    ("date.day", "/issuer/dateOfBirth", |b| {
        b["issuer"]["dateOfBirth"] = json!("01/10/1980");
    }),
    ("date.utc", "/validFrom", |b| {
        b["validFrom"] = json!("2026-11-23T11:00:00+01:00");
    }),
    ("date.whole-seconds", "/validFrom", |b| {
        b["validFrom"] = json!("2026-11-23T10:00:00.5Z");
    }),
    ("date.order", "/validUntil", |b| {
        b["validUntil"] = json!("2026-11-23T09:59:59Z");
    }),
    ("date.zone", "/credentialSubject/activityStartDate", |b| {
        earner(b)["activityStartDate"] = json!("2026-10-01T09:00:00");
    }),
    ("date.zone", "/credentialSubject/activityEndDate", |b| {
        earner(b)["activityEndDate"] = json!("2026-10-01");
    }),
    ("date.instant", "/credentialSubject/activityEndDate", |b| {
        earner(b)["activityEndDate"] = json!("noon");
    }),
    (
        "date.activity-order",
        "/credentialSubject/activityEndDate",
        |b| {
            earner(b)["activityEndDate"] = json!("2026-09-30T17:00:00Z");
        },
    ),
    ("issuer.object", "/issuer", |b| {
        b["issuer"] = b["issuer"]["id"].clone();
    }),
    ("issuer.name", "/issuer/name", |b| {
        remove(&mut b["issuer"], "name");
    }),
    ("subject.recipient", "/credentialSubject", |b| {
        remove(earner(b), "id");
        remove(earner(b), "identifier");
    }),
    ("identity.clear", "/credentialSubject/id", |b| {
        earner(b)["id"] = json!("mailto:a@example.org");
    }),
    (
        "identity.clear",
        "/credentialSubject/identifier/0/identityHash",
        |b| {
            identity(b)["hashed"] = json!(false);
            identity(b)["identityHash"] = json!("a@example.org");
        },
    ),
    (
        "identity.hash",
        "/credentialSubject/identifier/0/identityHash",
        |b| {
            identity(b)["identityHash"] = json!("sha256$abc");
        },
    ),
    (
        "identity.hash",
        "/credentialSubject/identifier/0/identityHash",
        |b| {
            identity(b)["identityHash"] = json!("a@example.org");
        },
    ),
    (
        "identity.algorithm",
        "/credentialSubject/identifier/0/identityHash",
        |b| {
            identity(b)["identityHash"] = json!("md5$900150983cd24fb0d6963f7d28e17f72");
        },
    ),
    (
        "identity.salt",
        "/credentialSubject/identifier/0/salt",
        |b| {
            identity(b)["salt"] = json!("Kosher");
        },
    ),
    (
        "identity.salt",
        "/credentialSubject/identifier/0/salt",
        |b| remove(identity(b), "salt"),
    ),
];

/// Of the achievement, of pictures and of results.
pub(in crate::model) const ACHIEVED: &[Twin] = &[
    (
        "achievement.criteria",
        "/credentialSubject/achievement/criteria",
        |b| {
            remove(&mut class(b)["criteria"], "narrative");
        },
    ),
    ("image.format", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("data:image/jpeg;base64,/9j/");
    }),
    ("image.format", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("https://example.org/a.JPG");
    }),
    ("image.format", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("urn:uuid:1");
    }),
    ("image.data", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("data:image/png;base64,AAAA");
    }),
    ("image.data", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("data:image/png;base64,?");
    }),
    ("image.data", "/issuer/image/id", |b| {
        logo(b)["id"] = json!("data:image/svg+xml,%3Chtml/%3E");
    }),
    ("image.size", "/issuer/image/id", |b| {
        logo(b)["id"] = json!(format!(
            "data:image/svg+xml,%3Csvg{}",
            "x".repeat(1024 * 1024)
        ));
    }),
    (
        "result-description.unique",
        "/credentialSubject/achievement/resultDescription/3/id",
        |b| {
            let again = description(b, 1).clone();
            *description(b, 3) = again;
            earner(b)["result"].as_array_mut().unwrap().pop();
        },
    ),
    (
        "result-description.required-level",
        "/credentialSubject/achievement/resultDescription/0/requiredLevel",
        |b| description(b, 0)["requiredLevel"] = json!("urn:uuid:l3"),
    ),
    (
        "result-description.required-value",
        "/credentialSubject/achievement/resultDescription/1/requiredValue",
        |b| description(b, 1)["requiredValue"] = json!("20,5"),
    ),
    (
        "result-description.required-value",
        "/credentialSubject/achievement/resultDescription/2/requiredValue",
        |b| description(b, 2)["requiredValue"] = json!("D"),
    ),
    (
        "result-description.range",
        "/credentialSubject/achievement/resultDescription/1/valueMax",
        |b| {
            description(b, 1)["valueMax"] = json!("-1");
            remove(description(b, 1), "requiredValue");
            remove(reached(b, 1), "value");
        },
    ),
    (
        "result.description",
        "/credentialSubject/result/0/resultDescription",
        |b| {
            reached(b, 0)["resultDescription"] = json!("urn:uuid:r9");
        },
    ),
    ("result.status", "/credentialSubject/result/3/status", |b| {
        remove(reached(b, 3), "status");
    }),
    (
        "result.achieved-level",
        "/credentialSubject/result/0/achievedLevel",
        |b| {
            reached(b, 0)["achievedLevel"] = json!("urn:uuid:l9");
        },
    ),
    ("result.value", "/credentialSubject/result/1/value", |b| {
        reached(b, 1)["value"] = json!("20.1");
    }),
    ("result.value", "/credentialSubject/result/1/value", |b| {
        reached(b, 1)["value"] = json!("bien");
    }),
    ("result.value", "/credentialSubject/result/2/value", |b| {
        reached(b, 2)["value"] = json!("a");
    }),
];

/// Of schemas, status, endorsements and related resources.
pub(in crate::model) const AROUND: &[Twin] = &[
    ("schema.open-badges", "/credentialSchema", |b| {
        b["credentialSchema"][0]["id"] = json!("https://example.org/schema");
    }),
    ("status.id", "/credentialStatus/id", |b| {
        b["credentialStatus"]["id"] = b["credentialStatus"]["statusListCredential"].clone();
    }),
    ("status.list", "/credentialStatus/id", |b| {
        b["credentialStatus"] = json!({"type": "1EdTechRevocationList"});
    }),
    ("status.index", "/credentialStatus/statusListIndex", |b| {
        b["credentialStatus"]["statusListIndex"] = json!("-1");
    }),
    ("status.size", "/credentialStatus/statusSize", |b| {
        b["credentialStatus"]["statusSize"] = json!(0);
    }),
    ("status.size", "/credentialStatus/statusSize", |b| {
        b["credentialStatus"]["statusSize"] = json!("1");
    }),
    ("status.messages", "/credentialStatus/statusMessage", |b| {
        b["credentialStatus"]["statusSize"] = json!(2);
    }),
    ("endorsement.compact-jws", "/endorsementJwt/0", |b| {
        b["endorsementJwt"] = json!(["a.b"]);
    }),
    ("endorsement.jwt", "/endorsementJwt/0", |b| {
        b["endorsementJwt"] = json!(["a.b.c"]);
    }),
    (
        "endorsement.proof",
        "/credentialSubject/achievement/endorsement/0/proof",
        |b| {
            remove(&mut class(b)["endorsement"][0], "proof");
        },
    ),
    (
        "endorsement.subject",
        "/credentialSubject/achievement/endorsement/0/credentialSubject/id",
        |b| class(b)["endorsement"][0]["credentialSubject"]["id"] = json!("urn:uuid:9"),
    ),
    ("related-resource.unique", "/relatedResource/1/id", |b| {
        let resource = json!({"id": "https://example.org/r", "digestSRI": "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU"});
        b["relatedResource"] = json!([resource, resource]);
    }),
    ("related-resource.digest", "/relatedResource/0", |b| {
        b["relatedResource"] = json!([{"id": "https://example.org/r"}]);
    }),
];
