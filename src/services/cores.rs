//! Work that keeps all cores busy, off the threads that serve.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Error, Services};

/// The cores of this machine. Work that nobody waits for takes turns at them, so that whoever is served
/// meanwhile shares a core with one of its threads and not with many.
#[derive(Debug, Clone)]
pub(super) struct Cores {
    count: usize,
    turns: Arc<Semaphore>,
    /// Whether nobody waits for what is done here.
    behind: bool,
}

impl Default for Cores {
    fn default() -> Self {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            count,
            turns: Arc::new(Semaphore::new(count)),
            behind: false,
        }
    }
}

impl Cores {
    /// The same cores, for work that nobody waits for.
    pub(super) fn behind(&self) -> Self {
        Self {
            behind: true,
            ..self.clone()
        }
    }
}

impl Services {
    /// Works on all cores, each at its share; what comes of the shares is in any order.
    pub(super) async fn on_all_cores<T: Send + 'static, R: Send + 'static>(
        &self,
        mut work: Vec<T>,
        with: impl Fn(Vec<T>) -> Result<Vec<R>, Error> + Send + Sync + 'static,
    ) -> Result<Vec<R>, Error> {
        let with = Arc::new(with);
        let share = work.len().div_ceil(self.cores.count).max(1);
        let mut workers = JoinSet::new();
        while !work.is_empty() {
            let part = work.split_off(work.len().saturating_sub(share));
            let with = Arc::clone(&with);
            let turn = if self.cores.behind {
                let turns = Arc::clone(&self.cores.turns);
                Some(turns.acquire_owned().await.map_err(Error::internal)?)
            } else {
                None
            };
            workers.spawn_blocking(move || {
                let result = with(part);
                drop(turn);
                result
            });
        }
        let mut results = Vec::new();
        while let Some(result) = workers.join_next().await {
            results.extend(result.map_err(Error::internal)??);
        }
        Ok(results)
    }
}
