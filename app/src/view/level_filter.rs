//! Which levels of a column are asked for.

use leptos::prelude::*;

use super::handler::handler;
use crate::filter::{Field, level_counts};
use crate::number;
use crate::reactive::Memo;
use crate::state::State;

/// A box for each level, with how many customers have it under the other
/// conditions.
#[component]
pub fn LevelFilter(field: Field) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let levels = field.levels(&explorer).len();
    let counts = Memo::new(move |_| {
        let others = state.filter.with(|filter| filter.without(field));
        level_counts(field, &state.rows_of(&others), &state.explorer())
    });
    let asked = Memo::new(move |_| state.filter.with(|filter| filter.levels(field, levels)));
    let toggle = move |code: u8| {
        let mut codes = asked.get_untracked();
        match codes.iter().position(|&asked| asked == code) {
            Some(place) => drop(codes.remove(place)),
            None => codes.push(code),
        }
        codes.sort_unstable();
        state.edit_filter(|filter| filter.set_levels(field, codes));
    };
    let boxes = (0..=u8::MAX).take(levels).map(|code| {
        let checked = Signal::derive(move || asked.with(|asked| asked.contains(&code)));
        let count = Signal::derive(move || {
            let count = counts.with(|counts| counts.get(usize::from(code)).copied());
            number::count(count.unwrap_or_default())
        });
        view! {
            <li>
                <label>
                    <input type="checkbox" prop:checked=checked on:change=handler(move |_| toggle(code)) />
                    <span>{field.level(code, &explorer)}</span>
                    <span class="muted">{count}</span>
                </label>
            </li>
        }
    });
    view! { <ul class="levels">{boxes.collect_view()}</ul> }
}
