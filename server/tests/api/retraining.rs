//! Models looked after by rules, on the simulation, and who is told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use churn_core::artefact::hexadecimal;
use churn_core::retraining::{CheckOutcome, Retraining, RuleCheck};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::Failure;
use crate::client::Client;
use crate::monitoring::simulate;
use crate::program::Folder;
use crate::server::{Server, key, small};

const PATH: &str = "/api/v1/models/model/retraining";

const SECRET: &str = "a secret of both sides";

fn rules() -> Value {
    json!({"model": "model", "window": {"predictions": 1000, "labels": 200},
        "rule": [{"measure": "accuracy", "limit": 0.72}, {"measure": "auc", "limit": 0.75},
            {"measure": "drift", "limit": 0.2}],
        "retrain": {"predictions": 1000, "held_out": 0.3, "promote": true}})
}

fn put(client: &mut Client, rules: &Value) -> Result<crate::client::Answer, Failure> {
    let headers = "content-type: application/json\r\n";
    client.send(
        &format!("PUT {PATH}"),
        headers,
        rules.to_string().as_bytes(),
    )
}

fn look(folder: &Folder) -> Result<RuleCheck, Failure> {
    let run = ["retrain", "run", "model", "--json", "--data-dir", "data"];
    Ok(serde_json::from_str(&folder.run(&run)?.succeeded()?.out())?)
}

/// What is told; over a new connection each time, as one that is silent is ended.
fn told(client: &mut Client) -> Result<Retraining, Failure> {
    Ok(serde_json::from_value(client.get(PATH)?.json(200)?)?)
}

/// A request that somebody who is told got.
struct Got {
    notice: String,
    signature: String,
    body: String,
}

/// Takes what it is told, but for the first time.
fn listen() -> Result<(String, Receiver<Got>), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/hook", listener.local_addr()?);
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut status = "500 Internal Server Error";
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let (mut length, mut line) = (0, String::new());
            let (mut notice, mut signature) = (String::new(), String::new());
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some((name, value)) = line.trim_end().split_once(": ") {
                    match name.to_lowercase().as_str() {
                        "content-length" => length = value.parse().unwrap_or(0),
                        "x-churn-notice" => notice = value.into(),
                        "x-churn-signature" => signature = value.into(),
                        _ => {}
                    }
                }
                line.clear();
            }
            let mut body = vec![0; length];
            let _ = stream.read_exact(&mut body);
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.get_mut().write_all(answer.as_bytes());
            status = "204 No Content";
            let body = String::from_utf8_lossy(&body).into_owned();
            let _ = sender.send(Got {
                notice,
                signature,
                body,
            });
        }
    });
    Ok((address, receiver))
}

fn next(told: &Receiver<Got>) -> Result<Got, Failure> {
    Ok(told.recv_timeout(Duration::from_secs(30))?)
}

fn is_signed(got: &Got) -> Result<(), Failure> {
    let (seconds, signature) = got
        .signature
        .strip_prefix("t=")
        .and_then(|rest| rest.split_once(",v1="))
        .ok_or("no signature")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
    mac.update(format!("{seconds}.{}", got.body).as_bytes());
    assert_eq!(signature, hexadecimal(&mac.finalize().into_bytes()));
    Ok(())
}

