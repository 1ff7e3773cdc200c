//! The editor for numbers: a slider over the range of the data, and a field
//! that takes any number.

use churn_core::{FeatureKind, Value};
use leptos::prelude::*;

use crate::state::State;
use crate::what_if::WhatIf;
use crate::{edits, number, text};

/// A range at least this wide is slid over in whole steps.
const WIDE: f64 = 20.0;

/// Slider and field; what cannot be read keeps the last number and says so.
#[component]
pub fn NumberEditor(feature: usize) -> impl IntoView {
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
    let ends = (number::value(low, decimals), number::value(high, decimals));
    let outside = text::outside(&ends.0, &ends.1);
    let unreadable = RwSignal::new(false);
    let current = move || match what_if.value(feature) {
        Value::Number(number) => number,
        Value::Level(_) | Value::Missing => low,
    };
    let take = move |typed: &str| {
        let value = edits::parse(typed, explorer.feature(feature));
        unreadable.set(value.is_none());
        if let Some(value) = value {
            what_if.set(feature, value);
        }
    };
    let slide = take.clone();
    // Text that already reads as the number stays as it was typed.
    let field = NodeRef::<leptos::html::Input>::new();
    let write = move |field: &web_sys::HtmlInputElement, number: f64| {
        field.set_value(&number::field(number, decimals));
    };
    Effect::new(move |_| {
        let number = current();
        if let Some(field) = field.get()
            && number::parse(&field.value()) != Some(number)
        {
            write(&field, number);
        }
    });
    let invalid = Signal::derive(move || unreadable.get().to_string());
    let position = Signal::derive(move || current().to_string());
    let note = Signal::derive(move || {
        if unreadable.get() {
            text::EXPECTED_NUMBER.into()
        } else if (low..=high).contains(&current()) {
            String::new()
        } else {
            outside.clone()
        }
    });
    view! {
        <div class="number-editor">
            <input
                type="range"
                aria-label=label.clone()
                min=low.floor().to_string()
                max=high.ceil().to_string()
                step=step.to_string()
                prop:value=position
                on:input:target=move |event| slide(&event.target().value())
            />
            <input
                type="number"
                aria-label=label
                step="any"
                aria-invalid=invalid
                node_ref=field
                on:input:target=move |event| take(&event.target().value())
                on:blur:target=move |event| {
                    unreadable.set(false);
                    write(&event.target(), current());
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
