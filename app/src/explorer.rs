//! Everything that is loaded once and then only read: the model, the customers
//! and the explanation of each.

use std::sync::OnceLock;

use churn_core::artefact::TrainingRecord;
use churn_core::dataset::{LeftOut, RowIssue};
use churn_core::imputation::Imputation;
use churn_core::links::{Combinations, Rule};
use churn_core::math::{by_size, sum_rows};
use churn_core::predictor::WeightMatrix;
use churn_core::preset::PresetFeature;
use churn_core::{
    Dataset, Feature, FeatureKind, Links, Method, Predictor, Preset, Row, Schema, Value,
};

use crate::family::Family;
use crate::{number, text};

/// The loaded data, ready to show.
pub struct Explorer {
    /// The model.
    pub predictor: Predictor,
    /// What is known about the data beyond its columns.
    pub preset: Option<Preset>,
    /// The customers, missing values filled in.
    pub data: Dataset,
    /// Probability of leaving, per customer.
    pub probabilities: Vec<f64>,
    /// Families as the preset names them; none without a preset.
    pub families: Vec<Family>,
    /// What main reasons are made of: the families, or single features.
    pub reasons: Vec<Family>,
    /// Features in the order of the table: largest mean |weight| first.
    pub columns: Vec<usize>,
    /// Largest |weight| of any customer: full length of a bar.
    pub largest_weight: f64,
    /// Largest |log-odds contribution| of any customer.
    pub largest_contribution: f64,
    /// How long explaining every customer took, in milliseconds.
    pub explained_in: f64,
    /// SHA-256 of the data's file.
    pub data_hash: String,
    /// What the user should know about the files that were read.
    pub notices: Vec<String>,
    /// Rows that could not be read, in the order of their lines.
    pub issues: Vec<RowIssue>,
    /// Columns that the model does not see.
    pub left_out: Vec<LeftOut>,
    ids: Vec<String>,
    /// Features that were filled in, by row.
    imputed: Vec<Vec<usize>>,
    weights: WeightMatrix,
    /// Log-odds contributions, customers × features.
    contributions: Vec<f64>,
    /// What the model used each customer for, where this is the data it was
    /// trained on.
    parts: Vec<Part>,
    /// The customers as they were read, missing values and all.
    read: Dataset,
    learned: OnceLock<(Links, Combinations)>,
}

/// What the model used a customer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Trained on.
    Training,
    /// Held out, to score the model.
    HeldOut,
    /// Left out: a value or the outcome is missing.
    NotUsed,
}

impl Explorer {
    /// Scores and explains every customer. `data_hash` is the SHA-256 of the
    /// data's file; `clock` gives milliseconds.
    pub fn new(
        predictor: Predictor,
        preset: Option<Preset>,
        data: &Dataset,
        data_hash: String,
        notices: Vec<String>,
        clock: impl Fn() -> f64,
    ) -> Self {
        let read = data.clone();
        let (data, filled) = predictor.complete_all(data);
        let mut imputed = vec![Vec::new(); data.rows()];
        for (row, feature) in filled {
            imputed[row].push(feature);
        }
        let start = clock();
        let weights = predictor.exact_weights(&data);
        let explained_in = clock() - start;
        let probabilities = predictor.probabilities(&data);
        let artefact = predictor.artefact();
        let schema = &artefact.schema;
        let contributions = predictor.contribution_matrix(&data);
        let parts = if artefact.training.data_hash == data_hash {
            parts(&data, &imputed, &artefact.training)
        } else {
            Vec::new()
        };
        let families = preset
            .as_ref()
            .map_or_else(Vec::new, |preset| Family::of_preset(preset, schema));
        let mut explorer = Self {
            probabilities,
            ids: (0..data.rows()).map(|row| data.id(row)).collect(),
            largest_weight: largest(&weights.weights),
            largest_contribution: largest(&contributions),
            reasons: Vec::new(),
            columns: Vec::new(),
            predictor,
            preset,
            data,
            families,
            explained_in,
            notices,
            issues: Vec::new(),
            left_out: Vec::new(),
            imputed,
            weights,
            contributions,
            parts,
            data_hash,
            read,
            learned: OnceLock::new(),
        };
        let all: Vec<usize> = (0..explorer.rows()).collect();
        explorer.columns = by_size(&explorer.mean_sizes(Method::Exact, &all));
        explorer.reasons = if explorer.families.is_empty() {
            (0..explorer.schema().features.len())
                .map(|feature| Family {
                    label: explorer.label(feature).into(),
                    features: vec![feature],
                })
                .collect()
        } else {
            explorer.families.clone()
        };
        explorer
    }

