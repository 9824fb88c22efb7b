//! What became of each row of a batch, in the order of the file.
//!
//! A row is told from the report of its part; where it counts on the badge of another part's row, that
//! report is looked up. Which badges there are, whatever the rows, is told in `dealt`; the same as a
//! sheet in [`super::result_file`].

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use super::stored::{StoredReport, StoredRow, unpacked};
use super::{Dealt, Fate, Services};
use crate::ids::{BatchId, CredentialId};
use crate::recognition::outcome::Counted;
use crate::services::Error;
use crate::store::{BatchState, Part, RowsThat};

/// How a row came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// A badge was issued for it.
    Issued,
    /// Its badges were issued before.
    AlreadyIssued,
    /// A badge would be issued for it, if this were not a dry run.
    WouldIssue,
    /// It counts on the badge of an earlier row.
    Counted,
    /// Something in it is to be corrected.
    ToCorrect,
    /// It is in order and leads to no badge.
    SetAside,
    /// Its badge breaks a rule; nothing was signed.
    Refused,
    /// It was not dealt with yet.
    Waiting,
    /// The batch was cancelled before it was dealt with.
    Cancelled,
}

impl RowOutcome {
    const ALL: [Self; 9] = [
        Self::Issued,
        Self::AlreadyIssued,
        Self::WouldIssue,
        Self::Counted,
        Self::ToCorrect,
        Self::SetAside,
        Self::Refused,
        Self::Waiting,
        Self::Cancelled,
    ];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::AlreadyIssued => "already_issued",
            Self::WouldIssue => "would_issue",
            Self::Counted => "counted",
            Self::ToCorrect => "to_correct",
            Self::SetAside => "set_aside",
            Self::Refused => "refused",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
        }
    }

    /// Which parts have such rows.
    fn that(self) -> RowsThat {
        match self {
            Self::Issued | Self::WouldIssue | Self::Counted => RowsThat::WereIssued,
            Self::AlreadyIssued => RowsThat::WereIssuedBefore,
            Self::ToCorrect => RowsThat::NeedCorrection,
            Self::SetAside => RowsThat::WereSetAside,
            Self::Refused => RowsThat::WereRefused,
            Self::Waiting | Self::Cancelled => RowsThat::Wait,
        }
    }
}

impl FromStr for RowOutcome {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            Error::Refused(format!("“{text}” is no outcome of a row; there are {all}"))
        })
    }
}

/// A row, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BatchRow)]
pub struct RowTold {
    /// Its number in the file.
    pub row: u32,
    /// How it came out.
    pub outcome: RowOutcome,
    /// The badges it led to.
    pub badges: Vec<RowBadge>,
    /// Everything that is to be corrected in it.
    pub corrections: Vec<RowCorrection>,
    /// Why it leads to no badge, where nothing in it is wrong; or with which row it counts.
    pub reason: Option<String>,
    /// That row.
    pub counts_with: Option<u32>,
    /// Its cells, as the organiser wrote them.
    #[serde(skip)]
    pub cells: Vec<String>,
}

/// A badge that a row led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowBadge {
    /// Which badge class, by its short name.
    pub achievement: String,
    /// Its identifier; none where it is not issued.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub id: Option<CredentialId>,
    /// Of one that was issued before: `good`, `suspended` or `revoked`.
    #[schema(example = "good")]
    pub standing: Option<&'static str>,
}

/// Something to correct in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowCorrection {
    /// The cell, as in `C12`; none where the whole row is meant.
    #[schema(example = "C12")]
    pub cell: Option<String>,
    /// The heading of its column.
    pub heading: Option<String>,
    /// What is written there.
    pub value: String,
    /// Which rule, as a stable dotted name.
    #[schema(example = "email.syntax")]
    pub rule: String,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do, in a sentence.
    pub advice: String,
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct RowsPage {
    /// The rows, in the order of the file.
    pub rows: Vec<RowTold>,
    /// The row after which the next page begins; none after the last.
    pub next: Option<u32>,
}

