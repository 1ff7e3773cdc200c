//! The runs of experiments as markup: their table, what differs, a chart.

use std::collections::{BTreeMap, BTreeSet};

use churn_core::runs::{Comparison, Run, Runs, Status};

use super::chart::{Axis, Drawing, HEIGHT, Mark, Plot, Unit, table_markup};
use crate::markup::escaped;
use crate::{number, page, text};

/// Decimals of a metric.
const DECIMALS: usize = 4;

/// Most parameter values that a chart has room for.
const MOST: usize = 12;

/// Characters along the axis.
const LETTERS: usize = 48;

/// Names of all parameters, or of all metrics, of runs.
pub fn names<'a>(told: &'a Runs, of: fn(&'a Run) -> Vec<&'a str>) -> BTreeSet<&'a str> {
    told.runs.iter().flat_map(of).collect()
}

pub fn params(run: &Run) -> Vec<&str> {
    run.params.keys().map(String::as_str).collect()
}

pub fn metrics(run: &Run) -> Vec<&str> {
    run.metrics
        .iter()
        .map(|metric| metric.name.as_str())
        .collect()
}

/// A metric at its last step: where there is one, that of the end.
fn metric(run: &Run, name: &str) -> Option<f64> {
    let steps = run.metrics.iter().filter(|metric| metric.name == name);
    let last = steps.max_by_key(|metric| (metric.step == 0, metric.step));
    last.map(|metric| metric.value)
}

/// All runs, with those of these names ticked. Each head sorts.
pub fn table(told: &Runs, chosen: &str, order: &str) -> String {
    let chosen: Vec<&str> = chosen.split(',').collect();
    let (params, metrics) = (names(told, params), names(told, metrics));
    let mut out = String::from("<thead><tr><td>");
    let mut head = |by: String, name: &str| {
        let (sort, arrow) = match order.strip_prefix(by.as_str()) {
            Some(" desc") => (" aria-sort=\"descending\"", " ↓"),
            Some("") => (" aria-sort=\"ascending\"", " ↑"),
            _ => ("", ""),
        };
        out += &format!(
            "<th scope=\"col\"{sort}><button data-sort=\"{}\">{}{arrow}</button>",
            escaped(&by),
            escaped(name)
        );
    };
    for (by, name) in [
        ("attributes.run", text::RUN),
        ("attributes.experiment", text::EXPERIMENT),
        ("attributes.status", text::STATUS),
    ] {
        head(by.into(), name);
    }
    for (of, names) in [("metrics", &metrics), ("params", &params)] {
        for name in names {
            head(place(of, name), name);
        }
    }
    head("attributes.start_time".into(), text::BEGAN);
    out += "</thead><tbody>";
    for run in &told.runs {
        let name = escaped(&run.run);
        let checked = match chosen.contains(&run.run.as_str()) {
            true => " checked",
            false => "",
        };
        out += &format!(
            "<tr><td><input type=\"checkbox\" data-run=\"{name}\" aria-label=\"{}\"{checked}>\
             <th scope=\"row\">{name}<td>{}<td>{}",
            escaped(&text::choose_run(&run.run)),
            escaped(&run.experiment),
            text::status(run.status),
        );
        if let Some(error) = &run.error {
            out += &format!("<p class=\"muted\">{}</p>", escaped(error));
        }
        for name in &metrics {
            out += "<td>";
            out += &figure(metric(run, name));
        }
        for name in &params {
            out += "<td>";
            let value = run.params.get(*name).map(String::as_str);
            out += &escaped(value.unwrap_or_default());
        }
        let began = run.started_ms.map(page::moment);
        out += &format!("<td>{}", began.unwrap_or_default());
    }
    out
}

/// What the query calls something: in double quotes where it is no plain word.
fn place(of: &str, name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match name.bytes().all(plain) {
        true => format!("{of}.{name}"),
        false => format!("{of}.\"{}\"", name.replace('"', "\"\"")),
    }
}

fn figure(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| number::shortest(value, DECIMALS))
}

