//! Strangers' texts where people read them: nothing in them is obeyed, and nothing hides.
//!
//! A terminal obeys control characters; every display obeys the marks that turn the direction of
//! writing, which let a text read otherwise than it is stored (CVE-2021-42574, “Trojan Source”).
//! Reports show such characters as spaces, and what we issue has none
//! ([`rules`](super::rules), [`recognition`](crate::recognition)).

/// The longest text [`shown`] shows, in characters.
const LONGEST: usize = 200;

/// Whether a character is obeyed rather than shown: controls, what ends a line or a paragraph, and
/// what embeds, overrides or isolates a direction of writing.
///
/// The mere marks U+200E, U+200F and U+061C are not among them: they hold one place of a mixed text
/// together, as Hebrew and Arabic need, and turn nothing around.
pub fn is_command(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{206F}')
}

/// Whether nothing is to be seen of a character: a command, or without any width.
fn is_hidden(c: char) -> bool {
    is_command(c) || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}')
}

/// The first command in a text that is to be issued, as `U+202E`. Line breaks and tabs are none where
/// a text may have paragraphs.
pub fn command_in(text: &str, has_paragraphs: bool) -> Option<String> {
    // Most texts have none of the bytes that a command begins with: C0, DEL, and the first bytes of C1
    // and of U+2000 to U+2FFF. To the end, for the processor then takes many bytes at once.
    let could_begin = |b: u8| b < b' ' || matches!(b, 0x7F | 0xC2 | 0xE2);
    if !text.bytes().fold(false, |any, b| any | could_begin(b)) {
        return None;
    }
    text.chars()
        .find(|c| is_command(*c) && !(has_paragraphs && matches!(c, '\n' | '\r' | '\t')))
        .map(|c| format!("U+{:04X}", u32::from(c)))
}

/// A text on one line, with a space for each character that hides.
pub fn legible(text: &str) -> String {
    text.chars()
        .map(|c| if is_hidden(c) { ' ' } else { c })
        .collect()
}

/// A stranger's text as a report shows it: legible, and short.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    legible(&shown).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_is_shown_harmless() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202E}d "), "a [31mb c d");
        assert_eq!(shown(&"é".repeat(300)), format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn what_turns_or_ends_a_line_is_a_command_and_what_names_are_spelt_with_is_not() {
        for c in
            "\0\n\r\t\u{7}\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{202a}\u{202e}\u{2066}\u{2069}".chars()
        {
            assert!(is_command(c), "{c:?}");
        }
        for c in "aé ’\u{a0}\u{200c}\u{200d}\u{200e}\u{200f}\u{202f}😀".chars() {
            assert!(!is_command(c), "{c:?}");
        }
    }

    #[test]
    fn every_command_is_found_where_it_stands() {
        for c in (0..=0x3100).filter_map(char::from_u32) {
            let found = command_in(&format!("Ewen{c}"), false).is_some();
            assert_eq!(found, is_command(c), "{c:?}");
        }
    }

    #[test]
    fn a_command_is_named_and_paragraphs_are_allowed_where_there_may_be_some() {
        assert_eq!(command_in("Ewen\u{202e}", true).as_deref(), Some("U+202E"));
        assert_eq!(command_in("a\nb", false).as_deref(), Some("U+000A"));
        assert_eq!(command_in("a\r\n\tb", true), None);
    }
}
