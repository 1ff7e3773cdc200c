//! The model page: can I trust it, and where should I cut?

use std::time::Duration;

use leptos::prelude::*;

use crate::evaluation::Basis;
use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::text;
use crate::view::{
    Calibration, Check, Coefficients, Curves, Figures, Importance, Matrix, ModelCard, OtherModel,
    Profit, Report, RuleBar, Scores, Slices,
};

/// How good the model is on rows that it has not seen, and the decision. Another
/// cohort is another set of rows: every part follows in its place.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    // The bands take a moment: not before the page is seen.
    let drawn = RwSignal::new(false);
    let draw = move || {
        // The page may have been left.
        drawn.try_set(true);
    };
    set_timeout(draw, Duration::from_millis(50));
    let basis = Signal::derive(move || {
        let evaluation = state.evaluation();
        let enough = evaluation.cuts.is_some();
        text::basis(evaluation.basis, evaluation.rows.len(), enough)
    });
    // On data that the model has not seen there is nothing to choose.
    let unknown = Signal::derive(move || {
        !matches!(
            state.evaluation().basis,
            Basis::HeldOut | Basis::AllRows | Basis::NothingHeldOut
        )
    });
    let enough = Memo::new(move |_| state.evaluation().cuts.is_some());
    let trust = move || {
        view! {
            <div class="trust">
                <Figures drawn />
                <Calibration />
            </div>
        }
    };
    let decision = move || {
        view! {
            <div class="charts">
                <Matrix />
                <Report />
                <Scores />
                <Curves />
                <Profit drawn />
            </div>
        }
    };
    view! {
        <div class="model-page">
            <h1 class="spoken">{text::MODEL}</h1>
            <section aria-labelledby="trust">
                <h2 id="trust">{text::TRUST}</h2>
                <p class="basis">{basis}</p>
                <p hidden=unknown><Check label=text::ALL_ROWS on=state.all_rows /></p>
                {move || enough.get().then(trust)}
            </section>
            <section aria-labelledby="decision">
                <h2 id="decision">{text::DECISION}</h2>
                <RuleBar />
                {move || enough.get().then(decision)}
            </section>
            {move || enough.get().then(|| view! { <Slices /> })}
            <Importance />
            <Coefficients />
            <OtherModel />
            <ModelCard />
        </div>
    }
}