#[test]
fn a_changed_concept_is_learned_and_the_accuracy_recovers() -> Result<(), Failure> {
    let folder = Folder::with_model("api-retraining-concept")?;
    let (address, hook) = listen()?;
    let serve = [
        "serve",
        "--addr",
        "127.0.0.1:0",
        "--data-dir",
        "data",
        "--open",
    ];
    let options = ["--model", "model.json", "--webhook", &address];
    let mut command = folder.command(&[&serve[..], &options].concat());
    let server = Server::spawn(command.env("CHURN_WEBHOOK_SECRET", SECRET))?;
    assert_eq!(put(&mut server.client()?, &rules())?.status, 204);

    simulate(&folder, &server, &["--calls", "600"])?;
    assert_eq!(look(&folder)?.outcome, CheckOutcome::Well);
    let falling = simulate(&folder, &server, &["--calls", "1500", "--drift", "concept"])?;
    assert!(falling[14] < 0.5, "{falling:?}");
    let check = look(&folder)?;
    let CheckOutcome::Promoted {
        version,
        comparison,
        ..
    } = &check.outcome
    else {
        return Err(format!("{check:?}").into());
    };
    assert_eq!((*version, check.version), (2, 1));
    assert!(comparison.auc_gain_low > 0.0, "{comparison:?}");
    assert_eq!((comparison.rows, comparison.trained_on), (300, 700));

    // What is told: again after an error, under the same name, signed each time.
    let (first, again) = (next(&hook)?, next(&hook)?);
    assert_eq!(first.notice, again.notice);
    assert_eq!(first.body, again.body);
    is_signed(&first)?;
    is_signed(&again)?;
    let message: Value = serde_json::from_str(&again.body)?;
    assert_eq!(message["uuid"], again.notice.as_str());
    assert_eq!(message["check"], serde_json::to_value(&check)?);

    // Where the new model came from.
    let lineage = [
        "lineage",
        "show",
        "model@2",
        "--direction",
        "upstream",
        "--data-dir",
        "data",
    ];
    let shown = folder.run(&lineage)?.succeeded()?.out();
    assert!(shown.contains("outcomes of model until "), "{shown}");

    // The new concept stays; whatever is still wrong is learned once more.
    let concept = [
        "--calls",
        "1000",
        "--drift",
        "concept",
        "--drift-until",
        "0",
    ];
    let mut accuracy = 0.0;
    for _ in 0..3 {
        let accuracies = simulate(&folder, &server, &concept)?;
        accuracy = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
        if look(&folder)?.outcome == CheckOutcome::Well {
            break;
        }
    }
    println!("from {:.2} to {accuracy:.2}", falling[14]);
    assert!(accuracy > 0.72, "{accuracy}");
    let told = told(&mut server.client()?)?;
    assert_eq!(told.checks[0].outcome, CheckOutcome::Well);
    assert_eq!(told.alerts, []);
    let promoted = told
        .checks
        .iter()
        .filter(|check| matches!(check.outcome, CheckOutcome::Promoted { .. }));
    let history = server
        .client()?
        .get("/api/v1/models/model/deployments")?
        .json(200)?;
    let deployments = history["deployments"].as_array().ok_or("none")?.len();
    assert_eq!(promoted.count() + 1, deployments);
    Ok(())
}

