//! No finding is said in English alone, and nothing is translated that no finding says.

use std::collections::BTreeSet;

use badgeons::openbadges::model::rules::ALL;
use badgeons::texts;

use super::scan::{is_sentence, literals, source};

/// Where findings are written, beside the catalogue of rules; for those of rosters, see `rosters.rs`.
const FILES: [&str; 9] = [
    "openbadges/model/validator.rs",
    "openbadges/model/schema.rs",
    "recognition/compose.rs",
    "recognition/microcredential/reading.rs",
    "recognition/microcredential/report.rs",
    "services/achievements/entering.rs",
    "services/achievements/micro_credentials.rs",
    "services/weighing.rs",
    "services/signing.rs",
];

/// What those files say in badges, and parts that a sentence is made of.
const OTHERWISE: [&str; 11] = [
    "This badge cannot be called a micro-credential yet; {} of the eleven European elements are missing. {}",
    "{} : {}.",
    "{} its roadmap was not handed over.",
    "Siège : {}.",
    "Feuille de route remise{}.",
    "A animé ou co-animé : {}.",
    "As for this date, {}.",
    "This badge needs {}.",
    "Write {}, if that is what is meant.",
    "“{}” is for {}, and the recipient is {}.",
    "Choose another badge, or name one of the {}.",
];

/// Everything that a finding may say, with holes.
fn said() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rule in ALL {
        found.extend([rule.message.to_owned(), rule.advice.to_owned()]);
    }
    for file in FILES {
        literals(source(file).parse().unwrap(), &mut found);
    }
    found.retain(|text| is_sentence(text));
    found
}

#[test]
fn every_finding_is_said_in_every_language() {
    let missing: Vec<_> = said()
        .into_iter()
        .filter(|text| !OTHERWISE.contains(&text.as_str()))
        .filter(|text| !texts::is_known(&text.replace("{}", "x")))
        .collect();
    assert!(
        missing.is_empty(),
        "write them into src/texts/findings.txt: {missing:#?}"
    );
}

#[test]
fn nothing_is_translated_that_nobody_says() {
    // Parts that others are put into, and what libraries say.
    const MADE: [&str; 13] = [
        "There is a character U+0000 in it.",
        "Write it as /api/docs shows it.",
        "This is not an object.",
        "This is not a text.",
        "This is not a number.",
        "This is not true or false.",
        "This is not a credential.",
        "It leads to no badge.",
        "Unknown field `{}`, expected one of {}.",
        "Missing field `{}`.",
        "There is more than one @ in this cell.",
        "Write “{}” or “{}”, if that is what is meant.",
        "Write “{}” or “{}” or “{}”, if that is what is meant.",
    ];
    let said = said();
    let parts = OTHERWISE.map(|part| part.split("{}").next().unwrap());
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let left: Vec<_> = texts::of_findings()
        .filter(|text| !said.contains(*text) && !MADE.contains(text))
        .filter(|text| !parts.iter().any(|part| text.starts_with(part)))
        .collect();
    assert!(
        left.is_empty(),
        "take them out of src/texts/findings.txt: {left:#?}"
    );
}
