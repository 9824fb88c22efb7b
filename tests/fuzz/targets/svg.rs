//! Baked SVG: what was baked is taken out again, once or twice.
#![no_main]

use badgeons::openbadges::baking::{Baked, svg};
use badgeons::openbadges::json;

const JSON: &str = r#"{"proof":{},"name":"]]> é & <b>"}"#;
const JWS: &str = "eyJhbGciOiJFZERTQSJ9.e30.AAAA";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = svg::unbake(bytes);
    for payload in [JSON, JWS] {
        let Ok(baked) = svg::bake(bytes, payload) else { continue };
        assert_carries(&baked, payload);
        assert_carries(&svg::bake(&baked, payload).unwrap(), payload);
    }
});

/// JSON keeps its meaning, a JWS its text.
fn assert_carries(image: &[u8], payload: &str) {
    let Ok(Some(Baked::Credential(text))) = svg::unbake(image) else {
        panic!("the credential is gone")
    };
    match json::parse(payload.as_bytes()) {
        Ok(value) => assert_eq!(json::parse(text.as_bytes()), Ok(value)),
        Err(_) => assert_eq!(text, payload),
    }
}
