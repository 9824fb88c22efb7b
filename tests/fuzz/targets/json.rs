//! Strict JSON: what is read is written and read again as the same value.
#![no_main]

use badgeons::openbadges::json;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = json::parse(bytes) else { return };
    let written = serde_json::to_vec(&value).unwrap();
    assert_eq!(json::parse(&written).unwrap(), value);
});
