//! Delayed ground truth: exactly once, corrected, early, unknown, in bulk.

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, small};

const UNKNOWN: &str = "01a20995-aeef-7c34-970b-2319f4fd51f8";

/// Scores customers; their uuids.
fn predict(client: &mut Client, count: usize) -> Result<Vec<String>, Failure> {
    let customers: Vec<Value> = (0..count).map(|x| json!({"spend": x})).collect();
    let answer = client
        .post("/api/v1/predict", &json!({"customers": customers}))?
        .json(200)?;
    let predictions = answer["predictions"].as_array().ok_or("no predictions")?;
    let uuid = |prediction: &Value| prediction["uuid"].as_str().unwrap_or_default().to_owned();
    Ok(predictions.iter().map(uuid).collect())
}

/// What became of labels: applied, repeated, corrected, parked.
fn counts(report: &Value) -> [u64; 4] {
    ["applied", "repeated", "corrected", "parked"].map(|name| report[name].as_u64().unwrap_or(999))
}

fn label(client: &mut Client, uuid: &str, label: Value) -> Result<[u64; 4], Failure> {
    let body = json!({"labels": [{"uuid": uuid, "label": label}]});
    Ok(counts(&client.post("/api/v1/labels", &body)?.json(200)?))
}

/// Values said of a prediction, in order.
fn history(client: &mut Client, uuid: &str) -> Result<Vec<Value>, Failure> {
    let prediction = client
        .get(&format!("/api/v1/predictions/{uuid}"))?
        .json(200)?;
    let labels = prediction["labels"].as_array().ok_or("no labels")?;
    Ok(labels.iter().map(|label| label["value"].clone()).collect())
}

#[test]
fn a_repeat_changes_nothing_and_a_correction_keeps_both() -> Result<(), Failure> {
    let folder = small("corrections")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuid = predict(&mut client, 1)?.remove(0);
    assert_eq!(label(&mut client, &uuid, json!("yes"))?, [1, 0, 0, 0]);
    assert_eq!(label(&mut client, &uuid, json!(true))?, [0, 1, 0, 0]);
    assert_eq!(history(&mut client, &uuid)?, [json!(true)]);
    assert_eq!(label(&mut client, &uuid, json!("no"))?, [0, 0, 1, 0]);
    assert_eq!(label(&mut client, &uuid, json!(false))?, [0, 1, 0, 0]);
    assert_eq!(history(&mut client, &uuid)?, [json!(true), json!(false)]);
    // The workshop's way is the same truth.
    let delayed = json!({"predictionUuid": uuid, "metrics": {"final_label": false, "note": "x"}});
    let report = client.post("/track-delayed-metrics", &delayed)?.json(200)?;
    assert_eq!(counts(&report), [1, 1, 0, 0]);
    let read = client.post("/read-metrics", &json!({}))?.json(200)?;
    let metrics = &read["metrics"][0]["metrics"];
    assert_eq!(
        (&metrics["final_label"], &metrics["note"]),
        (&json!(false), &json!("x"))
    );
    Ok(())
}

/// Who takes back a correction has corrected once more: the last word counts,
/// and every one is kept with its time.
#[test]
fn a_value_that_comes_back_is_a_correction() -> Result<(), Failure> {
    let folder = small("back")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuid = predict(&mut client, 1)?.remove(0);
    let mut moments = Vec::new();
    for (value, told) in [
        ("yes", [1, 0, 0, 0]),
        ("no", [0, 0, 1, 0]),
        ("yes", [0, 0, 1, 0]),
        ("yes", [0, 1, 0, 0]),
    ] {
        moments.push(now_ms()?);
        assert_eq!(label(&mut client, &uuid, json!(value))?, told, "{value}");
        moments.push(now_ms()?);
    }
    let prediction = client
        .get(&format!("/api/v1/predictions/{uuid}"))?
        .json(200)?;
    let labels = prediction["labels"].as_array().ok_or("no labels")?;
    let values: Vec<&Value> = labels.iter().map(|label| &label["value"]).collect();
    assert_eq!(values, [true, false, true]);
    for (label, span) in labels.iter().zip(moments.chunks(2)) {
        let came = label["recorded_ms"].as_i64().ok_or("no time")?;
        assert!(
            (span[0]..=span[1]).contains(&came),
            "{came} not in {span:?}"
        );
    }
    let read = client.post("/read-metrics", &json!({}))?.json(200)?;
    assert_eq!(read["metrics"][0]["metrics"]["final_label"], true);
    let all = client.get("/api/v1/labels")?.json(200)?;
    assert_eq!(all["labels"].as_array().map(Vec::len), Some(3));
    Ok(())
}

fn now_ms() -> Result<i64, Failure> {
    let since = std::time::UNIX_EPOCH.elapsed()?;
    Ok(i64::try_from(since.as_millis())?)
}

