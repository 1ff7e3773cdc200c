//! What is known of every deployment's predictions, as sums over time: taken up
//! from the store as it grows, so that no question reads predictions again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use churn_core::monitoring::Traffic;
use churn_core::profile::Profile;

use crate::api::Api;
use crate::build::Build;
use crate::clock;
use crate::error::ApiResult;
use crate::record;
use crate::store::erasure::Erasures;
use crate::store::monitoring::{Made, Mark, Said};
use crate::telemetry::Requests;
use crate::timeline::{Sums, Timeline};
use crate::told::LABEL;

/// Rows read at a time.
const BATCH: usize = 5_000;

/// How long who asks waits for what is new, as after a start.
const PATIENCE: Duration = Duration::from_millis(50);

/// Sums over time, of everything that is recorded.
#[derive(Debug, Default)]
pub struct Monitor {
    known: Mutex<Known>,
    traffic: Mutex<Sampled>,
}

/// What was taken up so far.
#[derive(Debug, Default)]
pub struct Known {
    mark: Mark,
    behind: u64,
    /// What had been erased by then.
    erasures: Erasures,
    /// The same without what was erased since, until it is complete.
    anew: Option<Box<Known>>,
    deployments: HashMap<i64, Watched>,
}

/// A deployment that has answered.
#[derive(Debug)]
struct Watched {
    build: Arc<Build>,
    timeline: Timeline<Profile>,
}

/// Requests, as they were counted when it was last looked.
#[derive(Debug, Default)]
struct Sampled {
    counted: Requests,
    timeline: Timeline<Requests>,
}

impl Sums for Profile {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Sums for Requests {
    fn merge(&mut self, other: &Self) {
        self.all += other.all;
        self.refused += other.refused;
        self.failed += other.failed;
    }
}

impl Monitor {
    /// Takes up what came since the last call, but not for long, and lets look
    /// at what is known then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn refresh(&self, api: &Api) -> ApiResult<MutexGuard<'_, Known>> {
        let start = Instant::now();
        let mut known = self.known();
        while known.take_up(api)? > 0 && start.elapsed() < PATIENCE {}
        Ok(known)
    }

    /// Takes up all that came since the last call. Others may look meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn catch_up(&self, api: &Api) -> ApiResult<()> {
        while self.known().take_up(api)? > 0 {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how many requests there were since the last call.
    pub fn sample_traffic(&self, counted: Requests) {
        let mut sampled = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        let new = Requests {
            all: counted.all - sampled.counted.all,
            refused: counted.refused - sampled.counted.refused,
            failed: counted.failed - sampled.counted.failed,
        };
        if new.all > 0 {
            sampled.counted = counted;
            sampled.timeline.enter(clock::now_ms()).merge(&new);
        }
    }

    /// Requests in a range of time, in at most about so many stretches.
    pub fn traffic(&self, from_ms: i64, to_ms: i64, most: usize) -> Vec<Traffic> {
        let sampled = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        let segments = sampled.timeline.range(from_ms, to_ms);
        let together = segments.len().div_ceil(most).max(1);
        let stretches = segments.chunks(together).map(|segments| {
            let mut traffic = Traffic::default();
            for (at, segment) in segments.iter().enumerate() {
                if at == 0 {
                    traffic.start_ms = segment.first_ms;
                }
                traffic.end_ms = segment.last_ms;
                traffic.requests += segment.sums.all;
                traffic.refused += segment.sums.refused;
                traffic.failed += segment.sums.failed;
            }
            traffic
        });
        stretches.collect()
    }
}

impl Known {
    /// The predictions of a deployment; none of one that never answered.
    pub fn of(&self, deployment: i64) -> Option<&Timeline<Profile>> {
        Some(&self.deployments.get(&deployment)?.timeline)
    }

