//! Fitting by linfa-svm: sequential minimal optimisation over the whole kernel
//! matrix (Platt 1998; the working sets are LIBSVM's, Fan, Chen & Lin 2005).

use linfa::DatasetBase;
use linfa::composing::platt_scaling::{PlattParams, platt_newton_method};
use linfa::prelude::{Fit as _, ParamGuard as _};
use linfa_svm::Svm;
use ndarray::Array1;

use super::document::{FORMAT, VERSION};
use super::{
    Kernel, Machine, Platt, Rbf, SvmArtefact, SvmModel, SvmParams, SvmPredictor, SvmRecord,
};
use crate::background::Background;
use crate::dataset::{Column, Dataset, Reading};
use crate::design::Design;
use crate::error::{Error, ErrorCode, Result};
use crate::imputation;
use crate::logistic::LogisticModel;
use crate::matrix::standardised;
use crate::metrics::Metrics;
use crate::preset::Preset;
use crate::progress::{OnProgress, report};
use crate::scaling::Scaling;
use crate::split::{HoldOut, Split};

/// Most training rows: the kernel matrix has the square of them, eight bytes
/// each, 3.2 GB.
pub const MOST_ROWS: usize = 20_000;

/// Trains a machine on what was read; as [`train`](crate::train::train) in all
/// but the model. Probabilities are scaled on the training rows.
///
/// # Errors
/// [`ErrorCode::Parameter`] for a setting out of range and too many rows,
/// [`ErrorCode::Target`] without labels of both classes, [`ErrorCode::Numeric`]
/// when the fit fails, [`ErrorCode::Preset`], [`ErrorCode::Cancelled`].
pub fn train(
    reading: &Reading,
    params: &SvmParams,
    hold_out: &HoldOut,
    preset: Option<&Preset>,
    data_hash: &str,
    on_progress: OnProgress<'_>,
) -> Result<SvmArtefact> {
    params.check()?;
    let data = &reading.dataset;
    let complete = data.complete_rows();
    let labelled = complete.iter().copied();
    let labelled: Vec<usize> = labelled.filter(|&row| data.label(row).is_some()).collect();
    let mut split = Split::new(data, &labelled, hold_out)?;
    split.test.sort_unstable();
    let labels = data.left(&split.train);
    if !labels.contains(&true) || !labels.contains(&false) {
        let expected = "customers of both classes among the training rows";
        let got = format!("{} rows", labels.len());
        return Err(Error::mismatch(ErrorCode::Target, expected, got));
    }
    if split.train.len() > MOST_ROWS {
        let expected = format!("at most {MOST_ROWS} training rows for a support vector machine");
        let got = split.train.len().to_string();
        return Err(Error::mismatch(ErrorCode::Parameter, expected, got));
    }
    report(on_progress, "fitting", 0, 1)?;
    let scaling = Scaling::measure(data, &split.train);
    let (model, support_vectors) = fit(data, &split.train, &scaling, params)?;
    report(on_progress, "fitting", 1, 1)?;
    let products = preset.map_or(&[][..], |preset| &preset.imputation);
    let nothing = Metrics::measure(&[0.5], &[true], 0.5).ok_or_else(not_fitted)?;
    let artefact = SvmArtefact {
        format: FORMAT.into(),
        version: VERSION,
        schema: data.schema().clone(),
        scaling,
        threshold: model.platt.probability(0.0),
        model,
        imputation: imputation::learn(data, &complete, products)?,
        background: Background::measure(data, &complete),
        training: SvmRecord {
            data_hash: data_hash.into(),
            table: None,
            held_out: split.test.iter().map(|&row| data.position(row)).collect(),
            params: *params,
            support_vectors,
            train: nothing,
            test: None,
        },
    };
    measured(artefact, data, &split)
}

/// Scores the machine on the rows of its training, and on those held out.
fn measured(artefact: SvmArtefact, data: &Dataset, split: &Split) -> Result<SvmArtefact> {
    let predictor = SvmPredictor::new(artefact)?;
    let threshold = predictor.artefact().threshold;
    let measure = |rows: &[usize]| {
        let probabilities = predictor.probabilities(data, rows);
        Metrics::measure(&probabilities, &data.left(rows), threshold)
    };
    let train = measure(&split.train).ok_or_else(not_fitted)?;
    let test = measure(&split.test);
    let mut artefact = predictor.into_artefact();
    artefact.training.train = train;
    artefact.training.test = test;
    Ok(artefact)
}

/// Fits complete, labelled rows; the machine and its number of support vectors.
fn fit(
    data: &Dataset,
    rows: &[usize],
    scaling: &Scaling,
    params: &SvmParams,
) -> Result<(SvmModel, u64)> {
    let design = Design::new(data.schema());
    let matrix = standardised(data, rows, scaling);
    let width = design.width() as f64;
    let labels = Array1::from(data.left(rows));
    let asked = Svm::<f64, bool>::params()
        .pos_neg_weights(params.c, params.c)
        .eps(params.tolerance)
        // With it linfa-svm 0.8.1 ends early, at a wrong place.
        .shrinking(false);
    let asked = match params.kernel {
        Kernel::Linear => asked.linear_kernel(),
        Kernel::Rbf => asked.gaussian_kernel(width),
    };
    let failed = |error: &dyn std::fmt::Display| {
        let message = format!("the support vector machine could not be fitted: {error}");
        Error::new(ErrorCode::Numeric, message)
    };
    let fitted = asked
        .fit(&DatasetBase::new(matrix.clone(), labels.clone()))
        .map_err(|error| failed(&error))?;
    let is_support = |alpha: f64| alpha.abs() > 100.0 * f64::EPSILON;
    let support = fitted.alpha.iter().filter(|alpha| is_support(**alpha));
    let support = support.count() as u64;
    let decisions: Array1<f64> = matrix
        .outer_iter()
        .map(|row| fitted.weighted_sum(&row) - fitted.rho)
        .collect();
    let checked = PlattParams::<f64, ()>::default().check();
    let checked = checked.map_err(|error| failed(&error))?;
    let (a, b) = platt_newton_method(decisions.view(), labels.view(), &checked)
        .map_err(|error| failed(&error))?;
    let machine = match params.kernel {
        Kernel::Linear => {
            let weights = matrix.t().dot(&Array1::from(fitted.alpha));
            Machine::Linear(LogisticModel::from_scaled(
                -fitted.rho,
                &weights.to_vec(),
                scaling,
            ))
        }
        Kernel::Rbf => {
            let kept = rows.iter().zip(&fitted.alpha);
            let kept: Vec<(usize, f64)> = kept
                .filter(|(_, alpha)| is_support(**alpha))
                .map(|(&row, &alpha)| (row, alpha))
                .collect();
            let values = |column: &Column| {
                let of = |&(row, _): &(usize, f64)| match column {
                    Column::Numeric(x) => x[row],
                    Column::Categorical(codes) => f64::from(codes[row]),
                };
                kept.iter().map(of).collect()
            };
            Machine::Rbf(Rbf {
                gamma: 1.0 / width,
                intercept: -fitted.rho,
                coefficients: kept.iter().map(|(_, alpha)| *alpha).collect(),
                vectors: data.columns().iter().map(values).collect(),
            })
        }
    };
    // linfa's P is 1 / (1 + exp(a · decision + b)).
    let platt = Platt {
        slope: -a,
        intercept: -b,
    };
    Ok((SvmModel { machine, platt }, support))
}

fn not_fitted() -> Error {
    Error::new(
        ErrorCode::Numeric,
        "the support vector machine scores nobody",
    )
}
