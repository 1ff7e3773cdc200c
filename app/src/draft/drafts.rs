//! The drafts of all customers.

use churn_core::Row;

use super::Draft;

/// The customers that were edited since the page was opened.
#[derive(Clone, Debug, Default)]
pub struct Drafts(Vec<(u32, Draft)>);

impl Drafts {
    /// The draft of a row, if it was edited.
    pub fn get(&self, row: u32) -> Option<&Draft> {
        let place = self.place(row).ok()?;
        self.0.get(place).map(|(_, draft)| draft)
    }

    /// Whether a customer differs from the data.
    pub fn is_edited(&self, row: u32) -> bool {
        self.get(row).is_some_and(Draft::is_edited)
    }

    /// The draft of a row, begun where there is none.
    pub fn begin(&mut self, row: u32, original: impl FnOnce() -> Row) -> &mut Draft {
        let place = self.place(row).unwrap_or_else(|place| {
            self.0.insert(place, (row, Draft::new(original())));
            place
        });
        &mut self.0[place].1
    }

    fn place(&self, row: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&row, |(row, _)| *row)
    }
}
