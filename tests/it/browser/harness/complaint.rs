//! What the browser writes into its console.

use std::fmt;

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde::Deserialize;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// An error in the console, or anything at all about security: a violation of
/// the content security policy is one.
#[derive(Clone, Debug, Deserialize)]
pub struct Complaint {
    level: String,
    source: String,
    message: String,
}

impl Complaint {
    /// Takes the complaints since the last call.
    pub async fn take(client: &Client) -> Vec<Self> {
        let entries = client.issue_cmd(TakeLog).await.expect("the console's log");
        let entries: Vec<Self> = serde_json::from_value(entries).expect("entries of a log");
        let serious = |entry: &Self| entry.level == "SEVERE" || entry.source == "security";
        entries.into_iter().filter(serious).collect()
    }

    /// Whether the message holds a text.
    pub fn names(&self, text: &str) -> bool {
        self.message.contains(text)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.level, self.source, self.message)
    }
}

/// The driver's own command to read the log.
#[derive(Debug)]
struct TakeLog;

impl WebDriverCompatibleCommand for TakeLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (axum::http::Method, Option<String>) {
        let body = json!({"type": "browser"});
        (axum::http::Method::POST, Some(body.to_string()))
    }
}

/// A command of the browser's own debugging protocol.
#[derive(Debug)]
pub struct DebuggingCommand {
    /// Name of the command.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: Value,
}

impl WebDriverCompatibleCommand for DebuggingCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &Url) -> (axum::http::Method, Option<String>) {
        let body = json!({"cmd": self.name, "params": self.parameters});
        (axum::http::Method::POST, Some(body.to_string()))
    }
}
