//! What a single value must look like: URIs, dates, codes.

use time::Date;
use time::macros::format_description;
use url::Url;

use crate::openbadges::model::Timestamp;

/// Whether a text is an absolute URI or IRI that everybody reads alike (RFC 3986, RFC 3987).
///
/// Browsers forgive more than that, spaces for instance; canonicalization does not.
pub(super) fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let scheme_is_sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !scheme_is_sound || rest.is_empty() || !is_written_soundly(rest) {
        return false;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.strip_prefix("//").is_some_and(|rest| {
            begins_with_plain_host(rest) || Url::parse(text).is_ok_and(|u| u.has_host())
        }),
        "did" | "urn" => rest
            .split_once(':')
            .is_some_and(|(method, id)| !method.is_empty() && !id.is_empty()),
        _ => true,
    }
}

/// Whether a host that needs no second look stands here: labels of small letters, digits and single
/// hyphens, of which the last begins with a letter (it is no IP address), and then nothing or a path.
///
/// All browsers take such a URL, whatever its path; any other host is asked of [`Url`], which takes
/// longer than all other rules together.
fn begins_with_plain_host(text: &str) -> bool {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (host, _) = text.split_at_checked(end).unwrap_or((text, ""));
    let is_plain = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    // `xn--` begins what has rules of its own (RFC 5890).
    !host.contains("--")
        && host.split('.').all(is_plain)
        && host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// No character that a URI cannot hold, and each `%` followed by two hexadecimal digits.
fn is_written_soundly(rest: &str) -> bool {
    let escapes_are_sound = rest.split('%').skip(1).all(|after| {
        let mut digits = after.bytes();
        let mut is_digit = || digits.next().is_some_and(|b| b.is_ascii_hexdigit());
        is_digit() && is_digit()
    });
    let is_forbidden = |b: u8| {
        b <= b' '
            || matches!(
                b,
                0x7F | b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`'
            )
    };
    // To the end, for the processor then takes many bytes at once.
    let is_sound = !rest.bytes().fold(false, |any, b| any | is_forbidden(b));
    let is_beyond = |c: char| !c.is_ascii() && (c.is_control() || c.is_whitespace());
    is_sound && escapes_are_sound && (rest.is_ascii() || !rest.contains(is_beyond))
}

/// Whether a text is a day, `YYYY-MM-DD`.
pub(super) fn is_day(text: &str) -> bool {
    Date::parse(text, format_description!("[year]-[month]-[day]")).is_ok()
}

/// Whether a text is a date and time that lacks its zone, or a day without its time.
pub(super) fn is_without_zone(text: &str) -> bool {
    // Nothing is right with two zones.
    let has_zone = text.ends_with('Z');
    !has_zone && (is_day(text) || format!("{text}Z").parse::<Timestamp>().is_ok())
}

/// Whether a text is a language code as the schemas take it: `fr`, `br`, `fr-FR`, `zh-Hans-CN`.
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let lower = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase());
    let language = parts
        .next()
        .is_some_and(|p| (2..=4).contains(&p.len()) && lower(p));
    parts.next_if(|part| {
        let mut letters = part.chars();
        part.len() == 4
            && letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && lower(letters.as_str())
    });
    parts.next_if(|part| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase()))
            || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    });
    language && parts.next().is_none()
}

/// ISO 3166-1 alpha-2, as officially assigned.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ \
    DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP \
    GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI \
    KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX \
    SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU \
    WF WS YE YT ZA ZM ZW";

/// Whether a text is a country code (ISO 3166-1 alpha-2).
pub(super) fn is_country(text: &str) -> bool {
    COUNTRIES.split(' ').any(|country| country == text)
}

/// Whether a text has the shape of a compact JWS (OB 3.0 `CompactJws`):
/// `^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$`.
pub(in crate::openbadges) fn is_compact_jws(text: &str) -> bool {
    let base64url = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    !header.is_empty()
        && !signature.is_empty()
        && [header, payload, signature].into_iter().all(base64url)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn absolute_uris_are_told_from_the_rest() {
        for uri in [
            "https://example.org/é?x=%C3%A9#1",
            "http://localhost:8080/a",
            "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            "did:web:example.org:issuers:1#key-1",
            "mailto:a@example.org",
            "data:image/png;base64,AA==",
        ] {
            assert!(is_absolute_uri(uri), "{uri}");
        }
        for text in [
            "",
            "badge",
            "/badge",
            "//example.org",
            "example.org/badge",
            "https:",
            "https://",
            "https:example.org",
            "https ://example.org",
            "https://exa mple.org",
            "urn:",
            "urn:uuid",
            "did:web",
            "did:web:",
            "https://example.org/%zz",
            "https://example.org/%C",
            "1a:b",
            "https://example.org/<>",
            "https://example.org/\n",
            "é:b",
            ":b",
            "a:",
        ] {
            assert!(!is_absolute_uri(text), "{text}");
        }
    }

    #[test]
    fn what_no_uri_can_hold_is_found_where_it_stands() {
        for c in (0..=0x3100).filter_map(char::from_u32) {
            let forbidden = c.is_control() || c.is_whitespace() || "<>\"{}|\\^`".contains(c);
            let is_sound = is_written_soundly(&format!("a{c}"));
            assert_eq!(is_sound, !forbidden && c != '%', "{c:?}");
        }
    }

    #[test]
    fn a_host_that_is_not_plain_gets_a_second_look() {
        for text in [
            "badges.example.org",
            "localhost/é a",
            "4.eu?x",
            "a-b.example#",
        ] {
            assert!(begins_with_plain_host(text), "{text}");
        }
        for text in [
            "", "/", ".", "a.", "a..b", "1.2.3.4", "0x7f", "a.0x1", "xn--a", "a--b", "A.b", "é.fr",
            "a:1", "u@a", "[::1]", "a%2e", "a_b", "a\\b",
        ] {
            assert!(!begins_with_plain_host(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_host_is_one_to_everybody(
            text in "[a-z0-9.-]{1,12}([/?#:@\\\\].{0,8})?|[a-z0-9]{1,3}(\\.[a-z0-9x-]{1,3}){1,4}.{0,8}"
        ) {
            if begins_with_plain_host(&text) {
                for scheme in ["http", "https"] {
                    let url = format!("{scheme}://{text}");
                    prop_assert!(Url::parse(&url).is_ok_and(|url| url.has_host()), "{}", url);
                }
            }
        }
    }

    #[test]
    fn language_codes_are_those_of_the_schemas() {
        for code in [
            "fr",
            "br",
            "fr-FR",
            "zh-Hans",
            "zh-Hans-CN",
            "es-419",
            "cel",
        ] {
            assert!(is_language(code), "{code}");
        }
        for code in [
            "",
            "f",
            "FR",
            "fr-fr",
            "fr_FR",
            "french",
            "fr-",
            "fr-FR-x",
            "zh-CN-Hans",
            "-fr",
        ] {
            assert!(!is_language(code), "{code}");
        }
    }

    #[test]
    fn country_codes_are_those_of_iso_3166() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        assert!(is_country("FR") && is_country("GB"));
        for code in ["fr", "FRA", "XX", "UK", "", "FR GA", "F"] {
            assert!(!is_country(code), "{code}");
        }
    }

    #[test]
    fn days_and_compact_signatures_are_recognised() {
        assert!(is_without_zone("2023-01-20T00:00:00") && is_without_zone("2023-01-20"));
        assert!(is_without_zone("2023-01-20T00:00:00.5"));
        for text in [
            "2023-01-20T00:00:00Z",
            "2023-01-20T00:00",
            "2023-01-32",
            "soon",
            "",
        ] {
            assert!(!is_without_zone(text), "{text}");
        }
        assert!(is_day("2026-02-28") && !is_day("2026-02-30") && !is_day("28/02/2026"));
        assert!(is_compact_jws("eyJ.eyJ.c2ln") && is_compact_jws("eyJ..c2ln"));
        for text in ["", "a.b", "a.b.c.d", ".b.c", "a.b.", "a.b=.c", "a b.c.d"] {
            assert!(!is_compact_jws(text), "{text}");
        }
    }
}
