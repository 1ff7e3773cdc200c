//! `churn explain`: what drives the probability of every customer, streamed.

mod explained;

use std::io::Write as _;
use std::path::PathBuf;

use churn_core::sampled_lime::Pool;
use churn_core::{Explanation, Method, Predictor, Result, Row};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::{Serialize, Serializer};

use super::chosen_model::ModelChoiceArgs;
use super::customers::CustomersArgs;
use crate::batches::Batches;
use crate::count::Count;
use crate::imputed::Imputed;
use crate::output::{self, Output};
use crate::terminal::say;
use explained::Explained;

/// Rows that are explained at a time.
const BATCH: usize = 256;

/// Explains the score of every customer of a CSV file or a table.
///
/// Writes a line of JSON per customer: id, probability, intercept,
/// local_prediction, r2, and the weights by feature, the largest first. Features
/// whose value was missing and filled in are named in "imputed".
///
/// Methods: exact is LIME's limit in closed form, without noise; sampled is LIME
/// as published; contributions are log-odds against the average customer, equal
/// to SHAP. A support vector machine, from `churn run model`, has sampled alone.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    model: ModelChoiceArgs,

    #[command(flatten)]
    customers: CustomersArgs,

    /// How to explain
    #[arg(long, default_value = "exact", value_parser = method())]
    method: Method,

    /// Artificial customers to draw, for the method sampled
    #[arg(long, value_name = "COUNT", default_value_t = 5000)]
    samples: usize,

    /// Seed of the draw, for the method sampled
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Features to report, the largest weights first: a number, or all
    #[arg(long, value_name = "COUNT", default_value = "10", value_parser = top)]
    top: usize,

    /// Where to write the explanations; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn method() -> impl TypedValueParser<Value = Method> {
    PossibleValuesParser::new(["exact", "sampled", "contributions"])
        .try_map(|name| name.parse::<Method>())
}

fn top(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        _ if text == "all" => Ok(usize::MAX),
        Ok(count) if count > 0 => Ok(count),
        _ => Err("expected a number from 1 up, or all"),
    }
}

pub(super) fn run(args: &ExplainArgs) -> Result<()> {
    let document = args.model.read(&args.customers)?;
    let model = Explained::new(&document)?;
    let schema = model.schema();
    let explainer = Explainer::new(&model, args).map_err(document.named())?;
    let mut batches = Batches::open(&args.customers.open()?, schema, BATCH, "explaining")?;
    let mut output = Output::create(&args.out)?;
    let mut filled = Imputed::default();
    while let Some(data) = batches.read()? {
        for row in 0..data.rows() {
            let (customer, imputed) = model.complete(&data.row(row));
            let cells: Vec<(usize, usize)> =
                imputed.iter().map(|&feature| (row, feature)).collect();
            filled.add(&cells);
            let name = |feature: usize| schema.features[feature].name.as_str();
            let explanation = explainer.explain(&customer);
            let line = Line {
                id: &data.id(row),
                probability: explanation.probability,
                intercept: explanation.intercept,
                local_prediction: explanation.local_prediction,
                r2: explanation.r2,
                weights: explanation
                    .ranked()
                    .into_iter()
                    .take(explainer.top)
                    .map(|(feature, weight)| (name(feature), weight))
                    .collect(),
                imputed: imputed.into_iter().map(name).collect(),
            };
            line.write(&mut output)
                .map_err(|error| output::failed(&args.out, &error))?;
        }
        if output.is_closed() {
            return Ok(());
        }
    }
    if output.finish()? {
        let rows = Count(batches.rows()).things("customer");
        batches.into_issues().tell();
        filled.tell(schema);
        say(format_args!(
            "explained {rows}: {}",
            output::name(&args.out)
        ));
    }
    Ok(())
}

/// A method, bound to a model.
struct Explainer<'a> {
    top: usize,
    way: Way<'a>,
}

enum Way<'a> {
    Exact(&'a Predictor),
    Sampled(&'a Explained, Pool),
    Contributions(&'a Predictor),
}

impl<'a> Explainer<'a> {
    fn new(model: &'a Explained, args: &ExplainArgs) -> Result<Self> {
        let way = match args.method {
            Method::Exact => Way::Exact(model.logistic(args.method)?),
            Method::Sampled => Way::Sampled(model, model.pool(args.samples, args.seed)?),
            Method::Contributions => Way::Contributions(model.logistic(args.method)?),
        };
        Ok(Self {
            top: args.top.min(model.schema().features.len()),
            way,
        })
    }

    fn explain(&self, customer: &Row) -> Explanation {
        match &self.way {
            Way::Exact(predictor) => {
                let mut explanation = predictor.explain_exact(customer);
                let codes = predictor.artefact().background.codes(&customer.0);
                let exact = predictor.exact();
                exact.keep_top(&codes, &mut explanation, self.top);
                explanation
            }
            Way::Sampled(model, pool) => model.explain_sampled(customer, pool, self.top),
            Way::Contributions(predictor) => predictor.explain_contributions(customer),
        }
    }
}

/// One line of the result.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    probability: f64,
    intercept: f64,
    local_prediction: f64,
    r2: Option<f64>,
    /// A JSON object whose order is the ranking.
    #[serde(serialize_with = "as_object")]
    weights: Vec<(&'a str, f64)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    imputed: Vec<&'a str>,
}

impl Line<'_> {
    fn write(&self, output: &mut Output) -> std::io::Result<()> {
        serde_json::to_writer(&mut *output, self)?;
        output.write_all(b"\n")
    }
}

fn as_object<S: Serializer>(pairs: &[(&str, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().copied())
}
