//! The user's marks: stars on any customers, pins on a few that stay on top.

use std::collections::BTreeSet;

use crate::explorer::Explorer;

/// Most customers that are pinned: they take room from the list.
pub const MOST_PINS: usize = 5;

const STAR: &str = "star ";
const PIN: &str = "pin ";

/// Marked customers, by row; pins are in the order of marking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    stars: BTreeSet<u32>,
    pins: Vec<u32>,
}

impl Marks {
    /// Customers with a star.
    pub fn stars(&self) -> &BTreeSet<u32> {
        &self.stars
    }

    /// Customers that stay on top.
    pub fn pins(&self) -> &[u32] {
        &self.pins
    }

    /// Gives a star, or takes it back.
    pub fn toggle_star(&mut self, row: u32) {
        let on = !self.stars.contains(&row);
        self.star_all(&[row], on);
    }

    /// Gives stars, or takes them back.
    pub fn star_all(&mut self, rows: &[u32], on: bool) {
        for row in rows {
            if on {
                self.stars.insert(*row);
            } else {
                self.stars.remove(row);
            }
        }
    }

    /// Pins a customer, or lets go; the first one makes room for one too many.
    pub fn toggle_pin(&mut self, row: u32) {
        match self.pins.iter().position(|&pinned| pinned == row) {
            Some(place) => {
                self.pins.remove(place);
            }
            None => self.pins.push(row),
        }
        if self.pins.len() > MOST_PINS {
            self.pins.remove(0);
        }
    }

    /// The marks as they are kept: a line with the id of each.
    pub fn text(&self, explorer: &Explorer) -> String {
        let mut text = String::new();
        let stars = self.stars.iter().map(|&row| (STAR, row));
        let pins = self.pins.iter().map(|&row| (PIN, row));
        for (mark, row) in stars.chain(pins) {
            text += mark;
            text += explorer.id(row as usize);
            text.push('\n');
        }
        text
    }

    /// Reads what [`text`](Self::text) wrote; unknown ids are left out.
    pub fn parse(text: &str, explorer: &Explorer) -> Self {
        let mut marks = Self::default();
        for line in text.lines() {
            let of = |mark| explorer.find(line.strip_prefix(mark)?);
            if let Some(row) = of(STAR) {
                marks.stars.insert(row);
            }
            if let Some(row) = of(PIN).filter(|row| !marks.pins.contains(row)) {
                marks.toggle_pin(row);
            }
        }
        marks
    }

    /// Gives further stars and pins, by id; unknown ids are left out.
    pub fn add(&mut self, stars: &[String], pins: &[String], explorer: &Explorer) {
        let mut text = self.text(explorer);
        for (mark, ids) in [(STAR, stars), (PIN, pins)] {
            for id in ids {
                text.extend([mark, id, "\n"]);
            }
        }
        *self = Self::parse(&text, explorer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn stars(marks: &Marks) -> Vec<u32> {
        marks.stars().iter().copied().collect()
    }

    #[test]
    fn marks_come_back_from_their_text() {
        let explorer = explorer();
        let mut marks = Marks::default();
        for row in [7, 3, 9, 3] {
            marks.toggle_star(row);
        }
        marks.toggle_pin(9);
        let text = marks.text(&explorer);
        assert_eq!(text, "star C-7\nstar C-9\npin C-9\n");
        assert_eq!(Marks::parse(&text, &explorer), marks);
        let odd = "star C-99\nstar C-7\nstar C-7\nC-3\npin C-9";
        let marks = Marks::parse(odd, &explorer);
        assert_eq!((stars(&marks), marks.pins()), (vec![7], &[9][..]));
        let ids = |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).into()).collect() };
        let mut more = marks;
        more.add(
            &ids(&["C-3", "C-99", "C-7"]),
            &ids(&["C-9", "C-1"]),
            &explorer,
        );
        assert_eq!((stars(&more), more.pins()), (vec![3, 7], &[9, 1][..]));
    }

    #[test]
    fn several_are_starred_at_once() {
        let mut marks = Marks::default();
        marks.toggle_star(4);
        marks.star_all(&[5, 4, 2], true);
        assert_eq!(stars(&marks), [2, 4, 5]);
        marks.star_all(&[4, 7, 2], false);
        assert_eq!(stars(&marks), [5]);
    }

    #[test]
    fn the_first_pin_makes_room() {
        let mut marks = Marks::default();
        for row in 0..6 {
            marks.toggle_pin(row);
        }
        assert_eq!(marks.pins(), [1, 2, 3, 4, 5]);
    }
}
