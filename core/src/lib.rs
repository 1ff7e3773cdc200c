//! The churn model, its explanations and the data behind them.
//!
//! Platform-free: no I/O, no clock, no global random numbers. The same code
//! runs natively and in the browser and gives the same bits in both: every
//! transcendental function comes from `libm`, every sum has a fixed order.
//!
//! # Layout
//!
//! Data:
//! * [`csv`]: bytes or a reader → rows of fields → [`Dataset`].
//! * [`dataset`]: columns of codes and numbers, their builder, row issues.
//! * [`infer`]: what a column is, seen from its cells.
//! * [`decimal`]: numbers as text.
//! * [`schema`]: names, kinds and levels of the features; the target.
//! * [`row`]: one customer, as values in schema order.
//! * [`preset`]: optional knowledge about a dataset: labels, families, links.
//! * [`imputation`]: what stands in for a missing value.
//! * [`links`]: how columns hang together, and what an edit moves.
//! * [`ranks`]: the order of rows by a column, counted once.
//! * [`exploration`]: how columns are spread, by outcome, and go together.
//!
//! Model:
//! * [`design`]: the layout of the design matrix, which only `matrix` builds, for
//!   libraries that ask for it.
//! * [`scaling`]: mean and standard deviation of every design column.
//! * [`logistic`]: the fitted model: log-odds per level, slope per number.
//! * [`newton`], [`hessian`], [`lbfgs`]: the two solvers and the fast Hessian.
//! * [`svm`]: support vector machines, for comparison.
//! * [`split`], [`cross_validation`], [`train`]: hold-out, folds, choice of C.
//! * [`metrics`]: accuracy to calibration.
//! * [`cuts`], [`profit`]: what deciding at a cut means, in rates and in money.
//! * [`interval`], [`bootstrap`], [`paired`]: how sure a figure is, and how sure it is
//!   that two models differ.
//! * [`artefact`]: the one JSON document that holds a trained model.
//! * [`predictor`]: a loaded artefact, ready to score and explain.
//!
//! Explanations:
//! * [`explanation`]: the answer type of all methods.
//! * [`background`]: frequencies and bins that LIME draws from.
//! * [`exact_lime`]: LIME's limit in closed form.
//! * [`sampled_lime`], [`ridge`]: LIME as published, by sampling.
//! * [`contributions`]: log-odds contributions (closed form SHAP).
//! * [`marginals`]: distributions of features and score, for drift.
//!
//! Monitoring, when outcomes are not known yet:
//! * [`drift`]: how far features and score have moved from the training data.
//! * [`cbpe`]: how good decisions are, estimated without outcomes.
//! * [`profile`]: predictions of a stretch of time, as sums that add up.
//! * [`monitoring`]: the shapes in which a server tells of all that.
//! * [`retraining`]: rules on how a model does, and whether another one does better.
//! * [`registry`]: those in which it tells of builds, and which of them answered when.
//! * [`runs`]: those in which it tells of experiments.
//! * [`tables`]: those in which it tells of tables.
//! * [`jobs`]: those of jobs: what is to be done, when, and how it went.
//! * [`lineage`]: those in which it tells what came from what.
//! * [`access`]: those in which it tells the page what that may ask.
//!
//! [`cohorts`]: named groups of customers, as a document. [`session`]: all that a
//! user made, as a document.
//!
//! Throughout: [`error`] (the one error type), [`progress`] (long work reports
//! and can be cancelled), [`json`] (documents whose errors name the field),
//! [`whole`] (whole numbers of such documents),
//! [`math`] and [`linalg`] (sigmoid, Cholesky).

pub mod access;
pub mod artefact;
pub mod background;
pub mod bootstrap;
pub mod cbpe;
pub mod cohorts;
pub mod contributions;
pub mod cross_validation;
pub mod csv;
pub mod cuts;
pub mod dataset;
pub mod decimal;
pub mod design;
pub mod drift;
pub mod error;
pub mod exact_lime;
pub mod explanation;
pub mod exploration;
pub mod hessian;
pub mod imputation;
pub mod infer;
pub mod interval;
pub mod jobs;
pub mod json;
#[cfg(feature = "linfa")]
pub mod lbfgs;
pub mod linalg;
pub mod lineage;
pub mod links;
pub mod logistic;
pub mod marginals;
pub mod math;
#[cfg(feature = "linfa")]
mod matrix;
pub mod metrics;
pub mod monitoring;
pub mod newton;
pub mod paired;
pub mod predictor;
pub mod preset;
pub mod profile;
pub mod profit;
pub mod progress;
pub mod ranks;
pub mod registry;
pub mod retraining;
pub mod ridge;
pub mod row;
pub mod runs;
pub mod sampled_lime;
pub mod scaling;
pub mod schema;
pub mod session;
pub mod split;
pub mod svm;
pub mod tables;
pub mod train;
pub mod whole;

pub use artefact::ModelArtefact;
pub use dataset::{Column, Dataset, Reading};
pub use error::{Error, ErrorCode, Result};
pub use explanation::{Explanation, Method};
pub use links::Links;
pub use predictor::Predictor;
pub use preset::Preset;
pub use row::{Row, Value};
pub use schema::{Feature, FeatureKind, Schema, Target};
