//! A roster becomes badges: every good row is issued whatever the others are, and each row is told
//! what became of it.
//!
//! Running a corrected roster again issues only what is missing: the same person, badge and activity
//! are the same award.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::issuers::Issuer;
use super::issuing::{Foreseen, Outcome};
use super::{Error, Services};
use crate::ids::{BatchId, CredentialId};
use crate::openbadges::model::checked::Finding;
use crate::recognition::activity::Activity;
use crate::recognition::ask::{Ask, Badge, Wanted};
use crate::recognition::entry::{Correction, Entry};
use crate::recognition::levels::Level;
use crate::recognition::outcome::{Outcome as Plan, Planned, SetAside};
use crate::recognition::roster;
use crate::recognition::settings::Settings as Decisions;
use crate::recognition::templates::Awarding;
use crate::spreadsheet::{self, Columns, Format, Limits, Purpose};
use crate::store::{BatchCounts, Standing};

/// What `--achievement` says for the whole fresque family: each row's workshop and role decide.
pub const FRESQUES: &str = "fresques";

/// What `--achievement` says for a CEC's attendance sheet.
pub const CEC: &str = "cec";

/// A roster to be imported.
#[derive(Debug, Clone)]
pub struct Roster<'a> {
    /// The file's name.
    pub name: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// Which badge: its short name, or [`FRESQUES`], or [`CEC`].
    pub achievement: &'a str,
    /// What it was earned at, where the sheet does not say.
    pub activity: Option<Activity>,
    /// Only tell what would happen.
    pub dry_run: bool,
}

/// How one badge is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Issue it, unless it was issued before.
    Once,
    /// Issue it anew where it was revoked.
    Again,
    /// Only tell what would happen.
    DryRun,
}

/// What became of a roster.
#[derive(Debug, Clone, Serialize)]
pub struct RosterReport {
    /// The file's name.
    pub file: String,
    /// What the file turned out to be.
    #[serde(flatten)]
    pub format: Format,
    /// Whether this only tells what would happen.
    pub dry_run: bool,
    /// How the columns were understood.
    pub columns: Columns,
    /// How many rows hold something.
    pub rows: usize,
    /// How many rows were blank.
    pub blank_rows: usize,
    /// What became of the rows.
    #[serde(flatten)]
    pub dealt: Dealt,
}

/// What became of rows.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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
}

impl Services {
    /// Imports a roster. `planned` is told how many badges it leads to, `done` how many of them have
    /// been dealt with.
    ///
    /// # Errors
    /// [`Error::Refused`] when the file can't be read; nothing was issued then.
    pub async fn import_roster(
        &self,
        issuer: Option<&str>,
        roster: &Roster<'_>,
        planned: impl FnOnce(usize),
        done: impl Fn(usize),
    ) -> Result<RosterReport, Error> {
        let issuer = self.issuer(issuer).await?;
        let table = spreadsheet::read(roster.bytes, &Limits::default()).map_err(unreadable)?;
        let decisions = Decisions::default();
        let wanted = self.wanted(&issuer, roster.achievement, &decisions).await?;
        let entries = spreadsheet::entries(&table, Purpose::of(&wanted)).map_err(unreadable)?;
        let plan = self.plan(&entries, wanted, roster.activity.clone(), &decisions);
        planned(plan.awards.len());
        let batch = if roster.dry_run {
            None
        } else {
            Some(self.begin_batch(&issuer, roster).await?)
        };
        let dealt = self
            .deal(&issuer, plan, batch, roster.dry_run, done)
            .await?;
        if let Some(batch) = batch {
            self.finish_batch(batch, dealt.counts).await?;
        }
        Ok(RosterReport {
            file: roster.name.to_owned(),
            format: table.format,
            dry_run: roster.dry_run,
            columns: table.columns,
            rows: table.rows.len(),
            blank_rows: table.blank_rows,
            dealt,
        })
    }

    /// Issues from one row that somebody typed instead of a sheet: the same rules decide.
    pub async fn issue_entry(
        &self,
        issuer: Option<&str>,
        achievement: &str,
        entry: Entry,
        activity: Option<Activity>,
        how: How,
    ) -> Result<Dealt, Error> {
        let (issuer, plan) = self
            .plan_entry(issuer, achievement, entry, activity)
            .await?;
        if how == How::Again {
            self.free_revoked(&issuer, &plan).await?;
        }
        let dry_run = how == How::DryRun;
        self.deal(&issuer, plan, None, dry_run, |_| ()).await
    }

    /// What one row leads to, and for whom it would be issued.
    pub(super) async fn plan_entry(
        &self,
        issuer: Option<&str>,
        achievement: &str,
        entry: Entry,
        activity: Option<Activity>,
    ) -> Result<(Issuer, Plan), Error> {
        let issuer = self.issuer(issuer).await?;
        let decisions = Decisions::default();
        let wanted = self.wanted(&issuer, achievement, &decisions).await?;
        let plan = self.plan(&[entry], wanted, activity, &decisions);
        Ok((issuer, plan))
    }

