//! What follows an edit, what must not follow it, and what follows again.

use churn_core::links::{Change, Edit, Reason};
use churn_core::{Links, Row, Value};

use super::{Draft, Follower, Values};

impl Draft {
    /// Keeps a feature that followed at its value before, also in later edits.
    pub fn hold(&mut self, links: &Links, feature: usize) {
        let mut followers = self.marks().followers.iter();
        let Some(from) = followers.find(|f| f.feature == feature).map(|f| f.from) else {
            return;
        };
        let mut step = self.alone(links, feature, from);
        step.marks.held.push(feature);
        self.push(step);
    }

    /// Lets a feature that was held or set apart follow the others again.
    pub fn release(&mut self, links: &Links, feature: usize) {
        let value = links.followed(self.underway(&[]), feature);
        let mut step = match value {
            Some(value) => self.alone(links, feature, value),
            None => self.step(),
        };
        step.marks.held.retain(|&held| held != feature);
        step.marks.own.retain(|&own| own != feature);
        let original = self.original().value(feature);
        if step.row.value(feature) != original {
            let of = links.rule_of(feature).map_or(&[][..], |rule| rule.of());
            let mut implications = links.implications().iter();
            let forced = implications
                .find(|i| i.then.feature == feature && i.when.holds(&step.row))
                .map(|i| i.when.feature);
            let changed = of.iter().copied().find(|&of| !self.is_original(of));
            step.marks.followers.push(Follower {
                feature,
                from: original,
                because: changed.or(forced).unwrap_or(feature),
            });
        }
        self.push(step);
    }

    /// Takes the edit of a feature back: a feature that followed stays where it
    /// was, a number set apart follows again, others get their original value.
    pub fn reset(&mut self, links: &Links, feature: usize) {
        if self.marks().followers.iter().any(|f| f.feature == feature) {
            self.hold(links, feature);
        } else if links.rule_of(feature).is_some() {
            self.release(links, feature);
        } else {
            let value = self.original().value(feature);
            self.edit(links, Edit { feature, value });
        }
    }

    /// Sets a feature, without moving any level: numbers alone follow.
    pub(super) fn alone(&self, links: &Links, feature: usize, value: Value) -> Values {
        let values = self.row().0.iter().enumerate();
        let levels = values.filter(|(_, value)| matches!(value, Value::Level(_)));
        let mut held: Vec<usize> = levels.map(|(feature, _)| feature).collect();
        held.extend(&self.marks().held);
        let after = links.carry(self.underway(&held), Edit { feature, value });
        self.stepped(links, feature, after.row, after.changes)
    }

    /// The marks after an edit and what it moved.
    pub(super) fn stepped(
        &self,
        links: &Links,
        edited: usize,
        row: Row,
        changes: Vec<Change>,
    ) -> Values {
        let mut marks = self.marks().clone();
        marks.own.retain(|&own| own != edited);
        marks.followers.retain(|f| f.feature != edited);
        marks.own.push(edited);
        for change in changes {
            let feature = change.feature;
            marks.own.retain(|&own| own != feature);
            let known = marks.followers.iter().position(|f| f.feature == feature);
            let known = known.map(|place| marks.followers.remove(place));
            // What comes back that differs from the original was set before.
            if change.reason == Reason::Restored {
                marks.own.push(feature);
            } else {
                marks.followers.push(Follower {
                    feature,
                    from: known.map_or(change.from, |f| f.from),
                    because: change.because,
                });
            }
        }
        let original = self.original();
        let differs = |&feature: &usize| row.value(feature) != original.value(feature);
        marks.own.retain(differs);
        marks.followers.retain(|f| differs(&f.feature));
        // What a number followed may be back, while others are not.
        for follower in &mut marks.followers {
            let of = links
                .rule_of(follower.feature)
                .map_or(&[][..], |rule| rule.of());
            if !differs(&follower.because)
                && let Some(&other) = of.iter().find(|of| differs(of))
            {
                follower.because = other;
            }
        }
        Values { row, marks }
    }
}
