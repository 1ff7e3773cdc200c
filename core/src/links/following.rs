//! Numbers that follow other features.

use super::consequences::Reason;
use super::price_list::PriceList;
use super::product::Product;
use crate::dataset::{Column, Dataset};
use crate::row::{Row, Value};
use crate::schema::{FeatureKind, is_number};

/// Most decimals that numbers are rounded to; data with more is left as it is
/// computed.
const MOST_DECIMALS: u8 = 9;

/// A number, and the rule it follows.
///
/// A customer's number is rule(customer) + what is its own. An edit moves the
/// rule's part; the own part stays that of the original customer:
/// number = max(0, rule(edited) + number of the original − rule(original)),
/// rounded to the feature's decimals. The lower end 0 holds where the data has
/// no number below 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Following {
    /// The number, by its place in the schema.
    pub number: usize,
    /// What it follows.
    pub rule: Rule,
    decimals: u8,
    never_negative: bool,
}

/// How a number follows others.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// A sum of prices, one per level.
    PriceList(PriceList),
    /// A product of numbers.
    Product(Product),
}

impl Rule {
    /// Why a number under this rule moves.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::PriceList(_) => Reason::Price,
            Self::Product(_) => Reason::Product,
        }
    }
}

impl Following {
    /// A numeric feature of the data under a rule; nothing for a categorical
    /// one.
    pub(super) fn new(data: &Dataset, number: usize, rule: Rule) -> Option<Self> {
        let FeatureKind::Numeric { decimals } = data.schema().features.get(number)?.kind else {
            return None;
        };
        let Column::Numeric(x) = data.column(number) else {
            return None;
        };
        Some(Self {
            number,
            rule,
            decimals,
            never_negative: !x.iter().any(|x| *x < 0.0),
        })
    }

    /// The features it follows, in schema order.
    pub fn of(&self) -> &[usize] {
        match &self.rule {
            Rule::PriceList(list) => list.of(),
            Rule::Product(product) => product.of(),
        }
    }

    /// What the rule alone says of a row; nothing where a feature it follows is
    /// missing.
    pub fn rule(&self, row: &Row) -> Option<f64> {
        match &self.rule {
            Rule::PriceList(list) => list.price(row),
            Rule::Product(product) => product.product(row),
        }
    }

    /// The number of an edited row that keeps the original's own part; nothing
    /// where something is missing or the result is out of range.
    pub fn follow(&self, original: &Row, row: &Row) -> Option<f64> {
        let Value::Number(number) = original.value(self.number) else {
            return None;
        };
        let own = number - self.rule(original)?;
        let moved = self.rounded(self.rule(row)? + own);
        let moved = if self.never_negative {
            moved.max(0.0)
        } else {
            moved
        };
        is_number(moved).then_some(moved)
    }

    /// Whether a row's number is the one that follows, so that an edit may move
    /// it on; a number that somebody has set to something else is theirs.
    pub fn is_followed(&self, original: &Row, row: &Row) -> bool {
        match (row.value(self.number), self.follow(original, row)) {
            // Numbers that are not rounded differ by what a sum loses.
            (Value::Number(x), Some(y)) => (x - y).abs() <= 1e-12 * x.abs().max(y.abs()),
            _ => false,
        }
    }

    /// Units per 1: 100 for two decimals.
    fn unit(&self) -> f64 {
        (0..self.decimals.min(MOST_DECIMALS)).fold(1.0, |unit, _| unit * 10.0)
    }

    fn rounded(&self, x: f64) -> f64 {
        if self.decimals > MOST_DECIMALS {
            return x;
        }
        libm::round(x * self.unit()) / self.unit()
    }
}
