//! Everything that differs from the original: what was set, what followed, and
//! what is held.

use leptos::prelude::*;

use super::handler::handler;
use crate::draft::Values;
use crate::explorer::Explorer;
use crate::state::State;
use crate::text;
use crate::what_if::WhatIf;

/// A line of the list.
struct Line {
    feature: usize,
    text: String,
    action: Option<Action>,
}

/// What can be done about a line.
#[derive(Clone, Copy)]
enum Action {
    Hold,
    Release,
}

/// The changes, each consequence with a way to hold it.
#[component]
pub fn Changes() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let explorer = expect_context::<State>().explorer();
    let lines = move || {
        let lines = what_if.shown.with(|step| {
            lines(step, &explorer, &|feature| {
                explorer.text(feature, what_if.original_value(feature))
            })
        });
        let line = |line: Line| {
            let label = match line.action {
                Some(Action::Hold) => text::HOLD,
                _ => text::FOLLOW_AGAIN,
            };
            let name = text::of_feature(label, explorer.label(line.feature));
            let act = move |_| {
                what_if.change(&|draft, explorer| match line.action {
                    Some(Action::Hold) => draft.hold(explorer.links(), line.feature),
                    _ => draft.release(explorer.links(), line.feature),
                });
            };
            view! {
                <li>
                    <span>{line.text}</span>
                    " "
                    <button
                        class="link"
                        aria-label=name
                        hidden=line.action.is_none()
                        on:click=handler(act)
                    >
                        {label}
                    </button>
                </li>
            }
        };
        lines.into_iter().map(line).collect_view()
    };
    view! { <ul class="changes" aria-label=text::CHANGES>{lines}</ul> }
}

fn lines(step: &Values, explorer: &Explorer, original: &dyn Fn(usize) -> String) -> Vec<Line> {
    let marks = &step.marks;
    let value = |feature: usize| explorer.text(feature, step.row.value(feature));
    let own = marks.own.iter().map(|&feature| Line {
        feature,
        text: text::set(explorer.label(feature), &original(feature), &value(feature)),
        action: is_apart(step, explorer, feature).then_some(Action::Release),
    });
    let followers = marks.followers.iter().map(|follower| Line {
        feature: follower.feature,
        text: text::followed(
            explorer.label(follower.feature),
            &explorer.text(follower.feature, follower.from),
            &value(follower.feature),
            explorer.label(follower.because),
        ),
        action: Some(Action::Hold),
    });
    let held = marks.held.iter().filter(|held| !marks.own.contains(held));
    let held = held.map(|&feature| Line {
        feature,
        text: text::held(explorer.label(feature), &value(feature)),
        action: Some(Action::Release),
    });
    own.chain(followers).chain(held).collect()
}

/// Whether a feature was set apart from what it follows.
fn is_apart(step: &Values, explorer: &Explorer, feature: usize) -> bool {
    step.marks.held.contains(&feature) || explorer.links().rule_of(feature).is_some()
}

/// How many fields differ, and which are held.
pub fn summary(step: &Values, explorer: &Explorer) -> String {
    let changed = step.changed();
    if changed.is_empty() && step.marks.held.is_empty() {
        return String::new();
    }
    let own = step
        .marks
        .own
        .iter()
        .filter(|own| !step.marks.held.contains(own));
    let apart = own.filter(|&&own| is_apart(step, explorer, own));
    let held = step.marks.held.iter().chain(apart);
    let held: Vec<&str> = held.map(|&feature| explorer.label(feature)).collect();
    text::edits(changed.len(), &held)
}
