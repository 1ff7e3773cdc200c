//! The heads of the table's columns.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::column_edge::{ColumnEdge, Sizing};
use super::handler::handler;
use super::head_filter::{HeadFilter, field_of};
use super::table_columns::TableColumn;
use crate::reactive::Memo;
use crate::state::State;
use crate::text;

/// A column's head: a click sorts, with Shift as a further key. A small button
/// filters, and the edge makes the column wider and narrower.
#[component]
pub fn TableHead(column: TableColumn, place: usize, sizing: Sizing) -> impl IntoView {
    let state = expect_context::<State>();
    let key = column.key;
    let order = Memo::new(move |_| {
        state.arrangement.with(|arrangement| {
            let order = &arrangement.order;
            let (place, sort) = order.of(key)?;
            Some((place, sort.descending, order.sorts().len() > 1))
        })
    });
    // Only one column can be said to order the table.
    let spoken = Signal::derive(move || match order.get() {
        Some((0, true, _)) => String::from("descending"),
        Some((0, false, _)) => String::from("ascending"),
        _ => String::from("none"),
    });
    let mark = Signal::derive(move || match order.get() {
        Some((place, descending, several)) => text::order_mark(descending, place, several),
        None => String::new(),
    });
    let described = Signal::derive(move || match order.get() {
        Some((place, descending, true)) => text::sort_key(place, descending),
        _ => String::new(),
    });
    view! {
        <th
            role="columnheader"
            scope="col"
            class=column.class
            aria-sort=spoken
            aria-colindex=(place + 1).to_string()
            title=column.help
            style=("--column", (place + 1).to_string())
            on:keydown=handler(move |event| sizing.on_key(key, &event))
        >
            <button
                aria-description=described
                on:click=handler(move |event: MouseEvent| {
                    state.arrangement.update(|arrangement| {
                        arrangement.order = arrangement.order.clicked(key, event.shift_key());
                    });
                })
            >
                {column.label}
                <span aria-hidden="true">{mark}</span>
            </button>
            {field_of(key).map(|field| view! { <HeadFilter field /> })}
            <ColumnEdge column=key sizing />
        </th>
    }
}
