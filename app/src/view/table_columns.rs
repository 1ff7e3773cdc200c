//! The columns of the table of customers, as they are drawn.

use std::sync::Arc;

use churn_core::{Method, Value};

use crate::arrangement::Show;
use crate::chosen_columns::bounded;
use crate::column_key::ColumnKey;
use crate::explorer::Explorer;
use crate::state::State;
use crate::{number, text};

/// A column: how it is headed, styled and how wide it is.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// What it holds.
    pub key: ColumnKey,
    /// Text of the head.
    pub label: String,
    /// What the column means.
    pub help: Option<String>,
    /// Class of its cells.
    pub class: &'static str,
    /// Width in pixels.
    pub width: usize,
}

/// Columns from left to right, with the pixels left of each.
pub type Columns = Vec<(TableColumn, usize)>;

/// Pixels of an average character of the table's font.
const CHARACTER: usize = 8;
/// Pixels left and right of a cell's text.
const PADDING: usize = 24;
/// Pixels for the arrows.
const ARROWS: usize = 36;
/// Pixels of a head's marks beyond the cells' rim: the order and the filter.
const HEAD_MARKS: usize = 28;
/// Widest column of values; longer ones are cut.
const WIDEST: usize = 240;
/// Reasons that a row names.
pub const REASONS: usize = 2;
/// Widest column of reasons.
const WIDEST_REASONS: usize = 440;
/// Characters of a weight.
const WEIGHT: usize = 5;
/// Characters of a value's weight behind it.
const WEIGHT_BEHIND: usize = 8;

impl TableColumn {
    /// A column of the data; `show` and `method` decide on its width and name.
    pub fn new(explorer: &Explorer, key: ColumnKey, show: Show, method: Method) -> Self {
        let fixed = |label: &str, class, width| Self {
            key,
            label: label.into(),
            help: None,
            class,
            width,
        };
        match key {
            ColumnKey::Star => Self {
                help: Some(text::STAR_HELP.into()),
                ..fixed(text::STAR_HEAD, "star", 64)
            },
            ColumnKey::Id => {
                let ids = (0..explorer.rows()).map(|row| explorer.id(row).chars().count());
                let width = ids.max().unwrap_or(0) * 9 + PADDING + 16;
                fixed(text::ID, "id", width.clamp(72, WIDEST))
            }
            ColumnKey::Risk => fixed(text::RISK, "risk", 84),
            ColumnKey::Outcome => fixed(text::OUTCOME, "outcome", 100),
            ColumnKey::Part => Self {
                help: Some(text::PART_HELP.into()),
                ..fixed(text::PART, "part", 96)
            },
            ColumnKey::Reasons => {
                let labels = explorer.reasons.iter().map(|family| &family.label);
                let longest = labels.map(|label| label.chars().count()).max();
                let reason = longest.unwrap_or(0) * CHARACTER + ARROWS;
                let width = REASONS * reason + PADDING;
                let class = if width < WIDEST_REASONS {
                    "reasons"
                } else {
                    cut("reasons")
                };
                fixed(text::REASONS, class, width.clamp(WIDEST, WIDEST_REASONS))
            }
            ColumnKey::Value(feature) => {
                let longest = longest_value(explorer, feature);
                let characters = match show {
                    Show::Values => longest,
                    Show::Weights => WEIGHT,
                    Show::Both => longest + WEIGHT_BEHIND,
                };
                let numeric = show == Show::Weights || key.is_numeric(explorer.schema());
                let label = match explorer.unit(feature) {
                    Some(unit) => number::headed(explorer.label(feature), unit),
                    None => explorer.label(feature).into(),
                };
                let class = if numeric { "number" } else { "level" };
                let width = width(&label, characters);
                Self {
                    help: explorer.help(feature).map(Into::into),
                    ..fixed(
                        &label,
                        if width < WIDEST { class } else { cut(class) },
                        width,
                    )
                }
            }
            ColumnKey::Weight(feature) => {
                let label = text::weight_of(explorer.label(feature), method);
                fixed(&label, "number", width(&label, WEIGHT))
            }
        }
    }

    /// The column in a width that the user gave it.
    #[must_use]
    pub fn sized(self, width: usize) -> Self {
        let class = match width < self.width {
            true => cut(self.class),
            false => self.class,
        };
        Self {
            width,
            class,
            ..self
        }
    }

    /// Whether the column stays drawn wherever the table is scrolled to.
    pub fn is_leading(&self) -> bool {
        self.key.feature().is_none()
    }
}

/// The columns that the user wants to see, from left to right.
pub fn chosen_columns(state: State) -> Arc<Vec<TableColumn>> {
    let explorer = state.explorer();
    let (show, method) = state
        .arrangement
        .with(|arrangement| (arrangement.show, arrangement.colour.method()));
    let columns = state.columns.with(|chosen| {
        let shown = ColumnKey::all(&explorer).into_iter();
        let column = |key| {
            let column = TableColumn::new(&explorer, key, show, method);
            match chosen.width(key) {
                Some(width) => column.sized(width),
                None => column,
            }
        };
        shown.filter(|&key| chosen.shows(key)).map(column).collect()
    });
    Arc::new(columns)
}

/// Columns side by side; one of them as wide as it is held at present.
pub fn placed(columns: &[TableColumn], held: Option<(ColumnKey, usize)>) -> Arc<Columns> {
    let mut left = 0;
    let columns = columns.iter().map(|column| {
        let mut column = column.clone();
        if let Some((_, width)) = held.filter(|(key, _)| *key == column.key) {
            column.width = bounded(width);
        }
        let start = left;
        left += column.width;
        (column, start)
    });
    Arc::new(columns.collect())
}

/// The class of cells whose text may be wider than they are: only these are
/// clipped, see the style sheet.
fn cut(class: &'static str) -> &'static str {
    match class {
        "id" => "id cut",
        "outcome" => "outcome cut",
        "part" => "part cut",
        "number" => "number cut",
        "level" => "level cut",
        "reasons" => "reasons cut",
        // Others are clipped as they are, or never too narrow.
        other => other,
    }
}

/// Characters of the longest value of a feature.
fn longest_value(explorer: &Explorer, feature: usize) -> usize {
    if explorer.feature(feature).is_numeric() {
        let (low, high) = explorer.range(feature);
        let length = |number| explorer.text(feature, Value::Number(number)).len();
        length(low).max(length(high))
    } else {
        let levels = explorer.feature(feature).levels().iter();
        levels.map(|level| level.chars().count()).max().unwrap_or(0)
    }
}

/// Width for a head on two or three lines and for so many characters below.
fn width(label: &str, characters: usize) -> usize {
    let longest_word = label.split(' ').map(|word| word.chars().count()).max();
    let width = (characters * CHARACTER + ARROWS)
        .max(longest_word.unwrap_or(0) * CHARACTER + HEAD_MARKS)
        .max(label.chars().count() * CHARACTER * 6 / 10 + HEAD_MARKS);
    (width + PADDING).min(WIDEST)
}
