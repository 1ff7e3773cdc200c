//! The project's own API below `/api/v1`.

use serde_json::{Value, json};

use crate::Failure;
use crate::program::CUSTOMERS;
use crate::program::Folder;
use crate::server::{Server, small};

#[test]
fn many_customers_are_scored_and_explained_as_the_command_line_does() -> Result<(), Failure> {
    let folder = Folder::with_model("api-many")?;
    let arguments = [
        "score",
        "--model",
        "model.json",
        CUSTOMERS,
        "--out",
        "scores.csv",
    ];
    folder.run(&arguments)?.succeeded()?;
    let scores = folder.read("scores.csv")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;

    let table = std::fs::read_to_string(CUSTOMERS)?;
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().ok_or("no header")?.split(',').collect();
    // The 11 customers without a TotalCharges are among them: filled in by the
    // model's rule, as in the file.
    let customer = |line: &str| -> Value {
        let fields = header.iter().zip(line.split(','));
        let known = fields.filter(|(name, cell)| {
            !["customerID", "Churn"].contains(name) && !cell.trim().is_empty()
        });
        known
            .map(|(name, cell)| ((*name).to_owned(), json!(cell)))
            .collect()
    };
    let customers: Vec<Value> = lines.take(1000).map(customer).collect();
    let is_short = |customer: &&Value| customer.get("TotalCharges").is_none();
    let short = customers.iter().filter(is_short).count();
    let call = json!({"model": "model", "customers": customers});
    let answer = client.post("/api/v1/predict", &call)?.json(200)?;
    assert_eq!(answer["model"], "model");
    let explained = client.post("/api/v1/explain", &call)?.json(200)?;
    for (at, line) in scores.lines().skip(1).take(1000).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        for answer in [&answer, &explained] {
            let prediction = &answer["predictions"][at];
            assert_eq!(
                prediction["probability"].as_f64(),
                Some(cells[1].parse()?),
                "row {at}"
            );
            assert_eq!(prediction["decision"], cells[2]);
        }
        assert_eq!(answer["predictions"][at].get("explanation"), None);
        let explanation = &explained["predictions"][at]["explanation"];
        assert_eq!(explanation["method"], "exact");
        assert_eq!(explanation["weights"].as_array().map(Vec::len), Some(19));
    }
    let filled = answer["predictions"].as_array().into_iter().flatten();
    let filled = filled.filter(|prediction| prediction["filled"] == json!(["TotalCharges"]));
    assert!(short > 0 && filled.count() == short);
    Ok(())
}

#[test]
fn what_need_not_be_recorded_is_not() -> Result<(), Failure> {
    let folder = small("unrecorded")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let call = json!({"customers": [{"spend": 3}]});
    let answer = client
        .post("/api/v1/predict?record=false", &call)?
        .json(200)?;
    assert_eq!(answer["predictions"][0].get("uuid"), None);
    let listed = client.get("/api/v1/predictions")?.json(200)?;
    assert_eq!(listed["predictions"], json!([]));
    Ok(())
}

#[test]
fn what_may_be_lost_is_sent_early_and_says_so() -> Result<(), Failure> {
    let folder = small("relaxed")?;
    let mut server = Server::open(&folder)?;
    let mut client = server.client()?;
    let call = json!({"customers": [{"spend": 3}, {"spend": 4}]});
    let mut uuids = Vec::new();
    for path in ["/api/v1/predict", "/api/v1/explain"] {
        let relaxed = format!("{path}?durability=relaxed");
        let answer = client.post(&relaxed, &call)?.json(200)?;
        assert_eq!(answer["durability"], "relaxed");
        let told = answer["predictions"].as_array().into_iter().flatten();
        uuids.extend(told.filter_map(|one| one["uuid"].as_str().map(str::to_owned)));
        for full in [
            path.to_owned(),
            format!("{path}?durability=full&record=true"),
        ] {
            let answer = client.post(&full, &call)?.json(200)?;
            assert_eq!(answer.get("durability"), None, "{full}");
        }
        let neither = format!("{path}?record=false&durability=relaxed");
        assert_eq!(client.post(&neither, &call)?.error(422)?.1, "durability");
        let unknown = format!("{path}?durability=none");
        assert_eq!(client.post(&unknown, &call)?.error(400)?.1, "query");
    }
    assert_eq!(uuids.len(), 4);
    // An end that is asked for loses none.
    server.terminate()?;
    assert!(server.wait()?.success());
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    for uuid in uuids {
        client
            .get(&format!("/api/v1/predictions/{uuid}"))?
            .json(200)?;
    }
    Ok(())
}

