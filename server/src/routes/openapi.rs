//! `GET /api/v1/openapi.json`: the description of the API, made from its code.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::error::ErrorBody;

/// What does not belong to one route.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Churn Explorer",
        description = "Who is likely to leave, and why.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ErrorBody)),
    security(("key" = []), ("session" = [])),
    modifiers(&Keys),
    tags(
        (name = "workshop", description = "The addresses and shapes of the workshop's platform"),
        (name = "predictions", description = "Scores, explanations, and what was recorded of them"),
        (name = "ground truth", description = "What became of the customers"),
        (name = "aggregates", description = "Metrics of stretches of time"),
        (name = "models", description = "What is deployed"),
        (name = "session", description = "The page's way to use a key"),
        (name = "operation", description = "For those who run the server")
    )
)]
pub struct Description;

struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key, from `churn key create`"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
        let about = "A session of the page, from `POST /api/v1/session`; behind TLS the name \
                     begins with `__Host-`";
        let cookie = ApiKeyValue::with_description("churn_session", about);
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
        components.add_security_scheme("session", cookie);
    }
}

/// The description as a document.
pub fn document(api: &Document) -> String {
    // Plain maps and texts always have a JSON form.
    api.to_pretty_json().unwrap_or_default()
}

/// Tells a document.
pub async fn tell(State(document): State<Arc<str>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document.to_string())
}
