//! Runs as text, for people.

use std::collections::BTreeSet;

use churn_core::runs::{Comparison, PairedDifference, PairedTest, Run};

use crate::clock::rfc3339;
use crate::experiment::query;

/// What a run's status is called.
pub fn status(run: &Run) -> &'static str {
    query::status(run.status)
}

/// A line per run, with what they differ by and how well they do.
pub fn list(runs: &[Run]) -> String {
    let names: BTreeSet<&String> = runs.iter().flat_map(|run| run.params.keys()).collect();
    let measured: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| &run.metrics)
        .map(|metric| metric.name.as_str())
        .filter(|name| !name.starts_with("cv_"))
        .collect();
    let mut table = String::from("run\tstatus");
    for name in &names {
        table.extend(["\t", name]);
    }
    for name in &measured {
        table.extend(["\t", name]);
    }
    for run in runs {
        table.extend(["\n", &run.run, "\t", status(run)]);
        for name in &names {
            table.extend(["\t", run.params.get(*name).map_or("", String::as_str)]);
        }
        for name in &measured {
            table.push('\t');
            table.push_str(&query::last(run, name).map_or_else(String::new, number));
        }
    }
    table.push('\n');
    table
}

/// All of a run.
pub fn show(run: &Run) -> String {
    let mut lines = vec![
        format!("run\t{}", run.run),
        format!("experiment\t{}", run.experiment),
        format!("status\t{}", status(run)),
    ];
    let mut add = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{name}\t{value}")));
    };
    add("error", run.error.clone());
    add("started", run.started_ms.map(rfc3339));
    add("ended", run.ended_ms.map(rfc3339));
    add("data", Some(run.data.name.clone()));
    add("data sha256", Some(run.data.hash.clone()));
    add("train rows", Some(run.data.train_rows.to_string()));
    add("test rows", Some(run.data.test_rows.to_string()));
    add("model sha256", run.model_sha256.clone());
    for (of, words) in [
        ("param", &run.params),
        ("tag", &run.tags),
        ("environment", &run.environment),
    ] {
        for (name, value) in words {
            add(&format!("{of} {name}"), Some(value.clone()));
        }
    }
    for metric in &run.metrics {
        let step = match metric.step {
            0 => String::new(),
            step => format!(" at step {step}"),
        };
        add(
            &format!("metric {}{step}", metric.name),
            Some(metric.value.to_string()),
        );
    }
    lines.join("\n") + "\n"
}

/// A number with the digits that tell runs apart.
fn number(x: f64) -> String {
    match x.fract() == 0.0 && x.abs() < 1e9 {
        true => x.to_string(),
        false => format!("{x:.4}"),
    }
}

/// Runs beside each other; what differs has a star.
pub fn compare(comparison: &Comparison) -> String {
    let mut lines = vec![String::new()];
    for run in &comparison.runs {
        lines[0].extend(["\t", &run.run]);
    }
    for param in &comparison.params {
        let mut line = format!("{}{}", if param.differs { "* " } else { "" }, param.name);
        for value in &param.values {
            line.extend(["\t", value.as_deref().unwrap_or_default()]);
        }
        lines.push(line);
    }
    let metrics = comparison.metrics.iter();
    for metric in metrics.filter(|metric| !metric.name.starts_with("cv_")) {
        let mut line = metric.name.clone();
        for value in &metric.values {
            line.push('\t');
            line.push_str(&value.map_or_else(String::new, number));
        }
        lines.push(line);
    }
    for test in &comparison.tests {
        lines.push(String::new());
        lines.extend(tested(test));
    }
    lines.join("\n") + "\n"
}

fn tested(test: &PairedTest) -> [String; 4] {
    let verdict = |differs: bool| match differs {
        true => "more than chance",
        false => "may be chance",
    };
    let difference = |name: &str, of: &PairedDifference| {
        format!(
            "{name}\t{:+.4}\t95% from {:+.4} to {:+.4}\t{}",
            of.difference,
            of.low,
            of.high,
            verdict(of.differs)
        )
    };
    [
        format!(
            "{} against {}, on the same {} rows held out",
            test.second, test.first, test.rows
        ),
        format!(
            "accuracy\t{:+.4}\tright alone {} and {}, p = {:.4}\t{}",
            test.accuracy_difference,
            test.only_second,
            test.only_first,
            test.accuracy_p_value,
            verdict(test.accuracy_differs)
        ),
        difference("log loss", &test.log_loss),
        difference("AUC", &test.roc_auc),
    ]
}
