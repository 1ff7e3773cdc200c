//! Two customers side by side: what differs, and what that makes of the risk.

use leptos::prelude::*;

use crate::arrangement::Colour;
use crate::family::Family;
use crate::route::Route;
use crate::scale::{Step, boundaries};
use crate::state::State;
use crate::view::{Choice, Legend};
use crate::{number, text};

/// The comparison of two rows of the data.
#[component]
pub fn ComparePage(first: u32, second: u32) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let pair = [first, second];
    let id = move |row: u32| state.explorer().id(row as usize).to_owned();
    let risks = pair.map(|row| explorer.probabilities[row as usize]);
    let risk = |risk: f64| Signal::derive(move || number::risk(risk, state.threshold.get()));
    let families = if explorer.families.is_empty() {
        vec![Family::of_all(explorer.schema())]
    } else {
        explorer.families.clone()
    };
    let swapped = Route::Compare(id(second), id(first)).address(explorer.schema());
    let colour = Signal::derive(move || match state.arrangement.with(|it| it.colour) {
        Colour::LogOdds => Colour::LogOdds,
        Colour::Lime | Colour::Nothing => Colour::Lime,
    });
    let choose = move |colour| state.arrangement.update(|it| it.colour = colour);
    let heads = pair.map(|row| {
        view! {
            <th scope="col" colspan="2">
                <a href=state.customer_address(row)>{id(row)}</a>
            </th>
        }
    });
    let outcomes = explorer.has_outcomes().then(|| {
        let outcomes = pair.map(|row| text::outcome(explorer.data.label(row as usize)));
        let differ = outcomes[0] != outcomes[1];
        view! {
            <tr class:differs=differ>
                <th scope="row">{text::OUTCOME} <Differs differ /></th>
                <td colspan="2">{outcomes[0]}</td>
                <td colspan="2">{outcomes[1]}</td>
                <td></td>
            </tr>
        }
    });
    view! {
        <div class="compare">
            <div class="toolbar">
                <a class="button" href=state.table_address>{text::BACK}</a>
                <a class="button" href=swapped>{text::SWAP}</a>
                <Choice
                    name="method"
                    caption=text::METHOD
                    options=vec![(Colour::Lime, text::LIME), (Colour::LogOdds, text::LOG_ODDS)]
                    chosen=colour
                    choose=Callback::new(choose)
                />
                <Legend method=Signal::derive(move || colour.get().method()) />
            </div>
            <div class="compared">
                <table>
                    <caption class="spoken">{text::compared(&id(first), &id(second))}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{text::FEATURE}</th>
                            {heads}
                            <th scope="col">{text::DIFFERENCE}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr class="risks">
                            <th scope="row">{text::RISK}</th>
                            <td colspan="2">{risk(risks[0])}</td>
                            <td colspan="2">{risk(risks[1])}</td>
                            <td>{number::points(risks[1] - risks[0])}</td>
                        </tr>
                        {outcomes}
                    </tbody>
                    {families
                        .into_iter()
                        .map(|family| view! { <ComparedFamily family pair colour /> })
                        .collect_view()}
                </table>
            </div>
            <p class="muted">{text::CAVEAT}</p>
        </div>
    }
}

/// A family: its sums, and its features below.
#[component]
fn ComparedFamily(family: Family, pair: [u32; 2], colour: Signal<Colour>) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let weights = move |row: u32, read: &dyn Fn(&[f64]) -> f64| {
        read(
            state
                .explorer()
                .weights_by(colour.get().method(), row as usize),
        )
    };
    let label = family.label.clone();
    let rows = family.features.clone().into_iter().map(|feature| {
        let values = pair.map(|row| explorer.data.value(row as usize, feature));
        let differ = values[0] != values[1];
        let [first, second] = pair.map(|row| {
            let filled = explorer.imputed(row).contains(&feature);
            let value = explorer.data.value(row as usize, feature);
            let value = explorer.text_with_unit(feature, value);
            let weight = Signal::derive(move || weights(row, &|weights| weights[feature]));
            view! {
                <td>{filled.then_some("≈ ")} {value}</td>
                <ComparedWeight weight colour />
            }
        });
        let difference = Signal::derive(move || {
            let [first, second] = pair.map(|row| weights(row, &|weights| weights[feature]));
            number::weight(second - first)
        });
        view! {
            <tr class:differs=differ>
                <th scope="row">{explorer.label(feature).to_owned()} <Differs differ /></th>
                {first}
                {second}
                <td>{difference}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let sums = StoredValue::new(family);
    let sum = move |row| sums.with_value(|family| weights(row, &|weights| family.sum(weights)));
    let [first, second] = pair.map(|row| {
        view! {
            <td></td>
            <ComparedWeight weight=Signal::derive(move || sum(row)) colour />
        }
    });
    let difference = Signal::derive(move || number::weight(sum(pair[1]) - sum(pair[0])));
    view! {
        <tbody>
            <tr class="family">
                <th scope="rowgroup">{label}</th>
                {first}
                {second}
                <td>{difference}</td>
            </tr>
            {rows}
        </tbody>
    }
}

/// A weight with its colour and arrows.
#[component]
fn ComparedWeight(weight: Signal<f64>, colour: Signal<Colour>) -> impl IntoView {
    let step = move || Step::of(weight.get(), boundaries(colour.get().method()));
    let class = Signal::derive(move || format!("compared-weight {}", step().class()));
    let arrows = Signal::derive(move || step().arrows().to_owned());
    let figure = Signal::derive(move || number::weight(weight.get()));
    view! {
        <td class=class>
            <span class="arrows" aria-hidden="true">{arrows}</span>
            {figure}
        </td>
    }
}

/// The sign of a difference, also in words.
#[component]
fn Differs(differ: bool) -> impl IntoView {
    differ.then(|| {
        view! { <abbr role="img" aria-label=text::DIFFERS title=text::DIFFERS>"≠"</abbr> }
    })
}