    /// Number of customers.
    pub fn rows(&self) -> usize {
        self.data.rows()
    }

    /// The customers as they were read, missing values and all.
    pub fn read(&self) -> &Dataset {
        &self.read
    }

    /// The model's columns.
    pub fn schema(&self) -> &Schema {
        &self.predictor.artefact().schema
    }

    /// A feature of the schema.
    pub fn feature(&self, feature: usize) -> &Feature {
        &self.schema().features[feature]
    }

    /// Customer id.
    pub fn id(&self, row: usize) -> &str {
        &self.ids[row]
    }

    /// The customer with an id.
    pub fn find(&self, id: &str) -> Option<u32> {
        let row = self.ids.iter().position(|found| found == id)?;
        u32::try_from(row).ok()
    }

    /// Whether the data says of anyone that they left or stayed.
    pub fn has_outcomes(&self) -> bool {
        (0..self.rows()).any(|row| self.data.label(row).is_some())
    }

    /// Exact LIME weights of a customer, in schema order.
    pub fn weights(&self, row: usize) -> &[f64] {
        self.weights.row(row)
    }

    /// Weights of a customer by a method, in schema order; the sampled ones
    /// are not kept, the exact ones stand for them.
    pub fn weights_by(&self, method: Method, row: usize) -> &[f64] {
        let width = self.weights.width;
        match method {
            Method::Contributions => &self.contributions[row * width..(row + 1) * width],
            Method::Exact | Method::Sampled => self.weights(row),
        }
    }

    /// The sums of some customers' weights, in schema order, and how many
    /// customers that are: evenly spread ones, at most `most`.
    pub fn sum_weights(&self, method: Method, rows: &[u32], most: usize, sums: &mut [f64]) -> f64 {
        let matrix = match method {
            Method::Contributions => &self.contributions,
            Method::Exact | Method::Sampled => &self.weights.weights,
        };
        sum_rows(matrix, rows, rows.len().div_ceil(most).max(1), sums)
    }

