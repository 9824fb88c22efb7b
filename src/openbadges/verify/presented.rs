//! What somebody holds out to be verified: a picture, JSON, or a JWT. Detection and extraction.

use super::secured::{OPEN_BADGES_2, Refusal, Secured};
use crate::openbadges::baking::{self, Baked, BakingError, Carrier};
use crate::openbadges::model::rules::is_compact_jws;

/// The form a badge came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Baked into a PNG picture.
    Png,
    /// Baked into an SVG picture.
    Svg,
    /// JSON with embedded proofs, or an envelope around a JWT.
    Json,
    /// A compact JWS.
    Jwt,
}

impl Form {
    fn detect(bytes: &[u8]) -> Self {
        match Carrier::detect(bytes) {
            Some(Carrier::Png) => Self::Png,
            Some(Carrier::Svg) => Self::Svg,
            None if bytes.trim_ascii_start().starts_with(b"ey") => Self::Jwt,
            None => Self::Json,
        }
    }

    /// In words, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Png => "a PNG picture",
            Self::Svg => "an SVG picture",
            Self::Json => "JSON",
            Self::Jwt => "a JWT",
        }
    }
}

/// A badge as presented, read once and judged as often as evidence comes in.
///
/// Reading never fails: what can't be read is a badge that verification says so of.
#[derive(Clone)]
pub struct Presented {
    pub(super) form: Form,
    pub(super) content: Result<Secured, Refusal>,
}

impl Presented {
    /// Reads whatever somebody holds out. Bounded: 16 MiB for a picture, 4 MiB for what it carries.
    pub fn read(bytes: &[u8]) -> Self {
        let form = Form::detect(bytes);
        let content = match form {
            Form::Png | Form::Svg => unbake(bytes),
            Form::Json | Form::Jwt => Secured::read(bytes),
        };
        Self { form, content }
    }

    /// The form it came in.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The credential, to show what it says; none when it can't be read. Nothing in it is verified.
    pub fn credential(&self) -> Option<&serde_json::Value> {
        Some(&self.content.as_ref().ok()?.credential)
    }

    /// The credential's id, to look it up in one's own register; none when it can't be read.
    pub fn credential_id(&self) -> Option<&str> {
        self.content.as_ref().ok()?.credential.get("id")?.as_str()
    }

    /// Whether it names something by this identifier, or by one that begins with it: an issuer, a
    /// key. What it does not name, nobody needs to know about.
    pub fn mentions(&self, id: &str) -> bool {
        let Ok(secured) = &self.content else {
            return false;
        };
        let in_header = secured.jws().is_some_and(|jws| {
            let kid = jws.ok().and_then(|jws| jws.header.kid);
            kid.is_some_and(|kid| kid.starts_with(id))
        });
        in_header || mentions(&secured.credential, id)
    }

    /// The issuer's id, to look it up among one's own issuers; none when it can't be read.
    pub fn issuer_id(&self) -> Option<&str> {
        super::checks::structure::issuer_id(&self.content.as_ref().ok()?.credential)
    }
}

fn mentions(value: &serde_json::Value, id: &str) -> bool {
    use serde_json::Value;
    match value {
        // A JWT inside may name it, too.
        Value::String(text) => text.starts_with(id) || is_compact_jws(text),
        Value::Array(items) => items.iter().any(|item| mentions(item, id)),
        Value::Object(members) => members.values().any(|member| mentions(member, id)),
        _ => false,
    }
}

// A badge is about a person: its content stays out of logs.
impl std::fmt::Debug for Presented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presented")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

fn unbake(image: &[u8]) -> Result<Secured, Refusal> {
    match baking::unbake(image) {
        Ok(Some(Baked::Credential(text))) if text.starts_with("http") => Err(Refusal::Unreadable(
            "the picture carries a link, and an Open Badges 3.0 picture carries the badge itself"
                .into(),
        )),
        Ok(Some(Baked::Credential(text))) => Secured::read(text.as_bytes()),
        Ok(Some(Baked::OpenBadges2(_))) => Err(Refusal::NotHandled(OPEN_BADGES_2.into())),
        Ok(None) => Err(Refusal::Unreadable(
            "the picture carries no badge. Pictures lose it when they are sent through messaging \
             applications or edited: ask for the original file"
                .into(),
        )),
        // What we do not read for our own safety, another reader may.
        Err(error @ (BakingError::Refused(_) | BakingError::TooLarge { .. })) => {
            Err(Refusal::NotHandled(error.to_string()))
        }
        Err(error) => Err(Refusal::Unreadable(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn why(bytes: &[u8]) -> Refusal {
        Presented::read(bytes).content.err().unwrap()
    }

    #[test]
    fn each_form_is_told_by_its_first_bytes() {
        for (bytes, form) in [
            (b"\x89PNG\r\n\x1a\n".as_slice(), Form::Png),
            (b" <svg/>", Form::Svg),
            (b"{}", Form::Json),
            (b"\neyJhbGciOiJFUzI1NiJ9.e30.c2ln\n", Form::Jwt),
        ] {
            assert_eq!(Presented::read(bytes).form(), form);
        }
    }

    #[test]
    fn a_picture_without_a_badge_says_what_to_do() {
        assert!(why(b"<svg/>").to_string().contains("original file"));
        let old = "<svg xmlns:o='http://openbadges.org'><o:assertion verify='a.b.c'/></svg>";
        assert!(matches!(why(old.as_bytes()), Refusal::NotHandled(_)));
        let link = "<svg xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential \
            verify='https://a.example'/></svg>";
        assert!(why(link.as_bytes()).to_string().contains("link"));
    }

    #[test]
    fn a_picture_that_only_we_do_not_read_is_not_said_to_be_broken() {
        let internal = b"<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'>]><svg/>";
        let mut large = b"<svg>".to_vec();
        large.resize(baking::MAX_IMAGE_BYTES + 1, b' ');
        for limit in [
            b"\xFF\xFE<\0s\0v\0g\0/\0>\0".as_slice(),
            b"<?xml version='1.0' encoding='ISO-8859-1'?><svg/>",
            internal,
            &large,
        ] {
            assert!(matches!(why(limit), Refusal::NotHandled(_)));
        }
        for broken in [b"<svg><g>".as_slice(), b"<html/>", b"\x89PNG\r\n\x1a\n"] {
            assert!(matches!(why(broken), Refusal::Unreadable(_)));
        }
    }

    #[test]
    fn ids_are_read_for_looking_them_up() {
        let badge = Presented::read(br#"{"id":"urn:uuid:1","issuer":{"id":"did:web:a.example"}}"#);
        assert_eq!(badge.credential_id(), Some("urn:uuid:1"));
        assert_eq!(badge.issuer_id(), Some("did:web:a.example"));
        assert!(!format!("{badge:?}").contains("urn"));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Presented::read(&bytes);
        }

        #[test]
        fn hostile_text_never_panics(text in "[\\{\\[\"a-z:,.\\]\\}]{0,60}|ey[A-Za-z0-9_.-]{0,60}") {
            let _ = Presented::read(text.as_bytes());
        }
    }
}
