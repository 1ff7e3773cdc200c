//! The served model and data, read natively: what the page must show.

use std::cmp::Ordering;
use std::fs;
use std::path::Path;

use churn_core::links::{Combinations, Edit};
use churn_core::predictor::WeightMatrix;
use churn_core::{Column, Dataset, Links, ModelArtefact, Predictor, Preset, Row, Value, progress};

use super::site::{DATA, MODEL, PRESET};

/// Model, data, and what the one says of the other.
#[derive(Debug)]
pub struct Truth {
    /// The model.
    pub predictor: Predictor,
    /// The customers, missing values filled in.
    pub data: Dataset,
    /// Rows with a value that was filled in.
    pub imputed: Vec<usize>,
    /// Probability of leaving, per row.
    pub probabilities: Vec<f64>,
    /// Exact LIME weights, per row.
    pub weights: WeightMatrix,
    /// How the columns hang together.
    pub links: Links,
    /// How often each combination of linked levels occurs.
    pub combinations: Combinations,
    preset: Option<Preset>,
}

impl Truth {
    /// Reads the files of a site.
    pub fn read(folder: &Path) -> Self {
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let text = |file: &str| String::from_utf8(read(file)).expect("UTF-8");
        let artefact = ModelArtefact::from_json(&text(MODEL)).expect("the built model");
        let preset = folder.join(PRESET).exists().then(|| text(PRESET));
        let data = Dataset::read_csv_as(&read(DATA), &artefact.schema, &mut progress::ignore);
        let predictor = Predictor::new(artefact).expect("the built model");
        let read = data.expect("the bundled data").dataset;
        let preset = preset.map(|text| Preset::from_json(&text).expect("the bundled preset"));
        let links = Links::learn(&read, preset.as_ref());
        let (data, filled) = predictor.complete_all(&read);
        let mut imputed: Vec<usize> = filled.into_iter().map(|(row, _)| row).collect();
        imputed.dedup();
        Self {
            probabilities: predictor.probabilities(&data),
            weights: predictor.exact_weights(&data),
            combinations: Combinations::count(&read, &links),
            links,
            preset,
            predictor,
            data,
            imputed,
        }
    }

    /// The row of a customer.
    pub fn row(&self, id: &str) -> usize {
        let found = (0..self.data.rows()).find(|&row| self.data.id(row) == id);
        found.unwrap_or_else(|| panic!("no customer {id} in the data"))
    }

    /// A feature by its column's name.
    pub fn feature(&self, name: &str) -> usize {
        let place = self.data.schema().position(name);
        place.unwrap_or_else(|| panic!("no column {name} in the data"))
    }

    /// The name that the page shows for a feature.
    pub fn label(&self, feature: usize) -> &str {
        let name = &self.data.schema().features[feature].name;
        let known = self.preset.as_ref().and_then(|preset| preset.feature(name));
        known.map_or(name, |known| &known.label)
    }

    /// The families of the preset with their features.
    pub fn families(&self) -> Vec<(String, Vec<usize>)> {
        let preset = self.preset.as_ref().expect("a preset");
        let families = preset.families.iter().map(|family| {
            let known = preset.features.iter();
            let own = known.filter(|feature| feature.family == family.id);
            let own = own.map(|feature| self.feature(&feature.name));
            (family.label.clone(), own.collect())
        });
        families.collect()
    }

    /// A feature by the name that the page shows; a unit may follow it.
    pub fn labelled(&self, label: &str) -> usize {
        let name = label.split(',').next().unwrap_or(label);
        let mut features = 0..self.data.schema().features.len();
        let place = features.find(|&feature| self.label(feature) == name);
        place.unwrap_or_else(|| panic!("no feature is labelled “{label}”"))
    }

    /// The level or number that a text means in a column.
    pub fn value(&self, feature: usize, text: &str) -> Value {
        let column = &self.data.schema().features[feature];
        if column.is_numeric() {
            return Value::Number(text.parse().expect("a number"));
        }
        let code = column.code_of(text);
        Value::Level(code.unwrap_or_else(|| panic!("{} has no level {text}", column.name)))
    }

    /// The number of a row in a numeric column.
    pub fn number(&self, feature: usize, row: usize) -> f64 {
        match self.data.value(row, feature) {
            Value::Number(number) => number,
            other => panic!("no number but {other:?} in row {row}"),
        }
    }

    /// A customer with other values in the named columns.
    pub fn edited(&self, id: &str, edits: &[(&str, &str)]) -> Row {
        let mut row = self.data.row(self.row(id));
        for (name, text) in edits {
            let feature = self.feature(name);
            row.0[feature] = self.value(feature, text);
        }
        row
    }

    /// A customer after edits one after the other, with what follows each.
    pub fn linked(&self, id: &str, edits: &[(&str, &str)]) -> Row {
        let original = self.data.row(self.row(id));
        let mut row = original.clone();
        for (name, text) in edits {
            let feature = self.feature(name);
            let value = self.value(feature, text);
            let edit = Edit { feature, value };
            row = self.links.consequences(&original, &row, edit, &[]).row;
        }
        row
    }

    /// Customers who have not left, in the order of the data.
    pub fn active(&self) -> Vec<usize> {
        let rows = 0..self.data.rows();
        rows.filter(|&row| self.data.label(row) != Some(true))
            .collect()
    }

    /// Customers with the highest risk first.
    pub fn by_risk(&self, mut rows: Vec<usize>) -> Vec<usize> {
        rows.sort_by(|&a, &b| self.probabilities[b].total_cmp(&self.probabilities[a]));
        rows
    }

    /// How two customers compare in a column.
    pub fn compare(&self, feature: usize, a: usize, b: usize) -> Ordering {
        match self.data.column(feature) {
            Column::Categorical(codes) => codes[a].cmp(&codes[b]),
            Column::Numeric(numbers) => numbers[a].total_cmp(&numbers[b]),
        }
    }

    /// Ids of rows.
    pub fn ids(&self, rows: &[usize]) -> Vec<String> {
        rows.iter().map(|&row| self.data.id(row)).collect()
    }
}
