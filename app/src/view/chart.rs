//! Charts: what is asked, the drawing, what it says at the cut, and its numbers.
//!
//! * `axis`, `plot`: a drawing in the units of the data. `path`: its lines.
//! * `drawing`: a whole chart as markup. `enlarged`: one over the page.
//! * `table`: the numbers behind it. `download`: both as files.

mod axis;
mod download;
mod drawing;
mod enlarged;
mod path;
mod plot;
mod table;

use leptos::prelude::*;

pub use axis::{Axis, Unit};
pub use download::download;
pub use drawing::{Drawing, WIDTH, open_part, push_rect, shortened};
pub use enlarged::{enlarge, large, open_dialog};
pub use path::{bars, line, short};
use plot::HEIGHT;
pub use plot::{Mark, Plot, Point, push_path, push_text};
pub use table::{Numbers, table_markup};

use super::handler::handler;
use super::wide_table::wide_table;
use crate::reactive::{Memo, RwSignal};
use crate::text;

/// What a chart is called.
#[derive(Clone, Copy, Debug)]
pub struct Caption {
    /// Name of its files, and id of its element.
    pub name: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// How to read it.
    pub help: &'static str,
}

/// A chart with the point that is looked at.
#[component]
pub fn Chart(
    /// What it is called.
    caption: Caption,
    /// The drawing.
    plot: Signal<Plot>,
    /// The point that is looked at.
    dot: Signal<Option<Point>>,
    /// What the chart says there.
    readout: Signal<String>,
    /// All its numbers.
    numbers: Callback<(), Numbers>,
) -> impl IntoView {
    let Caption {
        name,
        question,
        help,
    } = caption;
    let markup = Signal::derive(move || plot.with(Plot::markup));
    let placed = Memo::new(move |_| dot.get().map(|dot| plot.with(|plot| plot.place(dot))));
    let dot_x = Signal::derive(move || placed.get().map(|(x, _)| short(x)));
    let dot_y = Signal::derive(move || placed.get().map(|(_, y)| short(y)));
    let radius = Signal::derive(move || if placed.get().is_some() { "6" } else { "0" });
    // The question is the heading of the drawing; its name is what it says.
    let told = Signal::derive(move || {
        let told = readout.get();
        if told.is_empty() {
            question.into()
        } else {
            told
        }
    });
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    let opened = RwSignal::new(false);
    let table = Signal::derive(move || match opened.get() {
        true => numbers.run(()).markup(),
        false => String::new(),
    });
    let save_drawing = move |_| {
        let file = plot.with_untracked(|plot| plot.file(question, dot.get_untracked()));
        download(&format!("{name}.svg"), "image/svg+xml", &file);
    };
    let save_numbers = move |_| {
        let file = untrack(|| numbers.run(())).csv();
        download(&format!("{name}.csv"), "text/csv", &file);
    };
    let enlarge_it = move |_| {
        let inside = plot.with_untracked(|plot| plot.with_dot(dot.get_untracked()));
        let table = untrack(|| numbers.run(())).markup();
        enlarge(&large(question, help, HEIGHT, &inside, &[table]));
    };
    view! {
        <figure class="chart" id=name>
            <figcaption>
                <h3>{question}</h3>
                <p class="muted">{help}</p>
            </figcaption>
            <svg viewBox=view_box role="img" aria-label=told>
                <g inner_html=markup></g>
                <circle class="dot" cx=dot_x cy=dot_y r=radius />
            </svg>
            <p class="readout">{readout}</p>
            <details on:toggle=handler(move |_| opened.update(|opened| *opened = !*opened))>
                <summary>{text::NUMBERS}</summary>
                <p class="actions">
                    <button class="button" on:click=handler(enlarge_it)>{text::ENLARGE}</button>
                    <button class="button" on:click=handler(save_numbers)>{text::SAVE_CSV}</button>
                    <button class="button" on:click=handler(save_drawing)>{text::SAVE_SVG}</button>
                </p>
                {wide_table(None, text::NUMBERS, table)}
            </details>
        </figure>
    }
}
