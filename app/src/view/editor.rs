//! The editor that fits a feature: buttons for few levels, a list for many, a
//! slider with a field for numbers.

use churn_core::FeatureKind;
use leptos::prelude::*;

use super::level_editor::LevelButtons;
use super::level_list::LevelList;
use super::number_editor::NumberEditor;
use crate::state::State;

/// Most levels that are shown as buttons.
const MOST_BUTTONS: usize = 4;

/// Edits one feature; one that nobody can change is locked.
#[component]
pub fn Editor(
    feature: usize,
    /// A number that is closed until it is opened.
    #[prop(into)]
    closed: Signal<bool>,
) -> impl IntoView {
    let explorer = expect_context::<State>().explorer();
    let label = explorer.label(feature).to_owned();
    let editor = match &explorer.feature(feature).kind {
        FeatureKind::Numeric { .. } => view! { <NumberEditor feature closed /> }.into_any(),
        FeatureKind::Categorical { levels, .. } if levels.len() <= MOST_BUTTONS => {
            view! { <LevelButtons feature /> }.into_any()
        }
        FeatureKind::Categorical { .. } => view! { <LevelList feature /> }.into_any(),
    };
    view! {
        <fieldset class="editor" disabled=explorer.is_immutable(feature)>
            <legend class="spoken">{label}</legend>
            {editor}
        </fieldset>
    }
}
