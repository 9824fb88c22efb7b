//! Keys as Multikey or JWK: what is read is written as it was.
#![no_main]

use badgeons::openbadges::json;
use badgeons::openbadges::keys::{PublicKey, SecretKey};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(jwk) = json::parse(bytes) {
        let Ok(key) = PublicKey::from_jwk(&jwk) else { return };
        assert!(PublicKey::from_jwk(&key.to_jwk()).unwrap() == key);
        assert!(key.verify(b"message", bytes).is_err());
        return;
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = SecretKey::from_multikey(text);
    let Ok(key) = PublicKey::from_multikey(text) else { return };
    assert_eq!(key.to_multikey().as_deref(), Some(text));
    assert!(PublicKey::from_jwk(&key.to_jwk()).unwrap() == key);
});
