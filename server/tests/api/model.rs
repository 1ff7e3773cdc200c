//! `POST /model`, in the workshop's contract.

use churn_core::{ModelArtefact, Predictor, Row, Value as Cell};
use serde_json::{Value, json};

use crate::Failure;
use crate::program::Folder;
use crate::server::{Server, database, small};

fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().map(|object| object.keys());
    object.into_iter().flatten().map(String::as_str).collect()
}

#[test]
fn answers_as_the_workshop() -> Result<(), Failure> {
    let folder = Folder::with_model("api-workshop-model")?;
    let server = Server::open(&folder)?;
    let request = json!({"tenure": 29, "Contract": "Month-to-month", "MonthlyCharges": 70.35});
    let call = json!({"accessKey": "model", "request": request});
    let answer = server.client()?.post("/model", &call)?.json(200)?;

    assert_eq!(keys(&answer), ["response", "success"]);
    assert_eq!(answer["success"], true);
    let response = &answer["response"];
    assert_eq!(
        keys(response),
        ["model_deployment_crn", "prediction", "uuid"]
    );
    let crn = response["model_deployment_crn"]
        .as_str()
        .unwrap_or_default();
    assert!(crn.starts_with("crn:cdp:ml:local:0:workspace:0/"), "{crn}");
    uuid::Uuid::parse_str(response["uuid"].as_str().unwrap_or_default())?;

    // What is absent is the first level or the median, as in the workshop.
    let prediction = &response["prediction"];
    assert_eq!(prediction["data"]["tenure"], 29.0);
    assert_eq!(prediction["data"]["InternetService"], "DSL");
    assert_eq!(prediction["data"]["TotalCharges"], 1397.475);
    let filled = prediction["filled"].as_array().ok_or("nothing filled")?;
    assert_eq!(filled.len(), 16);
    assert!(filled.contains(&json!("TotalCharges")) && !filled.contains(&json!("tenure")));

    // The core, asked directly, gives the same bits.
    let predictor = Predictor::new(ModelArtefact::from_json(&folder.read("model.json")?)?)?;
    let schema = &predictor.artefact().schema;
    let cell = |feature: &churn_core::Feature| match &prediction["data"][&feature.name] {
        Value::String(level) => feature.code_of(level).map(Cell::Level),
        number => number.as_f64().map(Cell::Number),
    };
    let row = Row(schema
        .features
        .iter()
        .map(cell)
        .collect::<Option<_>>()
        .ok_or("a cell")?);
    let explanation = predictor.explain_exact(&row);
    assert_eq!(
        prediction["probability"].as_f64(),
        Some(explanation.probability)
    );
    let told = prediction["explanation"]
        .as_object()
        .ok_or("no explanation")?;
    assert_eq!(told.len(), 10);
    for (feature, weight) in explanation.ranked().into_iter().take(10) {
        assert_eq!(told[&schema.features[feature].name].as_f64(), Some(weight));
    }
    Ok(())
}

