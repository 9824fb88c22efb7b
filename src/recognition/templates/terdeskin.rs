//! Terdeskiñ, the label of learning organisations in the pays de Vannes.

use crate::openbadges::model::AchievementType;
use crate::recognition::levels::Level;
use crate::recognition::settings::Settings;

use super::{Awarding, RecipientKind, ResultTemplate, Template, Validity};

pub(super) fn templates(settings: &Settings) -> Vec<Template> {
    let axes = settings.label_axes.iter().enumerate().map(|(index, axis)| {
        let number = index + 1;
        ResultTemplate::rubric(
            &format!("axe-{number}"),
            format!("Axe {number} — {}", axis.name),
            &axis.levels,
        )
    });
    vec![Template {
        slug: "terdeskin".to_owned(),
        level: Level::L,
        recipient: RecipientKind::Organisation,
        validity: Validity::Months(settings.label_months),
        renewal: Some("une nouvelle candidature avant l’échéance.".to_owned()),
        awarding: Awarding::Committee,
        name: "Terdeskiñ — label Territoire apprenant".to_owned(),
        description: "Organisation apprenante du pays de Vannes : ses actions de développement \
                      continu des compétences sont reconnues, et elle s’engage dans une démarche de \
                      progrès. En breton, ter, le territoire, et deskiñ, apprendre."
            .to_owned(),
        criteria: "1. Un dossier de candidature recevable.\n\
                   2. Une visite d’évaluation.\n\
                   3. Un vote favorable de la commission Terdeskiñ.\n\
                   4. Une note d’avancement chaque année."
            .to_owned(),
        results: axes.collect(),
        elements: None,
        kind: AchievementType::QualityAssuranceCredential,
        field_of_study: None,
        tags: ["label", "territoire apprenant", "Terdeskiñ"].map(str::to_owned).to_vec(),
        skills: Vec::new(),
        svg: include_str!("../images/terdeskin.svg"),
    }]
}
