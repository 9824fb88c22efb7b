//! What an absolute IRI, a keyword-like text and a language tag look like.

/// Whether a text has the form of an absolute IRI or a blank node identifier, and no white space:
/// what jsonld.js takes for absolute.
pub(super) fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    is_scheme(scheme) && !has_white_space(rest)
}

fn has_white_space(text: &str) -> bool {
    if text.is_ascii() {
        // As `char::is_whitespace` has it. To the end, for the processor then takes many bytes at once.
        let is_white = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
        return text.bytes().fold(false, |any, byte| any | is_white(byte));
    }
    text.contains(|c: char| c.is_whitespace() || c == '\u{FEFF}')
}

/// RFC 3986 §3.1; `_` is what blank nodes have in its place.
fn is_scheme(text: &str) -> bool {
    text == "_"
        || (text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))
}

/// The prefix and the suffix of a text that could be a compact IRI: what is before its first colon,
/// if anything is, and what is after it.
pub(super) fn compact(text: &str) -> Option<(&str, &str)> {
    text.split_once(':')
        .filter(|(prefix, _)| !prefix.is_empty())
}

/// Whether a text holds only what the grammar of N-Quads lets an IRI hold (`IRIREF`).
pub(super) fn is_legal(text: &str) -> bool {
    let is_forbidden = |b: u8| {
        b <= b' '
            || matches!(
                b,
                b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`' | b'\\'
            )
    };
    // To the end, for the processor then takes many bytes at once.
    !text.bytes().fold(false, |any, b| any | is_forbidden(b))
}

/// Whether a text looks like a keyword: `@` and letters only (JSON-LD 1.1 §1.4).
pub(super) fn is_keyword_like(text: &str) -> bool {
    text.strip_prefix('@')
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Whether a text is well-formed as a language tag, as jsonld.js sees BCP 47.
pub(super) fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let sized = |tag: &str| (1..=8).contains(&tag.len());
    subtags
        .next()
        .is_some_and(|tag| sized(tag) && tag.bytes().all(|b| b.is_ascii_alphabetic()))
        && subtags.all(|tag| sized(tag) && tag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_means_a_scheme_and_no_white_space() {
        for text in [
            "https://a",
            "urn:x",
            "did:web:a",
            "_:b0",
            "xsd:dateTime",
            "a+b-c.d:",
            "tag:é",
        ] {
            assert!(is_absolute(text), "{text}");
        }
        for text in [
            "a",
            "",
            ":a",
            "/a:b",
            "1a:b",
            "https://a b",
            "a b:c",
            "@type",
            "u:\u{FEFF}",
        ] {
            assert!(!is_absolute(text), "{text}");
        }
    }

    #[test]
    fn the_grammars_forbidden_characters_are_forbidden() {
        assert!(is_legal("https://x.example/é?a=b#c'()"));
        for c in "<>\"{}|^`\\ \n\u{0}".chars() {
            assert!(!is_legal(&format!("https://x.example/{c}")), "{c:?}");
        }
    }

    #[test]
    fn white_space_is_white_space_in_ascii_and_beyond() {
        for c in (0..=0x3100).filter_map(char::from_u32) {
            let is_white = c.is_whitespace() || c == '\u{FEFF}';
            assert_eq!(has_white_space(&format!("a{c}b")), is_white, "{c:?}");
        }
    }

    #[test]
    fn keywords_and_language_tags_have_their_forms() {
        assert!(is_keyword_like("@foo") && !is_keyword_like("@") && !is_keyword_like("@foo.bar"));
        for tag in ["fr", "pt-BR", "x-private", "de-CH-1996"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["", "a b", "fr_FR", "-fr", "fr-", "abcdefghi", "1a"] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
