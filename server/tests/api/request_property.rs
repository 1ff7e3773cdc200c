//! What the routes keep to, whatever body they are sent: shared by the ordinary
//! tests, the kept cases and the fuzz target.
//!
//! A case is a letter for the route, then the body.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use churn_server::api::Api;
use churn_server::cli::Cli;
use churn_server::command;
use churn_server::guard::Guard;
use churn_server::origin::Origins;
use churn_server::router::router;
use churn_server::store::{Folder, Place, Store};
use churn_server::telemetry::Telemetry;
use clap::Parser as _;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The routes that take a body, with its type.
const ROUTES: [(u8, &str, &str); 13] = [
    (b'm', "/model", JSON),
    (b'p', "/api/v1/predict", JSON),
    (b'u', "/api/v1/predict?record=false", JSON),
    (b'e', "/api/v1/explain", JSON),
    (b'x', "/api/v1/explain?record=false", JSON),
    (b't', "/track-metrics", JSON),
    (b'd', "/track-delayed-metrics", JSON),
    (b'a', "/track-aggregate-metrics", JSON),
    (b'g', "/api/v1/aggregates", JSON),
    (b'l', "/api/v1/labels", JSON),
    (b'n', "/api/v1/labels/bulk", "application/x-ndjson"),
    (b'c', "/api/v1/labels/bulk", "text/csv"),
    (b'r', "/read-metrics", JSON),
];

const JSON: &str = "application/json";

/// Cases after which a server begins anew, so that what it recorded stays small.
const ROUND: usize = 2000;

/// Customers with a name that needs quoting, a level that does, and numbers.
const CUSTOMERS: &str = "key,plan,\"the \"\"spend\"\"\",calls,total,left\n\
    a,\"free, é\",1.5,3,4.5,no\nb,paid,9,1,9,yes\nc,\"free, é\",2,2,4,no\nd,paid,8,7,56,yes\n\
    e,\"free, é\",3,4,12,yes\nf,paid,7,5,35,no\ng,\"free, é\",2.5,1,2.5,no\nh,paid,9.5,6,57,yes\n";

/// How the last number is filled in where it is missing.
const RULE: &str = r#"{"product": {"of": ["the \"spend\"", "calls"]}}"#;

/// Real routes over a real store, without a socket.
pub struct Served {
    runtime: Runtime,
    router: Router,
    folder: PathBuf,
    left: usize,
}

