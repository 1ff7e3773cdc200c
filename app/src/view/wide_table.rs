//! A table that may be wider than the screen.

use leptos::prelude::*;

/// A table by its inner markup. What is scrolled needs a name and a stop of the
/// Tab key.
pub fn wide_table(
    id: Option<&'static str>,
    name: &'static str,
    markup: impl Into<Signal<String>>,
) -> impl IntoView {
    let markup = markup.into();
    view! {
        <div class="numbers" role="group" aria-label=name tabindex="0">
            <table id=id inner_html=markup></table>
        </div>
    }
}
