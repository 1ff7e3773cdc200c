//! The list as CSV.

use churn_core::Value;

use crate::explorer::Explorer;
use crate::filter::Field;
use crate::text;

/// What each line of the file says.
pub struct Export<'a> {
    /// The customers.
    pub explorer: &'a Explorer,
    /// Features with a column, in its order.
    pub features: &'a [usize],
    /// Whether the outcome has a column.
    pub outcome: bool,
    /// Whether the part in the training has a column.
    pub part: bool,
    /// Probability from which a customer is contacted.
    pub threshold: f64,
    /// How the user stated it.
    pub rule: String,
    /// Names the model.
    pub model: String,
}

impl Export<'_> {
    /// The line of the columns' names.
    pub fn head(&self, out: &mut String) {
        let explorer = self.explorer;
        let schema = explorer.schema();
        let name = |feature: usize| explorer.feature(feature).name.as_str();
        text_cell(schema.id.as_deref().unwrap_or(text::EXPORT_ID), out);
        let mut cell = |text: &str| {
            out.push(',');
            text_cell(text, out);
        };
        cell(text::EXPORT_RISK);
        cell(text::EXPORT_DECISION);
        if self.outcome {
            cell(text::EXPORT_OUTCOME);
        }
        if self.part {
            cell(text::EXPORT_PART);
        }
        for &feature in self.features {
            cell(name(feature));
        }
        for &feature in self.features {
            cell(&Field::Weight(feature).name(explorer));
        }
        if explorer.imputed_rows() > 0 {
            cell(text::EXPORT_IMPUTED);
        }
        for name in text::EXPORT_ORIGIN {
            cell(name);
        }
        out.push_str("\r\n");
    }

    /// The line of a customer.
    pub fn line(&self, row: u32, out: &mut String) {
        let explorer = self.explorer;
        let index = row as usize;
        let risk = explorer.probabilities[index];
        let values = explorer.original(row).0;
        let weights = explorer.weights(index);
        text_cell(explorer.id(index), out);
        number_cell(risk, out);
        let mut cell = |text: &str| {
            out.push(',');
            text_cell(text, out);
        };
        cell(text::decision(risk >= self.threshold));
        if self.outcome {
            cell(text::outcome(explorer.data.label(index)));
        }
        if self.part {
            cell(text::part(explorer.part(index)));
        }
        for &feature in self.features {
            match values[feature] {
                Value::Number(number) => number_cell(number, out),
                value @ (Value::Level(_) | Value::Missing) => {
                    out.push(',');
                    text_cell(&explorer.text(feature, value), out);
                }
            }
        }
        for &feature in self.features {
            number_cell(weights[feature], out);
        }
        if explorer.imputed_rows() > 0 {
            let names = explorer.imputed(row).iter();
            let names: Vec<&str> = names
                .map(|&at| explorer.feature(at).name.as_str())
                .collect();
            out.push(',');
            text_cell(&names.join("; "), out);
        }
        number_cell(self.threshold, out);
        let data = &explorer.predictor.artefact().training.data_hash;
        for origin in [&self.rule, &self.model, data] {
            out.push(',');
            text_cell(origin, out);
        }
        out.push_str("\r\n");
    }
}

/// A number with all its digits.
fn number_cell(number: f64, out: &mut String) {
    out.push(',');
    out.push_str(&number.to_string());
}

/// A text that a spreadsheet takes as text: one that could be taken for a
/// formula gets an apostrophe.
pub fn text_cell(text: &str, out: &mut String) {
    let apostrophe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(apostrophe);
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(apostrophe);
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::{explorer, of_csv};

    fn lines(explorer: &Explorer, rows: &[u32]) -> Vec<Vec<String>> {
        let export = Export {
            explorer,
            features: &explorer.columns,
            outcome: true,
            part: true,
            threshold: 0.25,
            rule: "top=5pct".into(),
            model: explorer.predictor.id(),
        };
        let mut text = String::new();
        export.head(&mut text);
        for &row in rows {
            export.line(row, &mut text);
        }
        // No cell of these tests holds a comma.
        let lines = text.split_terminator("\r\n");
        lines
            .map(|line| line.split(',').map(Into::into).collect())
            .collect()
    }

    #[test]
    fn every_number_comes_back_to_the_bit() {
        let explorer = explorer();
        let lines = lines(&explorer, &[7, 0]);
        assert_eq!(lines.len(), 3);
        let column = |name: &str| {
            let found = lines[0].iter().position(|column| column == name);
            found.unwrap_or_else(|| panic!("no column {name}"))
        };
        for (line, row) in lines[1..].iter().zip([7, 0]) {
            let number = |name: &str| line[column(name)].parse::<f64>().unwrap();
            let risk = explorer.probabilities[row];
            assert_eq!(line[column("id")], explorer.id(row));
            assert_eq!(number("risk").to_bits(), risk.to_bits());
            assert_eq!(line[column("decision")] == "contact", risk >= 0.25);
            assert_eq!(number("weight(contract)"), explorer.weights(row)[0]);
            assert_eq!(number("weight(tenure)"), explorer.weights(row)[1]);
            let Value::Number(tenure) = explorer.data.value(row, 1) else {
                panic!("tenure is a number")
            };
            assert_eq!(number("tenure"), tenure);
            assert_eq!(line[column("imputed")] == "tenure", row == 7);
            assert_eq!(line[column("part")] == "Not used", row == 7);
            assert_eq!(number("threshold"), 0.25);
            assert_eq!(line[column("model_data_hash")], "the sample");
            assert_eq!(line[column("rule")], "top=5pct");
            assert_eq!(line[column("model_id")], explorer.predictor.id());
        }
    }

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        let mut csv = String::from("id,=kind,size,left\n");
        for row in 0..40 {
            let kind = ["=1+1", "+a", "-b", "@c", "d"][row % 5];
            let left = ["Yes", "No"][row / 5 % 2];
            csv += &format!("-{row},{kind},-{row},{left}\n");
        }
        let explorer = of_csv(&csv);
        let lines = lines(&explorer, &[0, 1, 2, 3, 4]);
        for (row, line) in lines.iter().enumerate() {
            for cell in line {
                let number = cell.parse::<f64>().is_ok() && !cell.starts_with('+');
                assert!(
                    number || !cell.starts_with(['=', '+', '-', '@']),
                    "{row}: {cell}"
                );
            }
        }
        assert!(lines[0].contains(&"'=kind".into()));
        assert_eq!(lines[1][0], "'-0");
        assert!(lines[2].contains(&"-1".into()), "numbers stay numbers");
    }

    #[test]
    fn special_characters_are_quoted() {
        let mut text = String::new();
        text_cell("a,\"b\"", &mut text);
        text_cell("\r=", &mut text);
        assert_eq!(text, "\"a,\"\"b\"\"\"\"'\r=\"");
    }
}
