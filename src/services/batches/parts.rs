//! A part of a batch: its rows planned, and what became of them told.

use super::order::Order;
use super::stored::{StoredReport, StoredRow, packed, unpacked};
use super::{AwardReport, Dealt, Fate};
use crate::recognition::ask::Wanted;
use crate::recognition::earlier::Among;
use crate::recognition::entry::Entry;
use crate::recognition::outcome::{Outcome as Plan, Planned};
use crate::recognition::roster;
use crate::services::Error;
use crate::services::issuing::Wanted as WantedAward;
use crate::spreadsheet::Row;
use crate::store::{HeldPart, PartCounts};

/// A part that is planned: what is to be awarded, and everything that is told of the rest.
#[derive(Debug)]
pub(super) struct PlannedPart {
    pub(super) held: HeldPart,
    /// The numbers of its rows, in their order.
    rows: Vec<u32>,
    plan: Plan,
}

impl PlannedPart {
    /// Plans the rows of a part.
    pub(super) fn of(order: &Order, mut held: HeldPart) -> Result<Self, Error> {
        let stored: Vec<StoredRow> = unpacked(&std::mem::take(&mut held.rows))?;
        let rows = stored.iter().map(|row| row.number).collect();
        let ask = order.ask();
        let entry = |row: StoredRow| {
            let (number, cells) = (row.number, row.cells);
            order.understood.reading.entry(&Row { number, cells })
        };
        let mut entries: Vec<(Entry, Option<Among>)> = Vec::with_capacity(stored.len());
        let mut late = Vec::new();
        for mut row in stored {
            let (among, first) = (row.among, row.number);
            let more = std::mem::take(&mut row.more);
            entries.push((entry(row), among));
            let adds = Some(Among::AddsTo { first });
            late.extend(more.into_iter().map(|row| (entry(row), adds)));
        }
        // In the order of the file.
        entries.extend(late);
        let plan = if matches!(ask.wanted, Wanted::Cec) {
            let entries: Vec<_> = entries.into_iter().map(|(entry, _)| entry).collect();
            roster::plan(&entries, &ask)
        } else {
            let rows = entries.iter();
            roster::gather(rows.map(|(entry, among)| (entry, roster::row(entry, &ask), *among)))
        };
        Ok(Self { held, rows, plan })
    }

    /// The badges its awards are of.
    pub(super) fn badges(&self) -> impl Iterator<Item = &str> {
        let awards = self.plan.awards.iter();
        awards.map(|planned| planned.award.achievement.as_str())
    }

    /// How many rows it has.
    pub(super) fn row_count(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// How many awards it leads to.
    pub(super) fn awards(&self) -> usize {
        self.plan.awards.len()
    }

    /// Its awards, to be issued; what is told of them stays.
    pub(super) fn wanted(&self, order: &Order) -> Vec<WantedAward> {
        let wanted = |Planned { rows, award }: &Planned| WantedAward {
            award: award.clone(),
            batch: Some(order.batch),
            // Whoever takes the part up again asks for the same.
            occasion: format!(
                "{} {}",
                order.batch,
                rows.first().copied().unwrap_or_default()
            ),
        };
        self.plan.awards.iter().map(wanted).collect()
    }

    /// What became of its rows, to be kept with it; `fates` is one for each of its awards.
    pub(super) fn report(&self, fates: &[Fate]) -> Result<(PartCounts, Vec<u8>), Error> {
        let awards = self.plan.awards.iter().zip(fates);
        let awards = awards.map(|(Planned { rows, award }, fate)| AwardReport {
            rows: rows.clone(),
            achievement: award.achievement.clone(),
            recipient: award.recipient.name().to_owned(),
            fate: fate.clone(),
        });
        let (corrections, set_aside) = (self.plan.corrections.clone(), self.plan.set_aside.clone());
        let dealt = Dealt::of(awards.collect(), corrections, set_aside);
        let counts = self.counts(&dealt);
        let stored = StoredReport::of(dealt, self.plan.counted.clone());
        Ok((counts, packed(&stored)?))
    }

    fn counts(&self, dealt: &Dealt) -> PartCounts {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut counts = PartCounts {
            issued: count(dealt.counts.issued),
            already_issued: count(dealt.counts.already_issued),
            ..PartCounts::default()
        };
        for told in super::rows::told(&self.rows, dealt, &self.plan.counted) {
            use super::rows::RowOutcome as Came;
            let of_rows = match told.outcome {
                Came::Issued | Came::WouldIssue | Came::Counted => &mut counts.rows_issued,
                Came::AlreadyIssued => &mut counts.rows_already,
                Came::ToCorrect => &mut counts.rows_to_correct,
                Came::SetAside => &mut counts.rows_set_aside,
                Came::Refused => &mut counts.rows_refused,
                Came::Waiting | Came::Cancelled => continue,
            };
            *of_rows = of_rows.saturating_add(1);
        }
        counts
    }
}
