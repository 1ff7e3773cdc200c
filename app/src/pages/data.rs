//! The data's page: what is in it?

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use crate::view::data::{
    Associations, Facts, FeatureCharts, PairPlot, Selection, explored, on_click, on_key, show_asked,
};
use crate::view::{Chips, QueryBox};

/// The cohort's counts, and its columns by outcome. What is pressed in a chart is
/// asked for in the one filter of the whole app.
#[component]
pub fn DataPage() -> impl IntoView {
    let state = expect_context::<State>();
    let explored = explored(state);
    Effect::new(move |_| show_asked(state));
    view! {
        <div
            class="data-page"
            on:click=move |event| on_click(state, &event)
            on:keydown=move |event| on_key(state, &event)
        >
            <h1 class="spoken">{text::DATA}</h1>
            <div class="toolbar asked">
                <QueryBox />
                <Chips />
                <Selection />
            </div>
            <Facts explored />
            <FeatureCharts explored />
            <PairPlot />
            <Associations />
        </div>
    }
}
