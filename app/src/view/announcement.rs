//! What a screen reader says of an edit, once the edits have come to rest.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::reactive::{RwSignal, StoredValue, watch};
use crate::state::State;
use crate::text;
use crate::what_if::WhatIf;

/// How long nothing must change.
const REST: Duration = Duration::from_millis(500);

/// The result of the latest edit, heard and not seen.
#[component]
pub fn Announcement() -> impl IntoView {
    let what_if = expect_context::<WhatIf>();
    let threshold = expect_context::<State>().threshold;
    let said = RwSignal::new(String::new());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let wait = move |timer: Option<TimeoutHandle>| {
        let earlier = waiting.try_update_value(|waiting| std::mem::replace(waiting, timer));
        if let Some(earlier) = earlier.flatten() {
            earlier.clear();
        }
    };
    let say = move || {
        let (original, cut) = (what_if.original_probability(), threshold.get_untracked());
        let edited = what_if.probability();
        let changed = what_if.changes() > 0;
        let verdict = text::verdict(original >= cut, edited >= cut, changed);
        said.set(text::announcement(edited, edited - original, verdict, cut));
    };
    watch(
        move || what_if.now.track(),
        move || wait(set_timeout_with_handle(say, REST).ok()),
    );
    on_cleanup(move || wait(None));
    view! { <p class="spoken" role="status">{said.signal()}</p> }
}
