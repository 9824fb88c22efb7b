//! Short names in addresses, commands and file names: small letters, digits and hyphens.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The longest short name.
const LONGEST: usize = 60;

/// Whether a text is a short name.
pub(super) fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Said of a text that is none.
pub(super) fn refusal(text: &str) -> String {
    format!(
        "“{text}” can't be a short name; use small letters, digits and hyphens, as in \
         territoire-apprenant"
    )
}

/// The short name of a name: “Añaïg Le Coz” is `anaig-le-coz`. A name without a single letter or
/// digit of the Latin alphabet has none.
pub fn of_name(name: &str) -> Option<String> {
    let mut slug = String::new();
    for letter in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        let written: &str = match letter {
            'œ' | 'Œ' => "oe",
            'æ' | 'Æ' => "ae",
            'ß' => "ss",
            'ø' | 'Ø' => "o",
            'ł' | 'Ł' => "l",
            _ => "",
        };
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !written.is_empty() {
            slug.push_str(written);
        } else if !slug.is_empty() && !slug.ends_with('-') && !matches!(letter, '·' | '.') {
            // Inclusive writing (animateur·rice) is one word.
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_matches('-').to_owned();
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_short_names() {
        for (name, slug) in [
            ("Añaïg Le Coz", "anaig-le-coz"),
            ("D'Exemple", "d-exemple"),
            ("Animateur·rice de fresque", "animateurrice-de-fresque"),
            ("  Lycée — Modèle  ", "lycee-modele"),
            ("Cœur & Œuvre", "coeur-oeuvre"),
        ] {
            assert_eq!(of_name(name).as_deref(), Some(slug));
            assert!(is_slug(slug));
        }
        assert_eq!(of_name("…"), None);
        assert!(of_name(&"a".repeat(500)).is_some_and(|slug| is_slug(&slug)));
    }

    #[test]
    fn what_is_no_short_name_is_told() {
        for text in ["", "-a", "a-", "a--b", "A", "é", "a b", &"a".repeat(61)] {
            assert!(!is_slug(text), "{text}");
        }
    }
}
