//! SIRET, the number of an establishment in the French register: 14 figures, the last of which
//! checks the others (Luhn).

use std::fmt;

use serde::Serialize;

/// A SIRET that passed its check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Siret(String);

/// Why a text is no SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASiret {
    /// A spreadsheet shortened it: `7,32829E+13`.
    #[error("The spreadsheet has shortened this number.")]
    Shortened,
    /// Other than 14 figures.
    #[error("A SIRET has 14 figures.")]
    Length,
    /// The last figure does not fit the others.
    #[error("The last figure does not fit the others, so at least one is mistyped.")]
    Check,
}

impl NotASiret {
    /// What to do about it, in a sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Shortened => "Format the column as text, and write all 14 figures.",
            Self::Length => "Write the 14 figures; 9 alone are the SIREN.",
            Self::Check => "Compare it with annuaire-entreprises.data.gouv.fr.",
        }
    }
}

/// La Poste, whose establishments have numbers of another rule: their figures add up to a multiple
/// of 5 (INSEE); its head office follows Luhn like everybody.
const LA_POSTE: &str = "356000000";

impl Siret {
    /// Reads a SIRET, with or without spaces between the figures.
    pub fn parse(text: &str, la_poste_exception: bool) -> Result<Self, NotASiret> {
        let figures: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '.')
            .collect();
        if figures.to_ascii_uppercase().contains("E+") {
            return Err(NotASiret::Shortened);
        }
        if figures.len() != 14 || !figures.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotASiret::Length);
        }
        let la_poste =
            la_poste_exception && figures.starts_with(LA_POSTE) && sum(&figures).is_multiple_of(5);
        if luhn(&figures) || la_poste {
            Ok(Self(figures))
        } else {
            Err(NotASiret::Check)
        }
    }

    /// The 14 figures.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn sum(figures: &str) -> u32 {
    figures.chars().filter_map(|c| c.to_digit(10)).sum()
}

/// Every second figure from the right doubled, the figures added, a multiple of ten.
fn luhn(figures: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let digits = figures
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate();
    let sum: u32 = digits
        .map(|(index, digit)| {
            if index % 2 == 1 {
                doubled(digit)
            } else {
                digit
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_reads_with_and_without_spaces() {
        for text in [
            "73282932000074",
            "732 829 320 00074",
            " 732\u{a0}829\u{a0}320\u{a0}00074 ",
        ] {
            assert_eq!(
                Siret::parse(text, false).unwrap().as_str(),
                "73282932000074"
            );
        }
    }

    #[test]
    fn each_fault_is_told_from_the_others() {
        assert_eq!(Siret::parse("73282932000075", true), Err(NotASiret::Check));
        assert_eq!(Siret::parse("732829320", true), Err(NotASiret::Length));
        assert_eq!(Siret::parse("7328293200007A", true), Err(NotASiret::Length));
        assert_eq!(Siret::parse("7,32829E+13", true), Err(NotASiret::Shortened));
    }

    #[test]
    fn la_poste_has_a_rule_of_its_own_where_it_is_allowed() {
        let office = "35600000049837";
        assert!(!luhn(office));
        assert_eq!(sum(office) % 5, 0);
        assert!(Siret::parse(office, true).is_ok());
        assert_eq!(Siret::parse(office, false), Err(NotASiret::Check));
        assert_eq!(Siret::parse("35600000049838", true), Err(NotASiret::Check));
    }

    #[test]
    fn one_wrong_figure_never_passes() {
        let right = "73282932000074";
        for at in 0..14 {
            for figure in '0'..='9' {
                let mut wrong: Vec<char> = right.chars().collect();
                if std::mem::replace(&mut wrong[at], figure) != figure {
                    let wrong: String = wrong.into_iter().collect();
                    assert_eq!(Siret::parse(&wrong, true), Err(NotASiret::Check), "{wrong}");
                }
            }
        }
    }
}
