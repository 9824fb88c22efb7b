//! One row of texts, whatever file it came from, and what its cells look like once cleaned.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// One row: its number as the spreadsheet shows it, and its cells as the organiser wrote them.
///
/// What nobody sees in a cell is taken out only where a value is made of it, because the result file
/// gives the organiser's own text back.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// The cells' texts, from column A; empty cells at the end may be left out.
    pub cells: Vec<String>,
}

/// Shows the number alone: cells hold names and addresses.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// A column's letters: 0 is A, 25 is Z, 26 is AA.
pub fn letters(index: usize) -> String {
    let mut name = Vec::new();
    let mut rest = index.saturating_add(1);
    while rest > 0 {
        rest -= 1;
        name.push(char::from(
            b'A' + u8::try_from(rest % 26).unwrap_or_default(),
        ));
        rest /= 26;
    }
    name.iter().rev().collect()
}

/// The index of a column by its letters, at most three as in the widest sheets.
pub(super) fn index_of_letters(letters: &str) -> Option<usize> {
    let plain = letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    let index = letters.bytes().fold(0, |index, byte| {
        index * 26 + usize::from(byte.to_ascii_uppercase().saturating_sub(b'A')) + 1
    });
    (plain && (1..=3).contains(&letters.len())).then(|| index.saturating_sub(1))
}

/// Composed (NFC), without the spaces around, with plain spaces for the special ones that people
/// paste without seeing them, and without invisible characters.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains('\t') {
        return Cow::Borrowed(text.trim());
    }
    let visible = text.nfc().filter(|c| !is_unseen(*c));
    let spaced: String = visible
        .map(|c| {
            if matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\t') {
                ' '
            } else {
                c
            }
        })
        .collect();
    Cow::Owned(spaced.trim().to_owned())
}

/// Whether nothing would be left of a cell once cleaned.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_unseen(c))
}

// The zero-width joiners U+200C and U+200D stay: names of some languages are spelt with them.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        let indices = [0, 2, 25, 26, 51, 52, 701, 702];
        let named: Vec<String> = indices.map(letters).into();
        assert_eq!(named, ["A", "C", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        let back: Vec<_> = named.iter().map(|name| index_of_letters(name)).collect();
        assert_eq!(back, indices.map(Some));
        for no_letters in ["", "A1", "É", "ABCD"] {
            assert_eq!(index_of_letters(no_letters), None, "{no_letters}");
        }
    }

    #[test]
    fn cells_lose_what_nobody_sees() {
        assert_eq!(
            clean(" \u{FEFF}An\u{303}ai\u{308}g\u{A0}\u{202F}Le\u{200B} Gabarit \t"),
            "Añaïg  Le Gabarit"
        );
        assert_eq!(clean("deux\nlignes"), "deux\nlignes");
        assert_eq!(clean(" a\tb "), "a b");
    }

    proptest! {
        #[test]
        fn blank_is_what_cleaning_leaves_nothing_of(text in "[ \t\u{A0}\u{FEFF}\u{200B}\u{2001}\u{2028}a]{0,4}") {
            prop_assert_eq!(is_blank(&text), clean(&text).is_empty());
        }
    }
}