#[test]
fn what_is_wrong_is_named() -> Result<(), Failure> {
    let folder = small("wrong-fields")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let wrong = [
        (r#"{"request": {"plan": "gold"}}"#, "request.field", "plan"),
        (r#"{"request": {"plan": true}}"#, "request.field", "plan"),
        (
            r#"{"request": {"plan": ["free"]}}"#,
            "request.field",
            "plan",
        ),
        (
            r#"{"request": {"spend": "much"}}"#,
            "request.field",
            "spend",
        ),
        (r#"{"request": {"spend": false}}"#, "request.field", "spend"),
        (r#"{"request": {"spend": 1e16}}"#, "request.field", "spend"),
        (
            r#"{"request": {"spend": {"a": 1}}}"#,
            "request.field",
            "spend",
        ),
        (r#"{"request": {"speed": 1}}"#, "request.field", "speed"),
        (
            r#"{"request": {"spend": 1, "spend": 2}}"#,
            "request.field",
            "spend",
        ),
        (
            r#"{"request": {"spend": NaN}}"#,
            "request.json",
            "request.spend",
        ),
        (r#"{"request": {"spend": 1e999}}"#, "request.json", ""),
        (r#"{"request": [1]}"#, "request.json", ""),
        (r#"["model", {}]"#, "request.json", ""),
        (
            r#"{"request": {}, "request": {}}"#,
            "request.json",
            "request",
        ),
        (r#"{"request": {}, "more": 1}"#, "request.json", "more"),
        (r#"{"request": {}} x"#, "request.json", ""),
        (r#"{"request": {}"#, "request.json", "request"),
        ("", "request.json", ""),
        (r#"{"request": {}, "top": 0}"#, "request.field", "top"),
        (
            r#"{"request": {}, "method": "magic"}"#,
            "request.json",
            "method",
        ),
        (
            r#"{"request": {}, "samples": 9}"#,
            "request.field",
            "samples",
        ),
        (
            r#"{"request": {}, "samples": 50001}"#,
            "request.field",
            "samples",
        ),
    ];
    for (body, code, field) in wrong {
        let headers = "content-type: application/json\r\n";
        let told = client
            .send("POST /model", headers, body.as_bytes())?
            .error(400);
        let told = told.map_err(|error| format!("{body}: {error}"))?;
        assert_eq!(told, (code.into(), field.into()), "{body}");
    }
    let unknown = client.post("/model", &json!({"accessKey": "other", "request": {}}))?;
    assert_eq!(
        unknown.error(404)?,
        ("model.unknown".into(), "accessKey".into())
    );

    let refused = client
        .post("/model", &json!({"request": {"plan": "gold"}}))?
        .json(400)?;
    assert_eq!(refused["error"]["expected"], "one of 'free', 'paid'");
    assert_eq!(refused["error"]["got"], "'gold'");

    // Nothing of all this was recorded.
    let listed = client.get("/api/v1/predictions")?.json(200)?;
    assert_eq!(listed["predictions"], json!([]));
    Ok(())
}

#[test]
fn numbers_may_come_as_text_and_null_is_absent() -> Result<(), Failure> {
    let folder = small("text")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let mut ask = |request: Value| -> Result<Value, Failure> {
        let answer = client
            .post("/model", &json!({"request": request}))?
            .json(200)?;
        Ok(answer["response"]["prediction"].clone())
    };
    let prediction = ask(json!({"plan": "paid", "spend": "8.5"}))?;
    assert_eq!(prediction, ask(json!({"spend": 8.5, "plan": "paid"}))?);
    assert_eq!(prediction.get("filled"), None);
    let filled = ask(json!({"plan": null, "spend": 1}))?;
    assert_eq!(filled["filled"], json!(["plan"]));
    assert_eq!(filled["data"], json!({"plan": "free", "spend": 1.0}));
    Ok(())
}

#[test]
fn the_method_can_be_chosen() -> Result<(), Failure> {
    let folder = Folder::with_model("api-methods")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    let mut ask = |options: Value| -> Result<(Value, String), Failure> {
        let mut call = json!({"request": {"tenure": 3}});
        let (Some(call_fields), Value::Object(options)) = (call.as_object_mut(), options) else {
            return Err("not objects".into());
        };
        call_fields.extend(options);
        let answer = client.post("/model", &call)?.json(200)?;
        let uuid = answer["response"]["uuid"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let why = answer["response"]["prediction"]["explanation"].clone();
        let stored = client
            .get(&format!("/api/v1/predictions/{uuid}"))?
            .json(200)?;
        assert_eq!(
            stored["explanation"]["method"].as_str(),
            Some(call_method(&call))
        );
        // Read again, it is explained again: by the same weights.
        let schema = client.get("/api/v1/models/model/schema")?.json(200)?;
        for (at, weight) in stored["explanation"]["weights"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let name = schema["features"][at]["name"].as_str().unwrap_or_default();
            if let Some(told) = why.get(name) {
                assert_eq!(told, weight, "{name}");
            }
        }
        Ok((why, uuid))
    };
    let sampled = json!({"method": "sampled", "top": 3, "samples": 1000, "seed": 7});
    let (first, uuid) = ask(sampled.clone())?;
    let (second, other) = ask(sampled)?;
    assert_eq!(first, second);
    assert_ne!(uuid, other);
    assert_eq!(keys(&first).len(), 3);
    let (another, _) = ask(json!({"method": "sampled", "top": 3, "samples": 1000, "seed": 8}))?;
    assert_ne!(first, another);
    let (contributions, _) = ask(json!({"method": "contributions", "top": 19}))?;
    assert_eq!(keys(&contributions).len(), 19);
    let (exact, _) = ask(json!({"method": "exact", "top": 1}))?;
    assert_eq!(keys(&exact).len(), 1);
    Ok(())
}

fn call_method(call: &Value) -> &str {
    call["method"].as_str().unwrap_or("exact")
}

#[test]
fn an_answer_is_recorded_before_it_is_sent() -> Result<(), Failure> {
    let folder = small("recorded")?;
    let server = Server::open(&folder)?;
    let mut client = server.client()?;
    for _ in 0..20 {
        let answer = client
            .post("/model", &json!({"request": {"spend": 3}}))?
            .json(200)?;
        let uuid: uuid::Uuid = answer["response"]["uuid"]
            .as_str()
            .unwrap_or_default()
            .parse()?;
        // Another process sees it in the file at once.
        let count = "SELECT count(*) FROM predictions WHERE uuid = ?1";
        let found = database(&folder)?.first(count, &[&uuid], |row| row.get(0))?;
        assert_eq!(found, Some(1_i64));
    }
    Ok(())
}
