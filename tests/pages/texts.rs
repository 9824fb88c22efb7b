//! No text of a page is missing in a language, none is said by nobody, and none says more than another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages");

/// The messages of a language, each with what it is about.
fn messages(code: &str) -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(format!("{FOLDER}/texts/{code}.ftl")).unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines() {
        if let Some((key, _)) = line.split_once(" =")
            && !line.starts_with([' ', '#'])
        {
            key.clone_into(&mut last);
            assert!(
                found.insert(last.clone(), BTreeSet::new()).is_none(),
                "{code}: {key} twice"
            );
        }
        for part in line.split('$').skip(1) {
            let name = part.split([' ', '}', ')']).next().unwrap();
            found.get_mut(&last).unwrap().insert(name.to_owned());
        }
    }
    found
}

/// Everything written in the pages' room, its texts left out.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("texts") {
            sources(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "html")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
}

#[test]
fn every_language_says_the_same() {
    let french = messages("fr");
    assert!(french.len() > 150);
    for code in ["br", "en"] {
        assert_eq!(messages(code), french, "{code}");
    }
}

#[test]
fn every_text_is_said_somewhere_and_what_is_said_is_a_text() {
    let mut said = String::new();
    sources(Path::new(FOLDER), &mut said);
    let keys: BTreeSet<String> = messages("fr").into_keys().collect();
    let unused: Vec<_> = keys
        .iter()
        .filter(|key| !said.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
    for call in ["say(\"", "about(\""] {
        for part in said.split(call).skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(keys.contains(key), "there is no text {key:?}");
        }
    }
}
