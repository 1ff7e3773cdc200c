//! Rules on a model, and what was decided by them, as markup.

use churn_core::retraining::{
    ChallengerComparison, CheckOutcome, Retraining, RuleCheck, RuleFigure,
};

use super::chart::table_markup;
use crate::number::{count, shortest};
use crate::{page, text};

/// Decimals of figures, at most.
const DECIMALS: usize = 3;

/// The rules that are broken, in a sentence; nothing while all hold.
pub fn alerts(told: &Retraining) -> String {
    let Some(first) = told.alerts.first() else {
        return String::new();
    };
    let names = told
        .alerts
        .iter()
        .map(|alert| text::measure_name(alert.measure));
    let names: Vec<&str> = names.collect();
    text::broken_rules(&names.join(", "), &page::moment(first.since_ms))
}

/// The rules with what was found when they were last looked at.
pub fn rules(told: &Retraining) -> String {
    let Some(rules) = &told.rules else {
        return String::new();
    };
    let rows = rules.rule.iter().map(|rule| {
        let last = told.checks.first().map(|check| &check.figures);
        let found = last.and_then(|all| all.iter().find(|of| of.measure == rule.measure));
        let limit = text::rule_limit(rule.measure, &shortest(rule.limit, DECIMALS));
        let mut cells = vec![text::measure_name(rule.measure).to_owned(), limit];
        cells.extend(found.map_or_else(Default::default, figure));
        cells
    });
    table_markup(&text::RULE_HEADS, &rows.collect::<Vec<_>>())
}

fn figure(found: &RuleFigure) -> [String; 3] {
    let Some(value) = found.value else {
        return [String::new(), String::new(), text::TOO_LITTLE.into()];
    };
    let range = found.low.zip(found.high);
    let state = match found.broken {
        true => text::BROKEN,
        false => text::HOLDS,
    };
    [
        shortest(value, DECIMALS),
        range.map_or_else(String::new, |(low, high)| between(low, high)),
        state.into(),
    ]
}

/// What was decided, the newest first.
pub fn decisions(told: &Retraining) -> String {
    let rows: Vec<_> = told.checks.iter().map(decision).collect();
    match rows.is_empty() {
        true => String::new(),
        false => table_markup(&text::DECISION_HEADS, &rows),
    }
}

fn decision(check: &RuleCheck) -> Vec<String> {
    let (what, why, comparison) = match &check.outcome {
        CheckOutcome::Well => (text::ALL_WELL.to_owned(), "", None),
        CheckOutcome::Alert => (text::RULE_ALERT.to_owned(), "", None),
        CheckOutcome::NotTried { reason } => (text::NOT_TRAINED.to_owned(), reason.as_str(), None),
        CheckOutcome::Refused { reason, comparison } => (
            text::CHALLENGER_REFUSED.to_owned(),
            reason.as_str(),
            Some(comparison),
        ),
        CheckOutcome::Waiting {
            reason,
            version,
            comparison,
        } => (
            text::challenger_waits(*version),
            reason.as_str(),
            Some(comparison),
        ),
        CheckOutcome::Promoted {
            reason,
            version,
            comparison,
        } => (
            text::challenger_promoted(*version),
            reason.as_str(),
            Some(comparison),
        ),
    };
    vec![
        page::moment(check.at_ms),
        check.version.to_string(),
        what,
        why.to_owned(),
        comparison.map_or_else(String::new, compared),
    ]
}

fn compared(found: &ChallengerComparison) -> String {
    let change = |by: f64, low: f64, high: f64| format!("{} ({})", signed(by), between(low, high));
    text::challenger_compared(
        &count(found.rows as usize),
        &shortest(found.auc, DECIMALS),
        &change(found.auc_gain, found.auc_gain_low, found.auc_gain_high),
        &shortest(found.log_loss, DECIMALS),
        &change(
            found.log_loss_change,
            found.log_loss_change_low,
            found.log_loss_change_high,
        ),
    )
}

fn signed(x: f64) -> String {
    let text = shortest(x, DECIMALS);
    match x > 0.0 {
        true => format!("+{text}"),
        false => text,
    }
}

fn between(low: f64, high: f64) -> String {
    format!(
        "{} to {}",
        shortest(low, DECIMALS),
        shortest(high, DECIMALS)
    )
}
