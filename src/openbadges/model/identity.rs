//! By what a recipient is recognised without being named (`IdentityObject`, OB 3.0 §B.1.12, §9.4).
//!
//! A hash is made of the identifier's UTF-8 bytes and, after them, the salt's. The standard folds
//! no case; we normalise an e-mail address before hashing, and when matching another's badge try
//! what we were given as well as its normal form.

use std::fmt::Write as _;

use md5::Md5;
use serde_json::Value;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::class::{class, debug_without_content};
use super::enumerations::IdentifierType;
use super::many::items;

class! {
    /// A recipient's identifier, in clear or hashed. A closed class.
    pub struct IdentityObject {
        kind "IdentityObject"
        required {
            ;
            /// Whether `identity_hash` is a hash (and not the identifier itself).
            hashed: bool = Boolean,
            /// `sha256$` and the hash in hexadecimal digits, or the identifier itself.
            identity_hash: String = Text,
            /// What kind of identifier it is.
            identity_type: IdentifierType = Word(IdentifierType::allows),
        }
        optional {
            /// What was appended to the identifier before hashing.
            salt: String = Text,
        }
        many {}
    }
}

debug_without_content!(IdentityObject);

impl IdentityObject {
    /// An e-mail address, normalised and hashed with a salt of its own (128 random bits).
    pub fn hashed_email(address: &str, salt: &[u8; 16]) -> Self {
        Self::hashed(
            &normalized_email(address),
            IdentifierType::EmailAddress,
            salt,
        )
    }

    /// An identifier, hashed as it is with a salt of its own (128 random bits).
    pub fn hashed(identifier: &str, kind: IdentifierType, salt: &[u8; 16]) -> Self {
        let salt = hex(salt);
        Self {
            salt: Some(salt.clone()),
            ..Self::new(true, identity_hash(identifier, &salt), kind)
        }
    }

    /// An identifier that anybody may read, such as an organisation's number.
    pub fn clear(identifier: impl Into<String>, kind: IdentifierType) -> Self {
        Self::new(false, identifier, kind)
    }
}

/// An e-mail address in the one form that is hashed: trimmed, NFC, lower case.
pub fn normalized_email(address: &str) -> String {
    // Lowering can undo a composition, so NFC comes last too.
    address
        .trim()
        .nfc()
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

/// `sha256$` and the hexadecimal SHA-256 of the identifier followed by the salt.
pub fn identity_hash(identifier: &str, salt: &str) -> String {
    format!("sha256${}", Algorithm::Sha256.digest(identifier, salt))
}

/// A hash as an `identityHash` states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityHash<'a> {
    /// How it was computed.
    pub algorithm: Algorithm,
    /// The hexadecimal digits, in either case.
    pub digits: &'a str,
}

/// The algorithms of `identityHash`. We write SHA-256 and read both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `sha256$`
    Sha256,
    /// `md5$`, in old badges.
    Md5,
}

impl<'a> IdentityHash<'a> {
    /// Reads `algorithm$digits`; `None` where it is neither of the two.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (name, digits) = text.split_once('$')?;
        let (algorithm, length) = match name {
            "sha256" => (Algorithm::Sha256, 64),
            "md5" => (Algorithm::Md5, 32),
            _ => return None,
        };
        let is_hex = digits.len() == length && digits.bytes().all(|b| b.is_ascii_hexdigit());
        is_hex.then_some(Self { algorithm, digits })
    }

    /// Whether this is the hash of the identifier with the salt.
    pub fn is_of(&self, identifier: &str, salt: &str) -> bool {
        self.algorithm
            .digest(identifier, salt)
            .eq_ignore_ascii_case(self.digits)
    }
}

impl Algorithm {
    fn digest(self, identifier: &str, salt: &str) -> String {
        let (identifier, salt) = (identifier.as_bytes(), salt.as_bytes());
        match self {
            Self::Sha256 => hex(&Sha256::new()
                .chain_update(identifier)
                .chain_update(salt)
                .finalize()),
            Self::Md5 => hex(&Md5::new()
                .chain_update(identifier)
                .chain_update(salt)
                .finalize()),
        }
    }
}

/// What we know of somebody who says that a badge is theirs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// The identifier of the subject: a DID, a URN, a URL.
    Id(&'a str),
    /// An identifier of another kind, in clear: an e-mail address.
    Identifier(&'a str, &'a IdentifierType),
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Id(_) => "Id(..)",
            Self::Identifier(..) => "Identifier(..)",
        })
    }
}

impl Known<'_> {
    /// Whether this `credentialSubject` is about them (OB 3.0 §9.4): the first match decides.
    pub fn is_recipient(self, subject: &Value) -> bool {
        match self {
            Self::Id(id) => subject.get("id").is_some_and(|known| known == id),
            Self::Identifier(identifier, kind) => {
                let candidates = candidates(identifier, kind);
                items(subject.get("identifier")).iter().any(|identity| {
                    candidates
                        .iter()
                        .any(|candidate| states(identity, candidate, kind))
                })
            }
        }
    }
}

