//! Texts of the monitoring page.

use churn_core::drift::{DriftFigure, DriftMethod};
use churn_core::interval::Interval;
use churn_core::monitoring::{CHANCE, Gap, Point};

use super::{exact_percent, percent_interval, rows};
use crate::number::{fixed, shortest, with_sign};
use crate::server::Trouble;
use crate::view::Caption;

pub const MONITORING: &str = "Monitoring";
pub const NO_SERVER: &str = "No server answers here: this page is served as plain files. \
    Monitoring shows what a server recorded. Start one, then open its address:";
pub const START_SERVER: &str =
    "churn serve --model model.json --data-dir data --static dist --open";
pub const SERVER_LOST: &str = "The server does not answer. Trying again every second …";
pub const WATCHING: &str = "Live";
pub const DEPLOYMENT: &str = "Deployment";
pub const RANGE: &str = "Time";
/// Milliseconds and name of each range; 0 is all.
pub const RANGES: [(&str, &str); 6] = [
    ("0", "All"),
    ("300000", "Last 5 minutes"),
    ("3600000", "Last hour"),
    ("86400000", "Last day"),
    ("604800000", "Last week"),
    ("2592000000", "Last 30 days"),
];

/// What is wrong with the server behind the page.
pub fn trouble(trouble: &Trouble) -> String {
    let (status, reason) = match trouble {
        Trouble::Lost => return SERVER_LOST.into(),
        Trouble::Wrong(message) => return message.clone(),
        Trouble::Unreadable(error) => {
            return format!("The server's answer cannot be read: {error}");
        }
        Trouble::Refused(status, reason) => (status, reason),
    };
    match reason.as_str() {
        "key.unknown" => {
            "The server does not know this key. Is it complete? Was it revoked?".into()
        }
        "key.expired" => "This key has expired.".into(),
        "key.role" => CANNOT_RECORD.into(),
        "session.unknown" => "The session has ended. Enter a key again.".into(),
        "session.page" | "origin.forbidden" | "host.forbidden" => {
            "The server takes this page for another site's. Open it at the address that the \
             server printed, or see its options --host and --behind-tls."
                .into()
        }
        _ => format!("The server refuses (status {status}). Try again soon."),
    }
}

// Signing in.
pub const ASKING: &str = "Asking the server …";
pub const ASKS_FOR_KEY: &str = "This server asks for a key";
pub const KEY_HELP: &str = "It is exchanged for a cookie that ends after twelve hours and that no \
    script can read. The page keeps no key. One with the roles read and record may look and \
    say outcomes:";
pub const CREATE_KEY: &str = "churn key create --data-dir data --name me --role read --role record";
pub const KEY: &str = "Key";
pub const SIGN_IN: &str = "Sign in";
pub const SIGN_OUT: &str = "Sign out";
pub const NO_KEY: &str = "Enter a key.";
pub const CANNOT_RECORD: &str = "This key may look only: to say outcomes, sign out, and in with \
    one that has the role record.";

pub fn cannot_read(name: &str) -> String {
    format!("The key {name} may not look: it lacks the role read.")
}

pub fn signed_in(name: &str) -> String {
    format!("Signed in with the key {name}")
}

// Charts.
pub const AGO: [(f64, &str); 4] = [
    (1e3, "Seconds before the newest prediction"),
    (6e4, "Minutes before the newest prediction"),
    (3.6e6, "Hours before the newest prediction"),
    (8.64e7, "Days before the newest prediction"),
];
pub const MEAN: &str = "mean";
pub const TENTHS: [&str; 2] = ["10%", "90%"];
pub const PERCENTILES: [&str; 3] = ["p50", "p95", "p99"];
pub const MS: &str = "Milliseconds";
pub const REQUESTS: &str = "Requests";
pub const REFUSED: &str = "refused";
pub const FAILED: &str = "failed";
pub const REALIZED: &str = "Realized";
pub const ESTIMATED: &str = "Estimated";
pub const KNOWN: &str = "Outcomes known";
pub const PREDICTIONS: &str = "Predictions";

pub const ACCURACY_OVER_TIME: Caption = Caption {
    name: "accuracy-over-time",
    question: "How often is it right?",
    help: "Line and band: realized, with 95% intervals. Dashed: estimated without outcomes. \
        Discs: reported from outside. Of 100 predictions the interval is 8 points wide to \
        either side: trust 500 and more.",
};
pub const COVERAGE: Caption = Caption {
    name: "coverage",
    question: "Of how many is the outcome known?",
    help: "Realized figures are of these only.",
};
pub const RISK_OVER_TIME: Caption = Caption {
    name: "risk-over-time",
    question: "How high are the risks?",
    help: "Line: mean. Band: the middle 80%.",
};
pub const RECENT_CALIBRATION: Caption = Caption {
    name: "recent-calibration",
    question: "Do as many leave as the risk says?",
    help: "Predictions whose outcome is known. Bars: 95% intervals.",
};
pub const PROCESSING_TIME: Caption = Caption {
    name: "processing-time",
    question: "How long does an answer take?",
    help: "Line: median. Dashed: 95 and 99 of 100 are quicker.",
};
pub const TRAFFIC: Caption = Caption {
    name: "traffic",
    question: "How much is asked, and what goes wrong?",
    help: "Requests to the whole server since its start. Dashed: refused or failed.",
};

