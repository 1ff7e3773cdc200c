//! What a click, a key or the pointer does to a row of the table.

use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::table_cell::title;
use super::table_columns::Columns;
use super::table_row::{PLACE, ROW};
use crate::state::State;

/// Opens the customer whose row was clicked, or changes a mark of theirs. Says
/// whether it was a mark.
pub fn click(state: State, event: &MouseEvent) -> bool {
    let Some(target) = target(event) else {
        return false;
    };
    let Some(line) = target.closest("tbody tr").ok().flatten() else {
        return false;
    };
    let number = |name| line.get_attribute(name)?.parse::<u32>().ok();
    let Some(row) = number(ROW) else {
        return false;
    };
    let place = number(PLACE).map(|place| place as usize);
    let before = state.active.get_untracked();
    if place.is_some() {
        state.active.set(place);
    }
    let is_in = |css| target.closest(css).ok().flatten().is_some();
    if is_in(".mark-star") {
        match (before, place) {
            (Some(from), Some(to)) if event.shift_key() => {
                let on = state
                    .marks
                    .with_untracked(|marks| !marks.stars().contains(&row));
                star_range(state, from, to, on);
            }
            _ => star(state, row),
        }
    } else if is_in(".mark-pin") {
        pin(state, row);
    } else if is_in("a") {
        // The browser follows the link, perhaps into another tab.
        state.write_address();
        return false;
    } else {
        open(state, row);
        return false;
    }
    true
}

/// Opens a customer.
pub fn open(state: State, row: u32) {
    state.open_customer(row);
}

/// Gives a customer a star, or takes it back.
pub fn star(state: State, row: u32) {
    state.mark(|marks| marks.toggle_star(row));
}

/// Gives stars to the customers from one place of the list to another, or takes
/// them back.
pub fn star_range(state: State, from: usize, to: usize, on: bool) {
    let rows = state.listed.get_untracked();
    if let Some(rows) = rows.get(from.min(to)..=from.max(to)) {
        state.mark(|marks| marks.star_all(rows, on));
    }
}

/// Pins a customer to the top, or lets go.
pub fn pin(state: State, row: u32) {
    state.mark(|marks| marks.toggle_pin(row));
}

/// Does something with the customer at a place of the list.
pub fn with_row(state: State, place: usize, act: fn(State, u32)) {
    let row = state.listed.with_untracked(|rows| rows.get(place).copied());
    if let Some(row) = row {
        act(state, row);
    }
}

/// What the pointer is told of a cell.
pub fn cell_title(state: State, columns: &Columns, cell: &Element) -> Option<String> {
    let line = cell.closest("tr").ok()??;
    let row = line.get_attribute(ROW)?.parse().ok()?;
    let place: usize = cell.get_attribute("aria-colindex")?.parse().ok()?;
    let (column, _) = columns.get(place.checked_sub(1)?)?;
    let method = state
        .arrangement
        .with_untracked(|arrangement| arrangement.colour.method());
    title(state, column.key, row, method)
}

/// The element that an event happened on.
pub fn target(event: &MouseEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
