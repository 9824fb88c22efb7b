//! Where batches are worked on: the installation here, or a server over REST. Both do the same, and
//! answer with the same JSON.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use clap::Args;
use serde_json::{Value, json};

use super::super::arguments::Place;
use super::super::outcome::WrongUse;
use super::super::print::Printer;
use super::super::remote::{Method, Remote, Token};
use super::super::roster::{self, Award, Report};
use super::told::Batch;
use super::{here, there};
use crate::config;
use crate::ids::CredentialId;
use crate::recognition::activity::Activity;
use crate::services::Services;
use crate::services::batches::Roster;
use crate::services::batches::rows::RowOutcome;
use crate::services::presenting::{Format, Pictures};
use crate::spreadsheet::{Mapping, ResultFormat};
use crate::texts::Language;

/// A server in place of the installation here.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Server")]
pub(in crate::cli) struct At {
    /// Work on this server, `https://badges.example.org` say, in place of the installation here
    #[arg(long, global = true, env = config::SERVER, value_name = "URL")]
    server: Option<String>,

    /// The access token for it; what is typed others may see, so rather give it as `BADGEONS_TOKEN`
    #[arg(long, global = true, env = config::TOKEN, value_name = "TOKEN", hide_env_values = true)]
    token: Option<Token>,
}

impl At {
    /// The way to where the work is done.
    pub(in crate::cli) async fn door(&self, place: &Place) -> anyhow::Result<Door> {
        let Some(server) = self.server() else {
            return Ok(Door::Here(place.services().await?));
        };
        let token = self.token.clone().filter(|token| !token.is_empty());
        let Some(token) = token else {
            return Err(WrongUse(format!(
                "the server asks who you are; give a token with the scope batches:write as {} \
                 (made there with `badgeons tokens create`)",
                config::TOKEN
            ))
            .into());
        };
        Ok(Door::There(Box::new(Remote::new(server, token)?)))
    }

    /// The installation here, for what a server can't be asked.
    pub(in crate::cli) async fn here(&self, place: &Place, what: &str) -> anyhow::Result<Services> {
        if self.server().is_some() {
            return Err(WrongUse(format!(
                "{what} on the installation here; leave out --server (and {})",
                config::SERVER
            ))
            .into());
        }
        place.services().await
    }

    /// An empty environment variable names none.
    fn server(&self) -> Option<&str> {
        let server = self.server.as_deref().map(str::trim);
        server.filter(|server| !server.is_empty())
    }
}

/// The way to where the work is done.
#[derive(Debug)]
pub(in crate::cli) enum Door {
    /// The installation here.
    Here(Services),
    /// A server.
    There(Box<Remote>),
}

/// What is asked for of a roster.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Order {
    /// The file's name.
    pub(in crate::cli) name: String,
    /// Which badge.
    pub(in crate::cli) achievement: String,
    /// Whose.
    pub(in crate::cli) issuer: Option<String>,
    /// What its columns hold, as it was typed.
    pub(in crate::cli) map: Vec<String>,
    /// What it was earned at.
    pub(in crate::cli) activity: Option<Activity>,
    /// Only tell what would happen.
    pub(in crate::cli) dry_run: bool,
}

/// Which rows to list.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowsAsked {
    pub(super) outcome: Option<RowOutcome>,
    pub(super) after: Option<u32>,
    pub(super) limit: u32,
}

/// What is to happen to a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steer {
    Pause,
    Resume,
    Cancel,
}

impl Steer {
    /// As its address ends.
    fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
        }
    }
}

