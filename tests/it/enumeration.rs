//! LIME's limit by its definition: every combination of codes, weighted, with
//! numbers integrated on a fine grid. Independent of the closed form.

use churn_core::background::{Background, Bin, FeatureBackground};
use churn_core::design::Design;
use churn_core::exact_lime::{ExactLime, kernel_decay};
use churn_core::logistic::LogisticModel;
use churn_core::{Explanation, Feature, FeatureKind, Schema};

/// A feature of a small model.
#[derive(Clone, Debug)]
pub enum Term {
    /// (log-odds, frequency) of every level.
    Levels(Vec<(f64, f64)>),
    /// A slope, and (bin, frequency) of every bin.
    Number(f64, Vec<(Bin, f64)>),
}

/// A small model and its background.
#[derive(Clone, Debug)]
pub struct Small {
    pub intercept: f64,
    pub terms: Vec<Term>,
    /// Intervals that a bin is cut into for the integration; even.
    pub steps: usize,
}

/// A possible value of a feature's term, within one code.
struct Point {
    term: f64,
    weight: f64,
}

impl Small {
    /// The closed form of this model.
    pub fn exact(&self) -> ExactLime {
        let (mut features, mut coefficients, mut backgrounds) = (vec![], vec![], vec![]);
        for (j, term) in self.terms.iter().enumerate() {
            let (kind, frequencies, bins) = match term {
                Term::Levels(levels) => {
                    coefficients.extend(levels.iter().map(|(log_odds, _)| *log_odds));
                    let names = (0..levels.len()).map(|v| format!("{v:03}")).collect();
                    let kind = FeatureKind::Categorical {
                        levels: names,
                        flag: false,
                    };
                    (kind, levels.iter().map(|(_, f)| *f).collect(), vec![])
                }
                Term::Number(slope, bins) => {
                    coefficients.push(*slope);
                    let kind = FeatureKind::Numeric { decimals: 9 };
                    let frequencies = bins.iter().map(|(_, f)| *f).collect();
                    (
                        kind,
                        frequencies,
                        bins.iter().map(|(bin, _)| *bin).collect(),
                    )
                }
            };
            let name = format!("feature {j}");
            features.push(Feature { name, kind });
            backgrounds.push(FeatureBackground { frequencies, bins });
        }
        let schema = Schema {
            id: None,
            target: None,
            features,
        };
        let model = LogisticModel {
            intercept: self.intercept,
            coefficients,
        };
        let background = Background {
            rows: 1,
            features: backgrounds,
        };
        ExactLime::new(&model, &background, &Design::new(&schema)).expect("tables")
    }

    /// Every customer there can be, by codes.
    pub fn customers(&self) -> Vec<Vec<u8>> {
        let mut all = vec![vec![]];
        for frequencies in self.frequencies() {
            let longer = all.iter().flat_map(|codes: &Vec<u8>| {
                (0..frequencies.len()).map(|code| [codes.as_slice(), &[code as u8]].concat())
            });
            all = longer.collect();
        }
        all
    }

    fn frequencies(&self) -> Vec<Vec<f64>> {
        let of = |term: &Term| match term {
            Term::Levels(levels) => levels.iter().map(|(_, f)| *f).collect(),
            Term::Number(_, bins) => bins.iter().map(|(_, f)| *f).collect(),
        };
        self.terms.iter().map(of).collect()
    }

    /// E\[P | codes\] and E\[P² | codes\] of every combination, in the order of
    /// [`customers`](Self::customers).
    fn cells(&self) -> Vec<[f64; 2]> {
        let laws: Vec<Vec<Vec<Point>>> = self.terms.iter().map(|t| t.law(self.steps)).collect();
        let of = |codes: Vec<u8>| {
            let laws = laws.iter().zip(codes);
            let points: Vec<&[Point]> = laws
                .map(|(law, code)| law[usize::from(code)].as_slice())
                .collect();
            moments(self.intercept, &points)
        };
        self.customers().into_iter().map(of).collect()
    }

