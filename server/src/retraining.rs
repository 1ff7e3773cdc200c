//! Models looked after by rules: measured, and trained anew where that is asked for.
//!
//! * [`check`]: one look, and what is done.
//! * [`measuring`]: what rules measure.
//! * [`challenger`]: a model trained on what became known.
//! * [`notice`]: what is told of it; [`webhook`]: to whom.

pub mod challenger;
pub mod check;
pub mod measuring;
pub mod notice;
pub mod webhook;