/// The forms in which an issuer may have written an identifier, each once.
fn candidates(identifier: &str, kind: &IdentifierType) -> Vec<String> {
    let mut forms = vec![identifier.to_owned(), identifier.trim().to_owned()];
    forms.push(identifier.trim().to_lowercase());
    if *kind == IdentifierType::EmailAddress {
        forms.push(normalized_email(identifier));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn states(identity: &Value, identifier: &str, kind: &IdentifierType) -> bool {
    let text = |name| identity.get(name).and_then(Value::as_str);
    let (Some(hash), true) = (
        text("identityHash"),
        text("identityType") == Some(kind.as_str()),
    ) else {
        return false;
    };
    match identity.get("hashed") {
        Some(Value::Bool(true)) => IdentityHash::parse(hash)
            .is_some_and(|hash| hash.is_of(identifier, text("salt").unwrap_or_default())),
        Some(Value::Bool(false)) => hash == identifier,
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const VECTOR: &str = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
    const EMAIL: IdentifierType = IdentifierType::EmailAddress;

    fn subject(identity: &Value) -> Value {
        json!({"id": "urn:uuid:1", "identifier": [identity]})
    }

    fn identity(hash: &str) -> Value {
        json!({"type": "IdentityObject", "hashed": true, "identityHash": hash,
            "identityType": "emailAddress", "salt": "Kosher"})
    }

    #[test]
    fn the_check_vector_of_the_standard_is_met() {
        assert_eq!(identity_hash("a@example.com", "Kosher"), VECTOR);
    }

    #[test]
    fn one_address_has_one_form() {
        let composed = "  \u{c9}lodie.Le-Gall@Exemple.BZH ";
        let decomposed = "E\u{301}lodie.le-gall@exemple.bzh";
        assert_eq!(normalized_email(composed), "élodie.le-gall@exemple.bzh");
        assert_eq!(normalized_email(composed), normalized_email(decomposed));
    }

    #[test]
    fn a_hash_is_recognised_in_either_case_and_algorithm() {
        let digits = VECTOR.strip_prefix("sha256$").unwrap().to_uppercase();
        // md5 of "a@example.comKosher"
        let md5 = format!("md5${}", Algorithm::Md5.digest("a@example.com", "Kosher"));
        assert_eq!(
            Algorithm::Md5.digest("abc", ""),
            "900150983cd24fb0d6963f7d28e17f72"
        );
        for hash in [VECTOR.to_owned(), format!("sha256${digits}"), md5] {
            for known in ["a@example.com", " A@Example.com"] {
                let is_theirs =
                    Known::Identifier(known, &EMAIL).is_recipient(&subject(&identity(&hash)));
                assert!(is_theirs, "{hash}");
            }
        }
    }

    #[test]
    fn another_address_kind_salt_or_form_is_not_theirs() {
        let known = Known::Identifier("a@example.com", &EMAIL);
        assert!(known.is_recipient(&subject(&identity(VECTOR))));
        assert!(
            !Known::Identifier("b@example.com", &EMAIL).is_recipient(&subject(&identity(VECTOR)))
        );
        let kind = IdentifierType::UserName;
        assert!(
            !Known::Identifier("a@example.com", &kind).is_recipient(&subject(&identity(VECTOR)))
        );
        for (member, value) in [
            ("salt", json!("Kosher ")),
            ("salt", json!(null)),
            ("hashed", json!(false)),
            ("hashed", json!("true")),
            ("identityType", json!("name")),
            ("identityHash", json!(VECTOR.replace("sha256", "sha512"))),
            ("identityHash", json!("sha256$")),
            ("identityHash", json!(7)),
        ] {
            let mut changed = identity(VECTOR);
            changed[member] = value;
            assert!(!known.is_recipient(&subject(&changed)), "{changed}");
        }
    }

    #[test]
    fn an_identifier_in_clear_and_an_id_match_exactly() {
        let siret = IdentifierType::from("ext:siret".to_owned());
        let clear = IdentityObject::clear("12345678900010", siret.clone());
        let subject = subject(&serde_json::to_value(clear).unwrap());
        assert!(Known::Identifier("12345678900010", &siret).is_recipient(&subject));
        assert!(!Known::Identifier("12345678900011", &siret).is_recipient(&subject));
        assert!(Known::Id("urn:uuid:1").is_recipient(&subject));
        assert!(!Known::Id("urn:uuid:2").is_recipient(&subject));
        assert!(!Known::Id("").is_recipient(&json!({})));
    }

    #[test]
    fn what_we_hash_can_be_recognised_and_is_salted() {
        let ours = IdentityObject::hashed_email(" Anna@Example.org", &[0xA5; 16]);
        assert_eq!(ours.salt.as_deref(), Some("a5".repeat(16).as_str()));
        let subject = subject(&serde_json::to_value(&ours).unwrap());
        assert!(Known::Identifier("ANNA@example.org", &EMAIL).is_recipient(&subject));
        let other = IdentityObject::hashed_email(" Anna@Example.org", &[0x5A; 16]);
        assert_ne!(ours.identity_hash, other.identity_hash);
        assert!(!format!("{ours:?}").contains("sha256"));
    }
}
