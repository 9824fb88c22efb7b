//! The spectrum of recognition, as pages show it: what was checked, not a medal.

use super::texts::say;
use crate::recognition::levels::{Level, Names};
use crate::texts::Language;

/// A level of the spectrum.
#[derive(Debug)]
pub(super) struct Recognition {
    /// Its name.
    pub(super) name: String,
    /// What is checked before a badge is awarded.
    pub(super) checked: String,
    /// Who awards it.
    pub(super) awarded_by: String,
    /// The levels from the softest; none where it is not one of them, as a label.
    pub(super) scale: Vec<Step>,
}

/// A level among the others.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) is_this: bool,
}

impl Recognition {
    pub(super) fn of(level: Level, language: Language) -> Self {
        let step = |it: Level| Step {
            name: said(it.name(), language),
            is_this: it == level,
        };
        let scale = Level::ALL.into_iter().filter(|it| *it != Level::L);
        Self {
            name: name(level, language),
            checked: said(level.checked(), language).to_owned(),
            awarded_by: said(level.awarded_by(), language).to_owned(),
            scale: scale.filter(|_| level != Level::L).map(step).collect(),
        }
    }
}

/// The name of a level.
pub(super) fn name(level: Level, language: Language) -> String {
    match level {
        Level::L => say(language, "level-label"),
        other => said(other.name(), language).to_owned(),
    }
}

/// One of the texts that `recognition` has in each language.
pub(super) fn said(names: Names, language: Language) -> &'static str {
    match language {
        Language::Fr => names.fr,
        Language::Br => names.br,
        Language::En => names.en,
    }
}
