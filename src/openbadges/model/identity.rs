//! By what a recipient is recognised without being named (`IdentityObject`, OB 3.0 §B.1.12, §9.4).
//!
//! A hash is made of the identifier's UTF-8 bytes and, after them, the salt's. The standard folds
//! no case; we normalise an e-mail address before hashing, and when matching another's badge try
//! what we were given as well as its normal form. Nothing else in the house hashes or compares one.

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
    /// An identifier, hashed as it is with a salt of its own (128 random bits). An e-mail address is
    /// to be in its [`normalized_email`] form.
    pub fn hashed(identifier: &str, kind: IdentifierType, salt: &[u8; 16]) -> Self {
        let salt = hex(salt);
        let hash = format!("sha256${}", Algorithm::Sha256.digest(identifier, &salt));
        Self {
            salt: Some(salt),
            ..Self::new(true, hash, kind)
        }
    }

    /// An identifier that anybody may read, such as an organisation's number.
    pub fn clear(identifier: impl Into<String>, kind: IdentifierType) -> Self {
        Self::new(false, identifier, kind)
    }
}

/// An e-mail address in the one form that is hashed: trimmed, NFC, lower case.
pub fn normalized_email(address: &str) -> String {
    let address = address.trim();
    if address.is_ascii() {
        return address.to_ascii_lowercase();
    }
    // Lowering can undo a composition, so NFC comes last too.
    address
        .nfc()
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

/// Whether a recipient is known by an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognition {
    /// It is one of theirs.
    Theirs,
    /// It is none of theirs.
    NotTheirs,
    /// It is none that could be compared, and one could not: hashed in a way that is not known here.
    Unreadable,
}

/// Whether a `credentialSubject` is somebody with this identifier, which is given in clear (OB 3.0
/// §9.4): the first match decides.
pub fn recognise(subject: &Value, kind: &str, identifier: &str) -> Recognition {
    if kind == IdentifierType::EmailAddress.as_str() && is_mailbox(subject, identifier) {
        return Recognition::Theirs;
    }
    let forms = forms(identifier);
    let mut told = Recognition::NotTheirs;
    for identity in items(subject.get("identifier")) {
        if identity.get("identityType").and_then(Value::as_str) != Some(kind) {
            continue;
        }
        match states(identity, kind, &forms) {
            Some(true) => return Recognition::Theirs,
            Some(false) => {}
            None => told = Recognition::Unreadable,
        }
    }
    told
}

/// Whether a subject's `id` is the `mailto:` of an address.
fn is_mailbox(subject: &Value, address: &str) -> bool {
    let id = subject.get("id").and_then(Value::as_str);
    id.and_then(|id| id.split_at_checked(7))
        .is_some_and(|(scheme, mailbox)| {
            scheme.eq_ignore_ascii_case("mailto:")
                && normalized_email(mailbox) == normalized_email(address)
        })
}

/// The forms in which an issuer may have hashed an identifier, as it was given first.
///
/// The standard hashes to the letter; issuers also trim and lower the case, with or without
/// composing what they lowered.
fn forms(identifier: &str) -> [String; 4] {
    let trimmed = identifier.trim();
    [
        identifier.to_owned(),
        trimmed.to_owned(),
        trimmed.to_lowercase(),
        normalized_email(identifier),
    ]
}

/// Whether an `IdentityObject` states an identifier in one of these forms; `None` if it can't be read.
fn states(identity: &Value, kind: &str, forms: &[String; 4]) -> Option<bool> {
    let text = |member| identity.get(member).and_then(Value::as_str);
    let stated = text("identityHash")?;
    let [given, .., normalized] = forms;
    if identity.get("hashed")?.as_bool()? {
        let hash = IdentityHash::parse(stated)?;
        let salt = text("salt").unwrap_or_default();
        return Some(forms.iter().any(|form| hash.is_of(form, salt)));
    }
    let is_email = kind == IdentifierType::EmailAddress.as_str();
    Some(stated == given || (is_email && normalized_email(stated) == *normalized))
}

/// A hash as an `identityHash` states it.
pub(super) struct IdentityHash<'a> {
    /// How it was computed.
    pub(super) algorithm: Algorithm,
    /// The hexadecimal digits, in either case.
    digits: &'a str,
}

/// The algorithms of `identityHash`. We write SHA-256 and read both.
#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    /// `sha256$`
    Sha256,
    /// `md5$`, in old badges.
    Md5,
}

impl<'a> IdentityHash<'a> {
    /// Reads `algorithm$digits`; `None` where it is neither of the two.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
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
    fn is_of(&self, identifier: &str, salt: &str) -> bool {
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

/// Bytes in hexadecimal, in small letters.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four_bits: u8| char::from_digit(four_bits.into(), 16).unwrap_or_default();
    let mut digits = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        digits.push(digit(byte >> 4));
        digits.push(digit(byte & 15));
    }
    digits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Recognition::{NotTheirs, Theirs, Unreadable};
    use super::*;

    /// The check vector of OB 3.0 §8.4 (and of Open Badges 2.0 before it).
    const VECTOR: &str = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";

    fn identity(hash: &str) -> Value {
        json!({"type": "IdentityObject", "hashed": true, "identityHash": hash,
            "identityType": "emailAddress", "salt": "Kosher"})
    }

