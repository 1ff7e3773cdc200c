//! Loss, gradient and Hessian of logistic regression, from level codes.
//!
//! Two levels meet in a Hessian element, so a plain pass over the data adds to
//! every pair of features of every row. Here features are first joined into a
//! few *groups*, a group's code standing for the levels of all its members;
//! one pass then adds to pairs of groups only, and what a pair of levels needs
//! is summed from the few group codes that occur. For the 16 categorical
//! features of the telco data that is about a tenth of the additions.

use crate::dataset::{Column, Dataset};
use crate::design::Design;
use crate::linalg::Symmetric;
use crate::scaling::Scaling;

/// Most codes of a group; more would make groups fewer but their pairs sparse.
const MOST_CODES: usize = 128;

/// Rows to learn from: group codes, standardised numbers, labels and weights.
///
/// Parameters are `[intercept, one per design column]`, where a level's column
/// is its plain 0/1 indicator and a number's is standardised.
#[derive(Clone, Debug)]
pub struct TrainingRows {
    design: Design,
    groups: Vec<Group>,
    pairs: Vec<Pair>,
    /// Standardised numbers of each numeric feature, and its design column.
    numbers: Vec<(usize, Vec<f64>)>,
    /// 1 where the row is of the positive class.
    labels: Vec<f64>,
    weights: Vec<f64>,
}

/// Categorical features joined into one code.
#[derive(Clone, Debug)]
struct Group {
    features: Vec<usize>,
    /// Design column of each member, code by code: `codes × features.len()`.
    columns: Vec<usize>,
    /// Group code of every row.
    codes: Vec<u8>,
}

impl Group {
    fn len(&self) -> usize {
        self.columns.len() / self.features.len()
    }

    fn members(&self, code: usize) -> &[usize] {
        let width = self.features.len();
        &self.columns[code * width..(code + 1) * width]
    }
}

/// The combinations of two groups' codes that occur.
#[derive(Clone, Debug)]
struct Pair {
    first: usize,
    second: usize,
    /// Both codes of each combination.
    cells: Vec<(u8, u8)>,
    /// Combination of every row.
    index: Vec<u16>,
}

/// Loss and its derivatives at one point, unpenalised.
#[derive(Clone, Debug)]
pub struct Derivatives {
    /// Weighted sum of log losses.
    pub loss: f64,
    /// Gradient of the loss, `1 + width`.
    pub gradient: Vec<f64>,
    /// Hessian of the loss, `1 + width` square.
    pub hessian: Symmetric,
}

