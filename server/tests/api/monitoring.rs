//! What the server tells of its predictions, and the simulation that makes it
//! tell something.

use churn_core::monitoring::{Monitoring, Recent};
use serde_json::{Value, json};

use crate::Failure;
use crate::client::Client;
use crate::program::{CUSTOMERS, Folder};
use crate::server::{Server, small};

/// Accuracies that the workshop's own record has, and the moments they are of.
const RECORD: [(i64, i64, f64); 9] = [
    (1_596_185_125_249, 1_596_185_150_848, 0.79),
    (1_596_185_150_997, 1_596_185_176_965, 0.67),
    (1_596_185_177_492, 1_596_185_203_158, 0.65),
    (1_596_185_203_313, 1_596_185_229_161, 0.58),
    (1_596_185_229_689, 1_596_185_255_446, 0.35),
    (1_596_185_255_669, 1_596_185_281_626, 0.43),
    (1_596_185_281_847, 1_596_185_307_689, 0.53),
    (1_596_185_307_838, 1_596_185_341_288, 0.35),
    (1_596_185_341_445, 1_596_185_367_940, 0.36),
];

fn monitoring(client: &mut Client, query: &str) -> Result<Monitoring, Failure> {
    let told = client
        .get(&format!("/api/v1/monitoring{query}"))?
        .json(200)?;
    Ok(serde_json::from_value(told)?)
}

/// Runs a simulation; the accuracies that it says.
pub fn simulate(folder: &Folder, server: &Server, options: &[&str]) -> Result<Vec<f64>, Failure> {
    let url = format!("http://{}", server.address);
    let common = ["simulate", "--url", &url, "--data", CUSTOMERS];
    let run = folder.run(&[&common, options].concat())?;
    let told = run.succeeded()?.err();
    let (_, accuracies) = told.split_once("accuracy of every 100: ").ok_or("none")?;
    let accuracies = accuracies.split_whitespace().map(str::parse);
    Ok(accuracies.collect::<Result<_, _>>()?)
}

/// The features that have drifted by any figure; the score has no name.
fn drifted(told: &Monitoring) -> Vec<Option<&str>> {
    let drifts = told.drift.iter();
    drifts
        .filter(|drift| drift.figures.iter().any(|figure| figure.is_drift()))
        .map(|drift| drift.feature.as_deref())
        .collect()
}

/// A server that starts anew knows the same.
fn is_known_anew(folder: &Folder, server: &mut Server, told: &Monitoring) -> Result<(), Failure> {
    server.kill()?;
    let server = Server::start(folder, &["--open"])?;
    let mut again = monitoring(&mut server.client()?, "")?;
    again.traffic.clone_from(&told.traffic);
    assert_eq!(&again, told);
    Ok(())
}

#[test]
fn a_simulation_without_drift_shows_none() -> Result<(), Failure> {
    let folder = Folder::with_model("api-simulation")?;
    let server = Server::open(&folder)?;
    let accuracies = simulate(&folder, &server, &["--calls", "1050"])?;
    assert_eq!(accuracies.len(), 11);
    let again = simulate(&folder, &server, &["--calls", "1050"])?;
    assert_eq!(again, accuracies);
    let other = simulate(&folder, &server, &["--calls", "1050", "--seed", "8"])?;
    assert_ne!(other, accuracies);

    let told = monitoring(&mut server.client()?, "")?;
    assert_eq!((told.total.predictions, told.total.labelled), (3150, 3150));
    let right: u64 = told.points.iter().map(|point| point.right).sum();
    assert_eq!(right, told.total.right);
    let realized = right as f64 / 3150.0;
    assert!((0.77..0.85).contains(&realized), "{realized}");
    assert_eq!(drifted(&told), []);
    let gap = told.gap.ok_or("no gap")?;
    assert_eq!(gap.realized, realized);
    assert!(!gap.is_concept_drift(), "{gap:?}");
    // What the simulation reported is what the server finds.
    let reported: Vec<f64> = told.reported.iter().map(|said| said.accuracy).collect();
    let rounded = |x: f64| (x * 100.0).round() / 100.0;
    let said: Vec<f64> = [accuracies, again, other].concat();
    assert_eq!(reported.into_iter().map(rounded).collect::<Vec<_>>(), said);
    Ok(())
}

