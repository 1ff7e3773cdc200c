//! How a number is spread: a histogram with those who left, and a box plot of
//! each outcome above it.

use churn_core::exploration::BoxPlot;

use super::FEATURE;
use super::level_chart::cells;
use crate::exploration::{Exploration, FINE, Groups};
use crate::filter::Filter;
use crate::view::chart::{
    Axis, Drawing, Unit, WIDTH, boxes, line, open_part, push_path, push_rect, push_text,
};
use crate::{number, text};

const LEFT: f64 = 56.0;
const RIGHT: f64 = 8.0;
/// Top and height of the first box, and how far the next is below.
const BOX: (f64, f64, f64) = (4.0, 14.0, 22.0);
/// Top and bottom of the histogram.
const BARS: (f64, f64) = (58.0, 164.0);
const HEIGHT: f64 = 204.0;

/// The numbers of a feature.
pub fn draw(exploration: &Exploration, feature: usize, asked: &Filter) -> Drawing {
    let explorer = &exploration.explorer;
    let groups = Groups::of(explorer, feature, FINE);
    let counts = exploration.counts(&groups);
    let label = explorer.label(feature);
    let unit = explorer.unit(feature);
    let named = unit.map_or_else(|| label.to_owned(), |unit| number::headed(label, unit));
    let rates = exploration.has_outcomes();
    let mut drawing = Drawing {
        id: format!("{FEATURE}{feature}"),
        name: explorer.feature(feature).name.clone(),
        question: text::by_number(label, rates),
        help: text::number_help(
            rates.then(|| &exploration.strengths[feature]),
            exploration.missing(feature),
        ),
        height: HEIGHT,
        heads: text::group_heads(label),
        ..Drawing::default()
    };
    let Some(bins) = &groups.bins else {
        return drawing;
    };
    let ends = (bins.end(0), bins.end(groups.number));
    let x = Axis::over(&named, Unit::Number, ends.0, ends.1);
    let at = |value: f64| LEFT + (value - ends.0) / (ends.1 - ends.0) * (WIDTH - LEFT - RIGHT);
    let most = counts
        .iter()
        .map(|counted| counted.rows)
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    let y = Axis::over(text::CUSTOMERS, Unit::Number, 0.0, most);
    let up = |rows: u64| BARS.1 - y.share(rows as f64) * (BARS.1 - BARS.0);
    let out = &mut drawing.inside;
    draw_axes(out, &x, &y, ends, &at);

    let (mut stayed, mut left) = (Vec::new(), Vec::new());
    for (place, counted) in counts.iter().enumerate() {
        let (low, high) = (at(bins.end(place)), at(bins.end(place + 1)));
        let data = format!("data-at=\"{feature}.{place}\"");
        let range = number::with_unit(&groups.text(explorer, place), unit);
        let pressed = Some(groups.is_asked(explorer, place, asked));
        let spoken = text::group_spoken(&range, counted);
        open_part(out, &data, &spoken, pressed, place == 0);
        push_rect(out, "hit", (low, BARS.0), (high - low, BARS.1 - BARS.0));
        let width = (high - low - 1.0).max(0.5);
        let (top, split) = (up(counted.rows), up(counted.left));
        stayed.push(((low + 0.5, top), (width, split - top)));
        left.push(((low + 0.5, split), (width, BARS.1 - split)));
        *out += "</g>";
        let mut row = vec![groups.text(explorer, place)];
        row.extend(cells(counted));
        drawing.rows.push(row);
    }
    push_path(out, "bar", &boxes(&stayed));
    push_path(out, "bar full", &boxes(&left));

    let boxes: &[(&str, Option<bool>)] = if rates {
        &[(text::LEFT, Some(true)), (text::STAYED, Some(false))]
    } else {
        &[(text::EVERYONE, None)]
    };
    let mut figures = Vec::new();
    for (row, &(name, outcome)) in boxes.iter().enumerate() {
        let top = BOX.0 + BOX.2 * row as f64;
        push_text(out, "label", "end", (LEFT - 6.0, top + 11.0), name);
        if let Some(plot) = exploration.box_plot(feature, outcome) {
            draw_box(out, &plot, top, &at);
            figures.push(box_row(name, &plot));
        }
    }
    drawing.more = Some((text::BOX_HEADS.map(str::to_owned).into(), figures));
    drawing
}

/// The axis across has round ticks, but ends with the bins.
fn draw_axes(
    out: &mut String,
    x: &Axis,
    y: &Axis,
    (low, high): (f64, f64),
    across: &dyn Fn(f64) -> f64,
) {
    let mut grid = String::new();
    for tick in y.ticks() {
        let height = BARS.1 - y.share(tick) * (BARS.1 - BARS.0);
        grid += &line(&[(LEFT, height), (WIDTH - RIGHT, height)]);
        push_text(
            out,
            "tick",
            "end",
            (LEFT - 6.0, height + 4.0),
            &y.text(tick),
        );
    }
    push_path(out, "grid", &grid);
    let ticks = x.ticks().into_iter();
    for tick in ticks.filter(|tick| (low..=high).contains(tick)) {
        let at = across(tick);
        push_text(out, "tick", "middle", (at, BARS.1 + 16.0), &x.text(tick));
    }
    let middle = (LEFT + WIDTH - RIGHT) / 2.0;
    push_text(out, "axis", "middle", (middle, HEIGHT - 6.0), &x.label);
}

/// Whiskers, box and median.
fn draw_box(out: &mut String, plot: &BoxPlot, top: f64, at: &dyn Fn(f64) -> f64) {
    let middle = top + BOX.1 / 2.0;
    let mut span = line(&[(at(plot.low), middle), (at(plot.high), middle)]);
    for end in [plot.low, plot.high] {
        span += &line(&[(at(end), middle - 4.0), (at(end), middle + 4.0)]);
    }
    push_path(out, "span", &span);
    let (from, to) = (at(plot.q1), at(plot.q3));
    push_rect(out, "box", (from, top), (to - from, BOX.1));
    let median = at(plot.median);
    push_path(out, "line", &line(&[(median, top), (median, top + BOX.1)]));
    let beyond = (at(plot.high) + 4.0, middle + 4.0);
    // Where there is no room, the numbers tell.
    if plot.above > 0 && beyond.0 < WIDTH - 64.0 {
        push_text(out, "tick", "start", beyond, &text::beyond(plot.above));
    }
}

/// The figures of a box.
fn box_row(name: &str, plot: &BoxPlot) -> Vec<String> {
    let mut row = vec![name.to_owned(), plot.rows.to_string()];
    let figures = [
        plot.mean,
        plot.low,
        plot.q1,
        plot.median,
        plot.q3,
        plot.high,
    ];
    row.extend(figures.map(|x| number::decimal(x, 4)));
    row.extend([plot.below, plot.above].map(|rows| rows.to_string()));
    row
}
