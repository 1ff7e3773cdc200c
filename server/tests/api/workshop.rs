//! The workshop's metrics: tracked, delayed, aggregated, and read back.

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, small};

const ELSEWHERE: &str = "12f3a5b1-5c5e-4b9f-8f0a-0123456789ab";

/// Asks the model; the deployment's name and the prediction's.
fn ask(client: &mut Client) -> Result<(String, String), Failure> {
    let answer = client
        .post("/model", &json!({"request": {"spend": 3}}))?
        .json(200)?;
    let text = |name: &str| {
        answer["response"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    Ok((text("model_deployment_crn"), text("uuid")))
}

fn read(client: &mut Client, what: &Value) -> Result<Vec<Value>, Failure> {
    let answer = client.post("/read-metrics", what)?.json(200)?;
    Ok(answer["metrics"].as_array().cloned().ok_or("no metrics")?)
}

#[test]
fn metrics_come_back_in_the_workshops_shape() -> Result<(), Failure> {
    let folder = small("metrics")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let (crn, uuid) = ask(&mut client)?;
    let delayed = json!({"modelDeploymentCrn": crn, "predictionUuid": uuid,
        "metrics": {"final_label": false}});
    client.post("/track-delayed-metrics", &delayed)?.json(200)?;
    let aggregate = json!({"modelDeploymentCrn": crn, "startTimestampMs": 1_596_185_125_249_i64,
        "endTimestampMs": 1_596_185_150_848_i64, "metrics": {"accuracy": 0.79}});
    assert_eq!(
        client
            .post("/track-aggregate-metrics", &aggregate)?
            .json(200)?,
        json!({})
    );

    let records = read(&mut client, &json!({"modelDeploymentCrn": crn}))?;
    assert_eq!(records.len(), 2);
    let shape = [
        "endTimeStampMs",
        "metrics",
        "modelBuildCrn",
        "modelCrn",
        "modelDeploymentCrn",
        "predictionUuid",
        "startTimeStampMs",
    ];
    for record in &records {
        let keys: Vec<&String> = record
            .as_object()
            .into_iter()
            .flat_map(|o| o.keys())
            .collect();
        assert_eq!(keys, shape);
        assert_eq!(record["modelDeploymentCrn"], *crn);
        for name in ["modelDeploymentCrn", "modelBuildCrn", "modelCrn"] {
            let name = record[name].as_str().unwrap_or_default();
            assert!(
                name.starts_with("crn:cdp:ml:local:0:workspace:0/"),
                "{name}"
            );
        }
    }
    assert_eq!(records[0]["predictionUuid"], *uuid);
    let metrics = &records[0]["metrics"];
    assert_eq!(metrics["input_data"], json!({"plan": "free", "spend": 3.0}));
    assert_eq!(metrics["final_label"], false);
    assert!(
        metrics["probability"]
            .as_f64()
            .is_some_and(|p| p > 0.0 && p < 1.0)
    );
    assert_eq!(metrics["explanation"].as_object().map(|o| o.len()), Some(2));
    let (start, end) = (
        &records[0]["startTimeStampMs"],
        &records[0]["endTimeStampMs"],
    );
    assert!(start.as_i64() <= end.as_i64() && start.as_i64() > Some(1_700_000_000_000));

    assert_eq!(records[1]["predictionUuid"], "");
    assert_eq!(records[1]["metrics"], json!({"accuracy": 0.79}));
    assert_eq!(records[1]["startTimeStampMs"], 1_596_185_125_249_i64);
    assert_eq!(records[1]["endTimeStampMs"], 1_596_185_150_848_i64);
    Ok(())
}

#[test]
fn a_prediction_made_elsewhere_can_be_tracked() -> Result<(), Failure> {
    let folder = small("elsewhere")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let (crn, uuid) = ask(&mut client)?;
    let mut track = |uuid: &str, metrics: Value| {
        client.post(
            "/track-metrics",
            &json!({"modelDeploymentCrn": crn, "startTimestampMs": 1000, "endTimestampMs": 1500.0,
                "predictionUuid": uuid, "metrics": metrics}),
        )
    };
    assert_eq!(
        track(ELSEWHERE, json!({"probability": 0.43}))?.json(200)?,
        json!({})
    );
    track(
        ELSEWHERE,
        json!({"probability": 0.44, "input_data": {"a": [1]}}),
    )?
    .json(200)?;
    track(&uuid, json!({"segment": "b"}))?.json(200)?;
    let twice = r#"{"a": 1, "a": 2}"#;
    for wrong in [twice, r#"{"a\u0000": 1}"#] {
        let body = format!(r#"{{"modelDeploymentCrn": "", "metrics": {wrong}}}"#);
        let headers = "content-type: application/json\r\n";
        let refused = client.send("POST /track-metrics", headers, body.as_bytes())?;
        assert_eq!(refused.error(400)?.1, "metrics");
    }

    let records = read(&mut client, &json!({}))?;
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["predictionUuid"], ELSEWHERE);
    assert_eq!(records[0]["startTimeStampMs"], 1000);
    assert_eq!(records[0]["endTimeStampMs"], 1500);
    let metrics = json!({"probability": 0.44, "input_data": {"a": [1]}});
    assert_eq!(records[0]["metrics"], metrics);
    assert_eq!(records[1]["metrics"]["segment"], "b");
    assert!(records[1]["metrics"]["probability"].is_f64());
    Ok(())
}

#[test]
fn metrics_come_together_in_any_order() -> Result<(), Failure> {
    let folder = small("merge")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let (crn, _) = ask(&mut client)?;
    let parts = [
        ("/track-metrics", json!({"probability": 0.43})),
        ("/track-metrics", json!({"segment": {"a": [1]}})),
        ("/track-delayed-metrics", json!({"final_label": true})),
        ("/track-delayed-metrics", json!({"note": "x"})),
    ];
    let whole = json!({"probability": 0.43, "segment": {"a": [1]}, "final_label": true,
        "note": "x"});
    // Every order of the four, told by a number in mixed base.
    for order in 0..24 {
        let uuid = format!("{}{order:02}", &ELSEWHERE[..34]);
        let (mut left, mut rest) = (parts.to_vec(), order);
        while !left.is_empty() {
            let (path, metrics) = left.remove(rest % left.len());
            rest /= left.len() + 1;
            let mut call = json!({"modelDeploymentCrn": crn, "predictionUuid": uuid,
                "metrics": metrics});
            if path == "/track-metrics" {
                (call["startTimestampMs"], call["endTimestampMs"]) = (json!(order), json!(order));
            }
            client.post(path, &call)?.json(200)?;
        }
    }
    let records = read(&mut client, &json!({"endTimestampMs": 1000}))?;
    assert_eq!(records.len(), 24);
    for record in records {
        assert_eq!(record["metrics"], whole, "{record}");
    }
    Ok(())
}

#[test]
fn reading_keeps_to_what_is_asked() -> Result<(), Failure> {
    let folder = small("selection")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let (first, uuid) = ask(&mut client)?;
    let deploy = [
        "deploy",
        "model.json",
        "--name",
        "model",
        "--data-dir",
        "data",
    ];
    folder.run(&deploy)?.succeeded()?;
    crate::server::eventually(|| Ok(ask(&mut client)?.0 != first))?;
    let records = read(&mut client, &json!({}))?;
    let of_first = records
        .iter()
        .filter(|record| record["modelDeploymentCrn"] == *first);
    assert!(of_first.count() >= 1);
    for record in &records {
        // The same document is the same build, whenever it is deployed.
        assert_eq!(record["modelBuildCrn"], records[0]["modelBuildCrn"]);
    }
    let only = read(&mut client, &json!({"modelDeploymentCrn": first}))?;
    assert!(
        only.iter()
            .all(|record| record["modelDeploymentCrn"] == *first)
    );
    assert_eq!(only[0]["predictionUuid"], *uuid);
    let model = &records[0]["modelCrn"];
    assert_eq!(
        read(&mut client, &json!({"modelCrn": model}))?.len(),
        records.len()
    );
    let moment = &records[0]["startTimeStampMs"];
    let before = json!({"startTimestampMs": 0, "endTimestampMs": 1000});
    assert_eq!(read(&mut client, &before)?, Vec::<Value>::new());
    let at =
        json!({"startTimestampMs": moment, "endTimestampMs": moment, "modelDeploymentCrn": null});
    assert!(!read(&mut client, &at)?.is_empty());

    let unknown = client.post("/read-metrics", &json!({"modelCrn": "crn:none"}))?;
    assert_eq!(unknown.error(404)?.1, "modelCrn");
    let backwards = json!({"startTimestampMs": 9, "endTimestampMs": 8});
    let refused = client.post("/read-metrics", &backwards)?.error(422)?;
    assert_eq!(
        refused,
        ("request.contradiction".into(), "endTimestampMs".into())
    );
    // A prediction of one deployment is not another's.
    let (second, _) = ask(&mut client)?;
    let wrong = json!({"modelDeploymentCrn": second, "startTimestampMs": 1, "endTimestampMs": 2,
        "predictionUuid": uuid, "metrics": {}});
    assert_eq!(
        client.post("/track-metrics", &wrong)?.error(409)?.1,
        "modelDeploymentCrn"
    );
    Ok(())
}

#[test]
fn many_pages_make_one_answer() -> Result<(), Failure> {
    let folder = small("pages")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let customers: Vec<Value> = (0..1000).map(|x| json!({"spend": x})).collect();
    for _ in 0..3 {
        client
            .post("/api/v1/predict", &json!({"customers": customers}))?
            .json(200)?;
    }
    ask(&mut client)?;
    let records = read(&mut client, &json!({}))?;
    assert_eq!(records.len(), 3001);
    let mut uuids: Vec<&str> = records
        .iter()
        .filter_map(|record| record["predictionUuid"].as_str())
        .collect();
    uuids.sort_unstable();
    uuids.dedup();
    assert_eq!(uuids.len(), 3001);
    Ok(())
}