#[test]
fn labels_that_get_lost_are_seen_by_nothing_but_the_gap() -> Result<(), Failure> {
    let folder = Folder::with_model("api-simulation-labels")?;
    let server = Server::open(&folder)?;
    let accuracies = simulate(&folder, &server, &["--drift", "labels"])?;
    assert!(
        accuracies[0] > 0.7 && accuracies[9] < 0.45,
        "{accuracies:?}"
    );
    let told = monitoring(&mut server.client()?, "")?;
    let (first, last) = (told.points[0], told.points[9]);
    assert!(told.points.len() == 10 && last.right < first.right / 3 * 2);
    for point in &told.points {
        assert!((point.estimated - 0.8).abs() < 0.05, "{point:?}");
    }
    let gap = told.gap.ok_or("no gap")?;
    println!("lost labels: {gap:?}");
    assert!(gap.is_concept_drift(), "{gap:?}");
    assert_eq!(drifted(&told), []);
    Ok(())
}

#[test]
fn unlike_customers_are_seen_by_drift_and_followed_by_the_estimate() -> Result<(), Failure> {
    let folder = Folder::with_model("api-simulation-inputs")?;
    let server = Server::open(&folder)?;
    let options = ["--drift", "inputs", "--calls", "3000"];
    let accuracies = simulate(&folder, &server, &options)?;
    let told = monitoring(&mut server.client()?, "")?;
    let drifted = drifted(&told);
    println!("{} drift, {:?}, {accuracies:?}", drifted.len(), told.gap);
    assert!(drifted.len() >= 5, "{drifted:?}");
    let gap = told.gap.ok_or("no gap")?;
    assert!(!gap.is_concept_drift(), "{gap:?}");
    Ok(())
}

#[test]
fn a_changed_concept_is_named() -> Result<(), Failure> {
    let folder = Folder::with_model("api-simulation-concept")?;
    let server = Server::open(&folder)?;
    let accuracies = simulate(&folder, &server, &["--drift", "concept"])?;
    assert!(accuracies[0] > accuracies[9] + 0.15, "{accuracies:?}");
    let told = monitoring(&mut server.client()?, "")?;
    let gap = told.gap.ok_or("no gap")?;
    println!("changed concept: {gap:?}");
    assert!(gap.is_concept_drift(), "{gap:?}");
    assert_eq!(drifted(&told), []);
    Ok(())
}

#[test]
fn the_workshops_own_record_draws_its_picture() -> Result<(), Failure> {
    let folder = small("record")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let ask = json!({"request": {"spend": 3}});
    let answer = client.post("/model", &ask)?.json(200)?;
    let crn = &answer["response"]["model_deployment_crn"];
    for (start, end, accuracy) in RECORD.iter().rev() {
        let aggregate = json!({"modelDeploymentCrn": crn, "startTimestampMs": start,
            "endTimestampMs": end, "metrics": {"accuracy": accuracy}});
        client
            .post("/track-aggregate-metrics", &aggregate)?
            .json(200)?;
    }
    let told = monitoring(&mut client, "?to_ms=1600000000000")?;
    let drawn: Vec<(i64, i64, f64)> = told
        .reported
        .iter()
        .map(|said| (said.start_ms, said.end_ms, said.accuracy))
        .collect();
    assert_eq!(drawn, RECORD);
    assert_eq!((told.total.predictions, told.points.len()), (0, 0));
    Ok(())
}

