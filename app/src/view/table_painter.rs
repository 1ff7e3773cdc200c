//! Paints the rows in sight. There are only as many row elements as fit; while
//! the table scrolls, those that leave on one side come back on the other.

use std::ops::Range;

use web_sys::HtmlElement;

use super::table_columns::Columns;
use super::table_row::{Scene, TableRow};

/// The row elements of the list and of the pinned customers.
#[derive(Debug, Default)]
pub struct Painter {
    /// In the order of the list, without a gap.
    rows: Vec<TableRow>,
    /// Place of the first one.
    first: usize,
    /// Not in the document at present.
    spare: Vec<TableRow>,
    pinned: Vec<TableRow>,
    /// Pixels that are kept above and below the rows.
    room: [f64; 2],
}

/// Where the rows of the list are.
#[derive(Debug)]
pub struct Body {
    /// Holds the rows that are drawn.
    pub rows: HtmlElement,
    /// Stand for the rows above and below them. So rows need no style of their
    /// own for their place: the browser keeps computed styles by what matches,
    /// and one with a style of its own is computed anew, with all that is in it.
    pub room: [HtmlElement; 2],
}

impl Painter {
    /// Forgets all rows: the columns are others.
    pub fn clear(&mut self) {
        for row in self.rows.drain(..).chain(self.pinned.drain(..)) {
            row.element.remove();
        }
        self.spare.clear();
    }

    /// Paints the rows at some places of the list.
    pub fn paint(
        &mut self,
        Body { rows: body, room }: &Body,
        scene: &Scene<'_>,
        listed: &[u32],
        places: Range<usize>,
        row_height: f64,
    ) {
        let below = listed.len() - places.end;
        let heights = [places.start, below].map(|rows| rows as f64 * row_height);
        for (element, (before, height)) in room.iter().zip(self.room.iter_mut().zip(heights)) {
            if *before != height {
                *before = height;
                let _ = element.style().set_property("height", &px(height));
            }
        }
        self.turn(body, &places);
        while self.rows.len() > places.len() {
            if let Some(row) = self.rows.pop() {
                row.element.remove();
                self.spare.push(row);
            }
        }
        while self.rows.len() < places.len() {
            let Some(row) = self.row(body, scene.columns) else {
                return;
            };
            self.rows.push(row);
        }
        for (row, place) in self.rows.iter_mut().zip(places) {
            if let Some(&customer) = listed.get(place) {
                row.put(scene, place);
                row.paint(scene, customer);
            }
        }
    }

    /// Paints the pinned customers.
    pub fn paint_pinned(&mut self, body: &HtmlElement, scene: &Scene<'_>) {
        let pins = scene.marks.pins();
        while self.pinned.len() > pins.len() {
            if let Some(row) = self.pinned.pop() {
                row.element.remove();
            }
        }
        while self.pinned.len() < pins.len() {
            let Some(row) = TableRow::new(body, scene.columns) else {
                return;
            };
            self.pinned.push(row);
        }
        for (row, &customer) in self.pinned.iter_mut().zip(pins) {
            row.paint(scene, customer);
        }
    }

    /// Takes the rows that scrolled off to the other side, so that the others
    /// need no paint. The document keeps the order of the list.
    fn turn(&mut self, body: &HtmlElement, places: &Range<usize>) {
        let before = std::mem::replace(&mut self.first, places.start);
        let rows = self.rows.len();
        let down = places.start.saturating_sub(before);
        let up = before.saturating_sub(places.start);
        if down > 0 && down < rows {
            for row in &self.rows[..down] {
                let _ = body.append_child(&row.element);
            }
            self.rows.rotate_left(down);
        } else if up > 0 && up < rows {
            let head = self.rows.first().map(|row| row.element.clone());
            for row in &self.rows[rows - up..] {
                let head = head.as_ref().map(AsRef::as_ref);
                let _ = body.insert_before(&row.element, head);
            }
            self.rows.rotate_right(up);
        }
    }

    /// A row at the end of the list.
    fn row(&mut self, body: &HtmlElement, columns: &Columns) -> Option<TableRow> {
        match self.spare.pop() {
            Some(row) => {
                body.append_child(&row.element).ok()?;
                Some(row)
            }
            None => TableRow::new(body, columns),
        }
    }
}

/// A length in a style.
pub fn px(pixels: f64) -> String {
    format!("{pixels}px")
}
