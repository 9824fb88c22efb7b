//! VC-JWT: what is read is checked against keys that did not sign it.
#![no_main]

use badgeons::openbadges::keys::PublicKey;
use badgeons::openbadges::model::Timestamp;
use badgeons::openbadges::proof::vc_jwt;

libfuzzer_sys::fuzz_target!(|compact: &str| {
    let Ok(jws) = vc_jwt::read(compact) else { return };
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let _ = vc_jwt::check_claims(&jws, now);
    let _ = vc_jwt::credential(&jws.payload);
    for key in KEYS {
        assert!(vc_jwt::verify(&jws, &PublicKey::from_multikey(key).unwrap()).is_err());
    }
});

/// Keys whose private half is not known to the fuzzer.
const KEYS: [&str; 2] = [
    "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
];
