//! One spelling for what people write in ten ways.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Folds case, accents and punctuation away: “L'Économie  CIRCULAIRE !” is “l economie circulaire”.
///
/// For comparing and looking up only; what people wrote is kept as they wrote it.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut add = |c: char| match c {
        'œ' => folded.push_str("oe"),
        'æ' => folded.push_str("ae"),
        c if c.is_alphanumeric() => folded.push(c),
        _ if folded.is_empty() || folded.ends_with(' ') => {}
        _ => folded.push(' '),
    };
    if text.is_ascii() {
        text.chars().for_each(|c| add(c.to_ascii_lowercase()));
    } else {
        let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
        letters.flat_map(char::to_lowercase).for_each(add);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// How many single-character changes lead from one text to the other (Levenshtein's distance).
pub(super) fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let changed = (diagonal + usize::from(a != *b))
                .min(left + 1)
                .min(*cell + 1);
            diagonal = std::mem::replace(cell, changed);
            left = changed;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(
            fold("  L’Économie\u{a0} CIRCULAIRE ! "),
            "l economie circulaire"
        );
        assert_eq!(fold("Demi-journées"), "demi journees");
        assert_eq!(fold("Cœur"), "coeur");
        assert_eq!(fold("C'hwevrer"), "c hwevrer");
        assert_eq!(fold(" ;-) "), "");
    }

    #[test]
    fn the_distance_counts_changes() {
        for (from, to, changes) in [
            ("", "", 0),
            ("", "eau", 3),
            ("climat", "climat", 0),
            ("climt", "climat", 1),
            ("oceane", "ocean", 1),
            ("eau", "sol", 3),
        ] {
            assert_eq!(distance(from, to), changes, "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn the_distance_is_the_same_both_ways(a in ".{0,12}", b in ".{0,12}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
        }
    }
}
