//! One chart over the whole page, and the page's dialog, which shows it.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::path::short;
use crate::markup::escaped;
use crate::text;

/// Id of the dialog.
const ID: &str = "enlarged";

/// What the dialog shows of a chart: the drawing in large, where there is one, which
/// cannot be pressed there, and its numbers.
pub fn large(question: &str, help: &str, height: f64, inside: &str, tables: &[String]) -> String {
    let mut out = format!(
        "<h2>{}</h2><p class=\"muted\">{}</p>",
        escaped(question),
        escaped(help)
    );
    if !inside.is_empty() {
        out += &format!(
            "<div class=\"chart\" inert><svg viewBox=\"0 0 400 {}\">{inside}</svg></div>",
            short(height)
        );
    }
    out += &format!(
        "<div class=\"numbers\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">",
        text::NUMBERS
    );
    for table in tables {
        out += &format!("<table>{table}</table>");
    }
    out + "</div>"
}

/// Opens the dialog with the markup of a chart.
pub fn enlarge(markup: &str) {
    open_dialog(text::ENLARGED, markup);
}

/// Opens a dialog with some markup. Escape and its button close it, and the
/// focus goes back to where it was: the browser sees to both.
pub fn open_dialog(label: &str, markup: &str) {
    let Some(dialog) = dialog().filter(|dialog| !dialog.open()) else {
        return;
    };
    let _ = dialog.set_attribute("aria-label", label);
    let close = text::CLOSE;
    dialog.set_inner_html(&format!(
        "<form method=\"dialog\"><button class=\"button\">{close}</button></form>{markup}"
    ));
    // One that is not open opens.
    let _ = dialog.show_modal();
}

/// The one dialog of the page, made when it is first asked for.
fn dialog() -> Option<HtmlDialogElement> {
    let document = document();
    let found = document.get_element_by_id(ID);
    let dialog = match found {
        Some(found) => found,
        None => {
            let made = document.create_element("dialog").ok()?;
            made.set_id(ID);
            document.body()?.append_child(&made).ok()?;
            made
        }
    };
    dialog.dyn_into().ok()
}
