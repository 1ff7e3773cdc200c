//! A customer under edits: the values, what was edited, what followed, and the
//! way back.

//!
//! * `values`: the values of a step and what is known of them. `following`:
//!   what follows an edit. `drafts`: the drafts of all customers.

mod drafts;
mod following;
#[cfg(test)]
mod tests;
mod values;

use churn_core::links::{Draft as Underway, Edit};
use churn_core::{Links, Predictor, Row};

pub use drafts::Drafts;
pub use values::{Follower, Marks, Values};

/// The steps of one customer, and where in them we are.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Values of each step, the original first.
    rows: Vec<Row>,
    marks: Vec<Marks>,
    at: usize,
    /// The number that is still being dragged or typed.
    moving: Option<usize>,
}

impl Draft {
    /// A customer without edits.
    pub fn new(original: Row) -> Self {
        Self {
            rows: vec![original],
            marks: vec![Marks::default()],
            at: 0,
            moving: None,
        }
    }

    /// The values now.
    pub fn row(&self) -> &Row {
        &self.rows[self.at]
    }

    /// What was set, followed and is held now.
    pub fn marks(&self) -> &Marks {
        &self.marks[self.at]
    }

    /// Values and marks now.
    pub fn step(&self) -> Values {
        Values {
            row: self.row().clone(),
            marks: self.marks().clone(),
        }
    }

    /// Whether anything differs from the original.
    pub fn is_edited(&self) -> bool {
        self.row() != self.original()
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        self.at > 0
    }

    /// Whether there is a step that was taken back.
    pub fn can_redo(&self) -> bool {
        self.at + 1 < self.rows.len()
    }

    /// Takes a step back.
    pub fn undo(&mut self) {
        self.moving = None;
        self.at = self.at.saturating_sub(1);
    }

    /// Takes a step again.
    pub fn redo(&mut self) {
        self.moving = None;
        self.at = (self.at + 1).min(self.rows.len() - 1);
    }

    /// What an edit gives, with its consequences.
    pub fn after(&self, links: &Links, edit: Edit) -> Values {
        let after = links.carry(self.underway(&self.marks().held), edit);
        self.stepped(links, edit.feature, after.row, after.changes)
    }

    /// Sets a feature, with its consequences.
    pub fn edit(&mut self, links: &Links, edit: Edit) {
        self.moving = None;
        let step = self.after(links, edit);
        self.push(step);
    }

    /// Sets a number that is still on its way: until it has arrived, it is one
    /// step.
    pub fn slide(&mut self, links: &Links, edit: Edit) {
        if self.moving == Some(edit.feature) {
            self.undo();
        }
        let step = self.after(links, edit);
        let before = self.at;
        self.push(step);
        self.moving = (self.at > before).then_some(edit.feature);
    }

    /// The number has arrived.
    pub fn arrive(&mut self) {
        self.moving = None;
    }

    /// Takes all edits back.
    pub fn reset_all(&mut self) {
        self.push(Values::original(self.original().clone()));
    }

    /// Takes over values from elsewhere as one step: those in `order` were set
    /// one after the other, and what did not follow them is held.
    pub fn take(&mut self, links: &Links, target: &Row, order: &[usize]) {
        let mut draft = Self::new(self.original().clone());
        for &feature in order {
            let value = target.value(feature);
            if draft.row().value(feature) != value {
                draft.edit(links, Edit { feature, value });
            }
        }
        let features = 0..target.0.len();
        let differs = |draft: &Self| {
            let mut features = features.clone();
            features.find(|&f| draft.row().value(f) != target.value(f))
        };
        while let Some(feature) = differs(&draft) {
            let mut step = draft.alone(links, feature, target.value(feature));
            step.marks.held.push(feature);
            draft.push(step);
        }
        self.push(draft.step());
    }

    /// Probability of leaving after each choice of a level, by feature.
    pub fn outcomes(&self, links: &Links, predictor: &Predictor) -> Vec<Vec<f64>> {
        links.outcomes(predictor, self.underway(&self.marks().held))
    }

    fn original(&self) -> &Row {
        &self.rows[0]
    }

    fn is_original(&self, feature: usize) -> bool {
        self.row().value(feature) == self.original().value(feature)
    }

    fn underway<'a>(&'a self, held: &'a [usize]) -> Underway<'a> {
        Underway {
            original: self.original(),
            current: self.row(),
            earlier: &self.rows[..self.at],
            held,
        }
    }

    /// Adds a step behind the present one, unless it changes nothing.
    fn push(&mut self, step: Values) {
        self.moving = None;
        if step == self.step() {
            return;
        }
        self.at += 1;
        self.rows.truncate(self.at);
        self.marks.truncate(self.at);
        self.rows.push(step.row);
        self.marks.push(step.marks);
    }
}
