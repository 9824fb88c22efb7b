//! JSON-LD to canonical N-Quads: the result is its own canonical form, whichever the limits.
#![no_main]

use badgeons::openbadges::canonical::{Kind, Limits, canonicalize, canonicalize_nquads, jcs};
use badgeons::openbadges::json;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = json::parse(bytes) else { return };
    if let Ok(canonical) = jcs(&document) {
        assert_eq!(jcs(&json::parse(&canonical).unwrap()).unwrap(), canonical);
    }
    let verifying = canonicalize(&document, &Limits::VERIFY);
    if let Ok(issuing) = canonicalize(&document, &Limits::ISSUE) {
        assert_eq!(verifying.as_ref(), Ok(&issuing));
    }
    let Ok(quads) = verifying else { return };
    match canonicalize_nquads(&quads, &Limits::VERIFY) {
        Ok(again) => assert_eq!(again, quads),
        // How much work it is to tell blank nodes apart depends on the order they come in.
        Err(error) => assert_eq!(error.kind, Kind::TooMuchWork),
    }
});
