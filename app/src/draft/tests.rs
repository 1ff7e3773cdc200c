//! Edits, their consequences and the way back, on a small made-up company.

use churn_core::dataset::ReadOptions;
use churn_core::{Dataset, Value, progress};

use super::*;

const NET: usize = 0;
const EXTRA: usize = 1;
const MONTHS: usize = 2;
const FEE: usize = 3;
const PAID: usize = 4;

/// Customers whose extra needs a net, whose fee follows both, and whose
/// sum paid is months × fee + 3.
fn company() -> (Draft, Links) {
    let mut csv = String::from("net,extra,months,fee,paid\n");
    for row in 0..300_u32 {
        let net = ["fast", "slow", "none"][row as usize % 3];
        let extra = match net {
            "none" => "without",
            _ => ["yes", "no"][(row / 3) as usize % 2],
        };
        let price = |level: &str| match level {
            "fast" => 50.0,
            "slow" => 25.0,
            "yes" => 5.0,
            _ => 0.0,
        };
        let (months, fee) = (row * 7 % 60 + 1, 20.0 + price(net) + price(extra));
        // A little that is the customer's own, so that fits are not exact.
        let fee = fee + f64::from(row % 5) / 10.0;
        let paid = f64::from(months) * fee + 3.0;
        csv += &format!("{net},{extra},{months},{fee:.2},{paid:.2}\n");
    }
    let options = ReadOptions::default();
    let reading = Dataset::read_csv(csv.as_bytes(), &options, &mut progress::ignore).unwrap();
    let links = Links::learn(&reading.dataset, None);
    (Draft::new(reading.dataset.row(0)), links)
}

fn level(links: &Links, feature: usize, level: u8) -> Edit {
    assert!(!links.is_empty());
    let value = Value::Level(level);
    Edit { feature, value }
}

fn number(draft: &Draft, feature: usize) -> f64 {
    match draft.row().value(feature) {
        Value::Number(number) => number,
        other => panic!("no number: {other:?}"),
    }
}

// Levels in code-point order.
const SLOW: u8 = 2;
const NONE: u8 = 1;
const FAST: u8 = 0;
const NO: u8 = 0;

#[test]
fn an_edit_is_one_step_with_its_consequences() {
    let (mut draft, links) = company();
    let original = draft.step();
    draft.edit(&links, level(&links, NET, NONE));
    assert_eq!(draft.marks().own, [NET]);
    let followers: Vec<usize> = draft.marks().followers.iter().map(|f| f.feature).collect();
    assert_eq!(followers, [EXTRA, FEE, PAID]);
    assert_eq!(draft.step().changed(), [NET, EXTRA, FEE, PAID]);
    let edited = draft.step();
    draft.undo();
    assert_eq!(draft.step(), original);
    assert!(draft.can_redo() && !draft.can_undo());
    draft.redo();
    assert_eq!(draft.step(), edited);
}

#[test]
fn what_is_held_stays_until_it_is_released() {
    let (mut draft, links) = company();
    let fee = number(&draft, FEE);
    draft.edit(&links, level(&links, NET, SLOW));
    let followed = draft.step();
    assert!((number(&draft, FEE) - fee + 25.0).abs() < 0.5);
    draft.hold(&links, FEE);
    assert_eq!(number(&draft, FEE), fee);
    assert_eq!(
        draft.step().changed(),
        [NET],
        "the sum follows the fee back"
    );
    assert_eq!(draft.marks().held, [FEE]);
    draft.edit(&links, level(&links, EXTRA, NO));
    assert_eq!(number(&draft, FEE), fee, "held also later");
    draft.undo();
    draft.release(&links, FEE);
    assert_eq!(draft.row(), &followed.row);
    assert_eq!(draft.marks().held, [0; 0]);
    draft.undo();
    draft.undo();
    assert_eq!(draft.step(), followed);
}

#[test]
fn returning_restores_what_was_set_before() {
    let (mut draft, links) = company();
    draft.edit(&links, level(&links, EXTRA, NO));
    let without_extra = draft.step();
    draft.edit(&links, level(&links, NET, NONE));
    draft.edit(&links, level(&links, NET, FAST));
    assert_eq!(draft.step(), without_extra);
    draft.reset(&links, EXTRA);
    assert!(!draft.is_edited());
}

#[test]
fn one_drag_is_one_step() {
    let (mut draft, links) = company();
    let original = draft.step();
    for months in [10.0, 20.0, 30.0] {
        let value = Value::Number(months);
        let feature = MONTHS;
        draft.slide(&links, Edit { feature, value });
    }
    draft.arrive();
    assert_eq!(number(&draft, MONTHS), 30.0);
    assert_eq!(draft.step().changed(), [MONTHS, PAID]);
    let value = Value::Number(31.0);
    let feature = MONTHS;
    draft.slide(&links, Edit { feature, value });
    draft.undo();
    assert_eq!(number(&draft, MONTHS), 30.0);
    draft.undo();
    assert_eq!(draft.step(), original);
}

#[test]
fn values_come_back_from_an_address() {
    let (mut draft, links) = company();
    draft.edit(&links, level(&links, NET, SLOW));
    draft.hold(&links, FEE);
    draft.edit(&links, level(&links, EXTRA, NO));
    let step = draft.step();
    let (mut other, _) = company();
    other.take(&links, &step.row, &step.changed());
    assert_eq!(other.step(), step);
    other.undo();
    assert!(!other.is_edited());
    other.take(&links, &step.row, &[]);
    assert_eq!(other.row(), &step.row, "in any order");
}

#[test]
fn drafts_are_kept_by_customer() {
    let (draft, links) = company();
    let mut drafts = Drafts::default();
    for row in [7, 3] {
        let draft = drafts.begin(row, || draft.row().clone());
        draft.edit(&links, level(&links, NET, SLOW));
    }
    assert!(drafts.is_edited(3) && drafts.is_edited(7) && !drafts.is_edited(5));
    drafts.begin(3, || draft.row().clone()).reset_all();
    assert!(!drafts.is_edited(3));
}
