//! The editor for numbers: a slider over the range of the data, and a field
//! that takes any number.

use churn_core::{FeatureKind, Value};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::distribution::Distribution;
use super::handler::handler;
use super::key_run::KeyRun;
use crate::reactive::{RwSignal, effect};
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{edits, number, text};

/// A range at least this wide is slid over in whole steps.
const WIDE: f64 = 20.0;
/// Steps of Page Up and Page Down.
const PAGE: f64 = 10.0;
/// The same where a number counts months: a year.
const YEAR: f64 = 12.0;

/// Slider and field; what cannot be read keeps the last number and says so.
#[component]
pub fn NumberEditor(
    feature: usize,
    /// Closed until it is opened.
    #[prop(into)]
    closed: Signal<bool>,
) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let label = explorer.label(feature).to_owned();
    let unit = explorer.unit(feature).map(str::to_owned);
    let (low, high) = explorer.range(feature);
    let decimals = match explorer.feature(feature).kind {
        FeatureKind::Numeric { decimals } => decimals,
        FeatureKind::Categorical { .. } => 0,
    };
    let step = if high - low >= WIDE {
        1.0
    } else {
        10_f64.powi(-i32::from(decimals))
    };
    let page = match unit.as_deref() {
        Some(text::MONTHS) => YEAR,
        _ => PAGE * step,
    };
    let ends = (number::value(low, decimals), number::value(high, decimals));
    let outside = text::outside(&ends.0, &ends.1);
    let unreadable = RwSignal::new(false);
    let (now, shown) = (what_if.value(feature), what_if.shown_value(feature));
    let numeric = move |value: Value| match value {
        Value::Number(number) => number,
        Value::Level(_) | Value::Missing => low,
    };
    let take = move |typed: &str| {
        let value = edits::parse(typed, explorer.feature(feature));
        unreadable.set(value.is_none());
        if let Some(value) = value {
            what_if.set(feature, value, true);
        }
    };
    let slide = take.clone();
    let run = KeyRun::new(what_if);
    let turn = move |event: KeyboardEvent| {
        run.press();
        let by = match event.key().as_str() {
            "PageUp" => page,
            "PageDown" => -page,
            _ => return,
        };
        event.prevent_default();
        let moved = numeric(now.get_untracked()) + by;
        let within = moved.clamp(low.floor(), high.ceil());
        what_if.set(feature, Value::Number(within), true);
        run.arrive();
    };
    // Text that already reads as the number stays as it was typed.
    let field = NodeRef::<leptos::html::Input>::new();
    let write = move |field: &web_sys::HtmlInputElement, number: f64| {
        field.set_value(&number::field(number, decimals));
    };
    effect(move || {
        let number = numeric(shown.get());
        if let Some(field) = field.get()
            && number::parse(&field.value()) != Some(number)
        {
            write(&field, number);
            unreadable.set(false);
        }
    });
    let invalid = Signal::derive(move || unreadable.get().to_string());
    let position = Signal::derive(move || numeric(shown.get()).to_string());
    let class = Signal::derive(move || {
        let previewed = shown.get() != now.get();
        String::from(if previewed {
            "number-editor preview"
        } else {
            "number-editor"
        })
    });
    let note = Signal::derive(move || {
        if unreadable.get() {
            text::EXPECTED_NUMBER.into()
        } else if (low..=high).contains(&numeric(now.get())) {
            String::new()
        } else {
            outside.clone()
        }
    });
    view! {
        <div class=class>
            <Distribution feature />
            <input
                type="range"
                aria-label=label.clone()
                title=text::TICKS
                min=low.floor().to_string()
                max=high.ceil().to_string()
                step=step.to_string()
                disabled=closed
                prop:value=position
                on:input:target=move |event| slide(&event.target().value())
                on:change=handler(move |_| run.arrive())
                on:keydown=handler(turn)
                on:pointerdown=handler(move |_| run.end())
                on:blur=handler(move |_| run.end())
            />
            <input
                type="number"
                aria-label=label
                step="any"
                disabled=closed
                aria-invalid=invalid
                node_ref=field
                on:input:target=move |event| take(&event.target().value())
                on:change=handler(move |_| run.arrive())
                on:keydown=handler(move |_| run.press())
                on:pointerdown=handler(move |_| run.end())
                on:blur:target=move |event| {
                    run.end();
                    unreadable.set(false);
                    write(&event.target(), numeric(now.get_untracked()));
                }
            />
            <span class="unit muted">{unit}</span>
            <span class="ends muted" aria-hidden="true">
                <span>{ends.0}</span>
                <span>{ends.1}</span>
            </span>
            <span class="warning" role="status">{note}</span>
        </div>
    }
}
