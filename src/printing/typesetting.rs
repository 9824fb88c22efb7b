//! Lines of text: which characters can be set, where a text is broken, and how it is made to fit.
//!
//! Left to right only: none of the fonts has a letter of a script that runs the other way. Where the
//! lines stand on a sheet is for `certificate` and `card`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fonts::{Face, Glyph};

/// More characters than any field has room for; what follows is not looked at.
const MOST: usize = 2_000;

/// More characters than any line holds.
const LONGEST_LINE: usize = 300;

/// A line of text in one font and one size.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) text: String,
    pub(super) glyphs: Vec<Glyph>,
    /// Whether it was broken at a space: what reads the lines together reads one there.
    pub(super) before_space: bool,
}

/// A text set in lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    /// Whether something did not fit and was left out.
    pub(super) shortened: bool,
}

impl Line {
    /// Sets a text that the font has every character of.
    fn set(face: Face, size: f32, text: &str) -> Self {
        Self {
            face,
            size,
            text: text.to_owned(),
            glyphs: face.shape(text),
            before_space: false,
        }
    }

    /// How wide the line is.
    pub(super) fn width(&self) -> f32 {
        let shares: f32 = self.glyphs.iter().map(|glyph| glyph.advance).sum();
        shares * self.size
    }
}

impl Block {
    /// Sets a text in lines of at most this width, and at most so many; the last one ends in an
    /// ellipsis if there is more.
    pub(super) fn set(face: Face, size: f32, text: &str, width: f32, most: usize) -> Self {
        let (face, text) = spelled(face, text);
        let mut lines = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() && lines.len() < most {
            let (line, after) = rest.split_at(fitting(face, size, rest, width));
            if !after.is_empty() && lines.len() + 1 == most {
                lines.push(ending(face, size, rest, width));
                break;
            }
            let text = line.trim_end_matches(' ');
            rest = after.trim_start_matches(' ');
            lines.push(Line {
                before_space: text.len() + rest.len() < line.len() + after.len(),
                ..Line::set(face, size, text)
            });
        }
        let shortened = lines.len() == most && lines.last().is_some_and(|l| l.text.ends_with('…'));
        Self { lines, shortened }
    }

    /// Sets an address: what comes after its last slash on a line of its own, if it fits, so that an
    /// identifier is copied whole.
    pub(super) fn address(face: Face, size: f32, text: &str, width: f32, most: usize) -> Self {
        let (begin, end) = text.split_at(text.rfind('/').map_or(0, |slash| slash + 1));
        let parts = [begin, end].map(|part| Self::set(face, size, part, width, 1));
        if begin.is_empty() || most < 2 || parts.iter().any(|part| part.shortened) {
            return Self::set(face, size, text, width, most);
        }
        Self {
            lines: parts.into_iter().flat_map(|part| part.lines).collect(),
            shortened: false,
        }
    }

    /// Sets a text in the first of these sizes, and at most so many lines, in which all of it fits; else
    /// in the last.
    pub(super) fn fit(face: Face, sizes: &[(f32, usize)], text: &str, width: f32) -> Self {
        let mut block = Self::default();
        for (size, most) in sizes {
            block = Self::set(face, *size, text, width, *most);
            if !block.shortened {
                break;
            }
        }
        block
    }

    /// The lines with their letters further apart, by a share of their size.
    pub(super) fn spaced(mut self, by: f32) -> Self {
        let glyphs = self.lines.iter_mut().flat_map(|line| &mut line.glyphs);
        for glyph in glyphs {
            glyph.advance += by;
        }
        self
    }

    /// How high it is, with so much from line to line.
    pub(super) fn height(&self, leading: f32) -> f32 {
        self.lines.len() as f32 * leading
    }

    /// The size of its letters.
    pub(super) fn size(&self) -> f32 {
        self.lines.first().map_or(0.0, |line| line.size)
    }
}

/// How many bytes of a text go on a line: up to the last place to break it that fits.
fn fitting(face: Face, size: f32, text: &str, width: f32) -> usize {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, character)| at + character.len_utf8())
        .take(LONGEST_LINE)
        .collect();
    let fit = ends.partition_point(|end| wide(face, size, text, *end) <= width);
    let end = fit.checked_sub(1).and_then(|last| ends.get(last));
    // A line takes at least one character, or there would be no end of lines.
    let end = end.or(ends.first()).copied().unwrap_or(0);
    if end == text.len() || text.get(end..).is_some_and(|rest| rest.starts_with(' ')) {
        return end;
    }
    let line = text.get(..end).unwrap_or_default();
    let mut places = line.char_indices().rev();
    let place = places.find(|(at, character)| match character {
        ' ' => true,
        '-' | '–' | '/' => parts(line.get(..*at).unwrap_or_default()),
        _ => false,
    });
    place.map_or(end, |(at, character)| at + character.len_utf8())
}

/// Whether what stands before a hyphen is long enough to be parted from what follows: not the “a” of
/// “a-zoare”.
fn parts(before: &str) -> bool {
    let word = before.chars().rev().take(2).filter(|c| *c != ' ');
    word.count() == 2
}

fn wide(face: Face, size: f32, text: &str, end: usize) -> f32 {
    Line::set(face, size, text.get(..end).unwrap_or_default()).width()
}

/// A line of as much as fits before an ellipsis.
fn ending(face: Face, size: f32, text: &str, width: f32) -> Line {
    let room = width - Line::set(face, size, "…").width();
    let kept = text.get(..fitting(face, size, text, room));
    let kept = kept
        .unwrap_or_default()
        .trim_end_matches([' ', ',', ';', ':', '.', '…', '-', '–']);
    Line::set(face, size, &format!("{kept}…"))
}

