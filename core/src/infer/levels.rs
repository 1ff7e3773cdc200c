//! A column whose cells are texts.

use crate::dataset::{Column, DatasetBuilder, RowIssue};
use crate::math::sort_places;
use crate::schema::{FeatureKind, MISSING, MOST_LEVELS};

/// Levels and codes of a text column, or why it is no feature.
pub fn categorical(
    table: &DatasetBuilder,
    at: usize,
    max_levels: usize,
    skipped: &[Option<RowIssue>],
) -> Result<(FeatureKind, Column), String> {
    let limit = max_levels.min(MOST_LEVELS);
    let mut levels: Vec<&str> = Vec::new();
    let mut codes = Vec::with_capacity(table.rows());
    for (row, skip) in skipped.iter().enumerate() {
        let cell = table.cell(row, at);
        if cell.is_empty() || skip.is_some() {
            codes.push(MISSING);
            continue;
        }
        let code = match levels.iter().position(|&level| level == cell) {
            Some(code) => code,
            None if levels.len() == limit => {
                return Err(format!("more than {limit} different texts"));
            }
            None => {
                levels.push(cell);
                levels.len() - 1
            }
        };
        codes.push(code as u8); // below `limit`, which fits a byte
    }
    match levels.as_slice() {
        [] => return Err("empty".into()),
        [one] => return Err(format!("constant: every value is '{one}'")),
        _ => {}
    }
    let mut order: Vec<u32> = (0..).take(levels.len()).collect();
    sort_places(&mut order, &|a, b| levels[a].cmp(levels[b]));
    let mut place = vec![MISSING; usize::from(MISSING) + 1];
    for (sorted, &code) in order.iter().enumerate() {
        place[code as usize] = sorted as u8;
    }
    for code in &mut codes {
        *code = place[usize::from(*code)];
    }
    let levels = order
        .iter()
        .map(|&code| levels[code as usize].to_owned())
        .collect();
    Ok((
        FeatureKind::Categorical {
            levels,
            flag: false,
        },
        Column::Categorical(codes),
    ))
}
