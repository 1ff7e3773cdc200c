//! The tables of the monitoring page, as markup.

use churn_core::drift::DriftFigure;
use churn_core::interval::Interval;
use churn_core::monitoring::{Monitoring, Recent, RecentPrediction};

use super::chart::table_markup;
use crate::markup::escaped;
use crate::{number, page, text};

/// How the deployment does, in words and figures.
pub fn figures(told: &Monitoring) -> String {
    let total = &told.total;
    if total.predictions + told.behind == 0 && told.reported.is_empty() {
        return format!("<tr><td>{}", text::NO_PREDICTIONS);
    }
    let mut rows = Vec::new();
    let mut say = |name: &str, figure: String, more: String| {
        rows.push(vec![name.to_owned(), figure, more]);
    };
    let span = format!(
        "{} – {}",
        page::moment(total.start_ms),
        page::moment(total.end_ms)
    );
    say(text::PREDICTIONS, text::rows(total.predictions), span);
    if told.behind > 0 {
        say(text::BEHIND, text::rows(told.behind), String::new());
    }
    let estimated = text::exact_percent(total.estimated);
    say(text::ESTIMATED, estimated, String::new());
    let mut verdict = String::new();
    if let Some(gap) = &told.gap {
        let interval = Interval::of_share(total.right, total.labelled);
        let realized = text::exact_percent(gap.realized);
        say(text::REALIZED, realized, text::wilson(interval));
        verdict = text::gap(gap);
    }
    let known = text::share(total.labelled, total.predictions);
    say(text::KNOWN, text::rows(total.labelled), known);
    let drifted: Vec<&str> = told
        .drift
        .iter()
        .filter(|drift| drift.figures.iter().any(DriftFigure::is_drift))
        .map(|drift| drift.feature.as_deref().unwrap_or(text::SCORE))
        .collect();
    say(
        text::DRIFTED,
        text::rows(drifted.len() as u64),
        drifted.join(", "),
    );
    if !verdict.is_empty() {
        say(text::GAP, String::new(), verdict);
    }
    table_markup(&text::FIGURE_HEADS, &rows)
}

/// Drift of every feature.
pub fn drift(told: &Monitoring) -> String {
    if told.total.scored == 0 {
        return String::new();
    }
    let rows: Vec<Vec<String>> = told
        .drift
        .iter()
        .map(|drift| {
            let name = drift.feature.as_deref().unwrap_or(text::SCORE);
            let mut row = vec![name.to_owned()];
            row.extend(drift.figures.iter().map(text::drift_figure));
            let has_drifted = drift.figures.iter().any(DriftFigure::is_drift);
            row.push(if has_drifted {
                text::DRIFT.into()
            } else {
                String::new()
            });
            row
        })
        .collect();
    table_markup(&text::DRIFT_HEADS, &rows)
}

/// Deployments to choose from.
pub fn deployments(told: &Monitoring) -> String {
    let mut out = String::new();
    for deployment in &told.deployments {
        let chosen = if deployment.uuid == told.deployment {
            " selected"
        } else {
            ""
        };
        out += &format!(
            "<option value=\"{}\"{chosen}>{}, {}",
            deployment.uuid,
            escaped(&deployment.model),
            page::moment(deployment.created_ms)
        );
    }
    out
}

/// Ranges of time to choose from.
pub fn ranges() -> String {
    let option = |(ms, name): (&str, &str)| format!("<option value=\"{ms}\">{name}");
    text::RANGES.map(option).concat()
}

/// Predictions with buttons for their outcomes; nothing where there are none.
pub fn recent(recent: &Recent, told: &Monitoring) -> String {
    if recent.predictions.is_empty() {
        return String::new();
    }
    let mut out = table_markup(&text::RECENT_HEADS, &[]);
    for prediction in &recent.predictions {
        push_prediction(prediction, told, &mut out);
    }
    out
}

fn push_prediction(prediction: &RecentPrediction, told: &Monitoring, out: &mut String) {
    let class = |left: bool| if left { &told.positive } else { &told.negative };
    *out += &format!(
        "<tr><th scope=\"row\">{}<td>{}<td>{}<td>",
        page::moment(prediction.start_ms),
        number::percent(prediction.probability),
        escaped(class(prediction.leaves)),
    );
    for (place, reason) in prediction.reasons.iter().enumerate() {
        let separator = if place > 0 { ", " } else { "" };
        *out += &format!(
            "{separator}{} {} ({})",
            escaped(&reason.feature),
            escaped(&reason.value),
            number::weight(reason.weight)
        );
    }
    *out += "<td>";
    for left in [false, true] {
        *out += &format!(
            "<button class=\"button\" aria-pressed=\"{}\" data-uuid=\"{}\" data-left=\"{left}\">{}\
             </button> ",
            prediction.left == Some(left),
            prediction.uuid,
            escaped(class(left))
        );
    }
}
