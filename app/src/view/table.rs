//! The table of customers. However long and wide it is, only what is in sight
//! is drawn.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::{Div, Table as TableElement, Tbody};
use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::column_edge::Sizing;
use super::handler::handler;
use super::no_match::NoMatch;
use super::table_actions::{cell_title, click, open, pin, star, star_range, target, with_row};
use super::table_columns::{Columns, TableColumn, chosen_columns, placed};
use super::table_head::TableHead;
use super::table_map::{InSight, TableMap};
use super::table_painter::{Body, Painter, px};
use super::table_row::{Scene, element_id};
use super::window::Window;
use crate::column_key::ColumnKey;
use crate::reactive::{Memo, RwSignal, StoredValue, effect};
use crate::state::State;
use crate::text;

/// The listed customers.
#[component]
pub fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    let scroller = NodeRef::<Div>::new();
    let table = NodeRef::<TableElement>::new();
    let [above, body, below] = [(); 3].map(|()| NodeRef::<Tbody>::new());
    let pinned = NodeRef::<Tbody>::new();
    let sight = RwSignal::new(Window::default());
    let held = RwSignal::new(None);
    let chosen = Memo::new(move |_| chosen_columns(state));
    let columns = Memo::new(move |_| chosen.with(|columns| placed(columns, held.get())));
    let sizing = Sizing::new(state, columns, held);
    let pins = Memo::new(move |_| state.marks.with(|marks| marks.pins().len()));
    // The part below the pinned customers.
    let window = Memo::new(move |_| sight.get().below(pins.get()));
    let length = move || state.listed.with(|rows| rows.len());

    let painter = StoredValue::new(Painter::default());
    let mut before: Option<(Arc<Vec<u32>>, Arc<Columns>)> = None;
    effect(move || {
        let (listed, columns) = (state.listed.get(), columns.get());
        let before = before.replace((Arc::clone(&listed), Arc::clone(&columns)));
        let bodies = (above.get(), body.get(), below.get(), pinned.get());
        let (Some(above), Some(body), Some(below), Some(pinned)) = bodies else {
            return;
        };
        let body = Body {
            rows: body.into(),
            room: [above.into(), below.into()],
        };
        let mut window = window.get();
        if let Some((rows, drawn)) = before {
            // Wider and narrower ones are drawn by the same elements.
            let style = |(column, _): &(TableColumn, usize)| (column.key, column.class);
            if drawn.iter().map(style).ne(columns.iter().map(style)) {
                painter.update_value(Painter::clear);
            }
            if rows != listed {
                // Another list starts at its top.
                window.restart();
                to_top(state, sight, scroller);
            }
        }
        let (colour, show) = state
            .arrangement
            .with(|arrangement| (arrangement.colour, arrangement.show));
        let is_drawn = |(column, left): &(TableColumn, usize)| {
            column.is_leading() || window.has_column(*left as f64, column.width as f64)
        };
        let drawn: Vec<bool> = columns.iter().map(is_drawn).collect();
        let explorer = state.explorer();
        state.marks.with(|marks| {
            let scene = Scene {
                state,
                explorer: &explorer,
                columns: &columns,
                drawn: &drawn,
                marks,
                colour,
                show,
                threshold: state.threshold.get(),
                look: colour as u32 * 3 + show as u32,
                active: state.active.get(),
            };
            painter.update_value(|painter| {
                painter.paint_pinned(&pinned, &scene);
                let places = window.range(listed.len());
                painter.paint(&body, &scene, &listed, places, window.row_height);
            });
        });
    });

    let measure = move || {
        if let Some(scroller) = scroller.get_untracked() {
            sight.set(measured(&scroller, state.scroll.get_value()));
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
            let left = f64::from(scroller.scroll_left());
            state.scroll.set_value((top, left));
            sight.update(|sight| sight.scroll(top, left));
        }
    };
    let activate = move |place: usize| {
        state.active.set(Some(place));
        let scroll = window.with_untracked(|window| window.scroll_to(place));
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
        let page = window.with_untracked(Window::page);
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
        let next = match (event.key().as_str(), active) {
            ("ArrowDown", Some(place)) => place.saturating_add(1),
            ("ArrowUp", Some(place)) => place.saturating_sub(1),
            ("PageDown", Some(place)) => place.saturating_add(page),
            ("PageUp", Some(place)) => place.saturating_sub(page),
            ("Home", _) | ("ArrowDown" | "PageDown", None) => 0,
            ("End", _) => last,
            ("Enter", Some(place)) => return with_row(state, place, open),
            ("s" | "S", Some(place)) if plain => return with_row(state, place, star),
            ("p" | "P", Some(place)) if plain => return with_row(state, place, pin),
            _ => return,
        };
        event.prevent_default();
        let next = next.min(last);
        activate(next);
        if event.shift_key() {
            star_range(state, active.unwrap_or(next), next, true);
        }
    };
    let on_focus = move |_| {
        if state.active.get_untracked().is_none() && length() > 0 {
            activate(window.with_untracked(Window::first).min(length() - 1));
        }
    };
    let on_click = move |event: MouseEvent| {
        // The keyboard goes on from the row whose button was pressed.
        if click(state, &event)
            && let Some(table) = table.get_untracked()
        {
            let _ = table.focus();
        }
    };
    // A title only where the pointer is: the others would cost every paint.
    let titled = StoredValue::new(None::<Element>);
    let on_pointer = move |event: MouseEvent| {
        let cell = target(&event).and_then(|target| target.closest("tbody :is(td, th)").ok()?);
        if let Some(before) = titled.try_update_value(|titled| titled.take()).flatten() {
            let _ = before.remove_attribute("title");
        }
        if let Some(cell) = cell {
            let title = cell_title(state, &columns.get_untracked(), &cell);
            if let Some(title) = title {
                let _ = cell.set_attribute("title", &title);
            }
            titled.set_value(Some(cell));
        }
    };

    let active_row = Signal::derive(move || match state.active.get() {
        Some(active) if window.with(|window| window.range(length()).contains(&active)) => {
            element_id(active)
        }
        _ => String::new(),
    });
    let row_count = Signal::derive(move || (length() + 1).to_string());
    let column_count = Signal::derive(move || columns.with(|columns| columns.len()).to_string());
    let width = Signal::derive(move || {
        let last = columns.with(|columns| columns.last().map(|(last, left)| left + last.width));
        px(last.unwrap_or(0) as f64)
    });
    let tracks = Signal::derive(move || {
        let tracks = |columns: &Arc<Columns>| {
            let tracks = columns.iter().map(|(column, _)| px(column.width as f64));
            tracks.collect::<Vec<_>>().join(" ")
        };
        columns.with(tracks)
    });
    let left_of = move |key: ColumnKey| {
        Signal::derive(move || {
            let left = columns.with(|columns| {
                let found = columns.iter().find(|(column, _)| column.key == key);
                found.map(|(_, left)| *left)
            });
            px(left.unwrap_or(0) as f64)
        })
    };
    // The heads stay while their columns change in width only: one has the focus.
    let heads = Memo::new_with_compare(
        move |_| chosen.get(),
        |before, now| {
            let head = |column: &TableColumn| (column.key, column.label.clone());
            before.iter().map(head).ne(now.iter().map(head))
        },
    );
    let aside = Memo::new(move |_| sight.with(|sight| sight.left > 0.0));
    let unpinned = Signal::derive(move || pins.get() == 0);
    let in_sight = Signal::derive(move || {
        let window = window.get();
        let all = (length() as f64 * window.row_height).max(1.0);
        InSight {
            start: window.top / all,
            length: (window.height / all).min(1.0),
        }
    });
    let go = move |share: f64| {
        let window = window.get_untracked();
        let top = share * length() as f64 * window.row_height - window.height / 2.0;
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(top as i32);
        }
    };
    view! {
        <div class="table-frame">
        <div class="table" node_ref=scroller on:scroll=handler(on_scroll)>
            <table
                role="grid"
                tabindex="0"
                node_ref=table
                class:aside=aside.signal()
                class:sizing=Signal::derive(move || held.with(Option::is_some))
                aria-label=text::CUSTOMERS
                aria-description=text::TABLE_HELP
                aria-rowcount=row_count
                aria-colcount=column_count
                aria-activedescendant=active_row
                style:width=width
                style=("--columns", tracks)
                style=("--id-left", left_of(ColumnKey::Id))
                style=("--risk-left", left_of(ColumnKey::Risk))
                on:keydown=handler(on_keydown)
                on:focus=handler(on_focus)
                on:click=handler(on_click)
                on:pointerover=handler(move |event: PointerEvent| on_pointer(event.into()))
            >
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        {move || heads
                            .get()
                            .iter()
                            .enumerate()
                            .map(|(place, column)| {
                                view! { <TableHead column=column.clone() place sizing /> }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody
                    role="rowgroup"
                    class="pinned"
                    aria-label=text::PINNED
                    hidden=unpinned
                    node_ref=pinned
                ></tbody>
                <tbody aria-hidden="true" node_ref=above></tbody>
                <tbody role="rowgroup" class="rows" node_ref=body></tbody>
                <tbody aria-hidden="true" node_ref=below></tbody>
            </table>
            <NoMatch />
        </div>
        <TableMap in_sight go=Callback::new(go) />
        </div>
    }
}

/// Scrolls up, where that is not so already: it makes the browser lay out the
/// page.
fn to_top(state: State, sight: RwSignal<Window>, scroller: NodeRef<Div>) {
    if state.active.get_untracked().is_some() {
        state.active.set(None);
    }
    let Window { top, pace, .. } = sight.get_untracked();
    if top > 0.0 || pace > 0 {
        sight.update(Window::restart);
    }
    if top > 0.0
        && let Some(scroller) = scroller.get_untracked()
    {
        scroller.set_scroll_top(0);
    }
}

/// The part of the table in sight; the sizes are those of the style sheet.
fn measured(scroller: &Element, (top, left): (f64, f64)) -> Window {
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
        left,
        width: f64::from(scroller.client_width()),
        height: f64::from(scroller.client_height()) - size("--head-height").unwrap_or(0.0),
        row_height: size("--row-height").unwrap_or(32.0),
        pace: 0,
    }
}
