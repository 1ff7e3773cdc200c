//! The rule that flags customers: one for the whole app. It is stated as a
//! risk, as a number of customers or as a share of them, and always comes down
//! to one cut: a risk from which on customers are flagged.

use churn_core::Schema;
use churn_core::math::sort_places;

use crate::number;

/// How the cut is stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Everyone at or above this probability.
    Risk(f64),
    /// So many customers, those with the highest risk.
    Top(u32),
    /// So many percent of the customers, those with the highest risk.
    TopPercent(f64),
}

/// Names in the address.
const CUT: &str = "cut";
const TOP: &str = "top";
/// What makes a number of customers a share of them: readable where a `%`
/// would be escaped.
const PERCENT: &str = "pct";

impl Rule {
    /// Everyone at or above a probability, if it is one.
    pub fn risk(probability: f64) -> Option<Self> {
        (0.0..=1.0)
            .contains(&probability)
            .then_some(Self::Risk(probability))
    }

    /// So many customers, if it is a whole number of them.
    pub fn top(customers: f64) -> Option<Self> {
        let whole = customers.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&customers);
        whole.then_some(Self::Top(customers as u32))
    }

    /// So many percent of the customers, if it can be.
    pub fn top_percent(percent: f64) -> Option<Self> {
        (percent > 0.0 && percent <= 100.0).then_some(Self::TopPercent(percent))
    }

    /// Adds the rule to an address. Where the data has a column of that name,
    /// which an address may hold as well, the rule takes a longer one.
    pub fn add(self, address: &mut String, schema: &Schema) {
        let (name, value) = self.spelt();
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&full_name(name, schema));
        address.push('=');
        address.push_str(&value);
    }

    /// The rule as a file tells it: `cut=0.5`, `top=200`, `top=5pct`.
    pub fn text(self) -> String {
        let (name, value) = self.spelt();
        format!("{name}={value}")
    }

    fn spelt(self) -> (&'static str, String) {
        match self {
            Self::Risk(probability) => (CUT, probability.to_string()),
            Self::Top(customers) => (TOP, customers.to_string()),
            Self::TopPercent(percent) => (TOP, format!("{percent}{PERCENT}")),
        }
    }

    /// Takes the rule out of an address; gives the rest, too.
    pub fn take(address: &str, schema: &Schema) -> (Option<Self>, String) {
        let (path, values) = address.split_once('?').unwrap_or((address, ""));
        let (cut, top) = (full_name(CUT, schema), full_name(TOP, schema));
        let (mut rule, mut rest) = (None, String::from(path));
        for pair in values.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if name == cut || name == top {
                rule = Self::parse(name == cut, value).or(rule);
            } else {
                rest.push(if rest.contains('?') { '&' } else { '?' });
                rest.push_str(pair);
            }
        }
        (rule, rest)
    }

    fn parse(is_cut: bool, value: &str) -> Option<Self> {
        match value.strip_suffix(PERCENT) {
            _ if is_cut => Self::risk(number::parse(value)?),
            Some(percent) => Self::top_percent(number::parse(percent)?),
            None => Self::top(number::parse(value)?),
        }
    }
}

fn full_name(name: &str, schema: &Schema) -> String {
    match schema.position(name) {
        Some(_) => format!("rule.{name}"),
        None => name.into(),
    }
}

/// The risks of the customers that a rule chooses from, sorted once, so that
/// every count is found by halving.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Risks(Vec<f64>);

