//! The field for queries, with suggestions and what is wrong with the query.

use leptos::ev::{ClipboardEvent, KeyboardEvent, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::column_filter::ColumnFilter;
use super::handler::handler;
use super::query_help::QueryHelp;
use crate::filter::{Filter, Suggestion, suggestions};
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::State;
use crate::{page, text};

/// Searches and filters as one types; `/` jumps to it. What cannot be read
/// leaves the list as it was.
#[component]
pub fn QueryBox() -> impl IntoView {
    let state = expect_context::<State>();
    let field = NodeRef::<Input>::new();
    let fault = RwSignal::new(String::new());
    let offered = RwSignal::new(Vec::<Suggestion>::new());
    let chosen = RwSignal::new(None::<usize>);
    focus_by_slash(field);

    let ask = move |query: &str| {
        let asked = state.ask(query).err().map(|fault| fault.to_string());
        fault.set(asked.unwrap_or_default());
    };
    let offer = move |query: &str, unasked: bool| {
        let mut found = suggestions(query, &state.explorer());
        if unasked {
            found.retain(|suggestion| suggestion.likely || fault.with(|fault| !fault.is_empty()));
        }
        offered.set(found);
        chosen.set(None);
    };
    let take = move |place: usize| {
        let query = offered.with(|offered| offered.get(place).map(|taken| taken.query.clone()));
        if let (Some(query), Some(field)) = (query, field.get_untracked()) {
            field.set_value(&query);
            ask(&query);
            offer(&query, true);
        }
    };
    let step = move |forward: bool| {
        if offered.with(Vec::is_empty) && forward {
            let query = field.get_untracked().map(|field| field.value());
            offer(&query.unwrap_or_default(), false);
        }
        let number = offered.with(Vec::len);
        chosen.update(|chosen| {
            *chosen = match *chosen {
                None if forward => Some(0),
                None => number.checked_sub(1),
                Some(place) if forward => Some(place + 1),
                Some(place) => place.checked_sub(1),
            };
            *chosen = chosen.filter(|place| *place < number);
        });
    };
    let on_keydown = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => step(true),
            "ArrowUp" => step(false),
            "Enter" => match chosen.get_untracked() {
                Some(place) => take(place),
                None => offered.set(Vec::new()),
            },
            // Only a second Escape empties the field.
            "Escape" if offered.with(|offered| !offered.is_empty()) => offered.set(Vec::new()),
            _ => return,
        }
        event.prevent_default();
    };
    // Text that already reads as the query stays as it was typed.
    let query = Memo::new(move |_| state.listing.with(|listing| listing.query.clone()));
    effect(move || {
        let query = query.get();
        let explorer = state.explorer();
        let read = |text: &str| Filter::parse(text, &explorer);
        if let Some(field) = field.get()
            && read(&field.value()).map(|filter| filter.text(&explorer)) != Ok(query.clone())
        {
            field.set_value(&query);
            let wrong = read(&query).err().map(|fault| fault.to_string());
            fault.set(wrong.unwrap_or_default());
        }
    });

    let options = move || {
        let offered = offered.get().into_iter().enumerate();
        let option = |(place, suggestion): (usize, Suggestion)| {
            let selected = Signal::derive(move || (chosen.get() == Some(place)).to_string());
            view! {
                <li
                    id=option_id(place)
                    role="option"
                    aria-selected=selected
                    on:mousedown=handler(move |event: MouseEvent| {
                        // The field keeps the focus.
                        event.prevent_default();
                        take(place);
                    })
                >
                    <span>{suggestion.part}</span>
                    <span class="muted">{suggestion.help}</span>
                </li>
            }
        };
        offered.map(option).collect_view()
    };
    let none_offered = Signal::derive(move || offered.with(Vec::is_empty));
    let expanded = Signal::derive(move || (!none_offered.get()).to_string());
    let active = Signal::derive(move || chosen.get().map(option_id).unwrap_or_default());
    let invalid = Signal::derive(move || fault.with(|fault| !fault.is_empty()).to_string());
    view! {
        <div class="query">
            <input
                class="search"
                type="search"
                role="combobox"
                aria-label=text::QUERY
                aria-autocomplete="list"
                aria-controls="suggestions"
                aria-expanded=expanded
                aria-activedescendant=active
                aria-invalid=invalid
                aria-describedby="query-fault"
                placeholder=text::QUERY_HINT
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                node_ref=field
                on:input:target=move |event| {
                    let query = event.target().value();
                    ask(&query);
                    offer(&query, true);
                }
                on:keydown=handler(on_keydown)
                on:paste=handler(move |event: ClipboardEvent| {
                    let data = event.clipboard_data();
                    let text = data.and_then(|data| data.get_data("text").ok());
                    if state.paste(&text.unwrap_or_default()) {
                        event.prevent_default();
                    }
                })
                on:blur=handler(move |_| offered.set(Vec::new()))
            />
            <QueryHelp />
            <ColumnFilter />
            <div class="below">
                <p id="query-fault" class="fault" role="status">{Signal::<String>::from(fault)}</p>
                <ul id="suggestions" role="listbox" aria-label=text::SUGGESTIONS hidden=none_offered>
                    {options}
                </ul>
            </div>
        </div>
    }
}

fn option_id(place: usize) -> String {
    format!("suggestion-{place}")
}

/// The slash leads to the field, wherever nothing is typed.
fn focus_by_slash(field: NodeRef<Input>) {
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "/"
            && !page::is_typed_into()
            && let Some(field) = field.get_untracked()
        {
            event.prevent_default();
            let _ = field.focus();
        }
    });
    on_cleanup(move || slash.remove());
}
