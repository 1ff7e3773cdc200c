//! Texts of the model's page.

use churn_core::cuts::Rates;
use churn_core::interval::Interval;
use churn_core::metrics::CalibrationBin;

use super::rule_bar::whom;
use crate::evaluation::Basis;
use crate::number::{count, cut, fixed, percent, value};
use crate::view::Caption;

// Model: figures.
pub const TRUST: &str = "Can I trust it?";
pub const ACCURACY: &str = "Accuracy";
pub const ACCURACY_HELP: &str = "Share of right decisions at this cut.";
pub const AUC: &str = "AUC";
pub const AUC_HELP: &str = "How often one who left is rated above one who stayed.";
pub const LOG_LOSS: &str = "Log loss";
pub const LOG_LOSS_HELP: &str = "Surprise at the outcomes; lower is better.";
pub const BRIER: &str = "Brier score";
pub const BRIER_HELP: &str = "Mean squared error of the risk; lower is better.";

pub fn exact_percent(share: f64) -> String {
    fixed(share * 100.0, 1) + "%"
}

pub fn percent_interval(interval: Interval) -> String {
    let Interval { low, high } = interval;
    let [low, high] = [low, high].map(|end| fixed(end * 100.0, 1));
    format!("95%: {low}–{high}%")
}

pub fn figure(figure: f64) -> String {
    fixed(figure, 3)
}

pub fn figure_interval(interval: Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(figure);
    format!("95%: {low}–{high}")
}

// Model: charts.
pub const SAVE_CSV: &str = "CSV";
pub const SAVE_SVG: &str = "SVG";
pub const CUT: &str = "Cut";
pub const CHANCE: &str = "By chance";
pub const PERFECT: &str = "Perfect";
pub const FOUND: &str = "Found, of those who left";
pub const ALARMED: &str = "Flagged, of those who stayed";
pub const RIGHT: &str = "Left, of those flagged";
pub const FLAGGED_SHARE: &str = "Flagged, of all customers";
pub const LIFT_AXIS: &str = "Times as many as by chance";
pub const MEAN_RISK: &str = "Estimated risk";
pub const LEFT_SHARE: &str = "Share that left";
pub const INTERVAL_LOW: &str = "95% from";
pub const INTERVAL_HIGH: &str = "95% to";

pub const CALIBRATION: Caption = Caption {
    name: "calibration",
    question: "Do as many leave as the risk says?",
    help: "Calibration: on the dashed line the estimates are right. Bars: 95% intervals.",
};
pub const ROC: Caption = Caption {
    name: "roc",
    question: "How many are found, at how many false alarms?",
    help: "ROC: every point is a cut; up and left is better.",
};
pub const PRECISION_RECALL: Caption = Caption {
    name: "precision-recall",
    question: "How often is a flag right?",
    help: "Precision and recall: every point is a cut; up and right is better.",
};
pub const GAIN: Caption = Caption {
    name: "gain",
    question: "How far does a short list reach?",
    help: "Cumulative gain: customers are flagged from the highest risk down.",
};
pub const LIFT: Caption = Caption {
    name: "lift",
    question: "How much better than picking at random?",
    help: "Lift: leavers among the flagged, compared with all customers.",
};
pub const PROFIT: Caption = Caption {
    name: "profit",
    question: "Which cut earns most?",
    help: "Profit per 1,000 customers by your figures. Band: 95% of resamples.",
};

pub fn calibration_readout(basis: Basis, bin: &CalibrationBin) -> String {
    let rows = rows(bin.rows);
    let whom = whom(basis);
    let (low, high) = (bin.low * 100.0, bin.high * 100.0);
    let left = percent(bin.observed);
    format!("Of {rows} {whom} rated {low:.0}–{high:.0}%, {left} left.")
}

pub fn roc_readout(rates: &Rates) -> String {
    let (found, alarmed) = (percent(rates.found), percent(rates.alarmed));
    format!("Finds {found} of those who left; {alarmed} of those who stayed are flagged, too.")
}

pub fn precision_readout(rates: &Rates) -> String {
    match rates.right {
        Some(right) => format!(
            "{} of those flagged left; {} of those who left are flagged.",
            percent(right),
            percent(rates.found)
        ),
        None => NOBODY_FLAGGED.into(),
    }
}

