//! What came from what on the server behind the page.

use churn_core::lineage::Lineage;
use churn_core::{Error, ErrorCode, json};
use gloo_net::http::Request;
use js_sys::encode_uri_component;

use crate::server::{self, Trouble};

/// Nodes of a kind that are asked for: more cannot be looked over.
const MOST: usize = 40;

/// The newest of all there is; or what a node came from and what came from it.
///
/// # Errors
/// When the server does not tell, or has no such node.
pub async fn list(node: Option<&str>) -> Result<Lineage, Trouble> {
    let mut address = format!("api/v1/lineage?limit={MOST}");
    if let Some(node) = node {
        address += &format!("&node={}", encode_uri_component(node));
    }
    let asked = server::ask(Request::get(&address), None).await?;
    let body = asked.map(|(_, body)| body).unwrap_or_default();
    json::parse(&body, ErrorCode::Data, "an answer").map_err(unreadable)
}

fn unreadable(error: Error) -> Trouble {
    Trouble::Unreadable(error.to_string())
}
