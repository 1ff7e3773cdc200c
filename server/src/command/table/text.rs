//! Tables for people.

use std::fmt::Write as _;

use churn_core::Result;
use churn_core::drift::DriftMethod;

use crate::clock::rfc3339;
use crate::count::Count;
use crate::store::tables::VersionRecord;
use crate::table::difference::Difference;
use crate::table::quality::{ColumnQuality, MOST_DISTINCT, Numbers};
use crate::table::rejects::Reason;
use crate::table::source::SourceRecord;
use crate::table::version::Version;

/// One version a line.
pub(super) fn list(versions: &[VersionRecord]) -> Result<String> {
    let mut text = String::from("table\trows\trejected\tcreated\tcontent\n");
    for version in versions {
        let VersionRecord {
            name,
            version: number,
            rows,
            rejected,
            created_ms,
            content,
            ..
        } = version;
        let created = rfc3339(*created_ms);
        let content = content.get(..12).unwrap_or(content);
        text.push_str(&format!(
            "{name}@{number}\t{rows}\t{rejected}\t{created}\t{content}\n"
        ));
    }
    Ok(text)
}

/// Where a version came from, then one column a line.
pub(super) fn show(version: &Version, quality: &[ColumnQuality]) -> Result<String> {
    let record = &version.record;
    let mut text = format!(
        "{version}: {}, ingested {}\n",
        Count(record.rows).things("row"),
        rfc3339(record.created_ms)
    );
    let sources: Vec<SourceRecord> = parsed(&record.sources)?;
    for source in sources {
        let rows = Count(source.rows).things("row");
        text.push_str(&format!("from {}: {rows}", source.from));
        if let Some(query) = source.query {
            text.push_str(&format!(" of {query}"));
        }
        text.push('\n');
    }
    let reasons: Vec<Reason> = parsed(&record.reasons)?;
    for reason in reasons {
        let rows = Count(reason.rows).things("row");
        let column = reason.column.map(|column| format!("{column}: "));
        text.push_str(&format!(
            "rejected {rows}: {}expected {}\n",
            column.unwrap_or_default(),
            reason.expected
        ));
    }
    text.push_str("\ncolumn\tkind\tmissing\tdistinct\tmin\tmean\tmax\tmost frequent\n");
    for column in quality {
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
            .map(|(level, rows)| format!("{level} {rows}"))
            .collect();
        text.push_str(&format!(
            "{}\t{}\t{}\t{distinct}\t{min}\t{mean}\t{max}\t{}\n",
            column.name,
            column.kind.name(),
            column.missing,
            frequent.join(", ")
        ));
    }
    Ok(text)
}

/// Six digits, without zeros at the end.
fn rounded(x: f64) -> String {
    let text = format!("{x:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What changed, then one column a line.
pub(super) fn difference(difference: &Difference) -> Result<String> {
    let Difference { from, to, rows, .. } = difference;
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
        let [from, to] = changed.kinds.map(crate::table::cells::Kind::name);
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
    Ok(text)
}

fn name(method: DriftMethod) -> &'static str {
    match method {
        DriftMethod::Psi => "PSI",
        DriftMethod::JensenShannon => "Jensen-Shannon",
        DriftMethod::Wasserstein => "Wasserstein",
        DriftMethod::KolmogorovSmirnov => "Kolmogorov-Smirnov",
    }
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    churn_core::json::parse(text, churn_core::ErrorCode::Io, "a version as it is kept")
}
