//! What stands in the columns that a roster gets back from us: what became of each row, under headings
//! of ours.
//!
//! Organisers correct that file and send it again, so our columns can be told from theirs
//! ([`is_ours`]) whatever language they were written in. What is to be corrected in a row is said by
//! [`say`](super::say).

use std::borrow::Cow;

use super::{HOLE, Language};

/// How each of our headings begins, in every language.
pub const OURS: &str = "Badgeons : ";

/// A column of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// What became of the row: a [`RowOutcome`].
    Outcome,
    /// What is to be corrected in it.
    ToCorrect,
    /// The badge's page.
    Link,
}

impl Heading {
    /// All of them, as they stand beside each other.
    pub const ALL: [Self; 3] = [Self::Outcome, Self::ToCorrect, Self::Link];

    /// As it is written in a language.
    pub fn said_in(self, language: Language) -> &'static str {
        let (en, fr, br) = match self {
            Self::Outcome => (
                "Badgeons : outcome",
                "Badgeons : résultat",
                "Badgeons : disoc’h",
            ),
            Self::ToCorrect => (
                "Badgeons : to correct",
                "Badgeons : à corriger",
                "Badgeons : da reizhañ",
            ),
            Self::Link => ("Badgeons : link", "Badgeons : lien", "Badgeons : liamm"),
        };
        one_of(language, en, fr, br)
    }
}

/// Whether a heading is one of ours: programs change its capitals and its spaces.
pub fn is_ours(heading: &str) -> bool {
    let plain = |text: &str| {
        let letters = text.chars().filter(|c| !c.is_whitespace());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    plain(heading).starts_with(&plain(OURS))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowOutcome {
    /// Its badge was issued.
    Issued,
    /// It was issued before.
    AlreadyIssued,
    /// It would be issued: nothing was, the file was only checked.
    WouldBeIssued,
    /// A cell is to be corrected.
    ToCorrect,
    /// The badge would break a rule.
    Refused,
    /// It leads to no badge, and nothing in it is wrong.
    SetAside,
    /// Its badge is that of another row, whose number this is.
    CountedWith(u32),
    /// Its turn has not come.
    Waiting,
    /// Somebody stopped before its turn came.
    Cancelled,
}

impl RowOutcome {
    /// As it is written in a language.
    pub fn said_in(self, language: Language) -> Cow<'static, str> {
        let (en, fr, br) = match self {
            Self::Issued => ("Issued", "Délivré", "Roet"),
            Self::AlreadyIssued => ("Already issued", "Déjà délivré", "Roet dija"),
            Self::WouldBeIssued => ("Would be issued", "Serait délivré", "A vefe roet"),
            Self::ToCorrect => ("To correct", "À corriger", "Da reizhañ"),
            Self::Refused => (
                "Refused (breaks a rule)",
                "Refusé (enfreint une règle)",
                "Nac’het (torret ez eus ur reolenn)",
            ),
            Self::SetAside => ("Set aside", "Mis de côté", "Lakaet a-gostez"),
            Self::CountedWith(row) => {
                let said = one_of(
                    language,
                    "Counted with row {}",
                    "Compté avec la ligne {}",
                    "Kontet gant al linenn {}",
                );
                return said.replace(HOLE, &row.to_string()).into();
            }
            Self::Waiting => ("Waiting", "En attente", "O c’hortoz"),
            Self::Cancelled => ("Cancelled", "Annulé", "Nullet"),
        };
        one_of(language, en, fr, br).into()
    }
}

fn one_of<T>(language: Language, en: T, fr: T, br: T) -> T {
    match language {
        Language::En => en,
        Language::Fr => fr,
        Language::Br => br,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn our_headings_are_told_from_others_in_every_language() {
        for language in Language::ALL {
            let said = Heading::ALL.map(|heading| heading.said_in(language));
            assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len());
            for heading in said {
                assert!(heading.starts_with(OURS) && is_ours(heading), "{heading}");
            }
        }
        for changed in ["BADGEONS : LIEN", "badgeons\u{a0}: lien", " Badgeons: lien"] {
            assert!(is_ours(changed), "{changed}");
        }
        for other in ["Lien", "Badgeons", "Badgeons le pays de Vannes", ""] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn each_outcome_is_told_from_the_others_in_every_language() {
        const ALL: [RowOutcome; 9] = [
            RowOutcome::Issued,
            RowOutcome::AlreadyIssued,
            RowOutcome::WouldBeIssued,
            RowOutcome::ToCorrect,
            RowOutcome::Refused,
            RowOutcome::SetAside,
            RowOutcome::CountedWith(12),
            RowOutcome::Waiting,
            RowOutcome::Cancelled,
        ];
        let said = Language::ALL.map(|language| ALL.map(|outcome| outcome.said_in(language)));
        let different: BTreeSet<_> = said.iter().flatten().collect();
        assert_eq!(different.len(), 27);
        assert!(different.iter().all(|text| !text.contains(['{', '}'])));
        let counted = RowOutcome::CountedWith(12).said_in(Language::Fr);
        assert_eq!(counted, "Compté avec la ligne 12");
    }
}