    /// Mean size of some customers' weights, in schema order; 0 of nobody.
    pub fn mean_sizes(&self, method: Method, rows: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; self.weights.width];
        for &row in rows {
            for (sum, weight) in sums.iter_mut().zip(self.weights_by(method, row)) {
                *sum += weight.abs();
            }
        }
        for sum in &mut sums {
            *sum /= rows.len().max(1) as f64;
        }
        sums
    }

    /// Whether it is known what the model used each customer for: only where
    /// the data is the data it was trained on.
    pub fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }

    /// What the model used a customer for.
    pub fn part(&self, row: usize) -> Part {
        self.parts.get(row).copied().unwrap_or(Part::NotUsed)
    }

    /// Explains everyone again: milliseconds, and whether every bit agrees.
    pub fn explain_again(&self, clock: impl Fn() -> f64) -> (f64, bool) {
        let start = clock();
        let again = self.predictor.exact_weights(&self.data);
        (clock() - start, again == self.weights)
    }

    /// Features of a customer that were filled in.
    pub fn imputed(&self, row: u32) -> &[usize] {
        &self.imputed[row as usize]
    }

    /// Whether a value of a customer was filled in.
    pub fn is_imputed(&self, row: usize) -> bool {
        !self.imputed[row].is_empty()
    }

    /// Whether a feature of any customer was filled in.
    pub fn lacks(&self, feature: usize) -> bool {
        self.imputed.iter().any(|filled| filled.contains(&feature))
    }

    /// Customers with a value that was filled in.
    pub fn imputed_rows(&self) -> usize {
        self.imputed
            .iter()
            .filter(|filled| !filled.is_empty())
            .count()
    }

    /// What the preset says of a feature.
    fn known(&self, feature: usize) -> Option<&PresetFeature> {
        self.preset.as_ref()?.feature(&self.feature(feature).name)
    }

    /// Name to show.
    pub fn label(&self, feature: usize) -> &str {
        self.known(feature)
            .map_or(&self.feature(feature).name, |known| &known.label)
    }

    /// Unit of a number.
    pub fn unit(&self, feature: usize) -> Option<&str> {
        self.known(feature)?.unit.as_deref()
    }

    /// What the feature means.
    pub fn help(&self, feature: usize) -> Option<&str> {
        Some(self.known(feature)?.help.as_str())
    }

    /// Whether nobody could change the feature.
    pub fn is_immutable(&self, feature: usize) -> bool {
        self.known(feature).is_some_and(|known| known.immutable)
    }

    /// Whether the feature is a price that follows from other columns.
    pub fn is_price(&self, feature: usize) -> bool {
        let rule = self.links().rule_of(feature);
        rule.is_some_and(|following| matches!(following.rule, Rule::PriceList(_)))
    }

    /// How the columns hang together; learned from the data when first asked
    /// for.
    pub fn links(&self) -> &Links {
        &self.learned().0
    }

    /// How often each combination of linked levels occurs.
    pub fn combinations(&self) -> &Combinations {
        &self.learned().1
    }

    fn learned(&self) -> &(Links, Combinations) {
        self.learned.get_or_init(|| {
            let links = Links::learn(&self.read, self.preset.as_ref());
            let combinations = Combinations::count(&self.read, &links);
            (links, combinations)
        })
    }

    /// How a missing value of the feature is filled in.
    pub fn imputation(&self, feature: usize) -> String {
        match self.predictor.artefact().imputation.get(feature) {
            Some(Imputation::Product { of }) => {
                let factors = of.iter().filter_map(|name| self.schema().position(name));
                text::product(&factors.map(|factor| self.label(factor)).collect::<Vec<_>>())
            }
            Some(Imputation::Median { .. }) => text::MEDIAN.into(),
            Some(Imputation::MostFrequent { .. }) | None => text::MOST_FREQUENT.into(),
        }
    }

    /// A value as text, without its unit.
    pub fn text(&self, feature: usize, value: Value) -> String {
        let feature = self.feature(feature);
        match (value, &feature.kind) {
            (Value::Level(code), _) => feature
                .levels()
                .get(usize::from(code))
                .cloned()
                .unwrap_or_default(),
            (Value::Number(number), FeatureKind::Numeric { decimals }) => {
                number::value(number, *decimals)
            }
            _ => String::new(),
        }
    }

    /// A value as text, with its unit.
    pub fn text_with_unit(&self, feature: usize, value: Value) -> String {
        number::with_unit(&self.text(feature, value), self.unit(feature))
    }

    /// The level, or the range of numbers, that a code of LIME's population
    /// stands for.
    pub fn code_text(&self, feature: usize, code: usize) -> String {
        let background = &self.predictor.artefact().background.features[feature];
        let levels = self.feature(feature).levels();
        match (background.bins.get(code), levels.get(code)) {
            (Some(bin), _) => {
                let end = |number| self.text(feature, Value::Number(number));
                let range = format!("{}–{}", end(bin.low), end(bin.high));
                number::with_unit(&range, self.unit(feature))
            }
            (None, Some(level)) => level.clone(),
            (None, None) => String::new(),
        }
    }

    /// Smallest and largest value of a numeric feature.
    pub fn range(&self, feature: usize) -> (f64, f64) {
        match self.data.column(feature) {
            churn_core::Column::Numeric(numbers) => numbers
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                    (low.min(x), high.max(x))
                }),
            churn_core::Column::Categorical(_) => (0.0, 0.0),
        }
    }

    /// Where LIME cuts the numbers of a feature: at the quartiles.
    pub fn ticks(&self, feature: usize) -> Vec<f64> {
        let background = &self.predictor.artefact().background.features[feature];
        background.bins.iter().skip(1).map(|bin| bin.low).collect()
    }

    /// The customer as the data has it.
    pub fn original(&self, row: u32) -> Row {
        self.data.row(row as usize)
    }
}

/// The largest size, never 0 so that it can divide.
fn largest(weights: &[f64]) -> f64 {
    weights.iter().fold(f64::MIN_POSITIVE, |largest, weight| {
        largest.max(weight.abs())
    })
}

