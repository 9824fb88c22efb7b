//! The fresque family: from taking part to training those who lead.

use crate::openbadges::model::AchievementType;
use crate::recognition::levels::Level;
use crate::recognition::settings::Settings;
use crate::recognition::workshops::{Theme, WORKSHOPS, Workshop};

use super::esco::{self, Skill};
use super::{Awarding, RecipientKind, ResultTemplate, Template, Validity};

/// What somebody who leads workshops promotes and does.
fn leading() -> Vec<&'static Skill> {
    vec![&esco::SUSTAINABILITY, &esco::AWARENESS, &esco::DEBATE]
}

pub(super) fn templates(settings: &Settings) -> Vec<Template> {
    let mut templates: Vec<Template> = WORKSHOPS.iter().map(participant).collect();
    templates.extend([
        trained(),
        facilitator(settings),
        confirmed(settings),
        trainer(settings),
    ]);
    templates
}

/// What all badges of the family have in common.
fn badge(slug: &str, level: Level, name: &str, svg: &'static str) -> Template {
    Template {
        slug: slug.to_owned(),
        level,
        recipient: RecipientKind::Person,
        validity: Validity::Unlimited,
        renewal: None,
        awarding: Awarding::Organiser,
        name: name.to_owned(),
        description: String::new(),
        criteria: String::new(),
        results: Vec::new(),
        elements: None,
        kind: AchievementType::Badge,
        field_of_study: Some("Transition écologique"),
        tags: vec!["fresque".to_owned()],
        skills: Vec::new(),
        svg,
    }
}

fn tags(more: &[&str]) -> Vec<String> {
    ["fresque"]
        .iter()
        .chain(more)
        .map(|tag| (*tag).to_owned())
        .collect()
}

fn participant(workshop: &Workshop) -> Template {
    let svg = include_str!("../images/participant-fresque.svg");
    let name = format!("Participant·e — {}", workshop.name);
    let skills: Vec<&'static Skill> = match workshop.theme {
        Theme::Climate => vec![&esco::CLIMATE],
        Theme::Nature => vec![&esco::NATURE],
        Theme::Practices => vec![&esco::PRACTICES],
        Theme::Society => vec![],
    };
    Template {
        description: format!(
            "A participé à un atelier « {} » : un jeu de cartes collaboratif, par tables de 4 à 8 \
             personnes, pour comprendre ensemble un enjeu, en débattre et passer à l’action.",
            workshop.name
        ),
        criteria:
            "Avoir participé à l’atelier du début à la fin, ce que l’organisateur a constaté \
                   sur place."
                .to_owned(),
        results: vec![ResultTemplate::count(
            "demi-journees",
            "Demi-journées suivies",
        )],
        tags: tags(&["participation", workshop.slug]),
        skills,
        ..badge(
            &format!("participant-fresque-{}", workshop.slug),
            Level::R2,
            &name,
            svg,
        )
    }
}

fn trained() -> Template {
    let svg = include_str!("../images/fresque-forme.svg");
    Template {
        description: "A suivi une formation à l’animation d’un atelier de type fresque.".to_owned(),
        criteria: "1. Avoir participé à l’atelier.\n\
                   2. Avoir suivi en entier la formation à l’animation, ce que la personne qui forme \
                   a constaté."
            .to_owned(),
        results: vec![ResultTemplate::count("demi-journees", "Demi-journées suivies")],
        tags: tags(&["animation", "formation"]),
        ..badge("fresque-forme", Level::R3, "Formé·e à l’animation de fresques", svg)
    }
}

fn facilitator(settings: &Settings) -> Template {
    let svg = include_str!("../images/animateur-fresque.svg");
    Template {
        validity: Validity::Months(settings.facilitator_months),
        renewal: Some("animer ou co-animer un nouvel atelier.".to_owned()),
        awarding: Awarding::Counted,
        description:
            "A animé ou co-animé au moins un atelier de type fresque, par tables de 4 à 8 \
                      personnes."
                .to_owned(),
        criteria:
            "Avoir animé ou co-animé au moins un atelier, ce que l’organisateur a constaté sur \
                   place. La co-animation compte comme l’animation."
                .to_owned(),
        results: vec![
            ResultTemplate::count("ateliers", "Ateliers animés ou co-animés").at_least(1),
            ResultTemplate::count("demi-journees", "Demi-journées suivies"),
        ],
        tags: tags(&["animation", "ROME:G1202", "OGR:107830"]),
        skills: leading(),
        ..badge(
            "animateur-fresque",
            Level::R3,
            "Animateur·rice de fresque",
            svg,
        )
    }
}

fn confirmed(settings: &Settings) -> Template {
    let svg = include_str!("../images/confirme-fresque.svg");
    let workshops = settings.confirmed_workshops;
    Template {
        validity: Validity::Months(settings.confirmed_months),
        renewal: Some(format!(
            "animer ou co-animer {} ateliers pendant la durée de validité.",
            settings.confirmed_renewal_workshops
        )),
        awarding: Awarding::Peer,
        description:
            "Anime en autonomie un atelier de type fresque (3 h, tables de 4 à 8 personnes) \
                      et sait en débriefer."
                .to_owned(),
        criteria: format!(
            "1. Formation à l’animation suivie.\n\
             2. Au moins {workshops} ateliers animés ou co-animés, dont 1 dans les 12 derniers mois.\n\
             3. Un endossement d’une personne déjà confirmée ou formatrice, après observation."
        ),
        results: vec![
            ResultTemplate::count("ateliers", "Ateliers animés ou co-animés").at_least(workshops),
            ResultTemplate::status("pair", "Validation par un pair"),
        ],
        kind: AchievementType::Competency,
        tags: tags(&["animation", "ROME:G1202", "OGR:107830"]),
        skills: leading(),
        ..badge(
            "confirme-fresque",
            Level::R4,
            "Animateur·rice de fresque — confirmé·e",
            svg,
        )
    }
}

fn trainer(settings: &Settings) -> Template {
    let svg = include_str!("../images/formateur-fresque.svg");
    let trainings = settings.trainer_trainings;
    Template {
        awarding: Awarding::Assessor,
        description:
            "Forme à l’animation d’ateliers de type fresque : prépare, conduit et évalue une \
                      formation."
                .to_owned(),
        criteria: format!(
            "1. Être confirmé·e.\n\
             2. Avoir animé au moins {trainings} formations à l’animation.\n\
             3. Avoir été évalué·e en situation par une personne nommée, selon la grille du collectif."
        ),
        results: vec![
            ResultTemplate::count("formations", "Formations animées").at_least(trainings),
            ResultTemplate::status("evaluation", "Évaluation en situation"),
        ],
        kind: AchievementType::Certificate,
        tags: tags(&["animation", "formation", "ROME:G1202", "OGR:107830"]),
        skills: leading(),
        ..badge(
            "formateur-fresque",
            Level::R5,
            "Formateur·rice à l’animation de fresques",
            svg,
        )
    }
}
