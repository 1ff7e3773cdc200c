//! What is kept of the predictions of a stretch of time: counts and sums, and
//! no customer. Profiles of two stretches add up to that of both.

mod durations;

pub use durations::Durations;

use crate::artefact::ModelArtefact;
use crate::cbpe::Estimate;
use crate::drift::{Cells, DriftFigure, DriftMethod, Grid, jensen_shannon, psi};
use crate::marginals::Marginal;
use crate::metrics::{CALIBRATION_BINS, CalibrationBin, Confusion, calibration_bin};
use crate::monitoring::{FeatureDrift, Gap, Point};
use crate::row::Value;

/// Shares of the probabilities that a point tells.
const SPREAD: (f64, f64) = (0.1, 0.9);

/// What predictions are measured against: the data a model was trained from.
#[derive(Clone, Debug)]
pub struct Basis {
    features: Vec<(String, FeatureBasis)>,
    score: Grid,
    threshold: f64,
    /// The model's own calibration error: a gap of this size is none.
    allowance: f64,
}

#[derive(Clone, Debug)]
enum FeatureBasis {
    Levels(Vec<u64>),
    Number(Grid),
}

impl Basis {
    /// The distributions that a model keeps of its training data.
    pub fn new(artefact: &ModelArtefact) -> Self {
        let marginals = &artefact.marginals;
        let names = artefact.schema.features.iter().map(|f| f.name.clone());
        let basis = |marginal: &Marginal| match marginal {
            Marginal::Categorical { counts } => FeatureBasis::Levels(counts.clone()),
            Marginal::Numeric(numeric) => FeatureBasis::Number(Grid::new(numeric)),
        };
        let training = &artefact.training;
        Self {
            features: names.zip(marginals.features.iter().map(basis)).collect(),
            score: Grid::new(&marginals.score),
            threshold: artefact.threshold,
            allowance: training.test.as_ref().unwrap_or(&training.train).ece,
        }
    }
}

/// Predictions of a stretch of time, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Predictions with a probability.
    scored: u64,
    probabilities: f64,
    features: Vec<Cells>,
    score: Cells,
    durations: Durations,
    estimate: Estimate,
    labelled: Labelled,
}

/// Predictions whose outcome is known.
#[derive(Clone, Debug, Default, PartialEq)]
struct Labelled {
    confusion: Confusion,
    estimate: Estimate,
    /// Rows and those who left, by tenth of the probability.
    rows: [u64; CALIBRATION_BINS],
    left: [u64; CALIBRATION_BINS],
    probabilities: [f64; CALIBRATION_BINS],
}

impl Profile {
    /// Adds an answer of which only the time is known that it took, in
    /// microseconds.
    pub fn add_duration(&mut self, duration_us: u64) {
        self.durations.add(duration_us);
    }

    /// Adds the prediction of a complete customer.
    pub fn add(&mut self, basis: &Basis, row: &[Value], probability: f64) {
        self.scored += 1;
        self.probabilities += probability;
        self.score.add(&basis.score, probability);
        self.estimate
            .add(probability, probability >= basis.threshold);
        self.features
            .resize_with(basis.features.len(), Cells::default);
        for ((cells, (_, feature)), value) in self.features.iter_mut().zip(&basis.features).zip(row)
        {
            match (feature, value) {
                (FeatureBasis::Levels(counts), Value::Level(code)) => {
                    cells.counts.resize(counts.len(), 0);
                    if let Some(count) = cells.counts.get_mut(usize::from(*code)) {
                        *count += 1;
                    }
                }
                (FeatureBasis::Number(grid), Value::Number(x)) => cells.add(grid, *x),
                // A complete customer has no other values.
                _ => {}
            }
        }
    }

    /// Takes what is said now of a prediction that was added, in the place of
    /// what was said before.
    pub fn label(
        &mut self,
        basis: &Basis,
        probability: f64,
        now: Option<bool>,
        before: Option<bool>,
    ) {
        let leaves = probability >= basis.threshold;
        if let Some(left) = before {
            self.labelled.count(probability, leaves, left, -1);
        }
        if let Some(left) = now {
            self.labelled.count(probability, leaves, left, 1);
        }
    }

    /// Adds the predictions of another stretch of time.
    pub fn merge(&mut self, other: &Self) {
        self.scored += other.scored;
        self.probabilities += other.probabilities;
        if self.features.len() < other.features.len() {
            self.features
                .resize_with(other.features.len(), Cells::default);
        }
        for (cells, others) in self.features.iter_mut().zip(&other.features) {
            cells.merge(others);
        }
        self.score.merge(&other.score);
        self.durations.merge(&other.durations);
        self.estimate.merge(&other.estimate);
        self.labelled.merge(&other.labelled);
    }

