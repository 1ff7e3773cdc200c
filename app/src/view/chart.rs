//! Charts: what is asked, the drawing, what it says at the cut, and its numbers.
//!
//! * `axis`, `plot`: a drawing in the units of the data. `path`: its lines.
//! * `drawing`: a whole chart as markup. `enlarged`: one over the page.
//! * `table`: the numbers behind it. `actions`: what can be done with it.

mod actions;
mod axis;
mod drawing;
mod enlarged;
mod path;
mod plot;
mod table;

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use actions::{act, act_of, actions};
pub use axis::{Axis, Unit};
pub use drawing::{Drawing, WIDTH, open_part, push_rect, shortened};
pub use enlarged::{large, open_dialog};
pub use path::{bars, boxes, line, short};
pub use plot::{HEIGHT, Mark, Plot, Point, push_path, push_text};
pub use table::{Numbers, table_markup};

use super::handler::handler;
use crate::reactive::Memo;

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
    let take = move |event: MouseEvent| {
        let Some(pressed) = act_of(&event) else {
            return;
        };
        let dot = dot.get_untracked();
        let numbers = untrack(|| numbers.run(()));
        plot.with_untracked(|plot| {
            let enlarged = || {
                let inside = plot.with_dot(dot);
                large(question, help, HEIGHT, &inside, &[numbers.markup()])
            };
            let drawing = || plot.file(question, dot);
            act(&pressed, name, [&enlarged, &drawing, &|| numbers.csv()]);
        });
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
            <p class="actions" inner_html=actions(question, true) on:click=handler(take)></p>
        </figure>
    }
}

/// The buttons of figures that the page shows in its own way; `draw` gives what they
/// enlarge and save.
#[component]
pub fn Actions(
    /// The question that the figures answer.
    question: &'static str,
    /// Whether there is a drawing of them, or numbers alone.
    is_drawn: bool,
    draw: Callback<(), Drawing>,
) -> impl IntoView {
    let take = move |event: MouseEvent| {
        if let Some(pressed) = act_of(&event) {
            untrack(|| draw.run(())).act(&pressed);
        }
    };
    view! { <p class="actions" inner_html=actions(question, is_drawn) on:click=handler(take)></p> }
}

/// A chart as one piece of markup, drawn anew whenever what it reads changes.
#[component]
pub fn Drawn(draw: Callback<(), Drawing>) -> impl IntoView {
    let markup = Signal::derive(move || draw.run(()).figure());
    let take = move |event: MouseEvent| {
        if let Some(pressed) = act_of(&event) {
            untrack(|| draw.run(())).act(&pressed);
        }
    };
    view! { <div class="drawn" inner_html=markup on:click=handler(take)></div> }
}
