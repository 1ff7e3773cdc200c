//! How a number is distributed over the customers, behind its slider.

use churn_core::Column;
use leptos::prelude::*;

use crate::explorer::Explorer;
use crate::state::State;

/// Bars of the distribution.
pub const BARS: usize = 40;

/// Bars of the customers' numbers, and lines where LIME cuts them.
#[component]
pub fn Distribution(feature: usize) -> impl IntoView {
    let explorer = expect_context::<State>().explorer();
    let (low, high) = explorer.range(feature);
    let at = |number: f64| (number - low) / (high - low).max(f64::MIN_POSITIVE);
    let ticks = explorer.ticks(feature).into_iter().map(|tick| {
        let x = at(tick).to_string();
        view! { <line x1=x.clone() x2=x y1="0" y2="1" /> }
    });
    view! {
        <svg class="distribution" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
            <path d=path(&bars(&explorer, feature)) />
            {ticks.collect_view()}
        </svg>
    }
}

/// Customers by bar.
pub fn bars(explorer: &Explorer, feature: usize) -> [usize; BARS] {
    let mut bars = [0; BARS];
    let (low, high) = explorer.range(feature);
    if let Column::Numeric(numbers) = explorer.data.column(feature)
        && high > low
    {
        let scale = BARS as f64 / (high - low);
        for number in numbers {
            // A cast of what is out of range stays in range.
            let bar = ((number - low) * scale) as usize;
            bars[bar.min(BARS - 1)] += 1;
        }
    }
    bars
}

/// Bars from the ground, as high as the square at most.
fn path(bars: &[usize]) -> String {
    let most = bars.iter().copied().max().unwrap_or(0).max(1);
    let mut path = String::from("M0 1");
    for (place, &bar) in (1_usize..).zip(bars) {
        let top = 1.0 - bar as f64 / most as f64;
        let right = place as f64 / bars.len() as f64;
        path += &format!("V{top}H{right}");
    }
    path + "V1Z"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample;

    #[test]
    fn every_customer_is_in_a_bar() {
        let explorer = sample::explorer();
        let tenure = explorer.schema().position("tenure").unwrap();
        let bars = bars(&explorer, tenure);
        assert_eq!(bars.iter().sum::<usize>(), explorer.rows());
        assert!(bars[0] > 0 && bars[BARS - 1] > 0);
        assert_eq!(path(&[1, 2, 0]).matches('V').count(), 4);
    }
}
