//! The model page: can I trust it, and where should I cut?

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::RuleBar;

/// How good the model is on rows it has not seen, and the decision.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let evaluation = &explorer.evaluation;
    let basis = text::basis(evaluation.basis, evaluation.rows, evaluation.cuts.is_some());
    view! {
        <div class="model-page">
            <p class="basis muted">{basis}</p>
            <RuleBar />
        </div>
    }
}
