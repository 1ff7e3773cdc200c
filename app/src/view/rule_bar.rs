//! The rule: from which risk customers are flagged. Set by slider, as a risk,
//! as a number of customers or as a share of them; each follows the others.

use leptos::prelude::*;

use super::chart::bars;
use super::following_field::FollowingField;
use super::handler::handler;
use crate::rule::Rule;
use crate::state::State;
use crate::{number, text};

/// Parts of the histogram behind the slider.
const BINS: usize = 50;
/// Size of the histogram in its own units.
const WIDTH: f64 = 200.0;
const HEIGHT: f64 = 32.0;

/// Id of the bar: on a phone a button opens it.
const BAR: &str = "rule";

/// The rule, and what it means for those it chooses from.
#[component]
pub fn RuleBar() -> impl IntoView {
    let state = expect_context::<State>();
    let threshold = state.threshold;
    let counted = Signal::derive(move || text::flagged(state.flagged.get()));
    let chip = Signal::derive(move || text::rule_chip(threshold.get(), state.flagged.get()));
    let note = Signal::derive(move || note(state));
    view! {
        <button class="button rule-chip" popovertarget=BAR>{chip}</button>
        <section
            class="rule-bar"
            id=BAR
            popover="auto"
            aria-label=text::RULE
            // A link that is followed next must have the rule as it is now.
            on:focusout=handler(move |_| state.write_address())
        >
            <RuleFields />
            <RuleSlider />
            <p class="rule-count">
                <output class="flagged-count">{counted}</output>
                " "
                <span class="muted">{note}</span>
            </p>
            <p class="rule-truth muted">
                <LeftAtCut />
                <a class="trade-off" href=move || state.model_address()>{text::TRADE_OFF}</a>
            </p>
            <button class="button rule-close" popovertarget=BAR popovertargetaction="hide">
                {text::CLOSE}
            </button>
        </section>
    }
}

/// Ties, and how many of the flagged ones a search has left over.
fn note(state: State) -> String {
    let threshold = state.threshold.get();
    let (flagged, all) = (
        state.flagged.get(),
        state.population.with(|risks| risks.len()),
    );
    let wanted = state
        .population
        .with(|risks| risks.wanted(state.rule.get()));
    let mut notes = Vec::new();
    if flagged > wanted {
        notes.push(text::ties(flagged - wanted));
    }
    let explorer = state.explorer();
    state.listed.with(|rows| {
        if rows.len() < all {
            let risks = rows.iter().map(|&row| explorer.probabilities[row as usize]);
            let flagged = risks.filter(|&risk| risk >= threshold).count();
            notes.push(text::flagged_of_listed(flagged, rows.len()));
        }
    });
    notes.join(" · ")
}

/// The three ways to type the rule; the one that holds is marked.
#[component]
fn RuleFields() -> impl IntoView {
    let state = expect_context::<State>();
    let risk = Signal::derive(move || number::decimal(state.threshold.get() * 100.0, 2));
    let top = Signal::derive(move || match state.rule.get() {
        Rule::Top(customers) => customers.to_string(),
        _ => state.flagged.get().to_string(),
    });
    let share = Signal::derive(move || match state.rule.get() {
        Rule::TopPercent(percent) => percent.to_string(),
        _ => {
            let all = state.population.with(|risks| risks.len()).max(1) as f64;
            number::decimal(state.flagged.get() as f64 / all * 100.0, 1)
        }
    });
    let field = move |rule: Rule, label, shown, make: fn(f64) -> Option<Rule>| {
        let (before, unit) = match rule {
            Rule::Risk(_) => (text::RISK_FROM, text::PERCENT_UNIT),
            Rule::Top(_) => (text::TOP, text::CUSTOMERS_UNIT),
            Rule::TopPercent(_) => (text::TOP, text::PERCENT_UNIT),
        };
        let kind = std::mem::discriminant(&rule);
        let holds = Signal::derive(move || std::mem::discriminant(&state.rule.get()) == kind);
        let take = Callback::new(move |typed: Option<f64>| {
            let rule = typed.and_then(make);
            if let Some(rule) = rule {
                state.rule.set(rule);
            }
            rule.is_some()
        });
        view! {
            <label class="rule-field" class:holds=holds>
                <span>{before}</span>
                <FollowingField label shown take />
                <span>{unit}</span>
            </label>
        }
    };
    view! {
        <div class="rule-fields">
            <strong>{text::FLAG}</strong>
            {field(Rule::Risk(0.0), text::RULE_RISK, risk, |percent| Rule::risk(hundredth(percent)))}
            <span class="muted">{text::OR}</span>
            {field(Rule::Top(0), text::RULE_TOP, top, Rule::top)}
            <span class="muted">{text::OR}</span>
            {field(Rule::TopPercent(0.0), text::RULE_TOP_PERCENT, share, Rule::top_percent)}
        </div>
    }
}

/// The cut, slid over the distribution of the risks.
#[component]
fn RuleSlider() -> impl IntoView {
    let state = expect_context::<State>();
    let percent = Signal::derive(move || (state.threshold.get() * 100.0).to_string());
    let spoken =
        Signal::derive(move || text::rule_spoken(state.threshold.get(), state.flagged.get()));
    let shape = Signal::derive(move || {
        let heights = state.population.with(|risks| risks.histogram(BINS));
        bars(&heights, WIDTH, HEIGHT)
    });
    let unflagged =
        Signal::derive(move || format!("inset(0 0 0 {}%)", state.threshold.get() * 100.0));
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    view! {
        <div class="rule-slider">
            <svg viewBox=view_box preserveAspectRatio="none" aria-hidden="true">
                <path d=shape />
                <path class="over" d=shape style:clip-path=unflagged />
            </svg>
            <input
                type="range"
                min="0"
                max="100"
                step="1"
                aria-label=text::RULE_SLIDER
                aria-valuetext=spoken
                prop:value=percent
                on:input:target=move |event| {
                    let percent = number::parse(&event.target().value());
                    if let Some(rule) = percent.and_then(|percent| Rule::risk(hundredth(percent))) {
                        state.rule.set(rule);
                    }
                }
            />
        </div>
    }
}

/// What became of the held-out customers at or above the cut.
#[component]
fn LeftAtCut() -> impl IntoView {
    let state = expect_context::<State>();
    let sentence = Signal::derive(move || {
        let evaluation = state.evaluation();
        evaluation.cuts.as_ref().map_or_else(String::new, |cuts| {
            let rates = cuts.rates(cuts.at(state.threshold.get()));
            text::left_at_cut(evaluation.basis, rates.right)
        })
    });
    view! { <span class="left-at-cut">{sentence}</span> }
}

/// Percent as a probability, without the dust of the division.
fn hundredth(percent: f64) -> f64 {
    (percent * 1e6).round() / 1e8
}
