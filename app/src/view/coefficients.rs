//! The model itself: what every level and number adds to the log-odds.

use leptos::prelude::*;

use super::chart::{Actions, Drawing, table_markup};
use super::folded_table::FoldedTable;
use crate::explorer::Explorer;
use crate::state::State;
use crate::{number, text};

/// All coefficients, features that weigh most first.
#[component]
pub fn Coefficients() -> impl IntoView {
    let state = expect_context::<State>();
    let markup =
        Signal::derive(move || table_markup(&text::COEFFICIENT_HEADS, &rows(&state.explorer())));
    let draw = Callback::new(move |()| Drawing {
        name: "coefficients".into(),
        question: text::COEFFICIENTS.into(),
        help: text::COEFFICIENTS_HELP.into(),
        heads: text::COEFFICIENT_HEADS.map(str::to_owned).into(),
        rows: written(&state.explorer(), |x| x.to_string(), |x| x.to_string()),
        ..Drawing::default()
    });
    view! {
        <FoldedTable
            name="coefficients"
            title=text::COEFFICIENTS
            help=text::COEFFICIENTS_HELP
            markup
        >
            <Actions question=text::COEFFICIENTS is_drawn=false draw />
        </FoldedTable>
    }
}

/// Feature, value, log-odds and odds ratio, to be read.
pub fn rows(explorer: &Explorer) -> Vec<Vec<String>> {
    written(explorer, number::weight, text::times)
}

fn written(
    explorer: &Explorer,
    weight: fn(f64) -> String,
    odds: fn(f64) -> String,
) -> Vec<Vec<String>> {
    let predictor = &explorer.predictor;
    let (model, design) = (predictor.model(), predictor.design());
    let mut rows = Vec::new();
    for &feature in &explorer.columns {
        let label = explorer.label(feature);
        let mut row = |of: String, log_odds: f64| {
            let odds = odds(log_odds.exp());
            rows.push(vec![label.to_owned(), of, weight(log_odds), odds]);
        };
        let levels = explorer.feature(feature).levels();
        for (column, place) in design.columns(feature).enumerate() {
            let coefficient = model.coefficients[place];
            match levels.get(column) {
                // Against the average training customer.
                Some(level) => {
                    let log_odds = predictor.contributions_of().of_term(feature, coefficient);
                    row(level.clone(), log_odds);
                }
                None => {
                    let sd = predictor.artefact().scaling.sd[place];
                    let step = number::with_unit(&number::shortest(sd, 1), explorer.unit(feature));
                    row(text::per_step(&step), coefficient * sd);
                }
            }
        }
    }
    rows
}
