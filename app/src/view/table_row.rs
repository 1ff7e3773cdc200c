//! A row of the table. Its elements stay and are painted for one customer after
//! another.

use web_sys::{Element, HtmlElement};

use super::elements::{add, set};
use super::table_cell::Cell;
use super::table_columns::Columns;
use crate::arrangement::{Colour, Show};
use crate::explorer::Explorer;
use crate::marks::Marks;
use crate::state::State;

/// What rows are painted by.
pub struct Scene<'a> {
    /// Where links lead.
    pub state: State,
    /// The customers.
    pub explorer: &'a Explorer,
    /// The columns.
    pub columns: &'a Columns,
    /// Whether each column is in sight.
    pub drawn: &'a [bool],
    /// The user's marks.
    pub marks: &'a Marks,
    /// What the colours stand for.
    pub colour: Colour,
    /// What the cells of features show.
    pub show: Show,
    /// Risk from which a customer is flagged.
    pub threshold: f64,
    /// Another number for each colour and show.
    pub look: u32,
    /// Place that the keyboard is on.
    pub active: Option<usize>,
}

/// A row's elements and what they show.
#[derive(Debug)]
pub struct TableRow {
    /// The row.
    pub element: HtmlElement,
    cells: Vec<Cell>,
    row: Option<u32>,
    place: Option<usize>,
    active: Option<bool>,
}

/// Attribute with the row of the data.
pub const ROW: &str = "data-row";
/// Attribute with the place in the list.
pub const PLACE: &str = "data-place";

/// Id of the element of the row at a place of the list.
pub fn element_id(place: usize) -> String {
    format!("row-{place}")
}

impl TableRow {
    /// An empty row at the end of a body.
    pub fn new(body: &Element, columns: &Columns) -> Option<Self> {
        let element = add(body, "tr", "")?;
        set(&element, "role", "row");
        let cells = columns.iter().enumerate();
        let cells = cells.map_while(|(place, (column, _))| Cell::new(&element, place, column));
        Some(Self {
            cells: cells.collect(),
            element,
            row: None,
            place: None,
            active: None,
        })
    }

    /// Shows a customer.
    pub fn paint(&mut self, scene: &Scene<'_>, row: u32) {
        if self.row != Some(row) {
            self.row = Some(row);
            set(&self.element, ROW, &row.to_string());
        }
        let columns = scene.columns.iter().zip(scene.drawn);
        for (cell, ((column, _), drawn)) in self.cells.iter_mut().zip(columns) {
            cell.paint(scene, column, *drawn, row);
        }
    }

    /// Stands at a place of the list.
    pub fn put(&mut self, scene: &Scene<'_>, place: usize) {
        if self.place != Some(place) {
            self.place = Some(place);
            set(&self.element, "id", &element_id(place));
            set(&self.element, PLACE, &place.to_string());
            set(&self.element, "aria-rowindex", &(place + 2).to_string());
        }
        let active = scene.active == Some(place);
        if self.active != Some(active) {
            self.active = Some(active);
            let active = if active { "true" } else { "false" };
            set(&self.element, "aria-selected", active);
        }
    }
}
