//! The editor for few levels: a row of buttons. Each level says what choosing
//! it gives.

use churn_core::Value;
use churn_core::links::Edit;
use leptos::prelude::*;
use web_sys::Element;

use super::handler::handler;
use crate::number;
use crate::state::State;
use crate::what_if::WhatIf;

/// Longest level that a button shows in the body size.
const SHORT: usize = 12;
/// Attribute that says which edit a level stands for.
const EDIT: &str = "data-edit";

/// One button per level; the arrow keys choose.
#[component]
pub fn LevelButtons(feature: usize) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let levels = explorer.feature(feature).levels();
    let locked = explorer.is_immutable(feature);
    let (now, shown) = (what_if.value(feature), what_if.shown_value(feature));
    let buttons = (0_u8..).zip(levels).map(|(code, level)| {
        let value = Value::Level(code);
        let mut class = String::from("segment");
        if level.chars().count() > SHORT {
            class += " long";
        }
        if what_if.original_value(feature) == value {
            class += " from";
        }
        let class = Signal::derive(move || {
            let previewed = shown.get() == value && now.get() != value;
            class.clone() + if previewed { " preview" } else { "" }
        });
        let chosen = Signal::derive(move || now.get() == value);
        let result = (!locked).then(|| outcome(what_if, feature, code));
        let edit = result.map(|_| edit_text(feature, code));
        view! {
            <label class=class data-edit=edit>
                <input
                    type="radio"
                    name=format!("feature-{feature}")
                    value=level.clone()
                    prop:checked=chosen
                    on:change=handler(move |_| what_if.set(feature, value, false))
                />
                <span>
                    {level.clone()} " " {result.map(|result| view! { <b>{result}</b> })}
                </span>
            </label>
        }
    });
    view! { <div class="segments">{buttons.collect_view()}</div> }
}

/// The risk that choosing a level gives.
pub fn outcome(what_if: WhatIf, feature: usize, code: u8) -> Signal<String> {
    let threshold = expect_context::<State>().threshold;
    Signal::derive(move || {
        let outcomes = &what_if.outcomes;
        let risk = outcomes.with(|outcomes| outcomes[feature][usize::from(code)]);
        number::risk(risk, threshold.get())
    })
}

/// The edit that a level stands for, as [`edit_of`] reads it.
pub fn edit_text(feature: usize, code: u8) -> String {
    format!("{feature}:{code}")
}

/// The edit of the level that an element belongs to.
pub fn edit_of(element: &Element) -> Option<Edit> {
    let button = element.closest("[data-edit]").ok()??;
    let text = button.get_attribute(EDIT)?;
    let (feature, code) = text.split_once(':')?;
    Some(Edit {
        feature: feature.parse().ok()?,
        value: Value::Level(code.parse().ok()?),
    })
}
