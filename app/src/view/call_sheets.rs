//! The call sheets of the listed customers as a file.

use leptos::prelude::*;

use super::errand::Errand;
use super::handler::handler;
use crate::call_sheet::CallSheets;
use crate::parts::Errands;
use crate::state::State;
use crate::{download, text};

/// Most sheets of a file: more would not be printed at once.
const MOST: usize = 100;

/// A button that gives the sheets, in the order of the list.
#[component]
pub fn CallSheetsButton() -> impl IntoView {
    let state = expect_context::<State>();
    let listed = Signal::derive(move || state.listed.with(|rows| rows.len()));
    let help = Signal::derive(move || text::call_sheets_help(listed.get().min(MOST), listed.get()));
    let empty = Signal::derive(move || listed.get() == 0);
    let errands = Errands::new(state);
    let save = move |_| errands.run(Errand::CallSheets(state));
    view! {
        <button class="button call-sheets" title=help disabled=empty on:click=handler(save)>
            {text::CALL_SHEETS}
        </button>
    }
}

/// Saves the sheets.
pub fn save_call_sheets(state: State) {
    let explorer = state.explorer();
    let sheets = CallSheets {
        explorer: &explorer,
        threshold: state.threshold.get_untracked(),
    };
    let mut page = String::new();
    sheets.head(&mut page);
    state.listed.with_untracked(|rows| {
        for &row in rows.iter().take(MOST) {
            sheets.sheet(row, &mut page);
        }
    });
    download::save(text::CALL_SHEETS_FILE, "text/html", &page);
}
