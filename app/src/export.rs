//! The list as CSV for a file, or separated by tabs for the clipboard.

use churn_core::Value;

use crate::explorer::Explorer;
use crate::filter::Field;
use crate::text;

/// What each line says.
pub struct Export<'a> {
    /// What stands between two cells.
    pub separator: char,
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
        let mut cell = |text: &str| self.text(text, out);
        cell(schema.id.as_deref().unwrap_or(text::EXPORT_ID));
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
        end(out);
    }

    /// The line of a customer.
    pub fn line(&self, row: u32, out: &mut String) {
        let explorer = self.explorer;
        let index = row as usize;
        let risk = explorer.probabilities[index];
        let values = explorer.original(row).0;
        let weights = explorer.weights(index);
        self.text(explorer.id(index), out);
        self.number(risk, out);
        self.text(text::decision(risk >= self.threshold), out);
        if self.outcome {
            self.text(text::outcome(explorer.data.label(index)), out);
        }
        if self.part {
            self.text(text::part(explorer.part(index)), out);
        }
        for &feature in self.features {
            match values[feature] {
                Value::Number(number) => self.number(number, out),
                value @ (Value::Level(_) | Value::Missing) => {
                    self.text(&explorer.text(feature, value), out);
                }
            }
        }
        for &feature in self.features {
            self.number(weights[feature], out);
        }
        if explorer.imputed_rows() > 0 {
            let names = explorer.imputed(row).iter();
            let names: Vec<&str> = names
                .map(|&at| explorer.feature(at).name.as_str())
                .collect();
            self.text(&names.join("; "), out);
        }
        self.number(self.threshold, out);
        let data = &explorer.predictor.artefact().training.data_hash;
        for origin in [&self.rule, &self.model, data] {
            self.text(origin, out);
        }
        end(out);
    }

    /// A number with all its digits.
    fn number(&self, number: f64, out: &mut String) {
        out.push_str(&number.to_string());
        out.push(self.separator);
    }

    fn text(&self, text: &str, out: &mut String) {
        text_cell(text, self.separator, out);
        out.push(self.separator);
    }
}

/// Ends a line: behind its last cell no other one comes.
fn end(out: &mut String) {
    out.pop();
    out.push_str("\r\n");
}

/// A text that a spreadsheet takes as text: one that could be taken for a
/// formula gets an apostrophe.
pub fn text_cell(text: &str, separator: char, out: &mut String) {
    let apostrophe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if text.contains([separator, '"', '\n', '\r']) {
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
            separator: ',',
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
        text_cell("a,\"b\"", ',', &mut text);
        text_cell("\r=", ',', &mut text);
        text_cell("a,b", '\t', &mut text);
        text_cell("c\td", '\t', &mut text);
        assert_eq!(text, "\"a,\"\"b\"\"\"\"'\r=\"a,b\"c\td\"");
    }
}
