//! A number that follows levels as from a price list: a sum of one price per
//! feature, by least squares.

use super::ENOUGH_ROWS;
use super::crosstab::Crosstab;
use super::following::{Following, Rule};
use super::forcing::Forcing;
use crate::dataset::{Column, Dataset};
use crate::math::{max_abs, mean_sd, ordered};
use crate::preset::Link;
use crate::row::{Row, Value};

/// Least R² of a price list that is found in the data.
const LEAST_R2: f64 = 0.99;

/// A feature belongs to the list when leaving it out raises the unexplained sum
/// of squares by this share of itself …
const LEAST_SHARE: f64 = 0.05;

/// … and by this share of the whole, which rounding alone does not reach.
const LEAST_OF_WHOLE: f64 = 1e-6;

/// Rows that each level must have on average, lest the list learn single rows.
const ROWS_PER_LEVEL: usize = 10;

/// Ridge, as a share of the rows: levels of one feature sum to one, so without
/// it the equations have no single solution. Small enough not to show in a
/// price.
const RIDGE: f64 = 1e-8;

/// Prices of levels, and how well they explain the number.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceList {
    of: Vec<usize>,
    base: f64,
    /// One price per level of each feature.
    prices: Vec<Vec<f64>>,
    /// Share of the number's variance that the list explains.
    pub r2: f64,
    /// Standard deviation (ddof 0) of what is left, in the number's unit.
    pub residual_sd: f64,
    /// Largest size of what is left, in the number's unit.
    pub largest_residual: f64,
}

impl PriceList {
    /// Features with a price, in schema order.
    pub fn of(&self) -> &[usize] {
        &self.of
    }

    /// base + Σ price of the row's level; nothing where a level is missing.
    pub fn price(&self, row: &Row) -> Option<f64> {
        let mut features = self.of.iter().zip(&self.prices);
        features.try_fold(self.base, |sum, (&feature, prices)| {
            match row.value(feature) {
                Value::Level(code) => Some(sum + prices.get(usize::from(code))?),
                _ => None,
            }
        })
    }
}

/// A number's least squares on the levels of a table.
struct Regression<'a> {
    table: &'a Crosstab,
    mean: f64,
    /// Σ (y − ȳ) of each level.
    sums: Vec<f64>,
    /// Σ (y − ȳ)².
    whole: f64,
}

impl<'a> Regression<'a> {
    fn new(data: &Dataset, rows: &[usize], table: &'a Crosstab, y: &[f64]) -> Self {
        let of_rows = || rows.iter().map(|&row| y[row]);
        let (mean, _) = mean_sd(of_rows());
        let centred: Vec<f64> = of_rows().map(|y| y - mean).collect();
        Self {
            table,
            mean,
            sums: table.sums(data, rows, &centred),
            whole: centred.iter().map(|y| y * y).sum(),
        }
    }

    /// Prices of the levels of some features, by their places in the table, and
    /// the unexplained sum of squares. With (G + λI) b = s that sum is
    /// whole − b's − λ b'b.
    fn fit(&self, places: &[usize]) -> Option<(Vec<f64>, f64)> {
        let columns: Vec<usize> = places
            .iter()
            .flat_map(|&place| self.table.columns(place))
            .collect();
        let ridge = RIDGE * self.table.rows as f64;
        let mut prices: Vec<f64> = columns.iter().map(|&column| self.sums[column]).collect();
        self.table
            .gram(&columns, ridge)
            .cholesky()?
            .solve(&mut prices);
        let explained: f64 = (prices.iter().zip(&columns))
            .map(|(price, &column)| price * self.sums[column] + ridge * price * price)
            .sum();
        Some((prices, (self.whole - explained).max(0.0)))
    }

    /// Places of the features that the number follows; nothing when it follows
    /// none closely. One feature after another is left out, the last first,
    /// where the rest explains the number as well.
    fn members(&self) -> Option<Vec<usize>> {
        let mut members: Vec<usize> = (0..self.table.features.len()).collect();
        let (_, mut left) = self.fit(&members)?;
        if self.whole <= 0.0 || left > (1.0 - LEAST_R2) * self.whole {
            return None;
        }
        for place in (0..self.table.features.len()).rev() {
            let rest: Vec<usize> = members.iter().copied().filter(|&m| m != place).collect();
            let (_, without) = self.fit(&rest)?;
            let rise = without - left;
            if rise <= LEAST_SHARE * left || rise <= LEAST_OF_WHOLE * self.whole {
                (members, left) = (rest, without);
            }
        }
        let close = !members.is_empty() && left <= (1.0 - LEAST_R2) * self.whole;
        close.then_some(members)
    }