/// A text in characters that can be set, and the font that can: the one asked for, or the one that also
/// knows Greek and Cyrillic if there are letters the first one lacks.
fn spelled(face: Face, text: &str) -> (Face, String) {
    let text: String = text.chars().take(MOST).filter_map(plain).collect();
    let text: String = text.nfc().collect();
    let lacks = |face: Face| {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        letters.filter(|c| !face.has(*c)).count()
    };
    let face = if lacks(Face::Serif) < lacks(face) {
        Face::Serif
    } else {
        face
    };
    let mut spelled = String::new();
    for character in text.chars() {
        let before = spelled.chars().next_back();
        if character == ' ' {
            if before != Some(' ') {
                spelled.push(' ');
            }
        } else if is_combining_mark(character) {
            // Marks on marks would climb over the lines above.
            if face.has(character) && before.is_some_and(char::is_alphabetic) {
                spelled.push(character);
            }
        } else if face.has(character) {
            spelled.push(character);
        } else {
            spelled.push_str(&instead(face, character));
        }
    }
    (face, spelled.trim_matches([' ', '\u{a0}']).to_owned())
}

/// A character, or the plain one it is set as. What is not seen is not set either: it could turn the
/// direction of the text around, or hyphenate where nothing is broken.
pub(super) fn plain(character: char) -> Option<char> {
    match character {
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Some('\u{a0}'),
        '\u{2bc}' => Some('’'),
        '\u{2010}' | '\u{2011}' => Some('-'),
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}' => None,
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

/// What is set for a character that the font lacks: the plain form of a letter, or a question mark; nothing
/// for any other sign.
fn instead(face: Face, character: char) -> String {
    let forms = std::iter::once(character).nfkd().take(8);
    let form: String = forms.filter(|form| face.has(*form)).collect();
    if form.chars().any(char::is_alphanumeric) {
        form
    } else if character.is_alphanumeric() {
        "?".to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(block: &Block) -> Vec<&str> {
        block.lines.iter().map(|line| line.text.as_str()).collect()
    }

    fn spelling(text: &str) -> String {
        spelled(Face::Sans, text).1
    }

    #[test]
    fn a_text_is_broken_between_words() {
        let block = Block::set(Face::Sans, 10.0, "Le pays de Vannes et son golfe", 60.0, 9);
        assert_eq!(texts(&block), ["Le pays de", "Vannes et", "son golfe"]);
        assert!(!block.shortened);
    }

    #[test]
    fn spaces_that_do_not_break_stay_in_their_line() {
        let block = Block::set(Face::Sans, 10.0, "le 3\u{a0}mars 2026\u{202f}!", 40.0, 9);
        assert_eq!(texts(&block), ["le", "3\u{a0}mars", "2026\u{a0}!"]);
    }

    #[test]
    fn a_word_is_parted_at_its_hyphen_but_not_after_one_letter() {
        let broken = |text| {
            let block = Block::set(Face::Sans, 10.0, text, 60.0, 9);
            block.lines.first().map(|line| line.text.clone())
        };
        assert_eq!(broken("Ul labour a-zoare"), Some("Ul labour".to_owned()));
        assert_eq!(broken("cet après-midi"), Some("cet après-".to_owned()));
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let block = Block::set(Face::Sans, 10.0, "Le pays de Vannes et son golfe", 60.0, 2);
        assert_eq!(texts(&block), ["Le pays de", "Vannes et…"]);
        assert!(block.shortened);
    }

    #[test]
    fn long_texts_are_set_smaller_first() {
        let fit = |text: &str| Block::fit(Face::Serif, &[(40.0, 1), (20.0, 1)], text, 100.0).size();
        assert_eq!((fit("Anne"), fit("Anne-Marie")), (40.0, 20.0));
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        for text in [
            "W".repeat(9_000),
            "ffi ".repeat(3_000),
            "i".repeat(9_000),
            "Ж/-".repeat(900),
        ] {
            for most in [1, 5] {
                let block = Block::set(Face::Bold, 11.0, &text, 200.0, most);
                assert_eq!(block.lines.len(), most);
                assert!(
                    block.lines.iter().all(|line| line.width() <= 200.0),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn room_for_not_even_a_letter_is_no_endless_loop() {
        let block = Block::set(Face::Sans, 10.0, "abc", 0.1, 2);
        assert_eq!(texts(&block), ["a", "b…"]);
    }

    #[test]
    fn what_the_fonts_lack_is_spelled_otherwise() {
        assert_eq!(spelling("a\0b\u{202e}c\u{200d}\u{e000}\n\t d"), "abc d");
        assert_eq!(spelling("Bravo 🎉 !"), "Bravo !");
        assert_eq!(
            spelling("e\u{301}te\u{301} ﬁn c\u{2bc}hoari"),
            "été fin c’hoari"
        );
        assert_eq!(spelling("李 明"), "? ?");
        assert_eq!(spelling(&format!("q{}", "\u{301}".repeat(500))), "q\u{301}");
    }

    #[test]
    fn greek_and_cyrillic_are_set_in_the_font_that_has_them() {
        let expected = (Face::Serif, "Анна Ελένη".to_owned());
        assert_eq!(spelled(Face::Sans, "Анна Ελένη"), expected);
        assert_eq!(spelled(Face::Sans, "Anna").0, Face::Sans);
    }
}
