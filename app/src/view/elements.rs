//! Elements of the document that are made by hand and written to only where
//! something changes: what is drawn with every move must cost little.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, intern};
use web_sys::{Element, EventTarget, HtmlElement, Text};

/// A new element in its parent, with a class.
pub fn add(parent: &Element, tag: &str, class: &str) -> Option<HtmlElement> {
    let element = document().create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    parent.append_child(&element).ok()?;
    element.dyn_into().ok()
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    // Only a name that is none is refused. There are few names.
    let _ = element.set_attribute(intern(name), value);
}

/// The element that something happened to.
pub fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// All elements that a selector finds.
pub fn all<T: AsRef<Element>>(within: &Option<T>, css: &str) -> Vec<Element> {
    let found = within
        .as_ref()
        .and_then(|within| within.as_ref().query_selector_all(css).ok());
    let Some(found) = found else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| element(found.item(place).map(JsCast::unchecked_into)))
        .collect()
}

/// The focus goes on from a part of a drawing to another one, as the selector finds
/// them.
pub fn step(part: &Element, css: &str, by: isize) {
    let Ok(Some(drawing)) = part.closest("svg") else {
        return;
    };
    let parts = all(&Some(drawing), css);
    let here = parts.iter().position(|other| other == part);
    let next = here.and_then(|here| parts.get(here.checked_add_signed(by)?));
    if let Some(next) = next {
        // The Tab key comes back to where the arrows went.
        set(part, "tabindex", "-1");
        set(next, "tabindex", "0");
        // Of an element of SVG only the method's name is the same.
        let _ = next.unchecked_ref::<HtmlElement>().focus();
    }
}

/// A text in an element.
#[derive(Debug)]
pub struct Words {
    node: Text,
    shown: String,
}

impl Words {
    /// An empty text at the end of an element.
    pub fn new(parent: &Element) -> Option<Self> {
        let node = document().create_text_node("");
        parent.append_child(&node).ok()?;
        Some(Self {
            node,
            shown: String::new(),
        })
    }

    /// Shows a text; says whether that is something new.
    pub fn show(&mut self, text: String) -> bool {
        let new = self.shown != text;
        if new {
            self.node.set_data(&text);
            self.shown = text;
        }
        new
    }

    /// The text.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// A button that is on or off.
#[derive(Debug)]
pub struct Toggle {
    button: HtmlElement,
    words: Words,
    on: Option<bool>,
    signs: [&'static str; 2],
}

impl Toggle {
    /// A button at the end of an element; `signs` are what it shows when off
    /// and on. The table's keys press it, so it is no stop of its own.
    pub fn new(
        parent: &Element,
        class: &str,
        label: &str,
        signs: [&'static str; 2],
    ) -> Option<Self> {
        let button = add(parent, "button", class)?;
        set(&button, "tabindex", "-1");
        set(&button, "aria-label", label);
        set(&button, "title", label);
        Some(Self {
            words: Words::new(&button)?,
            button,
            on: None,
            signs,
        })
    }

    /// Shows whether it is on.
    pub fn show(&mut self, on: bool) {
        if self.on != Some(on) {
            self.on = Some(on);
            self.words.show(self.signs[usize::from(on)].into());
            set(
                &self.button,
                "aria-pressed",
                if on { "true" } else { "false" },
            );
        }
    }
}
