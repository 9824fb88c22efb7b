//! What findings and reports say, in French and Breton.
//!
//! The core writes English where it finds something, with what it is about in the sentence; here that
//! sentence is recognised and said in the language asked for. The English one is the key (as in
//! gettext), so that a finding stays one plain value for programs, logs and tests, and a sentence
//! nobody translated is still said: in English. `tests/texts.rs` refuses one that is missing here.
//!
//! Not here: what pages say around it, and the badges' own texts, which keep their issuer's language.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// Breton.
    Br,
}

impl Language {
    /// All of them; the first is spoken to whoever asks for none.
    pub const ALL: [Self; 3] = [Self::En, Self::Fr, Self::Br];

    /// Its code (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Br => "br",
        }
    }
}

/// Where a sentence has something it is about.
const HOLE: &str = "{}";

/// A sentence in each language.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    en: &'static str,
    fr: &'static str,
    br: &'static str,
}

impl Sentence {
    fn said_in(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Fr => self.fr,
            Language::Br => self.br,
        }
    }
}

/// The sentences, by their English text; and those with holes, the longest first.
struct Table {
    whole: BTreeMap<&'static str, Sentence>,
    with_holes: Vec<Sentence>,
}

const FINDINGS: &str = include_str!("findings.txt");
const REPORTS: &str = include_str!("reports.txt");

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(&[FINDINGS, REPORTS]));

impl Table {
    /// Reads blocks of three lines, `en:`, `fr:` and `br:`, between blank lines and comments.
    fn read(texts: &[&'static str]) -> Self {
        let mut table = Self {
            whole: BTreeMap::new(),
            with_holes: Vec::new(),
        };
        let mut lines = texts.iter().flat_map(|text| text.lines());
        while let Some(line) = lines.next() {
            let Some(en) = line.strip_prefix("en: ") else {
                continue;
            };
            let mut translated = |prefix| lines.next().and_then(|line| line.strip_prefix(prefix));
            let (Some(fr), Some(br)) = (translated("fr: "), translated("br: ")) else {
                continue;
            };
            let sentence = Sentence { en, fr, br };
            if en.contains(HOLE) {
                table.with_holes.push(sentence);
            } else {
                table.whole.insert(en, sentence);
            }
        }
        let longest = |sentence: &Sentence| std::cmp::Reverse(sentence.en.len());
        table.with_holes.sort_by_key(longest);
        table
    }

    fn say(&self, language: Language, text: &str) -> Option<String> {
        if let Some(sentence) = self.whole.get(text) {
            return Some(sentence.said_in(language).to_owned());
        }
        self.with_holes.iter().find_map(|sentence| {
            // A sentence may stand in another.
            let about = about(sentence.en, text)?.into_iter();
            let mut about = about.map(|part| {
                self.whole
                    .get(part)
                    .map_or(part, |known| known.said_in(language))
            });
            let mut parts = sentence.said_in(language).split(HOLE);
            let first = parts.next()?.to_owned();
            Some(parts.fold(first, |said, part| {
                said + about.next().unwrap_or_default() + part
            }))
        })
    }
}

/// What stands in the holes of a pattern, where the text is one of its kind.
fn about<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split(HOLE);
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop()?;
    let mut found = Vec::new();
    for part in parts {
        let (hole, after) = rest.split_once(part)?;
        found.push(hole);
        rest = after;
    }
    found.push(rest.strip_suffix(last)?);
    Some(found)
}

/// A sentence in a language; as it is where nobody translated it.
pub fn say(language: Language, text: &str) -> Cow<'_, str> {
    if language == Language::En {
        return text.into();
    }
    match TABLE.say(language, text) {
        Some(said) => said.into(),
        None => text.into(),
    }
}

/// Whether a sentence is said in every language.
pub fn is_known(text: &str) -> bool {
    TABLE.say(Language::Fr, text).is_some()
}

/// The English sentences that findings say.
pub fn of_findings() -> impl Iterator<Item = &'static str> {
    FINDINGS
        .lines()
        .filter_map(|line| line.strip_prefix("en: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_in_the_language_asked_for() {
        let text = "There is no name.";
        assert_eq!(say(Language::En, text), text);
        assert_eq!(say(Language::Fr, text), "Il n’y a pas de nom.");
        assert_eq!(say(Language::Br, text), "N’eus anv ebet.");
    }

    #[test]
    fn what_it_is_about_stays_as_it_is() {
        let said = say(Language::Fr, "“C’h {} ñ” is missing.");
        assert_eq!(said, "«\u{a0}C’h {} ñ\u{a0}» manque.");
        let two = "A badge of level R2 can't be called MicroCredential.";
        assert_eq!(
            say(Language::Br, two),
            "Ne c’hall ket ur badj a live R2 bezañ anvet MicroCredential."
        );
        let fewer =
            "Level R2 checks presence; choose the type or the level that says what is checked.";
        assert!(say(Language::Fr, fewer).ends_with("(niveau R2 ici)."));
    }

    #[test]
    fn the_closest_sentence_is_the_one_that_is_said() {
        assert_eq!(
            say(Language::Fr, "This is not a text."),
            "Ce n’est pas un texte."
        );
        let other = say(Language::Fr, "This is not a purpose.");
        assert_eq!(other, "Ce n’est pas ce qui est attendu (a purpose).");
    }

    #[test]
    fn a_sentence_in_a_sentence_is_said_too() {
        assert_eq!(
            say(
                Language::Fr,
                "It is not revoked in its issuer's own status list."
            ),
            "Il n’est pas révoqué dans la liste de statuts de son émetteur."
        );
    }

    #[test]
    fn what_nobody_translated_is_said_in_english() {
        let text = "Nobody ever translated this.";
        assert_eq!(say(Language::Br, text), text);
        assert!(!is_known(text));
    }

    #[test]
    fn no_translation_has_more_to_say_than_there_is() {
        for sentence in TABLE.whole.values().chain(&TABLE.with_holes) {
            let holes = sentence.en.matches(HOLE).count();
            for said in [sentence.fr, sentence.br] {
                assert!(said.matches(HOLE).count() <= holes, "{said}");
                assert!(!said.trim().is_empty(), "{}", sentence.en);
            }
        }
    }

    #[test]
    fn every_block_has_three_languages() {
        let lines = || FINDINGS.lines().chain(REPORTS.lines());
        let count = |prefix| lines().filter(|line| line.starts_with(prefix)).count();
        let read = TABLE.whole.len() + TABLE.with_holes.len();
        assert_eq!(
            (count("en:"), count("fr:"), count("br:")),
            (read, read, read)
        );
    }
}
