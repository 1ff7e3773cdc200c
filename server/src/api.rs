//! What all handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use churn_core::{Explanation, Row};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::auth::Keyring;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::explain::Explain;
use crate::fleet::{Fleet, Live};
use crate::monitor::Monitor;
use crate::rate::Limiter;
use crate::record;
use crate::session::Sessions;
use crate::store::Store;
use crate::store::predictions::NewPrediction;
use crate::table::folder::TableFolder;
use crate::telemetry::Telemetry;

/// The server's state.
#[derive(Debug)]
pub struct Api {
    /// What must not be lost.
    pub store: Store,
    /// What is deployed.
    pub fleet: Fleet,
    /// Who may ask.
    pub keyring: Keyring,
    /// Whose page may ask.
    pub sessions: Sessions,
    /// How often they may ask.
    pub limiter: Limiter,
    /// How long a client may be silent that is to send or to take something.
    pub patience: Duration,
    /// Most bytes of a bulk of labels.
    pub bulk_limit: u64,
    /// What is counted.
    pub telemetry: Arc<Telemetry>,
    /// How deployments do.
    pub monitor: Monitor,
    /// Where the files of tables are, if that is known.
    pub tables: Option<TableFolder>,
    /// Answers that are being made.
    pub answering: AtomicU32,
    /// How many of these there may be before more requests are sent away.
    pub most_active: u32,
    /// Sampled explanations that may be made at a time: they take all of a core.
    pub sampling: Semaphore,
}

/// How an answer is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// It is on disk before it is sent.
    Full,
    /// It is sent, and soon on disk.
    Relaxed,
    /// Not at all.
    None,
}

/// A customer to be answered: complete, with the features that were filled in.
pub type Customer = (Row, Vec<usize>);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its name in the store; nil where it was not recorded.
    pub uuid: Uuid,
    /// The customer as it was scored.
    pub customer: Customer,
    /// Probability of leaving.
    pub probability: f64,
    /// Why, where that was asked.
    pub explanation: Option<Explanation>,
}

impl Api {
    /// A server's state without limits but those of the machine.
    pub fn new(store: Store, is_open: bool, telemetry: Arc<Telemetry>) -> Self {
        Self {
            store,
            fleet: Fleet::default(),
            keyring: Keyring::new(is_open),
            sessions: Sessions::new(false),
            limiter: Limiter::new(None),
            patience: Duration::from_secs(30),
            bulk_limit: u64::MAX,
            telemetry,
            monitor: Monitor::default(),
            tables: None,
            answering: AtomicU32::new(0),
            most_active: u32::MAX,
            sampling: Semaphore::new(available_parallelism().map_or(1, usize::from)),
        }
    }

    /// Whether predictions can be made and recorded.
    pub fn is_ready(&self) -> bool {
        self.store.trouble().is_none() && !self.fleet.all_live().is_empty()
    }

    /// Answers for customers, recorded as it is asked for.
    ///
    /// # Errors
    /// When too many ask, or the disk refuses.
    pub async fn answer(
        &self,
        live: &Arc<Live>,
        customers: Vec<Customer>,
        explain: Option<Explain>,
        recording: Recording,
    ) -> ApiResult<Vec<Answer>> {
        let _turn = Turn::take(self).ok_or_else(ApiError::busy)?;
        let start = Instant::now();
        let start_ms = clock::now_ms();
        let is_long = explain.is_some_and(|how| how.method == churn_core::Method::Sampled);
        let made = if is_long {
            let _permit = self.sampling.acquire().await;
            let live = Arc::clone(live);
            off_the_loop(move || make(&live, customers, explain, start_ms)).await??
        } else {
            make(live, customers, explain, start_ms)?
        };
        for answer in &made {
            let leaves = live.build.leaves(answer.probability);
            live.counts.add(answer.probability, leaves);
        }
        if recording != Recording::None {
            let duration_us = i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX);
            let record = |answer: &Answer| NewPrediction {
                uuid: answer.uuid,
                deployment: live.record.id,
                start_ms,
                duration_us,
                input: record::encode(&answer.customer.0, &answer.customer.1),
                probability: answer.probability,
                explained: explain.map(Explain::to_text),
            };
            let records = made.iter().map(record).collect();
            match recording {
                Recording::Full => self.store.record(records).await?,
                _ => self.store.record_soon(records)?,
            }
        }
        Ok(made)
    }
}

/// One of the answers that are being made, until it is made or given up. Clients
/// that are slow to ask are none: they take no time from others.
struct Turn<'a>(&'a AtomicU32);

impl<'a> Turn<'a> {
    fn take(api: &'a Api) -> Option<Self> {
        let turn = Self(&api.answering);
        (turn.0.fetch_add(1, Relaxed) < api.most_active).then_some(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn make(
    live: &Live,
    customers: Vec<Customer>,
    explain: Option<Explain>,
    now_ms: i64,
) -> ApiResult<Vec<Answer>> {
    let answer = |customer: Customer| {
        let how = explain.as_ref();
        Ok(Answer {
            uuid: clock::prediction_uuid(now_ms),
            probability: live.build.predictor.probability(&customer.0),
            explanation: how
                .map(|how| live.build.explain(&customer.0, how))
                .transpose()?,
            customer,
        })
    };
    customers.into_iter().map(answer).collect()
}

/// Runs what may take long on a thread of its own, so that others are answered
/// meanwhile.
///
/// # Errors
/// When it panics.
pub async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ApiError::internal(error.to_string()))
}
