//! What is to be forgotten: by name, by age, and without a trace.

use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, eventually, has_bytes, small};

const EARLY: &str = "01a20995-aeef-7c34-970b-2319f4fd51f8";

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

/// Tracks something of a prediction that was made at that time.
fn track(client: &mut Client, uuid: &str, start_ms: i64, metrics: &Value) -> Result<(), Failure> {
    let crn = client.get("/api/v1/models/model")?.json(200)?["model_deployment_crn"].clone();
    let track = json!({"modelDeploymentCrn": crn, "startTimestampMs": start_ms,
        "endTimestampMs": start_ms, "predictionUuid": uuid, "metrics": metrics});
    client.post("/track-metrics", &track)?.json(200)?;
    Ok(())
}

fn label(client: &mut Client, uuid: &str, metrics: &Value) -> Result<(), Failure> {
    let delayed = json!({"predictionUuid": uuid, "metrics": metrics});
    client.post("/track-delayed-metrics", &delayed)?.json(200)?;
    Ok(())
}

/// Names of all predictions.
fn names(client: &mut Client) -> Result<Vec<String>, Failure> {
    let page = client.get("/api/v1/predictions?limit=1000")?.json(200)?;
    let all = page["predictions"].as_array().ok_or("no predictions")?;
    let uuid = |told: &Value| told["uuid"].as_str().unwrap_or_default().to_owned();
    Ok(all.iter().map(uuid).collect())
}

#[test]
fn a_prediction_is_erased_with_all_that_was_said_of_it() -> Result<(), Failure> {
    let folder = small("erase")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuids = predict(&mut client, 5)?;
    track(
        &mut client,
        &uuids[2],
        1,
        &json!({"note": "tracked-marker-77"}),
    )?;
    label(
        &mut client,
        &uuids[2],
        &json!({"final_label": true, "why": "label-marker-78"}),
    )?;
    label(&mut client, &uuids[2], &json!({"final_label": false}))?;
    label(&mut client, &uuids[3], &json!({"final_label": true}))?;
    let bytes: uuid::Uuid = uuids[2].parse()?;
    assert!(has_bytes(&folder, b"tracked-marker-77")?);
    assert!(has_bytes(&folder, b"label-marker-78")?);
    assert!(has_bytes(&folder, bytes.as_bytes())?);

    let path = format!("DELETE /api/v1/predictions/{}", uuids[2]);
    let erased = client.send(&path, "", b"")?.json(200)?;
    assert_eq!(erased, json!({"predictions": 1, "labels": 3, "metrics": 1}));
    assert_eq!(
        client.send(&path, "", b"")?.error(404)?.0,
        "prediction.unknown"
    );
    let one = format!("/api/v1/predictions/{}", uuids[2]);
    assert_eq!(client.get(&one)?.error(404)?.0, "prediction.unknown");
    let left = names(&mut client)?;
    assert_eq!(
        left,
        [&uuids[0], &uuids[1], &uuids[3], &uuids[4]].map(String::clone)
    );
    let labels = client.get("/api/v1/labels")?.json(200)?;
    assert_eq!(labels["labels"].as_array().map(Vec::len), Some(1));
    // Not even in what the database has set free.
    eventually(|| Ok(!has_bytes(&folder, b"tracked-marker-77")?))?;
    assert!(!has_bytes(&folder, b"label-marker-78")?);
    assert!(!has_bytes(&folder, bytes.as_bytes())?);
    Ok(())
}

#[test]
fn only_an_admin_erases() -> Result<(), Failure> {
    let folder = small("erase-role")?;
    let server = Server::start(&folder, &["--model", "model.json"])?;
    let uuid = predict(&mut server.client()?, 1)?.remove(0);
    let others = ["predict", "record", "read"];
    let roles = others.iter().flat_map(|role| ["--role", role]);
    let create = ["key", "create", "--data-dir", "data", "--name", "test"];
    let create: Vec<&str> = create.into_iter().chain(roles).collect();
    let key = folder.run(&create)?.succeeded()?.out();
    let mut client = Client::new(&server.address, Some(key.trim_end()))?;
    let path = format!("DELETE /api/v1/predictions/{uuid}");
    assert_eq!(client.send(&path, "", b"")?.error(403)?.0, "key.role");
    assert_eq!(server.client()?.send(&path, "", b"")?.status, 200);
    Ok(())
}

