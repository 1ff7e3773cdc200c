//! What a chart draws: axes and marks in the units of the data, as the markup
//! of SVG.

use super::axis::Axis;
use super::path::{area, line, short};
use crate::markup::escaped;

/// Size of the drawing, and what its axes take.
pub const WIDTH: f64 = 400.0;
/// Height of the drawing.
pub const HEIGHT: f64 = 260.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 42.0;

/// How the charts look outside of the page, which has a style sheet for it.
pub(super) const FILE_STYLE: &str = "svg{font:12px sans-serif}path{fill:none;stroke:#000;stroke-width:2}\
     .grid{stroke:#ccc;stroke-width:1}.band{fill:#ddd;stroke:none}.dashed{stroke:#555;\
     stroke-dasharray:6 4;stroke-width:1.5}.upright{stroke-dasharray:2 3;stroke-width:1.5}\
     .span{stroke:#777;stroke-width:1.5}.tick,.axis{fill:#555}rect,.bar{fill:#bbb;stroke:none}.full{fill:#222}\
     .hit{fill:none}.cell{fill:#222;stroke:#999}.box{fill:#fff;stroke:#222;stroke-width:1.5}\
     .raises{fill:#b3202f}.lowers{fill:#1f5fa8}line{stroke:#777;vector-effect:non-scaling-stroke}";

/// A point of the data.
pub type Point = (f64, f64);

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// The line that the chart is about.
    Line(Vec<Point>),
    /// A line to compare with.
    Dashed(Vec<Point>),
    /// The area between two lines: x, lower and upper end.
    Band(Vec<(f64, f64, f64)>),
    /// Upright lines from a lower to an upper end: x, lower and upper end.
    Spans(Vec<(f64, f64, f64)>),
    /// Small discs.
    Points(Vec<Point>),
    /// A line over the whole height.
    Upright(f64),
    /// A text that begins at a point.
    Label(Point, String),
    /// A text that ends at a point.
    LabelBefore(Point, String),
}

/// A drawing; by default without marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// In the order in which they are drawn.
    pub marks: Vec<Mark>,
}

impl Plot {
    /// Where a point is drawn.
    pub fn place(&self, (x, y): Point) -> Point {
        (
            LEFT + self.x.share(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.y.share(y) * (HEIGHT - TOP - BOTTOM),
        )
    }

    /// Axes and marks, without the element around them.
    pub fn markup(&self) -> String {
        let mut out = String::new();
        self.draw_axes(&mut out);
        for mark in &self.marks {
            self.draw(mark, &mut out);
        }
        out
    }

    /// The drawing as a file of its own, with the point that is looked at.
    pub fn file(&self, title: &str, dot: Option<Point>) -> String {
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><title>{}\
             </title><style>{FILE_STYLE}</style>",
            escaped(title)
        );
        out += &self.with_dot(dot);
        out + "</svg>"
    }

    /// Axes and marks, and the point that is looked at.
    pub fn with_dot(&self, dot: Option<Point>) -> String {
        let mut out = self.markup();
        if let Some(dot) = dot {
            self.disc(dot, 5.0, &mut out);
        }
        out
    }

    fn draw_axes(&self, out: &mut String) {
        let (left, right) = (LEFT, WIDTH - RIGHT);
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        let mut grid = String::new();
        for tick in self.y.ticks() {
            let (_, y) = self.place((self.x.low, tick));
            grid += &line(&[(left, y), (right, y)]);
            push_text(
                out,
                "tick",
                "end",
                (left - 6.0, y + 4.0),
                &self.y.text(tick),
            );
        }
        for tick in self.x.ticks() {
            let (x, _) = self.place((tick, self.y.low));
            grid += &line(&[(x, top), (x, bottom)]);
            push_text(
                out,
                "tick",
                "middle",
                (x, bottom + 16.0),
                &self.x.text(tick),
            );
        }
        push_path(out, "grid", &grid);
        let below = ((left + right) / 2.0, HEIGHT - 6.0);
        push_text(out, "axis", "middle", below, &self.x.label);
        *out += &format!(
            "<g transform=\"translate(9 {}) rotate(-90)\">",
            short((top + bottom) / 2.0)
        );
        push_text(out, "axis", "middle", (0.0, 0.0), &self.y.label);
        *out += "</g>";
    }

