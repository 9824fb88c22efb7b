//! No finding is said in English alone, and nothing is translated that nobody says.

use std::collections::BTreeSet;

use badgeons::openbadges::model::rules::ALL;
use badgeons::texts;
use proc_macro2::{TokenStream, TokenTree};

/// Where findings are written, beside the catalogue of rules.
const FILES: [&str; 17] = [
    "openbadges/model/validator.rs",
    "openbadges/model/schema.rs",
    "recognition/cec.rs",
    "recognition/compose.rs",
    "recognition/email.rs",
    "recognition/microcredential/reading.rs",
    "recognition/microcredential/report.rs",
    "recognition/outcome.rs",
    "recognition/roles.rs",
    "recognition/roster.rs",
    "recognition/rows.rs",
    "recognition/siret.rs",
    "services/achievements/entering.rs",
    "services/achievements/micro_credentials.rs",
    "services/issuing.rs",
    "services/signing.rs",
    "spreadsheet/entries.rs",
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

/// The texts of a file's code, tests left out; a value in a text is a hole.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let attribute = tokens.find_map(|token| match token {
                    TokenTree::Group(group) => Some(group.stream()),
                    _ => None,
                });
                let attribute = attribute.unwrap_or_default();
                let told = attribute.to_string();
                if told.starts_with("cfg") && told.contains("test") {
                    return;
                }
                if told.starts_with("error") {
                    literals(attribute, found);
                }
            }
            TokenTree::Group(group) => literals(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found.insert(with_holes(&text.value()));
                }
            }
            _ => {}
        }
    }
}

/// `{name}` and `{0}` are `{}`.
fn with_holes(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| match part.split_once('}') {
        Some((name, rest))
            if name
                .chars()
                .all(|c| c.is_alphanumeric() || "_:?.".contains(c)) =>
        {
            said + "{}" + rest
        }
        _ => said + "{" + part,
    })
}

fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.contains(' ') && !text.starts_with(' ')
}

/// Everything that a finding may say, with holes.
fn said() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rule in ALL {
        found.extend([rule.message.to_owned(), rule.advice.to_owned()]);
    }
    for file in FILES {
        let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        literals(text.parse().unwrap(), &mut found);
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
