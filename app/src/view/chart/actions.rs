//! What can be done with a chart: it is enlarged, the drawing is saved, its
//! numbers are saved.

use leptos::ev::MouseEvent;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::enlarged::enlarge;
use crate::download;
use crate::markup::escaped;
use crate::text;

/// What makes the markup of the dialog, the drawing, or the numbers.
type Make<'a> = &'a dyn Fn() -> String;

/// The buttons as markup; each names what it does in `data-act`. Figures that are
/// not drawn cannot be saved as a drawing.
pub fn actions(question: &str, is_drawn: bool) -> String {
    let mut out = String::new();
    let mut acts = vec![
        ("enlarge", text::ENLARGE),
        ("svg", text::SAVE_SVG),
        ("csv", text::SAVE_CSV),
    ];
    acts.retain(|(act, _)| is_drawn || *act != "svg");
    for (act, label) in acts {
        out += &format!(
            "<button class=\"button quiet\" data-act=\"{act}\" aria-label=\"{label}: {}\">{label}\
             </button>",
            escaped(question)
        );
    }
    out
}

/// What the button does that was pressed, if one was.
pub fn act_of(event: &MouseEvent) -> Option<String> {
    let pressed: Element = event.target()?.dyn_into().ok()?;
    pressed.get_attribute("data-act")
}

/// Does it for a chart with files of this name.
pub fn act(act: &str, name: &str, [enlarged, drawing, numbers]: [Make<'_>; 3]) {
    let save = |kind, end, make: Make<'_>| {
        download::save(&format!("{name}.{end}"), kind, &make());
    };
    match act {
        "enlarge" => enlarge(&enlarged()),
        "svg" => save("image/svg+xml", "svg", drawing),
        _ => save("text/csv", "csv", numbers),
    }
}
