//! The bundled customers, as requests to servers.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::load::post;
use crate::workspace;

/// The customers as JSON objects; of blank cells there is no field.
pub fn all() -> Result<Vec<Value>> {
    let text = fs::read_to_string(workspace::root().join(workspace::DATA))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()
        .context("the data has no header")?
        .split(',')
        .collect();
    let customer = |line: &str| {
        let cells = header.iter().zip(line.split(','));
        let known = cells.filter(|(name, cell)| {
            !["customerID", "Churn"].contains(name) && !cell.trim().is_empty()
        });
        let value = |cell: &str| {
            cell.parse::<f64>()
                .map_or_else(|_| json!(cell), |x| json!(x))
        };
        let fields: Map<String, Value> = known
            .map(|(name, cell)| ((*name).to_owned(), value(cell)))
            .collect();
        Value::Object(fields)
    };
    Ok(lines.map(customer).collect())
}

/// A call of `POST /model` for each customer.
pub fn model_calls(address: &str, customers: &[Value]) -> Vec<Vec<u8>> {
    let call = |customer| json!({"accessKey": "model", "request": customer});
    json_posts(address, "/model", customers.iter().map(call))
}

/// Requests with these bodies.
pub fn json_posts(address: &str, path: &str, bodies: impl Iterator<Item = Value>) -> Vec<Vec<u8>> {
    let request = |body: Value| {
        post(
            address,
            path,
            "application/json",
            body.to_string().as_bytes(),
        )
    };
    bodies.map(request).collect()
}
