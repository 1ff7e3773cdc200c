//! The user's own figures of an offer, in the address while they are typed.

use churn_core::profit::Offer;

use crate::fragment::Fragment;
use crate::number;

const COST: &str = "cost";
const VALUE: &str = "value";
const SAVED: &str = "saved";

/// What is known of an offer; empty at first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Money {
    /// Cost of one offer.
    pub cost: Option<f64>,
    /// Value of a customer who is kept.
    pub value: Option<f64>,
    /// Percent of the offers to customers who would leave that keep them.
    pub saved: Option<f64>,
}

impl Money {
    /// The offer, when all is known.
    pub fn offer(self) -> Option<Offer> {
        Some(Offer {
            cost: self.cost?,
            value: self.value?,
            saved: self.saved? / 100.0,
        })
    }

    /// Reads an address; what makes no sense is left out.
    pub fn parse(fragment: &Fragment) -> Self {
        let figure = |name| fragment.value(name).and_then(number::parse);
        Self {
            cost: figure(COST).and_then(Self::amount),
            value: figure(VALUE).and_then(Self::amount),
            saved: figure(SAVED).and_then(Self::percent),
        }
    }

    /// The figures by their names in the address.
    pub fn values(self) -> Vec<(String, String)> {
        [(COST, self.cost), (VALUE, self.value), (SAVED, self.saved)]
            .into_iter()
            .filter_map(|(name, figure)| Some((name.to_owned(), figure?.to_string())))
            .collect()
    }

    /// A typed amount of money, 0 or more.
    pub fn amount(typed: f64) -> Option<f64> {
        (0.0..1e12).contains(&typed).then_some(typed)
    }

    /// A typed percentage.
    pub fn percent(typed: f64) -> Option<f64> {
        (0.0..=100.0).contains(&typed).then_some(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_needs_all_three_figures() {
        let whole = Fragment::parse("#/model?cost=10&value=300.5&saved=30");
        let money = Money::parse(&whole);
        let offer = Offer {
            cost: 10.0,
            value: 300.5,
            saved: 0.3,
        };
        assert_eq!(money.offer(), Some(offer));
        let odd = Money::parse(&Fragment::parse("#/model?cost=-1&value=1&saved=130"));
        assert_eq!(odd.values(), [("value".to_owned(), "1".to_owned())]);
        assert_eq!(odd.offer(), None);
    }
}
