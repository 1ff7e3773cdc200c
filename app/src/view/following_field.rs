//! A field for a number that other controls change as well.

use leptos::html::Input;
use leptos::prelude::*;

use crate::number;
use crate::reactive::{RwSignal, StoredValue, effect};

/// Shows a number. A typed one is taken over at once, and not written over
/// while it is being typed; one that is refused leaves the last.
#[component]
pub fn FollowingField(
    /// Name for those who cannot see what stands beside it.
    label: &'static str,
    /// The number as text.
    shown: Signal<String>,
    /// Takes a typed number; nothing when the field holds none. Says whether it
    /// makes sense.
    take: Callback<Option<f64>, bool>,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let typing = StoredValue::new(false);
    let refused = RwSignal::new(false);
    effect(move || {
        let text = shown.get();
        if let Some(field) = field.get()
            && !typing.get_value()
            && field.value() != text
        {
            field.set_value(&text);
        }
    });
    let invalid = Signal::derive(move || refused.get().to_string());
    view! {
        <input
            type="number"
            step="any"
            min="0"
            aria-label=label
            aria-invalid=invalid
            node_ref=field
            on:input:target=move |event| {
                typing.set_value(true);
                refused.set(!take.run(number::parse(&event.target().value())));
            }
            on:blur:target=move |event| {
                typing.set_value(false);
                refused.set(false);
                event.target().set_value(&shown.get_untracked());
            }
        />
    }
}
