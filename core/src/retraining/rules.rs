//! What is asked of a model, and what is done when it does not hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::whole::whole;

/// Fewest outcomes that a rule on outcomes may ask for.
pub const FEWEST_LABELS: u64 = 50;

/// Most predictions of a window.
pub const MOST_PREDICTIONS: u64 = 1_000_000;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