#[test]
fn wrong_requests_are_named() -> Result<(), Failure> {
    let folder = small("wrong-requests")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let mut refused = |path: &str, body: Value, status: u16| -> Result<String, Failure> {
        Ok(client.post(path, &body)?.error(status)?.1)
    };
    let predict = "/api/v1/predict";
    assert_eq!(
        refused(predict, json!({"customers": []}), 400)?,
        "customers"
    );
    let many = vec![json!({}); 1001];
    assert_eq!(
        refused(predict, json!({ "customers": many }), 400)?,
        "customers"
    );
    let second = json!({"customers": [{}, {"plan": "gold"}]});
    assert_eq!(refused(predict, second, 400)?, "customers[1].plan");
    let other = json!({"model": "other", "customers": [{}]});
    assert_eq!(refused(predict, other, 404)?, "model");
    let options = json!({"customers": [{}], "explain": {"samples": 3}});
    assert_eq!(refused("/api/v1/explain", options, 400)?, "samples");
    let list = json!({"customers": [{}], "explain": []});
    assert_eq!(refused("/api/v1/explain", list, 400)?, "explain");
    let long = json!({"customers": vec![json!({}); 1000],
        "explain": {"method": "sampled", "samples": 2001}});
    assert_eq!(refused("/api/v1/explain", long, 400)?, "explain.samples");
    let aggregate = json!({"start_ms": 3, "end_ms": 2, "metrics": {}});
    assert_eq!(refused("/api/v1/aggregates", aggregate, 422)?, "end_ms");
    let aggregate = json!({"start_ms": -1, "end_ms": 2, "metrics": {}});
    assert_eq!(refused("/api/v1/aggregates", aggregate, 400)?, "start_ms");

    for (path, status, field) in [
        ("/api/v1/predictions?limit=0", 400, "limit"),
        ("/api/v1/predictions?limit=x", 400, "query"),
        ("/api/v1/predictions?colour=red", 400, "query"),
        ("/api/v1/predictions?after=here", 400, "after"),
        ("/api/v1/predictions?from_ms=2&to_ms=1", 422, "to_ms"),
        ("/api/v1/predictions?model=other", 404, "model"),
        ("/api/v1/predictions/none", 400, "path"),
        (
            "/api/v1/predictions/01a20995-aeef-7c34-970b-2319f4fd51f8",
            404,
            "uuid",
        ),
        ("/api/v1/models/other", 404, "name"),
        ("/api/v1/models/other/schema", 404, "name"),
        ("/api/v1/export?format=xml", 400, "query"),
        ("/api/v1/labels?limit=1001", 400, "limit"),
        ("/api/v1/nothing", 404, ""),
        ("/nothing", 404, ""),
    ] {
        let told = client.get(path)?.error(status);
        assert_eq!(
            told.map_err(|error| format!("{path}: {error}"))?.1,
            field,
            "{path}"
        );
    }
    Ok(())
}

#[test]
fn metadata_say_what_is_deployed() -> Result<(), Failure> {
    let folder = Folder::with_model("api-metadata")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let model = client.get("/api/v1/models/model")?.json(200)?;
    let document: Value = serde_json::from_str(&folder.read("model.json")?)?;
    assert_eq!(model["data_hash"], document["training"]["data_hash"]);
    assert_eq!(model["test"], document["training"]["test"]);
    let hash = churn_core::artefact::sha256(folder.read("model.json")?.as_bytes());
    assert_eq!(model["sha256"], hash);
    let schema = client.get("/api/v1/models/model/schema")?.json(200)?;
    assert_eq!(schema, document["schema"]);
    // The example is what the model takes and gives.
    let call = json!({"accessKey": "model", "request": model["example_input"]});
    let answer = client.post("/model", &call)?.json(200)?;
    let prediction = &answer["response"]["prediction"];
    assert_eq!(prediction["data"], model["example_input"]);
    for name in ["probability", "explanation"] {
        assert_eq!(prediction[name], model["example_output"][name]);
    }
    let models = client.get("/api/v1/models")?.json(200)?;
    assert_eq!(models["models"][0]["name"], "model");
    assert_eq!(models["models"][0]["deployment"], model["deployment"]);
    Ok(())
}

