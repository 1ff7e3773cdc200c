//! How the model was made.

use leptos::prelude::*;

use super::chart::table_markup;
use super::folded_table::FoldedTable;
use crate::explorer::Explorer;
use crate::state::State;
use crate::{number, text};

/// Data, split, fit and scores of the training.
#[component]
pub fn ModelCard() -> impl IntoView {
    let state = expect_context::<State>();
    let markup = Signal::derive(move || table_markup(&text::CARD_HEADS, &rows(&state.explorer())));
    view! { <FoldedTable name="card" title=text::CARD help=text::CARD_HELP markup /> }
}

fn rows(explorer: &Explorer) -> Vec<Vec<String>> {
    let training = &explorer.predictor.artefact().training;
    let mut rows = Vec::new();
    let mut say = |name: &str, what: String| rows.push(vec![name.to_owned(), what]);
    say(
        text::CARD_KIND,
        text::solver(training.solver, training.balanced),
    );
    say(
        text::CARD_C,
        text::regularisation(training.c, training.cross_validation.as_ref()),
    );
    say(
        text::CARD_FIT,
        text::solved(training.converged, training.iterations),
    );
    say(text::CARD_DATA, training.data_hash.clone());
    say(text::CARD_ROWS, text::rows(training.rows));
    say(text::CARD_INCOMPLETE, text::rows(training.incomplete_rows));
    say(text::CARD_SKIPPED, text::rows(training.skipped_rows));
    say(
        text::CARD_HELD_OUT,
        text::held_out(training.held_out.len(), training.seed),
    );
    let scores = [
        (text::CARD_TRAIN_SCORES, Some(&training.train)),
        (text::CARD_TEST_SCORES, training.test.as_ref()),
    ];
    for (name, scores) in scores {
        if let Some(scores) = scores {
            say(name, text::scores(scores));
        }
    }
    let threshold = explorer.predictor.artefact().threshold;
    say(text::CARD_THRESHOLD, number::cut(threshold));
    rows
}
