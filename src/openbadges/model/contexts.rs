//! The JSON-LD contexts of a badge, and their order (OB 3.0 §8.2; conformance §2.1).
//!
//! The order is checked by text, not only by meaning: first the credentials' context, then Open
//! Badges', then extensions, then anybody's own.

use serde_json::{Value, json};

use super::many::items;
use super::services::{CREDENTIAL_REFRESH, SCHEMA_VALIDATOR};
use super::status::REVOCATION_LIST;

/// The context of Verifiable Credentials 2.0: always the first.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// The context of Verifiable Credentials 1.1, of badges we read and never issue.
pub const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";
/// The context of Data Integrity proofs, which data model 1.1 lacks.
pub const DATA_INTEGRITY_V2: &str = "https://w3id.org/security/data-integrity/v2";
/// The context of Open Badges 3.0: always the second.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Open Badges' context by the addresses it once had, without a version.
const ALIASES: [&str; 2] = [
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
];
/// The context of 1EdTech's schema, status and refresh types, which no other context defines.
pub const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
/// The types that [`EXTENSIONS`] defines.
pub const EXTENSION_TYPES: [&str; 3] = [SCHEMA_VALIDATOR, REVOCATION_LIST, CREDENTIAL_REFRESH];

/// The two contexts every badge begins with.
pub fn base() -> Vec<Value> {
    vec![json!(CREDENTIALS_V2), json!(OPEN_BADGES)]
}

/// The first context of a credential, by its `@context`: it tells the data model.
pub(in crate::openbadges) fn first(context: Option<&Value>) -> Option<&str> {
    items(context).first()?.as_str()
}

/// Whether this is Open Badges' context, in any version and by any address it had.
pub fn is_open_badges(url: &str) -> bool {
    url == OPEN_BADGES || is_alias(url) || is_older_version(url)
}

/// Whether this is Open Badges' context by an address that is no longer used.
pub(super) fn is_alias(url: &str) -> bool {
    ALIASES.contains(&url)
}

/// Whether this is a `context-3.d.d.json`, as the schemas' pattern has it.
pub(super) fn is_older_version(url: &str) -> bool {
    url.strip_prefix("https://purl.imsglobal.org/spec/ob/v3p0/context-3.")
        .and_then(|rest| rest.strip_suffix(".json"))
        .and_then(|version| version.split_once('.'))
        .is_some_and(|(minor, patch)| {
            [minor, patch]
                .iter()
                .all(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// Adds [`EXTENSIONS`] in third place to a credential that uses its types and lacks it.
pub(super) fn complete(document: &mut Value) {
    if !uses_extensions(document) {
        return;
    }
    if let Some(contexts) = document.get_mut("@context").and_then(Value::as_array_mut)
        && !contexts.iter().any(|context| context == EXTENSIONS)
    {
        contexts.insert(contexts.len().min(2), json!(EXTENSIONS));
    }
}

/// Whether a credential uses a type that only [`EXTENSIONS`] defines, itself and not in an
/// endorsement, which has contexts of its own.
pub fn uses_extensions(document: &Value) -> bool {
    ["credentialSchema", "credentialStatus", "refreshService"]
        .iter()
        .flat_map(|member| items(document.get(member)))
        .flat_map(|entry| items(entry.get("type")))
        .any(|name| EXTENSION_TYPES.iter().any(|known| name == known))
}
