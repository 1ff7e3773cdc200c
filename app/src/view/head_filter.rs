//! The way from a column's head to what the column holds.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

use super::column_filter::SHEET;
use super::handler::handler;
use crate::column_key::ColumnKey;
use crate::filter::Field;
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// A button that opens the filter of a column, and shows whether there is one.
#[component]
pub fn HeadFilter(field: Field) -> impl IntoView {
    let state = expect_context::<State>();
    let label = field.label(&state.explorer());
    let is_set = Memo::new(move |_| state.filter.with(|filter| filter.is_about(field)));
    let name = Signal::derive(move || text::filter_column(&label, is_set.get()));
    let class = Signal::derive(move || {
        String::from(if is_set.get() {
            "head-filter set"
        } else {
            "head-filter"
        })
    });
    view! {
        <button
            class=class
            popovertarget=SHEET
            aria-haspopup="dialog"
            aria-label=name
            title=name
            on:click=handler(move |event: MouseEvent| turn_to(state, field, &event))
        ></button>
    }
}

/// The field that a column holds, if it can be filtered by.
pub fn field_of(key: ColumnKey) -> Option<Field> {
    match key {
        ColumnKey::Id => Some(Field::Id),
        ColumnKey::Risk => Some(Field::Risk),
        ColumnKey::Outcome => Some(Field::Outcome),
        ColumnKey::Part => Some(Field::Part),
        ColumnKey::Value(feature) => Some(Field::Value(feature)),
        ColumnKey::Weight(feature) => Some(Field::Weight(feature)),
        ColumnKey::Star | ColumnKey::Reasons => None,
    }
}

/// Puts the column into the sheet, which the browser then opens; a sheet that
/// is open for another column closes first, so that it opens here.
fn turn_to(state: State, field: Field, event: &MouseEvent) {
    if state.filter_field.get_untracked() != field {
        let sheet = document().get_element_by_id(SHEET);
        if let Some(sheet) = sheet.and_then(|sheet| sheet.dyn_into::<HtmlElement>().ok()) {
            // Fails only where it is not open.
            let _ = sheet.hide_popover();
        }
        state.filter_field.set(field);
    }
    // Not every browser gives the focus to what is clicked; the sheet opens at
    // the button that has it.
    let button = event.current_target();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
