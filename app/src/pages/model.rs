//! The model page: can I trust it, and where should I cut?

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::evaluation::{Basis, Evaluation};
use crate::reactive::{RwSignal, StoredValue};
use crate::state::State;
use crate::text;
use crate::view::{
    Calibration, Check, Coefficients, Curves, Figures, Importance, Matrix, ModelCard, OtherModel,
    Profit, Report, RuleBar, Scores, Slices,
};

/// How good the model is on rows that it has not seen, and the decision. Another
/// cohort is another set of rows: everything is drawn anew.
#[component]
pub fn ModelPage() -> impl IntoView {
    let state = expect_context::<State>();
    let seen = StoredValue::new(false);
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
    view! {
        <div class="model-page">
            <h1 class="spoken">{text::MODEL}</h1>
            <section aria-labelledby="trust">
                <h2 id="trust">{text::TRUST}</h2>
                <p class="basis">{basis}</p>
                <p hidden=unknown><Check label=text::ALL_ROWS on=state.all_rows /></p>
                {move || trust(state, seen)}
            </section>
            {move || decision(state, seen)}
            <Importance />
            <Coefficients />
            <OtherModel />
            <ModelCard />
        </div>
    }
}

/// Says when the bands of an evaluation are there. They take a moment: not before
/// the page is `seen`; from then on at once, so that nothing is drawn twice.
fn drawn(evaluation: Arc<Evaluation>, seen: StoredValue<bool>) -> RwSignal<bool> {
    let drawn = RwSignal::new(seen.get_value());
    if !seen.get_value() {
        set_timeout(
            move || {
                evaluation.bootstrap();
                // The page may have been left.
                seen.try_update_value(|seen| *seen = true);
                drawn.try_set(true);
            },
            Duration::from_millis(50),
        );
    }
    drawn
}

/// The figures of the rows that are honest to judge by.
fn trust(state: State, seen: StoredValue<bool>) -> Option<impl IntoView> {
    let evaluation = state.evaluation();
    evaluation.cuts.as_ref()?;
    let drawn = drawn(evaluation, seen);
    Some(view! {
        <div class="trust">
            <Figures drawn />
            <Calibration />
        </div>
    })
}

/// The rule, and what it means on those rows.
fn decision(state: State, seen: StoredValue<bool>) -> impl IntoView {
    let evaluation = state.evaluation();
    let enough = evaluation.cuts.is_some();
    let charts = enough.then(|| {
        let drawn = drawn(evaluation, seen);
        view! {
            <div class="charts">
                <Matrix />
                <Report />
                <Scores />
                <Curves />
                <Profit drawn />
            </div>
        }
    });
    let slices = enough.then(|| view! { <Slices /> });
    view! {
        <section aria-labelledby="decision">
            <h2 id="decision">{text::DECISION}</h2>
            <RuleBar />
            {charts}
        </section>
        {slices}
    }
}
