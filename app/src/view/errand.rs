//! What a click or a key does by code that is loaded then.

use super::call_sheets::save_call_sheets;
use super::export_button::Run;
use super::keys::show_keys;
use crate::state::State;

/// What is done without a page of its own, and not needed to draw one.
pub enum Errand {
    /// Saves the call sheets of the listed customers.
    CallSheets(State),
    /// Writes some customers into a file, or onto the clipboard with this between
    /// the values.
    Customers(Run, Vec<u32>, char),
    /// Lists the keys of the open page.
    Keys(State),
}

impl Errand {
    /// Does it.
    pub fn run(self) {
        match self {
            Self::CallSheets(state) => save_call_sheets(state),
            Self::Customers(run, rows, separator) => run.start(rows, separator),
            Self::Keys(state) => show_keys(state),
        }
    }
}
