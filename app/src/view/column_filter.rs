//! Filters by one column.

use leptos::prelude::*;

use super::handler::handler;
use super::id_filter::IdFilter;
use super::level_filter::LevelFilter;
use super::popover::Popover;
use super::range_filter::RangeFilter;
use super::sheet::Sheet;
use crate::filter::Field;
use crate::parts::drawn;
use crate::state::State;
use crate::text;

/// Id of what the buttons open.
pub const SHEET: &str = "column-filter";

/// A button that opens the columns, and what each holds.
#[component]
pub fn ColumnFilter() -> impl IntoView {
    view! {
        <Popover id=SHEET label=String::from(text::FILTER) name=String::from(text::FILTER_BY) class="button">
            {drawn(|parts| parts.sheets, Sheet::Filter)}
        </Popover>
    }
}

/// A column, and what is asked of it.
#[component]
pub fn FilterSheet() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let fields = Field::all(&explorer);
    let options = |of: fn(&Field) -> bool| {
        let fields = fields.iter().enumerate();
        let option = |(place, field): (usize, &Field)| {
            let field = *field;
            let label = field.label(&explorer);
            let selected = Signal::derive(move || state.filter_field.get() == field);
            view! { <option value=place.to_string() prop:selected=selected>{label}</option> }
        };
        let fields = fields.filter(|(_, field)| of(field));
        fields.map(option).collect_view()
    };
    let customer = options(|field| {
        matches!(
            field,
            Field::Id | Field::Risk | Field::Outcome | Field::Part
        )
    });
    let values = options(|field| matches!(field, Field::Value(_)));
    let weights = options(|field| matches!(field, Field::Weight(_) | Field::Family(_)));
    let choose = move |place: String| {
        let fields = Field::all(&state.explorer());
        let place = place
            .parse()
            .ok()
            .and_then(|place: usize| fields.get(place).copied());
        if let Some(field) = place {
            state.filter_field.set(field);
        }
    };
    let content = move || {
        let field = state.filter_field.get();
        if field == Field::Id {
            view! { <IdFilter /> }.into_any()
        } else if field.is_numeric(&state.explorer()) {
            view! { <RangeFilter field /> }.into_any()
        } else {
            view! { <LevelFilter field /> }.into_any()
        }
    };
    let unasked = Signal::derive(move || {
        state
            .filter
            .with(|filter| !filter.is_about(state.filter_field.get()))
    });
    let clear = move |_| {
        let field = state.filter_field.get_untracked();
        state.edit_filter(|filter| *filter = filter.without(field));
    };
    view! {
        <label class="captioned-field">
            <span class="muted">{text::FILTER_BY}</span>
            <select on:change:target=move |event| choose(event.target().value())>
                <optgroup label=text::ABOUT_CUSTOMER>{customer}</optgroup>
                <optgroup label=text::VALUES>{values}</optgroup>
                <optgroup label=text::WEIGHTS>{weights}</optgroup>
            </select>
        </label>
        {content}
        <p class="actions">
            <button class="button" disabled=unasked on:click=handler(clear)>{text::CLEAR}</button>
            <button class="button" popovertarget=SHEET popovertargetaction="hide">{text::DONE}</button>
        </p>
    }
}