#[test]
fn noise_in_the_outcomes_is_refused_with_the_reason() -> Result<(), Failure> {
    let folder = Folder::with_model("api-retraining-noise")?;
    let server = Server::open(&folder)?;
    put(&mut server.client()?, &rules())?;
    simulate(&folder, &server, &["--drift", "labels"])?;
    let check = look(&folder)?;
    let CheckOutcome::Refused { reason, comparison } = &check.outcome else {
        return Err(format!("{check:?}").into());
    };
    assert!(
        reason.contains("as noise in the outcomes moves it"),
        "{reason}"
    );
    assert!(comparison.log_loss_change_high < 0.0, "{comparison:?}");
    assert!(comparison.auc_gain_low <= 0.0, "{comparison:?}");
    let open = told(&mut server.client()?)?.alerts;
    assert_eq!(open[0].since_ms, check.at_ms);

    // Not tried again on the same outcomes, and not told twice.
    let check = look(&folder)?;
    let CheckOutcome::NotTried { reason } = &check.outcome else {
        return Err(format!("{check:?}").into());
    };
    assert_eq!(
        reason,
        "0 outcomes came since a challenger was tried; 200 are needed"
    );
    let told = told(&mut server.client()?)?;
    assert_eq!(told.alerts, open);
    assert_eq!(told.checks.len(), 2);
    let builds = server
        .client()?
        .get("/api/v1/models/model/builds")?
        .json(200)?;
    assert_eq!(builds["builds"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn a_better_challenger_waits_where_that_is_asked_for() -> Result<(), Failure> {
    let folder = Folder::with_model("api-retraining-waits")?;
    let server = Server::open(&folder)?;
    let mut rules = rules();
    rules["retrain"]["promote"] = json!(false);
    put(&mut server.client()?, &rules)?;
    let concept = ["--drift", "concept", "--drift-until", "0"];
    simulate(&folder, &server, &concept)?;
    let check = look(&folder)?;
    assert!(
        matches!(check.outcome, CheckOutcome::Waiting { version: 2, .. }),
        "{check:?}"
    );
    let builds = server
        .client()?
        .get("/api/v1/models/model/builds")?
        .json(200)?;
    assert_eq!(builds["builds"][0]["aliases"], json!(["champion"]));
    assert_eq!(builds["builds"][1]["aliases"], json!(["challenger"]));
    // The rule stays broken until somebody does something about it.
    assert!(!told(&mut server.client()?)?.alerts.is_empty());
    Ok(())
}

#[test]
fn too_few_outcomes_are_no_alarm() -> Result<(), Failure> {
    let folder = Folder::with_model("api-retraining-few")?;
    let server = Server::open(&folder)?;
    put(&mut server.client()?, &rules())?;
    let concept = ["--calls", "150", "--drift", "concept", "--drift-until", "0"];
    simulate(&folder, &server, &concept)?;
    let check = look(&folder)?;
    assert_eq!((check.predictions, check.labels), (150, 150));
    assert_eq!(check.outcome, CheckOutcome::Well);
    assert_eq!(check.figures[0].value, None);
    assert!(check.figures[2].value.is_some());
    Ok(())
}

#[test]
fn rules_are_checked() -> Result<(), Failure> {
    let folder = small("api-retraining-rules")?;
    folder
        .run(&["deploy", "model.json", "--data-dir", "data"])?
        .succeeded()?;
    let set = ["retrain", "rules", "rules.toml", "--data-dir", "data"];
    for (text, expected) in [
        (
            "model = \"model\"\nwindow = {}\n",
            "rules.toml: line 2: not rules: missing field",
        ),
        (
            "model = \"model\"\nwindow = { predictions = 100, labels = 20 }\n\
             rule = [{ measure = \"auc\", limit = 0.7 }]\n",
            "rules.toml: window.labels: expected 50 or more, and no more than predictions, got 20",
        ),
        (
            "model = \"model\"\nwindow = { predictions = 100, labels = 50 }\n\
             rule = [{ measure = \"size\", limit = 0.7 }]\n",
            "rules.toml: line 3: not rules: unknown variant `size`",
        ),
    ] {
        folder.write("rules.toml", text)?;
        let told = folder.run(&set)?.refused()?;
        assert!(told.contains(expected), "{told}");
    }
    let run = ["retrain", "run", "model", "--data-dir", "data"];
    let refused = folder.run(&run)?.refused()?;
    assert!(refused.contains("model 'model' has no rules"), "{refused}");

    let reader = key(&folder, &["--role", "read"])?;
    let admin = key(&folder, &["--role", "admin"])?;
    let server = Server::start(&folder, &[])?;
    let mut reader = Client::new(&server.address, Some(&reader))?;
    let mut client = Client::new(&server.address, Some(&admin))?;
    assert_eq!(put(&mut reader, &rules())?.status, 403);
    let mut wrong = rules();
    wrong["rule"][0]["limit"] = json!(7);
    let refused = put(&mut client, &wrong)?;
    assert!(
        refused.text().contains("a limit from 0 to 1"),
        "{}",
        refused.text()
    );
    let named = ("request.field".to_owned(), "rule 1".to_owned());
    assert_eq!(refused.error(422)?, named);
    wrong["model"] = json!("other");
    assert_eq!(put(&mut client, &wrong)?.status, 422);
    let other = client.get("/api/v1/models/other/retraining")?;
    assert_eq!(other.error(404)?.0, "model.unknown");
    assert_eq!(put(&mut client, &rules())?.status, 204);
    assert!(told(&mut reader)?.rules.is_some());
    let forget = client.send(&format!("DELETE {PATH}"), "", b"")?;
    assert_eq!(forget.status, 204);
    assert_eq!(told(&mut reader)?.rules, None);

    // A webhook without a secret is none.
    let serve = [
        "serve",
        "--data-dir",
        "data",
        "--webhook",
        "http://127.0.0.1:1",
    ];
    let refused = folder.run(&serve)?.refused()?;
    assert!(
        refused.contains("a secret of at least 16 bytes in CHURN_WEBHOOK_SECRET"),
        "{refused}"
    );
    Ok(())
}
