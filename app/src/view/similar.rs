//! Real customers like this one who had the other outcome.

use leptos::prelude::*;

use crate::neighbours::{self, Neighbour};
use crate::reactive::Memo;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// Customers that are shown.
const SHOWN: usize = 5;

/// The nearest customers to the edited values, and how they differ.
#[component]
pub fn Similar() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let row = what_if.row;
    let outcome = state.explorer().data.label(row as usize);
    let found = Memo::new(move |_| {
        let explorer = state.explorer();
        let near = |row_values: &_| neighbours::nearest(&explorer, row, row_values, SHOWN);
        what_if.now.with(|values| near(&values.row))
    });
    let none = Signal::derive(move || found.with(|found| !found.is_empty()));
    let some = Signal::derive(move || found.with(Vec::is_empty));
    let rows = move || {
        let rows = found.get().into_iter();
        rows.map(|neighbour| similar(state, what_if, &neighbour))
            .collect_view()
    };
    view! {
        <p hidden=none>{text::NO_OTHER_OUTCOME}</p>
        <p class="muted" hidden=some>{text::similar_help(outcome)}</p>
        <table class="plain" hidden=some>
            <thead>
                <tr>
                    <th scope="col">{text::ID}</th>
                    <th scope="col">{text::OUTCOME}</th>
                    <th scope="col">{text::RISK}</th>
                    <th scope="col">{text::DISTANCE}</th>
                    <th scope="col">{text::DIFFERENCES}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn similar(state: State, what_if: WhatIf, neighbour: &Neighbour) -> impl IntoView + use<> {
    let explorer = state.explorer();
    let other = neighbour.row as usize;
    let differences = neighbour.differences.iter().map(|&feature| {
        let own = what_if.now.with(|values| values.row.value(feature));
        let from = explorer.text(feature, own);
        let to = explorer.text_with_unit(feature, explorer.data.value(other, feature));
        view! { <li>{text::set(explorer.label(feature), &from, &to)}</li> }
    });
    let risk = explorer.probabilities[other];
    view! {
        <tr>
            <th scope="row">
                <a href=state.customer_address(neighbour.row)>{explorer.id(other).to_owned()}</a>
            </th>
            <td>{text::outcome(explorer.data.label(other))}</td>
            <td>{Signal::derive(move || number::risk(risk, state.threshold.get()))}</td>
            <td>{number::value(neighbour.distance, 2)}</td>
            <td>
                <ul class="differences">{differences.collect_view()}</ul>
            </td>
        </tr>
    }
}
