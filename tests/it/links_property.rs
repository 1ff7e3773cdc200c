//! What edits keep to, whatever is edited: rows stay valid and possible, what
//! was forced comes back, and nothing moves without being told.

use churn_core::dataset::ReadOptions;
use churn_core::links::{Consequences, Draft, Edit};
use churn_core::preset::{LevelOf, Link};
use churn_core::{Dataset, Links, Preset, Row, Schema, Value, progress};
use proptest::prelude::*;

use crate::links_telco::{LINKS, PRESET, at};
use crate::telco;

/// A feature and what it is set to: sensible, at the edges, or nonsense.
fn any_edit(schema: &Schema) -> impl Strategy<Value = Edit> + use<> {
    let levels: Vec<u8> = schema
        .features
        .iter()
        .map(|f| f.levels().len() as u8)
        .collect();
    let number = prop_oneof![
        6 => (0_i32..20_000).prop_map(|x| f64::from(x) / 100.0),
        1 => any::<f64>(),
        1 => prop_oneof![Just(-5.0), Just(1e15), Just(-1e15), Just(f64::NAN)],
    ];
    (0..levels.len() + 1, any::<u8>(), number, 0..30).prop_map(move |(feature, code, x, rare)| {
        let value = match (levels.get(feature), rare) {
            (_, 0) => Value::Missing,
            (_, 1) => Value::Level(code),
            (Some(0) | None, _) => Value::Number(x),
            (Some(levels), _) => Value::Level(code % levels),
        };
        Edit { feature, value }
    })
}

/// An edit of a level of the telco data.
fn level_edit() -> impl Strategy<Value = Edit> {
    let schema = telco::COMPLETE.schema();
    let levels: Vec<(usize, u8)> = (schema.features.iter().enumerate())
        .flat_map(|(feature, f)| (0..f.levels().len() as u8).map(move |level| (feature, level)))
        .collect();
    prop::sample::select(levels).prop_map(|(feature, level)| Edit {
        feature,
        value: Value::Level(level),
    })
}

/// What every answer keeps to.
fn check(links: &Links, schema: &Schema, draft: Draft<'_>, edit: Edit, after: &Consequences) {
    after.row.check(schema).expect("a row that fits the schema");
    let mut moved = draft.current.clone();
    if after.row != moved {
        moved.0[edit.feature] = edit.value;
    }
    for change in &after.changes {
        assert!(
            change.feature != edit.feature,
            "the edit is told as a change"
        );
        assert!(
            !draft.held.contains(&change.feature),
            "a held feature moved"
        );
        assert_eq!(moved.0[change.feature], change.from, "moved twice");
        assert_ne!(change.from, change.to, "no change");
        moved.0[change.feature] = change.to;
    }
    assert_eq!(moved, after.row, "something moved without being told");
    let again = links.carry(
        Draft {
            current: &after.row,
            ..draft
        },
        edit,
    );
    assert_eq!(again.row, after.row, "the same edit again");
}

