//! A model trained on customers whose outcome became known after they were scored,
//! and compared with the model that scored them.

use std::collections::HashMap;

use churn_core::artefact::sha256;
use churn_core::dataset::DatasetBuilder;
use churn_core::paired::{Paired, Scored};
use churn_core::progress;
use churn_core::retraining::{ChallengerComparison, FEWEST_LABELS, Retrain, judge};
use churn_core::split::{HoldOut, permutation};
use churn_core::train::{Regularisation, TrainParams, train};
use churn_core::{Dataset, Error, ErrorCode, ModelArtefact, Predictor, Reading, Result, Value};

use crate::build::Build;
use crate::monitor::outcome;
use crate::presets;
use crate::record;
use crate::store::retraining::Seen;

/// Seed of the choice of who is held out.
const SEED: u32 = 42;

/// A challenger, compared.
#[derive(Debug)]
pub struct Challenger {
    /// Its document.
    pub artefact: ModelArtefact,
    /// How it did.
    pub comparison: ChallengerComparison,
    /// Whether it is better beyond chance.
    pub is_better: bool,
    /// Why, or why not.
    pub reason: &'static str,
}

impl Challenger {
    /// Trains one like the champion on predictions of these builds, by their
    /// numbers, the newest first, and compares both on some that are held out: a
    /// share of the newest `recent`, drawn by a seed. What was filled in when a
    /// customer was scored counts as missing.
    ///
    /// # Errors
    /// [`ErrorCode::Data`] for too few customers; as [`train`].
    pub fn new(
        champion: &Build,
        builds: &HashMap<i64, Build>,
        seen: &[Seen],
        recent: u64,
        retrain: &Retrain,
    ) -> Result<Self> {
        let (reading, hash) = read(champion, builds, seen)?;
        let hold_out = hold_out(&reading.dataset, recent, retrain.held_out);
        let model = champion.predictor.artefact();
        let params = TrainParams {
            solver: model.training.solver,
            regularisation: Regularisation::Fixed(model.training.c),
            hold_out,
            balanced: model.training.balanced,
            sample_weights: None,
            max_iterations: None,
        };
        let features = model.schema.features.iter();
        let header: Vec<String> = features.map(|feature| feature.name.clone()).collect();
        let preset = presets::fitting(&header)?;
        let mut artefact = train(
            &reading,
            &params,
            preset.as_ref(),
            &hash,
            &mut progress::ignore,
        )?;
        artefact.threshold = model.threshold;
        let (comparison, paired) = compare(champion, &artefact, &reading.dataset)?;
        let (is_better, reason) = judge(&paired);
        Ok(Self {
            artefact,
            comparison,
            is_better,
            reason,
        })
    }
}

/// The customers under the champion's schema, and a hash of them.
fn read(
    champion: &Build,
    builds: &HashMap<i64, Build>,
    seen: &[Seen],
) -> Result<(Reading, String)> {
    let schema = &champion.predictor.artefact().schema;
    let target = crate::input::target(&champion.predictor)?;
    let features = schema.features.iter().map(|feature| feature.name.clone());
    let mut header: Vec<String> = schema.id.iter().cloned().chain(features).collect();
    header.push(target.name.clone());
    let mut builder = DatasetBuilder::new(header)?;
    let mut all = String::new();
    // From the oldest on.
    for (seen, line) in seen.iter().rev().zip(1..) {
        let Some(build) = builds.get(&seen.build) else {
            continue;
        };
        let label = seen.label.as_ref();
        let left = label.and_then(|(_, value)| outcome(build, value));
        let other = &build.predictor.artefact().schema;
        let (Some(left), Some((row, filled))) = (left, record::decode(&seen.input, other)) else {
            continue;
        };
        let mut cells: Vec<String> = schema.id.iter().map(|_| seen.uuid.to_string()).collect();
        for feature in &schema.features {
            let at = other.features.iter().position(|of| of.name == feature.name);
            let at = at.filter(|at| !filled.contains(at));
            let text = at.map(|at| match row.0[at] {
                Value::Number(x) => x.to_string(),
                Value::Level(code) => {
                    let level = other.features[at].levels().get(usize::from(code));
                    level.cloned().unwrap_or_default()
                }
                Value::Missing => String::new(),
            });
            cells.push(text.unwrap_or_default());
        }
        cells.push(match left {
            true => target.positive.clone(),
            false => target.negative.clone(),
        });
        all.push_str(&cells.join("\u{1f}"));
        all.push('\n');
        builder.push(line, cells.iter().map(String::as_str));
    }
    let rows = builder.rows() as u64;
    if rows < 2 * FEWEST_LABELS {
        let expected = format!("{} customers with a known outcome", 2 * FEWEST_LABELS);
        let error = Error::mismatch(ErrorCode::Data, expected, rows.to_string());
        return Err(error);
    }
    Ok((builder.finish_as(schema)?, sha256(all.as_bytes())))
}

/// Some of the newest complete rows, which come last.
fn hold_out(data: &Dataset, recent: u64, share: f64) -> HoldOut {
    let complete = data.complete_rows();
    let recent = usize::try_from(recent).unwrap_or(usize::MAX);
    let rows = &complete[complete.len().saturating_sub(recent)..];
    let count = (rows.len() as f64 * share).round() as usize;
    let drawn = permutation(rows.len(), SEED).into_iter().take(count);
    HoldOut::Ids(drawn.map(|place| data.id(rows[place])).collect())
}

/// Both models on the rows held out.
fn compare(
    champion: &Build,
    artefact: &ModelArtefact,
    data: &Dataset,
) -> Result<(ChallengerComparison, Paired)> {
    let training = &artefact.training;
    let held_out = |row: &usize| training.held_out.contains(&data.position(*row));
    let rows: Vec<usize> = data.complete_rows().into_iter().filter(held_out).collect();
    let test = data.select(&rows);
    let labels = data.left(&rows);
    let challenger = Predictor::new(artefact.clone())?;
    let first = champion.predictor.probabilities(&test);
    let second = challenger.probabilities(&test);
    let scored = |probabilities| Scored {
        probabilities,
        threshold: artefact.threshold,
    };
    let paired = Paired::compare(scored(&first), scored(&second), &labels)?;
    let curve = churn_core::metrics::curve(&first, &labels);
    let (auc, loss) = (&paired.roc_auc, &paired.log_loss);
    let comparison = ChallengerComparison {
        trained_on: training.train.rows,
        rows: paired.rows,
        auc: churn_core::metrics::roc_auc(&curve),
        auc_gain: auc.difference,
        auc_gain_low: auc.interval.low,
        auc_gain_high: auc.interval.high,
        log_loss: churn_core::metrics::log_loss(&first, &labels),
        log_loss_change: loss.difference,
        log_loss_change_low: loss.interval.low,
        log_loss_change_high: loss.interval.high,
        only_model: paired.only_first,
        only_challenger: paired.only_second,
        p_value: paired.p_value,
    };
    Ok((comparison, paired))
}
