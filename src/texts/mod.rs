//! What findings and reports say, and the reports of rosters, in French and Breton.
//!
//! The core writes English where it finds something, with what it is about in the sentence; here that
//! sentence is recognised and said in the language asked for. The English one is the key (as in
//! gettext), so that a finding stays one plain value for programs, logs and tests, and a sentence
//! nobody translated is still said: in English. `tests/texts/` refuses one that is missing here.
//!
//! Reports put sentences together: a clause becomes a sentence or stands in another, and several
//! follow each other. Each part is recognised on its own.
//!
//! [`say`] says all of it: a finding's message and advice, a correction's, why a row is set aside, why a
//! spreadsheet is refused, and what the API says of a request about batches. What stands in the cells of a roster's own report is in [`rosters`].
//!
//! Not here: what pages say around it, and the badges' own texts, which keep their issuer's language.

mod language;
pub mod rosters;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use language::Language;

/// Where a sentence has something it is about.
const HOLE: &str = "{}";

/// How deep sentences may stand in others, and how many a sentence may quote: strangers' texts stand
/// among them, and cost no more than ours.
const DEPTH: usize = 6;
const LONGEST: usize = 12;

/// How much of a text must be there to know it by, in bytes.
const SHORTEST: usize = 12;

/// A sentence in each language.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    en: &'static str,
    fr: &'static str,
    br: &'static str,
    holes: Holes,
}

/// What stands in a sentence's holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holes {
    /// Sentences and clauses of ours, too.
    Ours,
    /// Names and numbers alone: an organisation that is called as one of our clauses stays so.
    Theirs,
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

/// The sentences, by their English text; and those with holes, the closest first.
struct Table {
    whole: BTreeMap<&'static str, Sentence>,
    with_holes: Vec<Sentence>,
}

const FINDINGS: &str = include_str!("findings.txt");
const REPORTS: &str = include_str!("reports.txt");

const ROSTERS: &str = include_str!("rosters.txt");
const REQUESTS: &str = include_str!("requests.txt");

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::read(&[
        (FINDINGS, Holes::Ours),
        (REPORTS, Holes::Ours),
        (ROSTERS, Holes::Theirs),
        (REQUESTS, Holes::Ours),
    ])
});

