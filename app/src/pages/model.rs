//! The model page: can I trust it, and where should I cut?

use std::time::Duration;

use leptos::prelude::*;

use crate::reactive::RwSignal;
use crate::state::State;
use crate::text;
use crate::view::{
    Calibration, Coefficients, Curves, Figures, Matrix, ModelCard, Profit, RuleBar, Slices,
};

/// How good the model is on rows that it has not seen, and the decision. Another
/// cohort is another set of rows: everything is drawn anew.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="model-page">
            <h1 class="spoken">{text::MODEL}</h1>
            {move || judged(state)}
            <Coefficients />
            <ModelCard />
        </div>
    }
}

/// The figures of the rows that are honest to judge by.
fn judged(state: State) -> impl IntoView {
    let evaluation = state.evaluation();
    let enough = evaluation.cuts.is_some();
    let basis = text::basis(evaluation.basis, evaluation.rows.len(), enough);
    // Bands take a moment: not before the page is seen.
    let drawn = RwSignal::new(false);
    set_timeout(
        move || {
            evaluation.bootstrap();
            drawn.try_set(true);
        },
        Duration::from_millis(50),
    );
    let figures = enough.then(|| {
        view! {
            <div class="trust">
                <Figures drawn />
                <Calibration />
            </div>
        }
    });
    let decision = enough.then(|| {
        view! {
            <div class="charts">
                <Matrix />
                <Curves />
                <Profit drawn />
            </div>
        }
    });
    let slices = enough.then(|| view! { <Slices /> });
    view! {
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
    }
}
