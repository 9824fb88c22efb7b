//! Credentials in SVG: one element `openbadges:credential` right after the root tag.
//!
//! A compact JWS stands in its attribute `verify`, JSON stands in a CDATA section. The element is
//! spliced into the text; everything else of the picture stays as it is.

use std::ops::Range;

use super::survey::{OPEN_BADGES_3, Survey, refused};
use super::{Baked, BakingError, Payload, bounded, passive};

/// Puts a credential into an SVG. A credential already there is **replaced**: the standard allows
/// one.
///
/// JSON keeps its meaning but not always its text: `]]>` would end the CDATA section, so its `>` is
/// written `\u003e`, inside the JSON string. Data Integrity signs the meaning, so the proof holds;
/// a JWS, which signs its very bytes, has nothing to escape.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound SVG, when the picture is more than a picture (scripts,
/// event handlers, references to other servers), or when the payload is no credential.
pub fn bake(image: &[u8], payload: &str) -> Result<Vec<u8>, BakingError> {
    let payload = Payload::of(payload)?;
    let text = text_of(image)?;
    passive::check(text)?;
    let survey = Survey::of(text)?;
    let root = &survey.root;

    let mut baked = String::with_capacity(
        text.len()
            .saturating_add(payload.text().len())
            .saturating_add(256),
    );
    baked.push_str(slice(text, 0..root.name_end)?);
    if root.openbadges_prefix.is_none() {
        baked.push_str(&declaration());
    }
    baked.push_str(slice(text, root.name_end..root.attributes_end)?);
    baked.push('>');
    // A root that gives the prefix another meaning (Open Badges 2.0 did) keeps it; ours is local.
    let taken = root
        .openbadges_prefix
        .as_deref()
        .is_some_and(|meaning| meaning != OPEN_BADGES_3);
    baked.push_str(&element(payload, taken));
    if root.is_empty {
        baked.extend(["</", &root.name, ">"]);
    }
    let mut from = root.tag_end;
    for carried in survey
        .carried
        .iter()
        .filter(|carried| matches!(carried.baked, Baked::Credential(_)))
    {
        baked.push_str(slice(text, from..carried.place.start)?);
        from = carried.place.end;
    }
    baked.push_str(slice(text, from..text.len())?);
    Ok(baked.into_bytes())
}

/// Takes the Open Badges 3.0 credential out of an SVG, or else the first Open Badges 2.0 assertion.
///
/// # Errors
/// [`BakingError`] when the bytes are no sound SVG, or the carried text can't be read.
pub fn unbake(image: &[u8]) -> Result<Option<Baked>, BakingError> {
    let carried = Survey::of(text_of(image)?)?.carried;
    let all = carried.into_iter().map(|carried| carried.baked);
    let (credentials, old): (Vec<_>, Vec<_>) =
        all.partition(|baked| matches!(baked, Baked::Credential(_)));
    let mut credentials = credentials.into_iter();
    let first = credentials.next();
    if credentials.any(|other| Some(&other) != first.as_ref()) {
        return Err(BakingError::Several);
    }
    Ok(first.or_else(|| old.into_iter().next()))
}

fn declaration() -> String {
    format!(" xmlns:openbadges=\"{OPEN_BADGES_3}\"")
}

fn element(payload: Payload<'_>, declare: bool) -> String {
    let declaration = if declare {
        declaration()
    } else {
        String::new()
    };
    match payload {
        Payload::Jws(jws) => {
            format!("<openbadges:credential{declaration} verify=\"{jws}\"></openbadges:credential>")
        }
        Payload::Json(json) => {
            // All three can only stand inside JSON strings, where an escape is the same character.
            // XML has no way at all to write the last two.
            let json = json
                .replace("]]>", "]]\\u003e")
                .replace('\u{FFFE}', "\\ufffe")
                .replace('\u{FFFF}', "\\uffff");
            format!(
                "<openbadges:credential{declaration}><![CDATA[{json}]]></openbadges:credential>"
            )
        }
    }
}

