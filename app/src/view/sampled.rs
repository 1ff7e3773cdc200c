//! LIME as published, on demand: what the seed does to it.

use churn_core::{Explanation, Row};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::count_field::CountField;
use super::handler::handler;
use crate::explorer::Explorer;
use crate::reactive::RwSignal;
use crate::state::State;
use crate::what_if::WhatIf;
use crate::{page, text};

/// Seeds of a run.
const SEEDS: usize = 20;
/// Artificial customers per seed: LIME's default, and the fewest and most that
/// keep each seed within a blink.
const SAMPLES: usize = 5000;
const FEWEST: usize = 100;
const MOST: usize = 20_000;

/// Weights over some seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Mean of each feature's weight.
    pub mean: Vec<f64>,
    /// Standard deviation (ddof 1) of each feature's weight.
    pub sd: Vec<f64>,
    /// Mean share of the variance that was explained.
    pub r2: f64,
    /// Mean of what the summary gives.
    pub local: f64,
    /// Artificial customers per seed.
    pub samples: usize,
    /// The values that were explained.
    pub row: Row,
}

/// Inputs and progress of a run; the result goes into `spread`.
#[component]
pub fn SampledRun(spread: RwSignal<Option<Spread>>) -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let state = expect_context::<State>();
    let samples = RwSignal::new(SAMPLES);
    let seed = RwSignal::new(0_usize);
    // Seeds that are done, while a run is under way.
    let done = RwSignal::new(None::<usize>);
    let stop = RwSignal::new(false);
    on_cleanup(move || {
        let _ = stop.try_set(true);
    });
    let run = move |_| {
        stop.set(false);
        done.set(Some(0));
        let explorer = state.explorer();
        let row = what_if.now.with_untracked(|values| values.row.clone());
        let (samples, seed) = (samples.get_untracked(), seed.get_untracked());
        spawn_local(async move {
            let mut runs = Vec::new();
            while runs.len() < SEEDS {
                page::pause().await;
                // A page that was left stops what it began.
                if stop.try_get_untracked() != Some(false) {
                    break;
                }
                let Some(explained) = explain(&explorer, &row, samples, seed + runs.len()) else {
                    break;
                };
                runs.push(explained);
                done.set(Some(runs.len()));
            }
            if runs.len() == SEEDS {
                spread.set(Some(summary(&runs, samples, row)));
            }
            let _ = done.try_set(None);
        });
    };
    let idle = Signal::derive(move || done.get().is_none());
    let running = Signal::derive(move || !idle.get());
    let progress = Signal::derive(move || done.get().unwrap_or(0).to_string());
    view! {
        <div class="sampled">
            <CountField label=text::SAMPLES value=samples least=FEWEST most=MOST disabled=running />
            <CountField label=text::SEED value=seed least=0 most=1_000_000 disabled=running />
            <button class="button" disabled=running on:click=handler(run)>{text::run_sampled(SEEDS)}</button>
            <progress max=SEEDS.to_string() value=progress hidden=idle></progress>
            <button class="button" hidden=idle on:click=handler(move |_| stop.set(true))>
                {text::CANCEL}
            </button>
        </div>
    }
}

/// The explanation of one seed; nothing where the model has more features than
/// can be sampled.
fn explain(explorer: &Explorer, row: &Row, samples: usize, seed: usize) -> Option<Explanation> {
    let predictor = &explorer.predictor;
    let pool = predictor.pool(samples, seed as u64).ok()?;
    Some(predictor.explain_sampled(row, &pool, row.0.len()))
}

fn summary(runs: &[Explanation], samples: usize, row: Row) -> Spread {
    let count = runs.len() as f64;
    let mean = |of: &dyn Fn(&Explanation) -> f64| runs.iter().map(of).sum::<f64>() / count;
    let features = 0..row.0.len();
    let means: Vec<f64> = features.map(|f| mean(&|run| run.weights[f])).collect();
    let sd = means.iter().enumerate().map(|(f, middle)| {
        let variance = mean(&|run| (run.weights[f] - middle) * (run.weights[f] - middle));
        (variance * count / (count - 1.0)).sqrt()
    });
    Spread {
        sd: sd.collect(),
        mean: means,
        r2: mean(&|run| run.r2.unwrap_or(f64::NAN)),
        local: mean(&|run| run.local_prediction),
        samples,
        row,
    }
}

#[cfg(test)]
mod tests {
    use churn_core::{Method, Value};

    use super::*;

    #[test]
    fn summarises_seeds() {
        let run = |weight: f64, r2: f64, local_prediction: f64| Explanation {
            method: Method::Sampled,
            probability: 0.5,
            intercept: 0.1,
            local_prediction,
            r2: Some(r2),
            weights: vec![weight, 0.0],
        };
        let runs = [run(0.1, 0.5, 0.7), run(0.3, 0.7, 0.9)];
        let row = Row(vec![Value::Level(0); 2]);
        let spread = summary(&runs, 100, row);
        assert!((spread.mean[0] - 0.2).abs() < 1e-12 && spread.mean[1] == 0.0);
        assert!((spread.sd[0] - 0.02_f64.sqrt()).abs() < 1e-12 && spread.sd[1] == 0.0);
        assert!((spread.r2 - 0.6).abs() < 1e-12 && (spread.local - 0.8).abs() < 1e-12);
    }
}
