//! What became of rows: badges, cells to correct, rows set aside.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::CredentialId;
use crate::openbadges::model::checked::Finding;
use crate::recognition::entry::Correction;
use crate::recognition::outcome::SetAside;
use crate::services::issuing::{Foreseen, Outcome};
use crate::store::{PartCounts, Standing};

/// What became of rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Dealt {
    /// How many came out in which way.
    pub counts: Counts,
    /// Each badge, with the rows it comes from.
    pub awards: Vec<AwardReport>,
    /// What is to be corrected, cell by cell.
    pub corrections: Vec<Correction>,
    /// Rows that are in order and lead to no badge, with why.
    pub set_aside: Vec<SetAside>,
}

/// How many awards and rows came out in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Badges issued now (in a dry run: that would be).
    pub issued: usize,
    /// Badges that were issued before.
    pub already_issued: usize,
    /// Rows with something to correct.
    pub rows_to_correct: usize,
    /// Rows set aside.
    pub rows_set_aside: usize,
    /// Badges that break a rule; nothing was signed.
    pub refused: usize,
}

/// One badge of a roster.
#[derive(Debug, Clone, Serialize)]
pub struct AwardReport {
    /// The rows it comes from.
    pub rows: Vec<u32>,
    /// The badge.
    pub achievement: String,
    /// Who it is for, as the sheet names them.
    pub recipient: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What became of a badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Fate {
    /// Signed and stored.
    Issued {
        /// Its identifier.
        id: CredentialId,
    },
    /// Would be, without `--dry-run`.
    WouldIssue,
    /// Was before.
    AlreadyIssued {
        /// Its identifier.
        id: CredentialId,
        /// Whether it still stands: `good`, `suspended`, `revoked`.
        standing: &'static str,
    },
    /// Breaks a rule; nothing was signed.
    Refused {
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
}

impl Fate {
    /// The badge, where there is one.
    pub fn id(&self) -> Option<CredentialId> {
        match self {
            Self::Issued { id } | Self::AlreadyIssued { id, .. } => Some(*id),
            Self::WouldIssue | Self::Refused { .. } => None,
        }
    }

    /// Whether there is a badge that stands.
    pub fn stands(&self) -> bool {
        match self {
            Self::Issued { .. } => true,
            Self::AlreadyIssued { standing, .. } => *standing == Standing::Good.as_str(),
            Self::WouldIssue | Self::Refused { .. } => false,
        }
    }
}

impl From<Outcome> for Fate {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Issued(id) => Self::Issued { id },
            Outcome::Already(id, standing) => Self::AlreadyIssued {
                id,
                standing: Standing::as_str(standing),
            },
            Outcome::Refused(findings) => Self::Refused { findings },
        }
    }
}

impl From<Foreseen> for Fate {
    fn from(foreseen: Foreseen) -> Self {
        match foreseen {
            Foreseen::Issued => Self::WouldIssue,
            Foreseen::Already(id, standing) => Outcome::Already(id, standing).into(),
            Foreseen::Refused(findings) => Self::Refused { findings },
        }
    }
}

impl Dealt {
    /// What became of awards and of the rows beside them.
    pub(super) fn of(
        awards: Vec<AwardReport>,
        corrections: Vec<Correction>,
        set_aside: Vec<SetAside>,
    ) -> Self {
        let mut counts = Counts::default();
        for award in &awards {
            let count = match award.fate {
                Fate::Issued { .. } | Fate::WouldIssue => &mut counts.issued,
                Fate::AlreadyIssued { .. } => &mut counts.already_issued,
                Fate::Refused { .. } => &mut counts.refused,
            };
            *count = count.saturating_add(1);
        }
        let mut rows: Vec<u32> = corrections.iter().map(|it| it.row).collect();
        rows.dedup();
        counts.rows_to_correct = rows.len();
        counts.rows_set_aside = set_aside.iter().map(|aside| aside.rows.len()).sum();
        Self {
            counts,
            awards,
            corrections,
            set_aside,
        }
    }

    /// Adds what became of further rows, but for the counts, which the database keeps for all of them.
    pub(super) fn extend(&mut self, more: Self) {
        self.awards.extend(more.awards);
        self.corrections.extend(more.corrections);
        self.set_aside.extend(more.set_aside);
    }
}

impl From<&PartCounts> for Counts {
    fn from(counts: &PartCounts) -> Self {
        let of = |count: i64| usize::try_from(count).unwrap_or(0);
        Self {
            issued: of(counts.issued),
            already_issued: of(counts.already_issued),
            rows_to_correct: of(counts.rows_to_correct),
            rows_set_aside: of(counts.rows_set_aside),
            refused: of(counts.rows_refused),
        }
    }
}
