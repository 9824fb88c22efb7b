//! A badge travels inside a picture: put in, passed on, taken out again.

use badgeons::openbadges::baking::{self, Baked, Carrier};
use serde_json::{Value, json};

const SVG: &[u8] =
    "<svg xmlns='http://www.w3.org/2000/svg'><title>Fresque — Gwened</title></svg>".as_bytes();

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = png::Encoder::new(&mut bytes, 1, 1).write_header().unwrap();
    writer.write_image_data(&[0]).unwrap();
    writer.finish().unwrap();
    bytes
}

fn credential() -> Value {
    json!({
        "name": "Confirmé·e — c’hoari “]]>” & <fresque>",
        "achievement": { "image": { "caption": "🌳 \u{7F} \u{FFFE}" } },
        "proof": { "proofValue": "z5x9aCBYovW3CQ" },
    })
}

#[test]
fn the_same_credential_comes_out_of_both_kinds_of_picture() {
    for (image, carrier) in [(png(), Carrier::Png), (SVG.to_vec(), Carrier::Svg)] {
        assert_eq!(Carrier::detect(&image), Some(carrier));
        for text in [
            credential().to_string(),
            serde_json::to_string_pretty(&credential()).unwrap(),
        ] {
            let baked = baking::bake(&image, &text).unwrap();
            let Ok(Some(Baked::Credential(out))) = baking::unbake(&baked) else {
                panic!("{carrier:?}")
            };
            assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), credential());
        }
    }
}

#[test]
fn a_signed_text_comes_out_to_the_byte() {
    let jws = "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.c2lnbmF0dXJl";
    for image in [png(), SVG.to_vec()] {
        let baked = baking::bake(&image, &format!("{jws}\n")).unwrap();
        assert_eq!(
            baking::unbake(&baked),
            Ok(Some(Baked::Credential(jws.into())))
        );
    }
}

#[test]
fn a_picture_holds_one_badge_the_last_that_was_baked() {
    for image in [png(), SVG.to_vec()] {
        let first = baking::bake(&image, "{\"id\":\"urn:uuid:1\"}").unwrap();
        let second = baking::bake(&first, "{\"id\":\"urn:uuid:2\"}").unwrap();
        assert_eq!(
            baking::unbake(&second),
            Ok(Some(Baked::Credential("{\"id\":\"urn:uuid:2\"}".into())))
        );
        assert_eq!(
            second,
            baking::bake(&image, "{\"id\":\"urn:uuid:2\"}").unwrap()
        );
    }
}
