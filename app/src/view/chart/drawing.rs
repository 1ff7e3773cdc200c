//! A chart as one piece of markup: what is asked, the drawing, its buttons. Read
//! only, and quick to put in the place of another; what is clicked is told by
//! `data-` attributes.

use super::actions::{act, actions};
use super::enlarged::large;
use super::path::short;
use super::plot::FILE_STYLE;
use super::table::table_markup;
use crate::export::text_cell;
use crate::markup::escaped;
use crate::number;

/// Width of every drawing.
pub const WIDTH: f64 = 400.0;

/// What is drawn, if anything is, and the numbers behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Id of its element.
    pub id: String,
    /// Name of its files.
    pub name: String,
    /// The question that it answers.
    pub question: String,
    /// How to read it.
    pub help: String,
    /// Height, at a width of [`WIDTH`].
    pub height: f64,
    /// The inside of the SVG; empty where there are numbers alone.
    pub inside: String,
    /// What the columns of its numbers are.
    pub heads: Vec<String>,
    /// Its numbers as text.
    pub rows: Vec<Vec<String>>,
    /// Heads and rows of a second table.
    pub more: Option<(Vec<String>, Vec<Vec<String>>)>,
}

impl Drawing {
    /// The chart as a figure with its buttons, which name what they do in
    /// `data-act`.
    pub fn figure(&self) -> String {
        let mut out = format!(
            "<figure class=\"chart drawing\" id=\"{}\"><figcaption><h3>{}</h3><p class=\"muted\">{}\
             </p></figcaption>",
            self.id,
            escaped(&self.question),
            escaped(&self.help)
        );
        // What can be pressed has names of its own; else the name is what is shown.
        let (role, name) = match self.inside.contains("role=\"button\"") {
            true => ("group", self.question.clone()),
            false => ("img", format!("{} {}", self.question, self.help)),
        };
        out += &format!(
            "<svg viewBox=\"0 0 400 {}\" role=\"{role}\" aria-label=\"{}\">{}</svg>",
            short(self.height),
            escaped(&name),
            self.inside
        );
        out += "<p class=\"actions\">";
        out += &actions(&self.question, true);
        out + "</p></figure>"
    }

    /// What the dialog shows: the chart in large, and its numbers.
    pub fn enlarged(&self) -> String {
        let tables: Vec<String> = self
            .tables()
            .map(|(heads, rows)| {
                let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
                let rounded = |row: &Vec<String>| row.iter().map(|cell| rounded(cell)).collect();
                table_markup(&heads, &rows.iter().map(rounded).collect::<Vec<_>>())
            })
            .collect();
        large(
            &self.question,
            &self.help,
            self.height,
            &self.inside,
            &tables,
        )
    }

    /// Does what one of the buttons says.
    pub fn act(&self, pressed: &str) {
        let make: [&dyn Fn() -> String; 3] = [&|| self.enlarged(), &|| self.file(), &|| self.csv()];
        act(pressed, &self.name, make);
    }

    /// The drawing as a file of its own.
    pub fn file(&self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 {}\"><title>{}</title>\
             <style>{FILE_STYLE}</style>{}</svg>",
            short(self.height),
            escaped(&self.question),
            self.inside
        )
    }

    /// Its numbers as a file; a second table follows an empty line.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        for (heads, rows) in self.tables() {
            if !out.is_empty() {
                out += "\r\n";
            }
            for row in std::iter::once(heads).chain(rows) {
                for (place, cell) in row.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    // A negative number is no formula.
                    match number::parse(cell) {
                        Some(_) => out += cell,
                        None => text_cell(cell, ',', &mut out),
                    }
                }
                out += "\r\n";
            }
        }
        out
    }

    fn tables(&self) -> impl Iterator<Item = (&Vec<String>, &Vec<Vec<String>>)> {
        let more = self.more.as_ref().map(|(heads, rows)| (heads, rows));
        std::iter::once((&self.heads, &self.rows)).chain(more)
    }
}

/// A cell as it is read: a number of full precision is rounded.
fn rounded(cell: &str) -> String {
    const DECIMALS: usize = 4;
    let decimals = cell
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    match number::parse(cell) {
        Some(number) if decimals > DECIMALS => number::shortest(number, DECIMALS),
        _ => cell.to_owned(),
    }
}

/// A rectangle.
pub fn push_rect(out: &mut String, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
    *out += &format!(
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        short(x),
        short(y),
        short(width.max(0.0)),
        short(height.max(0.0))
    );
}

/// Begins a part that can be pressed; `data` is its attribute and what it names.
/// The first one of a drawing is a stop of the Tab key, arrows lead on.
pub fn open_part(out: &mut String, data: &str, label: &str, pressed: Option<bool>, first: bool) {
    let pressed = match pressed {
        Some(true) => " aria-pressed=\"true\"",
        Some(false) => " aria-pressed=\"false\"",
        None => "",
    };
    *out += &format!(
        "<g role=\"button\" tabindex=\"{}\" {data}{pressed} aria-label=\"{label}\"><title>{label}\
         </title>",
        if first { "0" } else { "-1" },
        label = escaped(label)
    );
}

/// As much of a text as there is room for.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing() -> Drawing {
        Drawing {
            id: "feature-0".into(),
            name: "contract".into(),
            question: "Who leaves, by <contract>?".into(),
            help: "Bars.".into(),
            height: 90.5,
            inside: "<path/>".into(),
            heads: vec!["Level".into(), "Left".into()],
            rows: vec![vec!["=1+1".into(), "-0.25".into()]],
            more: Some((vec!["Median".into()], vec![vec!["3".into()]])),
        }
    }

    #[test]
    fn a_figure_has_its_buttons_and_escapes_its_texts() {
        let figure = drawing().figure();
        assert_eq!(figure.matches("data-act=").count(), 3);
        assert!(figure.contains("viewBox=\"0 0 400 90.5\""), "{figure}");
        assert!(
            figure.contains("<h3>Who leaves, by &lt;contract>?</h3>"),
            "{figure}"
        );
        assert!(drawing().enlarged().contains("<td>−0.25"));
    }

    #[test]
    fn files_stand_alone_and_hold_no_formula() {
        let file = drawing().file();
        assert!(file.starts_with("<svg xmlns=") && file.ends_with("<path/></svg>"));
        assert_eq!(
            drawing().csv(),
            "Level,Left\r\n'=1+1,-0.25\r\n\r\nMedian\r\n3\r\n"
        );
    }

    #[test]
    fn numbers_are_rounded_where_they_are_read_alone() {
        let rows = vec![vec!["1.23456.7".into(), "0.12345678".into()]];
        let numbers = Drawing {
            heads: vec!["Level".into(), "Left".into()],
            rows,
            ..Drawing::default()
        };
        let enlarged = numbers.enlarged();
        assert!(
            enlarged.contains("1.23456.7<td>0.1235") && !enlarged.contains("<svg"),
            "{enlarged}"
        );
        assert_eq!(numbers.csv(), "Level,Left\r\n1.23456.7,0.12345678\r\n");
    }

    #[test]
    fn long_texts_are_shortened() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("Bank transfer", 6), "Bank …");
    }
}
