//! Loss, gradient and Hessian of logistic regression, from level codes.
//!
//! Two levels meet in a Hessian element, so a plain pass over the data adds to
//! every pair of features of every row. Here features are first joined into a
//! few *groups*, a group's code standing for the levels of all its members;
//! one pass then adds to pairs of groups only, and what a pair of levels needs
//! is summed from the few group codes that occur. For the 16 categorical
//! features of the telco data that is about a tenth of the additions.

mod group;
mod pair;
mod residuals;

use group::Group;
use pair::Pair;
use residuals::Labels;

use crate::dataset::{Column, Dataset};
use crate::design::Design;
use crate::linalg::Symmetric;
use crate::math::dot;
use crate::scaling::Scaling;

/// Rows to learn from: group codes, standardised numbers, labels and weights.
///
/// Parameters are `[intercept, one per design column]`, where a level's column
/// is its plain 0/1 indicator and a number's is standardised.
#[derive(Clone, Debug)]
pub struct TrainingRows {
    parameters: usize,
    groups: Vec<Group>,
    pairs: Vec<Pair>,
    /// Parameter and values of the intercept, which are all 1, and of every
    /// numeric feature, standardised.
    numbers: Vec<(usize, Vec<f64>)>,
    labels: Labels,
}

/// Loss and its derivatives at one point, unpenalised.
#[derive(Clone, Debug)]
pub struct Derivatives {
    /// Weighted sum of log losses.
    pub loss: f64,
    /// Gradient of the loss, one per parameter.
    pub gradient: Vec<f64>,
    /// Weight of each row in the Hessian.
    curvature: Vec<f64>,
    /// Room for a number per row.
    rows: Vec<f64>,
}

impl TrainingRows {
    /// Joins the codes of the given complete and labelled rows. `weights` has
    /// one entry per row.
    pub fn new(data: &Dataset, rows: &[usize], weights: Vec<f64>, scaling: &Scaling) -> Self {
        let design = Design::new(data.schema());
        let mut groups: Vec<Group> = Vec::new();
        let mut numbers = vec![(0, vec![1.0; rows.len()])];
        for (feature, column) in data.columns().iter().enumerate() {
            let columns = design.columns(feature);
            let parameter = 1 + columns.start;
            match column {
                Column::Numeric(x) => {
                    let (mean, sd) = (scaling.mean[columns.start], scaling.sd[columns.start]);
                    let standardised = rows.iter().map(|&row| (x[row] - mean) / sd).collect();
                    numbers.push((parameter, standardised));
                }
                Column::Categorical(codes) => {
                    let codes: Vec<u8> = rows.iter().map(|&row| codes[row]).collect();
                    let joined = groups
                        .last_mut()
                        .is_some_and(|group| group.join(parameter, columns.len(), &codes));
                    if !joined {
                        groups.push(Group::single(parameter, columns.len(), codes));
                    }
                }
            }
        }
        let pair = |second| (0..second).map(move |first| (first, second));
        let pairs = (1..groups.len()).flat_map(pair);
        Self {
            parameters: 1 + design.width(),
            pairs: pairs.map(|(a, b)| Pair::new(a, b, &groups)).collect(),
            groups,
            numbers,
            labels: Labels::new(&data.left(rows), weights),
        }
    }

    /// Sum of the rows' weights.
    pub fn total_weight(&self) -> f64 {
        self.labels.total_weight()
    }

    /// Number of parameters: the intercept and one per design column.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Parameters of the numeric features.
    pub fn numeric_parameters(&self) -> Vec<usize> {
        self.numbers[1..].iter().map(|(at, _)| *at).collect()
    }

    /// A point's derivatives, to be filled by [`evaluate`](Self::evaluate).
    pub fn derivatives(&self) -> Derivatives {
        Derivatives {
            loss: 0.0,
            gradient: vec![0.0; self.parameters],
            curvature: vec![0.0; self.labels.rows()],
            rows: vec![0.0; self.labels.rows()],
        }
    }

    /// Loss and gradient at the parameters.
    pub fn evaluate(&self, parameters: &[f64], out: &mut Derivatives) {
        out.rows.fill(0.0);
        for (at, x) in &self.numbers {
            let slope = parameters[*at];
            for (sum, x) in out.rows.iter_mut().zip(x) {
                *sum += slope * x;
            }
        }
        for group in &self.groups {
            group.add_log_odds(parameters, &mut out.rows);
        }
        out.loss = self.labels.residuals(&mut out.rows, &mut out.curvature);
        out.gradient.fill(0.0);
        for (at, x) in &self.numbers {
            out.gradient[*at] = dot(x, &out.rows);
        }
        for group in &self.groups {
            group.add_gradient(&out.rows, &mut out.gradient);
        }
    }

    /// Hessian of the loss where the derivatives were last evaluated.
    pub fn hessian(&self, at: &Derivatives) -> Symmetric {
        let mut hessian = Symmetric::zero(self.parameters);
        let weighted: Vec<Vec<f64>> = self
            .numbers
            .iter()
            .map(|(_, x)| x.iter().zip(&at.curvature).map(|(x, h)| x * h).collect())
            .collect();
        for (a, (column, _)) in self.numbers.iter().enumerate() {
            for (other, y) in &self.numbers[a..] {
                hessian.add(*column, *other, dot(&weighted[a], y));
            }
        }
        // Four numbers at a time, as the machine adds them.
        for (columns, weighted) in self.numbers.chunks(4).zip(weighted.chunks(4)) {
            let entries = side_by_side(weighted, self.labels.rows());
            for group in &self.groups {
                let sums = group.sums(&entries);
                group.add_numbers(
                    columns.iter().map(|(column, _)| *column),
                    &sums,
                    &mut hessian,
                );
                // The first are the intercept's: sums of the curvature itself.
                if columns[0].0 == 0 {
                    group.add_own(&sums, &mut hessian);
                }
            }
        }
        for pair in &self.pairs {
            pair.add_hessian(&self.groups, &at.curvature, &mut hessian);
        }
        hessian
    }
}

/// Up to four columns, row by row; those that are not there are 0.
fn side_by_side(columns: &[Vec<f64>], rows: usize) -> Vec<[f64; 4]> {
    let mut entries = vec![[0.0; 4]; rows];
    for (k, column) in columns.iter().enumerate() {
        for (entry, x) in entries.iter_mut().zip(column) {
            entry[k] = *x;
        }
    }
    entries
}