impl TrainingRows {
    /// Joins the codes of the given complete and labelled rows. `weights` has
    /// one entry per row.
    pub fn new(data: &Dataset, rows: &[usize], weights: Vec<f64>, scaling: &Scaling) -> Self {
        let design = Design::new(data.schema());
        let mut groups: Vec<Group> = Vec::new();
        let mut numbers = Vec::new();
        for (feature, column) in data.columns().iter().enumerate() {
            let start = design.columns(feature).start;
            match column {
                Column::Numeric(x) => {
                    let (mean, sd) = (scaling.mean[start], scaling.sd[start]);
                    let standardised = rows.iter().map(|&row| (x[row] - mean) / sd).collect();
                    numbers.push((start, standardised));
                }
                Column::Categorical(codes) => {
                    let levels = design.columns(feature).len();
                    let joined = groups
                        .last_mut()
                        .is_some_and(|g| g.join(feature, start, levels, codes, rows));
                    if !joined {
                        groups.push(Group::single(feature, start, levels, codes, rows));
                    }
                }
            }
        }
        let mut pairs = Vec::new();
        for second in 1..groups.len() {
            for first in 0..second {
                pairs.push(Pair::new(first, second, &groups));
            }
        }
        let labels = rows
            .iter()
            .map(|&row| f64::from(u8::from(data.label(row) == Some(true))));
        Self {
            design,
            groups,
            pairs,
            numbers,
            labels: labels.collect(),
            weights,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// Sum of the rows' weights.
    pub fn total_weight(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Number of parameters: the intercept and one per design column.
    pub fn parameters(&self) -> usize {
        1 + self.design.width()
    }

    /// Design columns of the numeric features.
    pub fn numeric_columns(&self) -> Vec<usize> {
        self.numbers.iter().map(|(column, _)| *column).collect()
    }

    /// A point's derivatives, to be filled by [`evaluate`](Self::evaluate).
    pub fn derivatives(&self) -> Derivatives {
        let n = self.parameters();
        Derivatives {
            loss: 0.0,
            gradient: vec![0.0; n],
            hessian: Symmetric::zero(n),
        }
    }

    /// Log-odds of every row at the parameters.
    fn log_odds(&self, parameters: &[f64]) -> Vec<f64> {
        let mut sums = vec![parameters[0]; self.rows()];
        for group in &self.groups {
            let mut table = [0.0; 256];
            for (code, entry) in table.iter_mut().enumerate().take(group.len()) {
                *entry = group
                    .members(code)
                    .iter()
                    .map(|&column| parameters[1 + column])
                    .sum();
            }
            for (sum, &code) in sums.iter_mut().zip(&group.codes) {
                *sum += table[usize::from(code)];
            }
        }
        for (column, x) in &self.numbers {
            let slope = parameters[1 + column];
            for (sum, x) in sums.iter_mut().zip(x) {
                *sum += slope * x;
            }
        }
        sums
    }

    /// Loss and gradient at the parameters, and the Hessian when `with_hessian`
    /// (else it is left as it was).
    pub fn evaluate(&self, parameters: &[f64], with_hessian: bool, out: &mut Derivatives) {
        let mut residuals = self.log_odds(parameters);
        let mut curvature = vec![0.0; if with_hessian { self.rows() } else { 0 }];
        out.loss = self.residuals(&mut residuals, &mut curvature);
        self.gradient(&residuals, &mut out.gradient);
        if with_hessian {
            out.hessian.clear();
            self.hessian(&curvature, &mut out.hessian);
        }
    }

    /// Turns log-odds into weighted residuals w (p − y), fills the curvature
    /// w p (1 − p), and returns the loss.
    fn residuals(&self, log_odds: &mut [f64], curvature: &mut [f64]) -> f64 {
        // ln(1 + e) of many rows as the logarithm of a product, which stays
        // below 2^512 for this many rows of weight 1.
        const ROWS_PER_LOGARITHM: usize = 512;
        let mut loss = 0.0;
        let mut product = 1.0;
        for (i, s) in log_odds.iter_mut().enumerate() {
            let (y, w) = (self.labels[i], self.weights[i]);
            let e = libm::exp(-s.abs());
            let p_far = 1.0 / (1.0 + e); // probability of the likelier class
            let p = if *s >= 0.0 { p_far } else { e * p_far };
            loss += w * (s.max(0.0) - y * *s);
            if w == 1.0 {
                product *= 1.0 + e;
                if i % ROWS_PER_LOGARITHM == ROWS_PER_LOGARITHM - 1 {
                    loss += libm::log(product);
                    product = 1.0;
                }
            } else {
                loss += w * libm::log1p(e);
            }
            *s = w * (p - y);
            if let Some(h) = curvature.get_mut(i) {
                *h = w * e * p_far * p_far;
            }
        }
        loss + libm::log(product)
    }

    fn gradient(&self, residuals: &[f64], gradient: &mut [f64]) {
        gradient.fill(0.0);
        gradient[0] = residuals.iter().sum();
        for group in &self.groups {
            let mut sums = [0.0; 256];
            for (&code, r) in group.codes.iter().zip(residuals) {
                sums[usize::from(code)] += r;
            }
            for (code, sum) in sums.iter().enumerate().take(group.len()) {
                for column in group.members(code) {
                    gradient[1 + column] += sum;
                }
            }
        }
        for (column, x) in &self.numbers {
            gradient[1 + column] = x.iter().zip(residuals).map(|(x, r)| x * r).sum();
        }
    }

    fn hessian(&self, curvature: &[f64], hessian: &mut Symmetric) {
        hessian.add(0, 0, curvature.iter().sum());
        // Per group code: Σ h, then Σ h x of every number.
        let stride = 1 + self.numbers.len();
        let mut entry = vec![0.0; stride];
        let mut sums: Vec<Vec<f64>> = self
            .groups
            .iter()
            .map(|group| vec![0.0; group.len() * stride])
            .collect();
        for (i, &h) in curvature.iter().enumerate() {
            entry[0] = h;
            for (slot, (_, x)) in entry[1..].iter_mut().zip(&self.numbers) {
                *slot = h * x[i];
            }
            for (group, sums) in self.groups.iter().zip(&mut sums) {
                let at = usize::from(group.codes[i]) * stride;
                for (sum, add) in sums[at..at + stride].iter_mut().zip(&entry) {
                    *sum += add;
                }
            }
        }
        for (group, sums) in self.groups.iter().zip(&sums) {
            self.within_group(group, sums, stride, hessian);
        }
        for pair in &self.pairs {
            self.between_groups(pair, curvature, hessian);
        }
        for (a, (column, x)) in self.numbers.iter().enumerate() {
            let weighted: Vec<f64> = x.iter().zip(curvature).map(|(x, h)| x * h).collect();
            hessian.add(0, 1 + column, weighted.iter().sum());
            for (other, y) in &self.numbers[a..] {
                let sum = weighted.iter().zip(y).map(|(hx, y)| hx * y).sum();
                hessian.add(1 + column, 1 + other, sum);
            }
        }
    }

    fn within_group(&self, group: &Group, sums: &[f64], stride: usize, hessian: &mut Symmetric) {
        for code in 0..group.len() {
            let members = group.members(code);
            let entry = &sums[code * stride..(code + 1) * stride];
            for (a, column) in members.iter().enumerate() {
                hessian.add(0, 1 + column, entry[0]);
                for other in &members[a..] {
                    hessian.add(1 + column, 1 + other, entry[0]);
                }
                for ((number, _), sum) in self.numbers.iter().zip(&entry[1..]) {
                    hessian.add(1 + number, 1 + column, *sum);
                }
            }
        }
    }

    fn between_groups(&self, pair: &Pair, curvature: &[f64], hessian: &mut Symmetric) {
        let (first, second) = (&self.groups[pair.first], &self.groups[pair.second]);
        let mut cells = vec![0.0; pair.cells.len()];
        for (&cell, h) in pair.index.iter().zip(curvature) {
            cells[usize::from(cell)] += h;
        }
        // First the levels of one group against the codes of the other …
        let codes = second.len();
        let mut by_level = vec![0.0; self.design.width() * codes];
        for (&(a, b), sum) in pair.cells.iter().zip(&cells) {
            for column in first.members(usize::from(a)) {
                by_level[column * codes + usize::from(b)] += sum;
            }
        }
        // … then against its levels.
        for &feature in &first.features {
            for column in self.design.columns(feature) {
                for (code, sum) in by_level[column * codes..(column + 1) * codes]
                    .iter()
                    .enumerate()
                {
                    for other in second.members(code) {
                        hessian.add(1 + column, 1 + other, *sum);
                    }
                }
            }
        }
    }
}

impl Group {
    fn single(feature: usize, start: usize, levels: usize, codes: &[u8], rows: &[usize]) -> Self {
        Self {
            features: vec![feature],
            columns: (start..start + levels).collect(),
            codes: rows.iter().map(|&row| codes[row]).collect(),
        }
    }

    /// Adds a feature when few enough combinations occur.
    fn join(
        &mut self,
        feature: usize,
        start: usize,
        levels: usize,
        codes: &[u8],
        rows: &[usize],
    ) -> bool {
        const UNSEEN: u8 = u8::MAX;
        let mut joint = vec![UNSEEN; self.len() * levels];
        let mut found = Vec::new();
        let mut joined = Vec::with_capacity(rows.len());
        for (&own, &row) in self.codes.iter().zip(rows) {
            let cell = usize::from(own) * levels + usize::from(codes[row]);
            if joint[cell] == UNSEEN {
                if found.len() == MOST_CODES {
                    return false;
                }
                joint[cell] = found.len() as u8; // below MOST_CODES
                found.push(cell);
            }
            joined.push(joint[cell]);
        }
        let mut columns = Vec::with_capacity(found.len() * (self.features.len() + 1));
        for cell in found {
            columns.extend_from_slice(self.members(cell / levels));
            columns.push(start + cell % levels);
        }
        self.columns = columns;
        self.features.push(feature);
        self.codes = joined;
        true
    }
}

impl Pair {
    fn new(first: usize, second: usize, groups: &[Group]) -> Self {
        const UNSEEN: u16 = u16::MAX;
        let (a, b) = (&groups[first], &groups[second]);
        let mut place = vec![UNSEEN; a.len() * b.len()]; // at most 255²: an index fits
        let mut cells = Vec::new();
        let mut index = Vec::with_capacity(a.codes.len());
        for (&x, &y) in a.codes.iter().zip(&b.codes) {
            let at = usize::from(x) * b.len() + usize::from(y);
            if place[at] == UNSEEN {
                place[at] = cells.len() as u16;
                cells.push((x, y));
            }
            index.push(place[at]);
        }
        Self {
            first,
            second,
            cells,
            index,
        }
    }
}
