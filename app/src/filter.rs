//! Which customers are meant: conditions that must all hold, with one text
//! form that people can read, type and link to, as in
//! `tenure<6 Contract:"Month-to-month" p>0.5 "Fiber optic"`.
//!
//! * `field`: what a condition is about. `range`: bounds of a number.
//! * `query`, `reader`: the text, read. `fault`: what is wrong with it.
//!   `print`: written. `suggest`: how it may go on. `paste`: many ids.
//! * `evaluate`, `word`: which customers satisfy it.
//! * `describe`: a condition in words. `facet`: what a field holds.

mod describe;
mod evaluate;
mod facet;
mod fault;
mod field;
mod paste;
mod print;
mod query;
mod range;
mod reader;
mod suggest;
mod word;

pub use evaluate::Facts;
pub use facet::{Bins, bins, level_counts};
pub use fault::Fault;
pub use field::Field;
pub use paste::Pasted;
pub use print::quoted;
pub use range::{Bound, Range};
pub use suggest::{Suggestion, may_go_on, suggestions};

/// Conditions that must all hold; without any, everyone is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// The conditions, in the order in which they were made.
    pub conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The test must fail.
    pub negated: bool,
    /// What is tested.
    pub test: Test,
}

/// What a condition tests.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A text occurs in the id or a level, or begins a number.
    Word(String),
    /// A field has one of some levels, by code and in their order.
    Levels(Field, Vec<u8>),
    /// The customer is one of some, by row and in their order.
    Ids(Vec<u32>),
    /// A field's number is in a range.
    Within(Field, Range),
    /// The customer is starred.
    Starred,
    /// A value of the customer was filled in.
    Imputed,
}

impl Condition {
    /// The field that the condition is about.
    pub fn field(&self) -> Option<Field> {
        match self.test {
            Test::Levels(field, _) | Test::Within(field, _) => Some(field),
            Test::Ids(_) => Some(Field::Id),
            Test::Word(_) | Test::Starred | Test::Imputed => None,
        }
    }
}

impl From<Test> for Condition {
    fn from(test: Test) -> Self {
        Self {
            negated: false,
            test,
        }
    }
}

impl Filter {
    /// Whether everyone is meant.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether a condition is about the field.
    pub fn is_about(&self, field: Field) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.field() == Some(field))
    }

    /// The filter without the conditions about a field.
    #[must_use]
    pub fn without(&self, field: Field) -> Self {
        let mut filter = self.clone();
        filter
            .conditions
            .retain(|condition| condition.field() != Some(field));
        filter
    }

    /// The levels that the filter asks for, of `levels` in all; none where it
    /// asks for nothing of the field.
    pub fn levels(&self, field: Field, levels: usize) -> Vec<u8> {
        if !self.is_about(field) {
            return Vec::new();
        }
        let mut wanted: Vec<u8> = (0..=u8::MAX).take(levels).collect();
        for condition in &self.conditions {
            if let Test::Levels(about, codes) = &condition.test
                && *about == field
            {
                wanted.retain(|code| codes.contains(code) != condition.negated);
            }
        }
        wanted
    }

    /// Asks for some levels of a field, and for nothing else of it.
    pub fn set_levels(&mut self, field: Field, codes: Vec<u8>) {
        let condition = (!codes.is_empty()).then_some(Test::Levels(field, codes));
        self.set(field, condition);
    }

    /// The customers that the filter asks for by their ids, by row.
    pub fn ids(&self) -> &[u32] {
        let mut conditions = self.conditions.iter();
        let rows = conditions.find_map(|condition| match &condition.test {
            Test::Ids(rows) if !condition.negated => Some(rows.as_slice()),
            _ => None,
        });
        rows.unwrap_or_default()
    }

    /// Asks for some customers, and for no others by their ids.
    pub fn set_ids(&mut self, rows: Vec<u32>) {
        let condition = (!rows.is_empty()).then_some(Test::Ids(rows));
        self.set(Field::Id, condition);
    }

    /// The bounds that the filter sets to a number.
    pub fn bounds(&self, field: Field) -> (Option<Bound>, Option<Bound>) {
        let mut bounds = (None, None);
        for condition in &self.conditions {
            if let Test::Within(about, range) = condition.test
                && about == field
                && !condition.negated
            {
                let (low, high) = range.bounds();
                bounds = (low.or(bounds.0), high.or(bounds.1));
            }
        }
        bounds
    }

    /// Bounds a number, and asks for nothing else of it.
    pub fn set_bounds(&mut self, field: Field, low: Option<Bound>, high: Option<Bound>) {
        let ranges = Range::between(low, high);
        self.set(field, ranges.map(|range| Test::Within(field, range)));
    }

    /// Puts conditions in the place of those about a field.
    fn set(&mut self, field: Field, tests: impl IntoIterator<Item = Test>) {
        let about = |condition: &Condition| condition.field() == Some(field);
        let end = self.conditions.len();
        let place = self.conditions.iter().position(about).unwrap_or(end);
        let rest: Vec<Condition> = self.conditions.drain(place..).collect();
        self.conditions.extend(tests.into_iter().map(Into::into));
        self.conditions
            .extend(rest.into_iter().filter(|condition| !about(condition)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn edits_replace_what_was_asked_of_a_field_in_its_place() {
        let explorer = explorer();
        let parse = |text| Filter::parse(text, &explorer).unwrap();
        let mut filter = parse("contract:month tenure<6 c-3");
        filter.set_levels(Field::Value(0), vec![1]);
        assert_eq!(filter, parse("contract:year tenure<6 c-3"));
        let (low, high) = filter.bounds(Field::Value(1));
        assert_eq!((low, high.map(|bound| bound.number)), (None, Some(6.0)));
        filter.set_bounds(Field::Value(1), Some(Bound::closed(2.0)), high);
        assert_eq!(filter, parse("contract:year tenure>=2 tenure<6 c-3"));
        filter.set_bounds(
            Field::Value(1),
            Some(Bound::closed(2.0)),
            Some(Bound::closed(3.0)),
        );
        assert_eq!(filter, parse("contract:year tenure:2..3 c-3"));
        filter.set_bounds(Field::Value(1), None, None);
        filter.set_levels(Field::Value(0), vec![]);
        assert_eq!(filter, parse("c-3"));
        filter.set_levels(Field::Value(0), vec![0]);
        assert_eq!(filter, parse("c-3 contract:month"));
        assert_eq!(filter.without(Field::Value(0)), parse("c-3"));
    }

    #[test]
    fn the_levels_left_by_all_conditions_are_the_ones_asked_for() {
        let explorer = explorer();
        let levels = |text| {
            let filter = Filter::parse(text, &explorer).unwrap();
            filter.levels(Field::Value(0), 2)
        };
        assert_eq!(levels("tenure<6"), [0; 0]);
        assert_eq!(levels("contract:month"), [0]);
        assert_eq!(levels("-contract:month"), [1]);
        assert_eq!(levels("contract:month,year"), [0, 1]);
    }
}
