//! One family of features on the customer page: label, editor, weight.

use leptos::prelude::*;

use super::bar::Bar;
use super::editor::Editor;
use super::handler::handler;
use crate::draft::Values;
use crate::family::Family;
use crate::reactive::{Memo, RwSignal};
use crate::scale::{Step, boundaries};
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// A family under its name and sum; it can be folded.
#[component]
pub fn FeatureRows(
    /// The features.
    family: Family,
    /// Whether it is unfolded at first.
    open: bool,
) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let features = family.features.clone();
    let label = family.label.clone();
    let sum = Signal::derive(move || what_if.with_weights(|weights| family.sum(weights)));
    view! {
        <details class="family" open=open>
            <summary>
                <h2>{label}</h2>
                <Weight weight=sum />
            </summary>
            <ul>
                {features.into_iter().map(|feature| view! { <FeatureRow feature /> }).collect_view()}
            </ul>
        </details>
    }
}

/// What the columns of the rows are.
#[component]
pub fn FeatureCaptions() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let caption = Signal::derive(move || text::weight_caption(what_if.method.get()).to_owned());
    view! {
        <div class="feature captions muted" aria-hidden="true">
            <span>{text::FEATURE}</span>
            <span>{text::ORIGINAL}</span>
            <span>{text::EDITED}</span>
            <span>{caption}</span>
        </div>
    }
}

/// A feature: the original value, its editor, its weight, and the way back.
#[component]
fn FeatureRow(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let label = explorer.label(feature).to_owned();
    let original = explorer.text_with_unit(feature, what_if.original_value(feature));
    let imputed = explorer.imputed(what_if.row).contains(&feature);
    let change = Memo::new(move |_| what_if.shown.with(|step| change(step, feature)));
    let class = Signal::derive(move || format!("feature {}", change.get()));
    let unchanged = Signal::derive(move || change.get().is_empty());
    // A price follows; it is set by itself only by those who ask for that.
    let is_price = explorer.is_price(feature);
    let opened = RwSignal::new(false);
    let is_own = Memo::new(move |_| what_if.now.with(|step| step.marks.own.contains(&feature)));
    let closed = Signal::derive(move || is_price && !opened.get() && !is_own.get());
    let open_label = text::edit_apart(explorer.preset.is_some());
    let weight = Signal::derive(move || what_if.weight(feature));
    let focus = move || what_if.focus.set(Some(feature));
    let note = if is_price {
        Some(text::PRICE_NOTE)
    } else if explorer.is_immutable(feature) {
        Some(text::NOT_CHANGEABLE)
    } else {
        None
    };
    view! {
        <li
            class=class
            on:pointerenter=handler(move |_| focus())
            on:focusin=handler(move |_| focus())
        >
            <span class="label" title=explorer.help(feature).map(str::to_owned)>{label.clone()}</span>
            <span class="original muted">{imputed.then_some("≈ ")} {original}</span>
            <Editor feature closed />
            <Bar feature />
            <Weight weight=weight />
            <button
                class="icon reset"
                aria-label=text::reset(&label)
                title=text::reset(&label)
                disabled=unchanged
                on:click=handler(move |_| what_if.reset(feature))
            >
                "↺"
            </button>
            {note.map(|note| view! {
                <p class="note muted">
                    {note} " "
                    {is_price.then(|| view! {
                        <button
                            class="link"
                            disabled=Signal::derive(move || !closed.get())
                            on:click=handler(move |_| opened.set(true))
                        >
                            {open_label}
                        </button>
                    })}
                </p>
            })}
        </li>
    }
}

/// How a feature differs from the original, as classes.
fn change(step: &Values, feature: usize) -> &'static str {
    if step.marks.own.contains(&feature) {
        "changed"
    } else if step.marks.followers.iter().any(|f| f.feature == feature) {
        "changed followed"
    } else {
        ""
    }
}

/// A weight in figures, with its step's colour and arrows.
#[component]
fn Weight(#[prop(into)] weight: Signal<f64>) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let step = move || Step::of(weight.get(), boundaries(what_if.method.get()));
    let class = Signal::derive(move || format!("weight {}", step().class()));
    let figure = Signal::derive(move || number::weight(weight.get()));
    view! { <span class=class>{figure}</span> }
}
