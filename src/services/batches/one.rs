//! One row that somebody typed instead of a sheet: the same rules decide.

use std::collections::BTreeSet;

use super::order::{ask, wanted};
use super::{AwardReport, Dealt, How};
use crate::recognition::activity::Activity;
use crate::recognition::entry::Entry;
use crate::recognition::outcome::{Outcome as Plan, Planned};
use crate::recognition::roster;
use crate::recognition::settings::Settings as Decisions;
use crate::services::issuers::Issuer;
use crate::services::issuing::Wanted;
use crate::services::{Error, Services};

impl Services {
    /// Issues from one row that somebody typed instead of a sheet.
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
        self.deal(&issuer, plan, how == How::DryRun).await
    }

    /// What one row leads to, and for whom it would be issued.
    pub(in crate::services) async fn plan_entry(
        &self,
        issuer: Option<&str>,
        achievement: &str,
        entry: Entry,
        activity: Option<Activity>,
    ) -> Result<(Issuer, Plan), Error> {
        let issuer = self.issuer(issuer).await?;
        let decisions = Decisions::default();
        let wanted = wanted(self, &issuer, achievement).await?;
        let today = self.world.clock.now().date();
        let ask = ask(&decisions, wanted, activity, today, BTreeSet::new());
        Ok((issuer, roster::plan(&[entry], &ask)))
    }

    /// Lets the same awards be made anew where they were revoked.
    async fn free_revoked(&self, issuer: &Issuer, plan: &Plan) -> Result<(), Error> {
        let keys = plan
            .awards
            .iter()
            .map(|planned| self.only_award_key(issuer, &planned.award));
        let keys: Vec<_> = keys.collect();
        let mut tx = self.store.write().await?;
        let mut freed = Vec::new();
        for held in tx.holding(&keys).await?.into_values() {
            if tx.free_award_key(held.id).await? {
                freed.push((self.actor.as_ref(), Some(held.id.0)));
            }
        }
        self.audit_all(&mut tx, "credential.replace", "credential", &freed)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Issues what a plan of one row leads to, or foresees it.
    pub(in crate::services) async fn deal(
        &self,
        issuer: &Issuer,
        plan: Plan,
        dry_run: bool,
    ) -> Result<Dealt, Error> {
        let Plan {
            awards,
            corrections,
            set_aside,
            ..
        } = plan;
        let mut reports = Vec::with_capacity(awards.len());
        for Planned { rows, award } in awards {
            let (achievement, recipient) =
                (award.achievement.clone(), award.recipient.name().to_owned());
            let fate = if dry_run {
                let counter = self
                    .counter(issuer, [achievement.as_str()].into_iter())
                    .await?;
                let wanted = Wanted {
                    award,
                    batch: None,
                    occasion: self.random_id()?.to_string(),
                };
                let foreseen = self.foresee(&counter, vec![wanted]).await?.pop();
                let lost = || Error::internal("an award was left without outcome");
                foreseen.ok_or_else(lost)?.into()
            } else {
                self.issue_together(issuer, award).await?.into()
            };
            reports.push(AwardReport {
                rows,
                achievement,
                recipient,
                fate,
            });
        }
        Ok(Dealt::of(reports, corrections, set_aside))
    }
}
