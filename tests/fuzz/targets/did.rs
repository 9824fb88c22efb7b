//! DIDs, DID URLs and the documents that list keys.
#![no_main]

use badgeons::openbadges::did::{Did, DidUrl, Purpose, Resolution, find_method, resolve, web};
use badgeons::openbadges::json;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = json::parse(bytes) {
        let id = document.get("id").and_then(|id| id.as_str()).unwrap_or_default();
        for method in [id.to_owned(), format!("{id}#key-1")] {
            let _ = find_method(&document, &method, Purpose::AssertionMethod);
        }
        return;
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(url) = text.parse::<DidUrl>() {
        assert_eq!(url.as_str(), text);
        assert!(text.starts_with(url.did().as_str()));
    }
    let Ok(did) = text.parse::<Did>() else { return };
    assert_eq!(did.as_str(), format!("did:{}:{}", did.method(), did.specific_id()));
    match resolve(&did) {
        Ok(Resolution::Fetch(url)) => {
            assert_eq!(url.scheme(), "https");
            assert!(url.username().is_empty() && url.password().is_none());
            let base = url.as_str().strip_suffix("/did.json").unwrap().parse().unwrap();
            if let Ok(back) = web::from_url(&base) {
                assert_eq!(web::document_url(&back), Ok(url));
            }
        }
        Ok(Resolution::Document(document)) => assert_eq!(document["id"], did.as_str()),
        Err(_) => {}
    }
});
