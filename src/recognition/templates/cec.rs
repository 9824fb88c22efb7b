//! The Convention des entreprises pour le climat: each session, the whole path, and the
//! organisation's twin of it.

use crate::openbadges::model::AchievementType;
use crate::recognition::activity::days;
use crate::recognition::levels::Level;
use crate::recognition::settings::{Cohort, Session, Settings};

use super::esco::{self, Skill};
use super::{Awarding, RecipientKind, ResultTemplate, Template, Validity};

pub(super) fn templates(settings: &Settings) -> Vec<Template> {
    let cohort = &settings.cohort;
    let mut templates: Vec<Template> = cohort
        .sessions
        .iter()
        .map(|session| attended(cohort, session))
        .collect();
    templates.extend([path(settings), organisation(settings)]);
    templates
}

/// The slug of a session's badge.
pub(in crate::recognition) fn session_slug(cohort: &Cohort, session: u8) -> String {
    format!("cec-session-{}-s{session}", cohort.slug)
}

/// The slug of the whole path's badge.
pub(in crate::recognition) fn path_slug(cohort: &Cohort) -> String {
    format!("cec-participant-{}", cohort.slug)
}

/// The slug of the organisation's badge.
pub(in crate::recognition) fn organisation_slug(cohort: &Cohort) -> String {
    format!("organisation-engagee-cec-{}", cohort.slug)
}

fn skills() -> Vec<&'static Skill> {
    vec![
        &esco::MANAGEMENT,
        &esco::RESPONSIBILITY,
        &esco::STRATEGY,
        &esco::STAKEHOLDERS,
    ]
}

/// “Session 1 : Constat et monde d’après — Rennes, 20–21 janvier 2023”.
fn title(session: &Session) -> String {
    let name = session
        .title
        .as_ref()
        .map(|title| format!(" : {title}"))
        .unwrap_or_default();
    let when = days(session.start, Some(session.end));
    format!(
        "Session {}{name} — {}, {when}",
        session.number, session.town
    )
}

fn badge(cohort: &Cohort, slug: String, level: Level, name: String, svg: &'static str) -> Template {
    Template {
        slug,
        level,
        recipient: RecipientKind::Person,
        validity: Validity::Unlimited,
        renewal: None,
        awarding: Awarding::Organiser,
        name,
        description: String::new(),
        criteria: String::new(),
        results: Vec::new(),
        elements: None,
        kind: AchievementType::Badge,
        field_of_study: Some("Transition écologique"),
        tags: vec!["CEC".to_owned(), cohort.name.clone()],
        skills: skills(),
        svg,
    }
}

fn attended(cohort: &Cohort, session: &Session) -> Template {
    let svg = include_str!("../images/cec-session.svg");
    let name = format!("{} — session {}", cohort.name, session.number);
    Template {
        description: format!(
            "A participé à une session de la Convention des entreprises pour le climat : {}.",
            title(session)
        ),
        criteria: "Avoir suivi la session sur un siège de son organisation (dirigeant·e ou planet \
                   champion), ce que la feuille d’émargement atteste."
            .to_owned(),
        skills: Vec::new(),
        ..badge(
            cohort,
            session_slug(cohort, session.number),
            Level::R3,
            name,
            svg,
        )
    }
}

/// The results of a cohort: one per session, the half-days, the roadmap.
fn results(cohort: &Cohort) -> Vec<ResultTemplate> {
    let sessions = cohort
        .sessions
        .iter()
        .map(|session| ResultTemplate::status(&format!("s{}", session.number), title(session)));
    sessions
        .chain([
            ResultTemplate::count("demi-journees", "Demi-journées suivies"),
            ResultTemplate::status("feuille-de-route", "Feuille de route remise"),
            ResultTemplate::count("camps-de-base", "Camps de base"),
            ResultTemplate::count("webinaires", "Webinaires"),
        ])
        .collect()
}

fn path(settings: &Settings) -> Template {
    let (cohort, svg) = (
        &settings.cohort,
        include_str!("../images/cec-participant.svg"),
    );
    let total = cohort.sessions.len();
    Template {
        description: format!(
            "A suivi le parcours {} de la Convention des entreprises pour le climat : {total} \
             sessions pour mener son organisation vers l’économie régénérative, jusqu’à une feuille \
             de route.",
            cohort.name
        ),
        criteria: format!(
            "Avoir suivi soi-même {} sessions sur {total}, ou au moins {} si ce qui a été manqué a \
             été rattrapé. Les présences sont relevées par personne et par session, sous le siège de \
             l’organisation.",
            settings.cec_sessions, settings.cec_sessions_with_catch_up
        ),
        results: results(cohort),
        kind: AchievementType::CertificateOfCompletion,
        ..badge(
            cohort,
            path_slug(cohort),
            Level::R5,
            format!("Participant·e — {}", cohort.name),
            svg,
        )
    }
}

fn organisation(settings: &Settings) -> Template {
    let (cohort, svg) = (
        &settings.cohort,
        include_str!("../images/organisation-engagee-cec.svg"),
    );
    Template {
        recipient: RecipientKind::Organisation,
        validity: Validity::Months(settings.cec_organisation_months),
        renewal: Some("mettre à jour chaque année la feuille de route.".to_owned()),
        description: format!(
            "Organisation engagée dans le parcours {} de la Convention des entreprises pour le climat, \
             jusqu’à sa feuille de route vers 2030.",
            cohort.name
        ),
        criteria: "1. À chaque session, l’un au moins des sièges de l’organisation a été tenu.\n\
                   2. La feuille de route a été remise."
            .to_owned(),
        results: results(cohort),
        ..badge(
            cohort,
            organisation_slug(cohort),
            Level::R3,
            format!("Organisation engagée — {}", cohort.name),
            svg,
        )
    }
}
