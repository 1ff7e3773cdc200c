//! The four figures that say how good the model is.

use churn_core::bootstrap::Bootstrap;
use churn_core::cuts::Cuts;
use churn_core::interval::Interval;
use churn_core::metrics::{brier, log_loss, roc_auc};
use leptos::prelude::*;

use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::text;

/// A figure that is the same at every cut.
struct Fixed {
    name: &'static str,
    help: &'static str,
    of: fn(&Cuts) -> f64,
    /// Its interval among the resamples.
    among: fn(&Bootstrap) -> Interval,
}

const FIXED: [Fixed; 3] = [
    Fixed {
        name: text::AUC,
        help: text::AUC_HELP,
        of: |cuts| roc_auc(cuts.points()),
        among: |resamples| resamples.roc_auc,
    },
    Fixed {
        name: text::LOG_LOSS,
        help: text::LOG_LOSS_HELP,
        of: |cuts| log_loss(cuts.scores(), cuts.left()),
        among: |resamples| resamples.log_loss,
    },
    Fixed {
        name: text::BRIER,
        help: text::BRIER_HELP,
        of: |cuts| brier(cuts.scores(), cuts.left()),
        among: |resamples| resamples.brier,
    },
];

/// Accuracy at the cut, AUC, log loss and Brier score, with intervals. `drawn`
/// says that the resamples are there.
#[component]
pub fn Figures(drawn: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
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
    let fixed = FIXED.map(
        |Fixed {
             name,
             help,
             of,
             among,
         }| {
            let figure = Signal::derive(move || {
                let evaluation = state.evaluation();
                let cuts = evaluation.cuts.as_ref();
                cuts.map(|cuts| text::figure(of(cuts))).unwrap_or_default()
            });
            let interval = Signal::derive(move || {
                let evaluation = state.evaluation();
                // Not before: drawing takes a moment.
                let resamples = drawn.get().then(|| evaluation.bootstrap()).flatten();
                let interval = resamples.map(|resamples| text::figure_interval(among(resamples)));
                interval.unwrap_or_default()
            });
            view! { <Figure name help figure interval /> }
        },
    );
    view! {
        <dl class="figures">
            <Figure
                name=text::ACCURACY
                help=text::ACCURACY_HELP
                figure=accuracy
                interval=accuracy_interval
            />
            {fixed.into_iter().collect_view()}
        </dl>
    }
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
