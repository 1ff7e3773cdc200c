//! Texts about rules on a model.

use churn_core::retraining::Measure;

pub const RULES: &str = "Do its rules hold?";
pub const NO_RULES: &str = "No rules are set for this model. `churn retrain rules RULES.toml` \
    sets them; `churn help retrain` shows their form.";
pub const NOT_LOOKED: &str = "Not looked at yet: `churn retrain run` does it now, a job again \
    and again.";
pub const RULE_HEADS: [&str; 5] = ["Rule", "Limit", "Found", "95% range", ""];
pub const BROKEN: &str = "Broken";
pub const HOLDS: &str = "Holds";
pub const TOO_LITTLE: &str = "Too little is known";
pub const DECISIONS: &str = "What was decided";
pub const DECISION_HEADS: [&str; 5] = ["When", "Version", "Decision", "Why", "Held out"];
pub const ALL_WELL: &str = "All is well";
pub const RULE_ALERT: &str = "Alert";
pub const NOT_TRAINED: &str = "Alert; not trained anew";
pub const CHALLENGER_REFUSED: &str = "Alert; the challenger is refused";

pub fn looked(version: i64, moment: &str) -> String {
    format!(
        "As version {version} did on {moment}. Rules are looked at by `churn retrain run`, or by \
         a job. Where chance has a part, a rule is broken when the whole range is beyond its \
         limit."
    )
}

pub fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Accuracy => "Accuracy",
        Measure::EstimatedAccuracy => "Estimated accuracy",
        Measure::Auc => "AUC",
        Measure::LogLoss => "Log loss",
        Measure::Drift => "Drift of a feature",
        Measure::Age => "Age in days",
    }
}

pub fn rule_limit(measure: Measure, limit: &str) -> String {
    match measure.is_at_least() {
        true => format!("at least {limit}"),
        false => format!("at most {limit}"),
    }
}

pub fn broken_rules(names: &str, since: &str) -> String {
    format!("Broken rules: {names} (since {since})")
}

pub fn challenger_waits(version: i64) -> String {
    format!("Alert; version {version} is better and waits as challenger")
}

pub fn challenger_promoted(version: i64) -> String {
    format!("Version {version} is better, and answers")
}

pub fn challenger_compared(rows: &str, auc: &str, gain: &str, loss: &str, change: &str) -> String {
    format!("{rows} customers: AUC {auc}, challenger {gain}; log loss {loss}, challenger {change}")
}
