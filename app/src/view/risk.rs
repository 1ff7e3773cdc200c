//! The estimate of one customer: risk, change, verdict, and how far the
//! explanation can be trusted.

use leptos::prelude::*;

use super::announcement::Announcement;
use super::changes::{self, Changes};
use super::explanation::{as_text, summary};
use super::fidelity::Fidelity;
use super::handler::handler;
use super::scenario_table::SavedScenarios;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{clipboard, number, text};

/// Who it is, what the model says, and what the edits change.
#[component]
pub fn RiskPanel() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let scenarios = expect_context::<SavedScenarios>();
    let explorer = state.explorer();
    let threshold = state.threshold;
    let original = what_if.original_probability();
    let edited = move || what_if.probability();
    let changed = move || what_if.changes() > 0;
    // Empty while nothing is edited.
    let if_changed = |text: fn(f64, f64, f64) -> String| {
        Signal::derive(move || {
            if changed() {
                text(original, edited(), threshold.get())
            } else {
                String::new()
            }
        })
    };
    let delta = if_changed(|original, edited, _| number::points(edited - original));
    let from_to = if_changed(|original, edited, cut| {
        text::change(&number::risk(original, cut), &number::risk(edited, cut))
    });
    let fields = Signal::derive(move || {
        let explorer = state.explorer();
        what_if.shown.with(|step| changes::summary(step, &explorer))
    });
    let risk = Signal::derive(move || number::risk(edited(), threshold.get()));
    let unchanged = Signal::derive(move || !changed());
    let verdict = Signal::derive(move || {
        let cut = threshold.get();
        text::verdict(original >= cut, edited() >= cut, changed()).to_owned()
    });
    let outcome = explorer.data.label(what_if.row as usize);
    let summary = Signal::derive(move || summary(state, what_if));
    let seen = Signal::derive(move || !what_if.is_unseen());
    let unseen = text::unseen(explorer.combinations().customers());
    let class = Signal::derive(move || {
        let unseen = if seen.get() { "" } else { " unseen" };
        let preview = what_if.preview.with(Option::is_some);
        format!("estimate{unseen}{}", if preview { " preview" } else { "" })
    });
    let no_preview = Signal::derive(move || what_if.preview.with(Option::is_none));
    let rule = Signal::derive(move || text::rule(threshold.get()));
    view! {
        <aside class="risk-panel" aria-label=text::RISK>
            <Neighbours />
            <h1>
                {explorer.id(what_if.row as usize).to_owned()}
                <span class="muted outcome">{text::outcome(outcome)}</span>
            </h1>
            <div class=class>
                <output class="probability">{risk}</output>
                <p class="change">
                    <strong>{delta}</strong>
                    <span class="muted">{from_to}</span>
                </p>
                <Ways />
                <p class="verdict">{verdict}</p>
                <p class="example" hidden=seen>{unseen}</p>
                <RiskScale original />
                <p class="rule muted">{rule}</p>
                <p class="preview-label" hidden=no_preview>{text::PREVIEW}</p>
            </div>
            <Announcement />
            <div class="actions">
                <button
                    class="button"
                    disabled=unchanged
                    on:click=handler(move |_| what_if.change(&|draft, _| draft.reset_all()))
                >
                    {text::RESET_ALL}
                </button>
                <button class="button" disabled=unchanged on:click=handler(move |_| scenarios.save())>
                    {text::SAVE_SCENARIO}
                </button>
                <span class="edits muted">{fields}</span>
            </div>
            <p class="summary">{summary}</p>
            <Imputed />
            <Fidelity />
            <p class="take">
                <button
                    class="link"
                    on:click=handler(move |_| {
                        let told = untrack(|| as_text(state, what_if));
                        clipboard::copy(state, &told, text::EXPLANATION_COPIED.into());
                    })
                >
                    {text::COPY_EXPLANATION}
                </button>
            </p>
            <p class="caveat">{text::CAVEAT}</p>
            <Changes />
        </aside>
    }
}

/// A step back and a step forth.
#[component]
fn Ways() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let way = move |label: &'static str, sign: &'static str, is_undo: bool| {
        let closed = Signal::derive(move || {
            let (undo, redo) = what_if.ways();
            !(if is_undo { undo } else { redo })
        });
        let go = move |_| {
            what_if.change(&|draft, _| {
                if is_undo {
                    draft.undo();
                } else {
                    draft.redo();
                }
            });
        };
        view! {
            <button class="icon" aria-label=label title=label disabled=closed on:click=handler(go)>
                {sign}
            </button>
        }
    };
    view! {
        <div class="ways">{way(text::UNDO, "↶", true)} {way(text::REDO, "↷", false)}</div>
    }
}

/// The way back, and the customers before and after in the table's order.
#[component]
fn Neighbours() -> impl IntoView {
    let state = expect_context::<State>();
    let what_if = expect_context::<WhatIf>();
    let row = what_if.row;
    let place = Signal::derive(move || match state.place(row) {
        Some(place) => text::place(place + 1, state.listed.with(|rows| rows.len())),
        None => String::new(),
    });
    let step = move |by: isize, label: &'static str, sign: &'static str| {
        let at_end = Signal::derive(move || state.neighbour(row, by).is_none());
        view! {
            <button
                class="icon"
                aria-label=label
                title=label
                disabled=at_end
                on:click=handler(move |_| {
                    if let Some(row) = state.neighbour(row, by) {
                        state.open_customer(row);
                    }
                })
            >
                {sign}
            </button>
        }
    };
    view! {
        <nav class="neighbours">
            <a href=state.table_address on:click=handler(move |_| state.write_address())>
                {text::BACK}
            </a>
            {step(-1, text::PREVIOUS, "‹")}
            <span class="muted">{place}</span>
            {step(1, text::NEXT, "›")}
        </nav>
    }
}

/// From 0 to 100%, with the cut, the original and the edited risk.
#[component]
fn RiskScale(original: f64) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let threshold = expect_context::<State>().threshold;
    let edited = move || what_if.probability();
    let at = |probability: f64| format!("{}%", probability * 100.0);
    let label = Signal::derive(move || text::risk_scale(original, edited(), threshold.get()));
    let filled = Signal::derive(move || at(edited()));
    let cut = Signal::derive(move || at(threshold.get()));
    view! {
        <div
            class="risk-scale"
            role="img"
            aria-label=label
        >
            <span class="fill" style:width=filled></span>
            <span class="mark" style:left=at(original)></span>
            <span class="cut" style:left=cut></span>
        </div>
    }
}

/// Values that are missing in the data, and what stands for them.
#[component]
fn Imputed() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let filled: Vec<String> = explorer
        .imputed(what_if.row)
        .iter()
        .map(|&feature| {
            let value = explorer.text_with_unit(feature, what_if.original_value(feature));
            text::imputed(
                explorer.label(feature),
                &value,
                &explorer.imputation(feature),
            )
        })
        .collect();
    filled
        .into_iter()
        .map(|sentence| view! { <p class="notice">"≈ " {sentence}</p> })
        .collect_view()
}
