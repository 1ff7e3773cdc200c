//! One customer under edits: what the model says of the original, of the edited
//! values, and of a level that the pointer rests on. The original never changes.

use std::sync::Arc;
use std::time::Duration;

use churn_core::links::Edit;
use churn_core::{Explanation, Method, Row, Value};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};

use crate::draft::{Draft, Values};
use crate::explorer::Explorer;
use crate::reactive::{Memo, RwSignal, StoredValue};
use crate::state::State;

/// How long the pointer rests on a level until it is previewed.
const HOVER: Duration = Duration::from_millis(80);

/// The open customer; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct WhatIf {
    /// Row of the data.
    pub row: u32,
    /// The method whose weights are shown.
    pub method: RwSignal<Method>,
    /// The edited values.
    pub now: Memo<Values>,
    /// The values that are shown: the previewed ones, else the edited ones.
    pub shown: Memo<Values>,
    /// Exact LIME of the shown values.
    pub lime: Memo<Explanation>,
    /// Log-odds contributions of the shown values.
    pub log_odds: Memo<Explanation>,
    /// Probability of leaving after each choice of a level, by feature.
    pub outcomes: Memo<Vec<Vec<f64>>>,
    /// How many customers have the shown combination of linked levels.
    pub examples: Memo<u32>,
    /// The feature that the pointer or the keyboard is on.
    pub focus: RwSignal<Option<usize>>,
    /// The edit that is previewed.
    pub preview: RwSignal<Option<Edit>>,
    /// The level that the pointer is on, and what will preview it.
    resting: StoredValue<(Option<Edit>, Option<TimeoutHandle>)>,
    state: State,
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
        let drafts = state.drafts;
        let preview = RwSignal::new(None);
        let all = Arc::clone(&explorer);
        let now = Memo::new(move |_| {
            drafts.with(|drafts| match drafts.get(row) {
                Some(draft) => draft.step(),
                None => Values::original(all.original(row)),
            })
        });
        let all = Arc::clone(&explorer);
        let shown = Memo::new(move |_| match preview.get() {
            Some(edit) => with_draft(state, row, |draft| draft.after(all.links(), edit)),
            None => now.get(),
        });
        let all = Arc::clone(&explorer);
        let outcomes = Memo::new(move |_| {
            with_draft(state, row, |draft| {
                draft.outcomes(all.links(), &all.predictor)
            })
        });
        let all = Arc::clone(&explorer);
        let examples =
            Memo::new(move |_| shown.with(|step| all.combinations().customers_like(&step.row)));
        let explained = |explain: fn(&Explorer, &Row) -> Explanation| {
            let explorer = Arc::clone(&explorer);
            Memo::new(move |_| shown.with(|step| explain(&explorer, &step.row)))
        };
        Self {
            row,
            method: RwSignal::new(Method::Exact),
            now,
            shown,
            lime: explained(lime),
            log_odds: explained(log_odds),
            outcomes,
            examples,
            focus: RwSignal::new(None),
            preview,
            resting: StoredValue::new((None, None)),
            state,
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

    /// Probability of leaving with the shown values.
    pub fn probability(self) -> f64 {
        self.lime.with(|lime| lime.probability)
    }

    /// Weights of the shown values by the shown method.
    pub fn with_weights<T>(self, read: impl FnOnce(&[f64]) -> T) -> T {
        let explanation = match self.method.get() {
            Method::Contributions => self.log_odds,
            Method::Exact | Method::Sampled => self.lime,
        };
        explanation.with(|explanation| read(&explanation.weights))
    }

    /// Weight of a feature with the shown values by the shown method.
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
        self.original
            .with_value(|original| original.row.value(feature))
    }

    /// Edited value of a feature.
    pub fn value(self, feature: usize) -> Memo<Value> {
        let now = self.now;
        Memo::new(move |_| now.with(|step| step.row.value(feature)))
    }

    /// Shown value of a feature.
    pub fn shown_value(self, feature: usize) -> Memo<Value> {
        let shown = self.shown;
        Memo::new(move |_| shown.with(|step| step.row.value(feature)))
    }

    /// How many features differ from the original.
    pub fn changes(self) -> usize {
        self.shown.with(|step| step.changed().len())
    }

    /// Whether the shown combination has no example in the data.
    pub fn is_unseen(self) -> bool {
        self.examples.get() == 0
    }

    /// Edits a feature; `moving` while a number is on its way.
    pub fn set(self, feature: usize, value: Value, moving: bool) {
        self.leave();
        if self.now.with_untracked(|step| step.row.value(feature)) == value {
            return;
        }
        let edit = Edit { feature, value };
        self.change(&|draft, explorer| {
            if moving {
                draft.slide(explorer.links(), edit);
            } else {
                draft.edit(explorer.links(), edit);
            }
        });
    }

    /// A number on its way has arrived: what comes is another step.
    pub fn arrive(self) {
        let row = self.row;
        let original = || self.original.with_value(|original| original.row.clone());
        let drafts = self.state.drafts;
        drafts.update_untracked(|drafts| drafts.begin(row, original).arrive());
    }

    /// Takes back the edit of a feature.
    pub fn reset(self, feature: usize) {
        self.change(&|draft, explorer| draft.reset(explorer.links(), feature));
    }

    /// Changes the draft by one step.
    pub fn change(self, change: &dyn Fn(&mut Draft, &Explorer)) {
        self.leave();
        self.state.edit(self.row, change);
    }

    /// Reads the draft.
    pub fn with_draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        with_draft(self.state, self.row, read)
    }

    /// Whether the draft can go a step back and a step forth.
    pub fn ways(self) -> (bool, bool) {
        self.state.drafts.with(|drafts| {
            let draft = drafts.get(self.row);
            draft.map_or((false, false), |draft| (draft.can_undo(), draft.can_redo()))
        })
    }

    /// The pointer rests on a level, or on none.
    pub fn rest_on(self, edit: Option<Edit>) {
        let (resting, preview) = (self.resting, self.preview);
        if resting.with_value(|(resting, _)| *resting == edit) {
            return;
        }
        let timer = match edit {
            None => {
                self.end_preview();
                None
            }
            Some(_) => set_timeout_with_handle(move || preview.set(edit), HOVER).ok(),
        };
        resting.update_value(|resting| {
            if let (_, Some(earlier)) = std::mem::replace(resting, (edit, timer)) {
                earlier.clear();
            }
        });
    }

    /// Ends a preview, and one that is about to begin.
    pub fn leave(self) {
        self.resting.update_value(|(_, timer)| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
        self.end_preview();
    }

    fn end_preview(self) {
        if self.preview.with_untracked(Option::is_some) {
            self.preview.set(None);
        }
    }
}

/// The draft of a row, or one without edits.
fn with_draft<T>(state: State, row: u32, read: impl FnOnce(&Draft) -> T) -> T {
    state.drafts.with(|drafts| match drafts.get(row) {
        Some(draft) => read(draft),
        None => read(&Draft::new(state.explorer().original(row))),
    })
}

fn lime(explorer: &Explorer, row: &Row) -> Explanation {
    explorer.predictor.explain_exact(row)
}

fn log_odds(explorer: &Explorer, row: &Row) -> Explanation {
    explorer.predictor.explain_contributions(row)
}