/// Runs beside each other: parameters, of which those that differ are marked, and
/// metrics.
pub fn compared(told: &Comparison) -> String {
    let mut heads = vec![""];
    heads.extend(told.runs.iter().map(|run| run.run.as_str()));
    let mut out = table_markup(&heads, &[]);
    for param in &told.params {
        out += "<tr><th scope=\"row\">";
        if param.differs {
            out += &format!(
                "<abbr role=\"img\" aria-label=\"{0}\" title=\"{0}\">≠</abbr> ",
                text::DIFFERS
            );
        }
        out += &escaped(&param.name);
        for value in &param.values {
            out += &format!("<td>{}", escaped(value.as_deref().unwrap_or_default()));
        }
    }
    for metric in &told.metrics {
        out += &format!("<tr><th scope=\"row\">{}", escaped(&metric.name));
        for value in &metric.values {
            out += &format!("<td>{}", figure(*value));
        }
    }
    out
}

/// Whether the others differ from the first run by more than chance.
pub fn tests(told: &Comparison) -> String {
    let rows = told
        .tests
        .iter()
        .flat_map(|test| text::tests(test).map(|row| [&[test.second.clone()][..], &row].concat()));
    table_markup(&text::TEST_HEADS, &rows.collect::<Vec<_>>())
}

/// The choices of a list, one of them chosen.
pub fn options(names: &BTreeSet<&str>, chosen: &str) -> String {
    let option = |name: &&str| {
        let selected = if *name == chosen { " selected" } else { "" };
        format!("<option{selected}>{}", escaped(name))
    };
    names.iter().map(option).collect()
}

/// The parameter and the metric to look at: those asked for, or the first that
/// tell something.
pub fn axes<'a>(told: &'a Runs, param: &'a str, metric: &'a str) -> (&'a str, &'a str) {
    let (params, metrics) = (names(told, params), names(told, metrics));
    let varies = |name: &&&str| {
        let values = told.runs.iter().map(|run| run.params.get(**name));
        values.collect::<BTreeSet<_>>().len() > 1
    };
    let param = match params.contains(param) {
        true => param,
        false => params.iter().find(varies).or(params.first()).unwrap_or(&""),
    };
    let known = [metric, "test_score"]
        .into_iter()
        .find(|name| metrics.contains(name));
    (
        param,
        known.or(metrics.first().copied()).unwrap_or_default(),
    )
}

/// A metric against a parameter.
pub fn chart(told: &Runs, param: &str, of: &str) -> Drawing {
    let mut groups: BTreeMap<Value, Vec<(f64, &Run)>> = BTreeMap::new();
    for run in &told.runs {
        if let (Some(value), Some(figure), Status::Finished) =
            (run.params.get(param), metric(run, of), run.status)
        {
            groups.entry(Value(value)).or_default().push((figure, run));
        }
    }
    let figures = || groups.values().flatten().map(|&(figure, _)| figure);
    let low = figures().fold(f64::INFINITY, f64::min);
    let high = figures().fold(f64::NEG_INFINITY, f64::max);
    let question = text::runs_chart(of, param);
    if !(low.is_finite() && high.is_finite()) || groups.len() > MOST {
        return Drawing::default();
    }
    // One value alone has some room around it.
    let room = if low == high { 0.01 } else { 0.0 };
    let letters = LETTERS / groups.len().max(1);
    let labels = groups
        .keys()
        .map(|value| super::chart::shortened(value.0, letters.max(3)));
    let places = groups.values().zip(0_u32..);
    let points = places.flat_map(|(group, at)| {
        group
            .iter()
            .map(move |&(figure, _)| (f64::from(at), figure))
    });
    let plot = Plot {
        marks: vec![Mark::Points(points.collect())],
        x: Axis::of_names(param, labels.collect()),
        y: Axis::over(of, Unit::Number, low - room, high + room),
    };
    let rows = groups.iter().flat_map(|(value, group)| {
        group
            .iter()
            .map(move |(figure, run)| vec![run.run.clone(), value.0.to_owned(), figure.to_string()])
    });
    Drawing {
        id: "runs-chart".into(),
        name: format!("{of}-by-{param}"),
        question,
        help: text::RUNS_CHART_HELP.into(),
        height: HEIGHT,
        inside: plot.markup(),
        heads: vec![text::RUN.into(), param.into(), of.into()],
        rows: rows.collect(),
        more: None,
    }
}

/// A parameter's value: numbers in their order, before texts.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Value<'a>(&'a str);

impl Ord for Value<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let number = |text| number::parse(text).unwrap_or(f64::INFINITY);
        let order = number(self.0).total_cmp(&number(other.0));
        order.then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Value<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
