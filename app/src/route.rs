//! Which page is open, as the page's address says it.

use churn_core::Schema;

use crate::arrangement::Arrangement;
use crate::fragment::Fragment;
use crate::listing::{Audience, Listing};
use crate::money::Money;

const CUSTOMERS: &str = "customers";
const CUSTOMER: &str = "customer";
const COMPARE: &str = "compare";
const MODEL: &str = "model";
const ROWS: &str = "rows";
const ALL: &str = "all";
const DATA: &str = "data";
const ACROSS: &str = "x";
const UPWARDS: &str = "y";
const MONITORING: &str = "monitoring";
const RUNS: &str = "runs";
const TABLES: &str = "tables";
const JOBS: &str = "jobs";
const LINEAGE: &str = "lineage";
const AUDIENCE: &str = "who";
const EVERYONE: &str = "everyone";
const QUERY: &str = "q";

/// A page with its state.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    /// The table.
    Customers(Listing, Arrangement),
    /// One customer and the values that were edited.
    Customer {
        /// Customer id.
        id: String,
        /// Column name and value of each edit, as written in the address.
        edits: Vec<(String, String)>,
    },
    /// Two customers side by side, by their ids.
    Compare(String, String),
    /// The model, with the money that its decision is judged by, and whether
    /// that is on all rows.
    Model(Money, bool),
    /// The data: the filter, and the two columns that are looked at together.
    Data {
        /// The filter, as text.
        query: String,
        /// Features across and upwards; nothing while they are folded away.
        pair: Option<(usize, usize)>,
    },
    /// The server's predictions.
    Monitoring,
    /// The server's runs of experiments: what is asked of them, by names.
    Runs(Vec<(String, String)>),
    /// The server's tables: what is asked of them, by names.
    Tables(Vec<(String, String)>),
    /// The server's jobs: what is asked of them, by names.
    Jobs(Vec<(String, String)>),
    /// What came from what on the server: what is asked of it, by names.
    Lineage(Vec<(String, String)>),
}

impl Route {
    /// Reads an address; what it does not know it leaves at its default.
    pub fn parse(fragment: &str, schema: &Schema) -> Self {
        let fragment = Fragment::parse(fragment);
        if let [page, id] = fragment.path.as_slice()
            && page == CUSTOMER
        {
            return Self::Customer {
                id: id.clone(),
                edits: fragment.values,
            };
        }
        if fragment.path.first().is_some_and(|page| page == MODEL) {
            let all_rows = fragment.value(ROWS) == Some(ALL);
            return Self::Model(Money::parse(&fragment), all_rows);
        }
        if fragment.path.first().is_some_and(|page| page == DATA) {
            let feature = |name| schema.position(fragment.value(name)?);
            return Self::Data {
                query: fragment.value(QUERY).unwrap_or_default().into(),
                pair: feature(ACROSS).zip(feature(UPWARDS)),
            };
        }
        if fragment.path.first().is_some_and(|page| page == MONITORING) {
            return Self::Monitoring;
        }
        if fragment.path.first().is_some_and(|page| page == RUNS) {
            return Self::Runs(fragment.values);
        }
        if fragment.path.first().is_some_and(|page| page == TABLES) {
            return Self::Tables(fragment.values);
        }
        if fragment.path.first().is_some_and(|page| page == JOBS) {
            return Self::Jobs(fragment.values);
        }
        if fragment.path.first().is_some_and(|page| page == LINEAGE) {
            return Self::Lineage(fragment.values);
        }
        let standard = Listing::default();
        if let [page, first, second] = fragment.path.as_slice()
            && page == COMPARE
        {
            return Self::Compare(first.clone(), second.clone());
        }
        let arrangement = Arrangement::read(&fragment, schema);
        let listing = Listing {
            audience: match fragment.value(AUDIENCE) {
                Some(EVERYONE) => Audience::Everyone,
                _ => standard.audience,
            },
            query: fragment.value(QUERY).unwrap_or_default().into(),
        };
        Self::Customers(listing, arrangement)
    }

