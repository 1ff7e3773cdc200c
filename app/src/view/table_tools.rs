//! What changes the look of the table: its columns, its colours, what its cells
//! show, and what the colours mean.

use leptos::prelude::*;

use super::choice::Choice;
use super::handler::handler;
use super::legend::Legend;
use super::menu::Menu;
use crate::arrangement::{Colour, Show};
use crate::chosen_columns::ChosenColumns;
use crate::column_key::ColumnKey;
use crate::reactive::{Memo, StoredValue};
use crate::route::Route;
use crate::state::State;
use crate::text;

/// The tools in one line.
#[component]
pub fn TableTools() -> impl IntoView {
    let state = expect_context::<State>();
    let colour = Memo::new(move |_| state.arrangement.with(|arrangement| arrangement.colour));
    let plain = Signal::derive(move || colour.get() == Colour::Nothing);
    let method = Signal::derive(move || colour.get().method());
    view! {
        <div class="table-legend" hidden=plain>
            <Legend method />
        </div>
        <div class="tools">
            <CompareLink />
            <ColumnsMenu />
            <ShowMenu />
        </div>
    }
}

/// The way to a comparison, as soon as two customers are pinned.
#[component]
fn CompareLink() -> impl IntoView {
    let state = expect_context::<State>();
    let address = Memo::new(move |_| {
        let explorer = state.explorer();
        state.marks.with(|marks| match marks.pins() {
            &[first, second, ..] => {
                let id = |row: u32| explorer.id(row as usize).to_owned();
                Some(Route::Compare(id(first), id(second)).address(explorer.schema()))
            }
            _ => None,
        })
    });
    let alone = Signal::derive(move || address.with(Option::is_none));
    let href = Signal::derive(move || address.get().unwrap_or_default());
    view! {
        <a
            class="button"
            href=href
            hidden=alone
            title=text::COMPARE_HELP
            on:click=handler(move |_| state.write_address())
        >
            {text::COMPARE}
        </a>
    }
}

/// Which columns are shown.
#[component]
fn ColumnsMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let all = ColumnKey::all(&explorer);
    let optional = all.clone().into_iter().filter(|key| key.is_optional());
    let optional = StoredValue::new(optional.collect::<Vec<_>>());
    let show_all = move |shown: bool| {
        state.choose_columns(|chosen| {
            optional.with_value(|keys| keys.iter().for_each(|&key| chosen.set(key, shown)));
        });
    };
    let check = move |key: ColumnKey, label: String, spoken: Option<String>| {
        let shown = Signal::derive(move || state.columns.with(|chosen| chosen.shows(key)));
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    aria-label=spoken
                    prop:checked=shown
                    on:change:target=move |event| {
                        let shown = event.target().checked();
                        state.choose_columns(|chosen| chosen.set(key, shown));
                    }
                />
                {label}
            </label>
        }
    };
    let about: Vec<_> = all
        .iter()
        .filter(|key| key.is_optional() && key.feature().is_none())
        .map(|&key| {
            let label = match key {
                ColumnKey::Outcome => text::OUTCOME,
                ColumnKey::Part => text::PART,
                _ => text::REASONS,
            };
            check(key, label.into(), None)
        })
        .collect();
    let features: Vec<_> = explorer
        .columns
        .iter()
        .map(|&feature| {
            let label = explorer.label(feature);
            let value = text::value_column(label);
            let weight = text::weight_column(label);
            view! {
                <li>
                    <span>{label.to_owned()}</span>
                    {check(ColumnKey::Value(feature), text::VALUE.into(), Some(value))}
                    {check(ColumnKey::Weight(feature), text::WEIGHT.into(), Some(weight))}
                </li>
            }
        })
        .collect();
    view! {
        <Menu label=text::COLUMNS>
            <p class="on-phone muted">{text::CARDS}</p>
            <div class="actions">
                <button class="button" on:click=handler(move |_| show_all(true))>{text::ALL}</button>
                <button class="button" on:click=handler(move |_| show_all(false))>{text::NONE}</button>
                <button
                    class="button"
                    on:click=handler(move |_| {
                        state.choose_columns(|chosen| *chosen = ChosenColumns::default());
                    })
                >
                    {text::RESET}
                </button>
            </div>
            <div class="checks">{about}</div>
            <ul class="checks">{features}</ul>
        </Menu>
    }
}

/// What cells show and what colours stand for.
#[component]
fn ShowMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let arrangement = state.arrangement;
    let shows = vec![text::SHOW_VALUES, text::SHOW_WEIGHTS, text::SHOW_BOTH];
    let colours = vec![text::LIME, text::LOG_ODDS, text::NO_COLOUR];
    let method = Signal::derive(move || arrangement.with(|it| it.colour.method()));
    let set_show = move |place: usize| arrangement.update(|it| it.show = Show::ALL[place].0);
    let set_colour = move |place: usize| arrangement.update(|it| it.colour = Colour::ALL[place].0);
    view! {
        <Menu label=text::SHOW>
            <div class="on-phone">
                <Legend method />
            </div>
            <Choice
                name="show"
                caption=text::CELLS_SHOW
                options=shows
                chosen=Signal::derive(move || arrangement.with(|it| it.show as usize))
                choose=Callback::new(set_show)
            />
            <Choice
                name="colour"
                caption=text::COLOUR_BY
                options=colours
                chosen=Signal::derive(move || arrangement.with(|it| it.colour as usize))
                choose=Callback::new(set_colour)
            />
        </Menu>
    }
}
