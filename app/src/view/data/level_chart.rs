//! How many customers have each level, and how many of them left.

use churn_core::exploration::Outcomes;
use churn_core::math::by_size;

use super::FEATURE;
use crate::exploration::{Exploration, FINE, Groups};
use crate::filter::Filter;
use crate::view::chart::{
    Axis, Drawing, Unit, WIDTH, boxes, line, open_part, push_path, push_rect, push_text, shortened,
};
use crate::{number, text};

/// Height of the heads.
const HEAD: f64 = 20.0;
/// Height that the levels share, and what each has at least and at most.
const ROOM: f64 = 132.0;
const PITCH: (f64, f64) = (28.0, 40.0);
/// Where the bars of the customers begin and end, and their numbers end.
const BARS: (f64, f64) = (136.0, 222.0);
const NUMBERS: f64 = 266.0;
/// Where the scale of the rates begins and ends.
const RATES: (f64, f64) = (276.0, 360.0);
/// Characters of a level that there is room for.
const LETTERS: usize = 19;
/// Most levels that are drawn; the rest is in the numbers.
const MOST: usize = 12;

/// The levels of a feature. `highest` is the end of the scale of the rates.
pub fn draw(exploration: &Exploration, feature: usize, highest: f64, asked: &Filter) -> Drawing {
    let explorer = &exploration.explorer;
    let groups = Groups::of(explorer, feature, FINE);
    let counts = exploration.counts(&groups);
    let label = explorer.label(feature);
    let shown = shown(&counts);
    let pitch = (ROOM / shown.len().max(1) as f64).clamp(PITCH.0, PITCH.1);
    let height = HEAD + pitch * shown.len() as f64 + 4.0;
    let mut out = String::new();
    let rates = exploration.has_outcomes();
    push_text(&mut out, "tick", "start", (BARS.0, 12.0), text::CUSTOMERS);
    let scale = Axis::over("", Unit::Percent, 0.0, highest);
    let at = |rate: f64| RATES.0 + scale.share(rate) * (RATES.1 - RATES.0);
    if rates {
        push_text(&mut out, "tick", "end", (WIDTH, 12.0), text::LEFT_SHARE);
        let ends = [0.0, scale.high];
        let grid = ends.map(|end| line(&[(at(end), HEAD), (at(end), height)]));
        push_path(&mut out, "grid", &grid.concat());
        if let Some(rate) = exploration.total.rate() {
            push_path(
                &mut out,
                "dashed",
                &line(&[(at(rate), HEAD), (at(rate), height)]),
            );
        }
    }
    let most = counts
        .iter()
        .map(|counted| counted.rows)
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    // What is seen is said by the buttons that lie over it.
    out += "<g aria-hidden=\"true\">";
    let (mut bars, mut marks) = (Vec::new(), Vec::new());
    let (mut spans, mut buttons) = (String::new(), String::new());
    for (row, &place) in shown.iter().enumerate() {
        let counted = &counts[place];
        let level = groups.text(explorer, place);
        let top = HEAD + pitch * row as f64;
        let middle = top + pitch / 2.0;
        let data = format!("data-at=\"{feature}.{place}\"");
        let pressed = Some(groups.is_asked(explorer, place, asked));
        let spoken = text::group_spoken(&level, counted);
        let base = middle + 4.0;
        push_text(
            &mut out,
            "label",
            "start",
            (6.0, base),
            &shortened(&level, LETTERS),
        );
        let share = counted.rows as f64 / most;
        let size = (share * (BARS.1 - BARS.0), 12.0);
        bars.push(((BARS.0, middle - 6.0), size));
        push_text(
            &mut out,
            "tick",
            "end",
            (NUMBERS, base),
            &text::rows(counted.rows),
        );
        if let Some(rate) = counted.rate() {
            let interval = counted.interval();
            let ends = [(at(interval.low), middle), (at(interval.high), middle)];
            spans += &line(&ends);
            marks.push(((at(rate) - 3.5, middle - 3.5), (7.0, 7.0)));
            push_text(
                &mut out,
                "label",
                "end",
                (WIDTH - 4.0, base),
                &number::percent(rate),
            );
        }
        open_part(&mut buttons, &data, &spoken, pressed, row == 0);
        push_rect(&mut buttons, "hit", (0.0, top), (WIDTH, pitch));
        buttons += "</g>";
    }
    push_path(&mut out, "bar", &boxes(&bars));
    push_path(&mut out, "span", &spans);
    push_path(&mut out, "bar full", &boxes(&marks));
    out += "</g>";
    out += &buttons;
    let missing = exploration.missing(feature);
    Drawing {
        id: format!("{FEATURE}{feature}"),
        name: explorer.feature(feature).name.clone(),
        question: text::by_level(label, rates),
        help: text::level_help(
            rates.then(|| &exploration.strengths[feature]),
            counts.len() - shown.len(),
            missing,
        ),
        height,
        inside: out,
        heads: text::group_heads(label),
        rows: counts
            .iter()
            .enumerate()
            .map(|(place, counted)| {
                let mut row = vec![groups.text(explorer, place)];
                row.extend(cells(counted));
                row
            })
            .collect(),
        more: None,
    }
}

/// The numbers of a group: rows, left, stayed, rate and its interval.
pub fn cells(counted: &Outcomes) -> Vec<String> {
    let mut cells: Vec<String> = [counted.rows, counted.left, counted.stayed]
        .map(|rows| rows.to_string())
        .into();
    match counted.rate() {
        Some(rate) => {
            let interval = counted.interval();
            cells.extend([rate, interval.low, interval.high].map(|x| number::decimal(x, 4)));
        }
        None => cells.resize(6, String::new()),
    }
    cells
}

/// Places of the levels that are drawn: all of few, the most frequent of many.
fn shown(counts: &[Outcomes]) -> Vec<usize> {
    if counts.len() <= MOST {
        return (0..counts.len()).collect();
    }
    let sizes: Vec<f64> = counts.iter().map(|counted| counted.rows as f64).collect();
    let mut order = by_size(&sizes);
    order.truncate(MOST);
    order
}