    /// Number of answers.
    pub fn answers(&self) -> u64 {
        self.durations.count()
    }

    /// The figures, for a stretch of time.
    pub fn point(&self, basis: &Basis, start_ms: i64, end_ms: i64) -> Point {
        let confusion = &self.labelled.confusion;
        let quantile = |q| basis.score.quantile(&self.score, q);
        Point {
            start_ms,
            end_ms,
            predictions: self.answers(),
            scored: self.scored,
            probability: self.probabilities / self.scored.max(1) as f64,
            probability_low: quantile(SPREAD.0),
            probability_high: quantile(SPREAD.1),
            p50_us: self.durations.quantile(0.5),
            p95_us: self.durations.quantile(0.95),
            p99_us: self.durations.quantile(0.99),
            labelled: confusion.rows(),
            right: confusion.true_positives + confusion.true_negatives,
            estimated: self.estimate.accuracy(),
        }
    }

    /// The estimate from the probabilities alone, of all predictions.
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// Decisions against outcomes, where they are known.
    pub fn confusion(&self) -> Confusion {
        self.labelled.confusion
    }

    /// Estimated and realized accuracy of the predictions whose outcome is
    /// known; none where there are none.
    pub fn gap(&self, basis: &Basis) -> Option<Gap> {
        let Labelled {
            confusion,
            estimate,
            ..
        } = &self.labelled;
        let gap = || Gap {
            realized: confusion.accuracy(),
            estimated: estimate.accuracy(),
            sd: estimate.accuracy_sd(),
            allowance: basis.allowance,
        };
        (confusion.rows() > 0).then(gap)
    }

    /// Tenths of the probability in which outcomes are known.
    pub fn calibration(&self) -> Vec<CalibrationBin> {
        let known = &self.labelled;
        let bins = (0..CALIBRATION_BINS).filter(|&bin| known.rows[bin] > 0);
        bins.map(|bin| {
            let (rows, left) = (known.rows[bin], known.left[bin]);
            CalibrationBin::new(bin, rows, known.probabilities[bin], left)
        })
        .collect()
    }

    /// How far every feature and the score have moved from the training data.
    pub fn drift(&self, basis: &Basis) -> Vec<FeatureDrift> {
        let numeric = |grid: &Grid, cells: &Cells| {
            let (distance, farthest) = grid.compare(cells);
            vec![
                DriftFigure::new(DriftMethod::Wasserstein, distance),
                DriftFigure::new(DriftMethod::KolmogorovSmirnov, farthest),
            ]
        };
        let none = Cells::default();
        let cells = self.features.iter().chain(std::iter::repeat(&none));
        let features = basis.features.iter().zip(cells);
        let mut all: Vec<FeatureDrift> = features
            .map(|((name, feature), cells)| FeatureDrift {
                feature: Some(name.clone()),
                figures: match feature {
                    FeatureBasis::Number(grid) => numeric(grid, cells),
                    FeatureBasis::Levels(reference) => {
                        let mut now: Vec<u64> = cells.counts.iter().map(|&n| n.into()).collect();
                        now.resize(reference.len(), 0);
                        vec![
                            DriftFigure::new(DriftMethod::Psi, psi(reference, &now)),
                            DriftFigure::new(
                                DriftMethod::JensenShannon,
                                jensen_shannon(reference, &now),
                            ),
                        ]
                    }
                },
            })
            .collect();
        all.push(FeatureDrift {
            feature: None,
            figures: numeric(&basis.score, &self.score),
        });
        all
    }
}

impl Labelled {
    /// Counts an outcome, or takes it back.
    fn count(&mut self, probability: f64, leaves: bool, left: bool, by: i64) {
        let bin = calibration_bin(probability);
        let add = |count: &mut u64| *count = count.saturating_add_signed(by);
        add(self.confusion.count(leaves, left));
        add(&mut self.rows[bin]);
        if left {
            add(&mut self.left[bin]);
        }
        self.probabilities[bin] += by as f64 * probability;
        self.estimate.add_times(by as f64, probability, leaves);
    }

    fn merge(&mut self, other: &Self) {
        self.confusion.merge(&other.confusion);
        self.estimate.merge(&other.estimate);
        for bin in 0..CALIBRATION_BINS {
            self.rows[bin] += other.rows[bin];
            self.left[bin] += other.left[bin];
            self.probabilities[bin] += other.probabilities[bin];
        }
    }
}
