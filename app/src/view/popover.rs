//! A button, and what it opens.

use super::handler::handler;
use crate::reactive::RwSignal;
use leptos::ev::Event;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Opens its content below the button, on a phone at the bottom of the screen.
/// Esc and a click beside it close it. The content is made when it is opened.
#[component]
pub fn Popover(
    /// Id of the content.
    id: &'static str,
    /// Text of the button.
    #[prop(into)]
    label: Signal<String>,
    /// What the button is called where its text does not say.
    #[prop(into)]
    name: Signal<String>,
    /// Class of the button.
    class: &'static str,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let place = RwSignal::new((0.0, 0.0));
    let open = RwSignal::new(false);
    let settle = move |event: Event| {
        // Other buttons may open it, too: the pressed one has the focus.
        let pressed = document()
            .active_element()
            .filter(|it| it.get_attribute("popovertarget").as_deref() == Some(id));
        let own = || content(&event)?.previous_element_sibling();
        if let Some(button) = pressed.or_else(own) {
            let button = button.get_bounding_client_rect();
            place.set((button.left(), button.bottom()));
        }
    };
    let toggled = move |event: Event| {
        let opened = content(&event)
            .is_some_and(|content| content.matches(":popover-open").unwrap_or_default());
        open.set(opened);
    };
    let left = Signal::derive(move || format!("{}px", place.get().0));
    let top = Signal::derive(move || format!("{}px", place.get().1));
    view! {
        <button class=class popovertarget=id aria-label=name title=name>
            {label}
        </button>
        <div
            id=id
            class="sheet"
            popover="auto"
            role="dialog"
            aria-label=name
            style=("--left", left)
            style=("--top", top)
            on:beforetoggle=handler(settle)
            on:toggle=handler(toggled)
        >
            {move || open.get().then(|| children())}
        </div>
    }
}

/// What opens, as it listens for an event.
fn content(event: &Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}
