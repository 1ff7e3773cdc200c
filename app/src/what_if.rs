//! One customer under edits: what the model says of the original and of the
//! edited values. The original never changes.

use std::sync::Arc;

use churn_core::{Explanation, Method, Row, Value};
use leptos::prelude::*;

use crate::explorer::Explorer;
use crate::state::State;

/// The open customer; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct WhatIf {
    /// Row of the data.
    pub row: u32,
    /// The method whose weights are shown.
    pub method: RwSignal<Method>,
    /// Exact LIME of the edited values.
    pub lime: Memo<Explanation>,
    /// Log-odds contributions of the edited values.
    pub log_odds: Memo<Explanation>,
    /// The feature that the pointer or the keyboard is on.
    pub focus: RwSignal<Option<usize>>,
    edited: RwSignal<Row>,
    original: StoredValue<Original>,
}

/// The values of the data and what they mean.
struct Original {
    row: Row,
    lime: Explanation,
    log_odds: Explanation,
}

impl WhatIf {
    /// The customer of a row, with the edits of the state.
    pub fn new(state: State, row: u32) -> Self {
        let explorer = state.explorer();
        let original = explorer.original(row);
        let edited = state.edited;
        let explained = |explain: fn(&Explorer, &Row) -> Explanation| {
            let explorer = Arc::clone(&explorer);
            Memo::new(move |_| edited.with(|row| explain(&explorer, row)))
        };
        Self {
            row,
            method: RwSignal::new(Method::Exact),
            lime: explained(lime),
            log_odds: explained(log_odds),
            focus: RwSignal::new(None),
            edited,
            original: StoredValue::new(Original {
                lime: lime(&explorer, &original),
                log_odds: log_odds(&explorer, &original),
                row: original,
            }),
        }
    }

    /// Probability of leaving with the original values.
    pub fn original_probability(self) -> f64 {
        self.original
            .with_value(|original| original.lime.probability)
    }

    /// Probability of leaving with the edited values.
    pub fn probability(self) -> f64 {
        self.lime.with(|lime| lime.probability)
    }

    /// Weights of the edited values by the shown method.
    pub fn with_weights<T>(self, read: impl FnOnce(&[f64]) -> T) -> T {
        let explanation = match self.method.get() {
            Method::Contributions => self.log_odds,
            Method::Exact | Method::Sampled => self.lime,
        };
        explanation.with(|explanation| read(&explanation.weights))
    }

    /// Weight of a feature with the edited values by the shown method.
    pub fn weight(self, feature: usize) -> f64 {
        self.with_weights(|weights| weights[feature])
    }

    /// Weight of a feature with the original values by the shown method.
    pub fn original_weight(self, feature: usize) -> f64 {
        let method = self.method.get();
        self.original.with_value(|original| match method {
            Method::Contributions => original.log_odds.weights[feature],
            Method::Exact | Method::Sampled => original.lime.weights[feature],
        })
    }

    /// Original value of a feature.
    pub fn original_value(self, feature: usize) -> Value {
        self.original.with_value(|original| original.row.0[feature])
    }

    /// Edited value of a feature.
    pub fn value(self, feature: usize) -> Value {
        self.edited.with(|row| row.0[feature])
    }

    /// Edits a feature.
    pub fn set(self, feature: usize, value: Value) {
        if self.edited.with_untracked(|row| row.0[feature] != value) {
            self.edited.update(|row| row.0[feature] = value);
        }
    }

    /// Whether a feature differs from the original.
    pub fn is_changed(self, feature: usize) -> bool {
        self.value(feature) != self.original_value(feature)
    }

    /// How many features differ from the original.
    pub fn changes(self) -> usize {
        self.edited.with(|edited| {
            self.original.with_value(|original| {
                let pairs = edited.0.iter().zip(&original.row.0);
                pairs
                    .filter(|(edited, original)| edited != original)
                    .count()
            })
        })
    }

    /// Takes back the edit of a feature.
    pub fn reset(self, feature: usize) {
        self.set(feature, self.original_value(feature));
    }

    /// Takes back all edits.
    pub fn reset_all(self) {
        self.edited
            .set(self.original.with_value(|original| original.row.clone()));
    }
}

fn lime(explorer: &Explorer, row: &Row) -> Explanation {
    explorer.predictor.explain_exact(row)
}

fn log_odds(explorer: &Explorer, row: &Row) -> Explanation {
    explorer.predictor.explain_contributions(row)
}
