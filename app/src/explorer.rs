//! Everything that is loaded once and then only read: the model, the customers
//! and the explanation of each.
//!
//! * `weights`: how much each value weighs. `part`: what the model used a
//!   customer for. `wording`: what features and values are called.

mod part;
#[cfg(test)]
pub mod sample;
mod weights;
mod wording;

use std::sync::OnceLock;

use churn_core::dataset::{LeftOut, RowIssue};
use churn_core::links::{Combinations, Rule};
use churn_core::math::{by_size, sort_places};
use churn_core::predictor::WeightMatrix;
use churn_core::{Dataset, Feature, Links, Method, Predictor, Preset, Row, Schema};

pub use part::Part;

use part::parts;
use weights::largest;

use crate::family::Family;

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
    /// The rows by their ids.
    by_id: OnceLock<Vec<u32>>,
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
            by_id: OnceLock::new(),
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

    /// The customer with an id; the first one of several.
    pub fn find(&self, id: &str) -> Option<u32> {
        let rows = self.by_id.get_or_init(|| {
            let mut rows: Vec<u32> = (0..).take(self.ids.len()).collect();
            sort_places(&mut rows, &|a, b| self.ids[a].cmp(&self.ids[b]));
            rows
        });
        let place = rows.partition_point(|&row| self.ids[row as usize].as_str() < id);
        let row = rows.get(place).copied();
        row.filter(|&row| self.ids[row as usize] == id)
    }

    /// Whether the data says of anyone that they left or stayed.
    pub fn has_outcomes(&self) -> bool {
        (0..self.rows()).any(|row| self.data.label(row).is_some())
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
