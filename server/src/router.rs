//! All routes, and who may use them.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::auth::Role;
use crate::caller::admit;
use crate::guard::{Guard, guard, nothing};
use crate::routes::{
    aggregates, builds, bulk_labels, experiments, export, health, jobs, labels, lineage, metrics,
    model, models, monitoring, openapi, predict, predictions, read_metrics, registry, retraining,
    runs, session, tables, track,
};
use crate::site;

/// The server's routes. `folder` is that of the built page, if it is served;
/// without an `api` the page is all there is.
pub fn router(folder: Option<&Path>, api: Option<&Arc<Api>>, guarded: Arc<Guard>) -> Router {
    let routes = match api {
        Some(api) => with_document(api),
        None => Router::new().route("/health/live", get(health::live)),
    };
    let routes = match folder {
        Some(folder) => routes.fallback_service(site::service(folder, api.is_some())),
        None => routes.route("/", get(site::absent)).fallback(nothing),
    };
    let cors = guarded.cors();
    let routes = routes.layer(from_fn_with_state(guarded, guard));
    // Outermost, so that another site's page can read errors, too.
    match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    }
}

fn with_document(api: &Arc<Api>) -> Router {
    let (routes, document) = described(api).split_for_parts();
    let described = openapi::Described::new(Arc::clone(api), document);
    let tell = get(openapi::tell).with_state(Arc::new(described));
    let tell = tell.route_layer(from_fn_with_state((Arc::clone(api), None), admit));
    routes
        .with_state(Arc::clone(api))
        .route("/api/v1/openapi.json", tell)
}

fn described(api: &Arc<Api>) -> OpenApiRouter<Arc<Api>> {
    let open = OpenApiRouter::with_openapi(openapi::Description::openapi())
        .routes(routes!(health::live))
        .routes(routes!(health::ready));

    let predict = OpenApiRouter::new()
        .routes(routes!(model::call))
        .routes(routes!(predict::predict))
        .routes(routes!(predict::explain))
        .routes(routes!(models::list))
        .routes(routes!(models::one))
        .routes(routes!(models::schema));

    let record = OpenApiRouter::new()
        .routes(routes!(track::metrics))
        .routes(routes!(track::delayed))
        .routes(routes!(track::aggregate))
        .routes(routes!(labels::add))
        .routes(routes!(bulk_labels::add))
        .routes(routes!(aggregates::add));

    let read = OpenApiRouter::new()
        .routes(routes!(read_metrics::read))
        .routes(routes!(predictions::list))
        .routes(routes!(predictions::one))
        .routes(routes!(labels::list))
        .routes(routes!(aggregates::list))
        .routes(routes!(export::export))
        .routes(routes!(monitoring::tell))
        .routes(routes!(monitoring::recent))
        .routes(routes!(registry::builds))
        .routes(routes!(builds::one))
        .routes(routes!(registry::history))
        .routes(routes!(retraining::tell))
        .routes(routes!(experiments::list))
        .routes(routes!(runs::list))
        .routes(routes!(runs::compare))
        .routes(routes!(runs::one))
        .routes(routes!(tables::list))
        .routes(routes!(tables::one))
        .routes(routes!(tables::difference))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one))
        .routes(routes!(jobs::runs))
        .routes(routes!(jobs::log))
        .routes(routes!(lineage::tell))
        .routes(routes!(lineage::predictions))
        .routes(routes!(metrics::metrics));

    let admin = OpenApiRouter::new()
        .routes(routes!(experiments::begin))
        .routes(routes!(jobs::add))
        .routes(routes!(jobs::remove))
        .routes(routes!(jobs::run))
        .routes(routes!(jobs::pause))
        .routes(routes!(jobs::resume))
        .routes(routes!(jobs::cancel))
        .routes(routes!(predictions::erase))
        .routes(routes!(registry::promote))
        .routes(routes!(registry::roll_back))
        .routes(routes!(registry::name, registry::unname))
        .routes(routes!(retraining::set, retraining::forget))
        .routes(routes!(builds::add))
        .routes(routes!(builds::delete))
        .routes(routes!(tables::ingest, tables::delete));

    // Signing in, and finding out whether that is needed.
    let anybody = OpenApiRouter::new().routes(routes!(session::tell, session::begin, session::end));

    let admitted = |routes: OpenApiRouter<Arc<Api>>, role: Option<Role>| {
        routes.route_layer(from_fn_with_state((Arc::clone(api), role), admit))
    };
    open.merge(admitted(predict, Some(Role::Predict)))
        .merge(admitted(record, Some(Role::Record)))
        .merge(admitted(read, Some(Role::Read)))
        .merge(admitted(admin, Some(Role::Admin)))
        .merge(admitted(anybody, None))
}
