//! How columns hang together, and edits that carry their consequences along.
//!
//! A model answers for any row, a possible customer or not. Links keep an edited
//! customer possible: levels that force levels, a number that follows levels as
//! a price list, a number that is close to a product of others. They come from
//! a [`Preset`] or are found in the data.
//!
//! * [`forcing`]: one level occurs only with another.
//! * [`following`]: numbers that follow other features, each keeping what is its
//!   own; [`price_list`] and [`product`] are the two rules they follow.
//! * [`consequences`]: an edit, and everything that moves with it.
//! * [`outcomes`]: what the model says of every level, consequences included.
//! * [`combinations`]: how many customers share a row's linked levels.
//! * `crosstab`: how often two levels occur together; what links are found by.

use std::cmp::Reverse;

use crate::dataset::{Column, Dataset};
use crate::math::ordered;
use crate::preset::{Link, Preset};
use crate::row::Row;
use crate::schema::{MISSING, Schema};

pub mod combinations;
pub mod consequences;
mod crosstab;
pub mod following;
pub mod forcing;
pub mod outcomes;
pub mod price_list;
pub mod product;

pub use combinations::Combinations;
pub use consequences::{Change, Consequences, Draft, Edit, Reason};
pub use following::{Following, Rule};
pub use forcing::{Condition, Conflict, Implication};

use crosstab::Crosstab;
use forcing::Forcing;

/// Rows that a link needs to be found, or a price list to be fitted.
pub const ENOUGH_ROWS: usize = 50;

/// The links of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Links {
    schema: Schema,
    forcing: Forcing,
    /// Price lists, then products, each after the numbers it is made of.
    following: Vec<Following>,
    /// Codes of each categorical feature, the most frequent first.
    frequent: Vec<Vec<u8>>,
}

impl Links {
    /// Takes the preset's links where they fit the data's schema, and finds
    /// others in the complete rows.
    ///
    /// A link that names a column or level the data lacks is passed over. The
    /// preset comes first: a number it explains is explained once.
    pub fn learn(data: &Dataset, preset: Option<&Preset>) -> Self {
        let known = preset.map_or(&[][..], |preset| &preset.links);
        let rows = data.complete_rows();
        let table = Crosstab::of_all(data, &rows);

        let mut forcing = Forcing::of_preset(known, data, &rows);
        forcing.find(&table);

        let mut following = price_list::of_preset(known, data, &rows);
        let mut products = product::of_preset(known, data);
        products.retain(|p| following.iter().all(|f| f.number != p.number));
        let numbers = following.iter().chain(&products).map(|f| f.number);
        let mut taken: Vec<usize> = numbers.collect();
        let found = price_list::find(data, &rows, &table, &forcing, &taken);
        taken.extend(found.iter().map(|f| f.number));
        following.extend(found);
        let numbers = following.iter().map(|f| f.number).zip(0..);
        let order = ordered(&numbers.collect::<Vec<(usize, usize)>>());
        let order = order.into_iter().map(|(_, at)| following[at].clone());
        let mut following: Vec<Following> = order.collect();
        products.extend(product::find(data, &rows, &taken));
        following.extend(product::in_order(products));

        Self {
            schema: data.schema().clone(),
            forcing,
            following,
            frequent: data.columns().iter().map(by_frequency).collect(),
        }
    }

    /// Whether the data has no links at all.
    pub fn is_empty(&self) -> bool {
        self.forcing.implications().is_empty() && self.following.is_empty()
    }

    /// What forces what, in both directions where both hold; in schema order.
    pub fn implications(&self) -> &[Implication] {
        self.forcing.implications()
    }

    /// Numbers that follow other features, in the order in which they move.
    pub fn following(&self) -> &[Following] {
        &self.following
    }

    /// The rule that a number follows.
    pub fn rule_of(&self, number: usize) -> Option<&Following> {
        self.following.iter().find(|f| f.number == number)
    }

    /// The links in a preset's form, to show or to keep: levels first, then
    /// numbers in the order in which they move.
    pub fn to_preset(&self) -> Vec<Link> {
        let name = |&at: &usize| self.schema.features[at].name.clone();
        let numbers = self.following.iter().map(|following| {
            let (number, of) = (
                name(&following.number),
                following.of().iter().map(name).collect(),
            );
            match following.rule {
                Rule::PriceList(_) => Link::PriceList { number, of },
                Rule::Product(_) => Link::Product { number, of },
            }
        });
        let mut links = self.forcing.to_preset(&self.schema);
        links.extend(numbers);
        links
    }

    /// The first forced combination that a row violates; nothing when the row is
    /// possible as far as links tell. A missing value violates nothing.
    pub fn conflict(&self, row: &Row) -> Option<Conflict> {
        self.forcing.conflict(row)
    }

    /// Categorical features that any link names, in schema order.
    pub fn linked_levels(&self) -> Vec<usize> {
        let conditions = self.implications().iter().flat_map(|i| [i.when, i.then]);
        let of_lists = self.following.iter().flat_map(Following::of).copied();
        let features: Vec<usize> = conditions
            .map(|condition| condition.feature)
            .chain(of_lists)
            .filter(|&feature| !self.schema.features[feature].is_numeric())
            .collect();
        ordered(&features)
    }
}

/// Codes of a column, the most frequent first and the lower of equals first.
fn by_frequency(column: &Column) -> Vec<u8> {
    let Column::Categorical(codes) = column else {
        return Vec::new();
    };
    let mut counts = [0_usize; MISSING as usize + 1];
    for &code in codes {
        counts[usize::from(code)] += 1;
    }
    let codes = 0..MISSING;
    let present: Vec<(Reverse<usize>, u8)> = codes
        .map(|code| (Reverse(counts[usize::from(code)]), code))
        .filter(|(count, _)| count.0 > 0)
        .collect();
    ordered(&present)
        .into_iter()
        .map(|(_, code)| code)
        .collect()
}

#[cfg(test)]
mod tests;
