//! The map beside the table: every listed customer and feature as a dot of
//! colour, from the first row to the last. The table says the same in words, so
//! the map is for the eye and the pointer only.

use churn_core::Method;
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData, PointerEvent};

use super::handler::handler;
use crate::explorer::Explorer;
use crate::reactive::{Memo, RwSignal, effect};
use crate::scale::{Step, boundaries};
use crate::state::State;

/// Most customers that one line of dots is the mean of; of more, this many are
/// taken at even distances.
const MOST: usize = 24;

/// The part of the list in sight, as shares of its length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InSight {
    /// Where it begins.
    pub start: f64,
    /// How long it is.
    pub length: f64,
}

/// The map of the list. `go` scrolls the middle of the table to a share of the
/// list.
#[component]
pub fn TableMap(
    /// What the table shows.
    in_sight: Signal<InSight>,
    /// Called with where the pointer is.
    go: Callback<f64>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let canvas = NodeRef::<Canvas>::new();
    let method = Memo::new(move |_| {
        state
            .arrangement
            .with(|arrangement| arrangement.colour.method())
    });
    let height = RwSignal::new(0);
    // Looked up again only for another theme: it makes the browser apply styles.
    let palette = RwSignal::new(None);
    effect(move || {
        let (Some(canvas), height) = (canvas.get(), height.get()) else {
            return;
        };
        let method = method.get();
        let colours = palette.get().or_else(|| {
            let colours = colours();
            palette.update_untracked(|palette| *palette = colours);
            colours
        });
        let Some(palette) = colours else {
            return;
        };
        state.listed.with(|rows| {
            let _ = draw(&canvas, &state.explorer(), rows, method, height, &palette);
        });
    });
    let measure = move || {
        if let Some(canvas) = canvas.get_untracked() {
            let tall = canvas.client_height();
            height.set(usize::try_from(tall).unwrap_or(0));
        }
    };
    canvas.on_load(move |_| measure());
    let resize = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resize.remove());
    let redraw = window_event_listener_untyped(crate::theme::CHANGED, move |_| palette.set(None));
    on_cleanup(move || redraw.remove());
    let point = move |event: &PointerEvent| {
        if let Some(canvas) = canvas.get_untracked() {
            let place = canvas.get_bounding_client_rect();
            go.run((f64::from(event.client_y()) - place.top()) / place.height().max(1.0));
        }
    };
    let on_down = move |event: PointerEvent| {
        if let Some(canvas) = canvas.get_untracked() {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        point(&event);
    };
    let on_move = move |event: PointerEvent| {
        if event.buttons() == 1 {
            point(&event);
        }
    };
    let share = |share: f64| format!("{}%", share * 100.0);
    let top = Signal::derive(move || share(in_sight.get().start));
    let tall = Signal::derive(move || share(in_sight.get().length));
    view! {
        <div class="map" aria-hidden="true" on:pointerdown=handler(on_down) on:pointermove=handler(on_move)>
            <canvas node_ref=canvas></canvas>
            <div class="map-window" style:top=top style:height=tall></div>
        </div>
    }
}

/// Draws the list: a column of dots per feature in the order of the table, a
/// line per customer, or per some of them where there are more than pixels.
fn draw(
    canvas: &HtmlCanvasElement,
    explorer: &Explorer,
    rows: &[u32],
    method: Method,
    height: usize,
    palette: &Palette,
) -> Option<()> {
    let columns = explorer.columns.len();
    let lines = rows.len().min(height);
    let (width, tall) = (u32::try_from(columns).ok()?, u32::try_from(lines).ok()?);
    // Another size lays out the page, even where it is the same.
    if (canvas.width(), canvas.height()) != (width, tall) {
        canvas.set_width(width);
        canvas.set_height(tall);
    }
    if lines == 0 {
        return None;
    }
    let mut pixels = Vec::with_capacity(columns * lines * 4);
    let mut sums = vec![0.0; columns];
    for line in 0..lines {
        let start = line * rows.len() / lines;
        let end = (line + 1) * rows.len() / lines;
        let count = explorer.sum_weights(method, &rows[start..end], MOST, &mut sums);
        for &feature in &explorer.columns {
            let step = Step::of(sums[feature] / count, boundaries(method));
            pixels.extend_from_slice(&palette[step.place()]);
        }
    }
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, tall).ok()?;
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.put_image_data(&image, 0.0, 0.0).ok()
}

/// Red, green, blue and opacity of each step.
type Palette = [[u8; 4]; 7];

/// The colours of the steps, as the style sheet has them at present.
fn colours() -> Option<Palette> {
    let mut colours = [[0, 0, 0, 255]; 7];
    for (colour, step) in colours.iter_mut().zip(Step::ALL) {
        let swatch = document()
            .query_selector(&format!(".swatch.{}", step.class()))
            .ok()??;
        let text = background(&swatch)?;
        let digits = |c: char| !c.is_ascii_digit();
        let parts = text.split(digits).filter(|part| !part.is_empty());
        for (slot, part) in colour.iter_mut().zip(parts.take(3)) {
            *slot = part.parse().ok()?;
        }
    }
    Some(colours)
}

/// The colour behind an element, as `rgb(1, 2, 3)`.
fn background(element: &Element) -> Option<String> {
    let style = window().get_computed_style(element).ok()??;
    style.get_property_value("background-color").ok()
}
