//! Baked PNG. The checksums are mended too, so that mutations reach what stands behind them.
#![no_main]

use badgeons::openbadges::baking::{Baked, Carrier, png};
use flate2::Crc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Carrier::detect(bytes);
    bake_and_unbake(bytes);
    bake_and_unbake(&mended(bytes));
});

fn bake_and_unbake(image: &[u8]) {
    let _ = png::unbake(image);
    let Ok(baked) = png::bake(image, PAYLOAD) else { return };
    assert_eq!(png::unbake(&baked), Ok(Some(Baked::Credential(PAYLOAD.into()))));
    assert_eq!(png::bake(&baked, PAYLOAD).as_ref(), Ok(&baked));
}

const PAYLOAD: &str = r#"{"proof":{},"name":"é"}"#;

/// The same chunks with the checksums they should have.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let Some(mut rest) = bytes.strip_prefix(png::SIGNATURE) else { return bytes.to_vec() };
    let mut mended = png::SIGNATURE.to_vec();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((chunk, after)) = after.split_at_checked(length.saturating_add(4)) else { break };
        let Some((_, after)) = after.split_at_checked(4) else { break };
        let mut crc = Crc::new();
        crc.update(chunk);
        mended.extend_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
        mended.extend_from_slice(chunk);
        mended.extend_from_slice(&crc.sum().to_be_bytes());
        rest = after;
    }
    mended.extend_from_slice(rest);
    mended
}