#[test]
fn outcomes_count_as_they_hold_whatever_their_order() -> Result<(), Failure> {
    let folder = small("outcomes")?;
    let mut server = Server::open(&folder)?;
    let mut client = server.client()?;
    let customers: Vec<Value> = (0..6).map(|x| json!({"spend": 2 * x})).collect();
    let answer = client
        .post("/api/v1/predict", &json!({"customers": customers}))?
        .json(200)?;
    let uuid = |at: usize| answer["predictions"][at]["uuid"].clone();
    let decided = |at: usize| answer["predictions"][at]["decision"] == "yes";
    let mut say = |at: usize, value: Value| -> Result<Value, Failure> {
        let label = json!({"predictionUuid": uuid(at), "metrics": {"final_label": value}});
        client.post("/track-delayed-metrics", &label)?.json(200)
    };
    say(0, json!(decided(0)))?;
    say(1, json!(!decided(1)))?;
    // Corrected; said as a class; taken back by what is no outcome.
    say(2, json!(!decided(2)))?;
    say(2, json!(decided(2)))?;
    say(3, json!(if decided(3) { "yes" } else { "no" }))?;
    say(4, json!(true))?;
    say(4, json!("who knows"))?;
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.labelled, told.total.right), (4, 3));
    assert_eq!(told.total.predictions, 6);
    let bins = told.calibration.iter();
    assert_eq!(bins.map(|bin| bin.rows).sum::<u64>(), 4);
    let mut say = |at: usize, value: Value| -> Result<Value, Failure> {
        let label = json!({"predictionUuid": uuid(at), "metrics": {"final_label": value}});
        client.post("/track-delayed-metrics", &label)?.json(200)
    };
    say(4, json!(decided(4)))?;
    say(0, json!(!decided(0)))?;
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.labelled, told.total.right), (5, 3));

    is_known_anew(&folder, &mut server, &told)
}

#[test]
fn an_outcome_that_came_first_counts_when_its_prediction_is_known() -> Result<(), Failure> {
    let folder = small("outcome-first")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let ask = json!({"request": {"spend": 3}});
    let answer = client.post("/model", &ask)?.json(200)?;
    let response = &answer["response"];
    let elsewhere = "12f3a5b1-5c5e-4b9f-8f0a-0123456789ab";
    let label = json!({"predictionUuid": elsewhere, "metrics": {"final_label": true}});
    client.post("/track-delayed-metrics", &label)?.json(200)?;
    let own = json!({"predictionUuid": response["uuid"], "metrics": {"final_label": true}});
    client.post("/track-delayed-metrics", &own)?.json(200)?;
    assert_eq!(monitoring(&mut client, "")?.total.labelled, 1);
    let tracked = json!({"modelDeploymentCrn": response["model_deployment_crn"],
        "startTimestampMs": 1000, "endTimestampMs": 1500,
        "predictionUuid": elsewhere, "metrics": {"probability": 0.4}});
    client.post("/track-metrics", &tracked)?.json(200)?;
    // Of an answer given elsewhere only the time is known.
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.predictions, told.total.scored), (2, 1));
    assert_eq!((told.total.start_ms, told.total.labelled), (1000, 1));
    let old = monitoring(&mut client, "?to_ms=2000")?;
    assert!((500_000 - old.total.p50_us as i64).abs() < 16_000);
    Ok(())
}

#[test]
fn an_answer_is_sent_again_only_when_it_has_changed() -> Result<(), Failure> {
    let folder = small("unchanged")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let path = "GET /api/v1/monitoring?to_ms=253402300799999";
    let first = client.send(path, "", b"")?;
    let tag = first.header("etag").ok_or("no tag")?.to_owned();
    let seen = format!("if-none-match: {tag}\r\n");
    let second = client.send(path, &seen, b"")?;
    assert_eq!((second.status, second.body.len()), (304, 0));
    client
        .post("/model", &json!({"request": {"spend": 3}}))?
        .json(200)?;
    let third = client.send(path, &seen, b"")?;
    assert_eq!(third.status, 200);
    assert_ne!(third.header("etag"), Some(tag.as_str()));
    Ok(())
}

