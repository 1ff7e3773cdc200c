//! What the model goes by, as one drawing.

use churn_core::math::by_size;

use super::chart::{Drawing, WIDTH, push_rect, push_text, shortened};
use super::importance::Column;
use crate::explorer::Explorer;
use crate::text;

/// The columns side by side, and their numbers.
pub fn drawing(explorer: &Explorer, columns: &[Column]) -> Drawing {
    /// Height of a line of the heads and of a feature, and room for its name.
    const LINE: f64 = 16.0;
    const PITCH: f64 = 20.0;
    const NAME: f64 = 124.0;
    /// Room for a number, which is left out where there are many.
    const NUMBER: f64 = 36.0;
    const MOST_NUMBERS: usize = 3;
    /// Width of a letter.
    const LETTER: f64 = 6.5;
    let order = columns.first().map(|first| by_size(&first.sizes));
    let order = order.unwrap_or_default();
    let pitch = (WIDTH - NAME) / columns.len().max(1) as f64;
    let number = if columns.len() > MOST_NUMBERS {
        0.0
    } else {
        NUMBER
    };
    let room = (pitch / LETTER) as usize;
    let heads = columns.iter().map(|column| two_lines(&column.head, room));
    let heads: Vec<(String, String)> = heads.collect();
    let lines = if heads.iter().any(|(_, second)| !second.is_empty()) {
        2.0
    } else {
        1.0
    };
    let top = LINE * lines + 6.0;
    let mut out = String::new();
    for (place, &feature) in order.iter().enumerate() {
        let at = (0.0, top + PITCH * place as f64 + 14.0);
        let name = shortened(explorer.label(feature), (NAME / LETTER) as usize);
        push_text(&mut out, "label", "start", at, &name);
    }
    for (column, (it, (first, second))) in columns.iter().zip(&heads).enumerate() {
        let left = NAME + pitch * column as f64;
        push_text(&mut out, "tick", "start", (left, 12.0), first);
        push_text(&mut out, "tick", "start", (left, 12.0 + LINE), second);
        let most = it.most();
        for (place, &feature) in order.iter().enumerate() {
            let top = top + PITCH * place as f64;
            let size = it.sizes[feature];
            let width = size / most * (pitch - number - 12.0);
            push_rect(&mut out, "", (left, top + 5.0), (width, 10.0));
            if number > 0.0 && it.customers > 0 {
                let at = (left + width + 4.0, top + 14.0);
                push_text(&mut out, "tick", "start", at, &text::three_decimals(size));
            }
        }
    }
    let mut heads = vec![text::FEATURE.to_owned()];
    heads.extend(columns.iter().map(|column| column.head.clone()));
    let row = |&feature: &usize| {
        let mut row = vec![explorer.label(feature).to_owned()];
        row.extend(columns.iter().map(|column| match column.customers {
            0 => String::new(),
            _ => column.sizes[feature].to_string(),
        }));
        row
    };
    Drawing {
        name: "importance".into(),
        question: text::IMPORTANCE.into(),
        height: top + PITCH * order.len() as f64,
        inside: out,
        heads,
        rows: order.iter().map(row).collect(),
        ..Drawing::default()
    }
}

/// A text in two lines of at most so many letters.
fn two_lines(text: &str, most: usize) -> (String, String) {
    if text.chars().count() <= most {
        return (text.to_owned(), String::new());
    }
    let fits = |(at, _): &(usize, &str)| text[..*at].chars().count() <= most;
    let (first, rest) = match text.match_indices(' ').take_while(fits).last() {
        Some((at, _)) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    (shortened(first, most), shortened(rest, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_has_two_lines() {
        let lines = |text, most| {
            let (first, second) = two_lines(text, most);
            [first, second]
        };
        assert_eq!(lines("Everyone", 8), ["Everyone", ""]);
        assert_eq!(lines("Of these, stayed", 9), ["Of these,", "stayed"]);
        assert_eq!(lines("Zürichberge", 6), ["Züric…", ""]);
        assert_eq!(lines("New in Zürichberge", 6), ["New in", "Züric…"]);
    }
}
