//! The model page: can I trust it, and where should I cut?

use std::time::Duration;

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::{Calibration, Curves, Figures, Matrix, Profit, RuleBar};

/// How good the model is on rows that it has not seen, and the decision.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let evaluation = &explorer.evaluation;
    let basis = text::basis(evaluation.basis, evaluation.rows, evaluation.cuts.is_some());
    // Bands take a moment: not before the page is seen.
    let drawn = RwSignal::new(false);
    set_timeout(
        move || {
            state.explorer().evaluation.bootstrap();
            drawn.try_set(true);
        },
        Duration::from_millis(50),
    );
    let figures = evaluation.cuts.is_some().then(|| {
        view! {
            <div class="trust">
                <Figures drawn />
                <Calibration />
            </div>
        }
    });
    let decision = evaluation.cuts.is_some().then(|| {
        view! {
            <div class="charts">
                <Matrix />
                <Curves />
            </div>
            <Profit drawn />
        }
    });
    view! {
        <div class="model-page">
            <p class="basis">{basis}</p>
            {figures}
            <section aria-labelledby="decision">
                <h2 id="decision">{text::DECISION}</h2>
                <RuleBar />
                {decision}
            </section>
        </div>
    }
}
