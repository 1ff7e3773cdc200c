//! When a model is to be looked after: rules on how it does, and whether a model
//! trained anew does better. The shapes in which a server tells of that are these,
//! too.
//!
//! Only a challenger that *tells customers apart* better takes the model's place.
//! Noise in the outcomes moves their level: a model trained on it has lower log
//! loss on as noisy outcomes, and has learned nothing of who leaves. So the area
//! under the ROC curve, which no shift of all probabilities can change, decides
//! first.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::interval::Interval;
use crate::paired::Paired;
use crate::whole::whole;

/// Fewest outcomes that a rule on outcomes may ask for.
pub const FEWEST_LABELS: u64 = 50;

/// Most predictions of a window.
pub const MOST_PREDICTIONS: u64 = 1_000_000;

/// McNemar's probability below which decisions differ beyond chance.
const SIGNIFICANCE: f64 = 0.05;

/// What is asked of a model, and what is done when it does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Name of the model.
    pub model: String,
    /// What is looked at.
    pub window: Window,
    /// What has to hold.
    pub rule: Vec<Rule>,
    /// What is done beyond an alert; nothing where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrain: Option<Retrain>,
}

/// The newest predictions of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many of them, of the deployment that answers.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000))]
    pub predictions: u64,
    /// Fewest known outcomes among them; with fewer, rules on outcomes wait.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 50, maximum = 1000000))]
    pub labels: u64,
}

/// Something that has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What is measured.
    pub measure: Measure,
    /// The worst value that is well: see [`Measure`].
    pub limit: f64,
}

/// What a rule measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Share of right decisions; at least the limit.
    Accuracy,
    /// The same as the probabilities alone let expect ([`crate::cbpe`]); at least
    /// the limit.
    EstimatedAccuracy,
    /// Area under the ROC curve; at least the limit.
    Auc,
    /// Log loss; at most the limit.
    LogLoss,
    /// The largest Population Stability Index or normed Wasserstein distance of a
    /// feature against the training data ([`crate::drift`]); at most the limit.
    Drift,
    /// Days since the build was made; at most the limit.
    Age,
}

/// How a challenger is trained, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Retrain {
    /// How many of the newest predictions with a known outcome are used.
    #[serde(deserialize_with = "whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 100, maximum = 1000000))]
    pub predictions: u64,
    /// Share that is held out, of as many of the newest as the window has, to
    /// compare it with the model on.
    #[cfg_attr(feature = "openapi", schema(minimum = 0.1, maximum = 0.9))]
    pub held_out: f64,
    /// Whether a better one answers at once; else it gets the alias `challenger`.
    pub promote: bool,
}

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

impl Rules {
    /// Checks that they make sense.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`] for the first that does not.
    pub fn check(&self) -> Result<()> {
        let wrong = |field: &str, expected: &str, got: String| {
            let error = Error::mismatch(ErrorCode::Parameter, expected, got);
            Err(error.in_field(field.to_owned()))
        };
        let Window {
            predictions,
            labels,
        } = self.window;
        if !(1..=MOST_PREDICTIONS).contains(&predictions) {
            return wrong(
                "window.predictions",
                "1 to 1,000,000",
                predictions.to_string(),
            );
        }
        if !(FEWEST_LABELS..=predictions).contains(&labels) {
            let expected = "50 or more, and no more than predictions";
            return wrong("window.labels", expected, labels.to_string());
        }
        if self.rule.is_empty() {
            return wrong("rule", "one rule at least", "none".into());
        }
        for (at, rule) in self.rule.iter().enumerate() {
            let field = format!("rule {}", at + 1);
            if self.rule[..at]
                .iter()
                .any(|other| other.measure == rule.measure)
            {
                let got = format!("'{}' twice", rule.measure);
                return wrong(&field, "one rule for each measure", got);
            }
            let (expected, range) = match rule.measure {
                Measure::Accuracy | Measure::EstimatedAccuracy | Measure::Auc => {
                    ("a limit from 0 to 1", 0.0..=1.0)
                }
                _ => ("a limit of 0 or more", 0.0..=f64::MAX),
            };
            if !range.contains(&rule.limit) {
                return wrong(&field, expected, rule.limit.to_string());
            }
        }
        let Some(retrain) = &self.retrain else {
            return Ok(());
        };
        if !(2 * FEWEST_LABELS..=MOST_PREDICTIONS).contains(&retrain.predictions) {
            let got = retrain.predictions.to_string();
            return wrong("retrain.predictions", "100 to 1,000,000", got);
        }
        if !(0.1..=0.9).contains(&retrain.held_out) {
            return wrong(
                "retrain.held_out",
                "0.1 to 0.9",
                retrain.held_out.to_string(),
            );
        }
        Ok(())
    }
}

