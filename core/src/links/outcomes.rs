//! What the model says of every level, consequences included.

use super::Links;
use super::consequences::{Draft, Edit};
use crate::predictor::Predictor;
use crate::row::{Row, Value};

impl Links {
    /// Probability of leaving after each possible choice of a level: one list
    /// per feature in schema order, one probability per level in its order;
    /// empty for a number.
    ///
    /// Each is exactly what choosing the level gives: [`Links::carry`], missing
    /// values filled in, then [`Predictor::probability`].
    pub fn outcomes(&self, predictor: &Predictor, draft: Draft<'_>) -> Vec<Vec<f64>> {
        let features = self.schema.features.iter().enumerate();
        features
            .map(|(feature, kind)| {
                let levels = (0..=u8::MAX).zip(kind.levels());
                levels
                    .map(|(level, _)| {
                        let value = Value::Level(level);
                        self.outcome(predictor, draft, Edit { feature, value })
                    })
                    .collect()
            })
            .collect()
    }

    /// Probability of leaving after one edit and its consequences.
    pub fn outcome(&self, predictor: &Predictor, draft: Draft<'_>, edit: Edit) -> f64 {
        let row = self.carry(draft, edit).row;
        probability(predictor, &row)
    }
}

fn probability(predictor: &Predictor, row: &Row) -> f64 {
    if row.is_complete() {
        predictor.probability(row)
    } else {
        predictor.probability(&predictor.complete(row).0)
    }
}
