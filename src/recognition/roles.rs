//! What people are called at a workshop, and whether a badge follows from it.

use super::entry::{Column, Correction, Entry};
use super::folding::fold;

/// What somebody was at a workshop, as far as a badge follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Participant,
    Trained,
    Facilitator,
}

impl Role {
    /// As it stands on a badge.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Participant => "Participant·e",
            Self::Trained => "Stagiaire",
            Self::Facilitator => "Animateur·rice",
        }
    }
}

const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Participant,
        &[
            "participant",
            "participante",
            "participant e",
            "participants",
            "attendee",
            "perzhiad",
            "perzhiadez",
        ],
    ),
    (
        Role::Trained,
        &[
            "forme",
            "formee",
            "forme e",
            "stagiaire",
            "en formation",
            "trainee",
            "stajiad",
        ],
    ),
    (
        Role::Facilitator,
        &[
            "animateur",
            "animatrice",
            "animateur rice",
            "animateur trice",
            "anime",
            "co anime",
            "co animateur",
            "co animatrice",
            "co animateur rice",
            "coanimateur",
            "coanimatrice",
            "facilitateur",
            "facilitatrice",
            "facilitator",
            "co facilitateur",
            "co facilitatrice",
            "co facilitator",
            "fresqueur",
            "fresqueuse",
            "fresqueur euse",
        ],
    ),
];

/// Roles that lead to a badge, but never by themselves.
const NEVER_AUTOMATIC: &[&str] = &[
    "confirme",
    "confirmee",
    "confirme e",
    "animateur confirme",
    "animatrice confirmee",
    "formateur",
    "formatrice",
    "formateur rice",
    "trainer",
];

/// The role of a row; `None` when no badge follows from it, which is then among the faults.
pub(super) fn role(entry: &Entry, faults: &mut Vec<Correction>) -> Option<Role> {
    let Some(field) = &entry.role else {
        // A sheet without that column lists participants.
        let place = entry.empty_cell(Column::Role);
        if let Some(place) = place {
            faults.push(Correction::at(
                entry.row,
                place,
                "",
                "role.missing",
                "There is no role.",
                "Write “participant” or “animateur”.",
            ));
        }
        return place.is_none().then_some(Role::Participant);
    };
    let folded = fold(&field.value);
    let known = ROLES
        .iter()
        .find(|(_, names)| names.contains(&folded.as_str()))
        .map(|(role, _)| *role);
    if known.is_none() {
        let (rule, what, advice) = if NEVER_AUTOMATIC.contains(&folded.as_str()) {
            (
                "role.not_automatic",
                "This role is not awarded for one workshop: it takes a peer's endorsement or an assessor.",
                "Write “animateur” for this workshop; award “confirmé” or “formateur” from a sheet of its own.",
            )
        } else {
            (
                "role.unknown",
                "No badge follows from this role.",
                "Write “participant”, “animateur” or “co-animateur”, or remove the row.",
            )
        };
        faults.push(Correction::of(entry.row, field, rule, what, advice));
    }
    known
}