#[test]
fn a_label_may_come_before_its_prediction() -> Result<(), Failure> {
    let folder = small("early")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let body = json!({"labels": [{"uuid": UNKNOWN, "label": true}]});
    let report = client.post("/api/v1/labels", &body)?.json(200)?;
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    assert_eq!(report["unknown"], json!([UNKNOWN]));
    let waiting = client.get("/api/v1/labels?unknown=true")?.json(200)?;
    assert_eq!(waiting["labels"][0]["uuid"], UNKNOWN);
    assert_eq!(waiting["labels"][0]["known"], false);

    let known = predict(&mut client, 1)?.remove(0);
    let crn = client.get("/api/v1/models/model")?.json(200)?["model_deployment_crn"].clone();
    let track = json!({"modelDeploymentCrn": crn, "startTimestampMs": 1, "endTimestampMs": 2,
        "predictionUuid": UNKNOWN, "metrics": {"probability": 0.5}});
    client.post("/track-metrics", &track)?.json(200)?;
    assert_eq!(history(&mut client, UNKNOWN)?, [json!(true)]);
    assert_eq!(history(&mut client, &known)?, Vec::<Value>::new());
    let waiting = client.get("/api/v1/labels?unknown=true")?.json(200)?;
    assert_eq!(waiting["labels"], json!([]));
    let all = client.get("/api/v1/labels")?.json(200)?;
    assert_eq!(all["labels"][0]["known"], true);
    Ok(())
}

#[test]
fn one_wrong_label_stops_all_of_a_request() -> Result<(), Failure> {
    let folder = small("all-or-nothing")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuid = predict(&mut client, 1)?.remove(0);
    for wrong in [json!("maybe"), json!(1), json!(null), json!([true])] {
        let labels = json!([{"uuid": uuid, "label": true}, {"uuid": uuid, "label": wrong}]);
        let refused = client.post("/api/v1/labels", &json!({"labels": labels}))?;
        assert_eq!(refused.error(400)?.1, "labels[1].label");
    }
    assert_eq!(history(&mut client, &uuid)?, Vec::<Value>::new());
    Ok(())
}

#[test]
fn bulks_take_lines_of_json_and_csv() -> Result<(), Failure> {
    let folder = small("bulk")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuids = predict(&mut client, 1000)?;
    let json_line = |uuid: &String| format!("{{\"uuid\":\"{uuid}\",\"label\":\"yes\"}}\n");
    let csv_line = |uuid: &String| format!("{uuid},no\r\n");
    let mut send = |kind: &str, body: &str| -> Result<Value, Failure> {
        let headers = format!("content-type: {kind}\r\n");
        client
            .send("POST /api/v1/labels/bulk", &headers, body.as_bytes())?
            .json(200)
    };
    let lines: String = uuids.iter().map(json_line).collect();
    assert_eq!(
        counts(&send("application/x-ndjson", &lines)?),
        [1000, 0, 0, 0]
    );
    assert_eq!(
        counts(&send("application/x-ndjson", &lines)?),
        [0, 1000, 0, 0]
    );
    let table: String = uuids[..400].iter().map(csv_line).collect();
    let table = format!(
        "\u{feff}uuid,label\r\n{table}\"{UNKNOWN}\",\"true\"\r\nnonsense\r\n\r\n{UNKNOWN},7"
    );
    let report = send("text/csv; charset=utf-8", &table)?;
    assert_eq!(counts(&report), [1, 0, 400, 1]);
    assert_eq!(report["unknown"], json!([UNKNOWN]));
    assert_eq!(report["refused"], 2);
    assert_eq!(report["problems"][0]["line"], 403);
    assert_eq!(report["problems"][1]["line"], 405);
    let told = report["problems"][1]["message"]
        .as_str()
        .unwrap_or_default();
    assert_eq!(told, "label: expected true, false, 'yes' or 'no', got '7'");
    assert_eq!(
        history(&mut client, &uuids[0])?,
        [json!(true), json!(false)]
    );
    assert_eq!(history(&mut client, &uuids[400])?, [json!(true)]);

    let refused = client.send(
        "POST /api/v1/labels/bulk",
        "content-type: text/plain\r\n",
        b"x",
    )?;
    assert_eq!(refused.error(415)?.0, "body.type");
    let endless = "x".repeat(20_000);
    let refused = client.send(
        "POST /api/v1/labels/bulk",
        "content-type: text/csv\r\n",
        endless.as_bytes(),
    )?;
    assert_eq!(refused.error(400)?.1, "line 1");
    Ok(())
}

#[test]
fn labels_are_listed_page_by_page() -> Result<(), Failure> {
    let folder = small("label-pages")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuids = predict(&mut client, 25)?;
    let labels: Vec<Value> = uuids
        .iter()
        .map(|uuid| json!({"uuid": uuid, "label": false}))
        .collect();
    client
        .post("/api/v1/labels", &json!({"labels": labels}))?
        .json(200)?;
    let (mut seen, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = client
            .get(&format!("/api/v1/labels?limit=10&after={after}"))?
            .json(200)?;
        let uuid = |label: &Value| label["uuid"].as_str().unwrap_or_default().to_owned();
        seen.extend(page["labels"].as_array().into_iter().flatten().map(uuid));
        after = page["next"].clone();
    }
    assert_eq!(seen, uuids);
    Ok(())
}
