//! The table of customers. However long the list, only the rows in sight are
//! in the document.

use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Table as TableElement};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::no_match::NoMatch;
use super::table_columns::{TableColumn, table_columns};
use super::table_row::{TableRow, element_id};
use super::window::Window;
use crate::state::State;
use crate::text;

/// The listed customers.
#[component]
pub fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    let columns = table_columns(&state.explorer());
    let width: usize = columns.iter().map(|column| column.width).sum();
    let id_width = px(columns.first().map_or(0, |column| column.width) as f64);
    let widths: Vec<usize> = columns.iter().map(|column| column.width).collect();
    let scroller = NodeRef::<Div>::new();
    let table = NodeRef::<TableElement>::new();
    let sight = RwSignal::new(Window::default());
    let length = move || state.listed.with(|rows| rows.len());
    let range = Memo::new(move |_| sight.with(|sight| sight.range(length())));
    let space = move |rows: usize| px(rows as f64 * sight.with(|sight| sight.row_height));
    let above = Signal::derive(move || space(range.get().start));
    let below = Signal::derive(move || space(length().saturating_sub(range.get().end)));
    let row_count = Signal::derive(move || (length() + 1).to_string());
    let rows = move || {
        let places = range.get();
        state.listed.with(|rows| {
            let rows = rows.get(places.clone()).unwrap_or_default().iter().copied();
            places.zip(rows).collect::<Vec<_>>()
        })
    };
    let measure = move || {
        if let Some(scroller) = scroller.get_untracked() {
            sight.set(measured(&scroller, state.scroll.get_value().0));
        }
    };
    scroller.on_load(move |scroller| {
        measure();
        // The rows that give the table its height come before the next frame.
        request_animation_frame(move || {
            if state.active.get_untracked().is_some()
                && let Some(table) = table.get_untracked()
            {
                let _ = table.focus();
            }
            let (top, left) = state.scroll.get_value();
            scroller.set_scroll_top(top as i32);
            scroller.set_scroll_left(left as i32);
        });
    });
    let resize = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resize.remove());
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            let top = f64::from(scroller.scroll_top());
            state
                .scroll
                .set_value((top, f64::from(scroller.scroll_left())));
            sight.update(|sight| sight.top = top);
        }
    };
    // Another list starts at its top.
    Effect::watch(
        move || state.listing.get(),
        move |_, _, _| {
            state.active.set(None);
            sight.update(|sight| sight.top = 0.0);
            if let Some(scroller) = scroller.get_untracked() {
                scroller.set_scroll_top(0);
            }
        },
        false,
    );
    let activate = move |place: usize| {
        state.active.set(Some(place));
        let scroll = sight.with_untracked(|sight| sight.scroll_to(place));
        if let (Some(top), Some(scroller)) = (scroll, scroller.get_untracked()) {
            scroller.set_scroll_top(top as i32);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        // Buttons and links in the table keep their keys.
        if event.target() != event.current_target() || length() == 0 {
            return;
        }
        let active = state.active.get_untracked();
        let last = length() - 1;
        let page = sight.with_untracked(Window::page);
        let next = match (event.key().as_str(), active) {
            ("ArrowDown", Some(place)) => place.saturating_add(1),
            ("ArrowUp", Some(place)) => place.saturating_sub(1),
            ("PageDown", Some(place)) => place.saturating_add(page),
            ("PageUp", Some(place)) => place.saturating_sub(page),
            ("Home", _) | ("ArrowDown" | "PageDown", None) => 0,
            ("End", _) => last,
            ("Enter", Some(place)) => return open(state, place),
            _ => return,
        };
        event.prevent_default();
        activate(next.min(last));
    };
    let on_focus = move |_| {
        if state.active.get_untracked().is_none() && length() > 0 {
            activate(sight.with_untracked(Window::first));
        }
    };
    let active_row = Signal::derive(move || match state.active.get() {
        Some(active) if range.with(|range| range.contains(&active)) => element_id(active),
        _ => String::new(),
    });
    view! {
        <div class="table" node_ref=scroller on:scroll=on_scroll>
            <table
                role="grid"
                tabindex="0"
                node_ref=table
                aria-label=text::CUSTOMERS
                aria-description=text::TABLE_HELP
                aria-rowcount=row_count
                aria-activedescendant=active_row
                style:width=px(width as f64)
                style=("--id-width", id_width)
                on:keydown=on_keydown
                on:focus=on_focus
                on:click=move |event| open_clicked(state, &event)
            >
                <colgroup>
                    {widths.into_iter().map(|width| view! { <col style:width=px(width as f64) /> })
                        .collect_view()}
                </colgroup>
                <thead>
                    <tr aria-rowindex="1">
                        {columns.into_iter().map(|column| view! { <Head column /> }).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <tr class="spacer" aria-hidden="true"><td style:height=above></td></tr>
                    <For each=rows key=|item| *item let((place, row))>
                        <TableRow place row />
                    </For>
                    <tr class="spacer" aria-hidden="true"><td style:height=below></td></tr>
                </tbody>
            </table>
            <NoMatch />
        </div>
    }
}

/// A column's head: a click sorts.
#[component]
fn Head(column: TableColumn) -> impl IntoView {
    let state = expect_context::<State>();
    let key = column.key;
    let order = move || {
        let sort = state.listing.with(|listing| listing.sort);
        (sort.key == key).then_some(sort.descending)
    };
    let spoken = Signal::derive(move || match order() {
        None => String::from("none"),
        Some(false) => String::from("ascending"),
        Some(true) => String::from("descending"),
    });
    let mark = Signal::derive(move || match order() {
        None => String::new(),
        Some(false) => String::from(" ↑"),
        Some(true) => String::from(" ↓"),
    });
    view! {
        <th scope="col" class=column.class aria-sort=spoken title=column.help>
            <button on:click=move |_| {
                state.listing.update(|listing| listing.sort = listing.sort.clicked(key));
            }>
                {column.label}
                <span aria-hidden="true">{mark}</span>
            </button>
        </th>
    }
}

/// Opens the customer whose row was clicked.
fn open_clicked(state: State, event: &MouseEvent) {
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    let row = target.closest("tr[data-place]").ok().flatten();
    let place = row.and_then(|row| row.get_attribute("data-place")?.parse().ok());
    let Some(place) = place else {
        return;
    };
    state.active.set(Some(place));
    if target.closest("a").ok().flatten().is_some() {
        // The browser follows the link, perhaps into another tab.
        state.write_address();
    } else {
        open(state, place);
    }
}

fn open(state: State, place: usize) {
    let row = state.listed.with_untracked(|rows| rows.get(place).copied());
    if let Some(row) = row {
        state.open_customer(row);
    }
}

/// The part of the table in sight; the sizes are those of the style sheet.
fn measured(scroller: &Element, top: f64) -> Window {
    let style = window().get_computed_style(scroller).ok().flatten();
    let size = |name: &str| {
        let value = style.as_ref()?.get_property_value(name).ok()?;
        value
            .trim()
            .strip_suffix("px")?
            .parse()
            .ok()
            .map(|pixels: u32| f64::from(pixels))
    };
    Window {
        top,
        height: f64::from(scroller.client_height()) - size("--head-height").unwrap_or(0.0),
        row_height: size("--row-height").unwrap_or(32.0),
    }
}

fn px(pixels: f64) -> String {
    format!("{pixels}px")
}
