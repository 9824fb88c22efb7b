//! Yes and no, and numbers, as people write them.

use encoding_rs::WINDOWS_1252;

use crate::recognition::folding::fold;

const YES: &[&str] = &[
    "oui", "o", "yes", "y", "x", "1", "ya", "vrai", "true", "ok", "present", "presente",
];
const NO: &[&str] = &[
    "non", "n", "no", "0", "nann", "ket", "faux", "false", "absent", "absente",
];

/// Yes or no, in French, English or Breton, or as a mark in a box.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    if matches!(text, "✓" | "✔" | "☑" | "✅" | "×") {
        return Some(true);
    }
    let folded = fold(text);
    if YES.contains(&folded.as_str()) {
        Some(true)
    } else if NO.contains(&folded.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// A number of things, none negative, with a decimal comma or point and spaces between thousands.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    let figures = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    figures.then(|| plain.parse().ok()).flatten()
}

/// Whether a cell holds not a value but its spreadsheet's complaint.
pub(super) fn is_spreadsheet_error(text: &str) -> bool {
    const COMPLAINTS: [&str; 12] = [
        "#N/A", "#REF!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NULL!", "#NUL!",
        "#NUM!", "#NOMBRE!", "#####",
    ];
    text.starts_with('#')
        && (COMPLAINTS.contains(&text) || (text.len() > 3 && text.bytes().all(|byte| byte == b'#')))
}

/// The text a cell was before it was read in the wrong encoding: “Prénom” of “PrÃ©nom”.
pub(super) fn misread(text: &str) -> Option<String> {
    // What UTF-8 writes for é, °, ’ begins with these letters when read as Windows-1252.
    if !text.contains(['Ã', 'Â', 'â']) {
        return None;
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    let was = std::str::from_utf8(&bytes)
        .ok()
        .filter(|was| !unmappable && *was != text);
    was.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_each_language() {
        for yes in [
            "Oui", "OUI ", "yes", "x", "X", "1", "ya", "vrai", "TRUE", "✔",
        ] {
            assert_eq!(yes_no(yes), Some(true), "{yes}");
        }
        for no in ["non", "No", "0", "nann", "FAUX", "absent"] {
            assert_eq!(yes_no(no), Some(false), "{no}");
        }
        for neither in ["", "peut-être", "2", "?", "oui non"] {
            assert_eq!(yes_no(neither), None, "{neither}");
        }
    }

    #[test]
    fn numbers_with_commas_points_and_spaces() {
        let read = |text| number(text);
        assert_eq!(read("1,5"), Some(1.5));
        assert_eq!(read("1.5"), Some(1.5));
        assert_eq!(read("1 234"), Some(1234.0));
        for text in ["-1", "1e9", "un", "", "1,2,3", "NaN", "inf"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn broken_accents_are_told_from_whole_ones() {
        assert_eq!(misread("HÃ©lÃ¨ne dâ€™Ici"), Some("Hélène d’Ici".to_owned()));
        for whole in ["Hélène", "Añaïg", "âme", "São Tomé", "Âge ÉTÉ»", "Ã"] {
            assert_eq!(misread(whole), None, "{whole}");
        }
    }

    #[test]
    fn a_spreadsheets_complaint_is_no_value() {
        assert!(is_spreadsheet_error("#N/A") && is_spreadsheet_error("########"));
        assert!(!is_spreadsheet_error("# 1") && !is_spreadsheet_error("#CEC"));
    }
}
