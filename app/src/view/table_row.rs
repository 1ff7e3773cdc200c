//! One customer of the table.

use leptos::prelude::*;

use crate::explorer::Explorer;
use crate::scale::Step;
use crate::state::State;
use crate::{family, number, text};

/// Reasons that a row names.
const REASONS: usize = 2;

/// Id of the element of the row at a place of the list.
pub fn element_id(place: usize) -> String {
    format!("row-{place}")
}

/// A row; nothing in it changes but whether the keyboard is on it, and whether
/// it is flagged.
#[component]
pub fn TableRow(
    /// Place in the list, from 0.
    place: usize,
    /// Row of the data.
    row: u32,
) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let index = row as usize;
    let weights = explorer.weights(index);
    let risk = explorer.probabilities[index];
    let flagged = Signal::derive(move || risk >= state.threshold.get());
    let risk_text = Signal::derive(move || number::risk(risk, state.threshold.get()));
    let address = Signal::derive(move || state.customer_address(row));
    let values = explorer.original(row).0;
    let imputed = explorer.imputed(row);
    let names: Vec<&str> = imputed
        .iter()
        .map(|&feature| explorer.label(feature))
        .collect();
    let outcome = explorer.has_outcomes().then(|| {
        view! { <td class="outcome">{text::outcome(explorer.data.label(index))}</td> }
    });
    let cells = explorer.columns.iter().map(|&feature| {
        let weight = weights[feature];
        let step = explorer.step(weight);
        let kind = if explorer.feature(feature).is_numeric() {
            "number"
        } else {
            "level"
        };
        let filled = if imputed.contains(&feature) {
            "≈ "
        } else {
            ""
        };
        view! {
            <td class=format!("{kind} {}", step.class()) title=number::weight(weight)>
                {filled}
                {explorer.text(feature, values[feature])}
                {arrows(step)}
            </td>
        }
    });
    let active = Signal::derive(move || (state.active.get() == Some(place)).to_string());
    view! {
        <tr
            id=element_id(place)
            data-place=place.to_string()
            aria-rowindex=(place + 2).to_string()
            aria-selected=active
        >
            <th scope="row" class="id">
                <a tabindex="-1" href=address>{explorer.id(index).to_owned()}</a>
                {(!names.is_empty()).then(|| view! {
                    <abbr class="muted" title=text::imputed_title(&names)>" ≈"</abbr>
                })}
            </th>
            <td class="risk" class:flagged=flagged>{risk_text}</td>
            {outcome}
            <td class="reasons">{reasons(&explorer, weights)}</td>
            {cells.collect_view()}
        </tr>
    }
}

/// Sign and size of a weight, in arrows and, for those who cannot see them, in
/// words.
fn arrows(step: Step) -> Option<impl IntoView> {
    (step.number() != 0).then(|| {
        view! {
            <span class="arrows" role="img" aria-label=text::effect(step.number())>
                {step.arrows()}
            </span>
        }
    })
}

/// Sign and size of a sum, coloured.
fn chip(step: Step) -> impl IntoView {
    view! {
        <span
            class=format!("arrows {}", step.class())
            role="img"
            aria-label=text::effect(step.number())
        >
            {step.arrows()}
        </span>
    }
}

/// The families that weigh most.
fn reasons(explorer: &Explorer, weights: &[f64]) -> impl IntoView + use<> {
    family::ranked(&explorer.reasons, weights)
        .into_iter()
        .take(REASONS)
        .map(|(family, sum)| {
            let step = explorer.step(sum);
            view! {
                <span class="reason" title=number::weight(sum)>
                    {chip(step)} " " {family.label.clone()}
                </span>
            }
        })
        .collect_view()
}
