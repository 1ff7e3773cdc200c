//! `churn simulate`: customers ask a running server, and later their outcomes
//! become known, as in the workshop's simulation.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use churn_core::progress::{self, Progress};
use churn_core::{Dataset, Error, ErrorCode, Result, Schema};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::client::Client;
use crate::clock;
use crate::count::Count;
use crate::input;
use crate::interrupt::Interrupt;
use crate::progress::Bar;
use crate::simulation::{Drift, Simulation};
use crate::terminal::say;
use crate::told::{Input, LABEL};

/// Predictions of one accuracy.
const BLOCK: usize = 100;

/// Where a key is looked for when none is given.
const KEY: &str = "CHURN_KEY";

/// Lets customers of a CSV file ask a running server, then tells it what became
/// of them.
///
/// Every customer is one call of /model. Then the ground truth of each goes to
/// /track-delayed-metrics, and the accuracy of every hundred calls to
/// /track-aggregate-metrics, of the rest at the end as well. The same seed
/// gives the same customers and outcomes.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Address of the server
    #[arg(long, value_name = "URL")]
    url: String,

    /// API key with the roles predict and record [else the variable CHURN_KEY]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// Name of the model; needed where several are deployed
    #[arg(long)]
    model: Option<String>,

    /// Customers to draw from, with their outcomes
    #[arg(
        long,
        value_name = "DATA.csv",
        default_value = "public/data/telco-customer-churn.csv"
    )]
    data: PathBuf,

    /// Number of calls
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    calls: usize,

    /// Seed of all that is drawn
    #[arg(long, default_value_t = 7)]
    seed: u32,

    /// What drifts while the simulation runs
    #[arg(long, value_name = "WHAT", default_value = "none")]
    drift: Drift,

    /// Pause between two calls, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay: u64,
}

/// What is known of the model.
#[derive(Deserialize)]
struct Model {
    threshold: f64,
    model_deployment_crn: String,
}

/// An answer that was given.
struct Answer {
    uuid: String,
    row: usize,
    probability: f64,
    ms: i64,
}

pub(super) fn run(args: &SimulateArgs) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime =
        runtime.map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?;
    runtime.block_on(simulate(args))
}

async fn simulate(args: &SimulateArgs) -> Result<()> {
    let key = args.key.clone().or_else(|| env::var(KEY).ok());
    let client = Client::new(&args.url, key.as_deref())?;
    let name = match &args.model {
        Some(name) => name.clone(),
        None => only_model(&client).await?,
    };
    let model: Model = client.get(&format!("/api/v1/models/{name}")).await?;
    let schema: Schema = client.get(&format!("/api/v1/models/{name}/schema")).await?;
    let data = complete(args, &schema)?;
    let mut simulation = Simulation::new(&data, args.drift, args.calls, args.seed);
    let bar = Bar::new(Interrupt::listen());
    let show = |stage, done| {
        let (done, total) = (done as u64, args.calls as u64);
        match bar.show(Progress { stage, done, total }).is_break() {
            true => Err(Error::cancelled()),
            false => Ok(()),
        }
    };

    let mut answers = Vec::with_capacity(args.calls);
    for call in 0..args.calls {
        show("calling", call)?;
        let row = simulation.customer(call);
        answers.push(ask(&client, &name, &data, row).await?);
        if args.delay > 0 && call + 1 < args.calls {
            sleep(Duration::from_millis(args.delay)).await;
        }
    }
    let mut accuracies = Vec::new();
    for (block, answers) in answers.chunks(BLOCK).enumerate() {
        let mut right = 0;
        for (at, answer) in answers.iter().enumerate() {
            let call = block * BLOCK + at;
            show("telling outcomes", call)?;
            let left = data.label(answer.row) == Some(true);
            let left = simulation.outcome(call, left, answer.probability);
            right += usize::from(left == (answer.probability >= model.threshold));
            let truth = json!({"modelDeploymentCrn": model.model_deployment_crn,
                "predictionUuid": answer.uuid, "metrics": {LABEL: left}});
            let _: Value = client.post("/track-delayed-metrics", &truth).await?;
        }
        let accuracy = right as f64 / answers.len() as f64;
        if let (Some(first), Some(last)) = (answers.first(), answers.last()) {
            let aggregate = json!({"modelDeploymentCrn": model.model_deployment_crn,
                "startTimestampMs": first.ms, "endTimestampMs": last.ms,
                "metrics": {"accuracy": accuracy}});
            let _: Value = client.post("/track-aggregate-metrics", &aggregate).await?;
        }
        accuracies.push(format!("{accuracy:.2}"));
    }
    drop(bar);
    let calls = Count::of(&answers).things("call");
    say(format_args!(
        "simulated {calls}; accuracy of every {BLOCK}: {}",
        accuracies.join(" ")
    ));
    Ok(())
}

/// The name of the only model.
async fn only_model(client: &Client) -> Result<String> {
    #[derive(Deserialize)]
    struct Models {
        models: Vec<Name>,
    }
    #[derive(Deserialize)]
    struct Name {
        name: String,
    }
    let models: Models = client.get("/api/v1/models").await?;
    match models.models.as_slice() {
        [only] => Ok(only.name.clone()),
        models => {
            let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
            let expected = format!("one of the models deployed ({})", names.join(", "));
            let error = Error::mismatch(ErrorCode::Parameter, expected, "none");
            Err(error.in_field("--model"))
        }
    }
}

/// The customers without a missing value.
fn complete(args: &SimulateArgs, schema: &Schema) -> Result<Dataset> {
    let in_file = input::in_file(&args.data);
    let reading = Dataset::read_csv_as(&input::bytes(&args.data)?, schema, &mut progress::ignore);
    let data = reading.map_err(&in_file)?.dataset;
    let rows = data.complete_rows();
    let known: Vec<usize> = rows
        .into_iter()
        .filter(|&row| data.label(row).is_some())
        .collect();
    if known.is_empty() {
        let expected = "customers without a missing value whose outcome is known";
        return Err(in_file(Error::mismatch(ErrorCode::Data, expected, "none")));
    }
    Ok(data.select(&known))
}

async fn ask(client: &Client, model: &str, data: &Dataset, row: usize) -> Result<Answer> {
    #[derive(Serialize)]
    struct Call<'a> {
        #[serde(rename = "accessKey")]
        model: &'a str,
        request: Input<'a>,
    }
    #[derive(Deserialize)]
    struct Answered {
        response: Response,
    }
    #[derive(Deserialize)]
    struct Response {
        prediction: Prediction,
        uuid: String,
    }
    #[derive(Deserialize)]
    struct Prediction {
        probability: f64,
    }
    let customer = data.row(row);
    let request = Input {
        features: &data.schema().features,
        row: &customer,
    };
    let Answered { response } = client.post("/model", &Call { model, request }).await?;
    Ok(Answer {
        uuid: response.uuid,
        row,
        probability: response.prediction.probability,
        ms: clock::now_ms(),
    })
}
