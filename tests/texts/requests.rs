//! What the API says of a request about batches is said in every language, and nothing is translated that
//! nobody says.

use std::collections::BTreeSet;
use std::path::Path;

use badgeons::texts::{self, Language};

use super::scan::{files_under, is_sentence, literals};

/// Where it is written.
const PLACES: [&str; 14] = [
    "services/access.rs",
    "services/achievements/mod.rs",
    "services/batches",
    "services/error.rs",
    "services/presenting.rs",
    "services/standing.rs",
    "store/batches.rs",
    "store/error.rs",
    "web/api/asked.rs",
    "web/api/batches",
    "web/auth.rs",
    "web/limits.rs",
    "web/problem.rs",
    "web/request.rs",
];

/// Where everything that is a sentence is said to organisers.
const WHOLLY: [&str; 2] = ["web/api/batches", "web/upload.rs"];

/// What is written there for the document of the API alone.
const DOCUMENTED: [&str; 3] = [
    "From where it was.",
    "What is being signed at this moment is still issued.",
    "What was issued stays; the same file, sent again, issues the rest.",
];

/// Clauses that are made of parts.
const COMPOSED: [&str; 6] = [
    "there is no batch “{}”",
    "there is no badge “{}”",
    "there is no badge “{}”; there is: {}",
    "there is no issuer “{}”",
    "the list of rows of the batch “{}” was erased; whoever holds a copy can still have it verified",
    "this token may not do that; it lacks the scope “{}”",
];

fn written(places: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut found) = (Vec::new(), BTreeSet::new());
    for place in places {
        files_under(&root.join(place), &mut files);
    }
    for file in files {
        let code = std::fs::read_to_string(file).unwrap();
        literals(code.parse().unwrap(), &mut found);
    }
    found
}

#[test]
fn every_sentence_about_batches_is_said_in_every_language() {
    let missing: Vec<_> = written(&WHOLLY)
        .into_iter()
        .filter(|text| is_sentence(text) && !DOCUMENTED.contains(&text.as_str()))
        .filter(|text| !texts::is_known(&text.replace("{}", "x")))
        .collect();
    assert!(
        missing.is_empty(),
        "write them into src/texts/requests.txt: {missing:#?}"
    );
}

#[test]
fn nothing_is_translated_that_no_request_is_told() {
    let mut places = PLACES.to_vec();
    places.extend(WHOLLY);
    let written = written(&places);
    let left: Vec<_> = texts::of_requests()
        .filter(|text| !written.contains(*text) && !COMPOSED.contains(text))
        .collect();
    assert!(
        left.is_empty(),
        "take them out of src/texts/requests.txt: {left:#?}"
    );
}

#[test]
fn a_clause_is_told_as_a_sentence() {
    for (text, fr) in [
        (
            "This batch is done, and can't be paused.",
            "Ce lot est terminé, et ne peut pas être en pause.",
        ),
        (
            "There is no badge “nope”; there is: a-b, c-d.",
            "Il n’y a pas de badge «\u{a0}nope\u{a0}»\u{202f}; il y a\u{a0}: a-b, c-d.",
        ),
    ] {
        assert_eq!(texts::say(Language::Fr, text), fr);
    }
}