    /// Weights, intercept, local prediction and R² of every customer, in the
    /// order of [`customers`](Self::customers), flattened.
    pub fn enumerate(&self) -> Vec<f64> {
        let (customers, cells) = (self.customers(), self.cells());
        let (frequencies, decay) = (self.frequencies(), kernel_decay(self.terms.len()));
        let mut all = Vec::new();
        for own in &customers {
            let q: Vec<f64> = frequencies
                .iter()
                .zip(own)
                .map(|(f, &code)| {
                    let p = f[usize::from(code)];
                    p / (p + (1.0 - p) * decay)
                })
                .collect();
            // Probability of a code under the weighted law, given whether it
            // is the customer's.
            let given = |j: usize, code: u8| {
                let p = frequencies[j][usize::from(own[j])];
                if code == own[j] {
                    1.0
                } else {
                    frequencies[j][usize::from(code)] / (1.0 - p)
                }
            };
            let law = |j: usize, code: u8| {
                let share = if code == own[j] { q[j] } else { 1.0 - q[j] };
                if share == 0.0 {
                    0.0
                } else {
                    share * given(j, code)
                }
            };
            let width = own.len();
            let mut mean = [0.0; 2];
            let mut sides = vec![[0.0; 2]; width];
            for (codes, [p, squared]) in customers.iter().zip(&cells) {
                let all: f64 = (0..width).map(|k| law(k, codes[k])).product();
                mean[0] += all * p;
                mean[1] += all * squared;
                for (j, side) in sides.iter_mut().enumerate() {
                    let others = (0..width).filter(|&k| k != j);
                    let weight: f64 = others.map(|k| law(k, codes[k])).product();
                    let has = usize::from(codes[j] == own[j]);
                    side[has] += weight * given(j, codes[j]) * p;
                }
            }
            let is_constant = |j: usize| frequencies[j][usize::from(own[j])] >= 1.0;
            let weights: Vec<f64> = (0..width)
                .map(|j| {
                    if is_constant(j) {
                        0.0
                    } else {
                        sides[j][1] - sides[j][0]
                    }
                })
                .collect();
            let intercept = mean[0] - weights.iter().zip(&q).map(|(d, q)| d * q).sum::<f64>();
            let explained: f64 = weights
                .iter()
                .zip(&q)
                .map(|(d, q)| d * d * q * (1.0 - q))
                .sum();
            let variance = mean[1] - mean[0] * mean[0];
            // An error of the variance counts in R² by as much as the variance
            // is small: where P hardly varies, R² says nothing.
            let r2 = if variance > 0.01 {
                explained / variance
            } else {
                f64::NAN
            };
            all.extend(&weights);
            all.extend([intercept, intercept + weights.iter().sum::<f64>(), r2]);
        }
        all
    }

    /// Compares the closed form with the enumeration, for every customer:
    /// figures and what they should be. An undefined R² is left out.
    pub fn compare(&self) -> (Vec<f64>, Vec<f64>) {
        let exact = self.exact();
        let got = self.customers().into_iter().flat_map(|codes| {
            let Explanation {
                mut weights,
                intercept,
                local_prediction,
                r2,
                ..
            } = exact.explanation(&codes, 0.5);
            weights.extend([intercept, local_prediction, r2.expect("an R²")]);
            weights
        });
        got.zip(self.enumerate())
            .filter(|(_, want)| !want.is_nan())
            .unzip()
    }
}

impl Term {
    /// Per code: the values of the term and their probabilities; numbers by
    /// Simpson's rule over the truncated normal's density.
    fn law(&self, steps: usize) -> Vec<Vec<Point>> {
        match self {
            Self::Levels(levels) => {
                let one = |&(term, _): &(f64, f64)| vec![Point { term, weight: 1.0 }];
                levels.iter().map(one).collect()
            }
            Self::Number(slope, bins) => bins
                .iter()
                .map(|(bin, _)| truncated(bin, *slope, steps))
                .collect(),
        }
    }
}

fn truncated(bin: &Bin, slope: f64, steps: usize) -> Vec<Point> {
    if bin.sd == 0.0 || bin.low == bin.high {
        return vec![Point {
            term: slope * bin.mean,
            weight: 1.0,
        }];
    }
    let h = (bin.high - bin.low) / steps as f64;
    let point = |k: usize| {
        let x = bin.low + k as f64 * h;
        let z = (x - bin.mean) / bin.sd;
        let simpson = match k {
            0 => 1.0,
            k if k == steps => 1.0,
            k if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        Point {
            term: slope * x,
            weight: simpson * (-0.5 * z * z).exp(),
        }
    };
    let mut points: Vec<Point> = (0..=steps).map(point).collect();
    let total: f64 = points.iter().map(|p| p.weight).sum();
    for p in &mut points {
        p.weight /= total;
    }
    points
}

/// E\[sigmoid(s + Σ terms)\] and of its square.
fn moments(s: f64, features: &[&[Point]]) -> [f64; 2] {
    let Some((first, rest)) = features.split_first() else {
        let p = 1.0 / (1.0 + (-s).exp());
        return [p, p * p];
    };
    first.iter().fold([0.0; 2], |sum, point| {
        let [p, squared] = moments(s + point.term, rest);
        [sum[0] + point.weight * p, sum[1] + point.weight * squared]
    })
}
