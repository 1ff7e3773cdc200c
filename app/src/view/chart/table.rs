//! The numbers behind a chart: as CSV, and as a table for those who do not see
//! it.

use crate::markup::escaped;
use crate::number;

/// Rows that are enough to follow a curve.
const ROWS: usize = 21;

/// Heads and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// What the columns are.
    pub heads: Vec<&'static str>,
    /// As many numbers as heads; NaN where there is none.
    pub rows: Vec<Vec<f64>>,
}

impl Numbers {
    /// Every row, in full precision.
    pub fn csv(&self) -> String {
        let mut out = format!("\"{}\"\n", self.heads.join("\",\""));
        for row in &self.rows {
            out += &texts(row, |number| number.to_string()).join(",");
            out.push('\n');
        }
        out
    }

    /// The inside of a table: evenly spread rows, rounded.
    pub fn markup(&self) -> String {
        let rounded = |place: usize| texts(&self.rows[place], |x| number::shortest(x, 3));
        let rows: Vec<Vec<String>> = spread(self.rows.len()).into_iter().map(rounded).collect();
        table_markup(&self.heads, &rows)
    }
}

/// The inside of a table; a row's first cell is its head.
pub fn table_markup(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::from("<tr>");
    for head in heads {
        // What has no name is no head.
        match head.is_empty() {
            true => out += "<td></td>",
            false => out += &format!("<th scope=\"col\">{}</th>", escaped(head)),
        }
    }
    out += "</tr>";
    for row in rows {
        out += "<tr>";
        for (place, cell) in row.iter().enumerate() {
            let tag = if place == 0 { "th scope=\"row\"" } else { "td" };
            let cell = match number::parse(cell) {
                Some(_) => number::readable(cell),
                None => escaped(cell),
            };
            out += &format!("<{tag}>{cell}");
        }
        out += "</tr>";
    }
    out
}

fn texts(row: &[f64], write: impl Fn(f64) -> String) -> Vec<String> {
    let text = |&number: &f64| match number.is_finite() {
        true => write(number),
        false => String::new(),
    };
    row.iter().map(text).collect()
}

/// Evenly spread places, first and last included.
fn spread(rows: usize) -> Vec<usize> {
    if rows <= ROWS {
        return (0..rows).collect();
    }
    (0..ROWS)
        .map(|place| place * (rows - 1) / (ROWS - 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_are_in_the_file() {
        let numbers = Numbers {
            heads: vec!["cut", "profit"],
            rows: vec![vec![0.25, -1.5], vec![0.1 + 0.2, f64::NAN]],
        };
        assert_eq!(
            numbers.csv(),
            "\"cut\",\"profit\"\n0.25,-1.5\n0.30000000000000004,\n"
        );
        assert_eq!(
            numbers.markup(),
            "<tr><th scope=\"col\">cut</th><th scope=\"col\">profit</th></tr>\
             <tr><th scope=\"row\">0.25<td>−1.5</tr><tr><th scope=\"row\">0.3<td></tr>"
        );
    }

    #[test]
    fn a_table_shows_as_many_as_are_enough() {
        assert_eq!(spread(3), [0, 1, 2]);
        let places = spread(1758);
        assert_eq!((places.len(), places[0], places[20]), (21, 0, 1757));
    }
}
