//! The scenarios of a customer beside the original and the edited values.

use leptos::prelude::*;

use super::handler::handler;
use crate::reactive::{Memo, RwSignal};
use crate::scenarios::{self, Scenario};
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{edits, number, text};

/// The scenarios of the open customer; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct SavedScenarios {
    list: RwSignal<Vec<Scenario>>,
    /// The one deleted last, and its place.
    deleted: RwSignal<Option<(usize, Scenario)>>,
    /// Whether the table is unfolded.
    pub open: RwSignal<bool>,
    /// The browser had no room for them.
    full: RwSignal<bool>,
    state: State,
    what_if: WhatIf,
}

impl SavedScenarios {
    /// Those that the browser has kept.
    pub fn new(state: State, what_if: WhatIf) -> Self {
        Self {
            list: RwSignal::new(scenarios::read(&state.explorer(), what_if.row)),
            deleted: RwSignal::new(None),
            open: RwSignal::new(false),
            full: RwSignal::new(false),
            state,
            what_if,
        }
    }

    /// Keeps the edited values under a name that tells them, and shows them.
    pub fn save(self) {
        let explorer = self.state.explorer();
        let scenario = self.what_if.now.with_untracked(|values| {
            let own = &values.marks.own;
            let told = own.iter().map(|&f| explorer.text(f, values.row.value(f)));
            Scenario {
                name: told.collect::<Vec<_>>().join(", "),
                edits: edits::write(&values.row, &values.changed(), explorer.schema()),
            }
        });
        self.change(&|list| list.push(scenario.clone()));
        self.open.set(true);
    }

    fn change(self, change: &dyn Fn(&mut Vec<Scenario>)) {
        self.list.update(change);
        let explorer = self.state.explorer();
        let list = &self.list;
        let kept = list.with_untracked(|list| scenarios::write(&explorer, self.what_if.row, list));
        self.full.set(!kept);
    }

    fn rename(self, place: usize, name: &str) {
        self.change(&|list| {
            if let Some(scenario) = list.get_mut(place) {
                name.trim().clone_into(&mut scenario.name);
            }
        });
    }

    fn delete(self, place: usize) {
        self.deleted.set(
            self.list
                .with_untracked(|list| Some((place, list.get(place)?.clone()))),
        );
        self.change(&|list| {
            if place < list.len() {
                list.remove(place);
            }
        });
    }

    fn restore(self) {
        if let Some((place, scenario)) = self.deleted.get_untracked() {
            self.change(&|list| list.insert(place.min(list.len()), scenario.clone()));
            self.deleted.set(None);
        }
    }
}

/// Original, edited values and scenarios, compared.
#[component]
pub fn Scenarios() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let saved = expect_context::<SavedScenarios>();
    let original = what_if.original_probability();
    let now = Signal::derive(move || {
        let explorer = state.explorer();
        what_if
            .now
            .with(|values| edits::write(&values.row, &values.changed(), explorer.schema()))
    });
    let rows = move || {
        let rows = saved.list.get().into_iter().enumerate();
        rows.map(|(place, scenario)| saved_row(state, what_if, saved, place, scenario))
            .collect_view()
    };
    let none_deleted = Signal::derive(move || saved.deleted.with(Option::is_none));
    let room = Signal::derive(move || !saved.full.get());
    view! {
        <p class="notice" hidden=room>{text::STORAGE_FULL}</p>
        <table class="plain scenarios">
            <thead>
                <tr>
                    <th scope="col">{text::SCENARIO}</th>
                    <th scope="col">{text::RISK}</th>
                    <th scope="col">{text::CHANGE}</th>
                    <th scope="col">{text::CHANGED_FIELDS}</th>
                    <th scope="col"><span class="spoken">{text::ACTIONS}</span></th>
                </tr>
            </thead>
            <tbody>
                <tr>
                    <th scope="row">{text::ORIGINAL}</th>
                    {figures(state, what_if, original, Signal::derive(Vec::new))}
                    <td></td>
                </tr>
                <tr>
                    <th scope="row">{text::EDITED}</th>
                    {figures(state, what_if, original, now)}
                    <td></td>
                </tr>
                {rows}
            </tbody>
        </table>
        <p>
            <button
                class="button"
                disabled=Signal::derive(move || now.with(Vec::is_empty))
                on:click=handler(move |_| saved.save())
            >
                {text::SAVE_SCENARIO}
            </button>
            " "
            <button class="button" hidden=none_deleted on:click=handler(move |_| saved.restore())>
                {text::UNDO_DELETE}
            </button>
        </p>
    }
}

fn saved_row(
    state: State,
    what_if: WhatIf,
    saved: SavedScenarios,
    place: usize,
    scenario: Scenario,
) -> impl IntoView {
    let Scenario { name, edits } = scenario;
    let original = what_if.original_probability();
    let taken = edits.clone();
    let open = move |_| {
        let explorer = state.explorer();
        let row = explorer.original(what_if.row);
        let (values, _) = edits::apply(&row, &taken, explorer.schema());
        let order = edits::order(&taken, explorer.schema());
        what_if.change(&|draft, explorer| draft.take(explorer.links(), &values, &order));
    };
    view! {
        <tr>
            <th scope="row">
                <input
                    type="text"
                    aria-label=text::SCENARIO_NAME
                    prop:value=name.clone()
                    on:change:target=move |event| saved.rename(place, &event.target().value())
                />
            </th>
            {figures(state, what_if, original, Signal::derive(move || edits.clone()))}
            <td>
                <button class="link" aria-label=text::of_feature(text::OPEN, &name) on:click=handler(open)>
                    {text::OPEN}
                </button>
                " "
                <button
                    class="link"
                    aria-label=text::of_feature(text::DELETE, &name)
                    on:click=handler(move |_| saved.delete(place))
                >
                    {text::DELETE}
                </button>
            </td>
        </tr>
    }
}

/// Risk, change against the original, and the changed fields of some edits.
fn figures(
    state: State,
    what_if: WhatIf,
    original: f64,
    edits: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let values = move || {
        let explorer = state.explorer();
        let row = explorer.original(what_if.row);
        edits.with(|edits| edits::apply(&row, edits, explorer.schema()).0)
    };
    let risk = Memo::new(move |_| state.explorer().predictor.probability(&values()));
    let shown = Signal::derive(move || number::risk(risk.get(), state.threshold.get()));
    let change = Signal::derive(move || number::points(risk.get() - original));
    let fields = Signal::derive(move || {
        let (explorer, values) = (state.explorer(), values());
        let order = edits.with(|edits| edits::order(edits, explorer.schema()));
        let field = |&place: &usize| {
            let value = explorer.text_with_unit(place, values.value(place));
            text::field(explorer.label(place), &value)
        };
        order.iter().map(field).collect::<Vec<_>>().join(", ")
    });
    view! {
        <td>{shown}</td>
        <td>{change}</td>
        <td>{fields}</td>
    }
}
