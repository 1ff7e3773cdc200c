//! Which part of a long and wide table is in sight.

use std::ops::Range;

/// Rows kept ready above and below the ones in sight.
const ROWS_MORE: usize = 1;
/// Most rows more of them while the table is scrolled fast.
const MOST_PACE: usize = 6;
/// Pixels kept ready left and right of what is in sight.
const PIXELS_MORE: f64 = 64.0;

/// A scrolled viewport over rows of one height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Pixels scrolled off above.
    pub top: f64,
    /// Pixels scrolled off on the left.
    pub left: f64,
    /// Width of the viewport in pixels.
    pub width: f64,
    /// Height of the viewport in pixels, without the table's head.
    pub height: f64,
    /// Height of a row in pixels.
    pub row_height: f64,
    /// Rows that the longest step of the scroll went past: so many more are kept
    /// ready, as the screen scrolls before the script hears of it.
    pub pace: usize,
}

impl Window {
    /// The rows to draw of a table of `rows`.
    pub fn range(&self, rows: usize) -> Range<usize> {
        if self.row_height <= 0.0 {
            return 0..0;
        }
        // A shorter list may end above the place that is scrolled to.
        let lowest = rows as f64 * self.row_height - self.height;
        let top = self.top.min(lowest).max(0.0);
        let first = (top / self.row_height) as usize;
        let last = ((top + self.height) / self.row_height).ceil() as usize;
        let more = ROWS_MORE + self.pace;
        let end = last.saturating_add(more).min(rows);
        first.saturating_sub(more).min(end)..end
    }

    /// The window scrolls on, or leaps to where nothing was kept ready anyway.
    pub fn scroll(&mut self, top: f64, left: f64) {
        let step = (top - self.top).abs();
        if step < self.height {
            let rows = (step / self.row_height) as usize;
            self.pace = self.pace.max(rows).min(MOST_PACE);
        }
        (self.top, self.left) = (top, left);
    }

    /// Another list starts at its top.
    pub fn restart(&mut self) {
        (self.top, self.pace) = (0.0, 0);
    }

    /// Whether a column between these pixels is to be drawn.
    pub fn has_column(&self, left: f64, width: f64) -> bool {
        left + width > self.left - PIXELS_MORE && left < self.left + self.width + PIXELS_MORE
    }

    /// The window under rows that stay on top.
    #[must_use]
    pub fn below(self, rows: usize) -> Self {
        let height = (self.height - rows as f64 * self.row_height).max(0.0);
        Self { height, ..self }
    }

    /// Where to scroll to so that a row is in sight, if it is not.
    pub fn scroll_to(&self, row: usize) -> Option<f64> {
        let start = row as f64 * self.row_height;
        let end = start + self.row_height;
        if start < self.top {
            Some(start)
        } else if end > self.top + self.height {
            Some(end - self.height)
        } else {
            None
        }
    }

    /// The first row that is wholly in sight.
    pub fn first(&self) -> usize {
        (self.top / self.row_height).ceil() as usize
    }

    /// Rows that fit in the viewport.
    pub fn page(&self) -> usize {
        ((self.height / self.row_height) as usize).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window {
        top: 320.0,
        left: 400.0,
        width: 1000.0,
        height: 640.0,
        row_height: 32.0,
        pace: 0,
    };

    #[test]
    fn draws_what_is_in_sight_and_a_little_more() {
        assert_eq!(WINDOW.range(7043), 9..31);
        assert_eq!(WINDOW.range(24), 3..24);
        assert_eq!(WINDOW.range(0), 0..0);
        assert_eq!(Window::default().range(7043), 0..0);
        assert_eq!(WINDOW.below(5).range(7043), 9..26);
        for (left, drawn) in [
            (235.0, false),
            (237.0, true),
            (1463.0, true),
            (1465.0, false),
        ] {
            assert_eq!(WINDOW.has_column(left, 100.0), drawn, "{left}");
        }
    }

    #[test]
    fn keeps_more_rows_ready_the_faster_it_is_scrolled() {
        let mut window = WINDOW;
        for (top, range) in [
            (330.0, 9..32),
            (400.0, 9..36),
            (410.0, 9..36),
            (9000.0, 278..305),
            (8500.0, 258..293),
        ] {
            window.scroll(top, 0.0);
            assert_eq!(window.range(7043), range, "{top}");
        }
        window.restart();
        assert_eq!(window.range(7043), 0..21);
    }

    #[test]
    fn scrolls_only_as_far_as_needed() {
        assert_eq!(WINDOW.scroll_to(9), Some(288.0));
        assert_eq!(WINDOW.scroll_to(10), None);
        assert_eq!(WINDOW.scroll_to(30), Some(352.0));
        assert_eq!(WINDOW.page(), 20);
    }
}