    fn draw(&self, mark: &Mark, out: &mut String) {
        let placed = |points: &[Point]| -> Vec<Point> {
            points.iter().map(|&point| self.place(point)).collect()
        };
        match mark {
            Mark::Line(points) => push_path(out, "line", &line(&placed(points))),
            Mark::Dashed(points) => push_path(out, "dashed", &line(&placed(points))),
            Mark::Band(spans) => {
                let end = |of: fn(&(f64, f64, f64)) -> Point| -> Vec<Point> {
                    spans.iter().map(|span| self.place(of(span))).collect()
                };
                let (lower, upper) = (end(|&(x, low, _)| (x, low)), end(|&(x, _, high)| (x, high)));
                push_path(out, "band", &area(&lower, &upper));
            }
            Mark::Spans(spans) => {
                let span =
                    |&(x, low, high): &(f64, f64, f64)| line(&placed(&[(x, low), (x, high)]));
                push_path(out, "span", &spans.iter().map(span).collect::<String>());
            }
            Mark::Points(points) => {
                for &point in points {
                    self.disc(point, 3.5, out);
                }
            }
            Mark::Upright(x) => {
                let ends = [(*x, self.y.low), (*x, self.y.high)];
                push_path(out, "upright", &line(&placed(&ends)));
            }
            Mark::Label(point, text) => {
                push_text(out, "label", "start", self.place(*point), text);
            }
            Mark::LabelBefore(point, text) => {
                push_text(out, "label", "end", self.place(*point), text);
            }
        }
    }

    fn disc(&self, point: Point, radius: f64, out: &mut String) {
        let (x, y) = self.place(point);
        *out += &format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>",
            short(x),
            short(y)
        );
    }
}

pub fn push_path(out: &mut String, class: &str, path: &str) {
    *out += &format!("<path class=\"{class}\" d=\"{path}\"/>");
}

pub fn push_text(out: &mut String, class: &str, anchor: &str, (x, y): Point, text: &str) {
    *out += &format!(
        "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
        short(x),
        short(y),
        escaped(text)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(marks: Vec<Mark>) -> Plot {
        Plot {
            x: Axis::percent("across"),
            y: Axis::percent("up & down"),
            marks,
        }
    }

    #[test]
    fn the_corners_of_the_data_are_the_corners_of_the_drawing() {
        let plot = plot(vec![]);
        assert_eq!(plot.place((0.0, 0.0)), (LEFT, HEIGHT - BOTTOM));
        assert_eq!(plot.place((1.0, 1.0)), (WIDTH - RIGHT, TOP));
    }

    #[test]
    fn marks_are_drawn_and_texts_are_escaped() {
        let points = vec![(0.0, 0.0), (1.0, 1.0)];
        let plot = plot(vec![
            Mark::Line(points.clone()),
            Mark::Band(vec![(0.0, 0.1, 0.2), (1.0, 0.5, 0.6)]),
            Mark::Points(points),
            Mark::Label((0.5, 0.5), "a < b".into()),
        ]);
        let markup = plot.markup();
        assert!(
            markup.contains("<path class=\"line\" d=\"M70 218L386 10\"/>"),
            "{markup}"
        );
        assert!(
            markup.contains("d=\"M70 197.2L386 114L386 93.2L70 176.4Z\""),
            "{markup}"
        );
        assert_eq!(markup.matches("<circle").count(), 2);
        assert!(markup.contains(">a &lt; b</text>") && markup.contains(">up &amp; down<"));
        assert_eq!(markup.matches("<text").count(), 6 + 6 + 2 + 1);
    }

    #[test]
    fn a_file_stands_alone() {
        let file = plot(vec![]).file("Why \"this\"?", Some((0.5, 0.5)));
        assert!(file.starts_with("<svg xmlns=") && file.ends_with("r=\"5\"/></svg>"));
        assert!(file.contains("<title>Why &quot;this&quot;?</title>"));
    }
}