#[test]
fn numbers_of_labels_are_not_given_twice() -> Result<(), Failure> {
    let folder = small("erase-numbers")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuids = predict(&mut client, 2)?;
    label(&mut client, &uuids[0], &json!({"final_label": true}))?;
    // Who has read all so far goes on from here.
    let page = client.get("/api/v1/labels?limit=1")?.json(200)?;
    let after = page["next"].as_i64().ok_or("no number")?;
    client
        .send(&format!("DELETE /api/v1/predictions/{}", uuids[0]), "", b"")?
        .json(200)?;
    label(&mut client, &uuids[1], &json!({"final_label": true}))?;
    let page = client
        .get(&format!("/api/v1/labels?after={after}"))?
        .json(200)?;
    assert_eq!(page["labels"][0]["uuid"], *uuids[1]);
    Ok(())
}

#[test]
fn predictions_are_erased_by_hand() -> Result<(), Failure> {
    let folder = small("erase-hand")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let uuids = predict(&mut client, 450)?;
    label(&mut client, &uuids[0], &json!({"final_label": true}))?;
    // While the server runs; names from the line and from a file.
    folder.write("uuids.txt", uuids[1..440].join("\n"))?;
    let data = ["--data-dir", "data"];
    let erase = ["erase", "--uuid", &uuids[0], "--uuids", "uuids.txt"];
    let told = folder
        .run(&[&erase[..], &data].concat())?
        .succeeded()?
        .err();
    assert_eq!(told, "erased 440 predictions, 1 label and metrics of 0\n");
    assert_eq!(names(&mut client)?, uuids[440..]);

    folder.write("wrong.txt", "no uuid")?;
    let refuse = |arguments: &[&str], told: &str| -> Result<(), Failure> {
        let refused = folder.run(&[arguments, &data].concat())?.refused()?;
        assert!(refused.contains(told), "{refused}");
        Ok(())
    };
    refuse(
        &["erase", "--uuids", "wrong.txt"],
        "wrong.txt: expected a uuid a line, got 'no uuid'",
    )?;
    refuse(
        &["erase", "--uuid", "x"],
        "invalid value 'x' for '--uuid <UUID>'",
    )?;
    refuse(&["erase"], "--uuid <UUID>")
}

#[test]
fn what_is_too_old_is_erased() -> Result<(), Failure> {
    let folder = small("prune")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let kept = predict(&mut client, 3)?;
    let day = 86_400_000;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_millis())?;
    let old: Vec<String> = (0..450)
        .map(|at| format!("01a20995-aeef-7c34-970b-{at:012}"))
        .collect();
    for (at, uuid) in old.iter().enumerate() {
        let age = if at % 2 == 0 { 11 } else { 31 };
        track(&mut client, uuid, now - age * day, &json!({"at": at}))?;
    }
    label(&mut client, &old[1], &json!({"final_label": true}))?;
    label(&mut client, EARLY, &json!({"final_label": true}))?;
    let prune = |days: &str| -> Result<String, Failure> {
        let prune = ["prune", "--older-than-days", days, "--data-dir", "data"];
        Ok(folder.run(&prune)?.succeeded()?.err())
    };
    assert_eq!(
        prune("30")?,
        "erased 225 predictions, 1 label and metrics of 225\n"
    );
    assert_eq!(
        prune("30")?,
        "erased 0 predictions, 0 labels and metrics of 0\n"
    );
    assert_eq!(names(&mut client)?.len(), 228);
    // A label still waits for its prediction: it is new.
    assert_eq!(
        client.get("/api/v1/labels")?.json(200)?["labels"][0]["uuid"],
        EARLY
    );
    drop(server);

    // The server does it by itself, too.
    let server = Server::start(&folder, &["--open", "--retention-days", "10"])?;
    let mut client = server.client()?;
    eventually(|| Ok(names(&mut client)?.len() == 3))?;
    assert_eq!(names(&mut client)?, kept);
    assert_eq!(
        client.get("/api/v1/labels")?.json(200)?["labels"][0]["uuid"],
        EARLY
    );
    eventually(|| Ok(server.log().contains("by age: erased 225 predictions")))
}