    /// The address, with its `#`; defaults are left out.
    pub fn address(&self, schema: &Schema) -> String {
        let (path, values) = match self {
            Self::Customer { id, edits } => (vec![CUSTOMER.into(), id.clone()], edits.clone()),
            Self::Compare(first, second) => {
                (vec![COMPARE.into(), first.clone(), second.clone()], vec![])
            }
            Self::Model(money, all_rows) => {
                let mut values = money.values();
                if *all_rows {
                    values.push((ROWS.into(), ALL.into()));
                }
                (vec![MODEL.into()], values)
            }
            Self::Data { query, pair } => {
                let mut values = Vec::new();
                if !query.is_empty() {
                    values.push((QUERY.into(), query.clone()));
                }
                if let &Some((x, y)) = pair {
                    for (name, feature) in [(ACROSS, x), (UPWARDS, y)] {
                        values.push((name.into(), schema.features[feature].name.clone()));
                    }
                }
                (vec![DATA.into()], values)
            }
            Self::Monitoring => (vec![MONITORING.into()], vec![]),
            Self::Runs(values) => (vec![RUNS.into()], values.clone()),
            Self::Tables(values) => (vec![TABLES.into()], values.clone()),
            Self::Jobs(values) => (vec![JOBS.into()], values.clone()),
            Self::Lineage(values) => (vec![LINEAGE.into()], values.clone()),
            Self::Customers(listing, arrangement) => {
                let mut values = Vec::new();
                if listing.audience == Audience::Everyone {
                    values.push((AUDIENCE.into(), EVERYONE.into()));
                }
                if !listing.query.is_empty() {
                    values.push((QUERY.into(), listing.query.clone()));
                }
                arrangement.write(&mut values, schema);
                (vec![CUSTOMERS.into()], values)
            }
        };
        Fragment { path, values }.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column_key::ColumnKey;
    use crate::order::Order;
    use churn_core::{Feature, FeatureKind};

    fn schema() -> Schema {
        Schema {
            id: None,
            target: None,
            features: vec![Feature {
                name: "risk".into(),
                kind: FeatureKind::Numeric { decimals: 0 },
            }],
        }
    }

    #[test]
    fn every_route_comes_back() {
        let schema = schema();
        let routes = [
            Route::Customers(Listing::default(), Arrangement::default()),
            Route::Customers(
                Listing {
                    audience: Audience::Everyone,
                    query: "fiber optic".into(),
                },
                Arrangement {
                    order: Order::default().clicked(ColumnKey::Value(0), true),
                    ..Arrangement::default()
                },
            ),
            Route::Compare("7590-VHVEG".into(), "A/B".into()),
            Route::Customer {
                id: "7590-VHVEG".into(),
                edits: vec![("risk".into(), "3.5".into())],
            },
            Route::Model(
                Money {
                    cost: Some(2.5),
                    value: None,
                    saved: Some(30.0),
                },
                false,
            ),
            Route::Model(Money::default(), true),
            Route::Data {
                query: "risk<6".into(),
                pair: Some((0, 0)),
            },
            Route::Data {
                query: String::new(),
                pair: None,
            },
            Route::Monitoring,
            Route::Runs(vec![
                (
                    "q".into(),
                    "params.kernel = 'linear' and metrics.a > 0.5".into(),
                ),
                ("runs".into(), "grid-1,grid-2".into()),
            ]),
            Route::Jobs(vec![
                ("job".into(), "nightly".into()),
                ("run".into(), "3".into()),
            ]),
            Route::Lineage(vec![("node".into(), "table:customers@1".into())]),
        ];
        for route in routes {
            assert_eq!(Route::parse(&route.address(&schema), &schema), route);
        }
        let plain = Route::Customers(Listing::default(), Arrangement::default());
        assert_eq!(plain.address(&schema), "#/customers");
        assert_eq!(Route::parse("#/nonsense?sort=nothing", &schema), plain);
    }
}