    /// The list over some features, measured on the rows.
    fn list(
        &self,
        data: &Dataset,
        rows: &[usize],
        y: &[f64],
        places: &[usize],
    ) -> Option<PriceList> {
        let (flat, _) = self.fit(places)?;
        let mut rest = flat.as_slice();
        let prices = places.iter().map(|&place| {
            let (own, others) = rest.split_at(self.table.columns(place).len());
            rest = others;
            own.to_vec()
        });
        let mut list = PriceList {
            prices: prices.collect(),
            of: places.iter().map(|&p| self.table.features[p]).collect(),
            base: self.mean,
            r2: 0.0,
            residual_sd: 0.0,
            largest_residual: 0.0,
        };
        let residuals = rows
            .iter()
            .map(|&row| list.price(&data.row(row)).map(|price| y[row] - price));
        let residuals: Vec<f64> = residuals.collect::<Option<_>>()?;
        let squares: f64 = residuals.iter().map(|r| r * r).sum();
        list.r2 = if self.whole > 0.0 {
            1.0 - squares / self.whole
        } else {
            0.0
        };
        list.residual_sd = mean_sd(residuals.iter().copied()).1;
        list.largest_residual = max_abs(&residuals);
        Some(list)
    }
}

/// The preset's price lists that fit the schema and have [`ENOUGH_ROWS`]; the
/// first one of each number.
pub(super) fn of_preset(links: &[Link], data: &Dataset, rows: &[usize]) -> Vec<Following> {
    let mut lists: Vec<Following> = Vec::new();
    for link in links {
        if let Link::PriceList { number, of } = link
            && let Some(list) = bind(number, of, data, rows)
            && !lists.iter().any(|other| other.number == list.number)
        {
            lists.push(list);
        }
    }
    lists
}

fn bind(number: &str, of: &[String], data: &Dataset, rows: &[usize]) -> Option<Following> {
    let schema = data.schema();
    let number = schema.position(number)?;
    let of: Option<Vec<usize>> = of.iter().map(|name| schema.position(name)).collect();
    let of = of.filter(|of| !of.is_empty() && rows.len() >= ENOUGH_ROWS)?;
    let of = ordered(&of);
    let Column::Numeric(y) = data.column(number) else {
        return None;
    };
    let table = Crosstab::of(data, rows, &of)?;
    let places: Vec<usize> = (0..of.len()).collect();
    let list = Regression::new(data, rows, &table, y).list(data, rows, y, &places)?;
    Following::new(data, number, Rule::PriceList(list))
}

/// Price lists of numbers not yet `taken`, found in the rows: R² of at least
/// [`LEAST_R2`] on the features that matter. A feature that forces or is forced
/// by one of them is listed with it: an edit of either moves the price.
pub(super) fn find(
    data: &Dataset,
    rows: &[usize],
    table: &Crosstab,
    forcing: &Forcing,
    taken: &[usize],
) -> Vec<Following> {
    if rows.len() < ENOUGH_ROWS.max(ROWS_PER_LEVEL * table.width()) {
        return Vec::new();
    }
    let list = |number: usize| {
        let Column::Numeric(y) = data.column(number) else {
            return None;
        };
        let regression = Regression::new(data, rows, table, y);
        let members = regression.members()?;
        let tied = |&place: &usize| {
            let feature = table.features[place];
            let tied_to = |&member: &usize| forcing.tie(feature, table.features[member]);
            members.contains(&place) || members.iter().any(tied_to)
        };
        let places: Vec<usize> = (0..table.features.len()).filter(tied).collect();
        let list = regression.list(data, rows, y, &places)?;
        Following::new(data, number, Rule::PriceList(list))
    };
    let free = (0..data.columns().len()).filter(|number| !taken.contains(number));
    free.filter_map(list).collect()
}
