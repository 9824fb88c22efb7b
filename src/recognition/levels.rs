//! The spectrum of recognition, from an intention to a micro-certification, and the label beside it.
//!
//! Levels say *what was checked*; they are not a ranking, and soft recognition is not a lesser one.

use std::fmt;

use serde::Serialize;

use crate::openbadges::model::AchievementType;

/// What was checked before a badge was awarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Level {
    /// An intention, stated by the person.
    R1,
    /// Attendance.
    R2,
    /// An engagement, a role, a membership.
    R3,
    /// Know-how, recognised by peers.
    R4,
    /// A competence, assessed.
    R5,
    /// A micro-certification: assessed, and complete in the sense of Recommendation 2022/C 243/02.
    R6,
    /// A label, awarded to an organisation.
    L,
}

/// A text in the three languages of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Names {
    /// French.
    pub fr: &'static str,
    /// Breton.
    pub br: &'static str,
    /// English.
    pub en: &'static str,
}

/// All that is known of one level.
#[derive(Debug)]
struct Definition {
    code: &'static str,
    name: Names,
    awarded_by: Names,
    checked: Names,
    types: &'static [AchievementType],
}

impl Level {
    /// All levels, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::R1,
        Self::R2,
        Self::R3,
        Self::R4,
        Self::R5,
        Self::R6,
        Self::L,
    ];

    /// The one of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Its code: `R1` … `R6`, `L`.
    pub fn code(self) -> &'static str {
        self.definition().code
    }

    /// Its name.
    pub fn name(self) -> Names {
        self.definition().name
    }

    /// Who awards it.
    pub fn awarded_by(self) -> Names {
        self.definition().awarded_by
    }

    /// What is checked before it is awarded.
    pub fn checked(self) -> Names {
        self.definition().checked
    }

    /// Whether a badge of this level may have that `achievementType`.
    pub fn allows(self, kind: &AchievementType) -> bool {
        match self {
            Self::R1 => kind.as_str() == INTENTION,
            _ => self.definition().types.contains(kind),
        }
    }

    fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The `achievementType` of R1, which the standard has no value for.
pub const INTENTION: &str = "ext:Intention";

/// In the order of the levels.
static DEFINITIONS: [Definition; 7] = [
    Definition {
        code: "R1",
        name: Names {
            fr: "Intention",
            br: "Ratozh",
            en: "Intention",
        },
        awarded_by: Names {
            fr: "la personne elle-même",
            br: "an den e-unan",
            en: "the person",
        },
        checked: Names {
            fr: "une déclaration",
            br: "un disklêriadur",
            en: "a statement",
        },
        types: &[],
    },
    Definition {
        code: "R2",
        name: Names {
            fr: "Participation",
            br: "Kemer perzh",
            en: "Participation",
        },
        awarded_by: Names {
            fr: "l’organisateur",
            br: "an aozer",
            en: "the organiser",
        },
        checked: Names {
            fr: "la présence à un atelier",
            br: "bezañs en ur stal",
            en: "attendance of one workshop",
        },
        types: &[AchievementType::Badge],
    },
    Definition {
        code: "R3",
        name: Names {
            fr: "Engagement, rôle, appartenance",
            br: "Engouestl, roll, ezelegezh",
            en: "Engagement, role, membership",
        },
        awarded_by: Names {
            fr: "l’organisateur, ou le décompte de ce qui a été fait",
            br: "an aozer, pe ar gont eus ar pezh a zo bet graet",
            en: "the organiser, or the count of what was done",
        },
        checked: Names {
            fr: "un rôle tenu, avec un nombre ou une durée",
            br: "ur roll bet dalc’het, gant un niver pe ur badelezh",
            en: "a role held, with a count or a period",
        },
        types: &[
            AchievementType::Membership,
            AchievementType::CommunityService,
            AchievementType::Badge,
        ],
    },
    Definition {
        code: "R4",
        name: Names {
            fr: "Savoir-faire reconnu",
            br: "Gouzout-ober anavezet",
            en: "Recognised know-how",
        },
        awarded_by: Names {
            fr: "des pairs",
            br: "tud a-bar",
            en: "peers",
        },
        checked: Names {
            fr: "des preuves, et l’endossement d’une personne déjà reconnue",
            br: "prouennoù, hag aprouadur un den anavezet endeo",
            en: "evidence, and an endorsement by somebody already recognised",
        },
        types: &[AchievementType::Competency],
    },
    Definition {
        code: "R5",
        name: Names {
            fr: "Compétence évaluée",
            br: "Barregezh priziet",
            en: "Assessed competence",
        },
        awarded_by: Names {
            fr: "un évaluateur nommé",
            br: "ur prizier anvet",
            en: "a named assessor",
        },
        checked: Names {
            fr: "des résultats évalués selon une grille",
            br: "disoc’hoù priziet hervez ur gael",
            en: "results assessed by a rubric",
        },
        types: &[
            AchievementType::Certificate,
            AchievementType::CertificateOfCompletion,
        ],
    },
    Definition {
        code: "R6",
        name: Names {
            fr: "Micro-certification",
            br: "Mikro-testeniekadur",
            en: "Micro-certification",
        },
        awarded_by: Names {
            fr: "un évaluateur nommé, sous assurance qualité",
            br: "ur prizier anvet, gant surentez perzhded",
            en: "a named assessor, under quality assurance",
        },
        checked: Names {
            fr: "une compétence évaluée, et les onze éléments européens",
            br: "ur varregezh priziet, hag an unnek elfenn europat",
            en: "an assessed competence, and the eleven European elements",
        },
        types: &[AchievementType::MicroCredential],
    },
    Definition {
        code: "L",
        name: Names {
            fr: "Label",
            br: "Label",
            en: "Label",
        },
        awarded_by: Names {
            fr: "une commission",
            br: "ur bodad",
            en: "a committee",
        },
        checked: Names {
            fr: "un dossier, une visite et un vote",
            br: "un teuliad, ur weladenn hag ur vouezhiadeg",
            en: "a file, a visit and a vote",
        },
        types: &[AchievementType::QualityAssuranceCredential],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_its_own_definition() {
        for level in Level::ALL {
            assert_eq!(level.code(), format!("{level:?}"));
        }
    }

    #[test]
    fn soft_levels_never_speak_of_certification() {
        for level in Level::ALL {
            let texts = [level.name(), level.awarded_by(), level.checked()];
            let said = texts.iter().any(|text| {
                let all = format!("{} {} {}", text.fr, text.br, text.en).to_lowercase();
                all.contains("certif") || all.contains("testeniekadur")
            });
            assert_eq!(said, level == Level::R6, "{level}");
        }
    }

    #[test]
    fn a_type_belongs_to_the_levels_that_check_enough_for_it() {
        let micro = AchievementType::MicroCredential;
        let allowing: Vec<_> = Level::ALL
            .into_iter()
            .filter(|level| level.allows(&micro))
            .collect();
        assert_eq!(allowing, [Level::R6]);
        assert!(Level::R1.allows(&AchievementType::Other(INTENTION.into())));
        assert!(!Level::R1.allows(&AchievementType::Badge));
        assert!(Level::R5.allows(&AchievementType::CertificateOfCompletion));
        assert!(!Level::R4.allows(&AchievementType::Certificate));
    }
}
