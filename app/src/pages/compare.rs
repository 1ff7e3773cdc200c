//! Two customers side by side: what differs, and what that makes of the risk.

use churn_core::Method;
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
    let [first, second] = pair.map(|row| explorer.id(row as usize).to_owned());
    let risks = pair.map(|row| explorer.probabilities[row as usize]);
    let risk = |risk: f64| Signal::derive(move || number::risk(risk, state.threshold.get()));
    let swapped = Route::Compare(second.clone(), first.clone()).address(explorer.schema());
    let method = Signal::derive(move || state.arrangement.with(|it| it.colour.method()));
    let by_log_odds = Signal::derive(move || usize::from(method.get() == Method::Contributions));
    let colours = [Colour::Lime, Colour::LogOdds];
    let choose = move |place: usize| state.arrangement.update(|it| it.colour = colours[place]);
    let head = |row: u32, id: &str| {
        view! {
            <th scope="col" colspan="2">
                <a href=state.customer_address(row)>{id.to_owned()}</a>
            </th>
        }
    };
    let mut lines = Vec::new();
    if explorer.has_outcomes() {
        lines.push(Line {
            label: text::OUTCOME.into(),
            class: "",
            values: pair.map(|row| text::outcome(explorer.data.label(row as usize)).into()),
            weights: None,
        });
    }
    let families = if explorer.families.is_empty() {
        vec![Family::of_all(explorer.schema())]
    } else {
        explorer.families.clone()
    };
    for family in families {
        lines.extend(family_lines(state, family, pair, method));
    }
    view! {
        <div class="compare">
            <h1 class="spoken">{text::compared(&first, &second)}</h1>
            <div class="toolbar">
                <a class="button" href=state.table_address>{text::BACK}</a>
                <a class="button" href=swapped>{text::SWAP}</a>
                <Choice
                    name="method"
                    caption=text::METHOD
                    options=vec![text::LIME, text::LOG_ODDS]
                    chosen=by_log_odds
                    choose=Callback::new(choose)
                />
                <Legend method />
            </div>
            <div class="compared">
                <table>
                    <caption class="spoken">{text::compared(&first, &second)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{text::FEATURE}</th>
                            {head(pair[0], &first)}
                            {head(pair[1], &second)}
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
                        {lines.into_iter().map(|line| line.view(method)).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="muted">{text::CAVEAT}</p>
        </div>
    }
}

/// A line of the comparison.
struct Line {
    label: String,
    class: &'static str,
    /// What each customer has.
    values: [String; 2],
    /// What that weighs.
    weights: Option<Signal<[f64; 2]>>,
}

/// A family with its sums, then its features.
fn family_lines(state: State, family: Family, pair: [u32; 2], method: Signal<Method>) -> Vec<Line> {
    let explorer = state.explorer();
    let mut lines: Vec<Line> = family
        .features
        .iter()
        .map(|&feature| {
            let value = |row: u32| {
                let filled = explorer.imputed(row).contains(&feature);
                let value = explorer.data.value(row as usize, feature);
                let value = explorer.text_with_unit(feature, value);
                format!("{}{value}", if filled { "≈ " } else { "" })
            };
            Line {
                label: explorer.label(feature).into(),
                class: "",
                values: pair.map(value),
                weights: Some(Signal::derive(move || {
                    let explorer = state.explorer();
                    pair.map(|row| explorer.weights_by(method.get(), row as usize)[feature])
                })),
            }
        })
        .collect();
    let sums = Line {
        label: family.label.clone(),
        class: "family",
        values: Default::default(),
        weights: Some(Signal::derive(move || {
            let explorer = state.explorer();
            pair.map(|row| family.sum(explorer.weights_by(method.get(), row as usize)))
        })),
    };
    lines.insert(0, sums);
    lines
}

impl Line {
    fn view(self, method: Signal<Method>) -> AnyView {
        let Self {
            label,
            class,
            values,
            weights,
        } = self;
        let differs = values[0] != values[1];
        let class = if differs { "differs" } else { class };
        // The sign of a difference, also in words.
        let sign = differs.then(|| {
            view! { <abbr role="img" aria-label=text::DIFFERS title=text::DIFFERS>"≠"</abbr> }
        });
        let step = move |side: usize| {
            let weight = weights?.get()[side];
            Some((weight, Step::of(weight, boundaries(method.get()))))
        };
        let weight = |side: usize| {
            let class = Signal::derive(move || {
                step(side).map_or_else(String::new, |(_, step)| {
                    format!("compared-weight {}", step.class())
                })
            });
            let figure = Signal::derive(move || {
                step(side).map_or_else(String::new, |(weight, _)| number::weight(weight))
            });
            view! { <td class=class>{figure}</td> }
        };
        let difference = Signal::derive(move || {
            weights.map_or_else(String::new, |weights| {
                let [first, second] = weights.get();
                number::weight(second - first)
            })
        });
        let [first, second] = values;
        view! {
            <tr class=class>
                <th scope="row">{label} {sign}</th>
                <td>{first}</td>
                {weight(0)}
                <td>{second}</td>
                {weight(1)}
                <td>{difference}</td>
            </tr>
        }
        .into_any()
    }
}
