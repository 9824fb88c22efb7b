//! Whatever somebody holds out: it is judged without evidence, and what cannot be told is not valid.
#![no_main]

use badgeons::openbadges::model::Timestamp;
use badgeons::openbadges::verify::{Evidence, Presented, needs, verify};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let presented = Presented::read(bytes);
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let nothing = Evidence::new();
    let report = verify(&presented, &nothing, now);
    let _ = needs(&presented, &nothing, now);
    serde_json::to_vec(&report).unwrap();
});