/// Rows of a batch, from the first to the last, a part at a time.
#[derive(Debug)]
pub(super) struct Walk {
    batch: BatchId,
    ended: bool,
    that: RowsThat,
    next: i64,
}

impl Walk {
    pub(super) fn new(batch: BatchId, state: BatchState, that: RowsThat) -> Self {
        Self {
            batch,
            ended: state == BatchState::Cancelled,
            that,
            next: 0,
        }
    }

    /// The rows of the next part; none after the last.
    pub(super) async fn part(
        &mut self,
        services: &Services,
    ) -> Result<Option<Vec<RowTold>>, Error> {
        let mut tx = services.store.glance().await?;
        let Some(part) = tx.part_from(self.batch, self.next, self.that).await? else {
            return Ok(None);
        };
        drop(tx);
        self.next = part.number.saturating_add(1);
        let ended = self.ended;
        let read = tokio::task::spawn_blocking(move || read(&part, ended));
        let mut rows = read.await.map_err(Error::internal)??;
        for row in &mut rows {
            services.find_counted(self.batch, row).await?;
        }
        Ok(Some(rows.into_iter().map(|(row, _)| row).collect()))
    }
}

/// A row, and the one with which it counts where that is in another part.
type Read = (RowTold, Option<u32>);

/// The rows of a part, told.
fn read(part: &Part, ended: bool) -> Result<Vec<Read>, Error> {
    let stored: Vec<StoredRow> = unpacked(&part.rows)?;
    let numbers: Vec<u32> = stored.iter().map(|row| row.number).collect();
    let mut rows: Vec<_> = match &part.report {
        None => {
            let outcome = if ended {
                RowOutcome::Cancelled
            } else {
                RowOutcome::Waiting
            };
            let rows = numbers.iter();
            rows.map(|row| (RowTold::new(*row, outcome), None))
                .collect()
        }
        Some(report) => {
            let (dealt, counted) = unpacked::<StoredReport>(report)?.dealt();
            let firsts: BTreeMap<u32, u32> = counted.iter().map(|it| (it.row, it.first)).collect();
            let rows = told(&numbers, &dealt, &counted).into_iter();
            rows.map(|row| {
                let first = firsts.get(&row.row).copied();
                (row, first)
            })
            .collect()
        }
    };
    for ((row, _), stored) in rows.iter_mut().zip(stored) {
        row.cells = stored.cells;
    }
    Ok(rows)
}

/// What became of each of these rows.
pub(super) fn told(rows: &[u32], dealt: &Dealt, counted: &[Counted]) -> Vec<RowTold> {
    let mut all: BTreeMap<u32, RowTold> = rows
        .iter()
        .map(|row| (*row, RowTold::new(*row, RowOutcome::SetAside)))
        .collect();
    for aside in &dealt.set_aside {
        for row in &aside.rows {
            if let Some(told) = all.get_mut(row) {
                told.reason = Some(aside.reason.to_string());
            }
        }
    }
    for award in &dealt.awards {
        let first = award.rows.first();
        for row in &award.rows {
            if let Some(told) = all.get_mut(row) {
                told.add(&award.achievement, &award.fate);
                if let Some(first) = first.filter(|first| *first != row)
                    && told.outcome == RowOutcome::Issued
                    && told.reason.is_none()
                {
                    told.count_with(*first);
                }
            }
        }
    }
    for Counted { row, first } in counted {
        if let Some(told) = all.get_mut(row) {
            told.outcome = RowOutcome::Counted;
            told.count_with(*first);
        }
    }
    for correction in &dealt.corrections {
        if let Some(told) = all.get_mut(&correction.row) {
            told.outcome = RowOutcome::ToCorrect;
            told.corrections.push(RowCorrection {
                cell: correction.place.as_ref().map(|_| correction.cell()),
                heading: correction
                    .place
                    .as_ref()
                    .map(|place| place.heading.to_string()),
                value: correction.value.clone(),
                rule: correction.rule.to_owned(),
                what: correction.what.clone(),
                advice: correction.advice.clone(),
            });
        }
    }
    all.into_values().collect()
}