/// Applies edits, each with its held features, and checks every step. Gives the
/// rows, the original first.
fn apply(
    links: &Links,
    schema: &Schema,
    original: &Row,
    edits: &[(Edit, Vec<usize>)],
    mut each: impl FnMut(&Row),
) -> Vec<Row> {
    let mut rows = vec![original.clone()];
    for (edit, held) in edits {
        let (current, earlier) = rows.split_last().expect("the original");
        let draft = Draft {
            original,
            current,
            earlier,
            held,
        };
        let after = links.carry(draft, *edit);
        check(links, schema, draft, *edit, &after);
        for feature in 0..schema.features.len() {
            if let Some(value) = links.followed(draft, feature) {
                let mut row = current.clone();
                row.0[feature] = value;
                row.check(schema).expect("a value that fits");
            }
        }
        each(&after.row);
        rows.push(after.row);
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn edits_keep_customers_possible(
        customer in 0..telco::READING.dataset.rows(),
        edits in prop::collection::vec(any_edit(telco::COMPLETE.schema()), 1..25),
    ) {
        let data = &telco::READING.dataset;
        let original = data.row(customer);
        let edits: Vec<_> = edits.into_iter().map(|edit| (edit, Vec::new())).collect();
        apply(&LINKS, data.schema(), &original, &edits, |row| {
            assert_eq!(LINKS.conflict(row), None);
        });
        prop_assert_eq!(original, data.row(customer));
    }

    #[test]
    fn only_held_features_are_in_conflict(
        customer in 0..telco::COMPLETE.rows(),
        edits in prop::collection::vec(
            (any_edit(telco::COMPLETE.schema()), prop::collection::vec(0_usize..20, 0..4)),
            1..25,
        ),
    ) {
        let data = &telco::COMPLETE;
        let ever: Vec<usize> = edits.iter().flat_map(|(_, held)| held.clone()).collect();
        apply(&LINKS, data.schema(), &data.row(customer), &edits, |row| {
            for implication in LINKS.implications() {
                let features = [implication.when.feature, implication.then.feature];
                let held = features.iter().any(|feature| ever.contains(feature));
                let violated = implication.when.holds(row) && implication.then.is_broken(row);
                assert!(held || !violated, "{implication:?}");
            }
        });
    }

    #[test]
    fn what_was_forced_comes_back(
        customer in 0..telco::COMPLETE.rows(),
        edits in prop::collection::vec(level_edit(), 0..10),
        forcing in prop::sample::select(vec!["InternetService", "PhoneService"]),
    ) {
        let data = &telco::COMPLETE;
        let original = data.row(customer);
        let edits: Vec<_> = edits.into_iter().map(|edit| (edit, Vec::new())).collect();
        let rows = apply(&LINKS, data.schema(), &original, &edits, |_| {});
        let before = rows.last().expect("the original").clone();
        let feature = at(forcing);
        let no = crate::links_telco::level(forcing, "No");
        prop_assume!(before.0[feature] != no);
        let there = (Edit { feature, value: no }, Vec::new());
        let back = (Edit { feature, value: before.0[feature] }, Vec::new());
        let all: Vec<_> = edits.into_iter().chain([there, back]).collect();
        let rows = apply(&LINKS, data.schema(), &original, &all, |_| {});
        prop_assert_eq!(rows.last(), Some(&before));
    }

    /// Edits of levels alone that lead back to the original's levels lead back
    /// to its numbers, whatever the way.
    #[test]
    fn numbers_do_not_drift(
        customer in 0..telco::COMPLETE.rows(),
        edits in prop::collection::vec(level_edit(), 1..25),
    ) {
        let data = &telco::COMPLETE;
        let original = data.row(customer);
        let home = (0..data.schema().features.len()).map(|feature| Edit {
            feature,
            value: original.0[feature],
        });
        // The second round mends what the first one's consequences moved.
        let edits = edits.into_iter().chain(home.clone()).chain(home);
        let edits: Vec<_> = edits
            .filter(|edit| matches!(edit.value, Value::Level(_)))
            .map(|edit| (edit, Vec::new()))
            .collect();
        let rows = apply(&LINKS, data.schema(), &original, &edits, |_| {});
        prop_assert_eq!(rows.last(), Some(&original));
    }
}

/// Columns a, b, c of levels x, y, z and numbers m, n.
fn small() -> Dataset {
    let levels = ["x", "y", "z"];
    let mut text = String::from("id,a,b,c,m,n\n");
    for i in 0..81_usize {
        let [a, b, c] = [i % 3, i / 3 % 3, i / 9 % 3].map(|code| levels[code]);
        text += &format!("r{i},{a},{b},{c},{}.5,{}\n", i % 7, i % 11);
    }
    let options = ReadOptions::default();
    let reading = Dataset::read_csv(text.as_bytes(), &options, &mut progress::ignore);
    reading.expect("data").dataset
}

fn any_link() -> impl Strategy<Value = Link> {
    let column = || prop::sample::select(vec!["a", "b", "c", "m", "n", "q"]);
    let columns = || prop::collection::vec(column().prop_map(str::to_owned), 0..4);
    let level = || {
        let level = prop::sample::select(vec!["x", "y", "z"]);
        (prop::sample::select(vec!["a", "b", "c"]), level).prop_map(|(feature, level)| LevelOf {
            feature: feature.into(),
            level: level.into(),
        })
    };
    let number = || column().prop_map(str::to_owned);
    prop_oneof![
        4 => (level(), prop::collection::vec(level(), 0..3))
            .prop_map(|(when, then)| Link::Forces { when, then }),
        1 => (number(), columns()).prop_map(|(number, of)| Link::PriceList { number, of }),
        1 => (number(), columns()).prop_map(|(number, of)| Link::Product { number, of }),
    ]
}

proptest! {
    /// Links that contradict each other or the data are carried as far as they
    /// go: rows stay valid, and the carrying ends.
    #[test]
    fn any_preset_is_survived(
        named in prop::collection::vec(any_link(), 0..6),
        customer in 0_usize..81,
        edits in prop::collection::vec(
            (any_edit(small().schema()), prop::collection::vec(0_usize..6, 0..2)),
            1..12,
        ),
    ) {
        let data = small();
        let preset = Preset { links: named, ..PRESET.clone() };
        let links = Links::learn(&data, Some(&preset));
        apply(&links, data.schema(), &data.row(customer), &edits, |_| {});
    }
}
