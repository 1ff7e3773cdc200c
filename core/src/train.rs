//! Training: split, scale, choose C, fit, measure, and put the artefact
//! together.

mod params;

use crate::artefact::{FORMAT, Model, ModelArtefact, TrainingRecord, VERSION};
use crate::background::Background;
use crate::cross_validation::{FoldedRows, cross_validate, default_grid, not_converged};
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
pub use params::{Regularisation, Solver, TrainParams};

/// What a training record calls this program.
const PROGRAM: &str = concat!("churn ", env!("CARGO_PKG_VERSION"));

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
    params.check(data)?;
    let complete = data.complete_rows();
    let labelled: Vec<usize> = complete
        .iter()
        .copied()
        .filter(|&row| data.label(row).is_some())
        .collect();
    let split = Split::new(data, &labelled, &params.hold_out)?;
    let labels = data.left(&split.train);
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
    let weights = params.weights(&split.train, &labels);
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
    let c = params.regularisation.chosen(cross_validation.as_ref());
    report(on_progress, "fitting", 0, 1)?;
    let most = params.max_iterations;
    let fit = fit_within(
        data,
        &split.train,
        weights,
        &scaling,
        (params.solver, most),
        c,
    )?;
    report(on_progress, "fitting", 1, 1)?;

    let model = LogisticModel::from_scaled(fit.intercept, &fit.coefficients, &scaling);
    let design = Design::new(data.schema());
    let threshold = 0.5;
    let measure = |rows: &[usize]| {
        let probabilities = model.probabilities(&design, &data.select(rows));
        Metrics::measure(&probabilities, &data.left(rows), threshold)
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
            program: PROGRAM.into(),
            data_hash: data_hash.into(),
            table: None,
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

fn target_name(data: &Dataset) -> String {
    data.schema()
        .target
        .as_ref()
        .map(|t| t.name.clone())
        .unwrap_or_default()
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
    fit_within(data, rows, weights, scaling, (solver, None), c)
}

/// As [`fit`], in so many steps at most where that is said.
fn fit_within(
    data: &Dataset,
    rows: &[usize],
    weights: Vec<f64>,
    scaling: &Scaling,
    (solver, most_iterations): (Solver, Option<u32>),
    c: f64,
) -> Result<Fit> {
    match solver {
        Solver::NewtonCholesky => {
            let training = TrainingRows::new(data, rows, weights, scaling);
            let mut newton = Newton::new(&training, scaling);
            if let Some(most) = most_iterations {
                newton = newton.at_most(most as usize);
            }
            let fit = newton.fit(c);
            Ok(Fit {
                gradient_norm: newton.gradient_norm(c),
                ..fit
            })
        }
        #[cfg(feature = "linfa")]
        Solver::Lbfgs => crate::lbfgs::fit(data, rows, scaling, c, most_iterations),
        #[cfg(not(feature = "linfa"))]
        Solver::Lbfgs => {
            let message = "lbfgs is not built in here: use newton-cholesky";
            Err(Error::new(ErrorCode::Parameter, message).in_field("solver"))
        }
    }
}
