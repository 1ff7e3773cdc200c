//! The ranks of the table's columns.

use churn_core::math::sort_places;
use churn_core::ranks::{Digits, Ranks, number_digits, text_digits};
use churn_core::{Column, Method};

use crate::column_key::ColumnKey;
use crate::explorer::Explorer;
use crate::family;

/// The ranks of all customers in a column; weights are by `method`.
pub fn ranks(explorer: &Explorer, key: ColumnKey, method: Method) -> Ranks {
    let rows = 0..explorer.rows();
    let small = |digit: &dyn Fn(usize) -> u16| vec![rows.clone().map(digit).collect()];
    let digits: Vec<Digits> = match key {
        // Who is starred changes: the state ranks that itself.
        ColumnKey::Star => Vec::new(),
        ColumnKey::Id => {
            let ids: Vec<&str> = rows.clone().map(|row| explorer.id(row)).collect();
            text_digits(&ids)
        }
        ColumnKey::Risk => number_digits(&explorer.probabilities).into(),
        ColumnKey::Outcome => small(&|row| match explorer.data.label(row) {
            None => 0,
            Some(left) => 1 + u16::from(left),
        }),
        ColumnKey::Part => small(&|row| explorer.part(row) as u16),
        ColumnKey::Reasons => {
            let leading = leading_reasons(explorer, method);
            let sizes: Vec<f64> = leading.iter().map(|(_, sum)| -sum).collect();
            let mut digits = small(&|row| leading[row].0);
            digits.extend(number_digits(&sizes));
            digits
        }
        ColumnKey::Value(feature) => match explorer.data.column(feature) {
            Column::Categorical(codes) => small(&|row| codes[row].into()),
            Column::Numeric(numbers) => number_digits(numbers).into(),
        },
        ColumnKey::Weight(feature) => {
            let weight = |row| explorer.weights_by(method, row)[feature];
            number_digits(&rows.clone().map(weight).collect::<Vec<_>>()).into()
        }
    };
    Ranks::new(explorer.rows(), &digits)
}

/// Per customer the place in the alphabet of the family that weighs most, and
/// its sum.
fn leading_reasons(explorer: &Explorer, method: Method) -> Vec<(u16, f64)> {
    let families = &explorer.reasons;
    let mut alphabet: Vec<u32> = (0..).take(families.len()).collect();
    sort_places(&mut alphabet, &|a, b| {
        families[a].label.cmp(&families[b].label)
    });
    let mut places = vec![0; families.len()];
    for (place, &family) in (0..).zip(&alphabet) {
        places[family as usize] = place;
    }
    let leading = |row| {
        let sums = family::sums(families, explorer.weights_by(method, row));
        let mut leading = (0, 0.0_f64);
        for (place, sum) in sums.into_iter().enumerate() {
            if sum.abs() > leading.1.abs() {
                leading = (place, sum);
            }
        }
        (places.get(leading.0).copied().unwrap_or(0), leading.1)
    };
    (0..explorer.rows()).map(leading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    /// Ranks and values must order any two rows alike.
    fn agrees<T: PartialOrd>(key: ColumnKey, value: impl Fn(usize) -> T) {
        let ranks = ranks(&explorer(), key, Method::Exact);
        for (a, row) in (0..32).enumerate() {
            for (b, other) in (0..32).enumerate() {
                let order = ranks.of(row).cmp(&ranks.of(other));
                let expected = value(a).partial_cmp(&value(b));
                assert_eq!(Some(order), expected, "{key:?} {a} {b}");
            }
        }
    }

    #[test]
    fn ranks_order_rows_as_their_values_do() {
        let explorer = explorer();
        agrees(ColumnKey::Id, |row| explorer.id(row).to_owned());
        agrees(ColumnKey::Risk, |row| explorer.probabilities[row]);
        agrees(ColumnKey::Outcome, |row| explorer.data.label(row));
        agrees(ColumnKey::Weight(1), |row| explorer.weights(row)[1]);
        let Column::Numeric(tenure) = explorer.data.column(1) else {
            unreachable!("tenure is a number")
        };
        agrees(ColumnKey::Value(1), |row| tenure[row]);
        agrees(ColumnKey::Reasons, |row| {
            let ranked = family::ranked(&explorer.reasons, explorer.weights(row));
            (ranked[0].0.label.clone(), -ranked[0].1)
        });
    }
}
