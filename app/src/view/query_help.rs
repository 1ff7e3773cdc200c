//! How to write a query.

use leptos::prelude::*;

use super::handler::handler;
use super::popover::Popover;
use super::sheet::Sheet;
use crate::explorer::Explorer;
use crate::filter::{Bound, Condition, Field, Filter, Range, Test};
use crate::parts::drawn;
use crate::state::State;
use crate::text;

/// A button that opens examples.
#[component]
pub fn QueryHelp() -> impl IntoView {
    view! {
        <Popover id="query-help" label=String::from("?") name=String::from(text::QUERY_HELP) class="icon">
            {drawn(|parts| parts.sheets, Sheet::QueryHelp)}
        </Popover>
    }
}

/// Examples, made of the loaded data.
#[component]
pub fn QueryExamples() -> impl IntoView {
    let state = expect_context::<State>();
    let examples = move || {
        let examples = examples(&state.explorer()).into_iter();
        examples
            .map(|(query, help)| {
                let take = query.clone();
                view! {
                    <li>
                        <button class="link" on:click=handler(move |_| drop(state.ask(&take)))>{query}</button>
                        <span class="muted">{help}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <p>{text::QUERY_HELP_INTRO}</p>
        <ul class="examples">{examples}</ul>
    }
}

/// Queries that the data can answer, and what they mean.
fn examples(explorer: &Explorer) -> Vec<(String, &'static str)> {
    let one = |condition: Condition| {
        let conditions = vec![condition];
        Filter { conditions }.text(explorer)
    };
    let feature = |numeric: bool| {
        let mut features = explorer.columns.iter().copied();
        features.find(|&feature| explorer.feature(feature).is_numeric() == numeric)
    };
    let mut examples = Vec::new();
    if let Some(feature) = feature(false) {
        let field = Field::Value(feature);
        if let Some(level) = explorer.feature(feature).levels().first() {
            examples.push((one(Test::Word(level.clone()).into()), text::HELP_WORD));
        }
        let level = Test::Levels(field, vec![0]);
        examples.push((one(level.clone().into()), text::HELP_LEVELS));
        let others = Condition {
            negated: true,
            test: level,
        };
        examples.push((one(others), text::HELP_NOT));
    }
    if let Some(feature) = feature(true) {
        let field = Field::Value(feature);
        let (low, high) = explorer.range(feature);
        let (first, second) = (
            (low + (high - low) / 6.0).round(),
            ((low + high) / 2.0).round(),
        );
        examples.push((
            one(Test::Within(field, Range::Below(first)).into()),
            text::HELP_NUMBER,
        ));
        let range = Range::between(Some(Bound::closed(first)), Some(Bound::closed(second)));
        for range in range {
            examples.push((one(Test::Within(field, range).into()), text::HELP_RANGE));
        }
    }
    examples.push(("p>50%".into(), text::HELP_RISK));
    if let Some(&feature) = explorer.columns.first() {
        let weight = Test::Within(Field::Weight(feature), Range::Above(0.1));
        examples.push((one(weight.into()), text::HELP_WEIGHT));
    }
    if explorer.has_outcomes() {
        examples.push(("outcome:left".into(), text::HELP_OUTCOME));
    }
    examples.push((one(Test::Imputed.into()), text::HELP_IMPUTED));
    examples.push((one(Test::Starred.into()), text::HELP_STARRED));
    let first = (0..explorer.rows().min(2) as u32).collect();
    examples.push((one(Test::Ids(first).into()), text::HELP_IDS));
    examples
}
