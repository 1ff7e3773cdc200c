//! What rules measure, on the newest predictions of a deployment.

use churn_core::Result;
use churn_core::interval::Interval;
use churn_core::paired::{Paired, Scored};
use churn_core::profile::Profile;
use churn_core::retraining::{Measure, Rule, RuleFigure, Rules};

use crate::build::Build;
use crate::monitor::outcome;
use crate::record;
use crate::store::retraining::Seen;

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// The newest predictions of a deployment, taken together.
#[derive(Debug)]
pub struct Measured<'a> {
    build: &'a Build,
    profile: Profile,
    /// Of those whose outcome is known.
    probabilities: Vec<f64>,
    left: Vec<bool>,
    predictions: u64,
}

impl<'a> Measured<'a> {
    /// Takes predictions of one build.
    pub fn new(build: &'a Build, window: &[Seen]) -> Self {
        let mut measured = Self {
            build,
            profile: Profile::default(),
            probabilities: Vec::new(),
            left: Vec::new(),
            predictions: window.len() as u64,
        };
        let schema = &build.predictor.artefact().schema;
        for seen in window {
            if let Some((row, _)) = record::decode(&seen.input, schema) {
                measured.profile.add(&build.basis, &row.0, seen.probability);
            }
            let label = seen.label.as_ref();
            if let Some(left) = label.and_then(|(_, value)| outcome(build, value)) {
                measured.probabilities.push(seen.probability);
                measured.left.push(left);
            }
        }
        measured
    }

    /// Predictions.
    pub fn predictions(&self) -> u64 {
        self.predictions
    }

    /// Those of them whose outcome is known.
    pub fn labels(&self) -> u64 {
        self.left.len() as u64
    }

    /// Every rule; nothing is said of outcomes while fewer are known than the rules
    /// ask for.
    ///
    /// # Errors
    /// As [`Paired::compare`].
    pub fn figures(&self, rules: &Rules, now_ms: i64) -> Result<Vec<RuleFigure>> {
        let is_enough = self.labels() >= rules.window.labels.max(1);
        let figure = |rule: &Rule| {
            let figure = match rule.measure {
                measure if measure.needs_labels() && !is_enough => None,
                Measure::Accuracy => {
                    let right = self.right();
                    let share = right as f64 / self.labels() as f64;
                    Some((share, Some(Interval::of_share(right, self.labels()))))
                }
                // With one class alone there is nobody to tell from whom.
                Measure::Auc if !(self.left.contains(&true) && self.left.contains(&false)) => None,
                Measure::Auc => {
                    let (value, interval) = self.against_a_coin(|paired| &paired.roc_auc)?;
                    let around = |x| 0.5 + x;
                    Some((around(value), Some(moved(interval, around))))
                }
                Measure::LogLoss => {
                    let (value, interval) = self.against_a_coin(|paired| &paired.log_loss)?;
                    let around = |x| std::f64::consts::LN_2 + x;
                    Some((around(value), Some(moved(interval, around))))
                }
                Measure::EstimatedAccuracy => {
                    let estimate = self.profile.estimate().accuracy();
                    (self.predictions > 0).then_some((estimate, None))
                }
                Measure::Drift => self.drift().map(|drift| (drift, None)),
                Measure::Age => {
                    let made = self.build.record.created_ms;
                    Some(((now_ms - made).max(0) as f64 / DAY, None))
                }
            };
            let (value, range) = figure.unzip();
            Ok(RuleFigure::new(*rule, value, range.flatten()))
        };
        rules.rule.iter().map(figure).collect()
    }

    fn right(&self) -> u64 {
        let decided = self.probabilities.iter().zip(&self.left);
        let right = decided.filter(|(p, left)| self.build.leaves(**p) == **left);
        right.count() as u64
    }

    /// A difference against a model that says one half of everybody: it tells
    /// nobody apart (AUC 0.5) at a log loss of ln 2.
    fn against_a_coin(
        &self,
        of: impl Fn(&Paired) -> &churn_core::paired::Difference,
    ) -> Result<(f64, Interval)> {
        let coin = vec![0.5; self.left.len()];
        let scored = |probabilities| Scored {
            probabilities,
            threshold: 0.5,
        };
        let paired = Paired::compare(scored(&coin), scored(&self.probabilities), &self.left)?;
        let difference = of(&paired);
        Ok((difference.difference, difference.interval))
    }

    /// The largest figure of a feature: of the first method, which monitoring shows
    /// first.
    fn drift(&self) -> Option<f64> {
        let drift = self.profile.drift(&self.build.basis);
        let features = drift.iter().filter(|drift| drift.feature.is_some());
        let first = features.filter_map(|drift| Some(drift.figures.first()?.value));
        first.max_by(f64::total_cmp)
    }
}

fn moved(interval: Interval, by: impl Fn(f64) -> f64) -> Interval {
    Interval {
        low: by(interval.low),
        high: by(interval.high),
    }
}