impl Order {
    /// As the query of a request.
    pub(super) fn query(&self) -> Vec<(String, String)> {
        let activity = self.activity.as_ref();
        let day = |day: Option<time::Date>| day.map(|day| day.to_string());
        let start = activity.and_then(|it| day(it.start));
        let end = activity
            .and_then(|it| day(it.end))
            .filter(|end| start.as_ref() != Some(end));
        let known = [
            ("name", Some(self.name.clone())),
            ("achievement", Some(self.achievement.clone())),
            ("issuer", self.issuer.clone()),
            ("activity", activity.map(|it| it.name.clone())),
            ("place", activity.and_then(|it| it.place.clone())),
            ("date", start),
            ("end_date", end),
            ("dry_run", self.dry_run.then(|| "true".to_owned())),
        ];
        let known = known
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let map = self
            .map
            .iter()
            .map(|mapped| ("map".to_owned(), mapped.clone()));
        known.chain(map).collect()
    }
}

impl Door {
    /// Imports a roster to its end; the report.
    pub(in crate::cli) async fn import(
        &self,
        order: Order,
        file: Box<File>,
        printer: &Printer,
    ) -> anyhow::Result<Value> {
        // What is no mapping is refused before anything is sent.
        let mapping = Mapping::parse(&order.map).map_err(|error| WrongUse(error.to_string()))?;
        match self {
            Self::Here(services) => {
                let issuer = order.issuer.clone();
                let roster = Roster {
                    name: order.name,
                    file,
                    achievement: order.achievement,
                    activity: order.activity,
                    mapping,
                    dry_run: order.dry_run,
                };
                let report = here::import(services, issuer.as_deref(), roster, printer).await?;
                Ok(serde_json::to_value(report)?)
            }
            Self::There(remote) => there::import(remote, &order, &file, printer).await,
        }
    }

    /// What became of a whole roster.
    pub(super) async fn report(&self, id: &str) -> anyhow::Result<Value> {
        Ok(match self {
            Self::Here(services) => serde_json::to_value(services.roster_report(id).await?)?,
            Self::There(remote) => remote.get(&there::batch(id, &["report"]), &[]).await?.body,
        })
    }

    /// A batch, and how far it has come.
    pub(super) async fn batch(&self, id: &str) -> anyhow::Result<Batch> {
        match self {
            Self::Here(services) => roster::read(&services.batch(id).await?),
            Self::There(remote) => there::read(remote, id).await,
        }
    }

    /// The latest batches.
    pub(super) async fn batches(
        &self,
        issuer: Option<&str>,
        limit: u32,
    ) -> anyhow::Result<Vec<Batch>> {
        match self {
            Self::Here(services) => roster::read(&services.batches(issuer, None, limit).await?),
            Self::There(remote) => {
                let mut query = vec![("limit".to_owned(), limit.to_string())];
                query.extend(issuer.map(|issuer| ("issuer".to_owned(), issuer.to_owned())));
                Ok(serde_json::from_value(
                    remote.get(&there::BATCHES, &query).await?.body,
                )?)
            }
        }
    }

    /// Some rows, and the one after which the next are.
    pub(super) async fn rows(&self, id: &str, asked: RowsAsked) -> anyhow::Result<Value> {
        match self {
            Self::Here(services) => {
                let limit = usize::try_from(asked.limit)?;
                let page = services
                    .batch_rows(id, asked.outcome, asked.after, limit)
                    .await?;
                Ok(json!({ "rows": page.rows, "next": page.next }))
            }
            Self::There(remote) => there::rows(remote, id, asked).await,
        }
    }

    /// Has a batch wait, go on, or end.
    pub(super) async fn steer(&self, id: &str, how: Steer) -> anyhow::Result<Batch> {
        match (self, how) {
            (Self::There(remote), _) => {
                let path = there::batch(id, &[how.as_str()]);
                let steered = remote.send(Method::POST, &path, None).await?;
                Ok(serde_json::from_value(steered.body)?)
            }
            (Self::Here(services), Steer::Pause) => roster::read(&services.pause_batch(id).await?),
            (Self::Here(services), Steer::Resume) => {
                roster::read(&services.resume_batch(id).await?)
            }
            (Self::Here(services), Steer::Cancel) => {
                roster::read(&services.cancel_batch(id).await?)
            }
        }
    }

