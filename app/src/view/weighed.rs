//! What a weight stands behind: a text on its colour and arrows.

use wasm_bindgen::intern;
use web_sys::HtmlElement;

use super::elements::{Words, set};
use crate::scale::Step;
use crate::text;

/// A text on the colour and arrows of its weight.
#[derive(Debug)]
pub struct Weighed {
    element: HtmlElement,
    class: &'static str,
    words: Words,
    step: Option<Step>,
}

impl Weighed {
    /// Nothing yet, in an element of a class.
    pub fn new(element: HtmlElement, class: &'static str) -> Option<Self> {
        Some(Self {
            words: Words::new(&element)?,
            element,
            class,
            step: None,
        })
    }

    /// Shows a text and a step, if any: to those who cannot see its arrows, in
    /// words. Of few texts that come again and again the page keeps copies, so that
    /// none has to be decoded anew.
    pub fn show(&mut self, text: String, step: Option<Step>, few: bool) {
        let kept = |text: String| {
            if few {
                intern(&text);
            }
            text
        };
        let Self {
            element,
            class,
            words,
            step: before,
        } = self;
        let other = *before != step;
        if other {
            *before = step;
            match step {
                Some(step) => {
                    element.set_class_name(intern(&format!("{class} {}", step.class())));
                }
                None => element.set_class_name(class),
            }
        }
        if words.show(kept(text)) || other {
            match step {
                Some(step) => {
                    let label = kept(text::weighed(words.shown(), step));
                    set(element, "aria-label", &label);
                }
                // Only the name of an attribute is ever refused.
                None => drop(element.remove_attribute("aria-label")),
            }
        }
    }
}
