//! Carries an edit from feature to feature.

use super::{Change, Draft, Reason};
use crate::links::Links;
use crate::links::forcing::{Condition, Implication};
use crate::row::{Row, Value};

/// A row on its way from an edit to what follows.
pub(super) struct Carrier<'a> {
    links: &'a Links,
    draft: Draft<'a>,
    /// The row as far as it is carried.
    pub row: Row,
    /// What moved so far.
    pub changes: Vec<Change>,
    /// Features that were edited or moved: each moves once, so the carrying
    /// ends.
    moved: Vec<bool>,
    /// Features that must not move.
    held: Vec<bool>,
}

impl<'a> Carrier<'a> {
    /// A row whose held features are fixed.
    pub fn new(links: &'a Links, draft: Draft<'a>, row: Row) -> Self {
        let mut held = vec![false; row.0.len()];
        for &feature in draft.held {
            if let Some(held) = held.get_mut(feature) {
                *held = true;
            }
        }
        Self {
            links,
            draft,
            changes: Vec::new(),
            moved: vec![false; row.0.len()],
            held,
            row,
        }
    }

    /// The current row, all of it held: what a level must agree with.
    pub fn of_all_held(links: &'a Links, draft: Draft<'a>) -> Self {
        let mut carrier = Self::new(links, draft, draft.current.clone());
        carrier.held.fill(true);
        carrier
    }

    /// Carries the edit of a feature through levels, then prices, then products.
    pub fn carry(&mut self, edited: usize) {
        self.moved[edited] = true;
        self.levels_after(edited);
        let mut next = 0;
        while let Some(change) = self.changes.get(next) {
            self.levels_after(change.feature);
            next += 1;
        }
        self.numbers(edited);
    }

    /// Moves the levels that one moved feature forces, forbids or sets free.
    fn levels_after(&mut self, moved: usize) {
        let links = self.links;
        let before = self.draft.current.value(moved);
        for implication in links.implications() {
            let Implication { when, then } = *implication;
            if when.feature == moved && when.holds(&self.row) && !then.holds(&self.row) {
                let value = Value::Level(then.level);
                self.set(then.feature, value, moved, Reason::Forced);
            }
        }
        for implication in links.implications() {
            let Implication { when, then } = *implication;
            if then.feature == moved && then.is_broken(&self.row) && when.holds(&self.row) {
                if let Some((value, reason)) = self.instead_of(when) {
                    self.set(when.feature, value, moved, reason);
                }
            } else if when.feature == moved && before == Value::Level(when.level) {
                self.set_free(*implication);
            }
        }
    }

    /// Gives a level back that was forced and need not be any more.
    fn set_free(&mut self, implication: Implication) {
        let Implication { when, then } = implication;
        let forces_still = |i: &Implication| i.then == then && i.when.holds(&self.row);
        if !then.holds(&self.row) || self.links.implications().iter().any(forces_still) {
            return;
        }
        let prior = self.prior(|row| !when.holds(row));
        let value = prior.map(|row| row.value(then.feature));
        if let Some(value) = value.filter(|&value| self.is_possible(then.feature, value)) {
            self.set(then.feature, value, when.feature, Reason::Restored);
        }
    }

    /// What a feature takes where it must leave a level: what the customer had
    /// before, else the most frequent other level. It agrees with what moved,
    /// and with what is held where any level does.
    pub fn instead_of(&self, left: Condition) -> Option<(Value, Reason)> {
        let feature = left.feature;
        let prior = self.prior(|row| !left.holds(row));
        let prior = prior.map(|row| (row.value(feature), Reason::Restored));
        let levels = self.links.frequent.get(feature)?.iter();
        let others = levels.filter(|&&level| level != left.level);
        let assumed = others.map(|&level| (Value::Level(level), Reason::Assumed));
        let mut choices = prior.into_iter().chain(assumed);
        let agrees = |&(value, _): &(Value, Reason)| self.is_possible(feature, value);
        let can_be = |&(value, _): &(Value, Reason)| self.agrees_with(&self.moved, feature, value);
        choices
            .clone()
            .find(agrees)
            .or_else(|| choices.find(can_be))
    }

    /// The latest row of the customer that fits, the original last.
    fn prior(&self, fits: impl Fn(&Row) -> bool) -> Option<&'a Row> {
        let earlier = self.draft.earlier.iter().rev();
        earlier.chain([self.draft.original]).find(|row| fits(row))
    }

    /// Whether a value agrees with everything that moved or is held.
    fn is_possible(&self, feature: usize, value: Value) -> bool {
        let mut all = [&self.moved, &self.held].into_iter();
        all.all(|fixed| self.agrees_with(fixed, feature, value))
    }

    /// Whether a value agrees with the marked features.
    fn agrees_with(&self, fixed: &[bool], feature: usize, value: Value) -> bool {
        let is_fixed = |other: usize| other != feature && fixed[other];
        let level = match value {
            Value::Level(level) => level,
            Value::Missing => return true,
            Value::Number(_) => return false,
        };
        let known = self.links.schema.features[feature].levels();
        let at = Condition { feature, level };
        let mut implications = self.links.implications().iter();
        usize::from(level) < known.len()
            && implications.all(|&Implication { when, then }| {
                let forces = when == at && is_fixed(then.feature) && then.is_broken(&self.row);
                let is_forced = then.feature == feature
                    && then.level != level
                    && is_fixed(when.feature)
                    && when.holds(&self.row);
                !forces && !is_forced
            })
    }

    /// Moves the numbers that follow what moved: prices, then products.
    fn numbers(&mut self, edited: usize) {
        let Draft {
            original, current, ..
        } = self.draft;
        for following in &self.links.following {
            let of = following.of().iter().copied();
            let mut moved = of.filter(|&of| self.row.value(of) != current.value(of));
            // The edited feature explains best why a number moved.
            let because = moved.clone().find(|&of| of == edited);
            let Some(because) = because.or_else(|| moved.next()) else {
                continue;
            };
            if !following.is_followed(original, current) {
                continue;
            }
            if let Some(number) = following.follow(original, &self.row) {
                let reason = following.rule.reason();
                self.set(following.number, Value::Number(number), because, reason);
            }
        }
    }

    /// Moves a feature, unless it is fixed or there already.
    fn set(&mut self, feature: usize, value: Value, because: usize, reason: Reason) {
        let from = self.row.value(feature);
        if self.moved[feature] || self.held[feature] || from == value {
            return;
        }
        self.moved[feature] = true;
        self.row.0[feature] = value;
        self.changes.push(Change {
            feature,
            from,
            to: value,
            because,
            reason,
        });
    }
}
