//! The four figures that say how good the model is.

use churn_core::interval::Interval;
use churn_core::metrics::{brier, log_loss, roc_auc};
use leptos::prelude::*;

use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::text;

/// Accuracy at the cut, AUC, log loss and Brier score, with intervals. `drawn`
/// says that the resamples are there.
#[component]
pub fn Figures(drawn: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let evaluation = state.evaluation();
    let cuts = evaluation.cuts.as_ref()?;
    let (scores, left) = (cuts.scores(), cuts.left());
    let fixed = [
        (text::AUC, text::AUC_HELP, roc_auc(cuts.points())),
        (text::LOG_LOSS, text::LOG_LOSS_HELP, log_loss(scores, left)),
        (text::BRIER, text::BRIER_HELP, brier(scores, left)),
    ];
    let right = Memo::new(move |_| {
        let evaluation = state.evaluation();
        let cuts = evaluation.cuts.as_ref()?;
        let counts = cuts.confusion(state.threshold.get());
        Some((counts.true_positives + counts.true_negatives, cuts.rows()))
    });
    let accuracy = Signal::derive(move || {
        let share = right.get().map(|(right, rows)| right as f64 / rows as f64);
        share.map(text::exact_percent).unwrap_or_default()
    });
    let accuracy_interval = Signal::derive(move || {
        let interval = right
            .get()
            .map(|(right, rows)| Interval::of_share(right, rows));
        interval.map(text::percent_interval).unwrap_or_default()
    });
    let fixed = fixed
        .into_iter()
        .enumerate()
        .map(|(place, (name, help, figure))| {
            let interval = Signal::derive(move || {
                let evaluation = state.evaluation();
                // Not before: drawing takes a moment.
                let resamples = drawn.get().then(|| evaluation.bootstrap()).flatten();
                let interval =
                    resamples.map(|drawn| [drawn.roc_auc, drawn.log_loss, drawn.brier][place]);
                interval.map(text::figure_interval).unwrap_or_default()
            });
            let figure = Signal::stored(text::figure(figure));
            view! { <Figure name help figure interval /> }
        });
    Some(view! {
        <dl class="figures">
            <Figure
                name=text::ACCURACY
                help=text::ACCURACY_HELP
                figure=accuracy
                interval=accuracy_interval
            />
            {fixed.collect_view()}
        </dl>
    })
}

/// One figure with its interval and what it means.
#[component]
fn Figure(
    name: &'static str,
    help: &'static str,
    figure: Signal<String>,
    interval: Signal<String>,
) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <output>{figure}</output>
                <span class="interval muted">{interval}</span>
                <p class="muted">{help}</p>
            </dd>
        </div>
    }
}
