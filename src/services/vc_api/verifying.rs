//! Anybody's credential or presentation, judged by the data model's own rules.

use std::sync::Arc;

use serde_json::Value;
use tokio::task::spawn_blocking;

use crate::openbadges::model::Timestamp;
use crate::openbadges::verify::generic::{
    Asked, Examined, Judgement, examine_credential, examine_presentation,
};
use crate::openbadges::verify::{Evidence, Fetched, Need};
use crate::services::verifying::{MAX_ROUNDS, fetch_need, local_issuers};
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

    /// Judges, fetches what is needed, and judges again. What strangers send may be much work: it
    /// does not hold up the threads that serve.
    async fn examined(
        &self,
        judge: impl Fn(&Evidence, Timestamp) -> Examined + Send + Sync + 'static,
    ) -> Result<Judgement, Error> {
        let now = self.world.now();
        let mut evidence = Evidence::new();
        evidence.issuers = local_issuers(&mut self.store.read().await?, |_| true).await?;
        let judge = Arc::new(judge);
        for round in 0.. {
            let judge = Arc::clone(&judge);
            let judged = spawn_blocking(move || (judge(&evidence, now), evidence)).await;
            let (examined, known) = judged.map_err(Error::internal)?;
            if examined.needs.is_empty() || round == MAX_ROUNDS {
                return Ok(examined.judgement);
            }
            evidence = known;
            for need in &examined.needs {
                let fetched = self.fetch_needed(need).await;
                evidence.insert(&need.url, fetched);
            }
        }
        Err(Error::internal("a verification did not end"))
    }

    /// What is needed; a status list of ours is not asked for on the network.
    async fn fetch_needed(&self, need: &Need) -> Fetched {
        let own = self.address("status/");
        let own = own.and_then(|lists| need.url.as_str().strip_prefix(&lists)?.parse().ok());
        let Some(list) = own else {
            return fetch_need(self.world.fetch.as_ref(), need).await;
        };
        match self.status_list(list).await {
            Ok(bytes) => Fetched::Document {
                media_type: "application/vc".into(),
                body: bytes.to_vec(),
            },
            Err(error) => Fetched::Failed {
                reason: error.to_string(),
            },
        }
    }
}
