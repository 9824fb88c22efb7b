//! The syntax of DIDs and DID URLs, DID Core 1.0 §3.1 and §3.2, to the letter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::openbadges::model::legible::legible;

/// The longest DID URL read, in bytes: a did:jwk of a large RSA key fits.
const MAX_BYTES: usize = 4096;

/// A decentralized identifier, `did:method:specific-id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Did(String);

/// A DID with what may follow it: a path, a query, a fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DidUrl {
    text: String,
    did: Did,
}

/// A text that should be a DID (or a DID URL) and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not a DID; write it as in did:web:example.org")]
pub struct NotADid {
    text: String,
}

impl NotADid {
    fn of(text: &str) -> Self {
        Self {
            text: legible(&text.chars().take(64).collect::<String>()),
        }
    }
}

impl Did {
    /// The method's name: `key` of `did:key:z6Mk…`.
    pub fn method(&self) -> &str {
        self.parts().0
    }

    /// What the method makes of it: `z6Mk…` of `did:key:z6Mk…`.
    pub fn specific_id(&self) -> &str {
        self.parts().1
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parts(&self) -> (&str, &str) {
        parts(&self.0).unwrap_or_default()
    }
}

impl DidUrl {
    /// The DID it begins with.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// What follows the `#`.
    pub fn fragment(&self) -> Option<&str> {
        self.text.split_once('#').map(|(_, fragment)| fragment)
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Did {
    type Err = NotADid;

    fn from_str(text: &str) -> Result<Self, NotADid> {
        let valid = text.len() <= MAX_BYTES
            && parts(text).is_some_and(|(method, id)| is_method(method) && is_specific_id(id));
        if valid {
            Ok(Self(text.into()))
        } else {
            Err(NotADid::of(text))
        }
    }
}

impl FromStr for DidUrl {
    type Err = NotADid;

    fn from_str(text: &str) -> Result<Self, NotADid> {
        let end = text.find(['/', '?', '#']).unwrap_or(text.len());
        let (did, rest) = text
            .split_at_checked(end)
            .ok_or_else(|| NotADid::of(text))?;
        if text.len() > MAX_BYTES || !is_path_query_fragment(rest) {
            return Err(NotADid::of(text));
        }
        Ok(Self {
            did: did.parse()?,
            text: text.into(),
        })
    }
}

impl TryFrom<String> for Did {
    type Error = NotADid;

    fn try_from(text: String) -> Result<Self, NotADid> {
        text.parse()
    }
}

impl From<Did> for String {
    fn from(did: Did) -> Self {
        did.0
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn parts(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("did:")?.split_once(':')
}

fn is_method(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// `*( *idchar ":" ) 1*idchar`: the last part may not be empty.
fn is_specific_id(id: &str) -> bool {
    let idchar = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
    !id.is_empty() && !id.ends_with(':') && is_made_of(id, idchar)
}

/// RFC 3986 `path-abempty [ "?" query ] [ "#" fragment ]`.
fn is_path_query_fragment(text: &str) -> bool {
    let pchar = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&b);
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let in_query = |b: u8| pchar(b) || b == b'?';
    is_made_of(path, pchar) && is_made_of(query, in_query) && is_made_of(fragment, in_query)
}

/// Whether a text holds only such bytes, and `%` only before two hexadecimal digits.
fn is_made_of(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let escaped = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_hexdigit());
        if byte == b'%' {
            if !(escaped(bytes.next()) && escaped(bytes.next())) {
                return false;
            }
        } else if !allowed(byte) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_did_has_a_method_and_an_id() {
        let did: Did = "did:web:example.org%3A8443:issuers:7".parse().unwrap();
        assert_eq!(did.method(), "web");
        assert_eq!(did.specific_id(), "example.org%3A8443:issuers:7");
    }

    #[test]
    fn a_did_url_has_a_did_and_a_fragment() {
        let url: DidUrl = "did:example:123/path?versionId=1#key-1".parse().unwrap();
        assert_eq!(url.did().as_str(), "did:example:123");
        assert_eq!(url.fragment(), Some("key-1"));
        assert_eq!(
            "did:example:123".parse::<DidUrl>().unwrap().fragment(),
            None
        );
        assert_eq!(
            "did:example:123#".parse::<DidUrl>().unwrap().fragment(),
            Some("")
        );
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_refused() {
        for text in [
            "",
            "did",
            "did:",
            "did:key",
            "did:key:",
            "did::x",
            "DID:key:z",
            "did:Key:z",
            "did:key:z ",
            "did:key:a:",
            "did:web:a/b",
            "did:web:a%3",
            "did:web:a%zz",
            "did:web:é",
            "did:web:a#b",
            " did:key:z",
            "https://example.org",
            "did:web:a\n",
        ] {
            assert!(text.parse::<Did>().is_err(), "{text:?}");
        }
        for text in [
            "did:key:z#a#b",
            "did:key:z#a b",
            "did:key:z/<>",
            "#key",
            "did:key:z?é",
        ] {
            assert!(text.parse::<DidUrl>().is_err(), "{text:?}");
        }
        assert!(
            format!("did:key:{}", "z".repeat(MAX_BYTES))
                .parse::<Did>()
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_the_text(text in "did:[a-zé:]{0,4}:?[a-zA-Z0-9:.%#/?é]{0,20}") {
            if let Ok(url) = text.parse::<DidUrl>() {
                prop_assert_eq!(url.as_str(), &text);
                prop_assert!(text.starts_with(url.did().as_str()));
                prop_assert_eq!(url.did().as_str().parse::<Did>(), Ok(url.did().clone()));
            }
        }
    }
}