impl Measure {
    /// Whether smaller is worse.
    pub fn is_at_least(self) -> bool {
        matches!(self, Self::Accuracy | Self::EstimatedAccuracy | Self::Auc)
    }

    /// Whether outcomes have to be known.
    pub fn needs_labels(self) -> bool {
        matches!(self, Self::Accuracy | Self::Auc | Self::LogLoss)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accuracy => "accuracy",
            Self::EstimatedAccuracy => "estimated_accuracy",
            Self::Auc => "auc",
            Self::LogLoss => "log_loss",
            Self::Drift => "drift",
            Self::Age => "age",
        })
    }
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

/// Whether a challenger, the second of the two, is better beyond chance; the reason
/// in either case.
pub fn judge(paired: &Paired) -> (bool, &'static str) {
    let (auc, loss) = (&paired.roc_auc.interval, &paired.log_loss.interval);
    if auc.low <= 0.0 {
        let reason = match loss.high < 0.0 {
            true => {
                "it tells customers apart no better beyond chance, though its probabilities fit \
                 the new outcomes better: their level has moved, as noise in the outcomes moves \
                 it. See how outcomes come in"
            }
            false => "it tells customers apart no better beyond chance",
        };
        return (false, reason);
    }
    if loss.high >= 0.0 {
        let reason = "it tells customers apart better, but its probabilities are not better \
                      beyond chance";
        return (false, reason);
    }
    if paired.p_value < SIGNIFICANCE && paired.only_first > paired.only_second {
        let reason = "it decides wrongly more often, beyond chance";
        return (false, reason);
    }
    let reason = "it tells customers apart better and its probabilities are better, both beyond \
                  chance";
    (true, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::Difference;

    fn rules() -> Rules {
        Rules {
            model: "m".into(),
            window: Window {
                predictions: 1000,
                labels: 200,
            },
            rule: vec![Rule {
                measure: Measure::Accuracy,
                limit: 0.75,
            }],
            retrain: None,
        }
    }

    #[test]
    fn rules_that_make_no_sense_are_named() {
        assert_eq!(rules().check(), Ok(()));
        let field = |change: &dyn Fn(&mut Rules)| {
            let mut rules = rules();
            change(&mut rules);
            rules.check().err().and_then(|error| error.field)
        };
        let retrain = |predictions, held_out| {
            Some(Retrain {
                predictions,
                held_out,
                promote: true,
            })
        };
        for (change, expected) in [
            (
                &(|rules: &mut Rules| rules.window.predictions = 0) as &dyn Fn(&mut Rules),
                "window.predictions",
            ),
            (&|rules| rules.window.labels = 2000, "window.labels"),
            (&|rules| rules.rule.clear(), "rule"),
            (&|rules| rules.rule[0].limit = 1.5, "rule 1"),
            (&|rules| rules.rule[0].limit = f64::NAN, "rule 1"),
            (&|rules| rules.rule.push(rules.rule[0]), "rule 2"),
            (
                &|rules| rules.retrain = retrain(10, 0.3),
                "retrain.predictions",
            ),
            (
                &|rules| rules.retrain = retrain(1000, 1.0),
                "retrain.held_out",
            ),
        ] {
            assert_eq!(field(change).as_deref(), Some(expected));
        }
    }

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

    #[test]
    fn only_who_tells_customers_apart_better_is_better() {
        let paired = |auc: [f64; 2], loss: [f64; 2], only: [u64; 2], p_value| Paired {
            rows: 100,
            only_first: only[0],
            only_second: only[1],
            p_value,
            log_loss: difference(loss),
            roc_auc: difference(auc),
        };
        fn difference([low, high]: [f64; 2]) -> Difference {
            Difference {
                difference: (low + high) / 2.0,
                interval: Interval { low, high },
            }
        }
        let (better, worse) = ([0.01, 0.1], [-0.1, -0.01]);
        let none = [-0.1, 0.1];
        let judged = |auc, loss, only, p| judge(&paired(auc, loss, only, p)).0;
        assert!(judged(better, worse, [1, 20], 0.001));
        assert!(judged(better, worse, [20, 10], 0.1));
        assert!(!judged(none, worse, [1, 20], 0.001));
        assert!(!judged(better, none, [1, 20], 0.001));
        assert!(!judged(better, worse, [20, 1], 0.001));
        let (_, reason) = judge(&paired(none, worse, [0, 0], 1.0));
        assert!(reason.contains("noise in the outcomes"), "{reason}");
    }
}
