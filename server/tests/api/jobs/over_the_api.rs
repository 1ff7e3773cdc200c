//! Jobs over the API.

use serde_json::json;

use crate::Failure;
use crate::client::Client;
use crate::server::{Server, eventually, key, small};

#[test]
fn jobs_are_added_and_told_over_the_api() -> Result<(), Failure> {
    let folder = small("jobs-api")?;
    let server = Server::start(&folder, &["--tables", "tables"])?;
    let mut client = server.client()?;
    let evaluate = json!({"kind": "evaluate", "table": "t", "model": "m"});
    let cron = json!({"cron": {"expression": "30 4 * * 1", "zone": "America/New_York"}});
    let weekly = json!({"name": "weekly", "schedule": cron, "retries": 2.0, "work": evaluate});
    let told = client.post("/api/v1/jobs", &weekly)?.json(200)?;
    assert_eq!(told["definition"]["limit_s"], 3600);
    assert_eq!(told["state"], "idle");
    assert_eq!(told["next"].as_array().map(Vec::len), Some(3));
    assert!(
        told["schedule"]
            .as_str()
            .is_some_and(|words| words.ends_with("(America/New_York)"))
    );
    let after = json!({"name": "then", "schedule": {"after": "weekly"}, "work": evaluate});
    client.post("/api/v1/jobs", &after)?.json(200)?;

    // No path comes from the network.
    for (work, field) in [
        (
            json!({"kind": "ingest", "table": "t", "sources": ["/etc/passwd"]}),
            "work.sources",
        ),
        (
            json!({"kind": "ingest", "table": "t", "query": "SELECT 1", "from": "x.db"}),
            "work.sources",
        ),
        (
            json!({"kind": "score", "table": "t", "model": "m", "out": "/tmp/x"}),
            "work.out",
        ),
        (json!({"kind": "backup", "folder": "/tmp"}), "work.folder"),
    ] {
        let refused = client.post("/api/v1/jobs", &json!({"name": "x", "work": work}))?;
        assert_eq!(
            refused.error(422)?,
            ("job.place".to_owned(), field.to_owned())
        );
    }
    for (change, status, field) in [
        (json!({"name": "a b"}), 422, "name"),
        (json!({"retries": 21}), 422, "retries"),
        (json!({"schedule": {"after": "nobody"}}), 404, "name"),
        (
            json!({"schedule": {"cron": {"expression": "x", "zone": "UTC"}}}),
            422,
            "schedule.cron.expression",
        ),
        (
            json!({"work": {"kind": "evaluate", "table": "t", "model": "m", "out": "x"}}),
            400,
            "",
        ),
        (
            json!({"work": {"kind": "evaluate", "table": "--out", "model": "m"}}),
            422,
            "work.table",
        ),
        (json!({"name": "weekly"}), 409, "name"),
    ] {
        let mut asked = json!({"name": "x", "work": evaluate});
        let fields = change.as_object().into_iter().flatten();
        fields.for_each(|(name, value)| asked[name] = value.clone());
        let refused = client.post("/api/v1/jobs", &asked)?.error(status);
        let refused = refused.map_err(|error| format!("{asked}: {error}"))?;
        assert_eq!(refused.1, field, "{asked}");
    }
    let listed = client.get("/api/v1/jobs")?.json(200)?;
    assert_eq!(listed["jobs"].as_array().map(Vec::len), Some(2));

    // Who may look may not act.
    let reader = key(&folder, &["--role", "read"])?;
    let mut reader = Client::new(&server.address, Some(&reader))?;
    assert_eq!(reader.get("/api/v1/jobs")?.json(200)?, listed);
    for path in [
        "/api/v1/jobs/weekly/runs",
        "/api/v1/jobs/weekly/pause",
        "/api/v1/jobs",
    ] {
        reader.post(path, &weekly)?.error(403)?;
    }

    let run = client
        .post("/api/v1/jobs/weekly/runs", &json!({}))?
        .json(202)?;
    assert_eq!(run["reason"], "manual");
    eventually(|| {
        let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
        Ok(told["open"][0]["attempts"][0]["state"] == "failed")
    })?;
    let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
    assert_eq!(told["state"], "waiting");
    let result = told["open"][0]["attempts"][0]["result"].as_str();
    assert_eq!(result, Some("error: no model 'm'"));
    let log = client
        .get(&format!("/api/v1/jobs/weekly/runs/{}/log", run["run"]))?
        .json(200)?;
    assert_eq!(log["attempts"][0], "error: no model 'm'\n");
    client.get("/api/v1/jobs/weekly/runs/999/log")?.error(404)?;
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/cancel", &json!({}))?
            .status,
        204
    );
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/cancel", &json!({}))?
            .error(409)?
            .1,
        "name"
    );
    assert_eq!(
        client.post("/api/v1/jobs/weekly/pause", &json!({}))?.status,
        204
    );
    let told = client.get("/api/v1/jobs/weekly")?.json(200)?;
    assert_eq!(
        (&told["state"], &told["last"]["state"]),
        (&json!("paused"), &json!("cancelled"))
    );
    assert_eq!(
        client
            .post("/api/v1/jobs/weekly/resume", &json!({}))?
            .status,
        204
    );
    let runs = client.get("/api/v1/jobs/weekly/runs?limit=1")?.json(200)?;
    assert_eq!(runs["runs"][0]["run"], run["run"]);
    assert_eq!(
        client
            .send("DELETE /api/v1/jobs/weekly", "", b"")?
            .error(409)?
            .1,
        "name"
    );
    for name in ["then", "weekly"] {
        let delete = format!("DELETE /api/v1/jobs/{name}");
        assert_eq!(client.send(&delete, "", b"")?.status, 204);
    }
    assert_eq!(
        client.get("/api/v1/jobs/weekly")?.error(404)?.0,
        "job.unknown"
    );
    Ok(())
}