    /// Revokes what a batch issued.
    pub(super) async fn revoke(
        &self,
        id: &str,
        reason: &str,
        printer: &Printer,
    ) -> anyhow::Result<Value> {
        match self {
            Self::Here(services) => {
                let bar = here::bar_of_badges(services, id, "Revoking", printer).await?;
                let done = services
                    .revoke_batch(id, reason, |done| here::set(&bar, done))
                    .await;
                bar.finish_and_clear();
                Ok(serde_json::to_value(done?)?)
            }
            Self::There(remote) => {
                let path = there::batch(id, &["revoke"]);
                let body = json!({ "reason": reason });
                there::waited(
                    remote,
                    Method::POST,
                    &path,
                    Some(&body),
                    "Revoking",
                    printer,
                )
                .await
            }
        }
    }

    /// Erases the personal data of what a batch issued, and its rows.
    pub(super) async fn erase(&self, id: &str, printer: &Printer) -> anyhow::Result<Value> {
        match self {
            Self::Here(services) => {
                let bar = here::bar_of_badges(services, id, "Erasing", printer).await?;
                let done = services.erase_batch(id, |done| here::set(&bar, done)).await;
                bar.finish_and_clear();
                Ok(serde_json::to_value(done?)?)
            }
            Self::There(remote) => {
                let path = there::batch(id, &["personal-data"]);
                there::waited(remote, Method::DELETE, &path, None, "Erasing", printer).await
            }
        }
    }

    /// The organiser's own sheet with what became of each row, as a file at its beginning.
    pub(in crate::cli) async fn result(
        &self,
        id: &str,
        format: ResultFormat,
        language: Language,
        printer: &Printer,
    ) -> anyhow::Result<File> {
        match self {
            Self::Here(services) => {
                let bar = printer.waiting("Writing the result");
                let file = services.batch_result(id, format, language).await;
                bar.finish_and_clear();
                Ok(file?.file)
            }
            Self::There(remote) => there::result(remote, id, format, language, printer).await,
        }
    }

    /// The badges of a batch in one ZIP, as a file at its beginning.
    pub(super) async fn archive(
        &self,
        id: &str,
        format: Format,
        printer: &Printer,
    ) -> anyhow::Result<File> {
        let services = match self {
            Self::Here(services) => services,
            Self::There(remote) => return there::archive(remote, id, format, printer).await,
        };
        let bar = printer.waiting("Packing the badges");
        let mut archive = services.batch_archive(id, format).await?;
        let mut file = tempfile::tempfile()?;
        while let Some(piece) = archive.piece().await? {
            file.write_all(&piece)?;
        }
        file.rewind()?;
        bar.finish_and_clear();
        Ok(file)
    }

    /// Some badges of a batch, from `next` on, which is 0 at the beginning, and where the next are; a
    /// server tells those of its report.
    pub(in crate::cli) async fn awards(
        &self,
        id: &str,
        next: i64,
    ) -> anyhow::Result<Option<(Vec<Award>, i64)>> {
        match self {
            Self::Here(services) => {
                let Some(page) = services.batch_awards(id, next).await? else {
                    return Ok(None);
                };
                Ok(Some((roster::read(&page.awards)?, page.next)))
            }
            Self::There(_) if next > 0 => Ok(None),
            Self::There(_) => {
                let report: Report = serde_json::from_value(self.report(id).await?)?;
                Ok(Some((report.dealt.awards, 1)))
            }
        }
    }

    /// A badge in a form.
    pub(in crate::cli) async fn badge(
        &self,
        id: CredentialId,
        format: Format,
        pictures: &mut Pictures,
    ) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Here(services) => Ok(services.present(id, format, pictures).await?),
            Self::There(remote) => {
                let id = id.to_string();
                let (path, accept) = (["credentials", id.as_str()], format.media_type());
                let mut file = remote.download(&path, &[], accept, |_, _| ()).await?;
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}