    /// Lets the same awards be made anew where they were revoked.
    async fn free_revoked(&self, issuer: &Issuer, plan: &Plan) -> Result<(), Error> {
        let mut tx = self.store.write().await?;
        let mut freed = Vec::new();
        for planned in &plan.awards {
            let key = self.award_key(issuer, &planned.award);
            if let Some(row) = tx.credential_by_award_key(key).await?
                && tx.free_award_key(row.id).await?
            {
                freed.push((self.actor.as_ref(), Some(row.id.0)));
            }
        }
        self.audit_all(&mut tx, "credential.replace", "credential", &freed)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Issues what a plan leads to, or foresees it.
    pub(super) async fn deal(
        &self,
        issuer: &Issuer,
        plan: Plan,
        batch: Option<BatchId>,
        dry_run: bool,
        done: impl Fn(usize),
    ) -> Result<Dealt, Error> {
        let Plan {
            awards,
            corrections,
            set_aside,
        } = plan;
        let (rows, awards): (Vec<_>, Vec<_>) = awards
            .into_iter()
            .map(|Planned { rows, award }| (rows, award))
            .unzip();
        let fates: Vec<Fate> = if dry_run {
            let foreseen = self.foresee(issuer, &awards).await?;
            foreseen.into_iter().map(Fate::from).collect()
        } else if let (None, [award]) = (batch, awards.as_slice()) {
            vec![self.issue_together(issuer, award.clone()).await?.into()]
        } else {
            let outcomes = self.issue(issuer, &awards, batch, done).await?;
            outcomes.into_iter().map(Fate::from).collect()
        };
        let counts = Counts::of(&fates, &corrections, &set_aside);
        let awards = awards
            .iter()
            .zip(rows)
            .zip(fates)
            .map(|((award, rows), fate)| AwardReport {
                rows,
                achievement: award.achievement.clone(),
                recipient: award.recipient.name().to_owned(),
                fate,
            });
        Ok(Dealt {
            counts,
            awards: awards.collect(),
            corrections,
            set_aside,
        })
    }

    /// Which badges a roster leads to: those of a founding family, or one badge.
    async fn wanted(
        &self,
        issuer: &Issuer,
        achievement: &str,
        decisions: &Decisions,
    ) -> Result<Wanted, Error> {
        if let Some(wanted) = Wanted::founding(achievement, decisions) {
            return Ok(wanted);
        }
        let version = self.current(issuer, achievement).await?;
        let awarding = match super::achievements::level_of(&version.level)? {
            Level::R1 | Level::R2 | Level::R3 => Awarding::Organiser,
            Level::R4 => Awarding::Peer,
            Level::R5 | Level::R6 => Awarding::Assessor,
            Level::L => Awarding::Committee,
        };
        Ok(Wanted::One(Badge {
            name: super::achievements::name_of(&version)?,
            slug: achievement.to_owned(),
            recipient: super::achievements::kind_of(version.recipient_kind),
            awarding,
            results: Vec::new(),
        }))
    }

    fn plan(
        &self,
        entries: &[Entry],
        wanted: Wanted,
        activity: Option<Activity>,
        decisions: &Decisions,
    ) -> Plan {
        let today = self.world.clock.now().date();
        roster::plan(
            entries,
            &Ask {
                wanted,
                activity,
                today,
                settings: decisions,
            },
        )
    }

    async fn begin_batch(&self, issuer: &Issuer, roster: &Roster<'_>) -> Result<BatchId, Error> {
        let batch = BatchId::mint(self.world.entropy.as_ref())?;
        let digest = Sha256::digest(roster.bytes).into();
        let mut tx = self.store.write().await?;
        tx.insert_batch(
            batch,
            issuer.id,
            digest,
            roster.name,
            self.world.clock.now(),
        )
        .await?;
        self.audit(&mut tx, "batch.import", "batch", Some(batch.0))
            .await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn finish_batch(&self, batch: BatchId, counts: Counts) -> Result<(), Error> {
        let counts = BatchCounts {
            issued: counted(counts.issued),
            already_issued: counted(counts.already_issued),
            to_correct: counted(counts.rows_to_correct.saturating_add(counts.refused)),
        };
        let mut tx = self.store.write().await?;
        let was_open = tx
            .finish_batch(batch, counts, self.world.clock.now())
            .await?;
        if !was_open {
            return Err(Error::internal("an import was finished twice"));
        }
        Ok(tx.commit().await?)
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

impl Counts {
    fn of(fates: &[Fate], corrections: &[Correction], set_aside: &[SetAside]) -> Self {
        let mut counts = Self::default();
        for fate in fates {
            let count = match fate {
                Fate::Issued { .. } | Fate::WouldIssue => &mut counts.issued,
                Fate::AlreadyIssued { .. } => &mut counts.already_issued,
                Fate::Refused { .. } => &mut counts.refused,
            };
            *count = count.saturating_add(1);
        }
        let mut rows: Vec<u32> = corrections
            .iter()
            .map(|correction| correction.row)
            .collect();
        rows.dedup();
        counts.rows_to_correct = rows.len();
        counts.rows_set_aside = set_aside.iter().map(|aside| aside.rows.len()).sum();
        counts
    }
}

fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn unreadable(error: spreadsheet::SpreadsheetError) -> Error {
    Error::Refused(error.to_string())
}
