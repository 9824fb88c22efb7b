//! Status lists: the encoded bits, and the documents around them.
#![no_main]

use std::io::Write as _;

use badgeons::openbadges::json;
use badgeons::openbadges::status::{Bitstring, PublishedList, RevocationList, StatusEntry, evaluate};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use flate2::{Compression, write::GzEncoder};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = json::parse(bytes) {
        let _ = RevocationList::read(&document);
        let list = PublishedList::read(&document, "https://example.org/status/1");
        let entry = StatusEntry::read(document.get("credentialStatus").unwrap_or(&document));
        if let (Ok(list), Ok(entry)) = (list, entry) {
            let _ = evaluate(&entry, &list);
        }
        return;
    }
    // As it is; as gzip; and as the bits themselves.
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = Bitstring::decode(text);
    }
    let encoded = |packed: &[u8]| format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed));
    let _ = Bitstring::decode(&encoded(bytes));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..16_384_usize.div_ceil(bytes.len().max(1)) {
        gzip.write_all(bytes).unwrap();
    }
    let Ok(list) = Bitstring::decode(&encoded(&gzip.finish().unwrap())) else { return };
    assert!(Bitstring::decode(&list.encode()) == Ok(list.clone()));
    for size in [0, 1, 2, 7, 64, 65] {
        for index in [0, 1, list.bits() / 2, list.bits() - 1, list.bits(), u64::MAX] {
            let _ = list.get(index, size);
        }
    }
});
