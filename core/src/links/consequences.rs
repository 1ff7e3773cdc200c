//! An edit of one feature, and everything that moves with it.

use super::Links;
use super::forcing::Implication;
use crate::row::{Row, Value};

mod carrier;

use carrier::Carrier;

/// One feature set to a value by the user.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edit {
    /// Feature, by its place in the schema.
    pub feature: usize,
    /// What it is set to.
    pub value: Value,
}

/// A customer under edits.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The customer as the data has them.
    pub original: &'a Row,
    /// The customer as edited so far.
    pub current: &'a Row,
    /// Rows that the customer was edited through on the way to `current`, the
    /// oldest first: what a level goes back to when nothing forces it any more.
    /// Without them it goes back to the original's.
    pub earlier: &'a [Row],
    /// Features that must not move, except by their own edit.
    pub held: &'a [usize],
}

/// A feature that moved because another one did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Feature, by its place in the schema.
    pub feature: usize,
    /// Its value before the edit.
    pub from: Value,
    /// Its value after the edit.
    pub to: Value,
    /// The feature it followed.
    pub because: usize,
    /// Why it moved.
    pub reason: Reason,
}

/// Why a feature moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The other feature's level allows this level only.
    Forced,
    /// Its level is no longer forced or possible, and the customer had this one
    /// before.
    Restored,
    /// Its level is no longer possible and the customer never had another: the
    /// most frequent one of the data is assumed.
    Assumed,
    /// The price of the levels changed.
    Price,
    /// A factor of the product changed.
    Product,
}

/// The row after an edit, and what moved besides the edited feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequences {
    /// The edited row.
    pub row: Row,
    /// In the order in which they moved: levels, prices, products. Each feature
    /// at most once; the edited feature is not among them.
    pub changes: Vec<Change>,
}

impl Links {
    /// [`carry`](Self::carry) without the rows in between.
    pub fn consequences(
        &self,
        original: &Row,
        current: &Row,
        edit: Edit,
        held: &[usize],
    ) -> Consequences {
        let draft = Draft {
            original,
            current,
            earlier: &[],
            held,
        };
        self.carry(draft, edit)
    }

    /// Applies an edit and carries its consequences along.
    ///
    /// * Levels that the edit forces are set, and levels it makes impossible
    ///   leave: to what the customer had before, else to the most frequent level
    ///   that is possible ([`Reason::Assumed`]). So on from each that moved.
    /// * A price follows its levels, a product its factors, each keeping the
    ///   original customer's own part ([`Following`](super::Following)). A
    ///   number that was set to something else before stays.
    /// * Held features and the edited one stay, even where the row is then not
    ///   possible ([`Links::conflict`]).
    ///
    /// The same edit again changes nothing. An edit that the schema refuses
    /// ([`Row::check`]) changes nothing either.
    pub fn carry(&self, draft: Draft<'_>, edit: Edit) -> Consequences {
        let Some(row) = self.edited(draft.current, edit) else {
            return Consequences {
                row: draft.current.clone(),
                changes: Vec::new(),
            };
        };
        let mut carrier = Carrier::new(self, draft, row);
        carrier.carry(edit.feature);
        Consequences {
            row: carrier.row,
            changes: carrier.changes,
        }
    }

    /// The row with the edit alone; nothing where it changes nothing or the
    /// schema refuses it.
    fn edited(&self, row: &Row, edit: Edit) -> Option<Row> {
        let mut edited = row.clone();
        let slot = edited.0.get_mut(edit.feature)?;
        let before = std::mem::replace(slot, edit.value);
        (before != edit.value && edited.check(&self.schema).is_ok()).then_some(edited)
    }

    /// The value that a feature would have if it followed the others again, for
    /// one that was held or set by hand: an edit to give to
    /// [`carry`](Self::carry). Nothing where it follows nothing, or already has
    /// that value.
    pub fn followed(&self, draft: Draft<'_>, feature: usize) -> Option<Value> {
        let row = draft.current;
        if row.0.len() != self.schema.features.len() {
            return None;
        }
        let followed = match self.rule_of(feature) {
            Some(following) => Value::Number(following.follow(draft.original, row)?),
            None => self.allowed(draft, feature)?,
        };
        (followed != row.value(feature)).then_some(followed)
    }

    /// The level that the other features force, or one that they allow where
    /// they forbid the one there.
    fn allowed(&self, draft: Draft<'_>, feature: usize) -> Option<Value> {
        let row = draft.current;
        let forces = |i: &&Implication| i.then.feature == feature && i.when.holds(row);
        if let Some(forced) = self.implications().iter().find(forces) {
            return Some(Value::Level(forced.then.level));
        }
        let forbidden = |i: &&Implication| {
            i.when.feature == feature && i.when.holds(row) && i.then.is_broken(row)
        };
        let left = self.implications().iter().find(forbidden)?.when;
        let carrier = Carrier::of_all_held(self, draft);
        carrier.instead_of(left).map(|(value, _)| value)
    }
}

#[cfg(test)]
mod tests;