/// The text of a picture, which must be UTF-8: in another encoding the accents of a credential
/// written into it would turn into other characters.
fn text_of(image: &[u8]) -> Result<&str, BakingError> {
    let image = bounded(image)?;
    if image.starts_with(b"\xFF\xFE") || image.starts_with(b"\xFE\xFF") {
        return Err(refused("it is written in UTF-16; save it again as UTF-8"));
    }
    let text = std::str::from_utf8(image).map_err(|_| {
        refused("it is not written in UTF-8 (perhaps in Windows-1252); save it again as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

fn slice(text: &str, range: Range<usize>) -> Result<&str, BakingError> {
    text.get(range)
        .ok_or_else(|| BakingError::Damaged("its tags are not where they should be".into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::survey::MAX_DEPTH;
    use super::*;

    const PICTURE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- dessinée à Gwened -->\n\
        <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><title>Fresque &amp; c'hoari</title></svg>\n";
    const JSON: &str = r#"{"name":"Animateur·rice – Gwened","text":"a]]>b & <c> é"}"#;
    const JWS: &str = "aGk.e30.c2ln";

    fn text(image: &[u8]) -> &str {
        std::str::from_utf8(image).unwrap()
    }

    fn carried(image: &[u8]) -> String {
        match unbake(image).unwrap().unwrap() {
            Baked::Credential(text) => text,
            Baked::OpenBadges2(_) => panic!("not Open Badges 2"),
        }
    }

    fn refusal(image: &[u8]) -> String {
        match unbake(image) {
            Err(BakingError::Refused(why)) => why,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_jws_comes_out_as_it_went_in_and_the_picture_stays() {
        let baked = bake(PICTURE.as_bytes(), JWS).unwrap();
        assert_eq!(carried(&baked), JWS);
        let expected = PICTURE
            .replace(
                "<svg ",
                "<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" ",
            )
            .replace(
                "64\">",
                "64\"><openbadges:credential verify=\"aGk.e30.c2ln\"></openbadges:credential>",
            );
        assert_eq!(text(&baked), expected);
    }

    #[test]
    fn json_comes_out_equal_with_accents_and_the_end_of_cdata() {
        let baked = bake(PICTURE.as_bytes(), JSON).unwrap();
        let out = carried(&baked);
        assert!(out.contains("a]]\\u003eb & <c> é"), "{out}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parse(&out), parse(JSON));
        let odd = "{\"a\":\"\u{FFFE}\u{FFFF}\u{7F}\"}";
        assert_eq!(
            parse(&carried(&bake(PICTURE.as_bytes(), odd).unwrap())),
            parse(odd)
        );
    }

    #[test]
    fn baking_again_replaces_and_is_the_same_to_the_byte() {
        let once = bake(PICTURE.as_bytes(), JSON).unwrap();
        assert_eq!(bake(&once, JSON).unwrap(), once);
        let other = bake(&once, JWS).unwrap();
        assert_eq!(carried(&other), JWS);
        assert_eq!(text(&other).matches(OPEN_BADGES_3).count(), 1);
        assert_eq!(text(&other), text(&bake(PICTURE.as_bytes(), JWS).unwrap()));
    }

    #[test]
    fn credentials_that_differ_are_refused_and_copies_of_one_are_not() {
        let picture = |carried: &[&str]| {
            let carried = carried.iter().fold(String::new(), |all, jws| {
                all + &format!("<o:credential verify='{jws}'/>")
            });
            format!("<svg xmlns:o='https://purl.imsglobal.org/ob/v3p0'><g>{carried}</g></svg>")
        };
        assert_eq!(carried(picture(&["a.b.c", "a.b.c"]).as_bytes()), "a.b.c");
        let both = picture(&["a.b.c", "a.b.c", "d.e.f"]);
        assert_eq!(unbake(both.as_bytes()), Err(BakingError::Several));
        assert_eq!(carried(&bake(both.as_bytes(), JWS).unwrap()), JWS);
    }

    #[test]
    fn an_empty_root_is_opened_for_the_credential() {
        let baked = bake(b"<s:svg xmlns:s='http://www.w3.org/2000/svg' />", JWS).unwrap();
        assert_eq!(carried(&baked), JWS);
        assert!(text(&baked).ends_with("</openbadges:credential></s:svg>"));
    }

    #[test]
    fn a_prefix_with_another_meaning_is_left_alone() {
        let old = "<svg xmlns='http://www.w3.org/2000/svg' \
            xmlns:openbadges='http://openbadges.org'>\
            <openbadges:assertion verify='https://badges.example/1'/></svg>";
        let link = "https://badges.example/1".to_owned();
        assert_eq!(unbake(old.as_bytes()), Ok(Some(Baked::OpenBadges2(link))));
        let baked = bake(old.as_bytes(), JSON).unwrap();
        assert!(matches!(unbake(&baked), Ok(Some(Baked::Credential(_)))));
        assert!(text(&baked).contains("assertion verify="));
        assert_eq!(bake(&baked, JSON).unwrap(), baked);
    }

    #[test]
    fn the_credential_is_found_by_namespace_however_it_is_written() {
        for (inside, expected) in [
            (
                "<x:credential xmlns:x='https://purl.imsglobal.org/ob/v3p0' verify='a.b&#46;c'/>",
                "a.b.c",
            ),
            (
                "<credential xmlns='https://purl.imsglobal.org/ob/v3p0'> \
                    {&quot;a&quot;:<![CDATA[\"<\"]]>}\r\n</credential>",
                "{\"a\":\"<\"}",
            ),
            (
                "<g><x:credential xmlns:x='https://purl.imsglobal.org/ob/v3p0'>{\"a\":<!-- \
                    -->\"&#xE9;\"}</x:credential></g>",
                "{\"a\":\"é\"}",
            ),
        ] {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>");
            assert_eq!(carried(svg.as_bytes()), expected);
        }
        let lookalike = "<svg xmlns:openbadges='https://evil.example'><openbadges:credential \
            verify='a.b.c'/></svg>";
        assert_eq!(unbake(lookalike.as_bytes()), Ok(None));
        assert_eq!(unbake(PICTURE.as_bytes()), Ok(None));
    }

    #[test]
    fn entities_are_refused_whoever_defines_them() {
        let laughs = "<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><svg>&b;</svg>";
        assert!(refusal(laughs.as_bytes()).contains("DOCTYPE"));
        let unknown = "<svg xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential>&b;</o:credential></svg>";
        assert!(refusal(unknown.as_bytes()).contains("entity"));
        let open = "<svg xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential><b/></o:credential></svg>";
        assert!(refusal(open.as_bytes()).contains("other elements"));
    }

    /// The head that drawing programs write.
    const SVG_1_1: &str = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n \
        \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">";

    #[test]
    fn a_doctype_is_passed_over_and_stays_where_it_is() {
        for doctype in [SVG_1_1, "<!DOCTYPE svg>", "<!DOCTYPE svg >"] {
            let picture = PICTURE.replace("<svg", &format!("{doctype}<svg"));
            assert_eq!(unbake(picture.as_bytes()), Ok(None));
            let baked = bake(picture.as_bytes(), JWS).unwrap();
            assert_eq!(carried(&baked), JWS);
            assert!(text(&baked).contains(doctype));
        }
    }

    #[test]
    fn a_doctype_of_somebody_elses_is_read_and_not_baked_into() {
        for external in [
            "SYSTEM 'https://spy.example/a.dtd'",
            "PUBLIC '-//W3C//DTD SVG 1.1//EN' 'https://spy.example/svg11.dtd'",
            "SYSTEM \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"",
        ] {
            let picture = PICTURE.replace("<svg", &format!("<!DOCTYPE svg {external}><svg"));
            assert_eq!(unbake(picture.as_bytes()), Ok(None));
            let refused = bake(picture.as_bytes(), JWS);
            assert!(matches!(refused, Err(BakingError::Refused(why)) if why.contains("DOCTYPE")));
        }
    }

    #[test]
    fn a_doctype_that_can_be_read_in_two_ways_is_not_read() {
        for doctype in [
            "<!DOCTYPE svg SYSTEM \"a>\"<script/>\">",
            "<!DOCTYPE svg SYSTEM>",
            "<!DOCTYPE svg SYSTEM\"a\">",
            "<!DOCTYPE svg PUBLIC \"a\">",
            "<!DOCTYPE svg SYSTEM \"a\" \"b\">",
            "<!DOCTYPE svg SYSTEM 'a\">",
            "<!DOCTYPE svg elsewhere>",
            "<!DOCTYPE svg []>",
            "<!DOCTYPE svg SYSTEM 'a' [<!ATTLIST svg onload CDATA 'x()'>]>",
        ] {
            let picture = PICTURE.replace("<svg", &format!("{doctype}<svg"));
            for refused in [
                unbake(picture.as_bytes()).map(|_| ()),
                bake(picture.as_bytes(), JWS).map(|_| ()),
            ] {
                let expected = matches!(
                    refused,
                    Err(BakingError::Refused(_) | BakingError::Damaged(_))
                );
                assert!(expected, "{doctype}: {refused:?}");
            }
        }
        let late = PICTURE.replace("<title>", "<!DOCTYPE svg><title>");
        assert!(matches!(
            unbake(late.as_bytes()),
            Err(BakingError::Damaged(_))
        ));
    }

    #[test]
    fn other_encodings_are_named_not_guessed() {
        assert!(refusal(b"\xFF\xFE<\0s\0v\0g\0").contains("UTF-16"));
        assert!(refusal(b"<svg><title>Valid\xE9</title></svg>").contains("Windows-1252"));
        assert!(
            refusal(b"<?xml version='1.0' encoding='ISO-8859-1'?><svg/>").contains("ISO-8859-1")
        );
    }

    #[test]
    fn what_is_no_whole_svg_is_refused() {
        for (bytes, expected) in [
            ("<html/>", BakingError::NotAPicture),
            (
                "<svg xmlns='https://other.example'/>",
                BakingError::NotAPicture,
            ),
            (
                "<svg><g></g>",
                BakingError::Damaged("it is cut short".into()),
            ),
            (
                "<svg/><svg/>",
                BakingError::Damaged("something follows its end".into()),
            ),
        ] {
            assert_eq!(unbake(bytes.as_bytes()), Err(expected), "{bytes}");
        }
        assert!(matches!(
            unbake(b"<svg><g></svg>"),
            Err(BakingError::Damaged(_))
        ));
        let deep = format!("<svg>{}", "<g>".repeat(MAX_DEPTH));
        assert!(refusal(deep.as_bytes()).contains("too deeply"));
        let twice = "<svg xmlns:o='https://purl.imsglobal.org/ob/v3p0'><o:credential \
            verify='a.b.c' verify='d.e.f'/></svg>";
        assert!(matches!(
            unbake(twice.as_bytes()),
            Err(BakingError::Damaged(_))
        ));
    }

    #[test]
    fn an_active_picture_can_be_read_but_is_not_baked_into() {
        let active = "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
        assert_eq!(unbake(active.as_bytes()), Ok(None));
        assert!(matches!(
            bake(active.as_bytes(), JWS),
            Err(BakingError::Refused(_))
        ));
    }

    #[test]
    fn a_million_attributes_cost_no_time() {
        let svg = format!("<svg{}/>", " a=''".repeat(200_000));
        assert_eq!(unbake(svg.as_bytes()), Ok(None));
    }

    proptest! {
        #[test]
        fn hostile_text_never_panics(text in "(<svg|<|>|/>|</svg>|<o:credential|verify='|xmlns:o='https://purl.imsglobal.org/ob/v3p0'|<!\\[CDATA\\[|\\]\\]>|&#x|;|é|.){0,24}") {
            let svg = format!("<svg{text}");
            let _ = unbake(svg.as_bytes());
            if let Ok(baked) = bake(svg.as_bytes(), JWS) {
                prop_assert_eq!(carried(&baked), JWS);
            }
        }

        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unbake(&bytes);
            let _ = bake(&bytes, JWS);
        }

        #[test]
        fn any_text_of_a_credential_comes_back(name in "\\PC{0,40}|.{0,20}") {
            let json = serde_json::json!({ "name": name }).to_string();
            let baked = bake(PICTURE.as_bytes(), &json).unwrap();
            let out: serde_json::Value = serde_json::from_str(&carried(&baked)).unwrap();
            prop_assert_eq!(out, serde_json::json!({ "name": name }));
        }
    }
}
