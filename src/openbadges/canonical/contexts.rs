//! The pinned contexts: the only ones there are, embedded, never fetched.
//!
//! Every signature depends on these bytes (`schemas/README.md` gives source and digest of each).
//! To add one: its file in `schemas/contexts`, and a line here.

use std::sync::LazyLock;

use serde_json::Value;

/// A context whose URL the document may name.
#[derive(Debug)]
pub(super) struct Pinned {
    /// Where everybody else fetches it.
    pub(super) url: &'static str,
    /// What its `@context` says.
    context: LazyLock<Value, fn() -> Value>,
}

impl Pinned {
    /// What its `@context` says.
    pub(super) fn context(&self) -> &Value {
        &self.context
    }
}

/// The position of a pinned context in the table, by its URL.
pub(super) fn find(url: &str) -> Option<usize> {
    PINNED.iter().position(|pinned| pinned.url == url)
}

/// The pinned context at a position of the table.
pub(super) fn get(position: usize) -> Option<&'static Pinned> {
    PINNED.get(position)
}

/// All pinned contexts.
pub(super) fn all() -> impl Iterator<Item = &'static Pinned> {
    PINNED.iter()
}

/// The URLs of all pinned contexts.
#[cfg(test)]
pub(super) fn urls() -> impl Iterator<Item = &'static str> {
    PINNED.iter().map(|pinned| pinned.url)
}

macro_rules! pinned {
    ($($url:literal => $text:expr;)*) => {
        [$(Pinned { url: $url, context: LazyLock::new(|| read($text)) },)*]
    };
}

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../../schemas/contexts/", $name))
    };
}

static PINNED: [Pinned; 14] = pinned! {
    "https://www.w3.org/ns/credentials/v2" => file!("credentials-v2.jsonld");
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" => file!("ob-v3p0-context-3.0.3.jsonld");
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json" => file!("ob-v3p0-context-3.0.2.jsonld");
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json" => file!("ob-v3p0-context-3.0.1.jsonld");
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" => file!("ob-v3p0-extensions.jsonld");
    "https://www.w3.org/2018/credentials/v1" => file!("credentials-v1.jsonld");
    "https://w3id.org/security/data-integrity/v2" => file!("data-integrity-v2.jsonld");
    "https://w3id.org/security/data-integrity/v1" => file!("data-integrity-v1.jsonld");
    "https://w3id.org/security/multikey/v1" => file!("multikey-v1.jsonld");
    "https://www.w3.org/ns/did/v1" => file!("did-v1.jsonld");
    "https://w3id.org/security/suites/ed25519-2020/v1" => file!("ed25519-signature-2020-v1.jsonld");
    "https://www.w3.org/ns/credentials/status/v1" => file!("bitstring-status-list-v1.jsonld");
    "https://w3id.org/vc/status-list/2021/v1" => file!("status-list-2021-v1.jsonld");
    "https://www.w3.org/ns/credentials/examples/v2" =>
        r#"{"@context":{"@vocab":"https://www.w3.org/ns/credentials/examples#"}}"#;
};

#[expect(
    clippy::expect_used,
    reason = "embedded text, read once by a test below"
)]
fn read(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).expect("a pinned context is JSON");
    document
        .get("@context")
        .cloned()
        .expect("a pinned context has a @context")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pinned_context_is_readable_and_has_its_own_url() {
        for (position, pinned) in PINNED.iter().enumerate() {
            assert!(!pinned.context().is_null(), "{}", pinned.url);
            assert_eq!(find(pinned.url), Some(position), "{}", pinned.url);
        }
        assert_eq!(find("https://unknown.example/ctx"), None);
    }
}