/// What the model used each customer for: those held out are known by their
/// positions, ascending; the rest of the complete ones it was trained on.
fn parts(data: &Dataset, imputed: &[Vec<usize>], training: &TrainingRecord) -> Vec<Part> {
    let part = |(row, filled): (usize, &Vec<usize>)| {
        if !filled.is_empty() || data.label(row).is_none() {
            Part::NotUsed
        } else if training.is_held_out(data.position(row)) {
            Part::HeldOut
        } else {
            Part::Training
        }
    };
    imputed.iter().enumerate().map(part).collect()
}

#[cfg(test)]
pub mod sample {
    //! A small explorer for tests.

    use churn_core::dataset::ReadOptions;
    use churn_core::train::{TrainParams, train};
    use churn_core::{Dataset, Predictor, progress};

    use super::{Explorer, Method, Part};

    const HASH: &str = "the sample";

    /// 32 customers: those with short contracts leave more often; one has no
    /// tenure.
    pub fn explorer() -> Explorer {
        let mut csv = String::from("id,contract,tenure,left\n");
        for row in 0..32 {
            let contract = ["month", "year"][row % 2];
            let tenure = if row == 7 {
                String::new()
            } else {
                (row * 7).to_string()
            };
            let left = if row % 4 == 0 || row % 7 == 0 {
                "Yes"
            } else {
                "No"
            };
            csv += &format!("C-{row},{contract},{tenure},{left}\n");
        }
        of_csv(&csv)
    }

    /// The customers of a table with the columns `id` and `left`.
    pub fn of_csv(csv: &str) -> Explorer {
        let options = ReadOptions {
            id: Some("id".into()),
            target: Some("left".into()),
            ..ReadOptions::default()
        };
        let reading = Dataset::read_csv(csv.as_bytes(), &options, &mut progress::ignore).unwrap();
        let params = TrainParams::default();
        let artefact = train(&reading, &params, None, HASH, &mut progress::ignore).unwrap();
        let predictor = Predictor::new(artefact).unwrap();
        let hash = HASH.to_owned();
        Explorer::new(predictor, None, &reading.dataset, hash, Vec::new(), || 0.0)
    }

    #[test]
    fn names_what_was_filled_in() {
        let explorer = explorer();
        assert_eq!(explorer.imputed_rows(), 1);
        assert_eq!(explorer.imputed(7), [1]);
        assert_eq!(explorer.imputed(8), [0; 0]);
        assert_eq!(explorer.find("C-7"), Some(7));
        assert_eq!(explorer.explain_again(|| 0.0), (0.0, true));
    }

    #[test]
    fn parts_are_those_of_the_training_record() {
        let explorer = explorer();
        let held_out = &explorer.predictor.artefact().training.held_out;
        assert_eq!(held_out.len(), 8);
        for row in 0..32_u32 {
            let part = if row == 7 {
                Part::NotUsed
            } else if held_out.contains(&row) {
                Part::HeldOut
            } else {
                Part::Training
            };
            assert_eq!(explorer.part(row as usize), part, "{row}");
        }
        let (data, predictor) = (&explorer.data, explorer.predictor.clone());
        let other = Explorer::new(predictor, None, data, String::new(), Vec::new(), || 0.0);
        assert!(explorer.has_parts() && !other.has_parts());
    }

    #[test]
    fn weights_are_those_of_the_method() {
        let explorer = explorer();
        for row in [0, 31] {
            let values = explorer.original(row);
            let predictor = &explorer.predictor;
            for (method, explanation) in [
                (Method::Exact, predictor.explain_exact(&values)),
                (
                    Method::Contributions,
                    predictor.explain_contributions(&values),
                ),
            ] {
                let weights = explorer.weights_by(method, row as usize);
                assert_eq!(weights, explanation.weights, "{method:?} {row}");
            }
        }
        let rows: Vec<u32> = (0..25).collect();
        let mut sums = [1.0, 1.0];
        for method in [Method::Exact, Method::Contributions] {
            assert_eq!(explorer.sum_weights(method, &rows[..3], 24, &mut sums), 3.0);
            for (feature, sum) in sums.iter().enumerate() {
                let weight = |row| explorer.weights_by(method, row)[feature];
                assert_eq!(*sum, (0..3).map(weight).sum::<f64>());
            }
            assert_eq!(explorer.sum_weights(method, &rows, 24, &mut sums), 13.0);
        }
        assert_eq!(explorer.sum_weights(Method::Exact, &[], 24, &mut sums), 0.0);
        assert_eq!(sums, [0.0, 0.0]);
    }
}
