//! When a model is to be looked after, and what came of it: the shapes in which a
//! server tells of that.
//!
//! * [`rules`]: what is asked of a model.
//! * [`judgement`]: whether a model trained anew does better.

pub mod judgement;
pub mod rules;

use serde::{Deserialize, Serialize};

use crate::interval::Interval;

pub use judgement::judge;
pub use rules::{FEWEST_LABELS, MOST_PREDICTIONS, Measure, Retrain, Rule, Rules, Window};

/// A measure of the window against its limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleFigure {
    /// What was measured.
    pub measure: Measure,
    /// The worst value that is well.
    pub limit: f64,
    /// What it was; null where too little is known.
    pub value: Option<f64>,
    /// The range that it plausibly lies in, at 95%, where chance has a part.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// Whether the whole range is beyond the limit.
    pub broken: bool,
}

/// A look at a model by its rules, and what was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleCheck {
    /// Name of the model.
    pub model: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Name of the deployment that was looked at.
    pub deployment: String,
    /// Its build, by version.
    pub version: i64,
    /// Predictions that were looked at.
    pub predictions: u64,
    /// Those of them whose outcome is known.
    pub labels: u64,
    /// Every rule.
    pub figures: Vec<RuleFigure>,
    /// What was done.
    pub outcome: CheckOutcome,
}

/// What was done after a look at a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CheckOutcome {
    /// Every rule holds, as far as it could be measured.
    Well,
    /// A rule is broken; nothing else was asked for.
    Alert,
    /// A rule is broken, and no challenger could be trained or compared.
    NotTried {
        /// Why.
        reason: String,
    },
    /// A challenger was trained, and is not better beyond chance.
    Refused {
        /// Why.
        reason: String,
        /// How it did.
        comparison: ChallengerComparison,
    },
    /// A challenger is better and waits under the alias `challenger`.
    Waiting {
        /// Why it is better.
        reason: String,
        /// Its version.
        version: i64,
        /// How it did.
        comparison: ChallengerComparison,
    },
    /// A challenger is better and answers.
    Promoted {
        /// Why it is better.
        reason: String,
        /// Its version.
        version: i64,
        /// How it did.
        comparison: ChallengerComparison,
    },
}

/// How a challenger did against the model on the same rows, held out of its
/// training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChallengerComparison {
    /// Rows that it was trained on.
    pub trained_on: u64,
    /// Rows that both were measured on.
    pub rows: u64,
    /// Area under the ROC curve of the model that answers.
    pub auc: f64,
    /// That of the challenger less it.
    pub auc_gain: f64,
    /// Lower end of the gain's range, at 95%.
    pub auc_gain_low: f64,
    /// Its upper end.
    pub auc_gain_high: f64,
    /// Log loss of the model that answers.
    pub log_loss: f64,
    /// That of the challenger less it: below zero is better.
    pub log_loss_change: f64,
    /// Lower end of the change's range, at 95%.
    pub log_loss_change_low: f64,
    /// Its upper end.
    pub log_loss_change_high: f64,
    /// Rows that the model alone decides rightly.
    pub only_model: u64,
    /// Rows that the challenger alone decides rightly.
    pub only_challenger: u64,
    /// Probability of so different decisions, were both equally good.
    pub p_value: f64,
}

/// Rules, alerts that are open, and what was done so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Retraining {
    /// The rules; null where there are none.
    pub rules: Option<Rules>,
    /// Rules that are broken now, the first broken first.
    pub alerts: Vec<RuleAlert>,
    /// The newest looks, the newest first.
    pub checks: Vec<RuleCheck>,
}

/// A rule that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleAlert {
    /// What it measures.
    pub measure: Measure,
    /// Since when, in milliseconds since 1970.
    pub since_ms: i64,
}

impl RuleFigure {
    /// A rule with what was measured. Where chance has a part the rule is broken
    /// only if the whole range is beyond the limit.
    pub fn new(rule: Rule, value: Option<f64>, range: Option<Interval>) -> Self {
        let best = match (range, rule.measure.is_at_least()) {
            (Some(range), true) => Some(range.high),
            (Some(range), false) => Some(range.low),
            (None, _) => value,
        };
        let is_beyond = |best: f64| match rule.measure.is_at_least() {
            true => best < rule.limit,
            false => best > rule.limit,
        };
        Self {
            measure: rule.measure,
            limit: rule.limit,
            value,
            low: range.map(|range| range.low),
            high: range.map(|range| range.high),
            broken: value.is_some() && best.is_some_and(is_beyond),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_broken_when_its_whole_range_is() {
        let figure = |measure, value, low, high| {
            let rule = Rule {
                measure,
                limit: 0.5,
            };
            RuleFigure::new(rule, Some(value), Some(Interval { low, high })).broken
        };
        assert!(figure(Measure::Accuracy, 0.4, 0.3, 0.49));
        assert!(!figure(Measure::Accuracy, 0.4, 0.3, 0.51));
        assert!(figure(Measure::LogLoss, 0.6, 0.51, 0.7));
        assert!(!figure(Measure::LogLoss, 0.6, 0.49, 0.7));
        let drift = Rule {
            measure: Measure::Drift,
            limit: 0.1,
        };
        assert!(RuleFigure::new(drift, Some(0.2), None).broken);
        assert!(!RuleFigure::new(drift, None, None).broken);
    }
}