impl Table {
    /// Reads blocks of three lines, `en:`, `fr:` and `br:`, between blank lines and comments.
    fn read(texts: &[(&'static str, Holes)]) -> Self {
        let mut table = Self {
            whole: BTreeMap::new(),
            with_holes: Vec::new(),
        };
        let mut lines = texts
            .iter()
            .flat_map(|(text, holes)| text.lines().map(|line| (line, *holes)));
        while let Some((line, holes)) = lines.next() {
            let Some(en) = line.strip_prefix("en: ") else {
                continue;
            };
            let mut translated =
                |prefix| lines.next().and_then(|(line, _)| line.strip_prefix(prefix));
            let (Some(fr), Some(br)) = (translated("fr: "), translated("br: ")) else {
                continue;
            };
            let sentence = Sentence { en, fr, br, holes };
            if en.contains(HOLE) {
                table.with_holes.push(sentence);
            } else {
                table.whole.insert(en, sentence);
            }
        }
        // The closest first: what begins with a hole takes any beginning.
        let closeness = |sentence: &Sentence| {
            let begins_open = sentence.en.starts_with(HOLE);
            (begins_open, std::cmp::Reverse(sentence.en.len()))
        };
        table.with_holes.sort_by_key(closeness);
        table
    }

    /// A text in a language, if every sentence of it is known.
    fn say(&self, language: Language, text: &str, depth: usize) -> Option<String> {
        self.as_a_whole(language, text)
            .or_else(|| self.one_by_one(language, text, depth))
            .or_else(|| self.about_something(language, text, depth))
    }

    /// The same, with what is not known left as it is.
    fn say_what_is_known(&self, language: Language, text: &str, depth: usize) -> String {
        let said = self.say(language, text, depth);
        said.unwrap_or_else(|| {
            let told = sentences(text).map(|part| {
                let one = part.trim_start();
                let space = part.strip_suffix(one).unwrap_or_default();
                match self.say_one(language, one, depth) {
                    Some(said) => format!("{space}{said}"),
                    None => part.to_owned(),
                }
            });
            told.collect()
        })
    }

    fn say_one(&self, language: Language, text: &str, depth: usize) -> Option<String> {
        self.as_a_whole(language, text)
            .or_else(|| self.about_something(language, text, depth))
    }

    fn as_a_whole(&self, language: Language, text: &str) -> Option<String> {
        forms(text).into_iter().flatten().find_map(|form| {
            let known = self.whole.get(form.text.as_ref()).copied();
            let known = known.or_else(|| self.cut_short(&form.text))?;
            Some(form.as_it_was(known.said_in(language).to_owned()))
        })
    }

    /// Reports show the beginning of a long text: enough to know it by, if no other begins so.
    fn cut_short(&self, text: &str) -> Option<Sentence> {
        let beginning = text.strip_suffix('…').filter(|it| it.len() >= SHORTEST)?;
        let mut known = self.whole.range(beginning..);
        let (_, sentence) = known.next().filter(|(en, _)| en.starts_with(beginning))?;
        let is_alone = known
            .next()
            .is_none_or(|(en, _)| !en.starts_with(beginning));
        is_alone.then_some(*sentence)
    }

    /// Several sentences, each of them known. One may quote others, so it is taken to end where it is
    /// known first.
    fn one_by_one(&self, language: Language, text: &str, depth: usize) -> Option<String> {
        let mut said = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (one, end) = ends(rest).take(LONGEST).find_map(|end| {
                let one = rest.get(..end).filter(|one| *one != text)?;
                Some((self.say_one(language, one, depth)?, end))
            })?;
            said.push(one);
            rest = rest.get(end..)?.trim_start();
        }
        Some(said.join(" "))
    }

    fn about_something(&self, language: Language, text: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let forms = forms(text);
        self.with_holes.iter().find_map(|sentence| {
            forms.iter().flatten().find_map(|form| {
                let said = self.filled(language, *sentence, &form.text, depth)?;
                Some(form.as_it_was(said))
            })
        })
    }

    /// A sentence may stand in another; what stands in quotation marks is somebody's own word.
    fn filled(
        &self,
        language: Language,
        sentence: Sentence,
        text: &str,
        depth: usize,
    ) -> Option<String> {
        let before = sentence.en.split(HOLE);
        let about = about(sentence.en, text)?.into_iter();
        let mut about = about.zip(before).map(|(part, before)| {
            if before.ends_with('“') {
                part.to_owned()
            } else if sentence.holes == Holes::Theirs {
                quoted(language, part)
            } else {
                self.say_what_is_known(language, part, depth)
            }
        });
        let mut parts = sentence.said_in(language).split(HOLE);
        let first = parts.next()?.to_owned();
        Some(parts.fold(first, |said, part| {
            said + &about.next().unwrap_or_default() + part
        }))
    }
}

/// A text in a form it may be known in: reports write a clause as a sentence.
struct Form<'t> {
    text: Cow<'t, str>,
    is_ended: bool,
    is_begun: bool,
}

impl Form<'_> {
    /// What it says, as a sentence again if it was one.
    fn as_it_was(&self, said: String) -> String {
        let mut said = said;
        if self.is_begun {
            let mut characters = said.chars();
            let first = characters.next().map(char::to_uppercase);
            said = first.into_iter().flatten().chain(characters).collect();
        }
        if self.is_ended && !said.ends_with(['.', '!', '?']) {
            said.push('.');
        }
        said
    }
}

/// A text as it is, without its full stop, and without that and its capital.
fn forms(text: &str) -> [Option<Form<'_>>; 3] {
    let form = |text, is_ended, is_begun| Form {
        text,
        is_ended,
        is_begun,
    };
    let unended = text.strip_suffix('.');
    let clause = unended.unwrap_or(text);
    let mut characters = clause.chars();
    let small = characters.next().filter(|first| first.is_uppercase());
    let unbegun = small.map(|first| first.to_lowercase().chain(characters).collect::<String>());
    [
        Some(form(Cow::Borrowed(text), false, false)),
        unended.map(|text| form(Cow::Borrowed(text), true, false)),
        unbegun.map(|text| form(Cow::Owned(text), unended.is_some(), true)),
    ]
}

/// Where sentences end: at a mark, where a space follows, and at the end.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let spaces = text.match_indices(' ').map(|(at, _)| at);
    let inside = spaces.filter(|at| {
        let before = text.get(..*at).unwrap_or_default();
        before
            .trim_end_matches(['”', ')'])
            .ends_with(['.', '!', '?'])
    });
    inside.chain([text.len()])
}

/// The sentences of a text, with the space before each.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    ends(text).filter_map(move |end| text.get(std::mem::replace(&mut from, end)..end))
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

