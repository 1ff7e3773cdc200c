//! What is written of each customer: id, probability, decision and reasons.

use churn_core::math::by_size;
use churn_core::{Dataset, Predictor, Result, Target};
use csv::WriterBuilder;
use serde::Serialize;

use super::destination::Form;
use crate::table::cells::{Cell, Kind};

/// A model that scores, and how many reasons it gives for each customer.
#[derive(Debug)]
pub struct Scorer<'a> {
    predictor: &'a Predictor,
    target: &'a Target,
    reasons: usize,
}

/// Scores of a batch of customers.
#[derive(Debug)]
pub struct Block<'a> {
    /// Cells that were filled in, as (row, feature).
    pub imputed: Vec<(usize, usize)>,
    /// The scores.
    pub content: Content<'a>,
}

/// Scores in the form that their destination takes.
#[derive(Debug)]
pub enum Content<'a> {
    /// As lines of CSV.
    Text(Vec<u8>),
    /// As they are.
    Rows(Box<Rows<'a>>),
}

/// Scores of customers.
#[derive(Debug)]
pub struct Rows<'a> {
    data: Dataset,
    probabilities: Vec<f64>,
    decisions: Vec<&'a str>,
    /// Features and weights, as many for each row.
    reasons: Vec<(&'a str, f64)>,
}

/// One line of CSV.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    probability: f64,
    decision: &'a str,
}

impl<'a> Scorer<'a> {
    /// Gives at most as many reasons as there are features.
    pub fn new(predictor: &'a Predictor, target: &'a Target, reasons: usize) -> Self {
        Self {
            predictor,
            target,
            reasons: reasons.min(predictor.artefact().schema.features.len()),
        }
    }

    /// Names and kinds of the columns.
    pub fn columns(&self) -> Vec<(String, Kind)> {
        let scores = [
            ("id", Kind::Text),
            ("probability", Kind::Number),
            ("decision", Kind::Text),
        ];
        let scores = scores.map(|(name, kind)| (name.to_owned(), kind));
        let reasons = (1..=self.reasons).flat_map(|rank| {
            let columns = [("reason", Kind::Text), ("weight", Kind::Number)];
            columns.map(|(name, kind)| (format!("{name}_{rank}"), kind))
        });
        scores.into_iter().chain(reasons).collect()
    }

    /// The cells that the model's rules fill in, as (row, feature).
    pub fn missing(&self, data: &Dataset) -> Vec<(usize, usize)> {
        self.predictor.complete_all(data).1
    }

    /// Scores a batch.
    pub fn score(&self, data: Dataset, form: Form) -> Block<'a> {
        let (data, imputed) = self.predictor.complete_all(&data);
        let probabilities = self.predictor.probabilities(&data);
        let threshold = self.predictor.artefact().threshold;
        let decide = |probability: &f64| match *probability >= threshold {
            true => self.target.positive.as_str(),
            false => self.target.negative.as_str(),
        };
        let rows = Rows {
            decisions: probabilities.iter().map(decide).collect(),
            reasons: self.reasons(&data),
            probabilities,
            data,
        };
        let content = match form {
            Form::Text => Content::Text(rows.text()),
            Form::Rows => Content::Rows(Box::new(rows)),
        };
        Block { imputed, content }
    }

    /// The features of largest exact LIME weight of every customer, with these.
    fn reasons(&self, data: &Dataset) -> Vec<(&'a str, f64)> {
        if self.reasons == 0 {
            return Vec::new();
        }
        let features = &self.predictor.artefact().schema.features;
        let matrix = self.predictor.exact_weights(data);
        let of_row = |row| {
            let weights = matrix.row(row);
            let places = by_size(weights).into_iter().take(self.reasons);
            places.map(|feature| (features[feature].name.as_str(), weights[feature]))
        };
        (0..data.rows()).flat_map(of_row).collect()
    }
}

impl Rows<'_> {
    /// Calls for the cells of every row.
    ///
    /// # Errors
    /// Those of the call.
    pub fn each(&self, mut call: impl FnMut(&[Cell<'_>]) -> Result<()>) -> Result<()> {
        for (row, (probability, decision)) in self.scores().enumerate() {
            let id = self.data.id(row);
            let mut cells = vec![
                Cell::Text(&id),
                Cell::Number(probability),
                Cell::Text(decision),
            ];
            for &(name, weight) in self.of_row(row) {
                cells.extend([Cell::Text(name), Cell::Number(weight)]);
            }
            call(&cells)?;
        }
        Ok(())
    }

    /// Lines of CSV without a header.
    fn text(&self) -> Vec<u8> {
        let mut writer = WriterBuilder::new().has_headers(false).from_writer(vec![]);
        for (row, (probability, decision)) in self.scores().enumerate() {
            let id = &self.data.id(row);
            let line = Line {
                id,
                probability,
                decision,
            };
            // Writing to memory cannot fail.
            let _ = writer.serialize((line, self.of_row(row)));
        }
        writer.into_inner().unwrap_or_default()
    }

    fn scores(&self) -> impl Iterator<Item = (f64, &str)> {
        let probabilities = self.probabilities.iter().copied();
        probabilities.zip(self.decisions.iter().copied())
    }

    fn of_row(&self, row: usize) -> &[(&str, f64)] {
        let count = self.reasons.len() / self.data.rows().max(1);
        &self.reasons[row * count..(row + 1) * count]
    }
}
