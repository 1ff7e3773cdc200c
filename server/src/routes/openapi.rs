//! `GET /api/v1/openapi.json`: the description of the API, made from its code.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr, Schema};
use utoipa::{Modify, OpenApi};
use uuid::Uuid;

use crate::api::Api;
use crate::described;
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
        (name = "monitoring", description = "How deployments do: accuracy, estimate, drift"),
        (name = "models", description = "What is deployed"),
        (name = "registry", description = "Builds, their aliases, and which of them answered when"),
        (name = "experiments", description = "Models trained by grids, and how well they do"),
        (name = "jobs", description = "What is done by itself, and how that went"),
        (name = "lineage", description = "What came from what, from files to predictions"),
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

/// The description, told with what is deployed.
pub struct Described {
    api: Arc<Api>,
    /// What the code says.
    written: Document,
    /// What was told last, and of which deployments.
    last: Mutex<(Vec<Uuid>, Arc<str>)>,
}

impl Described {
    /// The description of an API.
    pub fn new(api: Arc<Api>, mut written: Document) -> Self {
        close(&mut written, "JobWork");
        close(&mut written, "Schedule");
        Self {
            api,
            written,
            last: Mutex::new((Vec::new(), "".into())),
        }
    }

    fn text(&self) -> Arc<str> {
        let live = self.api.fleet.all_live();
        let names: Vec<Uuid> = live.iter().map(|live| live.record.uuid).collect();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.1.is_empty() || last.0 != names {
            let mut document = self.written.clone();
            described::complete(&mut document, &live);
            // Plain maps and texts always have a JSON form.
            *last = (names, document.to_pretty_json().unwrap_or_default().into());
        }
        Arc::clone(&last.1)
    }
}

/// Says that each form of a schema has no other fields: utoipa takes serde's
/// `deny_unknown_fields` from structs alone.
fn close(document: &mut Document, name: &str) {
    let schemas = document.components.as_mut();
    let schema = schemas.and_then(|components| components.schemas.get_mut(name));
    if let Some(RefOr::T(Schema::OneOf(forms))) = schema {
        for form in &mut forms.items {
            if let RefOr::T(Schema::Object(object)) = form {
                let none = AdditionalProperties::FreeForm(false);
                object.additional_properties = Some(Box::new(none));
            }
        }
    }
}

/// Tells the description.
pub async fn tell(State(described): State<Arc<Described>>) -> impl IntoResponse {
    let text = described.text().to_string();
    ([(CONTENT_TYPE, "application/json")], text)
}
