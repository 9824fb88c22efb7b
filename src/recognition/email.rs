//! E-mail addresses, as much of their syntax as catches what people mistype.

use std::fmt;

use crate::openbadges::model::identity::normalized_email;
use crate::openbadges::model::legible::is_command;

/// An address in its [normal form](normalized_email): trimmed, composed (NFC), in lower case.
///
/// This form is what is hashed into credentials, what a verifier compares with that hash, and what
/// one person is told from another by. RFC 5321
/// lets a server tell `A@x` from `a@x`; none in use does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a text is no address, with the address it may be meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnEmail {
    /// What is wrong, in a sentence.
    pub what: &'static str,
    /// What may be meant.
    pub suggestion: Option<String>,
}

impl Email {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let address = normalized_email(text);
        match fault(&address) {
            None => Ok(Self(address)),
            Some(what) => Err(NotAnEmail {
                what,
                suggestion: suggestion(&address),
            }),
        }
    }

    /// What tells the person of this address from other recipients.
    pub fn recipient_key(&self) -> String {
        format!("email:{}", self.as_str())
    }

    /// The normalised address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows nothing: an address is personal data.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

fn fault(address: &str) -> Option<&'static str> {
    let Some((local, domain)) = address.split_once('@') else {
        return Some("There is no @ in this address.");
    };
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    let letters = |label: &str| {
        label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ending = domain.rsplit('.').next().unwrap_or_default();
    if domain.contains('@') {
        Some("There is more than one @ in this cell.")
    } else if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some("There is a space in this address.")
    } else if address.contains(is_command) {
        Some("There is a character in this address that nobody sees.")
    } else if local.is_empty()
        || !dotted(local)
        || address.contains(['<', '>', '(', ')', '[', ']', ',', ';', ':', '"', '\\'])
    {
        Some("This is not written as an address.")
    } else if !domain.contains('.')
        || !dotted(domain)
        || !domain.split('.').all(letters)
        || ending.chars().count() < 2
        || ending.chars().all(|c| c.is_ascii_digit())
    {
        Some("What follows the @ is not the name of a mail server.")
    } else if local.len() > 64 || address.len() > 254 {
        Some("This is longer than an address can be.")
    } else {
        None
    }
}

/// The usual slips put right, if what comes out is an address.
fn suggestion(address: &str) -> Option<String> {
    let inner = address
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or(address, |(inner, _)| inner);
    let mut text = inner.trim_start_matches("mailto:").to_owned();
    for at in [
        "(at)",
        "[at]",
        "{at}",
        " at ",
        "(a)",
        " arobase ",
        "(arobase)",
    ] {
        text = text.replace(at, "@");
    }
    for dot in ["(dot)", "[dot]", "(point)", " point ", ","] {
        text = text.replace(dot, ".");
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text
        .trim_matches(['.', ';', ':', '\'', '"', '>', '<'])
        .replace("..", ".")
        .replace("@@", "@");
    fault(&text).is_none().then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::openbadges::model::identity::{Recognition, recognise};
    use crate::openbadges::model::{IdentifierType, IdentityObject};

    /// What a verifier says to whoever gives `text` as theirs, of a badge issued to `email`.
    fn recognised(email: &Email, text: &str) -> Recognition {
        let kind = IdentifierType::EmailAddress;
        let hashed = IdentityObject::hashed(email.as_str(), kind, &[7; 16]);
        let subject = serde_json::json!({ "identifier": [hashed] });
        recognise(&subject, "emailAddress", text)
    }

    #[test]
    fn addresses_are_normalised() {
        for text in ["  PERSONNE008@EXAMPLE.ORG ", "personne008@example.org"] {
            assert_eq!(
                Email::parse(text).unwrap().as_str(),
                "personne008@example.org"
            );
        }
        assert_eq!(
            Email::parse("Ele\u{301}na@e\u{301}cole.example")
                .unwrap()
                .as_str(),
            "eléna@école.example"
        );
        for text in [
            "a.b+c@x.example.org",
            "o'neill@example.org",
            "a@xn--cole-9oa.example",
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_address_whose_small_letters_depend_on_their_neighbours_is_recognised() {
        // Lowered, these decompose (İ), or are written one way at the end of a word (Σ).
        for text in ["\u{130}nan@example.org", "ΟΔΟΣ@example.org", "a@ΟΔΟΣ.org"] {
            let email = Email::parse(text).unwrap();
            assert_eq!(recognised(&email, text), Recognition::Theirs, "{text}");
            assert_eq!(recognised(&email, email.as_str()), Recognition::Theirs);
        }
    }

    #[test]
    fn each_slip_is_named_and_put_right_where_it_can_be() {
        let cases = [
            (
                "personne034(at)example.org",
                "no @",
                Some("personne034@example.org"),
            ),
            ("a[at]example(dot)org", "no @", Some("a@example.org")),
            ("example.org", "no @", None),
            ("a@@example.org", "more than one", Some("a@example.org")),
            ("a@x.org b@x.org", "more than one", None),
            ("a b@example.org", "space", Some("ab@example.org")),
            ("Prénom Nom <a@example.org>", "space", Some("a@example.org")),
            ("mailto:a@example.org", "not written", Some("a@example.org")),
            ("a@example.org;", "not written", Some("a@example.org")),
            ("a@example,org", "not written", Some("a@example.org")),
            ("a..b@example.org", "not written", Some("a.b@example.org")),
            ("@example.org", "not written", None),
            ("a@example", "mail server", None),
            ("a@example.org.", "mail server", Some("a@example.org")),
            ("a@-x.org", "mail server", None),
            ("a@example.o", "mail server", None),
            ("a@192.168.1.1", "mail server", None),
        ];
        for (text, what, suggestion) in cases {
            let error = Email::parse(text).unwrap_err();
            assert!(error.what.contains(what), "{text}: {}", error.what);
            assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert!(Email::parse(&long).unwrap_err().what.contains("longer"));
        assert!(Email::parse(&long[1..]).is_ok());
    }

    proptest! {
        #[test]
        fn an_address_has_one_form_and_whoever_gives_it_is_recognised(text in ".{0,20}@[a-zA-Zé]{1,8}\\.[a-z]{2,3}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(recognised(&email, &text), Recognition::Theirs);
            }
        }

        #[test]
        fn what_is_suggested_is_an_address(text in "[a-z@.,;:<>()\\[\\] ]{0,20}") {
            if let Err(NotAnEmail { suggestion: Some(suggestion), .. }) = Email::parse(&text) {
                prop_assert!(Email::parse(&suggestion).is_ok());
            }
        }
    }
}
