//! The model's card: how it was made, how good it is, what it is not for. To be
//! read, printed, or kept as Markdown.

use leptos::prelude::*;

use super::chart::table_markup;
use super::folded_table::FoldedTable;
use super::handler::handler;
use super::report;
use crate::explorer::Explorer;
use crate::state::State;
use crate::{download, number, page, text};

/// Data, split, fit and scores of the training, and what the figures of the page
/// say.
#[component]
pub fn ModelCard() -> impl IntoView {
    let state = expect_context::<State>();
    let markup = Signal::derive(move || {
        let mut rows = record(&state.explorer());
        rows.extend(judgement(state));
        table_markup(&text::CARD_HEADS, &rows)
    });
    let save = move |_| {
        let card = untrack(|| markdown(state));
        download::save("model-card.md", "text/markdown", &card);
    };
    view! {
        <FoldedTable name="card" title=text::CARD help=text::CARD_HELP markup>
            <p class="actions">
                <button class="button" on:click=handler(|_| page::print())>{text::PRINT}</button>
                <button class="button" on:click=handler(save)>{text::SAVE_MARKDOWN}</button>
            </p>
        </FoldedTable>
    }
}

/// The record of the training.
fn record(explorer: &Explorer) -> Vec<Vec<String>> {
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

/// What the page says of the model at the cut, and what it is not for.
fn judgement(state: State) -> Vec<Vec<String>> {
    let explorer = state.explorer();
    let evaluation = state.evaluation();
    let enough = evaluation.cuts.is_some();
    let mut rows = Vec::new();
    let mut say = |name: &str, what: String| rows.push(vec![name.to_owned(), what]);
    let basis = text::basis(evaluation.basis, evaluation.rows.len(), enough);
    say(text::CARD_BASIS, basis);
    if let Some(cuts) = &evaluation.cuts {
        let cut = state.threshold.get();
        let rates = cuts.rates(cuts.at(cut));
        say(text::CARD_CUT, number::cut(cut));
        say(text::CARD_RATES, text::precision_readout(&rates));
        say(text::CARD_LIFT, text::lift_readout(&rates));
    }
    let protected: Vec<&str> = explorer
        .preset
        .iter()
        .flat_map(|preset| &preset.features)
        .filter(|feature| feature.protected)
        .map(|feature| feature.label.as_str())
        .collect();
    if !protected.is_empty() {
        say(text::CARD_PROTECTED, text::protected(&protected));
    }
    say(text::CARD_LIMITS, text::CAVEAT.into());
    rows
}

/// The card as a document of its own, with the report at the cut and what the
/// model goes by.
fn markdown(state: State) -> String {
    let explorer = state.explorer();
    let mut out = format!("# {}\n\n", text::CARD_TITLE);
    if let Some(preset) = &explorer.preset {
        out += &format!("{}: {}\n\n", preset.name, preset.source);
    }
    let heads = ["", ""];
    push_table(&mut out, text::CARD, &heads, &record(&explorer));
    push_table(&mut out, text::TRUST, &heads, &judgement(state));
    let evaluation = state.evaluation();
    if let Some(cuts) = &evaluation.cuts {
        let report = report::rows(cuts.confusion(state.threshold.get()).report());
        push_table(&mut out, text::REPORT, &text::REPORT_HEADS, &report);
    }
    let coefficients = super::coefficients::rows(&explorer);
    push_table(
        &mut out,
        text::COEFFICIENTS,
        &text::COEFFICIENT_HEADS,
        &coefficients,
    );
    out
}

/// A headed table of Markdown.
fn push_table(out: &mut String, title: &str, heads: &[&str], rows: &[Vec<String>]) {
    *out += &format!("## {title}\n\n| {} |\n|", heads.join(" | "));
    *out += &"---|".repeat(heads.len());
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        *out += &format!("\n| {} |", cells.join(" | "));
    }
    *out += "\n\n";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_markdown_holds_any_text() {
        let mut out = String::new();
        let rows = [vec!["a|b".to_owned(), "1".to_owned()]];
        push_table(&mut out, "Why?", &["x", "y"], &rows);
        assert_eq!(out, "## Why?\n\n| x | y |\n|---|---|\n| a\\|b | 1 |\n\n");
    }

    #[test]
    fn the_record_names_the_data_and_its_rows() {
        let explorer = crate::explorer::sample::explorer();
        let record = record(&explorer);
        let of = |name: &str| record.iter().find(|row| row[0] == name).map(|row| &row[1]);
        assert_eq!(of(text::CARD_DATA), Some(&explorer.data_hash));
        assert_eq!(of(text::CARD_ROWS), Some(&"32".to_owned()));
        assert_eq!(of(text::CARD_INCOMPLETE), Some(&"1".to_owned()));
    }
}