/// Somebody's own words; where they are quoted one after the other, in the marks of a language.
fn quoted(language: Language, text: &str) -> String {
    let words = text
        .strip_prefix('“')
        .and_then(|text| text.strip_suffix('”'))
        .filter(|_| language == Language::Fr);
    match words {
        Some(words) => format!(
            "«\u{a0}{}\u{a0}»",
            words.replace("”, “", "\u{a0}», «\u{a0}")
        ),
        None => text.to_owned(),
    }
}

/// A sentence in a language; as it is where nobody translated it.
pub fn say(language: Language, text: &str) -> Cow<'_, str> {
    if language == Language::En {
        return text.into();
    }
    TABLE.say_what_is_known(language, text, DEPTH).into()
}

/// Whether a sentence is said in every language.
pub fn is_known(text: &str) -> bool {
    TABLE.say(Language::Fr, text, DEPTH).is_some()
}

/// The English sentences that findings say.
pub fn of_findings() -> impl Iterator<Item = &'static str> {
    english(FINDINGS)
}

/// The English sentences and clauses that reports say.
pub fn of_reports() -> impl Iterator<Item = &'static str> {
    english(REPORTS)
}

/// The English sentences that the reports of rosters say.
pub fn of_rosters() -> impl Iterator<Item = &'static str> {
    english(ROSTERS)
}

/// The English sentences and clauses that the API says of requests.
pub fn of_requests() -> impl Iterator<Item = &'static str> {
    english(REQUESTS)
}

fn english(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter_map(|line| line.strip_prefix("en: "))
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
    fn a_clause_is_said_as_the_sentence_it_was_made() {
        assert_eq!(
            say(
                Language::Fr,
                "Something was changed after it was signed, or another key signed it."
            ),
            "Quelque chose a été modifié après la signature, ou une autre clé a signé."
        );
        let title = say(Language::Br, "The signature does not hold.");
        assert_eq!(title, "N’eo ket mat ar sinadur.");
    }

    #[test]
    fn several_sentences_are_said_one_by_one() {
        let text = "There is no name. Nobody ever translated this.  Nor this. There is no name.";
        assert_eq!(
            say(Language::Fr, text),
            "Il n’y a pas de nom. Nobody ever translated this.  Nor this. Il n’y a pas de nom."
        );
        assert!(!is_known(text));
        assert!(is_known("There is no name. There is no name."));
    }

    #[test]
    fn what_others_said_is_quoted_as_they_said_it() {
        let text =
            "Katell vouches for it: “There is no name. There is no name.”. There is no name.";
        let said = say(Language::Fr, text);
        let quoted = "«\u{a0}There is no name. There is no name.\u{a0}». Il n’y a pas de nom.";
        assert!(said.ends_with(quoted), "{said}");
        let member = say(Language::Fr, "“a text” is missing.");
        assert_eq!(member, "«\u{a0}a text\u{a0}» manque.");
    }

    #[test]
    fn names_and_headings_in_a_rosters_report_stay_what_they_are() {
        let reason = "the text has no badge of its own yet: its roadmap was not handed over.";
        let said = say(Language::Fr, reason);
        assert!(said.starts_with("the text n’a pas encore"), "{said}");
        let lacking = "The sheet has no column “Courriel”, “Atelier”; add them to row 1. Understood \
                       so far: “Nom”, “N. de label”.";
        assert_eq!(
            say(Language::Fr, lacking),
            "Il manque à la feuille les colonnes «\u{a0}Courriel\u{a0}», «\u{a0}Atelier\u{a0}»\u{202f}; \
             ajoutez-les à la ligne 1. Compris jusqu’ici\u{a0}: «\u{a0}Nom\u{a0}», «\u{a0}N. de \
             label\u{a0}»."
        );
        let breton = say(Language::Br, lacking);
        assert!(
            breton.ends_with("Komprenet betek-henn: “Nom”, “N. de label”."),
            "{breton}"
        );
    }

    #[test]
    fn a_text_that_was_cut_short_is_known_by_its_beginning() {
        let said = say(Language::Fr, "Use a pinned context, or write the defini….");
        assert!(said.starts_with("Utilisez un contexte"), "{said}");
        for other in [
            "Nobody ever trans…",
            "Write “@language” as a langu…",
            "Use…",
        ] {
            assert_eq!(say(Language::Fr, other), other);
        }
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
        let lines = || {
            [FINDINGS, REPORTS, ROSTERS, REQUESTS]
                .into_iter()
                .flat_map(str::lines)
        };
        let count = |prefix| lines().filter(|line| line.starts_with(prefix)).count();
        let read = TABLE.whole.len() + TABLE.with_holes.len();
        assert_eq!(
            (count("en:"), count("fr:"), count("br:")),
            (read, read, read)
        );
    }
}
