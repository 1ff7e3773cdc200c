//! All columns against each other: how strongly every two of them go together.

use churn_core::exploration::Measure;

use super::ASSOCIATIONS;
use crate::exploration::Exploration;
use crate::view::chart::{Drawing, WIDTH, open_part, push_text, short, shortened};
use crate::{number, text};

/// Room for the name of the last column.
const NAME: f64 = 124.0;
const LETTERS: usize = 20;
/// Largest cell.
const LARGEST: f64 = 28.0;

/// The lower triangle of the matrix: each column's name stands at its end, on
/// the diagonal, and serves its row and its column.
pub fn draw(exploration: &Exploration) -> Drawing {
    let explorer = &exploration.explorer;
    let (features, matrix) = exploration.associations();
    let name = |place: usize| match features[place] {
        Some(feature) => explorer.label(feature),
        None => text::OUTCOME,
    };
    let side = ((WIDTH - NAME) / features.len().max(1) as f64).min(LARGEST);
    let mut out = String::new();
    let mut table = Vec::new();
    for (row, associations) in matrix.iter().enumerate() {
        let top = side * row as f64;
        for (column, association) in associations.iter().enumerate() {
            let (this, other) = (name(row), name(column));
            let value = number::value(association.value, 2);
            let measure = text::measure(association.measure);
            let spoken = text::association(this, other, measure, &value);
            let pair = match (features[column], features[row]) {
                (Some(x), Some(y)) => format!("data-pair=\"{x}.{y}\""),
                (None, Some(feature)) => format!("data-pair=\"{feature}\""),
                _ => String::new(),
            };
            open_part(&mut out, &pair, &spoken, None, (row, column) == (1, 0));
            out += &format!(
                "<rect class=\"cell {}\" fill-opacity=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" \
                 height=\"{}\"/></g>",
                if association.value < 0.0 {
                    "against"
                } else {
                    ""
                },
                number::decimal(association.value.abs(), 2),
                short(side * column as f64 + 1.0),
                short(top + 1.0),
                short(side - 2.0),
                short(side - 2.0)
            );
            table.push(vec![
                this.to_owned(),
                other.to_owned(),
                measure.to_owned(),
                number::decimal(association.value, 4),
            ]);
        }
        let at = (side * row as f64 + 4.0, top + side / 2.0 + 4.0);
        push_text(
            &mut out,
            "tick",
            "start",
            at,
            &shortened(name(row), LETTERS),
        );
    }
    let pearson = matrix
        .iter()
        .flatten()
        .any(|association| association.measure == Measure::Pearson && association.value < 0.0);
    Drawing {
        id: ASSOCIATIONS.into(),
        name: ASSOCIATIONS.into(),
        question: text::ASSOCIATIONS_QUESTION.into(),
        help: text::associations_help(pearson),
        height: side * features.len() as f64 + 4.0,
        inside: out,
        heads: text::ASSOCIATION_HEADS.map(str::to_owned).into(),
        rows: table,
        more: None,
    }
}
