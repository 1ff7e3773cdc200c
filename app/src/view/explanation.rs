//! Which method explains, and what its numbers mean.

use churn_core::math::by_size;
use churn_core::{Method, Value};
use leptos::prelude::*;

use super::choice::Choice;
use super::fidelity::{fidelity, is_poor};
use crate::explorer::Explorer;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{family, number, text};

/// LIME, or log-odds contributions.
#[component]
pub fn MethodSwitch() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let methods = [Method::Exact, Method::Contributions];
    view! {
        <Choice
            name="method"
            caption=text::METHOD
            options=vec![text::LIME, text::LOG_ODDS]
            chosen=Signal::derive(move || {
                usize::from(what_if.method.get() == Method::Contributions)
            })
            choose=Callback::new(move |place: usize| what_if.method.set(methods[place]))
        />
    }
}

/// What the weight of the feature in focus means; without one, of the feature
/// that weighs most.
#[component]
pub fn WeightSentence() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let sentence = Signal::derive(move || {
        let explorer = state.explorer();
        what_if.with_weights(|weights| {
            let largest = || {
                let places = 0..weights.len();
                places.max_by(|&a, &b| weights[a].abs().total_cmp(&weights[b].abs()))
            };
            let Some(feature) = what_if.focus.get().or_else(largest) else {
                return String::new();
            };
            let weight = weights[feature];
            match what_if.method.get() {
                Method::Contributions => text::contribution_effect(explorer.label(feature), weight),
                Method::Exact | Method::Sampled => {
                    let value = what_if.shown.with(|step| step.row.value(feature));
                    let effect = text::lime_effect(&condition(&explorer, feature, value), weight);
                    if explorer.feature(feature).is_numeric() {
                        effect + " " + text::TICKS
                    } else {
                        effect
                    }
                }
            }
        })
    });
    view! { <p class="sentence muted">{sentence}</p> }
}

/// What the model says of the shown values, and which families move it most.
pub fn summary(state: State, what_if: WhatIf) -> String {
    let explorer = state.explorer();
    what_if.lime.with(|lime| {
        let ranked = family::ranked(&explorer.reasons, &lime.weights);
        let first = |wanted: fn(f64) -> bool| {
            let found = ranked.iter().find(|(_, sum)| wanted(*sum));
            found.map(|(family, _)| family.label.as_str())
        };
        text::summary(
            &number::risk(lime.probability, state.threshold.get()),
            first(|sum| sum > 0.0),
            first(|sum| sum < 0.0),
        )
    })
}

/// The explanation to be read elsewhere: who, what the model says, every value
/// with its weight, those that weigh most first, and what it goes back to.
pub fn as_text(state: State, what_if: WhatIf) -> String {
    let explorer = state.explorer();
    let row = what_if.row as usize;
    let cut = state.threshold.get();
    let (original, shown) = (what_if.original_probability(), what_if.probability());
    let changed = what_if.changes() > 0;
    let verdict = text::verdict(original >= cut, shown >= cut, changed);
    let mut lines = vec![
        text::field(explorer.id(row), &summary(state, what_if)),
        format!("{}. {verdict}.", text::rule(cut)),
    ];
    if changed {
        let change = number::points(shown - original);
        let original = number::risk(original, cut);
        lines.push(text::edited_from(&original, &change));
    }
    let method = what_if.method.get();
    let mut line = |cells: [&str; 3]| lines.push(cells.join("\t"));
    line([text::FEATURE, text::VALUE, text::weight_caption(method)]);
    what_if.with_weights(|weights| {
        for feature in by_size(weights) {
            let value = what_if.shown.with(|step| step.row.value(feature));
            let value = explorer.text_with_unit(feature, value);
            line([
                explorer.label(feature),
                &value,
                &number::weight(weights[feature]),
            ]);
        }
    });
    if method != Method::Contributions {
        lines.push(fidelity(state, what_if));
        lines.extend(is_poor(what_if).then(|| text::POOR_STAND_IN.into()));
    }
    lines.push(text::CAVEAT.into());
    lines.push(text::made_of(&explorer.predictor.id(), &explorer.data_hash));
    lines.join("\n") + "\n"
}

/// What LIME compares with its opposite: a level, or a range of numbers.
fn condition(explorer: &Explorer, feature: usize, value: Value) -> String {
    let Value::Number(_) = value else {
        return text::having(&explorer.text(feature, value), explorer.label(feature));
    };
    let background = &explorer.predictor.artefact().background.features[feature];
    let Some(bin) = background.bins.get(usize::from(background.code(value))) else {
        return text::being_in_range(&explorer.text_with_unit(feature, value));
    };
    let end = |number| explorer.text(feature, Value::Number(number));
    let range = format!("{}–{}", end(bin.low), end(bin.high));
    text::being_in_range(&number::with_unit(&range, explorer.unit(feature)))
}
