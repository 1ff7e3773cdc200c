//! The columns of the table of customers.

use crate::explorer::Explorer;
use crate::listing::SortKey;
use crate::{number, text};

/// A column: how it is headed, sorted, styled and how wide it is.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// What a click on the head sorts by.
    pub key: SortKey,
    /// Text of the head.
    pub label: String,
    /// What the column means.
    pub help: Option<String>,
    /// Class of its cells.
    pub class: &'static str,
    /// Width in pixels.
    pub width: usize,
}

/// Pixels of an average character of the table's font.
const CHARACTER: usize = 8;
/// Pixels left and right of a cell's text.
const PADDING: usize = 24;
/// Pixels for the arrows.
const ARROWS: usize = 36;
/// Pixels of the mark that shows the order.
const ORDER_MARK: usize = 14;
/// Widest column of values; longer ones are cut.
const WIDEST: usize = 240;

/// All columns: about the customer first, then the features, those that weigh
/// most first.
pub fn table_columns(explorer: &Explorer) -> Vec<TableColumn> {
    let fixed = |key, label: &str, class, width| TableColumn {
        key,
        label: label.into(),
        help: None,
        class,
        width,
    };
    let ids = (0..explorer.rows()).map(|row| explorer.id(row).chars().count());
    let id_width = (ids.max().unwrap_or(0) * 9 + PADDING + 16).clamp(72, WIDEST);
    let mut columns = vec![
        fixed(SortKey::Id, text::ID, "id", id_width),
        fixed(SortKey::Risk, text::RISK, "risk", 72),
    ];
    if explorer.has_outcomes() {
        columns.push(fixed(SortKey::Outcome, text::OUTCOME, "outcome", 88));
    }
    columns.push(fixed(SortKey::Reasons, text::REASONS, "reasons", 360));
    columns.extend(
        explorer
            .columns
            .iter()
            .map(|&feature| feature_column(explorer, feature)),
    );
    columns
}

fn feature_column(explorer: &Explorer, feature: usize) -> TableColumn {
    let label = match explorer.unit(feature) {
        Some(unit) => number::headed(explorer.label(feature), unit),
        None => explorer.label(feature).into(),
    };
    let numeric = explorer.feature(feature).is_numeric();
    let longest_value = if numeric {
        let (low, high) = explorer.range(feature);
        let text = |number| explorer.text(feature, churn_core::Value::Number(number));
        text(low).len().max(text(high).len())
    } else {
        let levels = explorer.feature(feature).levels().iter();
        levels.map(|level| level.chars().count()).max().unwrap_or(0)
    };
    let longest_word = label.split(' ').map(|word| word.chars().count()).max();
    let width = (longest_value * CHARACTER + ARROWS)
        .max(longest_word.unwrap_or(0) * CHARACTER + ORDER_MARK)
        .max(label.chars().count() * CHARACTER * 6 / 10 + ORDER_MARK);
    TableColumn {
        key: SortKey::Value(feature),
        label,
        help: explorer.help(feature).map(Into::into),
        class: if numeric { "number" } else { "level" },
        width: (width + PADDING).min(WIDEST),
    }
}