    fn watched(&mut self, api: &Api, deployment: i64) -> ApiResult<&mut Watched> {
        Ok(match self.deployments.entry(deployment) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let (_, build) = api.fleet.of(&api.store, deployment)?;
                let timeline = Timeline::default();
                new.insert(Watched { build, timeline })
            }
        })
    }

    /// Predictions and labels that wait to be taken up.
    pub fn behind(&self) -> u64 {
        self.behind
    }

    /// Takes up a part of what came, or leaves out what was erased; how much is
    /// left.
    fn take_up(&mut self, api: &Api) -> ApiResult<u64> {
        let (erasures, newest) = api.store.mark()?;
        if let Some(anew) = &mut self.anew {
            let left = anew.take_up_to(api, newest)?;
            if left == 0
                && let Some(anew) = self.anew.take()
            {
                *self = *anew;
            }
            return Ok(left);
        }
        if self.mark == Mark::default() {
            self.erasures = erasures;
        }
        if erasures.before_ms > self.erasures.before_ms {
            self.erasures.before_ms = erasures.before_ms;
            for Watched { timeline, .. } in self.deployments.values_mut() {
                timeline.forget(erasures.before_ms);
            }
        }
        if erasures.times == self.erasures.times {
            return self.take_up_to(api, newest);
        }
        // Sums do not tell whose part is whose: they are made again, and these
        // are told meanwhile.
        self.anew = Some(Box::new(Self {
            erasures,
            ..Self::default()
        }));
        Ok(1)
    }

    fn take_up_to(&mut self, api: &Api, newest: Mark) -> ApiResult<u64> {
        // What came last may have been erased.
        let upto = Mark {
            prediction: newest.prediction.max(self.mark.prediction),
            label: newest.label.max(self.mark.label),
        };
        if self.mark.prediction < upto.prediction {
            self.take_up_predictions(api, upto)?;
        } else if self.mark.label < upto.label {
            self.take_up_labels(api, upto)?;
        }
        let left = upto.prediction - self.mark.prediction + upto.label - self.mark.label;
        self.behind = left.unsigned_abs();
        Ok(self.behind)
    }

    fn take_up_predictions(&mut self, api: &Api, upto: Mark) -> ApiResult<()> {
        let after = self.mark.prediction;
        let made = api.store.made(after, upto.prediction, BATCH)?;
        let last = made.last().map_or(upto.prediction, |made| made.id);
        // Before the first label is taken up, none has waited.
        let waited = match self.mark.label {
            0 => Vec::new(),
            label => api.store.waited(after, last, label, LABEL)?,
        };
        for made in made {
            self.add(api, &made)?;
        }
        for said in waited {
            self.label(api, &said)?;
        }
        self.mark.prediction = last;
        Ok(())
    }

    fn take_up_labels(&mut self, api: &Api, upto: Mark) -> ApiResult<()> {
        let said = api.store.said(self.mark.label, upto, LABEL, BATCH)?;
        // Of others there may be none left that count.
        let last = said.last().filter(|_| said.len() == BATCH);
        let last = last.map_or(upto.label, |said| said.id);
        for said in said {
            self.label(api, &said)?;
        }
        self.mark.label = last;
        Ok(())
    }

    fn add(&mut self, api: &Api, made: &Made) -> ApiResult<()> {
        let Watched { build, timeline } = self.watched(api, made.deployment)?;
        let profile = timeline.enter(made.start_ms);
        profile.add_duration(made.duration_us.unsigned_abs());
        if let (Some(bytes), Some(probability)) = (&made.input, made.probability) {
            let schema = &build.predictor.artefact().schema;
            // What cannot be read is told where it is looked at.
            if let Some((row, _)) = record::decode(bytes, schema) {
                profile.add(&build.basis, &row.0, probability);
            }
        }
        Ok(())
    }

    fn label(&mut self, api: &Api, said: &Said) -> ApiResult<()> {
        let Watched { build, timeline } = self.watched(api, said.deployment)?;
        if let Some(profile) = timeline.find(said.start_ms) {
            let now = outcome(build, &said.value);
            let before = said.before.as_deref();
            let before = before.and_then(|before| outcome(build, before));
            profile.label(&build.basis, said.probability, now, before);
        }
        Ok(())
    }
}

/// Who left, as a label says it; none of a value that says something else.
pub fn outcome(build: &Build, value: &str) -> Option<bool> {
    match serde_json::from_str(value).ok()? {
        serde_json::Value::Bool(left) => Some(left),
        serde_json::Value::String(class) => {
            let target = build.target()?;
            let classes = [(&target.positive, true), (&target.negative, false)];
            let found = classes.into_iter().find(|(name, _)| **name == class);
            found.map(|(_, left)| left)
        }
        _ => None,
    }
}