    fn recognised(identity: &Value, identifier: &str) -> Recognition {
        let kind = identity["identityType"].as_str().unwrap();
        recognise(&json!({"identifier": [identity]}), kind, identifier)
    }

    #[test]
    fn the_check_vector_of_the_standard_is_met() {
        let hash = format!(
            "sha256${}",
            Algorithm::Sha256.digest("a@example.com", "Kosher")
        );
        assert_eq!(hash, VECTOR);
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
                assert_eq!(recognised(&identity(&hash), known), Theirs, "{hash}");
            }
            assert_eq!(recognised(&identity(&hash), "b@example.com"), NotTheirs);
        }
    }

    #[test]
    fn another_issuers_way_of_writing_an_address_is_recognised() {
        let decomposed = " E\u{301}lodie@Exemple.BZH ";
        for hashed in [
            decomposed,
            decomposed.trim(),
            "e\u{301}lodie@exemple.bzh",
            "élodie@exemple.bzh",
        ] {
            let hash = format!("sha256${}", Algorithm::Sha256.digest(hashed, "Kosher"));
            assert_eq!(recognised(&identity(&hash), decomposed), Theirs, "{hashed}");
        }
    }

    #[test]
    fn another_kind_salt_or_form_is_not_theirs() {
        for (member, value) in [
            ("salt", json!("Kosher ")),
            ("salt", json!(null)),
            ("hashed", json!(false)),
            ("identityType", json!("name")),
        ] {
            let mut changed = identity(VECTOR);
            changed[member] = value;
            let found = recognise(
                &json!({"identifier": changed}),
                "emailAddress",
                "a@example.com",
            );
            assert_eq!(found, NotTheirs, "{changed}");
        }
        let none = recognise(&json!({}), "emailAddress", "a@example.com");
        assert_eq!(none, NotTheirs);
    }

    #[test]
    fn a_subject_that_is_a_mailbox_is_known_by_its_address() {
        let subject =
            json!({"id": "mailto:A.Durand@example.org", "identifier": [identity(VECTOR)]});
        let found = |kind: &str, identifier: &str| recognise(&subject, kind, identifier);
        for address in [
            "a.durand@example.org",
            " A.DURAND@example.org",
            "a@example.com",
        ] {
            assert_eq!(found("emailAddress", address), Theirs, "{address}");
        }
        assert_eq!(found("emailAddress", "durand@example.org"), NotTheirs);
        assert_eq!(found("name", "a.durand@example.org"), NotTheirs);
        let web = json!({"id": "https:a@example.org"});
        assert_eq!(recognise(&web, "emailAddress", "a@example.org"), NotTheirs);
    }

    #[test]
    fn what_can_not_be_read_leaves_it_open_unless_another_matches() {
        for (member, value) in [
            ("hashed", json!("true")),
            ("hashed", json!(null)),
            ("identityHash", json!(VECTOR.replace("sha256", "sha512"))),
            ("identityHash", json!("sha256$")),
            ("identityHash", json!("sha256$b5809d8a")),
            ("identityHash", json!(VECTOR.replace('f', "g"))),
            ("identityHash", json!(7)),
        ] {
            let mut changed = identity(VECTOR);
            changed[member] = value;
            assert_eq!(
                recognised(&changed, "a@example.com"),
                Unreadable,
                "{changed}"
            );
            let both = json!({"identifier": [changed, identity(VECTOR)]});
            assert_eq!(recognise(&both, "emailAddress", "a@example.com"), Theirs);
        }
    }

    #[test]
    fn an_identifier_in_clear_matches_to_the_letter_but_for_the_case_of_an_address() {
        let clear = |text: &str, kind: &str| {
            let kind = IdentifierType::from(kind.to_owned());
            serde_json::to_value(IdentityObject::clear(text, kind)).unwrap()
        };
        let siret = clear("12345678900010", "ext:siret");
        assert_eq!(recognised(&siret, "12345678900010"), Theirs);
        assert_eq!(recognised(&siret, "12345678900011"), NotTheirs);
        let name = clear("Maëlle", "name");
        assert_eq!(recognised(&name, "Maëlle"), Theirs);
        assert_eq!(recognised(&name, "maëlle"), NotTheirs);
        let address = clear("Anna@Example.org", "emailAddress");
        assert_eq!(recognised(&address, "anna@EXAMPLE.org"), Theirs);
        assert_eq!(recognised(&address, "ana@example.org"), NotTheirs);
    }

    #[test]
    fn what_we_hash_can_be_recognised_and_is_salted() {
        let hashed = |salt| {
            let address = normalized_email(" Anna@Example.org");
            IdentityObject::hashed(&address, IdentifierType::EmailAddress, &salt)
        };
        let ours = hashed([0xA5; 16]);
        assert_eq!(ours.salt.as_deref(), Some("a5".repeat(16).as_str()));
        let written = serde_json::to_value(&ours).unwrap();
        assert_eq!(recognised(&written, "ANNA@example.org"), Theirs);
        assert_ne!(ours.identity_hash, hashed([0x5A; 16]).identity_hash);
        assert!(!format!("{ours:?}").contains("sha256"));
    }
}
