//! What is counted, and its text for Prometheus. Labels are routes, statuses
//! and models' names: never an id, of which there is no end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Seconds. The lowest are well below those usual, since most answers are.
const SECONDS: &[f64] = &[
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
    0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// The route of what has none, such as the page's files.
pub const OTHER: &str = "other";

/// Probabilities.
const TENTHS: &[f64] = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// Counts of values up to certain bounds.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    /// One per bound, and one for what is above.
    counts: Vec<AtomicU64>,
    /// In millionths.
    sum: AtomicU64,
}

impl Histogram {
    fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    /// Counts a duration.
    pub fn record(&self, duration: Duration) {
        self.add(duration.as_secs_f64());
    }

    /// Counts a value from 0 up.
    pub fn add(&self, value: f64) {
        let slot = self.bounds.partition_point(|bound| *bound < value);
        self.counts[slot].fetch_add(1, Relaxed);
        self.sum.fetch_add((value * 1e6) as u64, Relaxed);
    }

    fn count(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Relaxed)).sum()
    }

    fn write(&self, text: &mut String, name: &str, labels: &str) {
        let separator = if labels.is_empty() { "" } else { "," };
        let mut count = 0;
        let bounds = self
            .bounds
            .iter()
            .map(f64::to_string)
            .chain(["+Inf".into()]);
        for (bound, slot) in bounds.zip(&self.counts) {
            count += slot.load(Relaxed);
            line(
                text,
                &format!("{name}_bucket"),
                &format!("{labels}{separator}le=\"{bound}\""),
                count,
            );
        }
        line(
            text,
            &format!("{name}_sum"),
            labels,
            self.sum.load(Relaxed) as f64 / 1e6,
        );
        line(text, &format!("{name}_count"), labels, count);
    }
}

/// What a model answered since the server's start.
#[derive(Debug)]
pub struct ModelCounts {
    /// Decided to stay and to leave.
    decisions: [AtomicU64; 2],
    probabilities: Histogram,
}

impl ModelCounts {
    /// Counts an answer.
    pub fn add(&self, probability: f64, leaves: bool) {
        self.decisions[usize::from(leaves)].fetch_add(1, Relaxed);
        self.probabilities.add(probability);
    }
}

type RequestKey = (String, String, u16);

/// How many requests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// All of them.
    pub all: u64,
    /// Those that were refused: status 400 to 499.
    pub refused: u64,
    /// Those that failed: status 500 and above.
    pub failed: u64,
}

/// All that is counted.
#[derive(Debug)]
pub struct Telemetry {
    requests: Mutex<BTreeMap<RequestKey, Arc<Histogram>>>,
    /// Requests under way.
    pub active: AtomicI64,
    /// Time from the begin to the end of a commit, the disk's sync included.
    pub commits: Histogram,
    models: Mutex<BTreeMap<String, Arc<ModelCounts>>>,
    labels: Mutex<BTreeMap<&'static str, u64>>,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            requests: Mutex::default(),
            active: AtomicI64::new(0),
            commits: Histogram::new(SECONDS),
            models: Mutex::default(),
            labels: Mutex::default(),
        }
    }
}

impl Telemetry {
    /// Counts a request by the template of its route.
    pub fn request(&self, method: &str, route: &str, status: u16, duration: Duration) {
        let key = (method.to_owned(), route.to_owned(), status);
        let histogram = {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(
                requests
                    .entry(key)
                    .or_insert_with(|| Arc::new(Histogram::new(SECONDS))),
            )
        };
        histogram.record(duration);
    }

    /// Requests to routes, those aside by which the server itself is watched.
    pub fn requests(&self) -> Requests {
        let mut sums = Requests::default();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((_, route, status), histogram) in &*requests {
            let watches = ["/api/v1/monitoring", "/health", "/metrics"];
            if route == OTHER || watches.iter().any(|watch| route.starts_with(watch)) {
                continue;
            }
            let count = histogram.count();
            sums.all += count;
            match status {
                400..500 => sums.refused += count,
                500.. => sums.failed += count,
                _ => {}
            }
        }
        sums
    }

    /// The counts of a model.
    pub fn model(&self, name: &str) -> Arc<ModelCounts> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = models.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(ModelCounts {
                decisions: [AtomicU64::new(0), AtomicU64::new(0)],
                probabilities: Histogram::new(TENTHS),
            })
        });
        Arc::clone(counts)
    }

    /// Counts what became of a label.
    pub fn label(&self, outcome: &'static str) {
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        *labels.entry(outcome).or_default() += 1;
    }

    /// All of it in Prometheus' text format.
    pub fn text(&self, ready: bool) -> String {
        let mut text = String::new();
        let t = &mut text;
        head(
            t,
            "http_server_request_duration_seconds",
            "histogram",
            "Time to answer, by route.",
        );
        for ((method, route, status), histogram) in
            &*self.requests.lock().unwrap_or_else(PoisonError::into_inner)
        {
            let labels = format!(
                "http_request_method=\"{method}\",http_route=\"{}\",http_response_status_code=\"{status}\"",
                escaped(route)
            );
            histogram.write(t, "http_server_request_duration_seconds", &labels);
        }
        head(
            t,
            "http_server_active_requests",
            "gauge",
            "Requests under way.",
        );
        line(
            t,
            "http_server_active_requests",
            "",
            self.active.load(Relaxed),
        );
        head(
            t,
            "churn_db_commit_seconds",
            "histogram",
            "Time of a commit, the disk's sync included.",
        );
        self.commits.write(t, "churn_db_commit_seconds", "");
        let models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        head(
            t,
            "churn_predictions_total",
            "counter",
            "Answers, by model and decision.",
        );
        for (model, counts) in &*models {
            for (decision, count) in ["stay", "leave"].iter().zip(&counts.decisions) {
                let labels = format!("model=\"{}\",decision=\"{decision}\"", escaped(model));
                line(t, "churn_predictions_total", &labels, count.load(Relaxed));
            }
        }
        head(
            t,
            "churn_prediction_probability",
            "histogram",
            "Probabilities answered, by model.",
        );
        for (model, counts) in &*models {
            let labels = format!("model=\"{}\"", escaped(model));
            counts
                .probabilities
                .write(t, "churn_prediction_probability", &labels);
        }
        head(
            t,
            "churn_labels_total",
            "counter",
            "Ground truth received, by what became of it.",
        );
        for (outcome, count) in &*self.labels.lock().unwrap_or_else(PoisonError::into_inner) {
            line(
                t,
                "churn_labels_total",
                &format!("outcome=\"{outcome}\""),
                count,
            );
        }
        head(
            t,
            "churn_ready",
            "gauge",
            "1 while predictions can be recorded.",
        );
        line(t, "churn_ready", "", u8::from(ready));
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a string does not fail.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = match labels.is_empty() {
        true => writeln!(text, "{name} {value}"),
        false => writeln!(text, "{name}{{{labels}}} {value}"),
    };
}

fn escaped(label: &str) -> String {
    label
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let histogram = Histogram::new(&[0.5, 1.0]);
        for value in [0.5, 0.6, 3.0] {
            histogram.add(value);
        }
        let mut text = String::new();
        histogram.write(&mut text, "x", "a=\"b\"");
        assert_eq!(
            text,
            "x_bucket{a=\"b\",le=\"0.5\"} 1\nx_bucket{a=\"b\",le=\"1\"} 2\n\
             x_bucket{a=\"b\",le=\"+Inf\"} 3\nx_sum{a=\"b\"} 4.1\nx_count{a=\"b\"} 3\n"
        );
    }

    #[test]
    fn labels_are_escaped() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }
}
