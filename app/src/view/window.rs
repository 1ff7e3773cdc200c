//! Which rows of a long table are in sight.

use std::ops::Range;

/// Rows kept ready above and below the ones in sight.
const OVERSCAN: usize = 6;

/// A scrolled viewport over rows of one height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Pixels scrolled off above.
    pub top: f64,
    /// Height of the viewport in pixels, without the table's head.
    pub height: f64,
    /// Height of a row in pixels.
    pub row_height: f64,
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
        let end = last.saturating_add(OVERSCAN).min(rows);
        first.saturating_sub(OVERSCAN).min(end)..end
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
        height: 640.0,
        row_height: 32.0,
    };

    #[test]
    fn draws_what_is_in_sight_and_a_little_more() {
        assert_eq!(WINDOW.range(7043), 4..36);
        assert_eq!(WINDOW.range(24), 0..24);
        assert_eq!(WINDOW.range(0), 0..0);
        assert_eq!(Window::default().range(7043), 0..0);
    }

    #[test]
    fn scrolls_only_as_far_as_needed() {
        assert_eq!(WINDOW.scroll_to(9), Some(288.0));
        assert_eq!(WINDOW.scroll_to(10), None);
        assert_eq!(WINDOW.scroll_to(30), Some(352.0));
        assert_eq!(WINDOW.page(), 20);
    }
}
