//! Training: split, scale, choose C, fit, measure, and put the artefact
//! together.

use serde::{Deserialize, Serialize};

use crate::artefact::{FORMAT, Model, ModelArtefact, TrainingRecord, VERSION};
use crate::background::Background;
use crate::cross_validation::{
    CrossValidation, FoldedRows, Scoring, cross_validate, default_grid, not_converged,
};
use crate::dataset::Dataset;
use crate::dataset::Reading;
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::hessian::TrainingRows;
use crate::imputation;
use crate::logistic::LogisticModel;
use crate::marginals::Marginals;
use crate::metrics::Metrics;
use crate::newton::{Fit, Newton};
use crate::preset::Preset;
use crate::progress::{OnProgress, report};
use crate::scaling::Scaling;
use crate::split::{HoldOut, Split, stratified_folds};

/// How the model is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Solver {
    /// Newton's method with Cholesky solves, over codes: the exact optimum.
    NewtonCholesky,
    /// linfa-logistic's L-BFGS.
    Lbfgs,
}

/// How C, the inverse of the penalty, is set.
#[derive(Clone, Debug, PartialEq)]
pub enum Regularisation {
    /// This value.
    Fixed(f64),
    /// The best of the default grid by stratified cross-validation.
    CrossValidated {
        /// Number of folds.
        folds: usize,
        /// What is compared.
        scoring: Scoring,
    },
}

/// Settings of a training, not checked yet.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainParams {
    /// Solver of the final fit (cross-validation always uses Newton).
    pub solver: Solver,
    /// C.
    pub regularisation: Regularisation,
    /// What is held out.
    pub hold_out: HoldOut,
    /// Weigh classes so that both have the same sum of weights.
    pub balanced: bool,
    /// One weight per row of the data, where rows do not count alike.
    pub sample_weights: Option<Vec<f64>>,
}

impl Default for TrainParams {
    fn default() -> Self {
        Self {
            solver: Solver::NewtonCholesky,
            regularisation: Regularisation::Fixed(1.0),
            hold_out: HoldOut::Fraction {
                fraction: 0.25,
                seed: 42,
            },
            balanced: false,
            sample_weights: None,
        }
    }
}

/// Trains a model on what was read. `data_hash` names the source
/// ([`crate::artefact::sha256`] of its bytes).
///
/// # Errors
/// [`ErrorCode::Target`] without labels of both classes, [`ErrorCode::Parameter`]
/// for a setting out of range, [`ErrorCode::Numeric`] when the fit fails,
/// [`ErrorCode::Preset`], [`ErrorCode::Cancelled`].
pub fn train(
    reading: &Reading,
    params: &TrainParams,
    preset: Option<&Preset>,
    data_hash: &str,
    on_progress: OnProgress<'_>,
) -> Result<ModelArtefact> {
    let data = &reading.dataset;
    check(data, params)?;
    let complete = data.complete_rows();
    let labelled: Vec<usize> = complete
        .iter()
        .copied()
        .filter(|&row| data.label(row).is_some())
        .collect();
    let split = Split::new(data, &labelled, &params.hold_out)?;
    let labels = labels_of(data, &split.train);
    if !labels.contains(&true) || !labels.contains(&false) {
        let expected = "customers of both classes among the training rows";
        let error = Error::mismatch(
            ErrorCode::Target,
            expected,
            format!("{} rows", labels.len()),
        );
        return Err(error.in_field(target_name(data)));
    }
    let scaling = Scaling::measure(data, &split.train);
    let weights = weights(params, &split.train, &labels);
    let cross_validation = match &params.regularisation {
        Regularisation::Fixed(_) => None,
        Regularisation::CrossValidated { folds, scoring } => {
            let folds = stratified_folds(&labels, *folds)?;
            let folded = FoldedRows {
                data,
                rows: &split.train,
                folds: &folds,
                weights: &weights,
                scaling: &scaling,
            };
            Some(cross_validate(
                folded,
                &default_grid(),
                *scoring,
                on_progress,
            )?)
        }
    };
    let c = chosen_c(&params.regularisation, cross_validation.as_ref());
    report(on_progress, "fitting", 0, 1)?;
    let fit = fit(data, &split.train, weights, &scaling, params.solver, c)?;
    report(on_progress, "fitting", 1, 1)?;

    let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, &scaling);
    let design = Design::new(data.schema());
    let threshold = 0.5;
    let measure = |rows: &[usize]| {
        let probabilities = model.probabilities(&design, &data.select(rows));
        Metrics::measure(&probabilities, &labels_of(data, rows), threshold)
    };
    let products = preset.map_or(&[][..], |preset| &preset.imputation);
    let train = measure(&split.train).ok_or_else(|| not_converged(c))?;
    // In the order of the data, so that measuring again gives the same bits.
    let mut test_rows = split.test.clone();
    test_rows.sort_unstable();
    let test = measure(&test_rows);
    let held_out = test_rows.iter().map(|&row| data.position(row)).collect();
    Ok(ModelArtefact {
        format: FORMAT.into(),
        version: VERSION,
        schema: data.schema().clone(),
        imputation: imputation::learn(data, &complete, products)?,
        background: Background::measure(data, &complete),
        marginals: Marginals::measure(
            data,
            &complete,
            model.probabilities(&design, &data.select(&complete)),
        ),
        training: TrainingRecord {
            data_hash: data_hash.into(),
            rows: data.rows() as u64,
            skipped_rows: reading.issues.len() as u64,
            incomplete_rows: (data.rows() - labelled.len()) as u64,
            held_out,
            seed: match params.hold_out {
                HoldOut::Fraction { seed, .. } => Some(seed),
                HoldOut::Ids(_) => None,
            },
            solver: params.solver,
            balanced: params.balanced,
            c,
            cross_validation,
            iterations: fit.iterations as u64,
            gradient_norm: fit.gradient_norm,
            converged: fit.converged,
            train,
            test,
        },
        scaling,
        model: Model::Logistic(model),
        threshold,
    })
}

