//! Another model beside the page's own: who decides better on customers that neither
//! has been trained on.
//!
//! * `document`: the model as it was chosen.

mod document;
#[cfg(test)]
mod tests;

use churn_core::bootstrap::Bootstrap;
use churn_core::cuts::Cuts;
use churn_core::interval::Interval;
use churn_core::metrics::Metrics;
use churn_core::paired::{Paired, Scored};
use churn_core::{Dataset, Error, ErrorCode, Result, Target, artefact, progress};

use document::Document;

use crate::evaluation::{self, Evaluation};
use crate::explorer::Explorer;

/// Another model and what it says of the page's customers.
pub struct Rival {
    /// Name of its file.
    pub file: String,
    /// Whether it was trained on some of these customers: on the same data.
    pub is_of_same_data: bool,
    threshold: f64,
    /// Probability of leaving, per customer of the page; none where it cannot read the
    /// customer's columns.
    risks: Vec<Option<f64>>,
    /// Customers that it was trained on, or may have been.
    seen: Vec<bool>,
}

/// Two models on the same customers.
pub struct Comparison {
    /// Customers that both score.
    pub customers: usize,
    /// Of them, flagged by the page's model alone and by the other one alone.
    pub flagged_by_one: [usize; 2],
    /// Customers that the page's model alone could be judged by.
    pub own_rows: usize,
    /// Customers that both can be judged by.
    pub rows: usize,
    /// The figures; none where there are too few.
    pub judged: Option<Judged>,
}

/// How good two models are on customers that neither has been trained on.
pub struct Judged {
    /// The page's model, and the other one.
    pub models: [Figures; 2],
    /// How the other one differs.
    pub paired: Paired,
}

/// How good one of them is.
pub struct Figures {
    /// Its own cut, from which it takes a customer to leave.
    pub threshold: f64,
    /// On the customers.
    pub metrics: Metrics,
    /// Where the accuracy plausibly lies.
    pub accuracy: Interval,
    /// Where the others do.
    pub drawn: Bootstrap,
}

impl Rival {
    /// Reads a document and scores the page's customers by it, from the bytes of the
    /// data's file: it may know their columns by other levels.
    ///
    /// # Errors
    /// As [`Document::read`] and [`Dataset::read_csv_as`];
    /// [`ErrorCode::Target`] when it predicts something else.
    pub fn read(file: String, text: &str, bytes: &[u8], explorer: &Explorer) -> Result<Self> {
        let document = Document::read(text)?;
        let schema = document.schema();
        let own = &explorer.schema().target;
        if schema.target != *own {
            let [expected, got] = [own, &schema.target].map(|target| told(target.as_ref()));
            return Err(Error::mismatch(ErrorCode::Target, expected, got).in_field("target"));
        }
        let hash = artefact::sha256(bytes);
        if hash != explorer.data_hash {
            let message = "the customers' file has changed since the page was opened: reload it";
            return Err(Error::new(ErrorCode::Data, message));
        }
        let data = Dataset::read_csv_as(bytes, schema, &mut progress::ignore)?.dataset;
        let probabilities = document.probabilities(&data);
        let positions: Vec<u32> = (0..data.rows()).map(|row| data.position(row)).collect();
        let (trained_on, held_out) = document.trained_on();
        let is_of_same_data = trained_on == hash;
        let own = (0..explorer.rows()).map(|row| explorer.data.position(row));
        let risk = |position| {
            let row = positions.binary_search(&position).ok()?;
            probabilities.get(row).copied()
        };
        let seen = |position| is_of_same_data && held_out.binary_search(&position).is_err();
        Ok(Self {
            risks: own.clone().map(risk).collect(),
            seen: own.map(seen).collect(),
            threshold: document.threshold(),
            file,
            is_of_same_data,
        })
    }

    /// Compares it with the page's model on a cohort, each at its own cut.
    pub fn compare(&self, explorer: &Explorer, cohort: &[u32]) -> Comparison {
        let thresholds = [explorer.predictor.artefact().threshold, self.threshold];
        let mut flagged_by_one = [0, 0];
        let mut scored = Vec::new();
        for &row in cohort {
            let at = row as usize;
            if let Some(risk) = self.risks[at] {
                let risks = [explorer.probabilities[at], risk];
                let flagged = [0, 1].map(|model| risks[model] >= thresholds[model]);
                match flagged {
                    [true, false] => flagged_by_one[0] += 1,
                    [false, true] => flagged_by_one[1] += 1,
                    _ => {}
                }
                scored.push(row);
            }
        }
        let own = Evaluation::of(&scored, explorer, false);
        let unseen: Vec<u32> = scored
            .iter()
            .copied()
            .filter(|&row| !self.seen[row as usize])
            .collect();
        let both = Evaluation::of(&unseen, explorer, false);
        Comparison {
            customers: scored.len(),
            flagged_by_one,
            own_rows: own.rows.len(),
            rows: both.rows.len(),
            judged: both
                .cuts
                .is_some()
                .then(|| self.judge(explorer, &both.rows, thresholds))
                .flatten(),
        }
    }

    /// The figures on rows that both score.
    fn judge(&self, explorer: &Explorer, rows: &[usize], [own, other]: [f64; 2]) -> Option<Judged> {
        let labels = explorer.data.left(rows);
        let risks: Vec<f64> = rows
            .iter()
            .map(|&row| explorer.probabilities[row])
            .collect();
        let others: Vec<f64> = rows.iter().filter_map(|&row| self.risks[row]).collect();
        let scored = |probabilities, threshold| Scored {
            probabilities,
            threshold,
        };
        let (first, second) = (scored(&risks[..], own), scored(&others[..], other));
        Some(Judged {
            models: [
                Figures::measure(first, &labels)?,
                Figures::measure(second, &labels)?,
            ],
            paired: Paired::compare(first, second, &labels).ok()?,
        })
    }
}

impl Figures {
    fn measure(scored: Scored<'_>, labels: &[bool]) -> Option<Self> {
        let Scored {
            probabilities,
            threshold,
        } = scored;
        let metrics = Metrics::measure(probabilities, labels, threshold)?;
        let counts = &metrics.confusion;
        let right = counts.true_positives + counts.true_negatives;
        Some(Self {
            threshold,
            accuracy: Interval::of_share(right, metrics.rows),
            drawn: evaluation::draw(&Cuts::new(probabilities, labels)),
            metrics,
        })
    }
}

/// What a model predicts, in words.
fn told(target: Option<&Target>) -> String {
    match target {
        Some(Target {
            name,
            negative,
            positive,
            ..
        }) => format!("'{name}' as '{negative}' or '{positive}'"),
        None => "nothing".into(),
    }
}
