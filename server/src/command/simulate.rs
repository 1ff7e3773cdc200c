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
use tokio::time::{Instant, sleep_until};

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

/// How long until Ctrl-C is seen while nothing is to be done.
const LOOK: Duration = Duration::from_millis(200);

/// Where a key is looked for when none is given.
const KEY: &str = "CHURN_KEY";

/// Lets customers of a CSV file ask a running server, then tells it what became
/// of them.
///
/// Every customer is one call of /model. The ground truth of each goes to
/// /track-delayed-metrics – after all the calls as in the workshop, or each so
/// long after its call (--delay) – and the accuracy of every hundred calls to
/// /track-aggregate-metrics, of the rest at the end as well. The same seed gives
/// the same customers and outcomes.
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

    /// Share of the calls after which the drift is complete, and stays; 0 is from
    /// the first call on
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    drift_until: f64,

    /// Milliseconds from one call to the next
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pause: u64,

    /// Seconds from a call until its outcome is told, as ground truth comes late
    /// [else all are told after the last call]
    #[arg(long, value_name = "SECONDS")]
    delay: Option<u64>,
}

impl SimulateArgs {
    /// Calls until the drift is complete.
    fn drifting(&self) -> usize {
        (self.calls as f64 * self.drift_until).round() as usize
    }
}

fn share(text: &str) -> std::result::Result<f64, &'static str> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0 to 1"),
    }
}

/// What is known of the model.
#[derive(Deserialize)]
struct Model {
    threshold: f64,
}

/// An answer that was given.
struct Answer {
    uuid: String,
    /// Name of the deployment that gave it.
    crn: String,
    row: usize,
    probability: f64,
    ms: i64,
    at: Instant,
}

/// A simulation under way.
struct Underway {
    client: Client,
    name: String,
    model: Model,
    data: Dataset,
    simulation: Simulation,
    answers: Vec<Answer>,
    /// How many outcomes were told, and how many answers of the last hundred of
    /// them were right.
    told: usize,
    right: usize,
    accuracies: Vec<String>,
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
    let key = key.map(|key| format!("Bearer {key}"));
    let client = Client::new("--url", &args.url, key)?;
    let name = match &args.model {
        Some(name) => name.clone(),
        None => only_model(&client).await?,
    };
    let model: Model = client.get(&format!("/api/v1/models/{name}")).await?;
    let schema: Schema = client.get(&format!("/api/v1/models/{name}/schema")).await?;
    let data = complete(args, &schema)?;
    let bar = Bar::new(Interrupt::listen());
    let show = |done| {
        let (stage, total) = ("simulating", 2 * args.calls as u64);
        match bar.show(Progress { stage, done, total }).is_break() {
            true => Err(Error::cancelled()),
            false => Ok(()),
        }
    };
    let mut underway = Underway {
        client,
        name,
        model,
        simulation: Simulation::new(&data, args.drift, args.drifting(), args.seed)?,
        data,
        answers: Vec::with_capacity(args.calls),
        told: 0,
        right: 0,
        accuracies: Vec::new(),
    };
    let pause = Duration::from_millis(args.pause);
    let delay = args.delay.map(Duration::from_secs);
    let mut next_call = Instant::now();
    while underway.told < args.calls {
        let called = underway.answers.len();
        show((called + underway.told) as u64)?;
        let is_last = called == args.calls;
        let next_outcome = underway.answers.get(underway.told);
        let next_outcome = next_outcome.and_then(|answer| match delay {
            Some(delay) => Some(answer.at + delay),
            None => is_last.then_some(answer.at),
        });
        let now = Instant::now();
        if next_outcome.is_some_and(|at| at <= now) {
            underway.tell(args.calls).await?;
        } else if !is_last && next_call <= now {
            underway.call().await?;
            next_call = now.max(next_call + pause);
        } else {
            let next_call = (!is_last).then_some(next_call);
            let next = next_call.into_iter().chain(next_outcome).min();
            // Ctrl-C is seen meanwhile.
            sleep_until(next.unwrap_or(now).min(now + LOOK)).await;
        }
    }
    drop(bar);
    let calls = Count::of(&underway.answers).things("call");
    say(format_args!(
        "simulated {calls}; accuracy of every {BLOCK}: {}",
        underway.accuracies.join(" ")
    ));
    Ok(())
}

impl Underway {
    /// Lets the next customer ask.
    async fn call(&mut self) -> Result<()> {
        let row = self.simulation.customer(self.answers.len());
        let answer = ask(&self.client, &self.name, &self.data, row).await?;
        self.answers.push(answer);
        Ok(())
    }

    /// Tells the next outcome of so many, and the accuracy with the last one of
    /// a block.
    async fn tell(&mut self, calls: usize) -> Result<()> {
        let answer = &self.answers[self.told];
        let crn = &answer.crn;
        let left = self.data.label(answer.row) == Some(true);
        let left = self.simulation.outcome(self.told, answer.row, left);
        self.right += usize::from(left == (answer.probability >= self.model.threshold));
        let truth = json!({"modelDeploymentCrn": crn, "predictionUuid": answer.uuid,
            "metrics": {LABEL: left}});
        let _: Value = self.client.post("/track-delayed-metrics", &truth).await?;
        self.told += 1;
        if !self.told.is_multiple_of(BLOCK) && self.told < calls {
            return Ok(());
        }
        let start = (self.told - 1) / BLOCK * BLOCK;
        let accuracy = self.right as f64 / (self.told - start) as f64;
        let aggregate = json!({"modelDeploymentCrn": crn,
            "startTimestampMs": self.answers[start].ms, "endTimestampMs": answer.ms,
            "metrics": {"accuracy": accuracy}});
        let _: Value = self
            .client
            .post("/track-aggregate-metrics", &aggregate)
            .await?;
        self.right = 0;
        self.accuracies.push(format!("{accuracy:.2}"));
        Ok(())
    }
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
        model_deployment_crn: String,
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
        crn: response.model_deployment_crn,
        row,
        probability: response.prediction.probability,
        ms: clock::now_ms(),
        at: Instant::now(),
    })
}
