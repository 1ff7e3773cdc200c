//! The editor for many levels: a list to unfold. Each level says what choosing
//! it gives, and is previewed before it is chosen.

use churn_core::Value;
use churn_core::links::Edit;
use leptos::ev::KeyboardEvent;
use leptos::html::{Button, Ul};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

use super::handler::handler;
use super::level_editor::{edit_text, outcome};
use crate::reactive::{Memo, RwSignal};
use crate::state::State;
use crate::what_if::WhatIf;

/// The list of a feature: the arrow keys and the pointer preview, Enter and a
/// click choose, Escape leaves everything as it was.
#[component]
pub fn LevelList(feature: usize) -> impl IntoView {
    let list = List {
        feature,
        what_if: expect_context::<WhatIf>(),
        state: expect_context::<State>(),
        active: RwSignal::new(None),
        options: NodeRef::new(),
    };
    let explorer = list.state.explorer();
    let label = explorer.label(feature).to_owned();
    let shown = list.what_if.shown_value(feature);
    let current = Signal::derive(move || list.state.explorer().text(feature, shown.get()));
    let now = list.what_if.value(feature);
    let class = Signal::derive(move || {
        String::from(if shown.get() == now.get() {
            "button"
        } else {
            "button preview"
        })
    });
    let is_open = Memo::new(move |_| list.active.get().is_some());
    let expanded = Signal::derive(move || is_open.get().to_string());
    let folded = Signal::derive(move || !is_open.get());
    let described = Signal::derive(move || {
        let active = list.active.get();
        active.map_or_else(String::new, |place| list.id(place))
    });
    let button = NodeRef::<Button>::new();
    let toggle = move |_| {
        if is_open.get_untracked() {
            list.close();
        } else {
            list.open();
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        }
    };
    view! {
        <div class="level-list">
            <button
                class=class
                type="button"
                role="combobox"
                aria-haspopup="listbox"
                aria-label=label.clone()
                aria-controls=list.name()
                aria-expanded=expanded
                aria-activedescendant=described
                node_ref=button
                on:click=handler(toggle)
                on:keydown=handler(move |event: KeyboardEvent| list.press(&event))
                on:blur=handler(move |_| list.close())
            >
                <span>{current}</span>
                <span aria-hidden="true">"▾"</span>
            </button>
            <ul id=list.name() role="listbox" aria-label=label hidden=folded node_ref=list.options>
                {move || is_open.get().then(|| list.view())}
            </ul>
        </div>
    }
}

/// The levels of a feature while they are unfolded.
#[derive(Clone, Copy)]
struct List {
    feature: usize,
    what_if: WhatIf,
    state: State,
    /// Place of the level that the keyboard is on; none while it is folded.
    active: RwSignal<Option<usize>>,
    options: NodeRef<Ul>,
}

impl List {
    fn name(self) -> String {
        format!("levels-{}", self.feature)
    }

    fn id(self, place: usize) -> String {
        format!("level-{}-{place}", self.feature)
    }

    fn view(self) -> impl IntoView {
        let explorer = self.state.explorer();
        let levels = (0_u8..).zip(explorer.feature(self.feature).levels());
        let option = |(code, level): (u8, &String)| {
            let place = usize::from(code);
            let active = Signal::derive(move || (self.active.get() == Some(place)).to_string());
            let result = outcome(self.what_if, self.feature, code);
            let class = if place == self.chosen() { "chosen" } else { "" };
            view! {
                <li
                    id=self.id(place)
                    class=class
                    role="option"
                    aria-selected=active
                    data-edit=edit_text(self.feature, code)
                    // The button keeps the focus.
                    on:mousedown=handler(|event: MouseEvent| event.prevent_default())
                    on:click=handler(move |_| self.choose(place))
                >
                    <span>{level.clone()}</span>
                    " "
                    <b>{result}</b>
                </li>
            }
        };
        levels.map(option).collect_view()
    }

    /// Place of the level that is chosen at present.
    fn chosen(self) -> usize {
        let now = self.what_if.now;
        match now.with_untracked(|step| step.row.value(self.feature)) {
            Value::Level(code) => code.into(),
            Value::Number(_) | Value::Missing => 0,
        }
    }

    fn edit(self, place: usize) -> Option<Edit> {
        let value = Value::Level(u8::try_from(place).ok()?);
        let feature = self.feature;
        Some(Edit { feature, value })
    }

    fn open(self) {
        let chosen = self.chosen();
        self.active.set(Some(chosen));
        // The levels are there from the next frame on.
        request_animation_frame(move || self.reveal(chosen));
    }

    fn close(self) {
        if self.active.get_untracked().is_some() {
            self.active.set(None);
            self.what_if.rest_on(None);
        }
    }

    fn choose(self, place: usize) {
        self.close();
        if let Some(Edit { feature, value }) = self.edit(place) {
            self.what_if.set(feature, value, false);
        }
    }

    /// Goes to a level and previews it.
    fn go(self, place: usize) {
        self.active.set(Some(place));
        let other = place != self.chosen();
        self.what_if.rest_on(self.edit(place).filter(|_| other));
        self.reveal(place);
    }

    /// Scrolls a level into the middle of the list.
    fn reveal(self, place: usize) {
        let option = document().get_element_by_id(&self.id(place));
        let option = option.and_then(|option| option.dyn_into::<HtmlElement>().ok());
        if let (Some(option), Some(list)) = (option, self.options.get_untracked()) {
            list.set_scroll_top(option.offset_top() - list.client_height() / 2);
        }
    }

    fn press(self, event: &KeyboardEvent) {
        let key = event.key();
        let last = self
            .what_if
            .outcomes
            .with_untracked(|all| all[self.feature].len())
            - 1;
        match (key.as_str(), self.active.get_untracked()) {
            ("ArrowDown" | "ArrowUp" | "Enter" | " ", None) => self.open(),
            ("ArrowDown", Some(place)) => self.go((place + 1).min(last)),
            ("ArrowUp", Some(place)) => self.go(place.saturating_sub(1)),
            ("Home", Some(_)) => self.go(0),
            ("End", Some(_)) => self.go(last),
            ("Enter" | " ", Some(place)) => self.choose(place),
            ("Escape", Some(_)) => self.close(),
            (letter, Some(place)) if letter.chars().count() == 1 => {
                if let Some(place) = self.next_with(letter, place) {
                    self.go(place);
                }
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The next level that starts with a letter.
    fn next_with(self, letter: &str, place: usize) -> Option<usize> {
        let explorer = self.state.explorer();
        let levels = explorer.feature(self.feature).levels();
        let starts = |level: &String| {
            let start = level.get(..letter.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(letter))
        };
        let mut places = (1..=levels.len()).map(|step| (place + step) % levels.len());
        places.find(|&place| starts(&levels[place]))
    }
}
