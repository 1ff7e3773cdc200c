//! Which range of a column's numbers is asked for.

use leptos::html::Input;
use leptos::prelude::*;

use crate::filter::{Bins, Bound, Field, Filter, bins};
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::State;
use crate::{number, text};

/// Height of the histogram, in its own units.
const HEIGHT: f64 = 40.0;

/// Two fields for the ends, below what the column holds: everyone, those under
/// the other conditions, and of these the ones in the range.
#[component]
pub fn RangeFilter(field: Field) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let bins = bins(field, &explorer);
    let label = field.label(&explorer);
    let count =
        move |filter: &Filter| bins.counts(field, &state.rows_of(filter), &state.explorer());
    let all = Memo::new(move |_| count(&Filter::default()));
    let others = Memo::new(move |_| count(&state.filter.with(|filter| filter.without(field))));
    let within = Memo::new(move |_| count(&state.filter.get()));
    let path = move |counts: Memo<Vec<usize>>| {
        let largest = all
            .with(|all| all.iter().copied().max().unwrap_or(0))
            .max(1);
        counts.with(|counts| bars(counts, largest))
    };
    let spoken = Signal::derive(move || {
        let total = |counts: Memo<Vec<usize>>| counts.with(|counts| counts.iter().sum());
        text::histogram(&label, total(within), total(all))
    });
    view! {
        <svg
            class="histogram"
            role="img"
            aria-label=spoken
            viewBox=format!("0 0 {} {HEIGHT}", bins.number)
            preserveAspectRatio="none"
        >
            <path class="all" d=move || path(all) />
            <path class="others" d=move || path(others) />
            <path class="within" d=move || path(within) />
        </svg>
        <div class="extent muted" aria-hidden="true">
            <span>{shown(field, bins.low, &explorer)}</span>
            <span>{shown(field, bins.high, &explorer)}</span>
        </div>
        <div class="range">
            <End field bins upper=false />
            <End field bins upper=true />
        </div>
    }
}

/// Bars of the counts, of full height at the largest one. Not even one
/// customer goes unseen.
fn bars(counts: &[usize], largest: usize) -> String {
    let bar = |(place, &count): (usize, &usize)| {
        let height = (count as f64 / largest as f64 * HEIGHT).max(0.8);
        format!("M{place} {HEIGHT}v-{height}h.9v{height}z")
    };
    let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    bars.map(bar).collect()
}

/// A number as it is shown: a risk in percent.
fn shown(field: Field, x: f64, explorer: &crate::explorer::Explorer) -> String {
    match field {
        Field::Risk => number::percent(x),
        Field::Value(feature) => explorer.text_with_unit(feature, churn_core::Value::Number(x)),
        _ => number::weight(x),
    }
}

/// The field for one end of the range; what is no number sets no end.
#[component]
fn End(field: Field, bins: Bins, upper: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let explorer = state.explorer();
    let percent = field == Field::Risk;
    let scale = if percent { 100.0 } else { 1.0 };
    let unit = if percent {
        Some("%".to_owned())
    } else {
        field.unit(&explorer).map(str::to_owned)
    };
    let bounds = Memo::new(move |_| state.filter.with(|filter| filter.bounds(field)));
    let bound = move || {
        let (low, high) = bounds.get();
        if upper { high } else { low }
    };
    let written = move || {
        let number = bound().map(|bound| (bound.number * scale * 1e9).round() / 1e9);
        number.map(|number| number.to_string()).unwrap_or_default()
    };
    let unreadable = RwSignal::new(false);
    let take = move |typed: &str| {
        let number = number::parse(typed).map(|number| number / scale);
        let number = number.filter(|number| !percent || (0.0..=1.0).contains(number));
        unreadable.set(number.is_none() && !typed.trim().is_empty());
        if unreadable.get_untracked() {
            return;
        }
        let end = number.map(Bound::closed);
        let (low, high) = bounds.get_untracked();
        let (low, high) = if upper { (low, end) } else { (end, high) };
        state.edit_filter(|filter| filter.set_bounds(field, low, high));
    };
    // Text that already reads as the bound stays as it was typed.
    let input = NodeRef::<Input>::new();
    effect(move || {
        let written = written();
        if let Some(input) = input.get()
            && number::parse(&input.value()) != number::parse(&written)
        {
            input.set_value(&written);
            unreadable.set(false);
        }
    });
    let name = if upper { text::TO } else { text::FROM };
    let limit = if upper { bins.high } else { bins.low };
    let hint = match field {
        Field::Risk => (limit * scale).round().to_string(),
        Field::Value(_) => limit.to_string(),
        _ => format!("{limit:.2}"),
    };
    let invalid = Signal::derive(move || unreadable.get().to_string());
    view! {
        <label>
            <span class="muted">{name}</span>
            <input
                class="search"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                placeholder=hint
                aria-invalid=invalid
                node_ref=input
                on:input:target=move |event| take(&event.target().value())
            />
            <span class="muted">{unit}</span>
        </label>
    }
}
