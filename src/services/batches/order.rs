//! What is to be made of the rows of a batch, as it is kept while they are issued.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::Date;
use time::format_description::well_known::Iso8601;

use super::{Roster, Services};
use crate::ids::BatchId;
use crate::recognition::activity::Activity;
use crate::recognition::ask::{Ask, Badge, Wanted};
use crate::recognition::levels::Level;
use crate::recognition::settings::Settings as Decisions;
use crate::recognition::templates::Awarding;
use crate::services::achievements::{kind_of, level_of, name_of};
use crate::services::issuers::Issuer;
use crate::services::{Actor, Error};
use crate::spreadsheet::{Columns, Format, Mapping, Reading};
use crate::store::Batch;

/// What was asked for. Kept as JSON: a change of its shape must still read what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) achievement: String,
    pub(super) activity: Option<AskedActivity>,
    pub(super) mapping: Mapping,
}

/// An activity, with its days as ISO 8601 writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AskedActivity {
    name: String,
    place: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

/// How the rows are understood. Kept as JSON, as above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Understood {
    pub(super) format: Format,
    pub(super) heading_row: u32,
    pub(super) headings: Vec<String>,
    pub(super) reading: Reading,
    /// The badges that each row is awarded anew.
    pub(super) repeatable: BTreeSet<String>,
}

/// Everything that is needed to issue from the rows of a batch.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) batch: BatchId,
    pub(super) issuer: Issuer,
    pub(super) dry_run: bool,
    pub(super) actor: Actor,
    pub(super) understood: Understood,
    pub(super) decisions: Decisions,
    wanted: Wanted,
    activity: Option<Activity>,
    today: Date,
}

impl Asked {
    pub(super) fn of(roster: &Roster) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        Self {
            achievement: roster.achievement.clone(),
            activity: roster.activity.as_ref().map(|activity| AskedActivity {
                name: activity.name.clone(),
                place: activity.place.clone(),
                start: day(activity.start),
                end: day(activity.end),
            }),
            mapping: roster.mapping.clone(),
        }
    }
}

impl AskedActivity {
    fn activity(&self) -> Result<Activity, Error> {
        let day = |text: &Option<String>| {
            let read = text.as_ref().map(|text| Date::parse(text, &Iso8601::DATE));
            read.transpose().map_err(Error::internal)
        };
        Ok(Activity {
            name: self.name.clone(),
            place: self.place.clone(),
            start: day(&self.start)?,
            end: day(&self.end)?,
        })
    }
}

impl Order {
    /// The order of a batch, as it is kept.
    pub(super) async fn of(services: &Services, batch: &Batch) -> Result<Arc<Self>, Error> {
        let lost = || Error::internal("a batch lacks what was asked for");
        let asked: Asked = read(batch.asked.as_ref().ok_or_else(lost)?)?;
        let understood = read(batch.reading.as_ref().ok_or_else(lost)?)?;
        let row = services
            .store
            .glance()
            .await?
            .issuer(batch.issuer_id)
            .await?;
        let issuer = Issuer::from_row(&row.ok_or_else(lost)?)?;
        let actor = Actor {
            name: batch.actor.clone().ok_or_else(lost)?,
            issuer: Some(issuer.id),
            request: batch.request.clone(),
        };
        let activity = asked.activity.as_ref().map(AskedActivity::activity);
        Ok(Arc::new(Self {
            batch: batch.id,
            dry_run: batch.dry_run,
            wanted: wanted(services, &issuer, &asked.achievement).await?,
            activity: activity.transpose()?,
            // The day it was asked for: whoever takes up a part again makes the same of it.
            today: batch.started_at.date(),
            decisions: Decisions::default(),
            issuer,
            actor,
            understood,
        }))
    }

    /// What its rows are planned for.
    pub(super) fn ask(&self) -> Ask<'_> {
        let (wanted, activity) = (self.wanted.clone(), self.activity.clone());
        ask(
            &self.decisions,
            wanted,
            activity,
            self.today,
            self.understood.repeatable.clone(),
        )
    }
}

impl Understood {
    pub(super) fn columns(&self) -> &Columns {
        self.reading.columns()
    }
}

pub(super) fn ask(
    settings: &Decisions,
    wanted: Wanted,
    activity: Option<Activity>,
    today: Date,
    repeatable: BTreeSet<String>,
) -> Ask<'_> {
    Ask {
        wanted,
        activity,
        today,
        settings,
        repeatable,
    }
}

/// Which badges a roster leads to: those of a founding family, or one badge.
pub(super) async fn wanted(
    services: &Services,
    issuer: &Issuer,
    achievement: &str,
) -> Result<Wanted, Error> {
    if let Some(wanted) = Wanted::founding(achievement, &Decisions::default()) {
        return Ok(wanted);
    }
    let version = services.current(issuer, achievement).await?;
    let awarding = match level_of(&version.level)? {
        Level::R1 | Level::R2 | Level::R3 => Awarding::Organiser,
        Level::R4 => Awarding::Peer,
        Level::R5 | Level::R6 => Awarding::Assessor,
        Level::L => Awarding::Committee,
    };
    Ok(Wanted::One(Badge {
        name: name_of(&version)?,
        slug: achievement.to_owned(),
        recipient: kind_of(version.recipient_kind),
        awarding,
        results: Vec::new(),
    }))
}

pub(super) fn written<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// The same, where it is kept.
pub(super) fn read_if<T: for<'de> Deserialize<'de>>(
    text: Option<&str>,
) -> Result<Option<T>, Error> {
    text.map(read).transpose()
}
