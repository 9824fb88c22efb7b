//! What pages say, in Fluent: one file for each language, the same messages in each.
//!
//! `tests/pages/texts.rs` refuses a message that is missing in a language, or that no page says. What
//! findings and reports say is in [`crate::texts`]; badges speak for themselves.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::texts::Language;

/// The texts of a language.
struct Spoken(FluentBundle<FluentResource>);

static FR: LazyLock<Spoken> = LazyLock::new(|| Spoken::read("fr", include_str!("texts/fr.ftl")));
static BR: LazyLock<Spoken> = LazyLock::new(|| Spoken::read("br", include_str!("texts/br.ftl")));
static EN: LazyLock<Spoken> = LazyLock::new(|| Spoken::read("en", include_str!("texts/en.ftl")));

impl Spoken {
    fn read(code: &str, text: &str) -> Self {
        // What can't be read is missing then, which the tests see.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
        let language: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Names are isolated by <bdi>; marks in the text would end up in titles and files.
        bundle.set_use_isolating(false);
        let _ = bundle.add_resource(resource);
        Self(bundle)
    }

    fn of(language: Language) -> &'static Self {
        match language {
            Language::Fr => &FR,
            Language::Br => &BR,
            Language::En => &EN,
        }
    }

    fn say(&self, key: &str, about: &FluentArgs<'_>) -> Option<String> {
        let message = self.0.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let said = self.0.format_pattern(message, Some(about), &mut errors);
        Some(said.into_owned())
    }
}

/// A message; its key where there is none.
pub(super) fn say(language: Language, key: &str) -> String {
    say_about(language, key, &[])
}

/// A message about something.
pub(super) fn say_about(
    language: Language,
    key: &str,
    about: &[(&'static str, FluentValue<'_>)],
) -> String {
    let arguments = about.iter().cloned().collect();
    let said = Spoken::of(language).say(key, &arguments);
    said.unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_said_in_each_language() {
        for (language, said) in [
            (Language::Fr, "Vérifier un badge"),
            (Language::Br, "Gwiriañ ur badj"),
            (Language::En, "Verify a badge"),
        ] {
            assert_eq!(say(language, "nav-verify"), said);
        }
        assert_eq!(say(Language::Fr, "no-such-message"), "no-such-message");
    }

    #[test]
    fn breton_counts_as_breton_does() {
        let count = |n: i64| say_about(Language::Br, "badges-found", &[("count", n.into())]);
        let said: Vec<_> = [0, 1, 2, 3, 4, 5, 21, 1_000_000].map(count).into();
        assert_eq!(
            said,
            [
                "0 badj",
                "1 badj",
                "2 vadj",
                "3 badj",
                "4 badj",
                "5 badj",
                "21 badj",
                "1000000 a vadjoù",
            ]
        );
    }
}
