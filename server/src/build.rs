//! A model in memory, ready to answer: never changed once it is loaded.

use std::sync::{Arc, Mutex, PoisonError};

use churn_core::marginals::Marginal;
use churn_core::profile::Basis;
use churn_core::sampled_lime::Pool;
use churn_core::{
    Error, ErrorCode, Explanation, Method, ModelArtefact, Predictor, Row, Target, Value,
};

use crate::customer::CustomerReader;
use crate::explain::Explain;
use crate::store::deployments::BuildRecord;

/// Longest name of a model.
const LONGEST: usize = 64;

/// Pools of artificial customers kept for sampled explanations.
const POOLS: usize = 4;

/// A model document, loaded.
#[derive(Debug)]
pub struct Build {
    /// What the store knows of it.
    pub record: BuildRecord,
    /// The model.
    pub predictor: Predictor,
    /// Reads its customers.
    pub reader: CustomerReader,
    /// What its predictions are measured against.
    pub basis: Basis,
    /// What the workshop fills in: the first level, the median.
    defaults: Vec<Value>,
    pools: Mutex<Vec<(usize, u64, Arc<Pool>)>>,
}

/// Checks the name of a model: names are parts of addresses.
///
/// # Errors
/// [`ErrorCode::Parameter`] for another one.
pub fn check_name(name: &str) -> churn_core::Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if (1..=LONGEST).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let expected = format!("1 to {LONGEST} letters, digits, '-', '_' and '.'");
    let got = format!("'{name}'");
    Err(Error::mismatch(ErrorCode::Parameter, expected, got).in_field("name"))
}

/// Checks a document by loading it, so that what cannot answer is no build.
///
/// # Errors
/// [`ErrorCode::Model`] when it is not a model with a target.
pub fn check_document(document: &str) -> churn_core::Result<()> {
    let predictor = Predictor::new(ModelArtefact::from_json(document)?)?;
    crate::input::target(&predictor).map(drop)
}

impl Build {
    /// Loads a document.
    ///
    /// # Errors
    /// When it is not a model with a target.
    pub fn load(record: BuildRecord, document: &str) -> churn_core::Result<Self> {
        let predictor = Predictor::new(ModelArtefact::from_json(document)?)?;
        crate::input::target(&predictor)?;
        let artefact = predictor.artefact();
        let median = |marginal: &Marginal| match marginal {
            Marginal::Categorical { .. } => Value::Level(0),
            Marginal::Numeric(numeric) => {
                let middle = numeric.quantiles.get(numeric.quantiles.len() / 2);
                middle.map_or(Value::Missing, |x| Value::Number(*x))
            }
        };
        Ok(Self {
            reader: CustomerReader::new(&artefact.schema),
            defaults: artefact.marginals.features.iter().map(median).collect(),
            basis: Basis::new(artefact),
            pools: Mutex::default(),
            record,
            predictor,
        })
    }

    /// The target; [`Build::load`] takes no model without.
    pub fn target(&self) -> Option<&Target> {
        self.predictor.artefact().schema.target.as_ref()
    }

    /// Whether a probability is that of somebody who leaves.
    pub fn leaves(&self, probability: f64) -> bool {
        probability >= self.predictor.artefact().threshold
    }

    /// Fills in what is missing as the workshop does; which features that were.
    pub fn complete_as_workshop(&self, mut row: Row) -> (Row, Vec<usize>) {
        let mut filled = Vec::new();
        for (at, (value, default)) in row.0.iter_mut().zip(&self.defaults).enumerate() {
            if *value == Value::Missing {
                *value = *default;
                filled.push(at);
            }
        }
        (row, filled)
    }

    /// Explains a complete row. The same request gives the same weights, today
    /// and when it is read again.
    ///
    /// # Errors
    /// When the settings of sampled explanations are out of range.
    pub fn explain(&self, row: &Row, how: &Explain) -> churn_core::Result<Explanation> {
        match how.method {
            Method::Exact => {
                let mut explanation = self.predictor.explain_exact(row);
                let codes = self.predictor.artefact().background.codes(&row.0);
                let exact = self.predictor.exact();
                exact.keep_top(&codes, &mut explanation, how.top);
                Ok(explanation)
            }
            Method::Sampled => {
                let pool = self.pool(how.samples, how.seed)?;
                Ok(self.predictor.explain_sampled(row, &pool, how.top))
            }
            Method::Contributions => Ok(self.predictor.explain_contributions(row)),
        }
    }

    fn pool(&self, samples: usize, seed: u64) -> churn_core::Result<Arc<Pool>> {
        let pools = || self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |(of, by, _): &&(usize, u64, _)| (*of, *by) == (samples, seed);
        if let Some((_, _, pool)) = pools().iter().find(same) {
            return Ok(Arc::clone(pool));
        }
        // Drawn without the lock: others go on meanwhile.
        let pool = Arc::new(self.predictor.pool(samples, seed)?);
        let mut pools = pools();
        if pools.len() == POOLS {
            pools.remove(0);
        }
        pools.push((samples, seed, Arc::clone(&pool)));
        Ok(pool)
    }
}
