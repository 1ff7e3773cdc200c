//! A table that is folded away until it is asked for, and not built before.

use super::handler::handler;
use super::wide_table::wide_table;
use crate::reactive::RwSignal;
use leptos::prelude::*;

/// A headed table; its markup is only asked for while it is open.
#[component]
pub fn FoldedTable(
    /// Id of the element.
    name: &'static str,
    /// What it is.
    title: &'static str,
    /// How to read it.
    #[prop(into)]
    help: String,
    /// The inside of the table.
    #[prop(into)]
    markup: Signal<String>,
    /// Controls above the table.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    let shown = Signal::derive(move || match opened.get() {
        true => markup.get(),
        false => String::new(),
    });
    view! {
        <details
            class="folded"
            id=name
            on:toggle=handler(move |_| opened.update(|opened| *opened = !*opened))
        >
            <summary>{title}</summary>
            <p class="muted">{help}</p>
            {children.map(|children| children())}
            {wide_table(None, title, shown)}
        </details>
    }
}