#[test]
fn every_deployment_is_told_apart() -> Result<(), Failure> {
    let folder = small("two-deployments")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let ask = json!({"request": {"spend": 3}});
    client.post("/model", &ask)?.json(200)?;
    let first = monitoring(&mut client, "")?;
    let deploy = ["deploy", "model.json", "--data-dir", "data"];
    folder.run(&deploy)?.succeeded()?;
    crate::server::eventually(|| Ok(monitoring(&mut client, "")?.deployments.len() == 2))?;
    let second = monitoring(&mut client, "")?;
    assert_eq!(second.total.predictions, 0);
    let told: Vec<bool> = second.deployments.iter().map(|one| one.live).collect();
    assert_eq!(told, [true, false]);
    assert_eq!(second.deployments[1].uuid, first.deployment);
    client.post("/model", &ask)?.json(200)?;
    client.post("/model", &ask)?.json(200)?;
    assert_eq!(monitoring(&mut client, "")?.total.predictions, 2);
    let old = format!("?deployment={}", first.deployment);
    assert_eq!(monitoring(&mut client, &old)?.total.predictions, 1);

    let wrong = "/api/v1/monitoring?deployment=01a20995-aeef-7c34-970b-2319f4fd51f8";
    assert_eq!(client.get(wrong)?.error(404)?.1, "deployment");
    let wrong = "/api/v1/monitoring?limit=0";
    assert_eq!(client.get(wrong)?.error(400)?.1, "limit");
    Ok(())
}

#[test]
fn the_newest_predictions_come_with_reasons_and_outcomes() -> Result<(), Failure> {
    let folder = small("recent")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let mut uuids = Vec::new();
    for spend in 0..5 {
        let ask = json!({"request": {"plan": "paid", "spend": spend}});
        let answer = client.post("/model", &ask)?.json(200)?;
        let uuid = answer["response"]["uuid"].as_str().unwrap_or_default();
        uuids.insert(0, uuid.to_owned());
    }
    let label = json!({"labels": [{"uuid": uuids[1], "label": "yes"}]});
    client.post("/api/v1/labels", &label)?.json(200)?;
    let told = client
        .get("/api/v1/monitoring/predictions?limit=3")?
        .json(200)?;
    let told: Recent = serde_json::from_value(told)?;
    let listed: Vec<&str> = told
        .predictions
        .iter()
        .map(|one| one.uuid.as_str())
        .collect();
    assert_eq!(listed, uuids[..3]);
    let left: Vec<Option<bool>> = told.predictions.iter().map(|one| one.left).collect();
    assert_eq!(left, [None, Some(true), None]);
    let reasons = &told.predictions[0].reasons;
    assert_eq!(reasons.len(), 2);
    assert!(reasons[0].weight.abs() >= reasons[1].weight.abs());
    let spend = reasons.iter().find(|reason| reason.feature == "spend");
    assert_eq!(spend.map(|reason| reason.value.as_str()), Some("4"));
    Ok(())
}

#[test]
fn requests_and_errors_are_counted() -> Result<(), Failure> {
    let folder = small("traffic")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let ask = json!({"request": {"spend": 3}});
    for _ in 0..4 {
        client.post("/model", &ask)?.json(200)?;
    }
    client
        .post("/model", &json!({"request": {"spend": "x"}}))?
        .error(400)?;
    crate::server::eventually(|| {
        let traffic = monitoring(&mut client, "")?.traffic;
        let requests: u64 = traffic.iter().map(|stretch| stretch.requests).sum();
        let refused: u64 = traffic.iter().map(|stretch| stretch.refused).sum();
        let failed: u64 = traffic.iter().map(|stretch| stretch.failed).sum();
        Ok((requests, refused, failed) == (5, 1, 0))
    })
}

#[test]
fn watching_goes_on_after_the_newest_is_erased() -> Result<(), Failure> {
    let folder = small("watched-erasure")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let ask = json!({"request": {"spend": 3}});
    let mut last = Value::Null;
    for _ in 0..3 {
        last = client.post("/model", &ask)?.json(200)?["response"]["uuid"].clone();
        let labels = json!({"labels": [{"uuid": last, "label": true}]});
        client.post("/api/v1/labels", &labels)?.json(200)?;
    }
    assert_eq!(monitoring(&mut client, "")?.total.labelled, 3);
    let uuid = last.as_str().ok_or("no uuid")?;
    let erase = format!("DELETE /api/v1/predictions/{uuid}");
    client.send(&erase, "", b"")?.json(200)?;
    let told = monitoring(&mut client, "")?;
    assert_eq!(told.behind, 0);
    client.post("/model", &ask)?.json(200)?;
    // Nothing is counted twice, and what is erased no longer.
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.predictions, told.behind), (3, 0));
    assert_eq!(told.total.labelled, 2);
    Ok(())
}

