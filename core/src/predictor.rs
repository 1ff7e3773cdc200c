//! A loaded model, ready to score and explain: tables built once, then shared
//! by the page, the command line and the server.

use crate::artefact::{Model, ModelArtefact, sha256};
use crate::contributions::Contributions;
use crate::dataset::{Column, Dataset};
use crate::design::Design;
use crate::error::Result;
use crate::exact_lime::ExactLime;
use crate::explanation::Explanation;
use crate::imputation::Imputer;
use crate::logistic::LogisticModel;
use crate::math::sigmoid;
use crate::row::Row;
use crate::sampled_lime::Pool;

/// A model with its tables.
#[derive(Clone, Debug)]
pub struct Predictor {
    artefact: ModelArtefact,
    design: Design,
    imputer: Imputer,
    contributions: Contributions,
    exact: ExactLime,
}

/// One weight per row and feature, with each row's fit.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightMatrix {
    /// Number of features.
    pub width: usize,
    /// rows × features, row by row.
    pub weights: Vec<f64>,
    /// Intercept of each row.
    pub intercepts: Vec<f64>,
    /// Local prediction of each row.
    pub local_predictions: Vec<f64>,
    /// R² of each row.
    pub r2: Vec<f64>,
}

impl WeightMatrix {
    /// Weights of one row, in schema order.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.weights[row * self.width..(row + 1) * self.width]
    }
}

impl Predictor {
    /// Builds the tables of an artefact.
    ///
    /// # Errors
    /// [`ErrorCode::Model`](crate::ErrorCode::Model) when its parts do not fit.
    // Inlined for the size of the page, as it runs once, see `json::parse`.
    #[inline]
    pub fn new(artefact: ModelArtefact) -> Result<Self> {
        let design = Design::new(&artefact.schema);
        let imputer = Imputer::new(&artefact.imputation, &artefact.schema)?;
        let Model::Logistic(model) = &artefact.model;
        let contributions = Contributions::new(model, &artefact.scaling, &design);
        let exact = ExactLime::new(model, &artefact.background, &design)?;
        Ok(Self {
            artefact,
            design,
            imputer,
            contributions,
            exact,
        })
    }

    /// The document behind it.
    pub fn artefact(&self) -> &ModelArtefact {
        &self.artefact
    }

    /// The fitted log-odds.
    pub fn model(&self) -> &LogisticModel {
        let Model::Logistic(model) = &self.artefact.model;
        model
    }

    /// Names the model by what decides its estimates: the first 12 digits of the
    /// SHA-256 of intercept and coefficients (IEEE 754, little end first).
    pub fn id(&self) -> String {
        let model = self.model();
        let numbers = [model.intercept]
            .into_iter()
            .chain(model.coefficients.clone());
        let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
        let mut id = sha256(&bytes);
        id.truncate(12);
        id
    }

    /// The layout of the coefficients.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Exact LIME's tables.
    pub fn exact(&self) -> &ExactLime {
        &self.exact
    }

    /// Log-odds contributions of the model.
    pub fn contributions_of(&self) -> &Contributions {
        &self.contributions
    }

    /// The row with missing values filled in, and which features were.
    pub fn complete(&self, row: &Row) -> (Row, Vec<usize>) {
        self.imputer.complete(row)
    }

    /// Data with missing values filled in, and which cells were, as
    /// (row, feature).
    pub fn complete_all(&self, data: &Dataset) -> (Dataset, Vec<(usize, usize)>) {
        self.imputer.complete_all(data)
    }

    /// Log-odds of leaving of a complete row.
    pub fn log_odds(&self, row: &Row) -> f64 {
        self.model().log_odds(&self.design, row)
    }

    /// Probability of leaving of a complete row.
    pub fn probability(&self, row: &Row) -> f64 {
        sigmoid(self.log_odds(row))
    }

    /// Probabilities of complete data.
    pub fn probabilities(&self, data: &Dataset) -> Vec<f64> {
        self.model().probabilities(&self.design, data)
    }

    /// Exact LIME of a complete row.
    pub fn explain_exact(&self, row: &Row) -> Explanation {
        self.exact.explanation(
            &self.artefact.background.codes(&row.0),
            self.probability(row),
        )
    }

    /// Log-odds contributions of a complete row.
    pub fn explain_contributions(&self, row: &Row) -> Explanation {
        self.contributions.explain(self.model(), &self.design, row)
    }

    /// A pool for sampled LIME, scored by this model.
    ///
    /// # Errors
    /// As [`Pool::draw`].
    pub fn pool(&self, samples: usize, seed: u64) -> Result<Pool> {
        Pool::draw(&self.artefact.background, samples, seed, |row| {
            self.probability(row)
        })
    }

    /// Sampled LIME of a complete row over a pool.
    pub fn explain_sampled(&self, row: &Row, pool: &Pool, top: usize) -> Explanation {
        pool.explain(
            &self.artefact.background.codes(&row.0),
            self.probability(row),
            top,
        )
    }

    /// Exact LIME of every row of complete data; the same bits as one by one.
    pub fn exact_weights(&self, data: &Dataset) -> WeightMatrix {
        let width = self.design.features();
        let codes = self.artefact.background.all_codes(data);
        let mut matrix = WeightMatrix::zero(data.rows(), width);
        let mut room = self.exact.workspace();
        for (row, weights) in matrix.weights.chunks_exact_mut(width).enumerate() {
            let codes = &codes[row * width..(row + 1) * width];
            let summary = self.exact.explain(codes, weights, &mut room);
            matrix.intercepts[row] = summary.intercept;
            matrix.local_predictions[row] = summary.local_prediction;
            matrix.r2[row] = summary.r2;
        }
        matrix
    }

    /// Log-odds contributions of every row of complete data, rows × features.
    pub fn contribution_matrix(&self, data: &Dataset) -> Vec<f64> {
        let width = self.design.features();
        let mut matrix = vec![0.0; data.rows() * width];
        for (feature, column) in data.columns().iter().enumerate() {
            let coefficients = &self.model().coefficients[self.design.columns(feature)];
            let slots = matrix.iter_mut().skip(feature).step_by(width);
            let term = |slot: &mut f64, term: f64| {
                *slot = self.contributions.of_term(feature, term);
            };
            match column {
                Column::Categorical(codes) => {
                    slots
                        .zip(codes)
                        .for_each(|(s, &code)| term(s, coefficients[usize::from(code)]));
                }
                Column::Numeric(x) => {
                    slots.zip(x).for_each(|(s, x)| term(s, coefficients[0] * x));
                }
            }
        }
        matrix
    }
}

impl WeightMatrix {
    fn zero(rows: usize, width: usize) -> Self {
        Self {
            width,
            weights: vec![0.0; rows * width],
            intercepts: vec![0.0; rows],
            local_predictions: vec![0.0; rows],
            r2: vec![0.0; rows],
        }
    }
}
