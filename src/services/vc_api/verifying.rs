//! Anybody's credential or presentation, judged by the data model's own rules.

use serde_json::Value;

use crate::openbadges::model::Timestamp;
use crate::openbadges::verify::generic::{
    Asked, Examined, Judgement, examine_credential, examine_presentation,
};
use crate::openbadges::verify::{Evidence, Fetched, Need};
use crate::services::judging::{fetch_need, judged};
use crate::services::verifying::local_issuers;
use crate::services::{Error, Services};

impl Services {
    /// Judges anybody's credential by the data model's own rules.
    pub async fn verify_credential(
        &self,
        credential: Value,
        asked: Asked,
    ) -> Result<Judgement, Error> {
        self.examined(move |evidence, now| examine_credential(&credential, &asked, evidence, now))
            .await
    }

    /// Judges anybody's presentation, and every credential in it.
    pub async fn verify_presentation(
        &self,
        presentation: Value,
        asked: Asked,
    ) -> Result<Judgement, Error> {
        self.examined(move |evidence, now| {
            examine_presentation(&presentation, &asked, evidence, now)
        })
        .await
    }

    async fn examined(
        &self,
        judge: impl Fn(&Evidence, Timestamp) -> Examined + Send + Sync + 'static,
    ) -> Result<Judgement, Error> {
        let now = self.world.now();
        let mut evidence = Evidence::new();
        evidence.issuers = local_issuers(&mut self.store.read().await?, |_| true).await?;
        let judge = move |evidence: &Evidence| {
            let examined = judge(evidence, now);
            (examined.judgement, examined.needs)
        };
        judged(evidence, judge, |need| {
            let services = self.clone();
            async move { services.fetch_needed(&need).await }
        })
        .await
    }

    /// What is needed; a status list of ours is not asked for on the network.
    async fn fetch_needed(&self, need: &Need) -> Fetched {
        let own = self.address("status/");
        let own = own.and_then(|lists| need.url.as_str().strip_prefix(&lists)?.parse().ok());
        let Some(list) = own else {
            return fetch_need(self.world.fetch.as_ref(), need).await;
        };
        match self.status_list(list).await {
            Ok(list) => Fetched::Document {
                media_type: "application/vc".into(),
                body: list.document.to_vec(),
            },
            Err(error) => Fetched::Failed {
                reason: error.to_string(),
            },
        }
    }
}