impl RowTold {
    fn new(row: u32, outcome: RowOutcome) -> Self {
        Self {
            row,
            outcome,
            badges: Vec::new(),
            corrections: Vec::new(),
            reason: None,
            counts_with: None,
            cells: Vec::new(),
        }
    }

    fn count_with(&mut self, first: u32) {
        self.reason = Some(format!("It counts on the badge of row {first}."));
        self.counts_with = Some(first);
    }

    /// Adds a badge. Of several the one that tells most decides: a refusal, then one that was issued now.
    fn add(&mut self, achievement: &str, fate: &Fate) {
        let outcome = match fate {
            Fate::Issued { .. } => RowOutcome::Issued,
            Fate::WouldIssue => RowOutcome::WouldIssue,
            Fate::AlreadyIssued { .. } => RowOutcome::AlreadyIssued,
            Fate::Refused { findings } => {
                self.corrections
                    .extend(findings.iter().map(|finding| RowCorrection {
                        cell: None,
                        heading: None,
                        value: String::new(),
                        rule: finding.rule.to_owned(),
                        what: finding.message.clone(),
                        advice: finding.advice.clone(),
                    }));
                RowOutcome::Refused
            }
        };
        let says_more = match (self.outcome, outcome) {
            (RowOutcome::SetAside, _) | (_, RowOutcome::Refused) => true,
            (RowOutcome::AlreadyIssued, new) => new != RowOutcome::AlreadyIssued,
            _ => false,
        };
        if says_more {
            self.outcome = outcome;
        }
        self.badges.push(RowBadge {
            achievement: achievement.to_owned(),
            id: fate.id(),
            standing: match fate {
                Fate::AlreadyIssued { standing, .. } => Some(standing),
                _ => None,
            },
        });
    }
}

impl Services {
    /// At most `limit` rows of a batch that came out in a way, or all, after a row of the file.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Gone`] once its rows are forgotten.
    pub async fn batch_rows(
        &self,
        batch: &str,
        outcome: Option<RowOutcome>,
        after: Option<u32>,
        limit: usize,
    ) -> Result<RowsPage, Error> {
        let mut tx = self.store.glance().await?;
        let row = self.own_batch(&mut tx, batch).await?;
        let that = outcome.map_or(RowsThat::Are, RowOutcome::that);
        let mut walk = Walk::new(row.id, row.state, that);
        let after = after.unwrap_or(0);
        if let Some(part) = tx.part_with(row.id, after).await? {
            walk.next = part.number;
        } else if tx.part_from(row.id, 0, RowsThat::Are).await?.is_none() {
            return Err(forgotten(&row.id));
        }
        drop(tx);
        let mut rows = Vec::new();
        while let Some(part) = walk.part(self).await? {
            for told in part {
                if told.row <= after || outcome.is_some_and(|outcome| told.outcome != outcome) {
                    continue;
                }
                if rows.len() >= limit {
                    let next = rows.last().map(|told: &RowTold| told.row);
                    return Ok(RowsPage { rows, next });
                }
                rows.push(told);
            }
        }
        Ok(RowsPage { rows, next: None })
    }

    /// Finds the badge on which a row counts, where that is the badge of a row in another part.
    async fn find_counted(&self, batch: BatchId, (told, first): &mut Read) -> Result<(), Error> {
        let Some(first) = first else { return Ok(()) };
        let part = self.store.glance().await?.part_with(batch, *first).await?;
        let Some(Part {
            report: Some(report),
            ..
        }) = part
        else {
            return Ok(());
        };
        let (dealt, _) = unpacked::<StoredReport>(&report)?.dealt();
        for award in dealt
            .awards
            .iter()
            .filter(|award| award.rows.contains(first))
        {
            told.add(&award.achievement, &award.fate);
        }
        told.outcome = RowOutcome::Counted;
        Ok(())
    }
}

/// The rows of a batch were forgotten.
pub(super) fn forgotten(batch: &BatchId) -> Error {
    Error::Gone {
        what: "list of rows of the batch",
        id: batch.to_string(),
    }
}

#[cfg(test)]
mod tests;