#[test]
fn predictions_are_listed_by_page_and_time_and_exported() -> Result<(), Failure> {
    let folder = small("export")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let mut uuids = Vec::new();
    for round in 0..5 {
        let customers: Vec<Value> = (0..7)
            .map(|x| json!({"plan": "paid", "spend": round * 7 + x}))
            .collect();
        let answer = client
            .post("/api/v1/explain", &json!({"customers": customers}))?
            .json(200)?;
        let uuid = |prediction: &Value| prediction["uuid"].as_str().unwrap_or_default().to_owned();
        uuids.extend(
            answer["predictions"]
                .as_array()
                .into_iter()
                .flatten()
                .map(uuid),
        );
    }
    let label = json!({"labels": [{"uuid": uuids[3], "label": "no"}]});
    client.post("/api/v1/labels", &label)?.json(200)?;

    let (mut listed, mut query) = (Vec::new(), String::from("limit=10"));
    loop {
        let page = client
            .get(&format!("/api/v1/predictions?{query}"))?
            .json(200)?;
        listed.extend(page["predictions"].as_array().cloned().unwrap_or_default());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("limit=10&after={next}");
    }
    let told: Vec<&str> = listed
        .iter()
        .filter_map(|one| one["uuid"].as_str())
        .collect();
    assert_eq!(told, uuids);
    assert_eq!(listed[3]["labels"][0]["value"], false);
    assert_eq!(listed[3]["input"], json!({"plan": "paid", "spend": 3.0}));
    assert_eq!(
        client
            .get(&format!("/api/v1/predictions/{}", uuids[3]))?
            .json(200)?,
        listed[3]
    );
    let first = listed[0]["start_ms"].as_i64().ok_or("no time")?;
    let before = client
        .get(&format!("/api/v1/predictions?to_ms={}", first - 1))?
        .json(200)?;
    assert_eq!(before["predictions"], json!([]));
    let from = client
        .get(&format!("/api/v1/predictions?from_ms={first}"))?
        .json(200)?;
    assert_eq!(from["predictions"].as_array().map(Vec::len), Some(35));

    let lines = client.get("/api/v1/export?format=ndjson")?;
    assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
    let lines: Vec<Value> = lines
        .text()
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!(lines, listed);

    let table = client.get("/api/v1/export?format=csv&model=model")?;
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let table = table.text();
    let mut rows = table.lines();
    let header = "uuid,time,duration_us,deployment,probability,decision,label,plan,spend";
    assert_eq!(rows.next(), Some(header));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 35);
    for (row, one) in rows.iter().zip(&listed) {
        assert_eq!(one["uuid"], row[0]);
        assert_eq!(one["probability"].as_f64(), row[4].parse().ok());
        assert_eq!(one["decision"], row[5]);
        assert_eq!(one["input"]["spend"].as_f64(), row[8].parse().ok());
    }
    assert_eq!((rows[3][6], rows[4][6]), ("false", ""));
    Ok(())
}

#[test]
fn aggregates_are_kept_by_time() -> Result<(), Failure> {
    let folder = small("aggregates")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let accuracies = [0.79, 0.67, 0.65, 0.58, 0.35, 0.43, 0.53, 0.35, 0.36];
    for (at, accuracy) in accuracies.iter().enumerate().rev() {
        let aggregate = json!({"start_ms": at * 100, "end_ms": at * 100 + 99,
            "metrics": {"accuracy": accuracy}});
        client.post("/api/v1/aggregates", &aggregate)?.json(200)?;
    }
    let first = client.get("/api/v1/aggregates?limit=5")?.json(200)?;
    let next = first["next"].as_str().ok_or("no next page")?;
    let second = client
        .get(&format!("/api/v1/aggregates?limit=5&after={next}"))?
        .json(200)?;
    assert_eq!(second["next"], Value::Null);
    let both = [&first, &second].map(|page| page["aggregates"].as_array().cloned());
    let told: Vec<f64> = both
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|aggregate| aggregate["metrics"]["accuracy"].as_f64())
        .collect();
    assert_eq!(told, accuracies);
    Ok(())
}