#[test]
fn what_is_erased_is_in_no_sum() -> Result<(), Failure> {
    let folder = small("watched-forgotten")?;
    let mut server = Server::open(&folder)?;
    let mut client = server.client()?;
    let customers: Vec<Value> = (0..300).map(|x| json!({"spend": x % 10})).collect();
    let answer = client
        .post("/api/v1/predict", &json!({"customers": customers}))?
        .json(200)?;
    let uuids = answer["predictions"].as_array().ok_or("no predictions")?;
    let uuids: Vec<&str> = uuids
        .iter()
        .filter_map(|one| one["uuid"].as_str())
        .collect();
    let labels: Vec<Value> = uuids
        .iter()
        .map(|uuid| json!({"uuid": uuid, "label": true}))
        .collect();
    let labels = json!({"labels": labels});
    client.post("/api/v1/labels", &labels)?.json(200)?;
    assert_eq!(monitoring(&mut client, "")?.total.labelled, 300);
    // By another program, while the server runs.
    folder.write("uuids.txt", uuids[100..].join("\n"))?;
    let erase = ["erase", "--uuids", "uuids.txt", "--data-dir", "data"];
    folder.run(&erase)?.succeeded()?;
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.predictions, told.total.labelled), (100, 100));
    assert_eq!(
        told.calibration.iter().map(|bin| bin.rows).sum::<u64>(),
        100
    );

    // What is too old: answers that were given elsewhere, long ago.
    let crn = client.get("/api/v1/models/model")?.json(200)?["model_deployment_crn"].clone();
    for (at, start_ms) in [1_000_000, 2_000_000, 3_000_000].into_iter().enumerate() {
        let uuid = format!("01a20995-aeef-7c34-970b-{at:012}");
        let track = json!({"modelDeploymentCrn": crn, "startTimestampMs": start_ms,
            "endTimestampMs": start_ms, "predictionUuid": uuid, "metrics": {"at": at}});
        client.post("/track-metrics", &track)?.json(200)?;
    }
    let told = monitoring(&mut client, "")?;
    assert_eq!(
        (told.total.predictions, told.total.start_ms),
        (103, 1_000_000)
    );
    let prune = ["prune", "--older-than-days", "30", "--data-dir", "data"];
    folder.run(&prune)?.succeeded()?;
    let told = monitoring(&mut client, "")?;
    assert_eq!((told.total.predictions, told.total.labelled), (100, 100));

    is_known_anew(&folder, &mut server, &told)
}

#[test]
fn outcomes_are_told_as_late_as_is_asked() -> Result<(), Failure> {
    let folder = Folder::with_model("api-simulation-late")?;
    let server = Server::open(&folder)?;
    let timed = ["--calls", "120", "--pause", "1", "--delay", "1"];
    let accuracies = simulate(&folder, &server, &timed)?;
    // The times change nothing of what is drawn.
    for options in [&["--calls", "120"][..], &["--calls", "120", "--delay", "0"]] {
        assert_eq!(simulate(&folder, &server, options)?, accuracies);
    }
    let mut client = server.client()?;
    let mut moments = |path: &str, list: &str, name: &str| -> Result<Vec<i64>, Failure> {
        let page = client.get(path)?.json(200)?;
        let all = page[list].as_array().ok_or("no list")?;
        Ok(all.iter().filter_map(|one| one[name].as_i64()).collect())
    };
    let asked = moments("/api/v1/predictions?limit=120", "predictions", "start_ms")?;
    let told = moments("/api/v1/labels?limit=120", "labels", "recorded_ms")?;
    assert_eq!((asked.len(), told.len()), (120, 120));
    for (asked, told) in asked.iter().zip(&told) {
        assert!(told - asked >= 1000, "{asked}, {told}");
    }
    Ok(())
}
