//! Cells that a spreadsheet would take for formulas, written so that it does not.
//!
//! A name like `=HYPERLINK(…)` comes from a stranger and would be run on the computer of whoever opens
//! the result file (CSV injection). An apostrophe before it makes it a text; reading takes it off again.

use std::borrow::Cow;

/// What a formula begins with, and what Excel skips before one.
const STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A text as it is safe in a CSV file.
pub(super) fn neutralise(text: &str) -> Cow<'_, str> {
    let bare = text.trim_start_matches('\'');
    // Apostrophes that stood there already get one more, so that one can be taken off.
    if bare.starts_with(STARTS) && (bare.len() < text.len() || !is_number(text)) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes off the apostrophe that [`neutralise`] put.
pub(super) fn restore(text: &mut String) {
    if text.starts_with('\'') && text.trim_start_matches('\'').starts_with(STARTS) {
        text.remove(0);
    }
}

/// A number or a telephone number: `-5`, `-1,5`, `+33 6 12 34 56 78`. One sign and figures in groups
/// calculate nothing.
fn is_number(text: &str) -> bool {
    let Some(figures) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    figures.starts_with(|c: char| c.is_ascii_digit())
        && figures
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '.' | ','))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_made_a_text() {
        for formula in [
            "=1+1",
            "=HYPERLINK(\"https://example.org\")",
            "+1+cmd|' /C calc'!A0",
            "-2+3",
            "-",
            "+",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "-1-1",
            "+33(0)6",
        ] {
            assert_eq!(neutralise(formula), format!("'{formula}"));
        }
    }

    #[test]
    fn what_is_no_formula_stays() {
        for text in [
            "",
            "Añaïg",
            "c’hwevrer",
            "'a",
            "a=1",
            "-5",
            "-1,5",
            "+1.5",
            "+33 6 12 34 56 78",
            "+33\u{A0}6\u{202F}12",
        ] {
            assert_eq!(neutralise(text), text);
            let mut back = text.to_owned();
            restore(&mut back);
            assert_eq!(back, text);
        }
    }

    proptest! {
        #[test]
        fn what_was_made_harmless_is_given_back(text in "[=+@'\t\r\n 1a-]{0,6}") {
            let mut back = neutralise(&text).into_owned();
            prop_assert!(!back.starts_with(STARTS) || is_number(&back));
            restore(&mut back);
            prop_assert_eq!(back, text);
        }
    }
}
