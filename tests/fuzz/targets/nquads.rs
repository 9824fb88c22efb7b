//! N-Quads: a canonical form is its own canonical form, and the order of lines does not count.
#![no_main]

use badgeons::openbadges::canonical::{Kind, Limits, canonicalize_nquads};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(quads) = canonicalize_nquads(text, &Limits::VERIFY) else { return };
    let reversed: String = quads.lines().rev().flat_map(|line| [line, "\n"]).collect();
    for text in [&quads, &reversed] {
        match canonicalize_nquads(text, &Limits::VERIFY) {
            Ok(again) => assert_eq!(again, quads),
            // How much work it is to tell blank nodes apart depends on the order they come in.
            Err(error) => assert_eq!(error.kind, Kind::TooMuchWork),
        }
    }
});
