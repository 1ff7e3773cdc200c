//! How wide a column is: by its head's edge, or by the keyboard.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::handler::handler;
use super::table_columns::Columns;
use crate::column_key::ColumnKey;
use crate::reactive::{Memo, RwSignal, StoredValue};
use crate::state::State;
use crate::text;

/// Pixels of a step by the keyboard.
const STEP: usize = 16;

/// The widths of the table's columns; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct Sizing {
    state: State,
    /// The columns as they are shown.
    columns: Memo<Arc<Columns>>,
    /// The column whose edge is held, and how wide it is at present.
    held: RwSignal<Option<(ColumnKey, usize)>>,
}

impl Sizing {
    /// The widths of these columns; `held` is what they follow while an edge is
    /// held.
    pub fn new(
        state: State,
        columns: Memo<Arc<Columns>>,
        held: RwSignal<Option<(ColumnKey, usize)>>,
    ) -> Self {
        Self {
            state,
            columns,
            held,
        }
    }

    /// With Alt, the arrows make a column narrower and wider, 0 as wide as it was.
    pub fn on_key(self, column: ColumnKey, event: &KeyboardEvent) {
        let width = self.width(column);
        let width = match event.key().as_str() {
            "ArrowLeft" => Some(width.saturating_sub(STEP)),
            "ArrowRight" => Some(width + STEP),
            "0" => None,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            self.keep(column, width);
        }
    }

    fn width(self, column: ColumnKey) -> usize {
        self.columns.with_untracked(|columns| {
            let found = columns.iter().find(|(shown, _)| shown.key == column);
            found.map_or(0, |(shown, _)| shown.width)
        })
    }

    fn keep(self, column: ColumnKey, width: Option<usize>) {
        self.state
            .choose_columns(|chosen| chosen.set_width(column, width));
    }
}

/// The right edge of a head: a drag moves it, a double click gives the column
/// the width that it needs.
#[component]
pub fn ColumnEdge(column: ColumnKey, sizing: Sizing) -> impl IntoView {
    // Where the edge was taken, and how wide the column was.
    let taken = StoredValue::new(None::<(i32, usize)>);
    let take = move |event: PointerEvent| {
        let edge = event
            .target()
            .and_then(|edge| edge.dyn_into::<Element>().ok());
        if event.button() == 0
            && let Some(edge) = edge
        {
            // The pointer may leave the edge, which is narrow.
            let _ = edge.set_pointer_capture(event.pointer_id());
            taken.set_value(Some((event.client_x(), sizing.width(column))));
        }
    };
    let drag = move |event: PointerEvent| {
        if let Some((x, width)) = taken.get_value() {
            let width = width.saturating_add_signed((event.client_x() - x) as isize);
            sizing.held.set(Some((column, width)));
        }
    };
    let leave = move |_: PointerEvent| {
        taken.set_value(None);
        if let Some((_, width)) = sizing.held.get_untracked() {
            sizing.keep(column, Some(width));
            sizing.held.set(None);
        }
    };
    view! {
        <span
            class="edge"
            aria-hidden="true"
            title=text::EDGE
            on:pointerdown=handler(take)
            on:pointermove=handler(drag)
            on:lostpointercapture=handler(leave)
            on:dblclick=handler(move |_| sizing.keep(column, None))
        ></span>
    }
}
