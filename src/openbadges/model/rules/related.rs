//! Related resources and their digests (VCDM 2.0 §5.3): whoever uses one computes its digest, and of those
//! we have it must be right.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::catalogue::{KIND, RELATED_DIGEST, RELATED_UNIQUE, REQUIRED, URI};
use super::classes::check_text;
use super::findings::{At, Findings};
use super::values::is_absolute_uri;
use crate::openbadges::model::contexts::CREDENTIALS_V2;

/// The resource at hand whose bytes are known to be those at its address: its publisher printed their digest
/// (`schemas/README.md`).
const USED: (&str, &[u8]) = (
    CREDENTIALS_V2,
    include_bytes!("../../../../schemas/contexts/credentials-v2.jsonld"),
);

/// The longest text of one digest, and the most in one text: decoding base58 takes the square of its length.
const LONGEST: usize = 120;
const MOST: usize = 8;

/// Each resource is named once and has a digest; one that we have has a right one.
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
        let bytes = (id.text() == Some(USED.0)).then_some(USED.1);
        check_digests(&resource, bytes, findings);
    }
}

fn check_digests(resource: &At<'_>, bytes: Option<&[u8]>, findings: &mut Findings) {
    let (sri, multibase) = (
        resource.member("digestSRI"),
        resource.member("digestMultibase"),
    );
    if sri.value.is_null() && multibase.value.is_null() {
        return findings.add(resource, &RELATED_DIGEST);
    }
    let fits = |digest: Vec<u8>| bytes.is_none_or(|bytes| is_digest_of(&digest, bytes));
    if !sri.value.is_null() && !sri.text().is_some_and(|text| sri_fits(text, &fits)) {
        findings.add(&sri, &RELATED_DIGEST);
    }
    let multibase_fits = |text: &str| digest_of_multibase(text).is_some_and(fits);
    if !multibase.value.is_null() && !multibase.text().is_some_and(multibase_fits) {
        findings.add(&multibase, &RELATED_DIGEST);
    }
}

/// Integrity metadata (SRI §3.5): one or several digests, of which the strongest counts; here each must be
/// right.
fn sri_fits(text: &str, fits: &impl Fn(Vec<u8>) -> bool) -> bool {
    let count = text.split_ascii_whitespace().take(MOST + 1).count();
    (1..=MOST).contains(&count)
        && text.split_ascii_whitespace().all(|metadata| {
            if metadata.len() > LONGEST {
                return false;
            }
            let expression = metadata.split('?').next().unwrap_or_default();
            let (length, encoded) = match expression.split_once('-') {
                Some(("sha256", encoded)) => (32, encoded),
                Some(("sha384", encoded)) => (48, encoded),
                Some(("sha512", encoded)) => (64, encoded),
                _ => return false,
            };
            let digest = STANDARD.decode(encoded);
            digest.is_ok_and(|digest| digest.len() == length && fits(digest))
        })
}

/// The digest inside a Multibase text: with its Multihash header, or bare as the W3C's suites write it.
fn digest_of_multibase(text: &str) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let bytes = match text.split_at_checked(1)? {
        ("u", rest) => URL_SAFE_NO_PAD.decode(rest).ok()?,
        ("z", rest) => bs58::decode(rest).into_vec().ok()?,
        _ => return None,
    };
    match bytes.as_slice() {
        // sha2-256, sha2-384, sha2-512
        [0x12, 32, digest @ ..] if digest.len() == 32 => Some(digest.to_vec()),
        [0x20, 48, digest @ ..] if digest.len() == 48 => Some(digest.to_vec()),
        [0x13, 64, digest @ ..] if digest.len() == 64 => Some(digest.to_vec()),
        bare if matches!(bare.len(), 32 | 48 | 64) => Some(bytes),
        _ => None,
    }
}

fn is_digest_of(digest: &[u8], bytes: &[u8]) -> bool {
    match digest.len() {
        32 => digest == Sha256::digest(bytes).as_slice(),
        48 => digest == Sha384::digest(bytes).as_slice(),
        64 => digest == Sha512::digest(bytes).as_slice(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ELSEWHERE: &str = "https://example.org/resource.json";

    fn is_right(id: &str, member: &str, digest: &str) -> bool {
        let document = json!({ "relatedResource": [{ "id": id, member: digest }] });
        let mut findings = Findings::new(false);
        check(&At::document(&document), &mut findings);
        findings.into_list().is_empty()
    }

    #[test]
    fn a_digest_of_what_is_at_hand_is_computed() {
        for (member, right) in [
            (
                "digestSRI",
                "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU",
            ),
            (
                "digestMultibase",
                "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA",
            ),
            (
                "digestMultibase",
                "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ",
            ),
        ] {
            assert!(is_right(CREDENTIALS_V2, member, right), "{right}");
            assert!(is_right(ELSEWHERE, member, right), "{right}");
        }
        // Of the candidate of 2024, which is no longer what is at that address.
        let former = "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg";
        assert!(!is_right(CREDENTIALS_V2, "digestSRI", former));
    }

    #[test]
    fn a_text_too_long_for_a_digest_is_not_decoded() {
        let long = "2".repeat(1_000_000);
        assert!(!is_right(ELSEWHERE, "digestMultibase", &format!("z{long}")));
        assert!(!is_right(ELSEWHERE, "digestSRI", &format!("sha256-{long}")));
        let right = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU ";
        assert!(is_right(ELSEWHERE, "digestSRI", &right.repeat(8)));
        assert!(!is_right(ELSEWHERE, "digestSRI", &right.repeat(9)));
    }

    #[test]
    fn what_is_no_digest_is_refused_whatever_it_is_of() {
        let hex = "sha256-ca3d163bab055381827226140568f3bef634ac187cebd76878e0b63e9e442356";
        for (member, wrong) in [
            ("digestSRI", ""),
            ("digestSRI", "not a digest"),
            ("digestSRI", "md5-AAAAAAAAAAAAAAAAAAAAAA=="),
            ("digestSRI", "sha256-AAAA"),
            ("digestSRI", hex),
            ("digestMultibase", ""),
            ("digestMultibase", "é"),
            ("digestMultibase", "notmultibase!"),
            ("digestMultibase", "uAAAA"),
            (
                "digestMultibase",
                "uZTQ0MjM1NiAgcmVwb3J0cc5jZWxhdGVkLXJlc291cmNlLmpzb24K",
            ),
        ] {
            assert!(!is_right(ELSEWHERE, member, wrong), "{wrong}");
        }
    }
}
