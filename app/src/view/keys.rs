//! The dialog that lists the keys of the open page.

use std::fmt::Write as _;

use leptos::prelude::window_event_listener;

use super::chart::open_dialog;
use super::errand::Errand;
use crate::parts::Errands;
use crate::state::{Open, State};
use crate::text::Keys;
use crate::{page, text};

/// A question mark opens it, wherever nothing is typed.
pub fn show_keys_on_demand(state: State) {
    let errands = Errands::new(state);
    // For the life of the page.
    let _ = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "?" && !page::is_typed_into() {
            event.prevent_default();
            errands.run(Errand::Keys(state));
        }
    });
}

/// Opens it.
pub fn show_keys(state: State) {
    let mut markup = format!("<h2>{}</h2><dl class=\"keys\">", text::KEYS);
    for (keys, act) in of_page(&state.open.get_untracked()) {
        markup += "<dt>";
        for key in keys.split(", ") {
            let _ = write!(markup, "<kbd>{key}</kbd> ");
        }
        let _ = write!(markup, "</dt><dd>{act}</dd>");
    }
    open_dialog(text::KEYS, &(markup + "</dl>"));
}

/// The keys of a page, its own ones first.
fn of_page(open: &Open) -> Vec<&'static (&'static str, &'static str)> {
    let own: &[Keys] = match open {
        Open::Customers => &[text::KEYS_OF_SEARCH, text::KEYS_OF_TABLE],
        Open::Customer(_) => &[text::KEYS_OF_CUSTOMER],
        Open::Model => &[text::KEYS_OF_MODEL],
        Open::Data => &[text::KEYS_OF_SEARCH, text::KEYS_OF_DATA],
        Open::Lineage => &[text::KEYS_OF_LINEAGE],
        Open::Compare(..)
        | Open::Unknown(_)
        | Open::Monitoring
        | Open::Runs
        | Open::Tables
        | Open::Jobs => &[],
    };
    own.iter()
        .copied()
        .chain([text::KEYS_EVERYWHERE])
        .flatten()
        .collect()
}
