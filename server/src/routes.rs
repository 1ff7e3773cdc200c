//! Handlers, one file per resource. The workshop's own addresses come first,
//! the project's are below `/api/v1`.

#![allow(
    unused_qualifications,
    reason = "what utoipa writes for `params` counts as ours"
)]

pub mod aggregates;
pub mod builds;
pub mod bulk_labels;
pub mod experiments;
pub mod export;
pub mod health;
pub mod jobs;
pub mod labels;
pub mod lineage;
pub mod metrics;
pub mod model;
pub mod models;
pub mod monitoring;
pub mod openapi;
pub mod predict;
pub mod predictions;
pub mod read_metrics;
pub mod registry;
pub mod retraining;
pub mod runs;
pub mod session;
pub mod tables;
pub mod track;
