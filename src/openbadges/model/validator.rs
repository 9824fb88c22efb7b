//! What 1EdTech's public validator demands besides rules and schema, as its source has it. A badge may
//! be right and still not be read there: these are warnings, and its quirks are not ours.

use serde_json::Value;

use super::checked::{Finding, Severity};
use super::many::items;
use super::status::BITSTRING_STATUS_LIST_ENTRY;

/// What that validator would stumble over; `jwt_algorithm` is what the badge's JWT is signed with.
pub fn findings(credential: &Value, jwt_algorithm: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |pointer: &str, rule, message: &str, advice: &str| {
        found.push(Finding {
            pointer: pointer.to_owned(),
            rule,
            severity: Severity::Warning,
            message: message.to_owned(),
            advice: advice.to_owned(),
        });
    };
    if credential.get("id").is_none() {
        add(
            "/id",
            "validator.id",
            "The validator breaks off at a credential without an identifier.",
            "Add an id.",
        );
    }
    let issuer = credential.get("issuer");
    if !issuer.is_some_and(|issuer| has_type(issuer, "Profile")) {
        add(
            "/issuer",
            "validator.issuer",
            "The validator wants the issuer as an object of type Profile.",
            "Write the issuer's profile.",
        );
    }
    let url = issuer.and_then(|issuer| issuer.get("url")?.as_str());
    if url.is_some_and(|url| !url.starts_with("https://")) {
        add(
            "/issuer/url",
            "validator.issuer-url",
            "The validator opens the issuer's web site, and warns where it does not answer over https.",
            "Give an https address that answers, or leave it out.",
        );
    }
    let evidence = items(credential.get("evidence"));
    if !evidence.iter().all(|item| has_type(item, "Evidence")) {
        add(
            "/evidence",
            "validator.evidence",
            "The validator wants the type Evidence on each piece of evidence.",
            "Add the type.",
        );
    }
    let statuses = items(credential.get("credentialStatus"));
    let of_lists = |status: &&Value| has_type(status, BITSTRING_STATUS_LIST_ENTRY);
    if let Some(first) = statuses.iter().find(of_lists)
        && first.get("statusPurpose").and_then(Value::as_str) != Some("revocation")
    {
        add(
            "/credentialStatus",
            "validator.status",
            "The validator reads no status but revocation.",
            "Put the revocation first.",
        );
    }
    if !["ES256", "RS256"].contains(&jwt_algorithm) {
        add(
            "",
            "validator.jwt",
            "The validator does not read this badge as a JWT: it is signed with EdDSA.",
            "Hand it out as JSON, PNG or SVG, or give the installation a public address.",
        );
    }
    found
}

fn has_type(value: &Value, name: &str) -> bool {
    items(value.get("type")).iter().any(|kind| kind == name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn badge() -> Value {
        json!({
            "id": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            "issuer": { "id": "did:web:example.org", "type": ["Profile"], "url": "https://example.org" },
            "evidence": [{ "id": "https://example.org/e", "type": ["Evidence"] }],
            "credentialStatus": { "type": "BitstringStatusListEntry", "statusPurpose": "revocation" },
        })
    }

    fn rules(badge: &Value, algorithm: &str) -> Vec<&'static str> {
        let found = findings(badge, algorithm);
        found.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn each_demand_has_its_failing_twin() {
        assert_eq!(rules(&badge(), "ES256"), [""; 0]);
        assert_eq!(rules(&badge(), "EdDSA"), ["validator.jwt"]);
        for (member, value, rule) in [
            ("issuer", json!("did:web:example.org"), "validator.issuer"),
            (
                "issuer",
                json!({ "type": "Profile", "url": "http://example.org" }),
                "validator.issuer-url",
            ),
            (
                "evidence",
                json!({ "id": "https://example.org/e" }),
                "validator.evidence",
            ),
            (
                "credentialStatus",
                json!([
                    { "type": "BitstringStatusListEntry", "statusPurpose": "suspension" },
                    { "type": "BitstringStatusListEntry", "statusPurpose": "revocation" },
                ]),
                "validator.status",
            ),
        ] {
            let mut wrong = badge();
            wrong[member] = value;
            assert_eq!(rules(&wrong, "ES256"), [rule], "{member}");
        }
        let mut nameless = badge();
        nameless.as_object_mut().unwrap().remove("id");
        assert_eq!(rules(&nameless, "RS256"), ["validator.id"]);
    }
}