impl Risks {
    /// Of probabilities in any order.
    pub fn new(probabilities: impl Iterator<Item = f64>) -> Self {
        let risks: Vec<f64> = probabilities.collect();
        let mut order: Vec<u32> = (0..).take(risks.len()).collect();
        sort_places(&mut order, &|a, b| risks[a].total_cmp(&risks[b]));
        Self(
            order
                .into_iter()
                .map(|place| risks[place as usize])
                .collect(),
        )
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Customers at or above a cut.
    pub fn flagged(&self, cut: f64) -> usize {
        self.0.len() - self.0.partition_point(|&risk| risk < cut)
    }

    /// The cut of a rule: of a number of customers it is the risk of the last
    /// of them, so that others with that very risk are flagged as well.
    pub fn cut(&self, rule: Rule) -> f64 {
        let wanted = match rule {
            Rule::Risk(probability) => return probability,
            Rule::Top(_) | Rule::TopPercent(_) => self.wanted(rule),
        };
        let place = self.0.len().saturating_sub(wanted);
        self.0.get(place).copied().unwrap_or(1.0)
    }

    /// Customers that a rule asks for; as many as it flags, where it asks for a
    /// risk. A share is rounded, and never nobody.
    pub fn wanted(&self, rule: Rule) -> usize {
        match rule {
            Rule::Risk(probability) => self.flagged(probability),
            Rule::Top(customers) => (customers as usize).min(self.0.len()),
            Rule::TopPercent(percent) => {
                let customers = (percent / 100.0 * self.0.len() as f64).round();
                (customers as usize).clamp(1.min(self.0.len()), self.0.len())
            }
        }
    }

    /// How many customers there are in each of `bins` equal parts of 0 to 1,
    /// as the square root of their share of the fullest part: a sketch in which
    /// few are still seen beside many.
    pub fn histogram(&self, bins: usize) -> Vec<f64> {
        let edge = |bin: usize| bin as f64 / bins as f64;
        let mut counts: Vec<f64> = (0..bins)
            .map(|bin| (self.flagged(edge(bin)) - self.flagged(edge(bin + 1))) as f64)
            .collect();
        if let Some(last) = counts.last_mut() {
            *last += self.flagged(1.0) as f64;
        }
        let most = counts.iter().copied().fold(1.0, f64::max);
        counts
            .into_iter()
            .map(|count| (count / most).sqrt())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use churn_core::{Feature, FeatureKind};

    fn schema(names: &[&str]) -> Schema {
        let feature = |name: &&str| Feature {
            name: (*name).into(),
            kind: FeatureKind::Numeric { decimals: 0 },
        };
        Schema {
            id: None,
            target: None,
            features: names.iter().map(feature).collect(),
        }
    }

    #[test]
    fn every_rule_comes_back_beside_anything_else() {
        for schema in [schema(&["tenure"]), schema(&["cut", "top"])] {
            for rule in [Rule::Risk(0.35), Rule::Top(500), Rule::TopPercent(12.5)] {
                for address in ["#/customers", "#/customer/7?cut2=3&x=a%20b"] {
                    let mut with_rule = address.to_owned();
                    rule.add(&mut with_rule, &schema);
                    let taken = Rule::take(&with_rule, &schema);
                    assert_eq!(taken, (Some(rule), address.into()), "{with_rule}");
                }
            }
        }
    }

    #[test]
    fn addresses_are_readable_and_columns_keep_their_names() {
        let mut address = String::from("#/customers");
        Rule::TopPercent(10.0).add(&mut address, &schema(&[]));
        assert_eq!(address, "#/customers?top=10pct");
        let (rule, rest) = Rule::take("#/customer/7?cut=3", &schema(&["cut"]));
        assert_eq!((rule, rest.as_str()), (None, "#/customer/7?cut=3"));
    }

    #[test]
    fn nonsense_is_no_rule() {
        for text in [
            "cut=1.5",
            "cut=x",
            "cut=NaN",
            "top=0",
            "top=2.5",
            "top=0pct",
            "top=101pct",
        ] {
            let (rule, rest) = Rule::take(&format!("#/customers?{text}"), &schema(&[]));
            assert_eq!((rule, rest.as_str()), (None, "#/customers"), "{text}");
        }
    }

    #[test]
    fn a_number_of_customers_becomes_a_cut_and_ties_come_along() {
        let risks = Risks::new([0.2, 0.9, 0.5, 0.5, 0.1].into_iter());
        for (rule, cut, wanted, flagged) in [
            (Rule::Risk(0.5), 0.5, 3, 3),
            (Rule::Risk(0.51), 0.51, 1, 1),
            (Rule::Top(1), 0.9, 1, 1),
            (Rule::Top(2), 0.5, 2, 3),
            (Rule::Top(99), 0.1, 5, 5),
            (Rule::TopPercent(80.0), 0.2, 4, 4),
            (Rule::TopPercent(0.1), 0.9, 1, 1),
        ] {
            assert_eq!(risks.cut(rule), cut, "{rule:?}");
            assert_eq!(risks.wanted(rule), wanted, "{rule:?}");
            assert_eq!(risks.flagged(cut), flagged, "{rule:?}");
        }
        let nobody = Risks::default();
        assert_eq!(nobody.cut(Rule::Top(3)), 1.0);
        assert_eq!(nobody.wanted(Rule::TopPercent(5.0)), 0);
    }

    #[test]
    fn a_histogram_counts_everyone_once() {
        let risks =
            Risks::new([0.0, 0.05, 0.06, 0.07, 0.1, 0.55, 0.95, 0.96, 0.97, 1.0].into_iter());
        let bins = risks.histogram(10);
        let expected = [1.0, 0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 1.0];
        assert_eq!(bins, expected);
    }
}
