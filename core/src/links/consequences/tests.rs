//! Edits on made-up data whose links are known.

use super::*;
use crate::dataset::Dataset;
use crate::links::tests::{COLOUR, EXTRA, FEE, MONTHS, NET, PAID, company};

/// Levels of the made-up company, in code-point order.
const FAST: Value = Value::Level(0);
const NONE: Value = Value::Level(1);
const SLOW: Value = Value::Level(2);
const NO: Value = Value::Level(0);
const NO_NET: Value = Value::Level(1);
const YES: Value = Value::Level(2);

fn links() -> (Dataset, Links) {
    let data = company();
    let links = Links::learn(&data, None);
    (data, links)
}

fn customer(data: &Dataset, net: Value, extra: Value) -> Row {
    let mut rows = (0..data.rows()).map(|row| data.row(row));
    let found = rows.find(|row| row.0[NET] == net && row.0[EXTRA] == extra);
    found.unwrap_or_else(|| unreachable!("every combination occurs"))
}

fn number(row: &Row, feature: usize) -> f64 {
    match row.0[feature] {
        Value::Number(x) => x,
        _ => f64::NAN,
    }
}

fn set(feature: usize, value: Value) -> Edit {
    Edit { feature, value }
}

#[test]
fn levels_then_price_then_product() {
    let (data, links) = links();
    let original = customer(&data, FAST, YES);
    let after = links.consequences(&original, &original, set(NET, NONE), &[]);
    let told: Vec<_> = (after.changes.iter())
        .map(|c| (c.feature, c.because, c.reason))
        .collect();
    let want = [
        (EXTRA, NET, Reason::Forced),
        (FEE, NET, Reason::Price),
        (PAID, FEE, Reason::Product),
    ];
    assert_eq!(told, want);
    assert_eq!(after.changes[0].from, YES);
    assert_eq!(after.changes[0].to, NO_NET);
    // The list is 70 + 5 against 20; the fit differs from it by noise alone.
    let step = number(&original, FEE) - number(&after.row, FEE);
    assert!((step - 55.0).abs() < 0.5, "{step}");
    let own = |row: &Row| number(row, PAID) - number(row, MONTHS) * number(row, FEE);
    assert!((own(&original) - own(&after.row)).abs() < 0.011);
}

#[test]
fn the_same_edit_again_changes_nothing() {
    let (data, links) = links();
    let original = customer(&data, SLOW, NO);
    let edit = set(EXTRA, NO_NET);
    let once = links.consequences(&original, &original, edit, &[]);
    let twice = links.consequences(&original, &once.row, edit, &[]);
    assert_eq!(twice.row, once.row);
    assert!(twice.changes.is_empty());
}

#[test]
fn a_level_returns_to_what_it_was_before_it_was_forced() {
    let (data, links) = links();
    let original = customer(&data, FAST, NO);
    let chosen = links
        .consequences(&original, &original, set(EXTRA, YES), &[])
        .row;
    let without = links
        .consequences(&original, &chosen, set(NET, NONE), &[])
        .row;
    let draft = Draft {
        original: &original,
        current: &without,
        earlier: &[original.clone(), chosen.clone()],
        held: &[],
    };
    assert_eq!(links.carry(draft, set(NET, FAST)).row, chosen);
    // Nobody says what was in between: the original's.
    let back = links.consequences(&original, &without, set(NET, FAST), &[]);
    assert_eq!(back.row, original);
    assert_eq!(back.changes[0].reason, Reason::Restored);
}

#[test]
fn what_never_was_is_assumed_and_said_so() {
    let (data, links) = links();
    let original = customer(&data, NONE, NO_NET);
    let after = links.consequences(&original, &original, set(EXTRA, YES), &[]);
    assert_eq!(after.changes[0].feature, NET);
    assert_eq!(after.changes[0].reason, Reason::Assumed);
    assert_ne!(after.row.0[NET], NONE);
    assert_eq!(links.conflict(&after.row), None);
}

#[test]
fn held_features_stay() {
    let (data, links) = links();
    let original = customer(&data, FAST, YES);
    let held = [EXTRA, FEE];
    let after = links.consequences(&original, &original, set(NET, NONE), &held);
    assert!(after.changes.is_empty());
    assert_eq!(after.row.0[EXTRA], YES);
    assert!(links.conflict(&after.row).is_some());

    // Once they are let go, each has a value to follow to.
    let draft = Draft {
        original: &original,
        current: &after.row,
        earlier: &[],
        held: &[],
    };
    assert_eq!(links.followed(draft, EXTRA), Some(NO_NET));
    assert!(links.followed(draft, FEE).is_some());
    assert_eq!(links.followed(draft, COLOUR), None);
    assert_eq!(links.followed(draft, NET), Some(FAST));
    assert_eq!(links.followed(draft, usize::MAX), None);
}

#[test]
fn a_number_set_by_hand_stays_and_moves_others() {
    let (data, links) = links();
    let original = customer(&data, FAST, YES);
    let dear = links.consequences(&original, &original, set(FEE, Value::Number(99.5)), &[]);
    assert_eq!(dear.changes.len(), 1);
    assert_eq!(dear.changes[0].because, FEE);
    let slow = links.consequences(&original, &dear.row, set(NET, SLOW), &[]);
    assert_eq!(number(&slow.row, FEE), 99.5);
    assert!(slow.changes.is_empty());
}

#[test]
fn a_product_is_never_below_nothing() {
    let (data, links) = links();
    let mut original = customer(&data, FAST, YES);
    original.0[MONTHS] = Value::Number(10.0);
    original.0[PAID] = Value::Number(1.0);
    let none = set(MONTHS, Value::Number(0.0));
    let after = links.consequences(&original, &original, none, &[]).row;
    assert_eq!(number(&after, PAID), 0.0);
    let again = set(MONTHS, Value::Number(10.0));
    assert_eq!(
        links.consequences(&original, &after, again, &[]).row,
        original
    );
}

#[test]
fn unknown_numbers_stay_unknown() {
    let (data, links) = links();
    let mut original = customer(&data, FAST, YES);
    original.0[FEE] = Value::Missing;
    let after = links.consequences(&original, &original, set(NET, SLOW), &[]);
    assert!(after.changes.is_empty());
    assert_eq!(after.row.0[FEE], Value::Missing);
}

#[test]
fn refuses_what_the_schema_refuses() {
    let (data, links) = links();
    let original = customer(&data, FAST, YES);
    let misfits = [
        set(NET, Value::Level(3)),
        set(NET, Value::Number(1.0)),
        set(FEE, Value::Level(0)),
        set(FEE, Value::Number(f64::NAN)),
        set(FEE, Value::Number(f64::INFINITY)),
        set(99, Value::Level(0)),
    ];
    for edit in misfits {
        let after = links.consequences(&original, &original, edit, &[99]);
        assert_eq!(after.row, original);
        assert!(after.changes.is_empty());
    }
    let short = Row(vec![FAST]);
    let after = links.consequences(&original, &short, set(0, NONE), &[]);
    assert_eq!(after.row, short);
    let short_before = links.consequences(&short, &original, set(NET, NONE), &[]);
    assert_eq!(short_before.row.0[EXTRA], NO_NET);
}