pub fn accuracy_readout(point: &Point) -> String {
    match point.labelled {
        0 => format!(
            "Estimated {}. No outcome is known.",
            exact_percent(point.estimated)
        ),
        labelled => format!(
            "Realized {} of {} outcomes, estimated {}.",
            exact_percent(point.right as f64 / labelled as f64),
            rows(labelled),
            exact_percent(point.estimated)
        ),
    }
}

pub fn coverage_readout(point: &Point) -> String {
    let (known, all) = (rows(point.labelled), rows(point.predictions));
    format!("{known} of {all}.")
}

pub fn risk_readout(point: &Point) -> String {
    format!(
        "Mean {} over {} predictions.",
        exact_percent(point.probability),
        rows(point.scored)
    )
}

pub fn time_readout(point: &Point) -> String {
    let [p50, p95, p99] = [point.p50_us, point.p95_us, point.p99_us].map(ms);
    format!("Median {p50} ms, 95% within {p95} ms, 99% within {p99} ms.")
}

pub fn traffic_readout([requests, refused, failed]: [u64; 3]) -> String {
    let [requests, refused, failed] = [requests, refused, failed].map(rows);
    format!("{requests} requests, {refused} refused, {failed} failed.")
}

fn ms(us: u64) -> String {
    shortest(us as f64 / 1e3, 2)
}

// Figures.
pub const IS_IT_RIGHT: &str = "Is it still right?";
pub const FIGURE_HEADS: [&str; 3] = ["", "", ""];
pub const GAP: &str = "Gap";
pub const BEHIND: &str = "Still to be read, after a start";
pub const DRIFTED: &str = "Drifted features";
pub const NO_PREDICTIONS: &str = "No predictions yet. `churn simulate` makes some.";

pub fn wilson(interval: Interval) -> String {
    percent_interval(interval)
}

/// What a gap is called.
pub fn gap(gap: &Gap) -> String {
    let points = (gap.realized - gap.estimated) * 100.0;
    let chance = CHANCE * gap.sd * 100.0;
    let own = gap.allowance * 100.0;
    let verdict = match gap.is_concept_drift() {
        true => {
            "Concept drift: customers leave for other reasons than the model learned, or \
             outcomes are recorded wrongly. More than"
        }
        false => "No concept drift seen. Less than",
    };
    format!(
        "{verdict} chance ({}) and the model's own calibration error ({}) explain. \
         Realized minus estimated: {} points.",
        fixed(chance, 1),
        fixed(own, 1),
        with_sign(points, 1)
    )
}

pub const WHAT_EACH_SEES: &str = "The estimate needs no outcomes and follows customers who \
    change; it trusts the model's probabilities, so it cannot see that leaving itself has \
    changed. The realized accuracy sees that, once outcomes are known. Drift sees customers who \
    change, and says nothing about right or wrong.";

// Drift.
pub const HAS_IT_MOVED: &str = "Have the customers changed?";
pub const DRIFT_HELP: &str = "Against the training data, as the model's document keeps it: counts \
    of levels, percentiles of numbers. PSI: Σ (p − q) ln(p / q), a share of 0 counted as 0.0001. \
    JS: Jensen-Shannon distance, natural logarithm, nothing filled in. W: Wasserstein distance \
    in standard deviations of the training data, on its percentiles. KS: largest distance of the \
    cumulative shares, on its percentiles. From 0.1 on each counts as drift.";
pub const DRIFT_HEADS: [&str; 4] = ["Feature", "", "", ""];
pub const SCORE: &str = "Score";
pub const DRIFT: &str = "Drift";

pub fn drift_figure(figure: &DriftFigure) -> String {
    let method = match figure.method {
        DriftMethod::Psi => "PSI",
        DriftMethod::JensenShannon => "JS",
        DriftMethod::Wasserstein => "W",
        DriftMethod::KolmogorovSmirnov => "KS",
    };
    format!("{method} {}", fixed(figure.value, 3))
}

// Predictions.
pub const NEWEST: &str = "What became of them?";
pub const NEWEST_HELP: &str = "The newest predictions of this deployment. Say what became of a \
    customer: it counts at once.";
pub const SHOW_NEWEST: &str = "Show the newest";
pub const RECENT_HEADS: [&str; 5] = [
    "Time",
    "Risk",
    "Decision",
    "Reasons (LIME weight)",
    "Outcome",
];
