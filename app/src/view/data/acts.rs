//! What a click or a key on a chart does. The charts are markup: one listener
//! around them finds what was meant by its `data-` attributes.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::document;
use web_sys::Element;

use super::{FEATURE, PAIR, chart};
use crate::exploration::{COARSE, FINE, Groups};
use crate::filter::Filter;
use crate::page;
use crate::state::State;
use crate::view::elements::{all, element, set, step};

/// Parts of charts that can be pressed.
const PARTS: &str = "[data-at],[data-pair]";

/// Takes a click on a part of a chart or on one of its buttons.
pub fn on_click(state: State, event: &MouseEvent) {
    if let Some(target) = element(event.target()) {
        press(state, &target);
    }
}

/// Enter and Space press, arrows lead to the next part.
pub fn on_key(state: State, event: &KeyboardEvent) {
    let Some(part) = element(event.target()).filter(|at| at.matches(PARTS).unwrap_or(false)) else {
        return;
    };
    match event.key().as_str() {
        "Enter" | " " => press(state, &part),
        "ArrowRight" | "ArrowDown" => step(&part, PARTS, 1),
        "ArrowLeft" | "ArrowUp" => step(&part, PARTS, -1),
        _ => return,
    }
    event.prevent_default();
}

/// Marks in all charts what the filter asks for.
pub fn show_asked(state: State) {
    let filter = state.filter.get();
    let explorer = state.explorer();
    let asked = |groups: &Groups, place| groups.is_asked(&explorer, place, &filter);
    for part in all(&document().body(), "[data-at]") {
        let groups = groups_of(state, &part);
        let pressed = groups.iter().all(|(groups, place)| asked(groups, *place));
        set(
            &part,
            "aria-pressed",
            if pressed { "true" } else { "false" },
        );
    }
}

fn press(state: State, target: &Element) {
    let closest = |css: &str| target.closest(css).ok().flatten();
    if let Some(button) = closest("[data-act]") {
        let figure = closest("figure").map(|figure| figure.id());
        if let (Some(act), Some(id)) = (button.get_attribute("data-act"), figure)
            && let Some(drawing) = chart(state, &id)
        {
            drawing.act(&act);
        }
    } else if let Some(part) = closest("[data-at]") {
        let groups = groups_of(state, &part);
        let explorer = state.explorer();
        state.edit_filter(|filter: &mut Filter| {
            let asked = groups
                .iter()
                .all(|(groups, place)| groups.is_asked(&explorer, *place, filter));
            for (groups, place) in &groups {
                // Two at once are asked for, or taken back, together.
                if groups.is_asked(&explorer, *place, filter) == asked {
                    groups.toggle(&explorer, *place, filter);
                }
            }
        });
    } else if let Some(part) = closest("[data-pair]") {
        match numbers(&part, "data-pair").as_slice() {
            &[x, y] => {
                state.pair.set((x, y));
                state.pair_open.set(true);
                state.write_address();
                show_figure(PAIR);
            }
            [feature] => show_figure(&format!("{FEATURE}{feature}")),
            _ => {}
        }
    }
}

/// Leads to a chart that may be drawn only now.
fn show_figure(id: &str) {
    page::focus_soon(format!("#{id} [tabindex=\"0\"]"));
}

/// The groups that a part of a chart stands for: of one feature those of its own
/// chart, of two those of the pair plot.
fn groups_of(state: State, part: &Element) -> Vec<(Groups, usize)> {
    let explorer = state.explorer();
    let numbers = numbers(part, "data-at");
    let wanted = if numbers.len() > 2 { COARSE } else { FINE };
    let features = explorer.schema().features.len();
    numbers
        .chunks_exact(2)
        .filter(|pair| pair[0] < features)
        .map(|pair| (Groups::of(&explorer, pair[0], wanted), pair[1]))
        .collect()
}

/// The numbers of an attribute, as in `3.1`.
fn numbers(element: &Element, attribute: &str) -> Vec<usize> {
    let text = element.get_attribute(attribute).unwrap_or_default();
    text.split('.')
        .filter_map(|number| number.parse().ok())
        .collect()
}
