//! The customer page: what moves this estimate?

use churn_core::math::by_size;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use web_sys::Element;
use web_sys::wasm_bindgen::JsCast;

use crate::draft::Values;
use crate::family::{self, Family};
use crate::reactive::RwSignal;
use crate::state::State;
use crate::view::handler;
use crate::view::{
    Choice, FeatureCaptions, FeatureRows, Fold, Legend, MethodSwitch, Methods, ResponseCurves,
    RiskPanel, SavedScenarios, Scenarios, Similar, Waterfall, WeightSentence, edit_of,
};
use crate::what_if::WhatIf;
use crate::{page, text};

/// The estimate on the left, every feature with its editor on the right.
#[component]
pub fn CustomerPage(
    /// Row of the data.
    row: u32,
) -> impl IntoView {
    let state = expect_context::<State>();
    state.take_asked(row);
    let what_if = WhatIf::new(state, row);
    provide_context(what_if);
    let scenarios = SavedScenarios::new(state, what_if);
    provide_context(scenarios);
    let folded = || RwSignal::new(false);
    // A narrow page unfolds only what weighs most.
    let narrow = page::is_narrow();
    let rows = move || {
        let explorer = state.explorer();
        let families = match state.by_weight.get() {
            // As they weigh now: no row moves by an edit.
            true => vec![Family {
                features: untrack(|| what_if.with_weights(by_size)),
                ..Family::of_all(explorer.schema())
            }],
            false if explorer.families.is_empty() => vec![Family::of_all(explorer.schema())],
            false => explorer.families.clone(),
        };
        let largest = family::ranked(&families, explorer.weights(row as usize))
            .first()
            .map(|(family, _)| family.label.clone());
        let rows = |family: Family| {
            let open = !narrow || largest.as_deref() == Some(&family.label);
            view! { <FeatureRows family open /> }
        };
        families.into_iter().map(rows).collect_view()
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if !on_key(what_if, &event) {
            walk(state, row, &event);
        }
    });
    // What comes to lie where the pointer was already was not pointed at. A finger
    // does not rest on what it is about to touch.
    let pointer = state.pointer;
    let at = |event: &PointerEvent| (event.client_x(), event.client_y());
    let rest = move |event: PointerEvent| {
        let under = event.target().and_then(|target| target.dyn_into().ok());
        let mouse = event.pointer_type() == "mouse" && at(&event) != pointer.get_value();
        let edit = under.as_ref().filter(|_| mouse).and_then(edit_of);
        what_if.rest_on(edit.filter(|edit| {
            let now = |step: &Values| step.row.value(edit.feature);
            what_if.now.with_untracked(now) != edit.value
        }));
    };
    on_cleanup(move || keys.remove());
    let class = Signal::derive(move || {
        let preview = what_if.preview.with(Option::is_some);
        String::from(if preview {
            "customer previewing"
        } else {
            "customer"
        })
    });
    let all_taken = Signal::derive(move || state.refused.with(String::is_empty));
    view! {
        <p class="notice" hidden=all_taken>{Signal::<String>::from(state.refused)}</p>
        <div class=class>
            <RiskPanel />
            <section
                class="features"
                aria-label=text::ALL_FEATURES
                on:pointerover=handler(rest)
                on:pointermove=handler(move |event: PointerEvent| pointer.set_value(at(&event)))
                on:pointerleave=handler(move |_| what_if.rest_on(None))
            >
                <div class="toolbar">
                    <MethodSwitch />
                    <Choice
                        name="order"
                        caption=text::FEATURE_ORDER
                        options=vec![text::BY_FAMILY, text::BY_WEIGHT]
                        chosen=Signal::derive(move || usize::from(state.by_weight.get()))
                        choose=Callback::new(move |place: usize| state.by_weight.set(place > 0))
                    />
                    <Legend method=what_if.method />
                </div>
                <WeightSentence />
                <FeatureCaptions />
                {rows}
                <Fold label=text::METHODS question=text::METHODS_QUESTION open=folded()>
                    <Methods />
                </Fold>
                <Fold label=text::WATERFALL question=text::WATERFALL_QUESTION open=folded()>
                    <Waterfall />
                </Fold>
                <Fold label=text::CURVES question=text::CURVES_QUESTION open=folded()>
                    <ResponseCurves />
                </Fold>
                <Fold label=text::SIMILAR question=text::SIMILAR_QUESTION open=folded()>
                    <Similar />
                </Fold>
                <Fold label=text::SCENARIOS question=text::SCENARIOS_QUESTION open=scenarios.open>
                    <Scenarios />
                </Fold>
            </section>
        </div>
    }
}

/// Takes a step back or forth, or ends a preview; says whether the key meant
/// that.
fn on_key(what_if: WhatIf, event: &KeyboardEvent) -> bool {
    let key = event.key().to_ascii_lowercase();
    if key == "escape" {
        what_if.leave();
        return true;
    }
    // Texts have steps of their own; a number's are those of the customer.
    let target = event.target().and_then(|target| target.dyn_into().ok());
    let text = |element: &Element| {
        element.tag_name() == "INPUT" && element.get_attribute("type").as_deref() == Some("text")
    };
    let commands = event.ctrl_key() || event.meta_key();
    let (undo, redo) = match key.as_str() {
        "z" => (!event.shift_key(), event.shift_key()),
        "y" => (false, true),
        _ => return false,
    };
    if !commands || event.alt_key() || target.as_ref().is_some_and(text) {
        return false;
    }
    event.prevent_default();
    let (can_undo, can_redo) = what_if.ways();
    if undo && can_undo {
        what_if.change(&|draft, _| draft.undo());
    } else if redo && can_redo {
        what_if.change(&|draft, _| draft.redo());
    }
    true
}

/// J and K walk through the customers of the table.
fn walk(state: State, row: u32, event: &KeyboardEvent) {
    if page::is_typed_into() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let neighbour = match event.key().to_ascii_lowercase().as_str() {
        "j" => state.neighbour(row, 1),
        "k" => state.neighbour(row, -1),
        _ => return,
    };
    if let Some(row) = neighbour {
        state.open_customer(row);
    }
}
