//! Links on made-up data whose links are known.

use super::*;
use crate::dataset::{DatasetBuilder, ReadOptions};
use crate::preset::LevelOf;
use crate::row::Value;
use crate::schema::Feature;

/// Customers of a made-up company: a net (none, slow or fast) with an add-on, a
/// colour that has nothing to do with it, a fee that is a price list and a sum
/// that is months × fee. Every number has a little of its own.
pub(super) fn company() -> Dataset {
    let header = ["id", "colour", "net", "extra", "months", "fee", "paid"];
    let builder = DatasetBuilder::new(header.map(str::to_owned).to_vec());
    let Ok(mut builder) = builder else {
        unreachable!("distinct names");
    };
    let mut state = 1_u32;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for line in 0..600 {
        let net = ["none", "slow", "fast"][draw(3) as usize];
        let extra = match (net, draw(2)) {
            ("none", _) => "no net",
            (_, 0) => "no",
            _ => "yes",
        };
        let price = match net {
            "none" => 20.0,
            "slow" => 45.0,
            _ => 70.0,
        };
        let price = price + if extra == "yes" { 5.0 } else { 0.0 };
        let fee = price + f64::from(draw(5)) * 0.25;
        let months = f64::from(1 + draw(60));
        let paid = months * fee + f64::from(draw(9)) - 4.0;
        let cells = [
            format!("c{line}"),
            ["red", "green", "blue"][draw(3) as usize].to_owned(),
            net.to_owned(),
            extra.to_owned(),
            format!("{months}"),
            format!("{fee:.2}"),
            format!("{:.2}", paid.max(0.0)),
        ];
        builder.push(line + 2, cells.iter().map(String::as_str));
    }
    let reading = builder.finish(&ReadOptions::default());
    let Ok(reading) = reading else {
        unreachable!("rows that fit");
    };
    reading.dataset
}

pub(super) const COLOUR: usize = 0;
pub(super) const NET: usize = 1;
pub(super) const EXTRA: usize = 2;
pub(super) const MONTHS: usize = 3;
pub(super) const FEE: usize = 4;
pub(super) const PAID: usize = 5;

fn level_of(feature: &str, level: &str) -> LevelOf {
    LevelOf {
        feature: feature.into(),
        level: level.into(),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// The preset's form of the company's links.
fn known() -> Vec<Link> {
    vec![
        Link::Forces {
            when: level_of("net", "none"),
            then: vec![level_of("extra", "no net")],
        },
        Link::PriceList {
            number: "fee".into(),
            of: names(&["net", "extra"]),
        },
        Link::Product {
            number: "paid".into(),
            of: names(&["months", "fee"]),
        },
    ]
}

pub(super) fn preset(links: Vec<Link>) -> Preset {
    Preset {
        name: "Made up".into(),
        source: String::new(),
        id: "id".into(),
        target: String::new(),
        positive: String::new(),
        families: Vec::new(),
        features: Vec::new(),
        imputation: Vec::new(),
        links,
    }
}

#[test]
fn finds_what_is_there_and_no_more() {
    let data = company();
    let found = Links::learn(&data, None);
    assert_eq!(found.to_preset(), known());
    assert_eq!(found, Links::learn(&data, Some(&preset(known()))));
    assert_eq!(found.linked_levels(), [NET, EXTRA]);
}

#[test]
fn too_few_rows_show_nothing() {
    let data = company().select(&(0..40).collect::<Vec<_>>());
    assert!(Links::learn(&data, None).is_empty());
    // A preset's levels and products hold without rows to show them.
    let links = Links::learn(&data, Some(&preset(known())));
    assert_eq!(links.to_preset().len(), 2);
}

#[test]
fn passes_over_what_does_not_fit() {
    let forces = |when: (&str, &str), then: (&str, &str)| Link::Forces {
        when: level_of(when.0, when.1),
        then: vec![level_of(then.0, then.1)],
    };
    let list = |number: &str, of: &[&str]| Link::PriceList {
        number: number.into(),
        of: names(of),
    };
    let product = |number: &str, of: &[&str]| Link::Product {
        number: number.into(),
        of: names(of),
    };
    let misfits = vec![
        forces(("net", "gone"), ("extra", "no")),
        forces(("net", "none"), ("net", "slow")),
        forces(("months", "1"), ("extra", "no")),
        list("net", &["extra"]),
        list("fee", &["months"]),
        list("fee", &["unknown"]),
        list("fee", &[]),
        product("net", &["months", "fee"]),
        product("paid", &["net", "fee"]),
        product("paid", &["paid", "fee"]),
        product("paid", &[]),
    ];
    let links = Links::learn(&company(), Some(&preset(misfits)));
    assert_eq!(links.to_preset(), known());
}

#[test]
fn products_in_a_circle_are_dropped() {
    let product = |number: &str, of: &[&str]| Link::Product {
        number: number.into(),
        of: names(of),
    };
    let circle = vec![
        product("paid", &["months", "fee"]),
        product("months", &["paid"]),
    ];
    let links = Links::learn(&company(), Some(&preset(circle)));
    assert!(links.rule_of(PAID).is_none());
    assert!(links.rule_of(MONTHS).is_none());
}

/// A level that occurs only with another is not found where the other occurs
/// elsewhere, but a preset may name it.
#[test]
fn one_way_links_come_from_a_preset() {
    let one_way = Link::Forces {
        when: level_of("colour", "red"),
        then: vec![level_of("extra", "yes")],
    };
    let links = Links::learn(&company(), Some(&preset(vec![one_way])));
    let red = |i: &&Implication| i.when.feature == COLOUR || i.then.feature == COLOUR;
    assert_eq!(links.implications().iter().filter(red).count(), 1);
}

#[test]
fn says_what_a_row_violates() {
    let data = company();
    let links = Links::learn(&data, None);
    let feature: &Feature = &data.schema().features[NET];
    let Some(none) = feature.code_of("none") else {
        unreachable!("a level");
    };
    let is_none = |row: &Row| row.0[NET] == Value::Level(none);
    let rows = (0..data.rows()).map(|row| data.row(row));
    for mut row in rows.filter(is_none) {
        assert_eq!(links.conflict(&row), None);
        row.0[EXTRA] = Value::Missing;
        assert_eq!(links.conflict(&row), None);
        row.0[EXTRA] = Value::Level(2);
        let conflict = links.conflict(&row);
        assert_eq!(
            conflict.map(|c| (c.implication.when.level, c.got)),
            Some((none, 2))
        );
    }
}

#[test]
fn counts_rows_by_their_linked_levels() {
    let data = company();
    let links = Links::learn(&data, None);
    let combinations = Combinations::count(&data, &links);
    assert_eq!(combinations.customers(), 600);
    assert_eq!(combinations.distinct(), 5);
    let row = data.row(0);
    let alike = (0..data.rows())
        .map(|at| data.row(at))
        .filter(|other| other.0[NET] == row.0[NET] && other.0[EXTRA] == row.0[EXTRA]);
    assert_eq!(combinations.customers_like(&row) as usize, alike.count());
    let mut unseen = row;
    unseen.0[NET] = Value::Missing;
    assert_eq!(combinations.customers_like(&unseen), 0);
}