#[test]
fn a_label_that_waited_too_long_is_erased() -> Result<(), Failure> {
    let folder = small("prune-labels")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let known = predict(&mut client, 1)?.remove(0);
    label(&mut client, EARLY, &json!({"final_label": true}))?;
    label(&mut client, &known, &json!({"final_label": true}))?;
    drop(server);
    // Two days pass; labels never change, so they come anew.
    let mut database = crate::server::database(&folder)?;
    let two_days_ago = "INSERT INTO labels (uuid, key, value, recorded_ms) \
         SELECT uuid, key, value, recorded_ms - 172800000 FROM labels";
    database.execute(two_days_ago, &[])?;
    database.execute("DELETE FROM labels WHERE id <= 2", &[])?;
    drop(database);
    let prune = ["prune", "--older-than-days", "1", "--data-dir", "data"];
    let told = folder.run(&prune)?.succeeded()?.err();
    assert_eq!(told, "erased 0 predictions, 1 label and metrics of 0\n");
    let server = Server::start(&folder, &["--open"])?;
    let labels = server.client()?.get("/api/v1/labels")?.json(200)?;
    assert_eq!(labels["labels"].as_array().map(Vec::len), Some(1));
    assert_eq!(labels["labels"][0]["uuid"], *known);
    Ok(())
}

#[test]
fn aggregates_are_erased_by_their_end() -> Result<(), Failure> {
    let folder = small("prune-aggregates")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let day = 86_400_000;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_millis())?;
    // More than are erased at a time; some began long ago and have just ended.
    for at in 0..450 {
        let (start, end) = match at % 3 {
            0 => (now - 40 * day, now - 31 * day),
            1 => (now - 40 * day, now - 11 * day),
            _ => (now - 40 * day, now - day),
        };
        let aggregate = json!({"start_ms": start, "end_ms": end, "metrics": {"at": at}});
        client.post("/api/v1/aggregates", &aggregate)?.json(200)?;
    }
    let uuids = predict(&mut client, 1)?;
    let ends = |client: &mut Client| -> Result<Vec<i64>, Failure> {
        let page = client.get("/api/v1/aggregates?limit=1000")?.json(200)?;
        let all = page["aggregates"].as_array().ok_or("no aggregates")?;
        let mut ends: Vec<i64> = all
            .iter()
            .filter_map(|one| one["end_ms"].as_i64())
            .collect();
        ends.sort_unstable();
        Ok(ends)
    };
    let prune = ["prune", "--older-than-days", "30", "--data-dir", "data"];
    let told = folder.run(&prune)?.succeeded()?.err();
    assert_eq!(
        told,
        "erased 0 predictions, 0 labels and metrics of 0, and 150 aggregates\n"
    );
    let left = ends(&mut client)?;
    assert_eq!((left.len(), left[0]), (300, now - 11 * day));
    drop(server);

    let server = Server::start(&folder, &["--open", "--retention-days", "10"])?;
    let mut client = server.client()?;
    eventually(|| Ok(ends(&mut client)?.len() == 150))?;
    assert_eq!(ends(&mut client)?, vec![now - day; 150]);
    assert_eq!(names(&mut client)?, uuids);
    eventually(|| Ok(server.log().contains("and 150 aggregates")))
}
