//! Tables for people.

use std::fmt::Write as _;

use churn_core::drift::DriftMethod;
use churn_core::tables::{
    Kind, Numbers, TableContent, TableDifference, TableVersion, TableVersions, ValueCount,
};

use crate::clock::rfc3339;
use crate::count::Count;
use crate::table::quality::MOST_DISTINCT;

/// One version a line.
pub(super) fn list(listed: &TableVersions) -> String {
    let mut text = String::from("table\trows\trejected\tcreated\tcontent\n");
    for version in &listed.versions {
        let TableVersion {
            name,
            version: number,
            rows,
            rejected,
            created_ms,
            content,
            ..
        } = version;
        let created = rfc3339(*created_ms);
        let content = match version.deleted {
            true => "deleted",
            false => content.get(..12).unwrap_or(content),
        };
        text.push_str(&format!(
            "{name}@{number}\t{rows}\t{rejected}\t{created}\t{content}\n"
        ));
    }
    text
}

/// Where a version came from, then one column a line.
pub(super) fn show(content: &TableContent) -> String {
    let version = &content.version;
    let mut text = format!(
        "{}@{}: {}, ingested {}\n",
        version.name,
        version.version,
        Count(version.rows).things("row"),
        rfc3339(version.created_ms)
    );
    for source in &version.sources {
        let rows = Count(source.rows).things("row");
        text.push_str(&format!("from {}: {rows}", source.from));
        if let Some(query) = &source.query {
            text.push_str(&format!(" of {query}"));
        }
        text.push('\n');
    }
    for reason in &version.reasons {
        let rows = Count(reason.rows).things("row");
        let column = reason.column.as_ref().map(|column| format!("{column}: "));
        text.push_str(&format!(
            "rejected {rows}: {}expected {}\n",
            column.unwrap_or_default(),
            reason.expected
        ));
    }
    text.push_str("\ncolumn\tkind\tmissing\tdistinct\tmin\tmean\tmax\tmost frequent\n");
    for column in &content.quality {
        let distinct = match column.distinct {
            Some(distinct) => distinct.to_string(),
            None => format!("> {MOST_DISTINCT}"),
        };
        let [min, mean, max] = match column.numbers {
            Some(Numbers { min, mean, max }) => [min.to_string(), rounded(mean), max.to_string()],
            None => [const { String::new() }; 3],
        };
        let frequent = column.frequent.iter();
        let frequent: Vec<String> = frequent
            .map(|ValueCount { value, rows }| format!("{value} {rows}"))
            .collect();
        text.push_str(&format!(
            "{}\t{}\t{}\t{distinct}\t{min}\t{mean}\t{max}\t{}\n",
            column.name,
            column.kind.name(),
            column.missing,
            frequent.join(", ")
        ));
    }
    text
}

/// Six digits, without zeros at the end.
fn rounded(x: f64) -> String {
    let text = format!("{x:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What changed, then one column a line.
pub(super) fn difference(difference: &TableDifference) -> String {
    let TableDifference { from, to, rows, .. } = difference;
    let mut text = format!(
        "{from} to {to}\nrows\t{} to {}\n",
        Count(rows[0]),
        Count(rows[1])
    );
    if let Some(ids) = &difference.ids {
        text.push_str(&format!(
            "by {}\t{} added, {} removed, {} changed\n",
            ids.column,
            Count(ids.added),
            Count(ids.removed),
            Count(ids.changed)
        ));
    }
    for (what, names) in [
        ("added", &difference.added_columns),
        ("removed", &difference.removed_columns),
    ] {
        for name in names {
            text.push_str(&format!("column {what}\t{name}\n"));
        }
    }
    for changed in &difference.changed_columns {
        let [from, to] = changed.kinds.map(Kind::name);
        text.push_str(&format!(
            "column changed\t{}: {from} to {to}\n",
            changed.name
        ));
    }
    text.push_str("\ncolumn\tmissing\tmoved\n");
    for column in &difference.columns {
        let [before, after] = column.missing;
        let figures = column.drift.iter().map(|figure| {
            let mark = if figure.is_drift() { " *" } else { "" };
            format!("{} {:.4}{mark}", name(figure.method), figure.value)
        });
        let figures: Vec<String> = figures.collect();
        let _ = writeln!(
            text,
            "{}\t{before} to {after}\t{}",
            column.name,
            figures.join(", ")
        );
    }
    let threshold = DriftMethod::THRESHOLD;
    text.push_str(&format!("\n* {threshold} or more\n"));
    text
}

fn name(method: DriftMethod) -> &'static str {
    match method {
        DriftMethod::Psi => "PSI",
        DriftMethod::JensenShannon => "Jensen-Shannon",
        DriftMethod::Wasserstein => "Wasserstein",
        DriftMethod::KolmogorovSmirnov => "Kolmogorov-Smirnov",
    }
}
