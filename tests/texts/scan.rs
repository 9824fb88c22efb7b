//! The texts in the code of some files, as it is read by a parser.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The texts of a file's code, tests left out; a value in a text is a hole.
pub(super) fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
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
                if told.replace(' ', "") == "cfg(test)" {
                    skip_item(&mut tokens);
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

/// What an attribute is about: up to its body, or its semicolon.
fn skip_item(tokens: &mut impl Iterator<Item = TokenTree>) {
    tokens.find(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    });
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

/// Whether people are told this, and not programs.
pub(super) fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.contains(' ') && !text.starts_with(' ')
}

/// The text of a file of ours.
pub(super) fn source(file: &str) -> String {
    let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files in a folder and in those below it.
pub(super) fn files_under(place: &Path, found: &mut Vec<PathBuf>) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            files_under(&entry.unwrap().path(), found);
        }
    } else {
        found.push(place.to_owned());
    }
}
