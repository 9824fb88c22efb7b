//! Any presentation of data model 1.1 or 2.0, but for the credentials in it (VCDM 2.0 §4.13).

use super::catalogue::{KIND, REQUIRED};
use super::context;
use super::data_model::{check_id, check_party, check_typed, check_types};
use super::findings::{At, Findings};

/// Holds a document to what every presentation must be.
pub(super) fn check(document: &At<'_>, findings: &mut Findings) {
    if document.present("@context").is_none() {
        findings.add_about(&document.member("@context"), &REQUIRED, "@context");
    }
    context::check(document, true, findings);
    check_types(document, "VerifiablePresentation", findings);
    check_id(document, findings);
    if document.value.get("holder").is_some() {
        check_party(&document.member("holder"), findings);
    }
    for entry in document.member("termsOfUse").items() {
        check_typed(&entry, false, findings);
    }
    // Objects, enveloped ones included; neither numbers, texts nor URLs.
    let credentials = document.member("verifiableCredential");
    for credential in credentials.items().filter(|item| !item.value.is_object()) {
        findings.add_about(&credential, &KIND, "a credential");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::openbadges::model::checked::Profile;
    use crate::openbadges::model::rules::findings;

    fn broken(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut presentation = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": {"id": "did:example:holder"},
            "verifiableCredential": [{}],
        });
        change(&mut presentation);
        let found = findings(&presentation, Profile::Presentation);
        found.into_iter().map(|finding| finding.pointer).collect()
    }

    #[test]
    fn a_presentation_is_held_to_its_rules_and_no_credential_in_it_is() {
        assert!(broken(|_| ()).is_empty());
        assert!(broken(|p| p["holder"] = json!("did:example:holder")).is_empty());
        assert!(broken(|p| drop(p.as_object_mut().unwrap().remove("holder"))).is_empty());
        assert!(broken(|p| p["verifiableCredential"] = json!({})).is_empty());
        for (member, value, pointer) in [
            ("@context", json!(null), "/@context"),
            (
                "@context",
                json!(["https://www.w3.org/ns/credentials/examples/v2"]),
                "/@context/0",
            ),
            ("type", json!(null), "/type"),
            ("type", json!(["NonconformingDocument"]), "/type"),
            ("id", json!("not a url"), "/id"),
            ("holder", json!(7), "/holder"),
            ("holder", json!({}), "/holder/id"),
            ("termsOfUse", json!([{}]), "/termsOfUse/0/type"),
            (
                "verifiableCredential",
                json!(["a.b.c"]),
                "/verifiableCredential/0",
            ),
        ] {
            let found = broken(|p| p[member] = value);
            assert_eq!(found, [pointer]);
        }
    }
}
