//! Three explanations of one estimate, side by side.

use leptos::prelude::*;

use super::sampled::{SampledRun, Spread};
use crate::agreement::Agreement;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{number, text};

/// Exact LIME, sampled LIME and log-odds by feature, and how far they agree.
#[component]
pub fn Methods() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let spread = RwSignal::new(None::<Spread>);
    let with_exact = Signal::derive(move || {
        let agreement = what_if.lime.with(|lime| {
            let log_odds = &what_if.log_odds;
            log_odds.with(|log_odds| Agreement::of(&lime.weights, &log_odds.weights))
        });
        text::agreement(text::EXACT_LIME, text::LOG_ODDS, agreement)
    });
    let fit = Signal::derive(move || {
        what_if.lime.with(|lime| {
            let gap = lime.local_prediction - lime.probability;
            text::fit(text::EXACT_LIME, gap, lime.r2.unwrap_or(f64::NAN))
        })
    });
    let sampled_fit = Signal::derive(move || {
        spread.with(|spread| match spread {
            None => text::NOT_SAMPLED.into(),
            Some(spread) => {
                let is_old = what_if.now.with(|values| values.row != spread.row);
                let gap = spread.local - state.explorer().predictor.probability(&spread.row);
                let mut told = text::fit(text::SAMPLED_LIME, gap, spread.r2);
                told.push(' ');
                told += &what_if.lime.with(|lime| {
                    let agreement = Agreement::of(&lime.weights, &spread.mean);
                    text::agreement(text::EXACT_LIME, text::SAMPLED_LIME, agreement)
                });
                if is_old {
                    told.push(' ');
                    told += text::OLD_SAMPLES;
                }
                told
            }
        })
    });
    let meaning = Signal::derive(move || {
        let samples = spread.with(|spread| spread.as_ref().map(|spread| spread.samples));
        text::sampled_meaning(samples)
    });
    let rows = explorer.columns.clone().into_iter().map(|feature| {
        let exact =
            Signal::derive(move || number::weight(what_if.lime.with(|lime| lime.weights[feature])));
        let sampled = Signal::derive(move || {
            spread.with(|spread| match spread {
                Some(spread) => text::plus_minus(spread.mean[feature], spread.sd[feature]),
                None => text::NOTHING.into(),
            })
        });
        let log_odds = Signal::derive(move || {
            number::weight(what_if.log_odds.with(|log_odds| log_odds.weights[feature]))
        });
        let signs = Signal::derive(move || {
            let lime = what_if.lime.with(|lime| lime.weights[feature]);
            let log_odds = what_if.log_odds.with(|log_odds| log_odds.weights[feature]);
            String::from(text::same_sign(lime * log_odds >= 0.0))
        });
        view! {
            <tr>
                <th scope="row">{explorer.label(feature).to_owned()}</th>
                <td>{exact}</td>
                <td class="spread">{sampled}</td>
                <td>{log_odds}</td>
                <td>{signs}</td>
            </tr>
        }
    });
    view! {
        <ul class="meanings muted">
            <li>{text::EXACT_MEANING}</li>
            <li>{meaning}</li>
            <li>{text::LOG_ODDS_MEANING}</li>
        </ul>
        <SampledRun spread />
        <table class="plain figures">
            <thead>
                <tr>
                    <th scope="col">{text::FEATURE}</th>
                    <th scope="col">{text::EXACT_LIME}</th>
                    <th scope="col">{text::SAMPLED_LIME}</th>
                    <th scope="col">{text::LOG_ODDS}</th>
                    <th scope="col">{text::SIGNS}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p class="exact-fit">{fit} " " {with_exact}</p>
        <p class="sampled-fit" role="status">{sampled_fit}</p>
    }
}