impl Served {
    /// Trains a model in a folder, which is emptied first, and serves it.
    pub fn new(folder: &Path) -> Self {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).expect("a folder");
        let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (table, model, data) = (file("customers.csv"), file("model.json"), file("new"));
        fs::write(&table, CUSTOMERS).expect("customers");
        let options = [
            "--target",
            "left",
            "--positive",
            "yes",
            "--test-fraction",
            "0",
        ];
        let train = ["churn", "train", &table, "--out", &model];
        run(&[&train[..], &options].concat());
        give_rule(Path::new(&model));
        run(&["churn", "deploy", &model, "--data-dir", &data]);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Self {
            router: serve(folder),
            runtime,
            folder: folder.to_owned(),
            left: ROUND,
        }
    }

    /// Sends a case and checks the answer. Tells whether it was taken.
    pub fn check(&mut self, case: &[u8]) -> bool {
        let Some((&letter, body)) = case.split_first() else {
            return false;
        };
        if self.left == 0 {
            self.router = serve(&self.folder);
            self.left = ROUND;
        }
        self.left -= 1;
        let route = ROUTES.iter().find(|route| route.0 == letter);
        let (_, path, kind) = route.unwrap_or(&ROUTES[usize::from(letter) % ROUTES.len()]);
        let (status, answer) = self.send("POST", path, kind, body);
        if status != StatusCode::OK {
            check_error(status, &answer);
            return false;
        }
        match *path {
            "/model" => self.check_prediction(&answer["response"], "prediction"),
            "/api/v1/predict" | "/api/v1/explain" => {
                let all = answer["predictions"].as_array().expect("predictions");
                all.iter().for_each(|one| self.check_prediction(one, ""));
            }
            "/api/v1/labels" | "/api/v1/labels/bulk" => {
                let counts = ["applied", "repeated", "corrected", "parked", "refused"];
                assert!(
                    counts.iter().all(|count| answer[count].is_u64()),
                    "{answer}"
                );
            }
            "/read-metrics" => assert!(answer["metrics"].is_array(), "{answer}"),
            _ => {}
        }
        // What was tracked can be read, whatever it was.
        if matches!(letter, b't' | b'd' | b'a' | b'g') {
            let (status, read) = self.send("POST", "/read-metrics", JSON, b"{}");
            assert_eq!(status, StatusCode::OK, "{read}");
        }
        true
    }

    /// A prediction is told later as it was given.
    fn check_prediction(&self, given: &Value, within: &str) {
        let inner = if within.is_empty() {
            given
        } else {
            &given[within]
        };
        let probability = inner["probability"].as_f64().expect("a probability");
        assert!((0.0..=1.0).contains(&probability), "{given}");
        let uuid = given["uuid"].as_str().expect("a uuid");
        let (status, told) = self.send("GET", &format!("/api/v1/predictions/{uuid}"), JSON, b"");
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(
            told["probability"], inner["probability"],
            "{given} is told as {told}"
        );
        assert_eq!(
            told["filled"].as_array().map_or(0, Vec::len),
            inner["filled"].as_array().map_or(0, Vec::len)
        );
        if !inner["data"].is_null() {
            assert_eq!(told["input"], inner["data"], "{given} is told as {told}");
        }
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", kind)
            .body(Body::from(body.to_vec()))
            .expect("a request");
        self.runtime.block_on(async {
            let Ok(response) = self.router.clone().oneshot(request).await;
            let status = response.status();
            let bytes = to_bytes(response.into_body(), usize::MAX).await;
            let bytes = bytes.expect("a whole answer");
            let answer = serde_json::from_slice(&bytes).expect("an answer in JSON");
            (status, answer)
        })
    }
}

/// Gives the model's last feature a rule that computes.
fn give_rule(model: &Path) {
    let text = fs::read_to_string(model).expect("a model");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    document["imputation"][3] = serde_json::from_str(RULE).expect("a rule");
    fs::write(model, document.to_string()).expect("a model");
}

fn run(arguments: &[&str]) {
    let cli = Cli::try_parse_from(arguments).expect("arguments");
    command::run(cli.command).expect("a command that succeeds");
}

/// Serves a copy of the folder's data as they were when the model was deployed.
fn serve(folder: &Path) -> Router {
    let data = folder.join("data");
    let _ = fs::remove_dir_all(&data);
    let data = Folder::open(&data).expect("a folder");
    fs::copy(folder.join("new/churn.db"), data.database()).expect("a copy");
    let telemetry = Arc::new(Telemetry::default());
    let place = Place::Folder(data);
    let taken = place.take().expect("a database");
    let store = Store::start(place, taken, &telemetry).expect("a store");
    let api = Arc::new(Api::new(store, true, Arc::clone(&telemetry)));
    let deployed = api.fleet.refresh(&api.store, &telemetry);
    assert_eq!(deployed.expect("deployments").len(), 1);
    let guard = Guard::new(Origins::default(), telemetry);
    router(None, Some(&api), Arc::new(guard))
}

/// A refusal says so in the API's one shape, and nothing is the server's fault.
fn check_error(status: StatusCode, answer: &Value) {
    let known = [400, 404, 409, 413, 415, 422];
    assert!(known.contains(&status.as_u16()), "{status}: {answer}");
    let error = &answer["error"];
    for field in ["code", "message", "request_id"] {
        let text = error[field].as_str();
        assert!(
            text.is_some_and(|text| !text.is_empty()),
            "{status}: {answer}"
        );
    }
}
