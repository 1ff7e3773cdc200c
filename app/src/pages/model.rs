//! The model page: can I trust it, and where should I cut?

use std::time::Duration;

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::{
    Calibration, Coefficients, Curves, Figures, Matrix, ModelCard, Profit, RuleBar, Slices,
};

/// How good the model is on rows that it has not seen, and the decision.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let evaluation = &explorer.evaluation;
    let basis = text::basis(
        evaluation.basis,
        evaluation.rows.len(),
        evaluation.cuts.is_some(),
    );
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
                <Profit drawn />
            </div>
        }
    });
    let slices = evaluation.cuts.is_some().then(|| view! { <Slices /> });
    view! {
        <div class="model-page">
            <h1 class="spoken">{text::MODEL}</h1>
            <section aria-labelledby="trust">
                <h2 id="trust">{text::TRUST}</h2>
                <p class="basis">{basis}</p>
                {figures}
            </section>
            <section aria-labelledby="decision">
                <h2 id="decision">{text::DECISION}</h2>
                <RuleBar />
                {decision}
            </section>
            {slices}
            <Coefficients />
            <ModelCard />
        </div>
    }
}