fn check(data: &Dataset, params: &TrainParams) -> Result<()> {
    if data.schema().target.is_none() {
        let message = "name the target: the column that says who left";
        return Err(Error::new(ErrorCode::Target, message));
    }
    if let Regularisation::Fixed(c) = params.regularisation
        && !(c > 0.0 && c.is_finite())
    {
        let error = Error::mismatch(ErrorCode::Parameter, "a number above 0", c.to_string());
        return Err(error.in_field("C"));
    }
    let weighted = params.balanced || params.sample_weights.is_some();
    if weighted && params.solver == Solver::Lbfgs {
        let message = "weights need the solver newton-cholesky";
        return Err(Error::new(ErrorCode::Parameter, message).in_field("solver"));
    }
    if let Some(weights) = &params.sample_weights {
        let sound = weights.len() == data.rows()
            && weights.iter().all(|w| w.is_finite() && *w >= 0.0)
            && weights.iter().any(|w| *w > 0.0);
        if !sound {
            let expected = "one finite weight of 0 or more per row, not all 0";
            let got = format!("{} weights for {} rows", weights.len(), data.rows());
            let error = Error::mismatch(ErrorCode::Parameter, expected, got);
            return Err(error.in_field("sample weights"));
        }
    }
    Ok(())
}

fn target_name(data: &Dataset) -> String {
    data.schema()
        .target
        .as_ref()
        .map(|t| t.name.clone())
        .unwrap_or_default()
}

fn labels_of(data: &Dataset, rows: &[usize]) -> Vec<bool> {
    rows.iter()
        .map(|&row| data.label(row) == Some(true))
        .collect()
}

/// Weight of each training row; balanced is n / (2 · rows of the class).
fn weights(params: &TrainParams, rows: &[usize], labels: &[bool]) -> Vec<f64> {
    let class_weight = |class: bool| {
        let of_class = labels.iter().filter(|&&y| y == class).count();
        if params.balanced {
            labels.len() as f64 / (2.0 * of_class as f64)
        } else {
            1.0
        }
    };
    let class_weights = [class_weight(false), class_weight(true)];
    rows.iter()
        .zip(labels)
        .map(|(&row, &label)| {
            let own = params
                .sample_weights
                .as_ref()
                .map_or(1.0, |weights| weights[row]);
            own * class_weights[usize::from(label)]
        })
        .collect()
}

fn chosen_c(regularisation: &Regularisation, result: Option<&CrossValidation>) -> f64 {
    match (regularisation, result) {
        (Regularisation::Fixed(c), _) => *c,
        (_, Some(result)) => result.best_c,
        (_, None) => 1.0,
    }
}

/// Fits complete, labelled rows at one C.
///
/// # Errors
/// [`ErrorCode::Numeric`] when the solver fails, [`ErrorCode::Parameter`] for a
/// solver that is not built in.
pub fn fit(
    data: &Dataset,
    rows: &[usize],
    weights: Vec<f64>,
    scaling: &Scaling,
    solver: Solver,
    c: f64,
) -> Result<Fit> {
    match solver {
        Solver::NewtonCholesky => {
            let training = TrainingRows::new(data, rows, weights, scaling);
            let mut newton = Newton::new(&training, scaling);
            let fit = newton.fit(c);
            Ok(Fit {
                gradient_norm: newton.gradient_norm(c),
                ..fit
            })
        }
        #[cfg(feature = "linfa")]
        Solver::Lbfgs => crate::lbfgs::fit(data, rows, scaling, c),
        #[cfg(not(feature = "linfa"))]
        Solver::Lbfgs => {
            let message = "lbfgs is not built in here: use newton-cholesky";
            Err(Error::new(ErrorCode::Parameter, message).in_field("solver"))
        }
    }
}