pub fn gain_readout(rates: &Rates) -> String {
    let (flagged, found) = (percent(rates.flagged), percent(rates.found));
    format!("Contacting {flagged} of the customers reaches {found} of those who left.")
}

pub fn lift_readout(rates: &Rates) -> String {
    match rates.lift {
        Some(lift) => {
            let lift = fixed(lift, 1);
            format!("A flagged customer is {lift} times as likely to leave as any customer.")
        }
        None => NOBODY_FLAGGED.into(),
    }
}

const NOBODY_FLAGGED: &str = "Nobody is rated that high.";

pub const SCORES: Caption = Caption {
    name: "scores",
    question: "Does the risk tell them apart?",
    help: "Of those who left and of those who stayed, the share at each risk.",
};
pub const OF_OUTCOME: &str = "Share of the outcome";

// Model: report.
pub const REPORT: &str = "How good is it for each outcome?";
pub const REPORT_HELP: &str = "Classification report at this cut.";
pub const REPORT_HEADS: [&str; 5] = ["", "Precision", "Recall", "F1", "Customers"];
pub const PLAIN_MEAN: &str = "Plain mean";
pub const WEIGHTED_MEAN: &str = "Weighted mean";

pub fn two_decimals(figure: f64) -> String {
    value(figure, 2)
}

pub fn three_decimals(figure: f64) -> String {
    value(figure, 3)
}

// Model: decision.
pub const DECISION: &str = "Decision";
pub const MATRIX: &str = "Which decisions are right?";
pub const FLAGGED: &str = "Flagged";
pub const NOT_FLAGGED: &str = "Not flagged";
pub const STAYED: &str = "Stayed";
pub const TRUE_POSITIVES: &str = "Flagged, and left";
pub const FALSE_NEGATIVES: &str = "Not flagged, but left";
pub const FALSE_POSITIVES: &str = "Flagged, but stayed";
pub const TRUE_NEGATIVES: &str = "Not flagged, and stayed";
pub const PRECISION: &str = "Of those flagged, left";
pub const RECALL: &str = "Of those who left, flagged";
pub const ALARMS: &str = "Of those who stayed, flagged";
pub const RATE_HEADS: [&str; 4] = ["", "Share", INTERVAL_LOW, INTERVAL_HIGH];
pub const NO_RATE: &str = "–";

pub fn rows(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX))
}

pub fn share(part: u64, whole: u64) -> String {
    percent(part as f64 / whole.max(1) as f64)
}

/// Whose figures they are, and at which cut.
pub fn figures_caption(threshold: f64, basis: Basis) -> String {
    format!("{} at risk ≥ {}.", capitalised(whom(basis)), cut(threshold))
}

pub fn rate(share: f64, interval: Interval) -> String {
    let Interval { low, high } = interval;
    format!(
        "{} ({:.0}–{:.0}%)",
        percent(share),
        low * 100.0,
        high * 100.0
    )
}

fn capitalised(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_ascii_uppercase() + rest
}

// Model: money.
pub const MONEY: &str = "What does an offer cost and bring?";
pub const COST: &str = "Cost of one offer";
pub const VALUE_SAVED: &str = "Value of a saved customer";
pub const SAVED: &str = "Offers that save one who would leave, %";
pub const MONEY_HELP: &str = "Every flagged customer gets the offer. Those who would stay anyway \
    only cost.";
pub const ENTER_FIGURES: &str = "Enter your own figures to see profit.";
pub const NO_PROFIT: &str = "By these figures no cut earns more than making no offer.";
pub const USE_CUT: &str = "Use this cut";
pub const PROFIT_AXIS: &str = "Profit per 1,000 customers";

pub fn profit_readout(threshold: f64, profit: f64) -> String {
    let (cut, profit) = (cut(threshold), value(profit, 0));
    format!("At {cut}: {profit} per 1,000 customers.")
}

pub fn best_cut(threshold: f64, profit: f64, plausible: Option<Interval>) -> String {
    let profit = value(profit, 0);
    let best = cut(threshold);
    let head = format!("Best cut: {best}, with {profit} per 1,000 customers");
    match plausible {
        Some(Interval { low, high }) => {
            let (low, high) = (cut(low), cut(high));
            format!("{head}. On other samples it would lie between {low} and {high} (95%).")
        }
        None => head + ".",
    }
}

pub fn best_label(threshold: f64) -> String {
    format!("Best: {}", cut(threshold))
}
