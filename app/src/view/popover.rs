//! A button, and what it opens.

use super::handler::handler;
use crate::reactive::RwSignal;
use leptos::html::{Button, Div};
use leptos::prelude::*;

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
    let button = NodeRef::<Button>::new();
    let content = NodeRef::<Div>::new();
    let place = RwSignal::new((0.0, 0.0));
    let open = RwSignal::new(false);
    let settle = move |_: web_sys::Event| {
        // Other buttons may open it, too: the pressed one has the focus.
        let pressed = document()
            .active_element()
            .filter(|it| it.get_attribute("popovertarget").as_deref() == Some(id));
        let own = button.get_untracked().map(web_sys::Element::from);
        if let Some(button) = pressed.or(own) {
            let button = button.get_bounding_client_rect();
            place.set((button.left(), button.bottom()));
        }
    };
    let toggled = move |_: web_sys::Event| {
        let opened = content
            .get_untracked()
            .is_some_and(|content| content.matches(":popover-open").unwrap_or_default());
        open.set(opened);
    };
    let left = Signal::derive(move || format!("{}px", place.get().0));
    let top = Signal::derive(move || format!("{}px", place.get().1));
    view! {
        <button class=class popovertarget=id aria-label=name title=name node_ref=button>
            {label}
        </button>
        <div
            id=id
            class="sheet"
            popover="auto"
            role="dialog"
            aria-label=name
            node_ref=content
            style=("--left", left)
            style=("--top", top)
            on:beforetoggle=handler(settle)
            on:toggle=handler(toggled)
        >
            {move || open.get().then(|| children())}
        </div>
    }
}
