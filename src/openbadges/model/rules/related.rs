//! Related resources and their digests (VCDM 2.0 §5.3).

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384};

use super::catalogue::{KIND, RELATED_DIGEST, RELATED_UNIQUE, REQUIRED, URI};
use super::classes::check_text;
use super::findings::{At, Findings};
use super::values::is_absolute_uri;
use crate::openbadges::model::contexts::CREDENTIALS_V2;

/// The digests of the context of credentials 2.0: of the candidate of 2024-07-20, which the W3C's
/// tests name, and of the final text.
static KNOWN: LazyLock<[String; 4]> = LazyLock::new(|| {
    let context = include_bytes!("../../../../schemas/contexts/credentials-v2.jsonld");
    [
        "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg".to_owned(),
        "uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k".to_owned(),
        format!("sha384-{}", STANDARD.encode(Sha384::digest(context))),
        format!("u{}", URL_SAFE_NO_PAD.encode(Sha256::digest(context))),
    ]
});

/// Each resource is named once and has a digest; the one resource we know has a right one.
pub(super) fn check(document: &At<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for resource in document.member("relatedResource").items() {
        if !resource.value.is_object() {
            findings.add_about(&resource, &KIND, "an object");
            continue;
        }
        let id = resource.member("id");
        match resource.value.get("id").and_then(Value::as_str) {
            None if id.value.is_null() => findings.add_about(&id, &REQUIRED, "id"),
            Some(text) if !seen.insert(text) => findings.add(&id, &RELATED_UNIQUE),
            _ => check_text(&id, &URI, is_absolute_uri, findings),
        }
        check_digests(&resource, id.text() == Some(CREDENTIALS_V2), findings);
    }
}

fn check_digests(resource: &At<'_>, is_known: bool, findings: &mut Findings) {
    let digests = ["digestSRI", "digestMultibase"].map(|name| resource.member(name));
    if digests.iter().all(|digest| digest.value.is_null()) {
        return findings.add(resource, &RELATED_DIGEST);
    }
    for digest in digests.iter().filter(|digest| !digest.value.is_null()) {
        let fits = |text: &str| !text.is_empty() && (!is_known || KNOWN.iter().any(|k| k == text));
        if !digest.text().is_some_and(fits) {
            findings.add(digest, &RELATED_DIGEST);
        }
    }
}
