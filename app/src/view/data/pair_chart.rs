//! Two columns against each other, levels or bins: how many customers are where,
//! and how many of them left.

use super::PAIR;
use super::level_chart::cells;
use crate::exploration::{COARSE, Exploration, Groups};
use crate::filter::Filter;
use crate::text;
use crate::view::chart::{Drawing, WIDTH, open_part, push_rect, push_text, short, shortened};

const LEFT: f64 = 112.0;
/// Height of a row of cells at least and at most, and of what stands below them.
const PITCH: (f64, f64) = (26.0, 40.0);
const BELOW: f64 = 84.0;
/// Characters that there is room for, on the left and below.
const LETTERS: usize = 18;
/// Most groups of each side; of more levels the rest is in the numbers.
const MOST: usize = 16;

/// One feature across, another upwards.
pub fn draw(exploration: &Exploration, x: usize, y: usize, asked: &Filter) -> Drawing {
    let explorer = &exploration.explorer;
    let (across, upwards) = (
        Groups::of(explorer, x, COARSE),
        Groups::of(explorer, y, COARSE),
    );
    let counts = exploration.pair(&across, &upwards);
    let (columns, rows) = (across.number.min(MOST), upwards.number.min(MOST));
    let cell = |column: usize, row: usize| counts[column * upwards.number + row];
    let width = (WIDTH - LEFT) / columns.max(1) as f64;
    let pitch = width.clamp(PITCH.0, PITCH.1);
    let side = width.min(pitch) - 3.0;
    let mut most = (1, 0.0_f64);
    for counted in &counts {
        most.0 = most.0.max(counted.rows);
        most.1 = most.1.max(counted.rate().unwrap_or(0.0));
    }
    // Numbers grow upwards, levels are read from above.
    let top = |row: usize| {
        let row = if upwards.bins.is_some() {
            rows - 1 - row
        } else {
            row
        };
        pitch * row as f64
    };
    let mut out = String::new();
    for row in 0..rows {
        let at = (LEFT - 8.0, top(row) + pitch / 2.0 + 4.0);
        let name = shortened(&upwards.text(explorer, row), LETTERS);
        push_text(&mut out, "tick", "end", at, &name);
    }
    let bottom = pitch * rows as f64;
    let mut first = true;
    let mut table = Vec::new();
    for column in 0..columns {
        let middle = LEFT + width * (column as f64 + 0.5);
        let name = across.text(explorer, column);
        out += &format!(
            "<g transform=\"translate({} {}) rotate(-35)\">",
            short(middle + 4.0),
            short(bottom + 12.0)
        );
        push_text(
            &mut out,
            "tick",
            "end",
            (0.0, 0.0),
            &shortened(&name, LETTERS),
        );
        out += "</g>";
        for row in 0..rows {
            let counted = cell(column, row);
            if counted.rows == 0 {
                continue;
            }
            let other = upwards.text(explorer, row);
            let data = format!("data-at=\"{x}.{column}.{y}.{row}\"");
            let spoken = text::group_spoken(&text::both(&name, &other), &counted);
            let pressed =
                across.is_asked(explorer, column, asked) && upwards.is_asked(explorer, row, asked);
            open_part(&mut out, &data, &spoken, Some(pressed), first);
            first = false;
            let corner = (LEFT + width * column as f64, top(row));
            push_rect(&mut out, "hit", corner, (width, pitch));
            let size = side * (counted.rows as f64 / most.0 as f64).sqrt();
            let size = size.max(2.0);
            let shade = counted.rate().map_or(0.0, |rate| rate / most.1.max(1e-9));
            out += &format!(
                "<rect class=\"cell\" fill-opacity=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" \
                 height=\"{}\"/></g>",
                crate::number::decimal(shade, 2),
                short(middle - size / 2.0),
                short(top(row) + (pitch - size) / 2.0),
                short(size),
                short(size)
            );
            let mut cells = cells(&counted);
            cells.insert(0, other);
            cells.insert(0, name.clone());
            table.push(cells);
        }
    }
    let label = |feature: usize| explorer.label(feature);
    push_text(
        &mut out,
        "axis",
        "end",
        (WIDTH, bottom + BELOW - 6.0),
        &text::axes(label(x), label(y)),
    );
    let mut heads = text::group_heads(label(y));
    heads.insert(0, label(x).to_owned());
    Drawing {
        id: PAIR.into(),
        name: format!("{}-{}", explorer.feature(x).name, explorer.feature(y).name),
        question: text::pair_question(label(x), label(y), exploration.has_outcomes()),
        help: text::pair_help(exploration.has_outcomes().then_some(most.1)),
        height: bottom + BELOW,
        inside: out,
        heads,
        rows: table,
        more: None,
    }
}
