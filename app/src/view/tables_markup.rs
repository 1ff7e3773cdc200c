//! Tables, what is in a version and what changed, as markup.

use churn_core::tables::{ColumnQuality, TableContent, TableDifference, TableVersion};

use super::chart::table_markup;
use crate::markup::escaped;
use crate::number::{count, shortest};
use crate::{page, text};

/// Decimals of means, at most.
const DECIMALS: usize = 3;

/// All versions, the newest of a table first; the chosen one is marked, and those
/// who may can delete rows.
pub fn versions(all: &[TableVersion], chosen: &str, may_change: bool) -> String {
    let mut out = table_markup(&text::VERSION_HEADS, &[]);
    let mut all: Vec<&TableVersion> = all.iter().collect();
    all.sort_by(|a, b| a.name.cmp(&b.name).then(b.version.cmp(&a.version)));
    for version in all {
        let name = text::version(&version.name, version.version);
        let state = match () {
            () if version.deleted => text::ROWS_DELETED.to_owned(),
            () if may_change => format!(
                "<button class=\"button\" data-delete=\"{name}\">{}</button>",
                text::DELETE_ROWS
            ),
            () => String::new(),
        };
        let head = match version.deleted {
            true => name,
            false => format!(
                "<button class=\"button\" data-show=\"{name}\" aria-pressed=\"{}\">{name}</button>",
                name == chosen
            ),
        };
        let sources = version.sources.iter().map(|source| source.from.as_str());
        let sources: Vec<&str> = sources.collect();
        out += &format!(
            "<tr><th scope=\"row\">{head}<td>{}<td>{}<td>{}<td>{}<td>{state}",
            count(version.rows as usize),
            count(version.rejected as usize),
            page::moment(version.created_ms),
            escaped(&sources.join(", ")),
        );
    }
    out
}

/// The columns of a version.
pub fn quality(content: &TableContent) -> String {
    let row = |column: &ColumnQuality| {
        let number = |pick: fn(&churn_core::tables::Numbers) -> f64| {
            let numbers = column.numbers.as_ref();
            numbers.map_or(String::new(), |numbers| shortest(pick(numbers), DECIMALS))
        };
        let frequent = column.frequent.iter();
        let frequent: Vec<String> = frequent
            .map(|level| format!("{} ({})", level.value, count(level.rows as usize)))
            .collect();
        vec![
            column.name.clone(),
            text::what_it_holds(column.kind).to_owned(),
            count(column.missing as usize),
            column
                .distinct
                .map_or_else(|| text::MANY.into(), |distinct| count(distinct as usize)),
            number(|numbers| numbers.min),
            number(|numbers| numbers.mean),
            number(|numbers| numbers.max),
            frequent.join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = content.quality.iter().map(row).collect();
    table_markup(&text::QUALITY_HEADS, &rows)
}

/// Why rows were rejected; nothing where none was.
pub fn rejected(content: &TableContent) -> String {
    let reasons = content.version.reasons.iter();
    let rows: Vec<Vec<String>> = reasons
        .map(|reason| {
            vec![
                count(reason.rows as usize),
                reason.column.clone().unwrap_or_default(),
                reason.expected.clone(),
            ]
        })
        .collect();
    match rows.is_empty() {
        true => String::new(),
        false => table_markup(&text::REJECTED_HEADS, &rows),
    }
}

/// What changed, in sentences.
pub fn changes(difference: &TableDifference) -> String {
    let mut lines = vec![text::changed_rows(difference.rows, difference.ids.as_ref())];
    let added = difference.added_columns.iter();
    lines.extend(added.map(|name| text::added_column(name)));
    let removed = difference.removed_columns.iter();
    lines.extend(removed.map(|name| text::removed_column(name)));
    let changed = difference.changed_columns.iter();
    lines.extend(changed.map(|column| text::changed_column(&column.name, column.kinds)));
    let lines = lines.iter().map(|line| format!("<p>{}</p>", escaped(line)));
    lines.collect()
}

/// How far each column moved; those that did are marked, as in monitoring.
pub fn moved(difference: &TableDifference) -> String {
    let row = |column: &churn_core::tables::ColumnDrift| {
        let figures = column.drift.iter().map(|figure| {
            let mark = if figure.is_drift() { text::MOVED } else { "" };
            text::drift_figure(figure) + mark
        });
        let [before, now] = column.missing.map(|rows| count(rows as usize));
        let figures: Vec<String> = figures.collect();
        vec![column.name.clone(), before, now, figures.join(", ")]
    };
    let rows: Vec<Vec<String>> = difference.columns.iter().map(row).collect();
    table_markup(&text::MOVED_HEADS, &rows)
}

/// The tables by their newest versions, as options.
pub fn newest(all: &[TableVersion]) -> String {
    let is_newest = |version: &&TableVersion| {
        let is_later =
            |other: &TableVersion| other.name == version.name && other.version > version.version;
        !version.deleted && !all.iter().any(is_later)
    };
    let options = all.iter().filter(is_newest).map(|version| {
        let name = text::version(&version.name, version.version);
        format!("<option>{name}")
    });
    options.collect()
}

/// The other versions of a table, as options.
pub fn others(all: &[TableVersion], (name, version): (&str, u32), chosen: Option<u32>) -> String {
    let mut out = format!("<option value=\"\">{}", text::NO_VERSION);
    let others = all
        .iter()
        .filter(|other| other.name == name && other.version != version && !other.deleted);
    for other in others {
        let selected = if Some(other.version) == chosen {
            " selected"
        } else {
            ""
        };
        out += &format!("<option value=\"{0}\"{selected}>{name}@{0}", other.version);
    }
    out
}
