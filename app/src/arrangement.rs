//! How the table presents the list: its order, its colours and what its cells
//! show. The address carries it.

use churn_core::{Method, Schema};

use crate::fragment::Fragment;
use crate::order::Order;

const SORT: &str = "sort";
const COLOUR: &str = "colour";
const SHOW: &str = "show";

/// The user's choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Order of the rows.
    pub order: Order,
    /// What the colours stand for.
    pub colour: Colour,
    /// What the cells of features show.
    pub show: Show,
}

/// What the cells of features are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Exact LIME weights.
    #[default]
    Lime,
    /// Contributions to the log-odds.
    LogOdds,
    /// Nothing: neither colour nor arrows.
    Nothing,
}

/// What the cells of features show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// The value.
    #[default]
    Values,
    /// The weight.
    Weights,
    /// The value and the weight.
    Both,
}

impl Colour {
    /// All, with their names in the address.
    pub const ALL: [(Self, &str); 3] = [
        (Self::Lime, "lime"),
        (Self::LogOdds, "log-odds"),
        (Self::Nothing, "none"),
    ];

    /// The method that gives the weights.
    pub fn method(self) -> Method {
        match self {
            Self::LogOdds => Method::Contributions,
            Self::Lime | Self::Nothing => Method::Exact,
        }
    }
}

impl Show {
    /// All, with their names in the address.
    pub const ALL: [(Self, &str); 3] = [
        (Self::Values, "values"),
        (Self::Weights, "weights"),
        (Self::Both, "both"),
    ];
}

impl Arrangement {
    /// Reads what an address says; what it does not know stays at its default.
    pub fn read(fragment: &Fragment, schema: &Schema) -> Self {
        let values = fragment.values.iter();
        let sorts = values.filter(|(name, _)| name == SORT);
        Self {
            order: Order::parse(sorts.map(|(_, text)| text.as_str()), schema),
            colour: named(&Colour::ALL, fragment.value(COLOUR)),
            show: named(&Show::ALL, fragment.value(SHOW)),
        }
    }

    /// Adds what differs from the default to the values of an address.
    pub fn write(&self, values: &mut Vec<(String, String)>, schema: &Schema) {
        if self.order != Order::default() {
            let texts = self.order.texts(schema).into_iter();
            values.extend(texts.map(|text| (SORT.into(), text)));
        }
        let name = name(&Colour::ALL, self.colour);
        values.extend(name.map(|name| (COLOUR.into(), name)));
        let name = self::name(&Show::ALL, self.show);
        values.extend(name.map(|name| (SHOW.into(), name)));
    }
}

/// The choice of a name, or the default.
fn named<T: Copy + Default>(all: &[(T, &str)], name: Option<&str>) -> T {
    let found = all.iter().find(|(_, found)| Some(*found) == name);
    found.map_or_else(T::default, |&(choice, _)| choice)
}

/// The name of a choice that is not the default.
fn name<T: Copy + Default + PartialEq>(all: &[(T, &str)], choice: T) -> Option<String> {
    let found = all.iter().find(|(found, _)| *found == choice);
    let (choice, name) = found?;
    (*choice != T::default()).then(|| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn through_address(text: &str) -> String {
        let explorer = explorer();
        let fragment = Fragment::parse(text);
        let arrangement = Arrangement::read(&fragment, explorer.schema());
        let mut values = Vec::new();
        arrangement.write(&mut values, explorer.schema());
        let path = fragment.path;
        Fragment { path, values }.text()
    }

    #[test]
    fn choices_come_back_and_defaults_are_left_out() {
        for text in [
            "#/customers",
            "#/customers?sort=-value.tenure&sort=id&colour=log-odds&show=both",
            "#/customers?colour=none&show=weights",
        ] {
            assert_eq!(through_address(text), text);
        }
        let odd = "#/customers?sort=-risk&colour=lime&show=values&colour=green";
        assert_eq!(through_address(odd), "#/customers");
    }
}
